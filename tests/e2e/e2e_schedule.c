/* e2e_schedule.c - jobs that run at times and end, and restarts at times.  The log shows what comes
 * after what; nothing is timed. */
#include "harness_limits.h"
#include "harness_reload.h"

#include <stdlib.h>

/* --- runs -------------------------------------------------------------------------------- */
/* Each of the first N runs of UNIT ends before the next begins. */
static void expect_one_by_one(struct world *w, const char *unit, size_t n)
{
    char *started = path_f("job.started job=%s", unit), *ended = path_f("job.ended job=%s", unit);
    struct str log = log_now(w);
    const char *last = log.p;
    for (size_t i = 0; i < n; i++) {
        struct str from = line_of(log, started, i), to = line_of(log, ended, i);
        if (!from.p || !to.p || from.p < last || to.p < from.p)
            fail_msg("run %zu of %s did not begin after the one before, and end", i + 1, unit);
        last = to.p;
    }
    free(started);
    free(ended);
}

static void every__a_short_job__runs_and_ends_again_and_again(struct world *w)
{
    job_file(w, "[job:tick]\ncommand = @worker --touch ran --exit 0\nschedule = every 2s\n");
    service_start(w);
    await(w, "job.waiting job=tick.1 for=\"its schedule\"");
    await_n(w, "job.exited job=tick.1", 3);
    expect_one_by_one(w, "tick.1", 3);
    expect_lines(w, "job.waiting job=tick.1", 1);
    expect_lines(w, "job.backoff", 0);
    await_file(w, "ran", "", 3, NULL);
    service_ctrl_c(w); /* perhaps while it runs */
    assert_int_equal(service_wait(w), 0);
}

static void before_its_time__the_job__is_not_started_and_the_service_stays(struct world *w)
{
    job_file(w, "[job:late]\ncommand = @worker --exit 0\nschedule = every 1h\n"
                "[job:never]\ncommand = @worker --exit 0\nschedule = 0 0 29 2 *\n");
    service_start(w);
    await(w, "job.waiting job=late.1 for=\"its schedule\"");
    await(w, "job.waiting job=never.1 for=\"its schedule\"");
    reload_ring(w); /* the loop turns */
    await(w, "config.taken * same=2");
    expect_lines(w, "job.started", 0);
    assert_int_equal(service_stop(w), 0);
}

static void run_long(struct world *w, const char *every)
{
    file_anew(w);
    job_file(w,
             "[job:long]\ncommand = @worker --wait-file go --exit 0\nstop = terminate\n"
             "schedule = every %s\n",
             every);
}

/* Its times come thrice at least, as the other job's show, and are made up for once. */
static void run__longer_than_its_interval__is_made_up_for_once_right_after(struct world *w)
{
    run_long(w, "1s");
    job_file(w, "[job:tick]\ncommand = @worker --exit 0\nschedule = every 1s\n");
    service_start(w);
    await(w, "job.started job=long.1");
    await(w, "warning job.schedule_missed job=long.1 * follows=*once more");
    size_t ticks = lines_matching(log_now(w), "job.exited job=tick.1");
    await_n(w, "job.exited job=tick.1", ticks + 3);
    expect_starts(w, "long.1", 1);
    expect_lines(w, "job.schedule_missed job=long.1", 1);
    run_long(w, "1h"); /* nothing more is due from now on */
    reload_expect(w, "same=0 live=1 relimit=0 roll=0 added=0 removed=1");
    make_file(w, "go");
    await_n(w, "job.exited job=long.1", 2);
    expect_one_by_one(w, "long.1", 2);
    reload_ring(w);
    await_n(w, "config.taken", 2);
    expect_starts(w, "long.1", 2);
    assert_int_equal(service_stop(w), 0);
}

static void run__that_fails__is_the_restart_policys_until_the_next_time(struct world *w)
{
    job_file(w, "[job:bad]\ncommand = @worker --exit 3\nrestart = never\nschedule = every 1s\n");
    service_start(w);
    await_n(w, "job.failed job=bad.1 reason=*restart = never", 2);
    expect_one_by_one(w, "bad.1", 2);
    service_ctrl_c(w);
    assert_in_range(service_wait(w), 0, 1); /* 0: it ran just then, and was stopped */
}

static void overlap__runs_that_last__the_lowest_idle_instance_is_started_each_time(struct world *w)
{
    job_file(w, "[job:many]\ncommand = @worker --wait-file go --exit 0\nstop = terminate\n"
                "instances = 3\noverlap = yes\nschedule = every 1s\n");
    service_start(w);
    await(w, "warning job.schedule_missed job=many.1 * follows=\"all instances run already\"");
    expect_lines(w, "job.started", 3);
    expect_lines(w, "job.ended", 0); /* three at once */
    expect_order(w, "job.started job=many.1", "job.started job=many.2");
    expect_order(w, "job.started job=many.2", "job.started job=many.3");
    make_file(w, "go");
    await_n(w, "job.started job=many.1", 2);
    for (int i = 1; i <= 3; i++) {
        char *ended = path_f("job.ended job=many.%d", i);
        await(w, ended);
        free(ended);
    }
    service_ctrl_c(w);
    assert_int_equal(service_wait(w), 0);
}

/* --- restarts ---------------------------------------------------------------------------- */
static void restart_schedule__every_few_seconds__rolls_through_the_instances(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nstop = terminate\ninstances = 2\n"
                "restart_schedule = every 3s\n"
                "[job:other]\ncommand = @worker --hold\nstop = terminate\n");
    service_start(w);
    HANDLE first = worker_of(w, "web.1"), second = worker_of(w, "web.2");
    HANDLE other = worker_of(w, "other.1");
    await(w, "job.roll job=web instances=2 reason=restart_schedule");
    await_n(w, "job.rolled job=web", 2);
    process_wait(first);
    process_wait(second);
    assert_false(process_gone(other));
    struct str log = log_now(w);
    assert_true(lines_matching(log, "job.ended job=web.1 * cause=schedule") >= 2);
    assert_true(lines_matching(log, "job.ended job=web.2 * cause=schedule") >= 2);
    assert_true(line_of(log, "job.ready job=web.1", 1).p <
                line_of(log, "job.stopping job=web.2", 0).p);
    expect_lines(w, "job.failed", 0);
    expect_starts(w, "other.1", 1);
    service_ctrl_c(w);
    assert_int_equal(service_wait(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(every__a_short_job__runs_and_ends_again_and_again),
        E2E(before_its_time__the_job__is_not_started_and_the_service_stays),
        E2E(run__longer_than_its_interval__is_made_up_for_once_right_after),
        E2E(run__that_fails__is_the_restart_policys_until_the_next_time),
        E2E(overlap__runs_that_last__the_lowest_idle_instance_is_started_each_time),
        E2E(restart_schedule__every_few_seconds__rolls_through_the_instances),
    };
    return cmocka_run_group_tests_name("schedules", tests, NULL, NULL);
}
