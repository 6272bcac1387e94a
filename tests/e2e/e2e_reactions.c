/* e2e_reactions.c - what follows when a limit is reached.  Most limits here are guards, which every
 * system holds alike. */
#include "harness_env.h"
#include "harness_limits.h"

#include <stdlib.h>
#include <string.h>

/* Exceeds guard_threads = 20 when the file `go` is there. */
#define THREADS "--echo ready --wait-file go --threads 30 --hold"

static void await_ready(struct world *w, const char *file)
{
    await_file(w, file, "ready", 1, NULL);
}

static void log__limit_is_reached__is_a_line_and_nothing_else(struct world *w)
{
    job_file(w, OFTEN "[job:web]\ncommand = @worker " THREADS "\nguard_threads = 20\n");
    service_start(w);
    HANDLE worker = worker_of(w, "web.1");
    make_file(w, "go");
    await(w, "warning limit.reached level=instance job=web.1 limit=guard_threads configured=20 * "
             "by=sampler reaction=log");
    assert_false(process_gone(worker));
    expect_lines(w, "job.stopping", 0);
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.ended", 1);
}

static void hook__limit_is_reached__runs_with_the_whole_event_in_its_environment(struct world *w)
{
    job_file(w, OFTEN "[job:mail]\ncommand = " LEAK "\nfirst_instance = 7\nenv.COLOUR = red\n"
                      "process_memory_limit = 32M\non_limit = hook\n" TWICE
                      "hook_limit = " SET_TO("set") "\n");
    service_start(w);
    sampler_must_hold(w, "process_memory_limit");
    HANDLE worker = worker_of(w, "mail.7");
    const char *const reached = "error limit.reached level=instance job=mail.7 "
                                "limit=process_memory_limit * by=sampler reaction=hook";
    struct buf text = {0};
    make_file(w, "go");
    await(w, reached);
    await_file(w, "set.txt", "JOBWARDEN_HELD_BY", 1, &text);
    struct str set = buf_view(&text);
    expect_variable(set, "JOBWARDEN_EVENT", "limit");
    expect_variable(set, "JOBWARDEN_LEVEL", "instance");
    expect_variable(set, "JOBWARDEN_LEVEL_NAME", "mail.7");
    expect_variable(set, "JOBWARDEN_LIMIT", "process_memory_limit");
    expect_number(set, "JOBWARDEN_CONFIGURED", 32 * MIB);
    expect_number(set, "JOBWARDEN_MEASURED", logged(w, reached, 0, "measured"));
    expect_number(set, "JOBWARDEN_PID", GetProcessId(worker));
    expect_variable(set, "JOBWARDEN_IMAGE", "worker.exe");
    expect_variable(set, "JOBWARDEN_HELD_BY", "sampler");
    expect_variable(set, "JOBWARDEN_JOB", "mail");
    expect_variable(set, "JOBWARDEN_INSTANCE", "7");
    expect_variable(set, "JOBWARDEN_SERVICE", w->service);
    expect_variable(set, "COLOUR", "red");
    buf_free(&text);
    await(w, "hook.ended hook=hook_limit owner=mail.7");
    await(w, "job.ended job=mail.7 * cause=limit");
    service_stop(w);
}

static void hook__of_a_group__knows_the_group_and_no_job(struct world *w)
{
    job_file(w, OFTEN "[group:pool]\nguard_threads = 20\non_limit = hook\n"
                      "hook_limit = " SET_TO("set") "\n"
                      "[job:web]\ncommand = @worker " THREADS "\ngroup = pool\n");
    service_start(w);
    HANDLE worker = worker_of(w, "web.1");
    struct buf text = {0};
    make_file(w, "go");
    await_file(w, "set.txt", "JOBWARDEN_HELD_BY", 1, &text);
    struct str set = buf_view(&text);
    expect_variable(set, "JOBWARDEN_LEVEL", "group");
    expect_variable(set, "JOBWARDEN_LEVEL_NAME", "pool");
    expect_variable(set, "JOBWARDEN_LIMIT", "guard_threads");
    expect_variable(set, "JOBWARDEN_SERVICE", w->service);
    expect_no_variable(set, "JOBWARDEN_JOB");
    buf_free(&text);
    await(w, "hook.ended hook=hook_limit owner=*group pool");
    assert_false(process_gone(worker));
    assert_int_equal(service_stop(w), 0);
}

