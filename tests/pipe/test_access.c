/* test_access.c - lists of accounts, descriptors, tokens. */
#include "echo.h"

#include "service/pipe/accounts.h"
#include "service/win32/sid.h"
#include "service/win32/wine.h"

#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char *const nobody = "S-1-5-21-1-2-3-4";

static char *sid_of(const char *name)
{
    char *sid = NULL;
    struct err err = {0};
    if (account_sid(name, &sid, &err) != ST_OK)
        fail_msg("%s: %s", name, err.text);
    return sid;
}

static void accounts__well_known__have_their_sid_in_every_language(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"SYSTEM", "S-1-5-18"},
        {"nt authority\\system", "S-1-5-18"},
        {"Administrators", "S-1-5-32-544"},
        {"BUILTIN\\Administrators", "S-1-5-32-544"},
        {"Authenticated Users", "S-1-5-11"},
        {"authenticatedusers", "S-1-5-11"},
        {"Users", "S-1-5-32-545"},
        {"Everyone", "S-1-1-0"},
        {"Interactive", "S-1-5-4"},
        {"NT AUTHORITY\\Network", "S-1-5-2"},
        {"LocalService", "S-1-5-19"},
        {"NT AUTHORITY\\LOCAL SERVICE", "S-1-5-19"},
        {"Network Service", "S-1-5-20"},
        {"S-1-5-80-1-2-3-4-5", "S-1-5-80-1-2-3-4-5"},
        {"s-1-1-0", "S-1-1-0"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char *sid = sid_of(pairs[i][0]);
        assert_string_equal(sid, pairs[i][1]);
        free(sid);
    }
}

static void account__of_this_machine__is_found_by_its_names(void **state)
{
    (void)state;
    wchar_t user[256];
    DWORD n = 256;
    char name[4096], local[4096];
    PSID self = NULL;
    char *self_text = NULL;
    assert_true(GetUserNameW(user, &n));
    snprintf(name, sizeof name, "%ls", user);
    snprintf(local, sizeof local, ".\\%ls", user);
    assert_int_equal(sid_own_user(&self, NULL), ST_OK);
    assert_int_equal(sid_text(self, &self_text, NULL), ST_OK);
    char *sid = sid_of(name);
    assert_string_equal(sid, self_text);
    free(sid);
    struct err err = {0};
    if (account_sid(local, &sid, &err) == ST_OK) { /* a domain's user is not of this machine */
        assert_string_equal(sid, self_text);
        free(sid);
    } else {
        assert_int_equal(err.st, ST_NOTFOUND);
    }
    free(self);
    free(self_text);
}

static void account__that_nobody_has__is_said_so(void **state)
{
    (void)state;
    char *sid = NULL;
    struct err err = {0};
    assert_int_equal(account_sid("no such account here", &sid, &err), ST_NOTFOUND);
    assert_non_null(strstr(err.text, "'no such account here'"));
    assert_int_equal(account_sid("S-1-what", &sid, &err), ST_SYNTAX);
    assert_null(sid);
}

static void unknown(void *ctx, const char *account, const struct err *why)
{
    struct buf *b = ctx;
    assert_true(why->text[0] != '\0');
    buf_f(b, "[%s]", account);
}

static char *sddl_of(PSECURITY_DESCRIPTOR sd, SECURITY_INFORMATION what)
{
    char *text = NULL;
    assert_true(ConvertSecurityDescriptorToStringSecurityDescriptorA(sd, SDDL_REVISION_1, what,
                                                                     &text, NULL));
    return text;
}

