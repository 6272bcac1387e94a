/* test_hooks_waited.c - hooks that somebody waits for: their answers, and those cancelled. */
#include "tests/host/test_host.h"
#include "tests/host/waiter.h"

#include <stdlib.h>
#include <string.h>

/* --- one ---------------------------------------------------------------------------- */
static void waited__ends__the_answer_says_whether_it_was_good(void **state)
{
    static const struct {
        const char *switches;
        bool ok;
        const char *text;
    } row[] = {
        {"--exit 0", true, ""},
        {"--exit 3", false, "exit code 3"},
        {"--crash", false, "exit code 0xC0000005 (STATUS_ACCESS_VIOLATION: "},
    };
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        waiter_run(v, i + 1, row[i].switches, LAB_LIMIT_MS);
        assert_int_equal(v->n, i);
        wait_until_running(w, 0);
        assert_int_equal(v->n, i + 1);
        waiter_expect(v, i, i + 1, row[i].ok, row[i].text);
    }
    waiter_free(v);
}

static void waited__over_its_time__is_a_bad_answer_once_it_was_ended(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    waiter_run(v, 1, "--hold", 500);
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, pid_said(w));
    assert_non_null(process);
    wait_until_running(w, 0);
    expect_gone(process);
    assert_int_equal(v->n, 1);
    waiter_expect(v, 0, 1, false, "it took longer than 500 ms and was terminated");
    waiter_free(v);
}

static void waited__cannot_be_started__is_an_error_and_no_answer(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    struct err e = {0};
    assert_int_equal(waiter_try(v, 7, "\"C:\\no such\\ready.exe\"", 1000, &e), ST_NOTFOUND);
    assert_non_null(strstr(e.text, "hook_pre_start of web.7: "));
    assert_non_null(strstr(e.text, "C:\\no such\\ready.exe"));
    assert_int_equal(hooks_running(w->hooks), 0);
    uv_run(&w->loop, UV_RUN_NOWAIT);
    assert_int_equal(v->n, 0);
    waiter_free(v);
}

static void waited__of_one_owner_twice__both_run_and_both_answer(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    waiter_run(v, 1, "--exit 0", LAB_LIMIT_MS);
    waiter_run(v, 1, "--exit 0", LAB_LIMIT_MS);
    assert_int_equal(hooks_running(w->hooks), 2);
    wait_until_running(w, 0);
    assert_int_equal(v->n, 2);
    assert_int_equal(said_lines(w, "hook.skipped"), 0);
    waiter_free(v);
}

static void waited__asked_for_from_an_answer__runs(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    v->chain = 2;
    waiter_run(v, 1, "--exit 0", LAB_LIMIT_MS);
    wait_until_running(w, 0);
    assert_int_equal(v->n, 3);
    waiter_expect(v, 2, 3, true, "");
    waiter_free(v);
}

static void waited__quiet__a_good_end_is_for_debugging_and_a_bad_one_is_not(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    struct hook hook = {.key = "health_command",
                        .owner = "web.1",
                        .timeout_ms = LAB_LIMIT_MS,
                        .done = waiter_done,
                        .ctx = v,
                        .quiet = true};
    for (int bad = 0; bad < 2; bad++) {
        char *command = lab_command(w->lab, bad ? "--exit 1" : "--exit 0");
        hook.command = command;
        assert_int_equal(hooks_run(w->hooks, &hook, NULL), ST_OK);
        free(command);
        wait_until_running(w, 0);
        expect_said(w, bad ? "warning hook.ended hook=health_command owner=web.1 "
                           : "debug hook.ended hook=health_command owner=web.1 ");
    }
    waiter_free(v);
}

/* --- cancelled ---------------------------------------------------------------------- */
static void cancel__of_one_that_runs__ends_it_with_its_tree_and_tells_nobody(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    waiter_run(v, 5, "--detach-child --touch up --hold", LAB_LIMIT_MS);
    free(wait_file(w, "up", "\n"));
    HANDLE child = find_child_of(pid_said(w));
    assert_non_null(child);
    hooks_cancel(w->hooks, "health_command", 5); /* another key's */
    waiter_cancel(v, 6);
    assert_int_equal(hooks_running(w->hooks), 1);
    waiter_cancel(v, 5);
    assert_int_equal(hooks_running(w->hooks), 0);
    expect_gone(child);
    waiter_cancel(v, 5); /* again */
    expect_said(w, " cause=cancelled ");
    waiter_run(v, 8, "--exit 0", LAB_LIMIT_MS); /* in the same slot; a late packet is not its own */
    wait_until_running(w, 0);
    assert_int_equal(v->n, 1);
    waiter_expect(v, 0, 8, true, "");
    waiter_free(v);
}

static void cancel__of_one_that_queues_up__it_never_runs(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    waiter_fill(v);
    waiter_run(v, 1, "--touch first", LAB_LIMIT_MS);
    waiter_run(v, 2, "--touch second", LAB_LIMIT_MS);
    waiter_run(v, 3, "--touch third", LAB_LIMIT_MS);
    waiter_cancel(v, 3); /* the last one: the next is hung up behind the second */
    waiter_run(v, 4, "--touch fourth", LAB_LIMIT_MS);
    waiter_cancel(v, 1);
    assert_int_equal(hooks_running(w->hooks), HOOKS_WAITED_MAX + 2);
    put_file(w, "go");
    wait_until_running(w, 0);
    assert_int_equal(v->n, HOOKS_WAITED_MAX + 2);
    assert_false(has_file(w, "first"));
    assert_true(has_file(w, "second"));
    assert_false(has_file(w, "third"));
    assert_true(has_file(w, "fourth"));
    waiter_free(v);
}

static void cancel__of_one_that_runs__lets_the_next_one_start(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    waiter_fill(v);
    waiter_run(v, 1, "--exit 0", LAB_LIMIT_MS);
    waiter_cancel(v, 1001);
    assert_int_equal(said_lines(w, "hook.started"), HOOKS_WAITED_MAX); /* not from in there */
    while (v->n == 0)
        uv_run(&w->loop, UV_RUN_ONCE);
    waiter_expect(v, 0, 1, true, "");
    waiter_free(v);
}

static void cancel__from_an_answer__ends_the_other(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    v->drop = 2;
    waiter_run(v, 2, "--hold", LAB_LIMIT_MS);
    waiter_run(v, 1, "--exit 0", LAB_LIMIT_MS);
    wait_until_running(w, 0);
    assert_int_equal(v->n, 1);
    waiter_expect(v, 0, 1, true, "");
    waiter_free(v);
}

int test_hooks_waited(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, hooks_world_open, hooks_world_close)
    const struct CMUnitTest tests[] = {
        T(waited__ends__the_answer_says_whether_it_was_good),
        T(waited__over_its_time__is_a_bad_answer_once_it_was_ended),
        T(waited__cannot_be_started__is_an_error_and_no_answer),
        T(waited__of_one_owner_twice__both_run_and_both_answer),
        T(waited__asked_for_from_an_answer__runs),
        T(waited__quiet__a_good_end_is_for_debugging_and_a_bad_one_is_not),
        T(cancel__of_one_that_runs__ends_it_with_its_tree_and_tells_nobody),
        T(cancel__of_one_that_queues_up__it_never_runs),
        T(cancel__of_one_that_runs__lets_the_next_one_start),
        T(cancel__from_an_answer__ends_the_other),
    };
    return cmocka_run_group_tests_name("hooks that are waited for", tests, NULL, NULL);
}
