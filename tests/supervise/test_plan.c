/* test_plan.c - jobs that run when a schedule says so, and rolling restarts that one brings about.
 * The clock on the wall is the fake one's, in UTC. */
#include "tests/supervise/scene.h"
#include "tests/supervise/times.h"

/* The unit ends with CODE after MS. */
static void run_for(struct fake *f, size_t slot, uint64_t ms, uint32_t code)
{
    fake_until(f, f->now + ms);
    fake_exit(f, slot, code);
    fake_settle(f);
}

static void open_by(struct fake *f, struct schedule when)
{
    fake_open(f, 1);
    f->spec[0].schedule = when;
    fake_supervise(f);
    sup_start_all(f->sup);
    fake_settle(f);
}

static void schedule__cron__runs_when_it_is_due_and_not_in_between(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, hourly(UINT64_C(1) << 10 | UINT64_C(1) << 30, "10,30 * * * *"));
    assert_int_equal(fake_unit(&f, 0)->waits, WAIT_SCHEDULE);
    fake_until(&f, 10 * MINUTE);
    run_for(&f, 0, 5000, 0);
    fake_until(&f, 30 * MINUTE);
    run_for(&f, 0, 5000, 0);
    fake_until(&f, HOUR + 10 * MINUTE - 1);
    fake_log_is(&f, "1000 a.0 waiting its schedule\n"
                    "600000 a.0 started\n"
                    "605000 a.0 ended exit 0 ran 5000\n"
                    "605000 a.0 release\n"
                    "605000 a.0 done succeeded, until schedule is due\n"
                    "1800000 a.0 started\n"
                    "1805000 a.0 ended exit 0 ran 5000\n"
                    "1805000 a.0 release\n"
                    "1805000 a.0 done succeeded, until schedule is due\n");
    assert_false(sup_all_final(f.sup)); /* it is going to run again */
    assert_int_equal(fake_unit(&f, 0)->at, S_EXITED);
    fake_close(&f);
}

static void schedule__every__keeps_in_step_with_the_first(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, every(10 * MINUTE, "every 10m"));
    for (uint64_t i = 1; i <= 5; i++) {
        fake_until(&f, FAKE_EPOCH + i * 10 * MINUTE - 1);
        assert_int_equal(f.job[0].spawns, i - 1);
        fake_until(&f, FAKE_EPOCH + i * 10 * MINUTE);
        assert_int_equal(f.job[0].spawns, i);
        run_for(&f, 0, i * 1000, 0);
    }
    fake_close(&f);
}

static void schedule__due_several_times_while_it_runs__one_catch_up_right_after(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, every(10 * MINUTE, "every 10m"));
    fake_until(&f, FAKE_EPOCH + 10 * MINUTE);
    run_for(&f, 0, 35 * MINUTE, 0); /* misses three */
    run_for(&f, 0, 1000, 0);
    fake_until(&f, FAKE_EPOCH + 50 * MINUTE);
    fake_log_is(&f, "1000 a.0 waiting its schedule\n"
                    "601000 a.0 started\n"
                    "1201000 a.0 missed it runs once more when this run is over\n"
                    "2701000 a.0 ended exit 0 ran 2100000\n"
                    "2701000 a.0 release\n"
                    "2701000 a.0 done succeeded, until schedule is due\n"
                    "2701000 a.0 started\n"
                    "2702000 a.0 ended exit 0 ran 1000\n"
                    "2702000 a.0 release\n"
                    "2702000 a.0 done succeeded, until schedule is due\n"
                    "3001000 a.0 started\n");
    fake_close(&f);
}

