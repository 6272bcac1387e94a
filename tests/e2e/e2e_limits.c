/* e2e_limits.c - workers that use too much, of which the sampler ends what the kernel does not. */
#include "harness_limits.h"

#include <stdlib.h>

static void job_memory_limit__a_worker_leaks__it_is_ended_and_started_anew(struct world *w)
{
    job_file(w,
             OFTEN "[defaults]\njob_memory_limit = 32M\n" TWICE "[job:leak]\ncommand = " LEAK "\n"
                   "[job:other]\ncommand = @worker --leak 8388608 --hold\n");
    service_start(w);
    sampler_must_hold(w, "job_memory_limit");
    HANDLE first = worker_of(w, "leak.1"), other = worker_of(w, "other.1");
    make_file(w, "go");
    const char *const reached = "error limit.reached level=instance job=leak.1 "
                                "limit=job_memory_limit configured=33554432 * by=sampler "
                                "reaction=log";
    await_n(w, reached, 2); /* the second run leaks too */
    await_n(w, "job.backoff job=leak.1", 2);
    assert_int_equal(process_wait(first), TERMINATED);
    for (size_t i = 0; i < 2; i++)
        assert_in_range(logged(w, reached, i, "measured"), 32 * MIB + 1, 160 * MIB);
    expect_lines(w, "job.terminated job=leak.1", 2);
    expect_lines(w, "job.ended job=leak.1 * code=0xE0000001 * cause=limit", 2);
    expect_lines(w, "job.backoff job=leak.1 next_ms=0 * reason=*ended by a limit", 1);
    expect_lines(w, "job.started job=leak.1", 2);
    expect_lines(w, "limit.reached * job=other.1", 0);
    assert_false(process_gone(other));
    assert_int_equal(service_stop(w), 0);
}

static void process_memory_limit__a_child_leaks__only_that_child_is_ended(struct world *w)
{
    make_batch(w, "two.cmd",
               "@" LEAK "\r\n"
               "@echo ended>after\r\n"
               "@@worker --hold\r\n");
    job_file(w, OFTEN "[job:two]\ncommand = .\\two.cmd\nprocess_memory_limit = 32M\n");
    service_start(w);
    sampler_must_hold(w, "process_memory_limit");
    HANDLE main_process = worker_of(w, "two.1");
    const char *const reached = "limit.reached level=instance job=two.1 limit=process_memory_limit "
                                "configured=33554432 * image=worker.exe by=sampler";
    make_file(w, "go");
    await(w, reached);
    await_file(w, "after", "ended", 1, NULL);
    assert_int_not_equal(logged(w, reached, 0, "pid"), GetProcessId(main_process));
    assert_in_range(logged(w, reached, 0, "measured"), 32 * MIB + 1, 160 * MIB);
    assert_false(process_gone(main_process));
    expect_lines(w, "job.terminated", 0);
    expect_lines(w, "job.ended", 0);
    service_stop(w);
}

static void process_time_limit__a_worker_burns__it_is_ended_by_the_limit(struct world *w)
{
    job_file(w, OFTEN "[job:busy]\ncommand = @worker --wait-file go --burn 600000\n"
                      "process_time_limit = 300ms\nrestart = never\n"
                      "[job:idle]\ncommand = @worker --hold\nprocess_time_limit = 300ms\n");
    service_start(w);
    sampler_must_hold(w, "process_time_limit");
    HANDLE worker = worker_of(w, "busy.1"), idle = worker_of(w, "idle.1");
    const char *const reached = "error limit.reached level=instance job=busy.1 "
                                "limit=process_time_limit configured=300 * by=sampler";
    make_file(w, "go");
    await(w, "job.failed job=busy.1 reason=*ended by a limit, restart = never");
    assert_int_equal(process_wait(worker), TERMINATED);
    expect_lines(w, reached, 1);
    assert_int_equal(logged(w, reached, 0, "pid"), GetProcessId(worker));
    assert_in_range(logged(w, reached, 0, "measured"), 301, GENEROUS_MS);
    expect_lines(w, "job.ended job=busy.1 * cause=limit", 1);
    assert_false(process_gone(idle));
    assert_int_equal(service_stop(w), 1);
}

static void job_time_limit__many_short_processes__their_sum_ends_the_job(struct world *w)
{
    make_batch(w, "many.cmd",
               "@for /l %%i in (1,1,60) do @@worker --burn 300\r\n"
               "@@worker --hold\r\n");
    job_file(w, OFTEN "[job:many]\ncommand = .\\many.cmd\njob_time_limit = 1s\nrestart = never\n");
    service_start(w);
    sampler_must_hold(w, "job_time_limit");
    const char *const reached = "error limit.reached level=instance job=many.1 "
                                "limit=job_time_limit configured=1000 * by=sampler";
    await(w, "job.failed job=many.1 reason=*ended by a limit, restart = never");
    expect_lines(w, reached, 1);
    assert_in_range(logged(w, reached, 0, "measured"), 1001, GENEROUS_MS);
    expect_lines(w, "job.terminated job=many.1", 1);
    expect_lines(w, "job.ended job=many.1 * code=0xE0000001 * cause=limit", 1);
    assert_int_equal(service_wait(w), 1); /* nothing is left that could run */
}

