/* test_hooks_waited.c - hooks that somebody waits for: their answers and their queue. */
#include "tests/host/hooks_world.h"
#include "tests/host/test_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWERS_MAX = 128 };

/* The one who waits. */
struct waiter {
    struct world *w;
    bool inside; /* hooks_run() or hooks_cancel() */
    size_t n;
    struct {
        uint64_t tag;
        bool ok;
        char text[ERR_TEXT];
    } answer[ANSWERS_MAX];
    uint64_t chain; /* how many more to run, each from inside the answer to the one before */
    uint64_t drop;  /* one to cancel from there; 0: none */
};

static void on_done(void *ctx, uint64_t tag, bool ok, const char *text);

static enum st try_wait(struct waiter *v, uint64_t tag, const char *command, uint64_t ms,
                        struct err *e)
{
    char owner[24];
    snprintf(owner, sizeof owner, "web.%u", (unsigned)tag);
    const struct hook hook = {.key = "hook_pre_start",
                              .owner = owner,
                              .command = command,
                              .timeout_ms = ms,
                              .done = on_done,
                              .ctx = v,
                              .tag = tag};
    v->inside = true;
    enum st st = hooks_run(v->w->hooks, &hook, e);
    v->inside = false;
    return st;
}

static void wait_for(struct waiter *v, uint64_t tag, const char *switches, uint64_t ms)
{
    struct err e = {0};
    char *command = lab_command(v->w->lab, switches);
    if (try_wait(v, tag, command, ms, &e) != ST_OK)
        fail_msg("%s", e.text);
    memset(command, '!', strlen(command)); /* nobody needs it any more */
    free(command);
}

static void cancel(struct waiter *v, uint64_t tag)
{
    v->inside = true;
    hooks_cancel(v->w->hooks, "hook_pre_start", tag);
    v->inside = false;
}

static void on_done(void *ctx, uint64_t tag, bool ok, const char *text)
{
    struct waiter *v = ctx;
    assert_false(v->inside);
    assert_in_range(v->n, 0, ANSWERS_MAX - 1);
    v->answer[v->n].tag = tag;
    v->answer[v->n].ok = ok;
    snprintf(v->answer[v->n++].text, ERR_TEXT, "%s", text);
    if (v->chain > 0) {
        v->chain--;
        wait_for(v, tag + 1, "--exit 0", LAB_LIMIT_MS);
    }
    if (v->drop) {
        cancel(v, v->drop);
        v->drop = 0;
    }
}

static struct waiter *new_waiter(struct world *w)
{
    struct waiter *v = calloc(1, sizeof *v);
    assert_non_null(v);
    v->w = w;
    return v;
}

static void free_waiter(struct waiter *v)
{
    hooks_shut(v->w->hooks); /* while V is still there to be told */
    uv_run(&v->w->loop, UV_RUN_NOWAIT);
    hooks_free(v->w->hooks);
    v->w->hooks = NULL;
    free(v);
}

static void expect_answer(const struct waiter *v, size_t i, uint64_t tag, bool ok, const char *text)
{
    assert_in_range(i, 0, v->n - 1);
    assert_int_equal(v->answer[i].tag, tag);
    assert_int_equal(v->answer[i].ok, ok);
    if (!strstr(v->answer[i].text, text) || (ok && v->answer[i].text[0]))
        fail_msg("there is no '%s' in: %s", text, v->answer[i].text);
}

/* As many as run at once, until the file "go" is there. */
static void fill(struct waiter *v)
{
    for (uint64_t i = 1; i <= HOOKS_WAITED_MAX; i++)
        wait_for(v, 1000 + i, "--wait-file go", LAB_LIMIT_MS);
}

static size_t lines_with(const struct world *w, const char *words)
{
    size_t n = 0;
    for (const char *at = buf_text(&w->said); (at = strstr(at, words)) != NULL; at++)
        n++;
    return n;
}

static bool wrote(const struct world *w, const char *name)
{
    char *path = scratch_path(w->lab->folder, name), *text = scratch_read(path);
    bool there = text != NULL;
    free(text);
    free(path);
    return there;
}

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
    struct waiter *v = new_waiter(w);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        wait_for(v, i + 1, row[i].switches, LAB_LIMIT_MS);
        assert_int_equal(v->n, i);
        wait_until_running(w, 0);
        assert_int_equal(v->n, i + 1);
        expect_answer(v, i, i + 1, row[i].ok, row[i].text);
    }
    free_waiter(v);
}

