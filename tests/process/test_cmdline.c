/* test_cmdline.c - the rules of command lines; Windows' own reader is the judge. */
#include "tests/process/lab.h"

#include "common/random.h"
#include "service/process/cmdline.h"
#include "service/win32/wide.h"

#include <shellapi.h>

#include <stdlib.h>
#include <string.h>

static void split__good_commands__give_program_and_untouched_rest(void **state)
{
    static const struct {
        const char *text, *program, *rest;
    } rows[] = {
        {"web.exe", "web.exe", ""},
        {"  web.exe  ", "web.exe", ""},
        {"web.exe -p 80", "web.exe", "-p 80"},
        {"web.exe\t-p", "web.exe", "-p"},
        {"\"C:\\a b\\web.exe\"  -x  \"y z\" ", "C:\\a b\\web.exe", "-x  \"y z\" "},
        {"\"C:\\a b\\\" x", "C:\\a b\\", "x"}, /* no backslash escapes in the first word */
        {"web \\\"one", "web", "\\\"one"},
        {"web \"a\\\\\" b", "web", "\"a\\\\\" b"},
        {"web a;b", "web", "a;b"},
        {ODD_NAME, "M\xC3\xBCller", "\xE8\xB3\x87\xE6\x96\x99 \xF0\x9F\x9A\x80"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str program = {0}, rest = {0};
        struct err e = {0};
        assert_int_equal(cmdline_split(str_of(rows[i].text), &program, &rest, &e), ST_OK);
        if (!str_is(program, rows[i].program) || !str_is(rest, rows[i].rest))
            fail_msg("%s: '%.*s' and '%.*s'", rows[i].text, (int)program.n, program.p, (int)rest.n,
                     rest.p);
    }
}

static void split__bad_commands__are_refused_with_words(void **state)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"", "empty"},
        {" \t ", "empty"},
        {"\"\" x", "empty program"},
        {"\"C:\\web.exe", "not closed"},
        {"web \"a", "not closed"},
        {"web \"a b\" c\"", "not closed"},
        {"web \"a\\\"", "not closed"},
        {"C:\\\"a b\"\\web.exe", "around the whole"},
        {"\"web\".exe", "blank is missing"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str program = STR("kept"), rest = STR("kept");
        struct err e = {0};
        assert_int_equal(cmdline_split(str_of(rows[i].text), &program, &rest, &e), ST_SYNTAX);
        if (!strstr(e.text, rows[i].words))
            fail_msg("%s: %s", rows[i].text, e.text);
        assert_true(str_is(program, "kept") && str_is(rest, "kept"));
    }
}

/* Compares cmdline_next with CommandLineToArgvW on TEXT. */
static void same_as_windows(const char *text)
{
    struct buf line = {0}, arg = {0};
    buf_f(&line, "program %s", text);
    wchar_t *w = wide_of(buf_view(&line));
    int argc = 0;
    wchar_t **argv = CommandLineToArgvW(w, &argc);
    struct str rest = str_of(text);
    assert_non_null(argv);
    for (int i = 1; i < argc; i++) {
        char *want = utf8_of(argv[i]);
        buf_reset(&arg);
        assert_true(cmdline_next(&rest, &arg));
        if (strcmp(want, buf_text(&arg)) != 0)
            fail_msg("%s: argument %d is '%s', not '%s'", text, i, want, buf_text(&arg));
        free(want);
    }
    assert_false(cmdline_next(&rest, &arg));
    LocalFree(argv);
    free(w);
    buf_free(&line);
    buf_free(&arg);
}

