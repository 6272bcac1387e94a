/* test_ctrl.c - Ctrl+C and Ctrl+Break reach one worker's console and no other. */
#include "tests/process/lab.h"

#include "service/win32/wine.h"

#include "service/process/ctrl.h"

#include <stdlib.h>
#include <string.h>

static void start(const struct lab *l, const char *switches, enum console_kind console,
                  struct child *c)
{
    struct job_spec spec = lab_spec();
    struct spawn s = {.console = console};
    char *command = lab_command(l, switches);
    lab_start(l, &spec, command, &s, c);
    free(command);
}

/* The exit code of the sender. */
static DWORD send(const struct lab *l, DWORD pid, bool brk)
{
    struct child sender = {0};
    struct err e = {0};
    if (ctrl_send(pid, brk, l->job, NULL, NULL, &sender, &e) != ST_OK)
        fail_msg("%s", e.text);
    return lab_finish(&sender);
}

static void ctrl_c__to_one_worker__is_taken_by_its_tree_alone(void **state)
{
    const struct lab *l = *state;
    struct child one = {0}, other = {0};
    DWORD code;
    start(l, "--ignore-ctrl-c --echo other-ready --hold", CONSOLE_OWN, &other);
    lab_wait_text(l->out, "other-ready\n");
    start(l, "--on-ctrl-c-exit 7 --echo one-ready --hold", CONSOLE_OWN, &one);
    lab_wait_text(l->out, "one-ready\n");
    assert_int_equal(send(l, one.pid, false), 0);
    assert_int_equal(lab_finish(&one), 7);
    assert_int_equal(send(l, other.pid, false), 0); /* which proves that it can hear */
    lab_wait_text(l->out, "ignored ctrl-c\n");
    assert_true(child_alive(&other, &code));
    char *text = scratch_read(l->out), *first = strstr(text, "ignored ctrl-c");
    assert_non_null(strstr(text, "got ctrl-c\n"));
    assert_null(strstr(first + 1, "ignored ctrl-c")); /* so not for the first one */
    free(text);
    child_close(&other);
}

static void ctrl_c__service_ignores_it_itself__still_reaches_the_worker(void **state)
{
    const struct lab *l = *state;
    struct child c = {0};
    assert_true(SetConsoleCtrlHandler(NULL, TRUE)); /* inherited by children, unless undone */
    start(l, "--echo ready --hold", CONSOLE_OWN, &c);
    lab_wait_text(l->out, "ready\n");
    assert_int_equal(send(l, c.pid, false), 0);
    DWORD code = lab_finish(&c); /* by the default handler */
    assert_int_equal(code, on_wine() ? 0 : 0xC000013A);
}

static void ctrl_c__sent_by_a_worker_to_all__stays_in_its_console(void **state)
{
    const struct lab *l = *state;
    struct child one = {0}, other = {0};
    DWORD code;
    start(l, "--ignore-ctrl-c --echo other-ready --hold", CONSOLE_OWN, &other);
    lab_wait_text(l->out, "other-ready\n");
    start(l, "--on-ctrl-c-exit 7 --send-ctrl-c-to-all --hold", CONSOLE_OWN, &one);
    assert_int_equal(lab_finish(&one), 7);
    assert_int_equal(send(l, other.pid, false), 0); /* the next thing it hears is this one */
    lab_wait_text(l->out, "ignored ctrl-c\n");
    assert_true(child_alive(&other, &code));
    char *text = scratch_read(l->out), *first = strstr(text, "ignored ctrl-c");
    assert_null(strstr(first + 1, "ignored ctrl-c"));
    free(text);
    child_close(&other);
}

static void ctrl_c__worker_without_console__is_reported(void **state)
{
    const struct lab *l = *state;
    struct child c = {0};
    DWORD code;
    start(l, "--on-ctrl-c-exit 7 --echo ready --hold", CONSOLE_NONE, &c);
    lab_wait_text(l->out, "ready\n");
    assert_int_equal(send(l, c.pid, false), ERROR_INVALID_HANDLE);
    assert_true(child_alive(&c, &code));
    child_close(&c);
}

static void ctrl_c__process_is_gone__is_reported(void **state)
{
    const struct lab *l = *state;
    struct child c = {0};
    start(l, "--exit 0", CONSOLE_OWN, &c);
    assert_int_equal(WaitForSingleObject(c.process, LAB_LIMIT_MS), WAIT_OBJECT_0);
    assert_int_not_equal(send(l, c.pid, false), 0);
    child_close(&c);
}

static void ctrl_break__to_one_worker__is_taken(void **state)
{
    const struct lab *l = *state;
    struct child c = {0};
    DWORD code;
    start(l, "--on-ctrl-c-exit 7 --echo ready --hold", CONSOLE_OWN, &c);
    lab_wait_text(l->out, "ready\n");
    if (on_wine()) {
        struct child sender = {0};
        struct err e = {0};
        enum st st = ctrl_send(c.pid, true, l->job, NULL, NULL, &sender, &e);
        assert_int_equal(st, ST_UNSUPPORTED); /* and it says so, at once */
        assert_non_null(strstr(e.text, "not available"));
        assert_null(sender.process);
        assert_true(child_alive(&c, &code));
        child_close(&c);
        print_message("skipped: Wine cannot send Ctrl+Break\n");
        skip();
    }
    assert_int_equal(send(l, c.pid, true), 0);
    assert_int_equal(lab_finish(&c), 7);
}

static void helper__wrong_arguments__are_refused(void **state)
{
    static wchar_t program[] = L"x", verb[] = L"--send-ctrl", c[] = L"c", d[] = L"d", n[] = L"12x",
                   zero[] = L"0";
    wchar_t *few[] = {program, verb, c}, *what[] = {program, verb, d, zero};
    wchar_t *number[] = {program, verb, c, n}, *nobody[] = {program, verb, c, zero};
    (void)state;
    assert_int_equal(ctrl_helper_main(3, few), ERROR_BAD_ARGUMENTS);
    assert_int_equal(ctrl_helper_main(4, what), ERROR_BAD_ARGUMENTS);
    assert_int_equal(ctrl_helper_main(4, number), ERROR_BAD_ARGUMENTS);
    assert_int_equal(ctrl_helper_main(4, nobody), ERROR_BAD_ARGUMENTS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lab_setup, lab_teardown)

int run_ctrl(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ctrl_c__to_one_worker__is_taken_by_its_tree_alone),
        TEST(ctrl_c__service_ignores_it_itself__still_reaches_the_worker),
        TEST(ctrl_c__sent_by_a_worker_to_all__stays_in_its_console),
        TEST(ctrl_c__worker_without_console__is_reported),
        TEST(ctrl_c__process_is_gone__is_reported),
        TEST(ctrl_break__to_one_worker__is_taken),
        cmocka_unit_test(helper__wrong_arguments__are_refused),
    };
    return cmocka_run_group_tests_name("ctrl", tests, NULL, NULL);
}