static void schedule__fails_while_one_was_missed__still_one_catch_up(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].schedule = every(10 * MINUTE, "every 10m");
    f.spec[0].restart = RESTART_NEVER;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, FAKE_EPOCH + 10 * MINUTE);
    run_for(&f, 0, 15 * MINUTE, 1);
    assert_int_equal(f.job[0].spawns, 2);
    run_for(&f, 0, 1000, 1);
    assert_int_equal(f.job[0].spawns, 2);
    assert_int_equal(fake_unit(&f, 0)->at, S_FAILED);
    fake_until(&f, FAKE_EPOCH + 30 * MINUTE); /* a failure is no reason not to run again */
    assert_int_equal(f.job[0].spawns, 3);
    fake_close(&f);
}

static void schedule__run_fails__is_tried_again_by_restart_and_not_by_the_schedule(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].schedule = every(10 * MINUTE, "every 10m");
    f.spec[0].restart = RESTART_ON_FAILURE;
    f.spec[0].restart_first_delay = 4000;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, FAKE_EPOCH + 10 * MINUTE);
    fake_log_clear(&f);
    run_for(&f, 0, 1000, 1);
    fake_until(&f, FAKE_EPOCH + 10 * MINUTE + 5000);
    run_for(&f, 0, 1000, 0);
    fake_until(&f, FAKE_EPOCH + 20 * MINUTE - 1);
    fake_log_is(&f, "602000 a.0 ended exit 1 ran 1000\n"
                    "602000 a.0 release\n"
                    "602000 a.0 backoff 4000\n"
                    "606000 a.0 started\n"
                    "607000 a.0 ended exit 0 ran 1000\n"
                    "607000 a.0 release\n"
                    "607000 a.0 done succeeded, until schedule is due\n");
    fake_close(&f);
}

static void schedule__due_in_backoff__runs_at_once(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].schedule = every(10 * MINUTE, "every 10m");
    f.spec[0].restart_first_delay = HOUR;
    f.spec[0].restart_delay_max = HOUR;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, FAKE_EPOCH + 10 * MINUTE);
    run_for(&f, 0, 1000, 1);
    assert_int_equal(fake_unit(&f, 0)->at, S_BACKOFF);
    fake_until(&f, FAKE_EPOCH + 20 * MINUTE);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_close(&f);
}

static void schedule__operator_starts_or_stops_it__at_once_and_for_good(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, every(10 * MINUTE, "every 10m"));
    fake_until(&f, 2 * MINUTE);
    sup_start(f.sup, 0);
    fake_settle(&f);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    run_for(&f, 0, 1000, 0);
    fake_until(&f, FAKE_EPOCH + 10 * MINUTE);
    assert_int_equal(f.job[0].spawns, 2); /* the schedule goes on as it was */
    run_for(&f, 0, 1000, 0);
    sup_stop(f.sup, 0);
    fake_until(&f, 3 * HOUR);
    assert_int_equal(f.job[0].spawns, 2);
    sup_start(f.sup, 0);
    fake_settle(&f);
    assert_int_equal(f.job[0].spawns, 3);
    fake_close(&f);
}

static void schedule__stopped_in_a_run_that_missed_one__does_not_run_again(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, every(10 * MINUTE, "every 10m"));
    fake_until(&f, FAKE_EPOCH + 25 * MINUTE);
    assert_int_equal(f.tales[H_MISSED], 1);
    sup_stop(f.sup, 0);
    fake_exit(&f, 0, 0);
    fake_until(&f, 3 * HOUR);
    assert_int_equal(f.job[0].spawns, 1);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPED);
    fake_close(&f);
}

static void schedule__fleet_stops__nothing_is_due_any_more(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, every(10 * MINUTE, "every 10m"));
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, 30000);
    assert_true(sup_all_down(f.sup));
    assert_true(f.fleet_alarm == 0);
    sup_alarm(f.sup, SLOT_FLEET);
    fake_until(&f, HOUR);
    assert_int_equal(f.job[0].spawns, 0);
    fake_close(&f);
}