static void next__table__reads_as_windows_does(void **state)
{
    static const char *const rows[] = {
        "",
        "a",
        "a b",
        "  a\t b ",
        "\"a b\" c",
        "a\\b",
        "a\\\\b",
        "a\\\"b",
        "a\\\\\"b c\"",
        "\"a\\\\\" b",
        "\"a\\\\\\\" b\"",
        "\"\"",
        "\"\" \"\"",
        "a\"b c\"d",
        "\\\\server\\x",
        "\"C:\\dir\\\\\" x",
        "\\",
        "\\\\",
        "\\ \\",
        "\"\\\\server\\a b\\\\\"",
        ODD_NAME,
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        same_as_windows(rows[i]);
}

static void next__doubled_quote__is_one_as_in_the_c_runtime(void **state)
{
    struct str rest = STR("\"a\"\"b c\" d");
    struct buf arg = {0};
    (void)state;
    assert_true(cmdline_next(&rest, &arg));
    assert_string_equal(buf_text(&arg), "a\"b c");
    assert_true(str_is(rest, "d"));
    buf_free(&arg);
}

static void quote__table__adds_no_more_than_needed(void **state)
{
    static const struct {
        const char *arg, *want;
    } rows[] = {
        {"a", "a"},
        {"", "\"\""},
        {"a b", "\"a b\""},
        {"a\\", "a\\"},
        {"a b\\", "\"a b\\\\\""},
        {"a\"b", "\"a\\\"b\""},
        {"a\\\"b", "\"a\\\\\\\"b\""},
        {"a\\b c", "\"a\\b c\""},
        {"a\nb", "\"a\nb\""},
        {"a%b", "a%b"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b = {0};
        cmdline_quote(str_of(rows[i].arg), &b);
        assert_string_equal(buf_text(&b), rows[i].want);
        buf_free(&b);
    }
}

static void quote__random_arguments__read_back_by_us_and_by_windows(void **state)
{
    static const char alphabet[] = "ab \t\\\\\\\"\"%'";
    struct random r = {42};
    (void)state;
    for (int round = 0; round < 3000; round++) {
        char arg[16] = "";
        struct buf line = {0}, back = {0};
        uint64_t n = random_below(&r, sizeof arg);
        for (uint64_t i = 0; i < n; i++)
            arg[i] = alphabet[random_below(&r, sizeof alphabet - 1)];
        cmdline_quote(str_of(arg), &line);
        buf_z(&line, " end");
        same_as_windows(buf_text(&line));
        struct str rest = buf_view(&line);
        assert_true(cmdline_next(&rest, &back));
        assert_string_equal(buf_text(&back), arg);
        assert_true(str_is(rest, "end"));
        buf_free(&line);
        buf_free(&back);
    }
}

static void is_batch__table__sees_through_blanks_and_dots(void **state)
{
    static const struct {
        const char *name;
        bool want;
    } rows[] = {
        {"a.bat", true},   {"a.CMD", true},  {"a.bat ", true}, {"a.cmd. .", true},
        {".bat", true},    {"a.exe", false}, {"bat", false},   {"a.bat.exe", false},
        {"a.batx", false}, {"", false},      {"...", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(cmdline_is_batch(str_of(rows[i].name)), rows[i].want);
}

static void batch__harmless_arguments__are_all_quoted(void **state)
{
    struct buf b = {0};
    struct err e = {0};
    (void)state;
    assert_int_equal(cmdline_batch(STR("C:\\Program Files (x86)\\a.cmd"),
                                   STR("a \"b c\" d\\ \"\" x=1;2,3"), &b, &e),
                     ST_OK);
    assert_string_equal(buf_text(&b), "/d /s /c \"\"C:\\Program Files (x86)\\a.cmd\" \"a\" \"b c\" "
                                      "\"d\\\\\" \"\" \"x=1;2,3\"\"");
    buf_free(&b);
}

static void batch__what_cmd_would_interpret__is_refused_by_name(void **state)
{
    static const char *const bad[] = {
        "a%b",
        "%PATH%",
        "a!b",
        "a^b",
        "a&b",
        "a|b",
        "a<b",
        "a>b",
        "(a",
        "a)",
        "\\\"",
        "\"a&b\"",
        "\"a\\\"&calc\"",
        "a\x01"
        "b",
        "\"a\nb\"",
        "\"a\rb\"",
        "a\x7F",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf b = {0};
        struct err e = {0};
        if (cmdline_batch(STR("C:\\a.cmd"), str_of(bad[i]), &b, &e) != ST_SYNTAX)
            fail_msg("accepted: %s", bad[i]);
        assert_non_null(strstr(e.text, "cmd.exe would interpret"));
        buf_free(&b);
    }
    static const char *const paths[] = {"C:\\a%b.cmd", "C:\\a!.cmd", "C:\\a&b\\c.cmd",
                                        "C:\\a^b.cmd", "C:\\a\"b.cmd"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct buf b = {0};
        struct err e = {0};
        assert_int_equal(cmdline_batch(str_of(paths[i]), STR(""), &b, &e), ST_SYNTAX);
        assert_non_null(strstr(e.text, paths[i]));
        buf_free(&b);
    }
}

int run_cmdline(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split__good_commands__give_program_and_untouched_rest),
        cmocka_unit_test(split__bad_commands__are_refused_with_words),
        cmocka_unit_test(next__table__reads_as_windows_does),
        cmocka_unit_test(next__doubled_quote__is_one_as_in_the_c_runtime),
        cmocka_unit_test(quote__table__adds_no_more_than_needed),
        cmocka_unit_test(quote__random_arguments__read_back_by_us_and_by_windows),
        cmocka_unit_test(is_batch__table__sees_through_blanks_and_dots),
        cmocka_unit_test(batch__harmless_arguments__are_all_quoted),
        cmocka_unit_test(batch__what_cmd_would_interpret__is_refused_by_name),
    };
    return cmocka_run_group_tests_name("cmdline", tests, NULL, NULL);
}
