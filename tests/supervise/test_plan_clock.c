/* test_plan_clock.c - schedules and a clock that is set, take-overs and other jobs; rolling
 * restarts at times. */
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

/* --- a clock that is set ---------------------------------------------------------------------- */
static void clock__set_forward_over_many_times__runs_once(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, hourly(UINT64_C(1) << 10, "10 * * * *"));
    fake_until(&f, 5 * MINUTE);
    f.wall = 100 * (int64_t)HOUR;
    fake_until(&f, 6 * MINUTE + 1000); /* it is looked at once a minute */
    assert_int_equal(f.job[0].spawns, 1);
    run_for(&f, 0, 1000, 0);
    fake_until(&f, 10 * MINUTE - 1);
    assert_int_equal(f.job[0].spawns, 1);
    fake_until(&f, 10 * MINUTE);
    assert_int_equal(f.job[0].spawns, 2);
    fake_close(&f);
}

static void clock__set_back__does_not_wait_for_the_time_that_was_computed_before(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    f.spec[0].schedule = hourly(UINT64_C(1) << 10, "10 * * * *");
    f.spec[1].schedule = every(10 * MINUTE, "every 10m");
    f.wall = 100 * (int64_t)HOUR;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, 20 * MINUTE);
    assert_int_equal(f.job[0].spawns, 1);
    fake_exit(&f, 0, 0);
    fake_exit(&f, 1, 0);
    f.wall = 0; /* 00:20 of the first day, and not four days later */
    fake_until(&f, HOUR + 10 * MINUTE);
    assert_int_equal(f.job[0].spawns, 2);
    assert_int_equal(f.job[1].spawns, 2);
    fake_close(&f);
}

static void clock__set_back_a_little__does_not_run_the_same_time_twice(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, hourly(UINT64_C(1) << 10, "10 * * * *"));
    fake_until(&f, 10 * MINUTE);
    run_for(&f, 0, 1000, 0);
    f.wall = -30000; /* 00:09:31 again: a correction by the time service */
    fake_until(&f, 50 * MINUTE);
    assert_int_equal(f.job[0].spawns, 1);
    fake_close(&f);
}

/* --- restart_schedule ------------------------------------------------------------------------- */
static void restart_schedule__due__rolls_through_the_instances(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a3", NULL, NULL);
    SET_EACH(&s.set[0], 0, restart_schedule, hourly(UINT64_C(1) << 10, "10 * * * *"));
    scene_run(&s);
    sup_stop(s.f.sup, 2); /* what is down stays down */
    scene_live(&s, 1000);
    fake_log_clear(&s.f);
    scene_live(&s, 10 * MINUTE - s.f.now + 5000);
    fake_log_is(&s.f, "600000 a.0 roll restart_schedule (2)\n"
                      "600000 a.0 stopping schedule\n"
                      "600000 a.0 rung ctrl-c 10000\n"
                      "600000 a.0 ended schedule 0 ran 599000\n"
                      "600000 a.0 release\n"
                      "600000 a.0 backoff 0\n"
                      "600000 a.0 started\n"
                      "601000 a.1 stopping schedule\n"
                      "601000 a.1 rung ctrl-c 10000\n"
                      "601000 a.1 ended schedule 0 ran 600000\n"
                      "601000 a.1 release\n"
                      "601000 a.1 backoff 0\n"
                      "601000 a.1 started\n"
                      "602000 a.0 rolled\n");
    scene_live(&s, HOUR);
    assert_int_equal(s.f.tales[H_ROLLED], 2);
    assert_int_equal(s.f.job[2].spawns, 1);
    scene_close(&s);
}

static void restart_schedule__policy_never__comes_up_all_the_same(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", NULL, NULL);
    SET_EACH(&s.set[0], 0, restart_schedule, hourly(UINT64_C(1) << 10, "10 * * * *"));
    SET_EACH(&s.set[0], 0, restart, RESTART_NEVER);
    scene_run(&s);
    scene_live(&s, 11 * MINUTE);
    scene_is(&s, "a.0", S_RUNNING);
    assert_int_equal(s.f.job[0].spawns, 2);
    assert_int_equal(scene_unit(&s, "a.0")->last.cause, CAUSE_SCHEDULE);
    scene_close(&s);
}

