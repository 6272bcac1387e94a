/* test_hooks_queue.c - hooks that somebody waits for, more than may run at once. */
#include "tests/host/test_host.h"
#include "tests/host/waiter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void waited__more_than_may_run_at_once__start_in_their_order(void **state)
{
    enum { MORE = 10 };
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    const char *last = NULL;
    waiter_fill(v);
    for (uint64_t i = 1; i <= MORE; i++)
        waiter_run(v, i, "--exit 0", LAB_LIMIT_MS);
    assert_int_equal(hooks_running(w->hooks), HOOKS_WAITED_MAX + MORE);
    assert_int_equal(said_lines(w, "hook.started"), HOOKS_WAITED_MAX);
    put_file(w, "go");
    wait_until_running(w, 0);
    assert_int_equal(v->n, HOOKS_WAITED_MAX + MORE);
    for (unsigned i = 1; i <= MORE; i++) {
        char line[64];
        snprintf(line, sizeof line, "hook.started hook=hook_pre_start owner=web.%u ", i);
        const char *at = strstr(buf_text(&w->said), line);
        assert_non_null(at);
        assert_true(at > last);
        last = at;
    }
    for (size_t i = 0; i < v->n; i++)
        assert_true(v->answer[i].ok);
    waiter_free(v);
}

static void waited__in_the_queue__needs_nothing_of_what_it_was_asked_with(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    char colour[] = "red", owner[] = "web.1", command[] = "cmd.exe /d /c set >set.txt";
    struct env_var var = {"COLOUR", colour};
    struct env_vars extra = {1, &var};
    struct job_spec spec = lab_spec();
    struct hook hook = {.key = "hook_pre_start",
                        .owner = owner,
                        .command = command,
                        .spec = &spec,
                        .extra = &extra,
                        .timeout_ms = LAB_LIMIT_MS,
                        .done = waiter_done,
                        .ctx = v,
                        .tag = 1};
    waiter_fill(v);
    assert_int_equal(hooks_run(w->hooks, &hook, NULL), ST_OK);
    memset(colour, '!', sizeof colour - 1);
    memset(owner, '!', sizeof owner - 1);
    memset(command, '!', sizeof command - 1);
    memset(&extra, 0, sizeof extra);
    memset(&spec, 0, sizeof spec);
    memset(&hook, 0, sizeof hook);
    put_file(w, "go");
    wait_until_running(w, 0);
    char *text = wait_file(w, "set.txt", "JOBWARDEN_INSTANCE=1\r\n");
    assert_non_null(strstr(text, "COLOUR=red\r\n"));
    expect_said(w, "hook.started hook=hook_pre_start owner=web.1 ");
    free(text);
    waiter_free(v);
}

static void waited__cannot_be_started_when_its_turn_comes__is_a_bad_answer(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    char *late = copy_of_worker(w, "late.exe");
    waiter_fill(v);
    assert_int_equal(waiter_try(v, 1, late, LAB_LIMIT_MS, NULL), ST_OK);
    waiter_run(v, 2, "--exit 0", LAB_LIMIT_MS); /* is not held up by it */
    remove_file(w, "late.exe");
    waiter_cancel(v, 1001);
    assert_int_equal(v->n, 0);
    while (v->n < 2)
        uv_run(&w->loop, UV_RUN_ONCE);
    waiter_expect(v, 0, 1, false, "late.exe");
    waiter_expect(v, 1, 2, true, "");
    free(late);
    waiter_free(v);
}

static void waited__and_others__have_room_of_their_own(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    struct err e = {0};
    char *hold = lab_command(w->lab, "--wait-file go"), *touch = lab_command(w->lab, "--touch up");
    struct hook other = {.key = "hook_limit", .command = touch, .timeout_ms = LAB_LIMIT_MS};
    char owner[16];
    waiter_fill(v);
    other.owner = "late.1";
    assert_int_equal(hooks_run(w->hooks, &other, &e), ST_OK);
    free(wait_file(w, "up", "\n"));
    wait_until_running(w, HOOKS_WAITED_MAX);
    waiter_cancel(v, 1001);
    other.command = hold;
    other.owner = owner;
    for (int i = 0; i < HOOKS_MAX; i++) {
        snprintf(owner, sizeof owner, "web.%d", i + 1);
        assert_int_equal(hooks_run(w->hooks, &other, &e), ST_OK);
    }
    waiter_run(v, 1, "--exit 0", LAB_LIMIT_MS);
    while (v->n == 0)
        uv_run(&w->loop, UV_RUN_ONCE);
    waiter_expect(v, 0, 1, true, "");
    free(hold);
    free(touch);
    waiter_free(v);
}

static void shut__with_some_that_run_and_some_that_queue_up__tells_nobody(void **state)
{
    struct world *w = *state;
    struct waiter *v = waiter_new(w);
    waiter_fill(v);
    waiter_run(v, 1, "--touch first", LAB_LIMIT_MS);
    queue_shut(w->queue);
    hooks_shut(w->hooks);
    assert_int_equal(hooks_running(w->hooks), 0);
    uv_run(&w->loop, UV_RUN_NOWAIT);
    assert_int_equal(v->n, 0);
    assert_false(has_file(w, "first"));
    assert_int_equal(said_lines(w, " cause=stop "), HOOKS_WAITED_MAX);
    hooks_free(w->hooks);
    w->hooks = NULL;
    free(v);
}

int test_hooks_queue(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, hooks_world_open, hooks_world_close)
    const struct CMUnitTest tests[] = {
        T(waited__more_than_may_run_at_once__start_in_their_order),
        T(waited__in_the_queue__needs_nothing_of_what_it_was_asked_with),
        T(waited__cannot_be_started_when_its_turn_comes__is_a_bad_answer),
        T(waited__and_others__have_room_of_their_own),
        T(shut__with_some_that_run_and_some_that_queue_up__tells_nobody),
    };
    return cmocka_run_group_tests_name("queue of hooks", tests, NULL, NULL);
}