static void hook__does_not_end__is_terminated_after_its_time(struct world *w)
{
    job_file(w, OFTEN "[job:web]\ncommand = @worker " THREADS "\nguard_threads = 20\n"
                      "on_limit = hook\nhook_timeout = 1s\n"
                      "hook_limit = @worker --spawn 1 --pid-file hook.pid --hold\n");
    service_start(w);
    HANDLE worker = worker_of(w, "web.1");
    make_file(w, "go");
    await(w, "warning hook.timeout hook=hook_limit owner=web.1 * timeout_ms=1000");
    await(w, "hook.ended hook=hook_limit owner=web.1 * cause=timeout");
    assert_false(process_gone(worker));
    assert_int_equal(service_stop(w), 0);
}

static void hook__cannot_be_started__is_told_and_the_service_goes_on(struct world *w)
{
    job_file(w, OFTEN "[job:web]\ncommand = @worker " THREADS "\nguard_threads = 20\n"
                      "on_limit = hook\nhook_limit = no-such-program-anywhere\n");
    service_start(w);
    HANDLE worker = worker_of(w, "web.1");
    make_file(w, "go");
    await(w, "error hook.failed hook=hook_limit owner=web.1 error=*no-such-program-anywhere");
    assert_false(process_gone(worker));
    assert_int_equal(service_stop(w), 0);
}

/* --- restart ------------------------------------------------------------------------ */
static void
restart__first_of_two_stages__the_worker_is_asked_and_the_limit_never_hit(struct world *w)
{
    job_file(w, OFTEN "[job:leak]\n"
                      "command = @worker --on-ctrl-c-exit 5 --wait-file go --leak 134217728 "
                      "--step-wait 100 --hold\n"
                      "stdout = leak.txt\nstop = ctrl-c:1h\nrestart = never\n"
                      "notify_job_memory_high = 16M\non_limit.notify_job_memory_high = restart\n"
                      "job_memory_limit = 512M\non_limit_interval = 1h\n");
    service_start(w);
    sampler_must_hold(w, "notify_job_memory_high");
    HANDLE first = worker_of(w, "leak.1");
    make_file(w, "go");
    assert_int_equal(process_wait(first), 5); /* by its own handler */
    await_n(w, "job.started job=leak.1", 2);  /* whatever `restart` says */
    /* The second one leaks too, and may come back only an hour after the first start anew. */
    await_n(w, "job.backoff job=leak.1", 2);
    expect_lines(w,
                 "error limit.reached level=instance job=leak.1 limit=notify_job_memory_high * "
                 "by=sampler reaction=restart",
                 2);
    expect_lines(w, "limit.reached", 2);
    expect_lines(w, "job.stopping job=leak.1 * cause=limit", 2);
    expect_lines(w, "job.stop_rung job=leak.1 rung=ctrl-c", 2);
    expect_lines(w, "job.ended job=leak.1 * code=5 * cause=limit", 2);
    expect_lines(w, "job.backoff job=leak.1 * reason=*on_limit = restart", 2);
    expect_lines(w, "job.terminated", 0);
    assert_int_equal(logged(w, "job.backoff job=leak.1", 0, "next_ms"), 0);
    assert_in_range(logged(w, "job.backoff job=leak.1", 1, "next_ms"), 3000000, 3600000);
    await_file(w, "leak.txt", "got ctrl-c", 2, NULL);
    assert_int_equal(service_stop(w), 0);
}

static void restart__worker_does_not_heed_it__the_second_stage_ends_it(struct world *w)
{
    job_file(w, OFTEN "[job:leak]\n"
                      "command = @worker --ignore-ctrl-c --wait-file go --leak 134217728 "
                      "--step-wait 20 --hold\n"
                      "stdout = leak.txt\nstop = ctrl-c:1h\nrestart = never\n"
                      "notify_job_memory_high = 16M\non_limit.notify_job_memory_high = restart\n"
                      "job_memory_limit = 96M\non_limit_interval = 1h\n");
    service_start(w);
    sampler_must_hold(w, "job_memory_limit");
    HANDLE first = worker_of(w, "leak.1");
    make_file(w, "go");
    assert_int_equal(process_wait(first), TERMINATED);
    await_n(w, "job.started job=leak.1", 2);
    assert_true(lines_matching(log_now(w), "limit.reached * limit=job_memory_limit") >= 1);
    assert_true(lines_matching(log_now(w), "job.ended job=leak.1 * code=0xE0000001 * "
                                           "cause=limit") >= 1);
    expect_lines(w, "job.backoff job=leak.1 next_ms=0 * reason=*on_limit = restart", 1);
    await_file(w, "leak.txt", "ignored ctrl-c", 1, NULL);
    service_ctrl_c(w); /* the second one does not heed that either */
    await(w, "service.stopping");
    service_ctrl_c(w);
    service_wait(w);
}

