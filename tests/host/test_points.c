/* test_points.c - hooks at the points of a job's life, and what they find in their environment. */
#include "tests/host/hooks_world.h"
#include "tests/host/test_host.h"

#include "service/host/points.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOW "cmd.exe /d /c set >set.txt"
#define WHO "JOBWARDEN_INSTANCE=1\r\nJOBWARDEN_JOB=web\r\n"
#define SERVICE "JOBWARDEN_SERVICE=Fleet\r\n"

/* A job with hooks, one unit of it, and who is told of hook_pre_start. */
struct scene {
    struct world *w;
    struct points *points;
    struct job_spec spec;
    struct unit unit;
    bool inside; /* points_prepare() or points_unprepare() */
    size_t answers;
    uint64_t id;
    bool ok;
    char text[ERR_TEXT];
};

static void on_prepared(void *ctx, uint64_t id, bool ok, const char *text)
{
    struct scene *s = ctx;
    assert_false(s->inside);
    s->answers++;
    s->id = id;
    s->ok = ok;
    snprintf(s->text, sizeof s->text, "%s", text);
}

static int open_scene(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    void *w = NULL;
    assert_non_null(s);
    hooks_world_open(&w);
    s->w = w;
    const struct points_setup setup = {s->w->hooks, &s->w->logger, on_prepared, s};
    assert_int_equal(points_new(&setup, &s->points, NULL), ST_OK);
    s->spec = lab_spec();
    s->spec.env_inherit = NO;
    s->spec.hook_pre_start = s->spec.hook_post_start = s->spec.hook_exit = s->spec.hook_failed = "";
    s->spec.limits.hook_timeout = LAB_LIMIT_MS;
    s->unit = (struct unit){.spec = &s->spec, .pid = 4120, .starts = 7};
    s->unit.record = (struct record){.start = 7,
                                     .pid = 4120,
                                     .end = {.cause = CAUSE_CRASH,
                                             .code = 0xC0000005,
                                             .ran_ms = 5613,
                                             .limit = LIMIT_NONE},
                                     .next = S_BACKOFF,
                                     .next_ms = 2000,
                                     .reason = "restart = always"};
    *state = s;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *s = *state;
    void *w = s->w;
    hooks_world_close(&w);
    points_free(s->points);
    free(s);
    return 0;
}

static void happen(struct scene *s, enum happening what, uint64_t number, const char *text)
{
    points_happened(s->points, &(struct tale){
                                   .what = what, .unit = &s->unit, .number = number, .text = text});
}

/* What the hook saw of ours, in the order of `set`, once it has ended. */
static void expect_seen(struct scene *s, const char *lines)
{
    struct buf ours = {0};
    wait_until_running(s->w, 0);
    char *text = wait_file(s->w, "set.txt", "JOBWARDEN_SERVICE=");
    for (const char *at = text; *at; at = strchr(at, '\n') + 1)
        if (strncmp(at, "JOBWARDEN_", 10) == 0)
            buf_add(&ours, at, (size_t)(strchr(at, '\n') + 1 - at));
    assert_string_equal(buf_text(&ours), lines);
    buf_free(&ours);
    free(text);
}

/* --- before a start ----------------------------------------------------------------- */
#define ID UINT64_C(0x300000001) /* slot 1, third generation */

static enum st prepare(struct scene *s, struct err *e)
{
    s->inside = true;
    enum st st = points_prepare(s->points, ID, &s->spec, e);
    s->inside = false;
    return st;
}

static void pre_start__succeeds__is_a_good_answer(void **state)
{
    struct scene *s = *state;
    s->spec.hook_pre_start = SHOW;
    assert_int_equal(prepare(s, NULL), ST_OK);
    assert_int_equal(s->answers, 0);
    expect_seen(s, "JOBWARDEN_EVENT=pre-start\r\n" WHO SERVICE);
    assert_int_equal(s->answers, 1);
    assert_true(s->ok);
    assert_true(s->id == ID);
    assert_string_equal(s->text, "");
}

static void pre_start__fails__the_answer_names_the_hook_and_says_why(void **state)
{
    struct scene *s = *state;
    char *command = lab_command(s->w->lab, "--exit 3");
    s->spec.hook_pre_start = command;
    assert_int_equal(prepare(s, NULL), ST_OK);
    wait_until_running(s->w, 0);
    assert_int_equal(s->answers, 1);
    assert_false(s->ok);
    assert_string_equal(s->text, "hook_pre_start: exit code 3");
    free(command);
}

static void pre_start__over_hook_timeout__is_a_bad_answer(void **state)
{
    struct scene *s = *state;
    char *command = lab_command(s->w->lab, "--hold");
    s->spec.hook_pre_start = command;
    s->spec.limits.hook_timeout = 700;
    assert_int_equal(prepare(s, NULL), ST_OK);
    wait_until_running(s->w, 0);
    assert_false(s->ok);
    assert_string_equal(s->text,
                        "hook_pre_start: it took longer than 700 ms and was terminated");
    free(command);
}