static void lists__with_an_unknown_name__give_the_others_theirs(void **state)
{
    (void)state;
    static const char *const look[] = {"Everyone", "nobody at all"};
    static const char *const command[] = {"S-1-5-21-7-7-7-7", "S-1-x"};
    struct buf told = {0};
    struct access *a = NULL;
    struct access_setup setup = {.look = look,
                                 .looks = 2,
                                 .command = command,
                                 .commands = 2,
                                 .unknown = unknown,
                                 .ctx = &told};
    assert_int_equal(access_new_for(&setup, nobody, &a, NULL), ST_OK);
    assert_string_equal(buf_text(&told), "[S-1-x][nobody at all]");
    char *roles = sddl_of(access_of_roles(a), DACL_SECURITY_INFORMATION);
    assert_string_equal(roles, "D:P(A;;CCDC;;;SY)(A;;CCDC;;;S-1-5-21-1-2-3-4)"
                               "(A;;CCDC;;;S-1-5-21-7-7-7-7)(A;;CC;;;WD)");
    LocalFree(roles);
    char *pipe = sddl_of(access_of_pipe(a), DACL_SECURITY_INFORMATION);
    const char *deny = strstr(pipe, "(D;;FA;;;NU)");
    assert_true(strncmp(pipe, "D:P(A;;FA;;;SY)(A;;FA;;;", 24) == 0);
    assert_non_null(deny);
    assert_string_equal(deny, "(D;;FA;;;NU)(A;;0x12019b;;;S-1-5-21-7-7-7-7)(A;;0x12019b;;;WD)");
    LocalFree(pipe);
    access_free(a);
    setup.remote = true;
    assert_int_equal(access_new(&setup, &a, NULL), ST_OK);
    pipe = sddl_of(access_of_pipe(a), DACL_SECURITY_INFORMATION);
    assert_null(strstr(pipe, "(D;"));
    LocalFree(pipe);
    access_free(a);
    buf_free(&told);
}

static void owner__of_the_pipe__is_one_that_clients_trust(void **state)
{
    (void)state;
    PSID owner = NULL, self = NULL;
    BOOL by_default;
    struct access *a = echo_access(NULL, NULL, NULL);
    assert_true(GetSecurityDescriptorOwner(access_of_pipe(a), &owner, &by_default));
    assert_int_equal(sid_own_user(&self, NULL), ST_OK);
    assert_true(owner_trusted(owner, self));
    free(self);
    access_free(a);
}

static void owner__is_trusted__when_system_administrators_or_oneself(void **state)
{
    (void)state;
    static const struct {
        const wchar_t *owner;
        bool trusted;
    } rows[] = {{L"S-1-5-18", true},      {L"S-1-5-32-544", true}, {L"S-1-5-21-1-2-3-1001", true},
                {L"S-1-5-32-545", false}, {L"S-1-1-0", false},     {L"S-1-5-21-1-2-3-1002", false},
                {L"S-1-5-19", false}};
    PSID self = NULL;
    assert_true(ConvertStringSidToSidW(L"S-1-5-21-1-2-3-1001", &self));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        PSID owner = NULL;
        assert_true(ConvertStringSidToSidW(rows[i].owner, &owner));
        assert_int_equal(owner_trusted(owner, self), rows[i].trusted);
        LocalFree(owner);
    }
    LocalFree(self);
}

/* An impersonation token of this process for identification, without the SIDs. */
static HANDLE token_without(SID_AND_ATTRIBUTES *sids, DWORD n)
{
    HANDLE own = NULL, less = NULL, token = NULL;
    assert_true(OpenProcessToken(GetCurrentProcess(),
                                 TOKEN_QUERY | TOKEN_DUPLICATE | TOKEN_ASSIGN_PRIMARY, &own));
    assert_true(CreateRestrictedToken(own, 0, n, sids, 0, NULL, 0, NULL, &less));
    assert_true(DuplicateTokenEx(less, TOKEN_QUERY | TOKEN_IMPERSONATE, NULL,
                                 n > 0 ? SecurityImpersonation : SecurityIdentification,
                                 TokenImpersonation, &token));
    CloseHandle(own);
    CloseHandle(less);
    return token;
}

static enum role role_with(const char *look, const char *command, HANDLE token)
{
    struct access *a = echo_access(look, command, nobody);
    enum role role = access_role(a, token);
    access_free(a);
    return role;
}

static void token__in_a_list__has_its_role(void **state)
{
    (void)state;
    HANDLE token = token_without(NULL, 0);
    assert_int_equal(role_with(NULL, NULL, token), ROLE_NONE);
    assert_int_equal(role_with("S-1-5-21-9-9-9-9", "S-1-5-21-8-8-8-8", token), ROLE_NONE);
    assert_int_equal(role_with("Everyone", NULL, token), ROLE_LOOK);
    assert_int_equal(role_with("Everyone", "S-1-5-21-8-8-8-8", token), ROLE_LOOK);
    assert_int_equal(role_with(NULL, "Everyone", token), ROLE_COMMAND);
    assert_int_equal(role_with("Everyone", "Everyone", token), ROLE_COMMAND);
    struct access *own = echo_access(NULL, NULL, NULL);
    assert_int_equal(access_role(own, token), ROLE_COMMAND); /* one's own account */
    access_free(own);
    CloseHandle(token);
}