static void restart__of_a_group__is_the_lot_of_the_biggest_member(struct world *w)
{
    job_file(w, OFTEN "[group:pool]\nguard_threads = 40\non_limit = restart\n"
                      "[defaults]\ngroup = pool\nstdout = ${job}.txt\nstop = ctrl-c:1h\n"
                      "[job:few]\ncommand = @worker --threads 10 --on-ctrl-c-exit 0 --hold\n"
                      "[job:many]\ncommand = @worker --on-ctrl-c-exit 6 " THREADS "\n"
                      "on_limit_interval = 1h\n");
    service_start(w);
    HANDLE few = worker_of(w, "few.1"), many = worker_of(w, "many.1");
    await_file(w, "few.txt", "threads ok", 1, NULL);
    await_ready(w, "many.txt");
    make_file(w, "go");
    await(w, "error limit.reached level=group name=pool limit=guard_threads configured=40 * "
             "by=sampler reaction=restart instance=many.1");
    assert_int_equal(process_wait(many), 6);
    await(w, "job.ended job=many.1 * code=6 * cause=limit");
    await_n(w, "job.started job=many.1", 2);
    assert_false(process_gone(few));
    expect_lines(w, "job.stopping job=few.1", 0);
    assert_int_equal(service_stop(w), 0);
}

/* --- stop and terminate ---------------------------------------------------------------- */
static void stop__limit_is_reached__the_worker_is_asked_and_stays_down(struct world *w)
{
    job_file(w, OFTEN "[job:web]\ncommand = @worker --on-ctrl-c-exit 4 " THREADS "\n"
                      "stdout = web.txt\nstop = ctrl-c:1h\nguard_threads = 20\non_limit = stop\n"
                      "[job:other]\ncommand = @worker --hold\n");
    service_start(w);
    HANDLE web = worker_of(w, "web.1"), other = worker_of(w, "other.1");
    await_ready(w, "web.txt");
    make_file(w, "go");
    await(w, "error job.failed job=web.1 reason=*stopped by on_limit");
    assert_int_equal(process_wait(web), 4);
    expect_lines(w, "error limit.reached * job=web.1 limit=guard_threads * reaction=stop", 1);
    expect_lines(w, "job.stopping job=web.1 * cause=limit", 1);
    expect_lines(w, "job.started job=web.1", 1);
    expect_lines(w, "job.terminated", 0);
    assert_false(process_gone(other));
    assert_int_equal(service_stop(w), 1); /* one failed */
    expect_lines(w, "job.started", 2);
}

static void terminate__limit_is_reached__all_ends_at_once_and_restart_decides(struct world *w)
{
    job_file(w, OFTEN "[defaults]\nstdout = ${job}.txt\nguard_threads = 20\non_limit = terminate\n"
                      "command = @worker --on-ctrl-c-exit 4 --spawn 1 " THREADS "\n" TWICE
                      "[job:again]\n"
                      "[job:never]\nrestart = never\n");
    service_start(w);
    HANDLE again = worker_of(w, "again.1"), never = worker_of(w, "never.1");
    await_ready(w, "again.txt");
    await_ready(w, "never.txt");
    HANDLE child = process_open(child_pid(w, "again.txt", 0));
    make_file(w, "go");
    assert_int_equal(process_wait(again), TERMINATED);
    assert_int_equal(process_wait(never), TERMINATED);
    assert_int_equal(process_wait(child), TERMINATED);
    CloseHandle(child);
    await_n(w, "job.started job=again.1", 2);
    await(w, "job.failed job=never.1 reason=*ended by a limit, restart = never");
    expect_lines(w, "error limit.reached * job=never.1 limit=guard_threads * reaction=terminate",
                 1);
    expect_lines(w, "job.ended job=never.1 * code=0xE0000001 * cause=limit", 1);
    expect_lines(w, "job.stop_rung job=never.1", 0);
    expect_lines(w, "job.started job=never.1", 1);
    service_stop(w);
}

