/* e2e_hooks.c - commands at the points of a worker's life: what they see, and what they decide. */
#include "harness_env.h"
#include "harness_limits.h"

#include <stdlib.h>

/* --- what they see ------------------------------------------------------------------ */
/* Appends what the hook wrote; NAME is that of SET_TO(). */
static struct str await_set(struct world *w, const char *name, const char *event, struct buf *out)
{
    char *file = path_f("%s.txt", name);
    buf_reset(out);
    await_file(w, file, "JOBWARDEN_EVENT", 1, out);
    free(file);
    expect_variable(buf_view(out), "JOBWARDEN_EVENT", event);
    expect_variable(buf_view(out), "JOBWARDEN_SERVICE", w->service);
    expect_variable(buf_view(out), "JOBWARDEN_JOB", "web");
    expect_variable(buf_view(out), "JOBWARDEN_INSTANCE", "3");
    expect_variable(buf_view(out), "COLOUR", "red");
    return buf_view(out);
}

static void hooks__at_all_five_points__see_what_has_happened(struct world *w)
{
    job_file(w,
             OFTEN "[job:web]\nfirst_instance = 3\nenv.COLOUR = red\n"
                   "command = @worker --signal JOBWARDEN_READY_EVENT --wait-file go --threads 30 "
                   "--wait-file die --exit 0xC0000142\n"
                   "ready = event\nrestart = never\nguard_threads = 20\non_limit = hook\n"
                   "hook_pre_start = " SET_TO("pre") "\nhook_post_start = " SET_TO(
                       "post") "\n"
                               "hook_limit = " SET_TO("limit") "\nhook_exit = " SET_TO(
                                   "exit") "\n"
                                           "hook_failed = " SET_TO("failed") "\n");
    service_start(w);
    struct buf text = {0};
    struct str set = await_set(w, "pre", "pre-start", &text);
    expect_no_variable(set, "JOBWARDEN_PID");
    expect_no_variable(set, "JOBWARDEN_CAUSE");

    set = await_set(w, "post", "post-start", &text);
    await(w, "hook.ended hook=hook_post_start owner=web.3 * code=0");
    uint64_t pid = logged(w, "job.started job=web.3", 0, "pid");
    expect_number(set, "JOBWARDEN_START", 1);
    expect_number(set, "JOBWARDEN_PID", pid);
    expect_number(set, "JOBWARDEN_READY_MS", logged(w, "job.ready job=web.3", 0, "ready_ms"));
    expect_before(w, "hook.ended hook=hook_pre_start owner=web.3", "job.started job=web.3");
    expect_before(w, "job.ready job=web.3", "hook.ended hook=hook_post_start");

    make_file(w, "go");
    set = await_set(w, "limit", "limit", &text);
    expect_variable(set, "JOBWARDEN_LIMIT", "guard_threads");

    make_file(w, "die");
    assert_int_equal(service_wait(w), 1); /* which waits for the hooks of the end */
    set = await_set(w, "exit", "exit", &text);
    expect_number(set, "JOBWARDEN_START", 1);
    expect_number(set, "JOBWARDEN_PID", pid);
    expect_variable(set, "JOBWARDEN_CAUSE", "crash");
    expect_variable(set, "JOBWARDEN_EXIT_CODE", "0xC0000142");
    expect_variable(set, "JOBWARDEN_EXIT_NAME", "STATUS_DLL_INIT_FAILED");
    expect_number(set, "JOBWARDEN_RAN_MS", logged(w, "job.ended job=web.3", 0, "ran_ms"));
    expect_variable(set, "JOBWARDEN_NEXT", "failed");
    expect_variable(set, "JOBWARDEN_REASON", "restart = never");
    expect_no_variable(set, "JOBWARDEN_NEXT_MS");
    expect_no_variable(set, "JOBWARDEN_LIMIT");

    set = await_set(w, "failed", "failed", &text);
    expect_variable(set, "JOBWARDEN_CAUSE", "crash");
    expect_variable(set, "JOBWARDEN_EXIT_CODE", "0xC0000142");
    expect_variable(set, "JOBWARDEN_REASON", "restart = never");
    expect_no_variable(set, "JOBWARDEN_NEXT");
    buf_free(&text);
}