static void job_time_action__is_notify__it_is_told_once_and_the_worker_goes_on(struct world *w)
{
    job_file(w, OFTEN "[job:busy]\ncommand = @worker --burn 2000 --hold\nstdout = busy.txt\n"
                      "job_time_limit = 300ms\njob_time_action = notify\n");
    service_start(w);
    sampler_must_hold(w, "job_time_limit");
    HANDLE worker = worker_of(w, "busy.1");
    await(w, "warning limit.reached level=instance job=busy.1 limit=job_time_limit "
             "configured=300 * by=sampler");
    await_file(w, "busy.txt", "burn ok 2000", 1, NULL);
    expect_lines(w, "limit.reached", 1);
    expect_lines(w, "job.terminated", 0);
    assert_false(process_gone(worker));
    assert_int_equal(service_stop(w), 0);
}

static bool among(const struct people *p, DWORD pid)
{
    for (size_t i = 0; i < p->n; i++)
        if (GetProcessId(p->process[i]) == pid)
            return true;
    return false;
}

static void active_process_limit__a_worker_forks__the_youngest_are_ended(struct world *w)
{
    struct people left = {0};
    job_file(w, OFTEN "[job:forks]\ncommand = @worker --fork 6 --hold\nstdout = forks.txt\n"
                      "active_process_limit = 3\n");
    service_start(w);
    sampler_must_hold(w, "active_process_limit");
    HANDLE worker = worker_of(w, "forks.1");
    char *name = job_name(w, "forks.1");
    HANDLE job = job_open(name);
    const char *const reached = "error limit.reached level=instance job=forks.1 "
                                "limit=active_process_limit configured=3 * by=sampler";
    await(w, reached);
    assert_in_range(logged(w, reached, 0, "measured"), 4, 7);
    /* With an error where it was ended in its first moments; only Wine tells that to the parent. */
    await_file(w, "forks.txt", "fork ", 1, NULL);
    await_people(job, 3, &left);
    assert_true(among(&left, GetProcessId(worker)));
    assert_true(among(&left, child_pid(w, "forks.txt", 0)));
    assert_true(among(&left, child_pid(w, "forks.txt", 1)));
    expect_lines(w, "job.ended", 0);
    people_close(&left);
    CloseHandle(job);
    free(name);
    assert_int_equal(service_stop(w), 0);
}

/* Exit code 1816 is what Windows leaves at the end of a time limit, without a word.  Here the
 * worker says it himself. */
static void worker__ends_with_1816_and_has_a_time_limit__it_ended_by_that(struct world *w)
{
    job_file(w, "[defaults]\ncommand = @worker --exit 1816\nrestart = never\n"
                "[job:timed]\njob_time_limit = 1h\n"
                "[job:free]\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    expect_lines(w, "job.ended job=timed.1 * code=1816 * cause=limit", 1);
    expect_lines(w, "job.ended job=free.1 * code=1816 * cause=exit", 1);
}

static void limits_in_use__that_nobody_holds__are_warned_of_once(struct world *w)
{
    job_file(w, "[defaults]\ncommand = @worker --hold\n"
                "[job:shared]\ncpu_rate_cap = 50%%\ninstances = 3\n"
                "[job:more]\ncpu_rate_cap = 40%%\n");
    service_start(w);
    await_n(w, "job.started", 4);
    if (!on_wine())
        skip_because(w, "the kernel holds cpu_rate_cap here");
    expect_lines(w, "limit.not_by_kernel", 1);
    expect_lines(w,
                 "warning limit.not_by_kernel limit=cpu_rate_cap by=nobody first=shared.1 "
                 "users=4",
                 1);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(job_memory_limit__a_worker_leaks__it_is_ended_and_started_anew),
        E2E(process_memory_limit__a_child_leaks__only_that_child_is_ended),
        E2E(process_time_limit__a_worker_burns__it_is_ended_by_the_limit),
        E2E(job_time_limit__many_short_processes__their_sum_ends_the_job),
        E2E(job_time_action__is_notify__it_is_told_once_and_the_worker_goes_on),
        E2E(active_process_limit__a_worker_forks__the_youngest_are_ended),
        E2E(worker__ends_with_1816_and_has_a_time_limit__it_ended_by_that),
        E2E(limits_in_use__that_nobody_holds__are_warned_of_once),
    };
    return cmocka_run_group_tests_name("limits that are held", tests, NULL, NULL);
}