/* --- take-over -------------------------------------------------------------------------------- */
static void sup_take__schedule_unchanged__keeps_its_next_time(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", "a1", "a1");
    s.set[0].spec[0].schedule = s.set[1].spec[0].schedule = every(10 * MINUTE, "every 10m");
    s.set[2].spec[0].schedule = every(2 * MINUTE, "every 2m");
    s.set[1].spec[0].restart_delay = 77;
    scene_run(&s);
    scene_live(&s, 8 * MINUTE);
    scene_take(&s, 1);
    fake_until(&s.f, FAKE_EPOCH + 10 * MINUTE);
    scene_is(&s, "a.0", S_RUNNING);
    run_for(&s.f, 0, 1000, 0);
    fake_until(&s.f, 12 * MINUTE);
    scene_take(&s, 2); /* another one: from now on */
    fake_until(&s.f, 14 * MINUTE - 1);
    assert_int_equal(s.f.job[0].spawns, 1);
    fake_until(&s.f, 14 * MINUTE);
    assert_int_equal(s.f.job[0].spawns, 2);
    scene_close(&s);
}

static void sup_take__command_of_those_that_await_their_schedule__next_runs_are_by_it(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a3", "a3", NULL);
    for (size_t i = 0; i < 2; i++)
        SET_EACH(&s.set[i], 0, schedule, every(10 * MINUTE, "every 10m"));
    SET_EACH(&s.set[1], 0, command, "new.exe");
    scene_run(&s);
    fake_until(&s.f, FAKE_EPOCH + 10 * MINUTE);
    for (size_t i = 0; i < 3; i++)
        fake_exit(&s.f, i, 0);
    assert_int_equal(scene_count(&s, S_EXITED), 3);
    scene_take(&s, 1);
    scene_live(&s, MINUTE);
    assert_int_equal(s.f.tales[H_STARTED], 3); /* not before it is due */
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    fake_until(&s.f, FAKE_EPOCH + 20 * MINUTE);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(s.f.job[i].spawns, 2);
        assert_true(s.f.job[i].spec == &s.set[1].spec[i]);
    }
    assert_int_equal(s.f.tales[H_ROLL], 0);
    scene_close(&s);
}

static void sup_take__schedule_removed__runs_as_an_ordinary_job(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", "a1", NULL);
    s.set[0].spec[0].schedule = every(10 * MINUTE, "every 10m");
    scene_run(&s);
    scene_is(&s, "a.0", S_WAITING);
    scene_take(&s, 1);
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_RUNNING);
    scene_close(&s);
}

static void sup_take__schedule_added_to_one_that_runs__lets_this_run_end(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", "a1", NULL);
    s.set[1].spec[0].schedule = every(10 * MINUTE, "every 10m");
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 1000);
    assert_int_equal(s.f.job[0].asks, 0);
    fake_exit(&s.f, 0, 0);
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_EXITED);
    fake_until(&s.f, MINUTE + 10 * MINUTE);
    scene_is(&s, "a.0", S_RUNNING);
    scene_close(&s);
}

/* --- others and schedules --------------------------------------------------------------------- */
static void after__a_job_that_waits_for_its_schedule__does_not_wait_for_it(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    fake_needs(&f, 0, 1, false);
    f.spec[1].schedule = every(10 * MINUTE, "every 10m");
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_close(&f);
}

static void requires__scheduled_job_has_not_run_yet__waits_until_it_has(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    fake_needs(&f, 0, 1, true);
    f.spec[1].schedule = every(10 * MINUTE, "every 10m");
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, 5 * MINUTE);
    assert_int_equal(fake_unit(&f, 0)->at, S_WAITING);
    fake_until(&f, FAKE_EPOCH + 10 * MINUTE);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    run_for(&f, 1, 1000, 0);
    fake_until(&f, HOUR);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    assert_int_equal(f.job[0].spawns, 1);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock__set_forward_over_many_times__runs_once),
        cmocka_unit_test(clock__set_back__does_not_wait_for_the_time_that_was_computed_before),
        cmocka_unit_test(clock__set_back_a_little__does_not_run_the_same_time_twice),
        cmocka_unit_test(restart_schedule__due__rolls_through_the_instances),
        cmocka_unit_test(restart_schedule__policy_never__comes_up_all_the_same),
        cmocka_unit_test(sup_take__schedule_unchanged__keeps_its_next_time),
        cmocka_unit_test(sup_take__command_of_those_that_await_their_schedule__next_runs_are_by_it),
        cmocka_unit_test(sup_take__schedule_removed__runs_as_an_ordinary_job),
        cmocka_unit_test(sup_take__schedule_added_to_one_that_runs__lets_this_run_end),
        cmocka_unit_test(after__a_job_that_waits_for_its_schedule__does_not_wait_for_it),
        cmocka_unit_test(requires__scheduled_job_has_not_run_yet__waits_until_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