static void hook_exit__before_a_restart__knows_when_it_comes(struct world *w)
{
    job_file(w, "[job:web]\nfirst_instance = 3\nenv.COLOUR = red\ncommand = @worker --exit 5\n"
                "restart_first_delay = 1h\nrestart_delay = 1h\nrestart_delay_max = 1h\n"
                "restart_jitter = 0%%\nhook_exit = " SET_TO(
                    "exit") "\n"
                            "hook_failed = @worker --touch failed\n");
    service_start(w);
    struct buf text = {0};
    struct str set = await_set(w, "exit", "exit", &text);
    expect_variable(set, "JOBWARDEN_CAUSE", "exit");
    expect_variable(set, "JOBWARDEN_EXIT_CODE", "5");
    expect_no_variable(set, "JOBWARDEN_EXIT_NAME");
    expect_variable(set, "JOBWARDEN_NEXT", "backoff");
    expect_number(set, "JOBWARDEN_NEXT_MS", 3600000);
    buf_free(&text);
    assert_int_equal(service_stop(w), 0);
    char *failed = below(w, "failed");
    assert_false(file_exists(failed));
    free(failed);
}

static void hook_exit__at_the_end_of_the_fleet__is_not_left_out(struct world *w)
{
    job_file(w,
             "[job:web]\ninstances = 3\ncommand = @worker --hold\n"
             "hook_exit = cmd.exe /d /c \"echo %%JOBWARDEN_CAUSE%%>end.%%JOBWARDEN_INSTANCE%%\"\n");
    service_start(w);
    await_n(w, "job.ready", 3);
    assert_int_equal(service_stop(w), 0);
    await_file(w, "end.1", "operator", 1, NULL);
    await_file(w, "end.2", "operator", 1, NULL);
    await_file(w, "end.3", "operator", 1, NULL);
    expect_lines(w, "hook.ended hook=hook_exit * code=0", 3);
}

/* --- what they decide --------------------------------------------------------------- */
static void hook_pre_start__runs__the_start_waits_for_it(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\n"
                "hook_pre_start = @worker --touch begun --wait-file go\n"
                "[job:other]\ncommand = @worker --hold\n");
    service_start(w);
    await_file(w, "begun", "", 1, NULL);
    await(w, "job.ready job=other.1"); /* which does not wait */
    expect_lines(w, "job.started job=web.1", 0);
    make_file(w, "go");
    await(w, "job.ready job=web.1");
    expect_before(w, "hook.ended hook=hook_pre_start owner=web.1 * code=0",
                  "job.started job=web.1");
    assert_int_equal(service_stop(w), 0);
}

static void hook_pre_start__fails__nothing_is_started_and_that_is_the_cause(struct world *w)
{
    job_file(w, "[job:web]\nfirst_instance = 3\nenv.COLOUR = red\ncommand = @worker --hold\n"
                "hook_pre_start = @worker --exit 7\nhook_failed = " SET_TO(
                    "failed") "\n"
                              "restart_delay = 10ms\nrestart_delay_max = 10ms\nstart_limit = 3\n"
                              "start_limit_interval = 1d\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    expect_lines(w, "job.started", 0);
    expect_lines(w, "warning hook.ended hook=hook_pre_start owner=web.3 * code=7", 3);
    expect_lines(w, "error job.start_failed job=web.3 error=*hook_pre_start*exit code 7", 3);
    expect_lines(w, "job.run job=web.3 * cause=hook", 3);
    expect_lines(w, "job.run * pid=", 0);
    expect_lines(w, "job.run * code=", 0);
    expect_lines(w, "job.backoff job=web.3 * hook_pre_start failed", 2);
    expect_lines(w, "error job.failed job=web.3 reason=*start limit reached", 1);
    struct buf text = {0};
    struct str set = await_set(w, "failed", "failed", &text);
    expect_variable(set, "JOBWARDEN_CAUSE", "hook");
    expect_no_variable(set, "JOBWARDEN_PID");
    expect_no_variable(set, "JOBWARDEN_EXIT_CODE");
    buf_free(&text);
}

static void
hook_pre_start__fails_at_first__the_worker_starts_with_the_first_good_one(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nrestart_delay = 10ms\n"
                "restart_delay_max = 10ms\nstart_limit = 0\n"
                "hook_pre_start = cmd.exe /d /c \"if not exist good exit 1\"\n");
    service_start(w);
    await_n(w, "job.start_failed job=web.1", 2);
    make_file(w, "good");
    await(w, "job.ready job=web.1");
    expect_lines(w, "job.started job=web.1", 1);
    assert_int_equal(service_stop(w), 0);
}