static void waited__over_its_time__is_a_bad_answer_once_it_was_ended(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    wait_for(v, 1, "--hold", 500);
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, pid_said(w));
    assert_non_null(process);
    wait_until_running(w, 0);
    expect_gone(process);
    assert_int_equal(v->n, 1);
    expect_answer(v, 0, 1, false, "it took longer than 500 ms and was terminated");
    free_waiter(v);
}

static void waited__cannot_be_started__is_an_error_and_no_answer(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    struct err e = {0};
    assert_int_equal(try_wait(v, 7, "\"C:\\no such\\ready.exe\"", 1000, &e), ST_NOTFOUND);
    assert_non_null(strstr(e.text, "hook_pre_start of web.7: "));
    assert_non_null(strstr(e.text, "C:\\no such\\ready.exe"));
    assert_int_equal(hooks_running(w->hooks), 0);
    uv_run(&w->loop, UV_RUN_NOWAIT);
    assert_int_equal(v->n, 0);
    free_waiter(v);
}

static void waited__of_one_owner_twice__both_run_and_both_answer(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    wait_for(v, 1, "--exit 0", LAB_LIMIT_MS);
    wait_for(v, 1, "--exit 0", LAB_LIMIT_MS);
    assert_int_equal(hooks_running(w->hooks), 2);
    wait_until_running(w, 0);
    assert_int_equal(v->n, 2);
    assert_int_equal(lines_with(w, "hook.skipped"), 0);
    free_waiter(v);
}

static void waited__asked_for_from_an_answer__runs(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    v->chain = 2;
    wait_for(v, 1, "--exit 0", LAB_LIMIT_MS);
    wait_until_running(w, 0);
    assert_int_equal(v->n, 3);
    expect_answer(v, 2, 3, true, "");
    free_waiter(v);
}

static void waited__quiet__a_good_end_is_for_debugging_and_a_bad_one_is_not(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    struct hook hook = {.key = "health_command",
                        .owner = "web.1",
                        .timeout_ms = LAB_LIMIT_MS,
                        .done = on_done,
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
    free_waiter(v);
}

/* --- cancelled ---------------------------------------------------------------------- */
static void cancel__of_one_that_runs__ends_it_with_its_tree_and_tells_nobody(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    wait_for(v, 5, "--detach-child --touch up --hold", LAB_LIMIT_MS);
    free(wait_file(w, "up", "\n"));
    HANDLE child = find_child_of(pid_said(w));
    assert_non_null(child);
    hooks_cancel(w->hooks, "health_command", 5); /* another key's */
    cancel(v, 6);
    assert_int_equal(hooks_running(w->hooks), 1);
    cancel(v, 5);
    assert_int_equal(hooks_running(w->hooks), 0);
    expect_gone(child);
    cancel(v, 5); /* again */
    expect_said(w, " cause=cancelled ");
    wait_for(v, 8, "--exit 0", LAB_LIMIT_MS); /* in the same slot; a late packet is not its own */
    wait_until_running(w, 0);
    assert_int_equal(v->n, 1);
    expect_answer(v, 0, 8, true, "");
    free_waiter(v);
}

static void cancel__of_one_that_queues_up__it_never_runs(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    fill(v);
    wait_for(v, 1, "--touch first", LAB_LIMIT_MS);
    wait_for(v, 2, "--touch second", LAB_LIMIT_MS);
    wait_for(v, 3, "--touch third", LAB_LIMIT_MS);
    cancel(v, 3); /* the last one: the next is hung up behind the second */
    wait_for(v, 4, "--touch fourth", LAB_LIMIT_MS);
    cancel(v, 1);
    assert_int_equal(hooks_running(w->hooks), HOOKS_WAITED_MAX + 2);
    put_file(w, "go");
    wait_until_running(w, 0);
    assert_int_equal(v->n, HOOKS_WAITED_MAX + 2);
    assert_false(wrote(w, "first"));
    assert_true(wrote(w, "second"));
    assert_false(wrote(w, "third"));
    assert_true(wrote(w, "fourth"));
    free_waiter(v);
}

static void cancel__of_one_that_runs__lets_the_next_one_start(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    fill(v);
    wait_for(v, 1, "--exit 0", LAB_LIMIT_MS);
    cancel(v, 1001);
    assert_int_equal(lines_with(w, "hook.started"), HOOKS_WAITED_MAX); /* not from in there */
    while (v->n == 0)
        uv_run(&w->loop, UV_RUN_ONCE);
    expect_answer(v, 0, 1, true, "");
    free_waiter(v);
}

static void cancel__from_an_answer__ends_the_other(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    v->drop = 2;
    wait_for(v, 2, "--hold", LAB_LIMIT_MS);
    wait_for(v, 1, "--exit 0", LAB_LIMIT_MS);
    wait_until_running(w, 0);
    assert_int_equal(v->n, 1);
    expect_answer(v, 0, 1, true, "");
    free_waiter(v);
}

/* --- the queue ---------------------------------------------------------------------- */
static void waited__more_than_may_run_at_once__start_in_their_order(void **state)
{
    enum { MORE = 10 };
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    const char *last = NULL;
    fill(v);
    for (uint64_t i = 1; i <= MORE; i++)
        wait_for(v, i, "--exit 0", LAB_LIMIT_MS);
    assert_int_equal(hooks_running(w->hooks), HOOKS_WAITED_MAX + MORE);
    assert_int_equal(lines_with(w, "hook.started"), HOOKS_WAITED_MAX);
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
    free_waiter(v);
}

static void waited__in_the_queue__needs_nothing_of_what_it_was_asked_with(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
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
                        .done = on_done,
                        .ctx = v,
                        .tag = 1};
    fill(v);
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
    free_waiter(v);
}

