/* e2e_guards.c - what is only told: guards, and notification limits that the sampler holds. */
#include "harness_limits.h"

#include <stdlib.h>

static void guards__each_is_exceeded__is_told_once_and_the_workers_go_on(struct world *w)
{
    job_file(w,
             OFTEN "[defaults]\nguard_handles = 1000\nguard_threads = 30\nguard_commit = 96M\n"
                   "[job:handles]\ncommand = @worker --handles 3000 --hold\n"
                   "[job:threads]\ncommand = @worker --threads 40 --hold\n"
                   "[job:commit]\ncommand = @worker --leak 67108864 --hold\n"
                   "guard_commit = 32M for 600ms\n"
                   "[job:cpu]\ncommand = @worker --burn 600000\nguard_cpu = 0.05 cpus for 400ms\n"
                   "[job:long]\ncommand = @worker --leak 67108864 --hold\n"
                   "guard_commit = 32M for 1h\n"
                   "[job:idle]\ncommand = @worker --hold\nguard_cpu = 90%%\n"
                   /* Comes when all others have been seen many times. */
                   "[job:late]\ncommand = @worker --wait-file go --handles 3000 --hold\n");
    service_start(w);
    await_n(w, "job.started", 7);
    const char *const jobs[] = {"handles.1", "threads.1", "commit.1", "cpu.1",
                                "long.1",    "idle.1",    "late.1"};
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        worker_of(w, jobs[i]);
    await(w, "warning limit.reached level=instance job=handles.1 limit=guard_handles "
             "configured=1000 * by=sampler reaction=log");
    await(w, "warning limit.reached level=instance job=threads.1 limit=guard_threads "
             "configured=30 * by=sampler reaction=log");
    await(w, "warning limit.reached level=instance job=commit.1 limit=guard_commit "
             "configured=33554432 * by=sampler reaction=log");
    await(w, "warning limit.reached level=instance job=cpu.1 limit=guard_cpu * by=sampler");
    make_file(w, "go");
    await(w, "limit.reached level=instance job=late.1 limit=guard_handles");
    expect_lines(w, "limit.reached", 5);
    assert_in_range(logged(w, "limit.reached * job=handles.1", 0, "measured"), 1001, 8192);
    assert_in_range(logged(w, "limit.reached * job=threads.1", 0, "measured"), 31, 60);
    assert_in_range(logged(w, "limit.reached * job=commit.1", 0, "measured"), 32 * MIB + 1,
                    80 * MIB);
    uint64_t least = logged(w, "limit.reached * job=cpu.1", 0, "configured");
    assert_in_range(logged(w, "limit.reached * job=cpu.1", 0, "measured"), least + 1, 10000);
    assert_true(people_all_alive(&w->people));
    expect_lines(w, "job.ended", 0);
    service_stop(w);
}

static void guard__its_job_falls_below_and_rises_again__is_told_again(struct world *w)
{
    make_batch(w, "waves.cmd",
               "@@worker --leak 67108864 --wait-file first\r\n"
               "@@worker --wait-file second\r\n"
               "@@worker --leak 67108864 --hold\r\n");
    job_file(w, OFTEN "[job:waves]\ncommand = .\\waves.cmd\nguard_commit = 48M\n"
                      "notify_job_memory_low = 24M\n");
    service_start(w);
    sampler_must_hold(w, "notify_job_memory_low");
    await_n(w, "limit.reached * job=waves.1 limit=guard_commit", 1);
    /* Below it from its start on, but that is no news. */
    expect_lines(w, "limit.reached * limit=notify_job_memory_low", 0);
    make_file(w, "first");
    await(w, "warning limit.reached level=instance job=waves.1 limit=notify_job_memory_low "
             "configured=25165824 * by=sampler reaction=log");
    assert_in_range(logged(w, "limit.reached * limit=notify_job_memory_low", 0, "measured"), 1,
                    24 * MIB - 1);
    make_file(w, "second");
    await_n(w, "limit.reached * job=waves.1 limit=guard_commit", 2);
    expect_lines(w, "limit.reached", 3);
    service_stop(w);
}

static void notify_job_memory_high__is_exceeded__is_told_and_nothing_is_ended(struct world *w)
{
    job_file(w, OFTEN "[job:big]\ncommand = @worker --leak 67108864 --hold\n"
                      "notify_job_memory_high = 48M\njob_memory_limit = 256M\n");
    service_start(w);
    sampler_must_hold(w, "notify_job_memory_high");
    HANDLE worker = worker_of(w, "big.1");
    const char *const reached = "warning limit.reached level=instance job=big.1 "
                                "limit=notify_job_memory_high configured=50331648 * by=sampler";
    await(w, reached);
    assert_in_range(logged(w, reached, 0, "measured"), 48 * MIB + 1, 80 * MIB);
    assert_false(process_gone(worker));
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "limit.reached", 1);
}

/* A total stays exceeded for ever: it is told again only when it has grown by as much again. */
static void notify_job_time__worker_burns_many_times_that__is_told_at_each_multiple(struct world *w)
{
    job_file(w, OFTEN "[job:busy]\ncommand = @worker --burn 2000 --hold\nstdout = busy.txt\n"
                      "notify_job_time = 400ms\n");
    service_start(w);
    sampler_must_hold(w, "notify_job_time");
    const char *const reached = "warning limit.reached level=instance job=busy.1 "
                                "limit=notify_job_time configured=400 * by=sampler";
    await_n(w, reached, 2);
    await_file(w, "busy.txt", "burn ok 2000", 1, NULL);
    assert_int_equal(service_stop(w), 0);
    size_t n = lines_matching(log_now(w), reached);
    assert_in_range(n, 2, 6);
    uint64_t last = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t multiple = logged(w, reached, i, "measured") / 400;
        assert_true(multiple > last);
        last = multiple;
    }
}

static void guards__of_a_group__count_all_its_members(struct world *w)
{
    job_file(w, OFTEN "[group:pool]\nguard_threads = 50\n"
                      "[defaults]\ncommand = @worker --threads 20 --hold\n"
                      "[job:few]\ngroup = pool\ninstances = 2\n"
                      "[job:more]\ngroup = pool\ncommand = @worker --wait-file go --threads 20 "
                      "--hold\n"
                      "[job:apart]\ninstances = 2\nstdout = apart.${instance}.txt\n");
    service_start(w);
    await_n(w, "job.started", 5);
    await_file(w, "apart.2.txt", "threads ok", 1, NULL);
    make_file(w, "go");
    await(w, "warning limit.reached level=group name=pool limit=guard_threads configured=50 * "
             "by=sampler reaction=log");
    assert_in_range(logged(w, "limit.reached * name=pool", 0, "measured"), 51, 90);
    expect_lines(w, "limit.reached", 1);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(guards__each_is_exceeded__is_told_once_and_the_workers_go_on),
        E2E(guard__its_job_falls_below_and_rises_again__is_told_again),
        E2E(notify_job_memory_high__is_exceeded__is_told_and_nothing_is_ended),
        E2E(notify_job_time__worker_burns_many_times_that__is_told_at_each_multiple),
        E2E(guards__of_a_group__count_all_its_members),
    };
    return cmocka_run_group_tests_name("limits that only tell", tests, NULL, NULL);
}