static void pre_start__cannot_be_started__is_an_error_and_no_answer(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    s->spec.hook_pre_start = "\"C:\\no such\\prepare.exe\"";
    assert_int_equal(prepare(s, &e), ST_NOTFOUND);
    assert_non_null(strstr(e.text, "hook_pre_start of web.1: "));
    assert_non_null(strstr(e.text, "C:\\no such\\prepare.exe"));
    uv_run(&s->w->loop, UV_RUN_NOWAIT);
    assert_int_equal(s->answers, 0);
}

static void pre_start__given_up__is_ended_without_an_answer(void **state)
{
    struct scene *s = *state;
    char *command = lab_command(s->w->lab, "--hold");
    s->spec.hook_pre_start = command;
    assert_int_equal(prepare(s, NULL), ST_OK);
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, pid_said(s->w));
    assert_non_null(process);
    s->inside = true;
    points_unprepare(s->points, ID + 1); /* another run's */
    assert_int_equal(hooks_running(s->w->hooks), 1);
    points_unprepare(s->points, ID);
    points_unprepare(s->points, ID);
    s->inside = false;
    assert_int_equal(hooks_running(s->w->hooks), 0);
    expect_gone(process);
    uv_run(&s->w->loop, UV_RUN_NOWAIT);
    assert_int_equal(s->answers, 0);
    free(command);
}

/* --- afterwards --------------------------------------------------------------------- */
static void ready__of_a_job_with_hook_post_start__runs_it(void **state)
{
    struct scene *s = *state;
    s->spec.hook_post_start = SHOW;
    happen(s, H_READY, 340, NULL);
    expect_seen(s, "JOBWARDEN_EVENT=post-start\r\n" WHO "JOBWARDEN_PID=4120\r\n"
                   "JOBWARDEN_READY_MS=340\r\n" SERVICE "JOBWARDEN_START=7\r\n");
}

static void run__over_by_a_crash__hook_exit_is_told_the_code_and_what_follows(void **state)
{
    struct scene *s = *state;
    s->spec.hook_exit = SHOW;
    happen(s, H_RUN, 0, NULL);
    expect_seen(s, "JOBWARDEN_CAUSE=crash\r\nJOBWARDEN_EVENT=exit\r\n"
                   "JOBWARDEN_EXIT_CODE=0xC0000005\r\n"
                   "JOBWARDEN_EXIT_NAME=STATUS_ACCESS_VIOLATION\r\n" WHO
                   "JOBWARDEN_NEXT=backoff\r\nJOBWARDEN_NEXT_MS=2000\r\nJOBWARDEN_PID=4120\r\n"
                   "JOBWARDEN_RAN_MS=5613\r\nJOBWARDEN_REASON=restart = always\r\n" SERVICE
                   "JOBWARDEN_START=7\r\n");
}

static void run__over_by_a_limit__hook_exit_is_told_which(void **state)
{
    struct scene *s = *state;
    s->spec.hook_exit = SHOW;
    s->unit.record.end = (struct ending){
        .cause = CAUSE_LIMIT, .code = 1, .ran_ms = 0, .limit = LIMIT_JOB_MEMORY};
    s->unit.record.next = S_STOPPED;
    s->unit.record.reason = "";
    happen(s, H_RUN, 0, NULL);
    expect_seen(s, "JOBWARDEN_CAUSE=limit\r\nJOBWARDEN_EVENT=exit\r\nJOBWARDEN_EXIT_CODE=1\r\n" WHO
                   "JOBWARDEN_LIMIT=job_memory_limit\r\nJOBWARDEN_NEXT=stopped\r\n"
                   "JOBWARDEN_PID=4120\r\nJOBWARDEN_RAN_MS=0\r\n" SERVICE "JOBWARDEN_START=7\r\n");
}

static void job__given_up__hook_failed_is_told_why(void **state)
{
    struct scene *s = *state;
    s->spec.hook_failed = SHOW;
    s->unit.record.pid = 0; /* its last start failed */
    s->unit.record.end.cause = CAUSE_NOT_STARTED;
    happen(s, H_FAILED, 5, "start limit reached");
    expect_seen(s, "JOBWARDEN_CAUSE=not-started\r\nJOBWARDEN_EVENT=failed\r\n" WHO
                   "JOBWARDEN_REASON=start limit reached\r\n" SERVICE "JOBWARDEN_START=7\r\n");
}