static void waited__cannot_be_started_when_its_turn_comes__is_a_bad_answer(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    char *late = copy_of_worker(w, "late.exe");
    fill(v);
    assert_int_equal(try_wait(v, 1, late, LAB_LIMIT_MS, NULL), ST_OK);
    wait_for(v, 2, "--exit 0", LAB_LIMIT_MS); /* is not held up by it */
    remove_file(w, "late.exe");
    cancel(v, 1001);
    assert_int_equal(v->n, 0);
    while (v->n < 2)
        uv_run(&w->loop, UV_RUN_ONCE);
    expect_answer(v, 0, 1, false, "late.exe");
    expect_answer(v, 1, 2, true, "");
    free(late);
    free_waiter(v);
}

static void waited__and_others__have_room_of_their_own(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    struct err e = {0};
    char *hold = lab_command(w->lab, "--wait-file go"), *touch = lab_command(w->lab, "--touch up");
    struct hook other = {.key = "hook_limit", .command = touch, .timeout_ms = LAB_LIMIT_MS};
    char owner[16];
    fill(v);
    other.owner = "late.1";
    assert_int_equal(hooks_run(w->hooks, &other, &e), ST_OK);
    free(wait_file(w, "up", "\n"));
    wait_until_running(w, HOOKS_WAITED_MAX);
    cancel(v, 1001);
    other.command = hold;
    other.owner = owner;
    for (int i = 0; i < HOOKS_MAX; i++) {
        snprintf(owner, sizeof owner, "web.%d", i + 1);
        assert_int_equal(hooks_run(w->hooks, &other, &e), ST_OK);
    }
    wait_for(v, 1, "--exit 0", LAB_LIMIT_MS);
    while (v->n == 0)
        uv_run(&w->loop, UV_RUN_ONCE);
    expect_answer(v, 0, 1, true, "");
    free(hold);
    free(touch);
    free_waiter(v);
}

static void shut__with_some_that_run_and_some_that_queue_up__tells_nobody(void **state)
{
    struct world *w = *state;
    struct waiter *v = new_waiter(w);
    fill(v);
    wait_for(v, 1, "--touch first", LAB_LIMIT_MS);
    queue_shut(w->queue);
    hooks_shut(w->hooks);
    assert_int_equal(hooks_running(w->hooks), 0);
    uv_run(&w->loop, UV_RUN_NOWAIT);
    assert_int_equal(v->n, 0);
    assert_false(wrote(w, "first"));
    assert_int_equal(lines_with(w, " cause=stop "), HOOKS_WAITED_MAX);
    hooks_free(w->hooks);
    w->hooks = NULL;
    free(v);
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
        T(waited__more_than_may_run_at_once__start_in_their_order),
        T(waited__in_the_queue__needs_nothing_of_what_it_was_asked_with),
        T(waited__cannot_be_started_when_its_turn_comes__is_a_bad_answer),
        T(waited__and_others__have_room_of_their_own),
        T(shut__with_some_that_run_and_some_that_queue_up__tells_nobody),
    };
    return cmocka_run_group_tests_name("hooks that are waited for", tests, NULL, NULL);
}