static void on_limit_key__other_than_on_limit__decides_for_its_limit_alone(struct world *w)
{
    job_file(w, OFTEN "[job:web]\n"
                      "command = @worker --on-ctrl-c-exit 4 --threads 30 --wait-file go "
                      "--handles 3000 --hold\n"
                      "stop = ctrl-c:1h\nguard_threads = 20\nguard_handles = 1000\n"
                      "on_limit = stop\non_limit.guard_threads = log\n");
    service_start(w);
    HANDLE web = worker_of(w, "web.1");
    await(w, "warning limit.reached * job=web.1 limit=guard_threads * reaction=log");
    assert_false(process_gone(web));
    expect_lines(w, "job.stopping", 0);
    make_file(w, "go");
    await(w, "error limit.reached * job=web.1 limit=guard_handles * reaction=stop");
    await(w, "job.failed job=web.1 reason=*stopped by on_limit");
    assert_int_equal(service_wait(w), 1); /* nothing is left that could run */
}

/* --- what restarts by limits count for ------------------------------------------------- */
static void limits__again_and_again__have_a_start_limit_of_their_own(struct world *w)
{
    job_file(w, OFTEN "[job:leak]\ncommand = @worker --threads 30 --hold\nguard_threads = 20\n"
                      "on_limit = terminate\nrestart_delay = 10ms\nrestart_delay_max = 10ms\n"
                      "start_limit = 3\nstart_limit_interval = 1d\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    expect_lines(w, "job.failed job=leak.1 reason=*start limit reached by limits", 1);
    /* The first start was nobody's fault; three more were made for the limit. */
    expect_lines(w, "job.started job=leak.1", 4);
    expect_lines(w, "job.ended job=leak.1 * cause=limit", 4);
}

static void limits__and_failures_of_one_worker__are_counted_apart(struct world *w)
{
    make_batch(w, "both.cmd",
               "@if exist broken exit /b 3\r\n"
               "@@worker --threads 30 --wait-file broken\r\n"
               "@@worker --hold\r\n");
    job_file(w, OFTEN "[job:both]\ncommand = .\\both.cmd\nguard_threads = 20\n"
                      "on_limit = terminate\nrestart_delay = 10ms\nrestart_delay_max = 10ms\n"
                      "start_limit = 4\nstart_limit_interval = 1d\n");
    service_start(w);
    await_n(w, "job.ended job=both.1 * cause=limit", 2);
    make_file(w, "broken");
    assert_int_equal(service_wait(w), 1);
    expect_lines(w, "job.failed job=both.1 reason=*start limit reached by limits", 0);
    expect_lines(w, "job.failed job=both.1 reason=*start limit reached", 1);
    size_t by_limit = lines_matching(log_now(w), "job.ended job=both.1 * cause=limit");
    size_t failed = lines_matching(log_now(w), "job.ended job=both.1 * code=3 * cause=exit");
    assert_in_range(by_limit, 2, 4);
    assert_int_equal(failed, 4); /* the limits' starts took none away */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(log__limit_is_reached__is_a_line_and_nothing_else),
        E2E(hook__limit_is_reached__runs_with_the_whole_event_in_its_environment),
        E2E(hook__of_a_group__knows_the_group_and_no_job),
        E2E(hook__does_not_end__is_terminated_after_its_time),
        E2E(hook__cannot_be_started__is_told_and_the_service_goes_on),
        E2E(restart__first_of_two_stages__the_worker_is_asked_and_the_limit_never_hit),
        E2E(restart__worker_does_not_heed_it__the_second_stage_ends_it),
        E2E(restart__of_a_group__is_the_lot_of_the_biggest_member),
        E2E(stop__limit_is_reached__the_worker_is_asked_and_stays_down),
        E2E(terminate__limit_is_reached__all_ends_at_once_and_restart_decides),
        E2E(on_limit_key__other_than_on_limit__decides_for_its_limit_alone),
        E2E(limits__again_and_again__have_a_start_limit_of_their_own),
        E2E(limits__and_failures_of_one_worker__are_counted_apart),
    };
    return cmocka_run_group_tests_name("reactions to limits", tests, NULL, NULL);
}