static void start__that_failed__hook_exit_is_told_no_process_and_no_code(void **state)
{
    struct scene *s = *state;
    s->spec.hook_exit = SHOW;
    s->unit.record.pid = 0;
    s->unit.record.end = (struct ending){.cause = CAUSE_HOOK, .limit = LIMIT_NONE};
    happen(s, H_RUN, 0, NULL);
    expect_seen(s, "JOBWARDEN_CAUSE=hook\r\nJOBWARDEN_EVENT=exit\r\n" WHO
                   "JOBWARDEN_NEXT=backoff\r\nJOBWARDEN_NEXT_MS=2000\r\n"
                   "JOBWARDEN_REASON=restart = always\r\n" SERVICE "JOBWARDEN_START=7\r\n");
}

static void happening__of_a_job_without_its_hook_or_of_no_point__runs_nothing(void **state)
{
    struct scene *s = *state;
    for (int what = 0; what < HAPPENINGS; what++)
        happen(s, (enum happening)what, 0, "");
    s->spec.hook_pre_start = s->spec.hook_post_start = s->spec.hook_exit = s->spec.hook_failed =
        SHOW;
    for (int what = 0; what < HAPPENINGS; what++)
        if (what != H_READY && what != H_RUN && what != H_FAILED)
            happen(s, (enum happening)what, 0, "");
    assert_int_equal(hooks_running(s->w->hooks), 0);
    points_happened(NULL, &(struct tale){.what = H_RUN, .unit = &s->unit});
    assert_int_equal(buf_view(&s->w->said).n, 0);
}

static void hook_exit__of_a_crash_loop__runs_one_at_a_time(void **state)
{
    struct scene *s = *state;
    char *command = lab_command(s->w->lab, "--wait-file go");
    s->spec.hook_exit = command;
    for (int i = 0; i < 5; i++)
        happen(s, H_RUN, 0, NULL);
    assert_int_equal(hooks_running(s->w->hooks), 1);
    put_file(s->w, "go");
    wait_until_running(s->w, 0);
    expect_said(s->w, "warning hook.skipped hook=hook_exit owner=web.1 times=4 ");
    free(command);
}

static void hook_exit__of_a_whole_fleet__runs_for_everybody(void **state)
{
    enum { FLEET = HOOKS_MAX + 4 };
    struct scene *s = *state;
    char *command = lab_command(s->w->lab, "--exit 0");
    s->spec.hook_exit = command;
    for (unsigned i = 0; i < 2 * FLEET; i++) { /* twice: one that queues up is not doubled */
        snprintf(s->spec.unit, sizeof s->spec.unit, "web.%u", i % FLEET + 1);
        happen(s, H_RUN, 0, NULL);
    }
    assert_int_equal(hooks_running(s->w->hooks), FLEET);
    wait_until_running(s->w, 0);
    for (unsigned i = 1; i <= FLEET; i++) {
        char line[80];
        snprintf(line, sizeof line, "info hook.ended hook=hook_exit owner=web.%u ", i);
        expect_said(s->w, line);
        snprintf(line, sizeof line, "hook.skipped hook=hook_exit owner=web.%u times=1 ", i);
        expect_said(s->w, line);
    }
    assert_null(strstr(buf_text(&s->w->said), "hook.failed"));
    free(command);
}

static void hook_failed__cannot_be_started__is_an_error_in_the_log(void **state)
{
    struct scene *s = *state;
    s->spec.hook_failed = "\"C:\\no such\\tell.exe\"";
    happen(s, H_FAILED, 0, "restart = never");
    expect_said(s->w, "error hook.failed hook=hook_failed owner=web.1 error=");
    expect_said(s->w, "tell.exe");
    assert_int_equal(hooks_running(s->w->hooks), 0);
}

int test_points(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)
    const struct CMUnitTest tests[] = {
        T(pre_start__succeeds__is_a_good_answer),
        T(pre_start__fails__the_answer_names_the_hook_and_says_why),
        T(pre_start__over_hook_timeout__is_a_bad_answer),
        T(pre_start__cannot_be_started__is_an_error_and_no_answer),
        T(pre_start__given_up__is_ended_without_an_answer),
        T(ready__of_a_job_with_hook_post_start__runs_it),
        T(run__over_by_a_crash__hook_exit_is_told_the_code_and_what_follows),
        T(run__over_by_a_limit__hook_exit_is_told_which),
        T(job__given_up__hook_failed_is_told_why),
        T(start__that_failed__hook_exit_is_told_no_process_and_no_code),
        T(happening__of_a_job_without_its_hook_or_of_no_point__runs_nothing),
        T(hook_exit__of_a_crash_loop__runs_one_at_a_time),
        T(hook_exit__of_a_whole_fleet__runs_for_everybody),
        T(hook_failed__cannot_be_started__is_an_error_in_the_log),
    };
    return cmocka_run_group_tests_name("points", tests, NULL, NULL);
}
