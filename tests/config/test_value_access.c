/* test_value_access.c - who may command and who may look: what is read, refused and printed. */
#include "tests/config/values.h"

#include <string.h>

static const struct field access = {.key = "k", .type = &ty_access, .max = 1000};

static const struct good goods[] = {
    {&access, "command: Administrators; look: Authenticated Users",
     "command: Administrators; look: Authenticated Users"},
    {&access, "look:Users;command:CONTOSO\\Web Operators,NT SERVICE\\X",
     "command: CONTOSO\\Web Operators, NT SERVICE\\X; look: Users"},
    {&access, "Command : a , b", "command: a, b; look:"},
    {&access, "look: a;", "command:; look: a"},
    {&access, "command:; look:", "command:; look:"},
    {&access, "", "command:; look:"},
    {&access, "command: S-1-5-32-544, s-1-1-0; look: ops@contoso.com",
     "command: S-1-5-32-544, s-1-1-0; look: ops@contoso.com"},
    {&access, "command: S-1-281474976710655-1-2-3-4-5-6-7-8-9-10-11-12-13-14-4294967295",
     "command: S-1-281474976710655-1-2-3-4-5-6-7-8-9-10-11-12-13-14-4294967295; look:"},
    {&access, "look: S-Team, S-1x, HOST$", "command:; look: S-Team, S-1x, HOST$"},
    {&access,
     "look: VORDEFINIERT\\Z\xC3\xBC"
     "ge",
     "command:; look: VORDEFINIERT\\Z\xC3\xBC"
     "ge"},
};

#define FORM "'command: ACCOUNT, ACCOUNT; look: ACCOUNT, ACCOUNT'"
#define SID " is not a SID; it is S-1-, an authority and 1 to 15 numbers, such as S-1-5-32-544"

static const struct bad bads[] = {
    {&access, "Administrators", ST_SYNTAX,
     "nothing says what 'Administrators' may do; write 'command: Administrators' or 'look: ...'"},
    {&access, "comand: a", ST_SYNTAX, "'comand' is not a role; did you mean 'command'?"},
    {&access, "lok: a", ST_SYNTAX, "'lok' is not a role; did you mean 'look'?"},
    {&access, "admin: a", ST_SYNTAX, "'admin' is not a role; write " FORM},
    {&access, ": a", ST_SYNTAX, "'' is not a role; write " FORM},
    {&access, "look: a; look: b", ST_SYNTAX,
     "'look:' is there twice; join the two, separated by commas"},
    {&access, "command: a, look: b", ST_SYNTAX, "a ';' belongs in front of 'look:'; write " FORM},
    {&access, "look: a,, b", ST_SYNTAX, "an account is missing beside a comma"},
    {&access, "look: a, b, A", ST_SYNTAX, "'A' is named twice; take one out"},
    {&access, "look: \"a b\"", ST_SYNTAX,
     "\"a b\" has quotes; leave them out, blanks need none here"},
    {&access, "look: a/b", ST_SYNTAX, "'a/b' is not an account: no name holds '/'"},
    {&access, "look: x: y", ST_SYNTAX, "'x: y' is not an account: no name holds ':'"},
    {&access, "look: \\a", ST_SYNTAX, "'\\a' is not an account; write NAME or DOMAIN\\NAME"},
    {&access, "look: a\\", ST_SYNTAX, "'a\\' is not an account; write NAME or DOMAIN\\NAME"},
    {&access, "look: a\\b\\c", ST_SYNTAX,
     "'a\\b\\c' is not an account; write NAME or DOMAIN\\NAME"},
    {&access, "look: S-2-5-32-544", ST_SYNTAX, "'S-2-5-32-544'" SID},
    {&access, "look: S-1-5", ST_SYNTAX, "'S-1-5'" SID},
    {&access, "look: S-1-5-", ST_SYNTAX, "'S-1-5-'" SID},
    {&access, "look: S-1-", ST_SYNTAX, "'S-1-'" SID},
    {&access, "look: S-1-5-x", ST_SYNTAX, "'S-1-5-x'" SID},
    {&access, "look: S-1-5-4294967296", ST_SYNTAX, "'S-1-5-4294967296'" SID},
    {&access, "look: S-1-281474976710656-1", ST_SYNTAX, "'S-1-281474976710656-1'" SID},
    {&access, "look: S-1-1-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", ST_SYNTAX,
     "'S-1-1-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16'" SID},
    {&access, "look: a\x01", ST_SYNTAX, "the value holds a control character (0x01)"},
};

static void access__that_is_good__is_read_printed_and_read_again_as_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++)
        assert_good(&goods[i]);
}

static void access__that_is_bad__is_refused_with_what_to_write_instead(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++)
        assert_bad(&bads[i]);
}

static void access__in_other_case__is_the_same_and_in_another_role_is_not(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    static const char *const texts[] = {"command: A; look: b", "look: B; command: a",
                                        "command: b; look: a", "command: A, b", "command: A"};
    struct access_list list[5];
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(ty_access.parse(&access, str_of(texts[i]), a, &list[i], NULL), ST_OK);
    assert_true(ty_access.equal(&list[0], &list[1]));
    for (size_t i = 2; i < 5; i++)
        assert_false(ty_access.equal(&list[0], &list[i]));
    arena_free(a);
}

static void service__without_a_word_of_it__lets_administrators_command(void **state)
{
    (void)state;
    struct config *c = load_good("[job:a]\ncommand = x\n");
    const struct access_list *list = &c->service.control_access;
    assert_int_equal(list->command.n, 1);
    assert_string_equal(list->command.text[0], "Administrators");
    assert_int_equal(list->look.n, 1);
    assert_string_equal(list->look.text[0], "Authenticated Users");
    assert_int_equal(c->service.control_remote, NO);
    assert_int_equal(c->service.watch_config, NO);
    config_free(c);
}

static void service__that_names_accounts__has_them_with_what_is_replaced(void **state)
{
    (void)state;
    struct config *c = load_good("[service]\nname = Fleet\ncontrol_remote = yes\n"
                                 "watch_config = yes\ncontrol_access = command: NT "
                                 "SERVICE\\${service}\n[job:a]\ncommand = x\n");
    const struct access_list *list = &c->service.control_access;
    assert_int_equal(list->command.n, 1);
    assert_string_equal(list->command.text[0], "NT SERVICE\\Fleet");
    assert_int_equal(list->look.n, 0);
    assert_int_equal(c->service.control_remote, YES);
    assert_int_equal(c->service.watch_config, YES);
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(access__that_is_good__is_read_printed_and_read_again_as_the_same),
        cmocka_unit_test(access__that_is_bad__is_refused_with_what_to_write_instead),
        cmocka_unit_test(access__in_other_case__is_the_same_and_in_another_role_is_not),
        cmocka_unit_test(service__without_a_word_of_it__lets_administrators_command),
        cmocka_unit_test(service__that_names_accounts__has_them_with_what_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