static void overlap__each_time__starts_the_lowest_that_is_idle(void **state)
{
    (void)state;
    struct definitions d;
    struct fake f;
    definitions_open(&d, "a3");
    SET_EACH(&d, 0, schedule, every(10 * MINUTE, "every 10m"));
    SET_EACH(&d, 0, overlap, YES);
    fake_open_jobs(&f, &d);
    fake_supervise(&f);
    sup_start_all(f.sup);
    for (uint64_t i = 1; i <= 2; i++)
        fake_until(&f, FAKE_EPOCH + i * 10 * MINUTE);
    fake_exit(&f, 0, 0);
    for (uint64_t i = 3; i <= 6; i++) /* a.0 once more, then a.2, then nobody is idle */
        fake_until(&f, FAKE_EPOCH + i * 10 * MINUTE);
    fake_log_is(&f, "1000 a.0 waiting its schedule\n"
                    "1000 a.1 waiting its schedule\n"
                    "1000 a.2 waiting its schedule\n"
                    "601000 a.0 started\n"
                    "1201000 a.1 started\n"
                    "1201000 a.0 ended exit 0 ran 600000\n"
                    "1201000 a.0 release\n"
                    "1201000 a.0 done succeeded, until schedule is due\n"
                    "1801000 a.0 started\n"
                    "2401000 a.2 started\n"
                    "3001000 a.0 missed all instances run already\n"
                    "3601000 a.0 missed all instances run already\n");
    fake_close(&f);
    definitions_close(&d);
}

static void schedule__three_instances_without_overlap__all_run_each_time(void **state)
{
    (void)state;
    struct definitions d;
    struct fake f;
    definitions_open(&d, "a3");
    SET_EACH(&d, 0, schedule, every(10 * MINUTE, "every 10m"));
    fake_open_jobs(&f, &d);
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, FAKE_EPOCH + 10 * MINUTE);
    assert_int_equal(f.tales[H_STARTED], 3);
    fake_close(&f);
    definitions_close(&d);
}

static void schedule_jitter__run_is_up_to_that_late__the_next_one_counts_from_its_time(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].schedule = hourly(UINT64_C(1) << 10, "10 * * * *");
    f.spec[0].schedule_jitter = 4 * MINUTE;
    f.random = 90001; /* the hands' 64 bits, modulo the jitter */
    uint64_t late = (UINT64_C(90001) << 32 | 90001) % (4 * MINUTE + 1);
    fake_supervise(&f);
    sup_start_all(f.sup);
    assert_in_range(late, 1, 4 * MINUTE);
    for (uint64_t i = 0; i < 3; i++) {
        fake_until(&f, i * HOUR + 10 * MINUTE + late - 1);
        assert_int_equal(f.job[0].spawns, i);
        fake_until(&f, i * HOUR + 10 * MINUTE + late);
        assert_int_equal(f.job[0].spawns, i + 1);
        run_for(&f, 0, 1000, 0);
    }
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedule__cron__runs_when_it_is_due_and_not_in_between),
        cmocka_unit_test(schedule__every__keeps_in_step_with_the_first),
        cmocka_unit_test(schedule__due_several_times_while_it_runs__one_catch_up_right_after),
        cmocka_unit_test(schedule__fails_while_one_was_missed__still_one_catch_up),
        cmocka_unit_test(schedule__run_fails__is_tried_again_by_restart_and_not_by_the_schedule),
        cmocka_unit_test(schedule__due_in_backoff__runs_at_once),
        cmocka_unit_test(schedule__operator_starts_or_stops_it__at_once_and_for_good),
        cmocka_unit_test(schedule__stopped_in_a_run_that_missed_one__does_not_run_again),
        cmocka_unit_test(schedule__fleet_stops__nothing_is_due_any_more),
        cmocka_unit_test(overlap__each_time__starts_the_lowest_that_is_idle),
        cmocka_unit_test(schedule__three_instances_without_overlap__all_run_each_time),
        cmocka_unit_test(
            schedule_jitter__run_is_up_to_that_late__the_next_one_counts_from_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