static void token__that_is_none__has_no_role(void **state)
{
    (void)state;
    HANDLE primary = NULL;
    assert_true(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &primary));
    assert_int_equal(role_with(NULL, "Everyone", NULL), ROLE_NONE);
    assert_int_equal(role_with(NULL, "Everyone", primary), ROLE_NONE); /* it is nobody's request */
    CloseHandle(primary);
}

/* A token whose user is there only to deny, and Authenticated Users with it unless GROUP.  Skips
 * the test where the system does not take anything away. */
static HANDLE less_than_us(bool group)
{
    static const char *const why =
        "skipped: CreateRestrictedToken takes nothing away here (Wine)\n";
    PSID self = NULL, users = NULL;
    assert_int_equal(sid_own_user(&self, NULL), ST_OK);
    assert_true(ConvertStringSidToSidW(L"S-1-5-11", &users));
    SID_AND_ATTRIBUTES sids[] = {{self, 0}, {users, 0}};
    HANDLE token = token_without(sids, group ? 1 : 2);
    BOOL member = FALSE;
    bool works = CheckTokenMembership(token, self, &member) && !member;
    free(self);
    LocalFree(users);
    if (!works) {
        CloseHandle(token);
        print_message("%s", why);
        skip();
    }
    return token;
}

static void token__without_the_group__may_look_and_not_command(void **state)
{
    (void)state;
    HANDLE with = less_than_us(true), without = less_than_us(false);
    assert_int_equal(role_with("Everyone", "Authenticated Users", with), ROLE_COMMAND);
    assert_int_equal(role_with("Everyone", "Authenticated Users", without), ROLE_LOOK);
    assert_int_equal(role_with(NULL, "Authenticated Users", without), ROLE_NONE);
    CloseHandle(with);
    CloseHandle(without);
}

static void client__without_the_group__is_served_as_one_who_may_look(void **state)
{
    (void)state;
    static const struct pipe_times usual = {0};
    if (on_wine()) {
        print_message("skipped: a pipe's client has its process' token here, not its thread's "
                      "(Wine)\n");
        skip();
    }
    HANDLE token = less_than_us(false);
    static struct echo e;
    echo_start_for(&e, usual, echo_access("Everyone", "Authenticated Users", NULL));
    assert_true(SetThreadToken(NULL, token));
    HANDLE h = bare_open(e.service);
    bare_frame(h, "who");
    assert_true(RevertToSelf());
    bare_hears_of(h, "look S-1-");
    CloseHandle(h);
    CloseHandle(token);
    echo_stop(&e, 0);
}

static void client__that_comes_anonymously__is_denied(void **state)
{
    (void)state;
    static const struct pipe_times usual = {0};
    static struct echo e;
    echo_start(&e, usual);
    wchar_t name[128];
    swprintf(name, 128, L"\\\\.\\pipe\\%hs.control", e.service);
    HANDLE h = CreateFileW(name, GENERIC_READ | FILE_WRITE_DATA, 0, NULL, OPEN_EXISTING,
                           FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    bare_frame(h, "who");
    char head[4], body[512] = "";
    assert_true(bare_read(h, head, 4));
    assert_true(bare_read(h, body, (unsigned char)head[0] | (size_t)(unsigned char)head[1] << 8));
    CloseHandle(h);
    echo_stop(&e, 0);
    if (on_wine() && strstr(body, "command")) {
        print_message("skipped: a client cannot be anonymous here (Wine)\n");
        skip();
    }
    assert_non_null(strstr(body, "\"code\":\"denied\""));
}

int run_access(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts__well_known__have_their_sid_in_every_language),
        cmocka_unit_test(account__of_this_machine__is_found_by_its_names),
        cmocka_unit_test(account__that_nobody_has__is_said_so),
        cmocka_unit_test(lists__with_an_unknown_name__give_the_others_theirs),
        cmocka_unit_test(owner__of_the_pipe__is_one_that_clients_trust),
        cmocka_unit_test(owner__is_trusted__when_system_administrators_or_oneself),
        cmocka_unit_test(token__in_a_list__has_its_role),
        cmocka_unit_test(token__that_is_none__has_no_role),
        cmocka_unit_test(token__without_the_group__may_look_and_not_command),
        cmocka_unit_test(client__without_the_group__is_served_as_one_who_may_look),
        cmocka_unit_test(client__that_comes_anonymously__is_denied),
    };
    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