static void hook_pre_start__does_not_end__is_terminated_and_the_start_has_failed(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nhook_timeout = 1s\n"
                "hook_pre_start = @worker --spawn 1 --hold\nrestart = never\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    expect_lines(w, "warning hook.timeout hook=hook_pre_start owner=web.1 * timeout_ms=1000", 1);
    expect_lines(w, "hook.ended hook=hook_pre_start owner=web.1 * cause=timeout", 1);
    expect_lines(w, "job.start_failed job=web.1 error=*hook_pre_start*longer than 1000 ms", 1);
    expect_lines(w, "job.failed job=web.1 reason=*hook_pre_start failed, restart = never", 1);
    expect_lines(w, "job.started", 0);
}

static void hook_pre_start__is_no_program__the_file_is_named(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nrestart = never\n"
                "hook_pre_start = no-such-program-anywhere\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    expect_lines(w, "job.start_failed job=web.1 error=*hook_pre_start*no-such-program-anywhere", 1);
    expect_lines(w, "job.run job=web.1 * cause=hook", 1);
    expect_lines(w, "job.started", 0);
}

static void stop__while_hook_pre_start_runs__ends_it_and_starts_nothing(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nhook_timeout = 1h\n"
                "hook_pre_start = @worker --pid-file hook.pid --hold\n");
    service_start(w);
    struct buf pid = {0};
    await_file(w, "hook.pid", NULL, 0, &pid);
    HANDLE hook = process_open((DWORD)strtoul(buf_text(&pid), NULL, 10));
    w->people.process[w->people.n++] = hook;
    buf_free(&pid);
    assert_int_equal(service_stop(w), 0);
    process_wait(hook);
    expect_lines(w, "job.started", 0);
    expect_lines(w, "job.start_failed", 0);
    expect_lines(w, "job.stopped job=web.1", 1);
}

static void hook__leaves_somebody_behind__he_ends_with_it_and_the_worker_does_not(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\n"
                "hook_post_start = cmd.exe /d /c \"@worker --detach-child>child.txt&"
                "@worker --wait-file go\"\n");
    service_start(w);
    HANDLE web = worker_of(w, "web.1");
    HANDLE left = process_open(child_pid(w, "child.txt", 0));
    w->people.process[w->people.n++] = left;
    char *name = job_name(w, "web.1");
    HANDLE job = job_open(name);
    assert_false(job_has(job, left));
    CloseHandle(job);
    free(name);
    make_file(w, "go");
    await(w, "hook.ended hook=hook_post_start owner=web.1 * code=0");
    process_wait(left);
    assert_false(process_gone(web));
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(hooks__at_all_five_points__see_what_has_happened),
        E2E(hook_exit__before_a_restart__knows_when_it_comes),
        E2E(hook_exit__at_the_end_of_the_fleet__is_not_left_out),
        E2E(hook_pre_start__runs__the_start_waits_for_it),
        E2E(hook_pre_start__fails__nothing_is_started_and_that_is_the_cause),
        E2E(hook_pre_start__fails_at_first__the_worker_starts_with_the_first_good_one),
        E2E(hook_pre_start__does_not_end__is_terminated_and_the_start_has_failed),
        E2E(hook_pre_start__is_no_program__the_file_is_named),
        E2E(stop__while_hook_pre_start_runs__ends_it_and_starts_nothing),
        E2E(hook__leaves_somebody_behind__he_ends_with_it_and_the_worker_does_not),
    };
    return cmocka_run_group_tests_name("hooks", tests, NULL, NULL);
}
