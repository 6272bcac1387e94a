/* test_found.c - what reading the supervisor again has found: orders and take-overs that meet
 * something that is under way. */
#include "tests/supervise/scene.h"

static struct schedule every(uint64_t ms, const char *text)
{
    return (struct schedule){.kind = SCHEDULE_EVERY, .every_ms = ms, .text = text};
}

static void roll__with_start_delay__is_a_restart_and_does_not_wait(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a2", "a2", NULL);
    SET_EACH(&s.set[0], 0, start_delay, 10000);
    SET_EACH(&s.set[1], 0, start_delay, 10000);
    scene_command(&s, 1, "new.exe");
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 3000);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    assert_int_equal(scene_with(&s, 1), 2);
    scene_close(&s);
}

static void roll__by_its_schedule_when_the_same_file_is_taken__goes_on(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a4", "a4", NULL);
    for (size_t i = 0; i < 2; i++)
        SET_EACH(&s.set[i], 0, restart_schedule, every(100000, "every 100s"));
    scene_run(&s);
    scene_live(&s, 42500); /* a.0 is done, a.1 comes up */
    assert_int_equal(s.f.job[1].spawns, 2);
    assert_int_equal(s.f.job[2].spawns, 1);
    scene_take(&s, 1);
    scene_live(&s, 10000);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(s.f.job[i].spawns, 2);
        assert_int_equal(fake_unit(&s.f, i)->spec - s.set[1].spec, i);
    }
    assert_int_equal(s.f.tales[H_ROLL], 1);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    scene_close(&s);
}

static void roll__to_what_never_is_ready__gives_way_to_the_next_definition(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a3", "a3", "a3");
    scene_command(&s, 1, "bad.exe");
    SET_EACH(&s.set[1], 0, ready, ((struct ready){READY_EVENT, 0, ""}));
    SET_EACH(&s.set[1], 0, ready_timeout, 0);
    scene_command(&s, 2, "good.exe");
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 5000);
    scene_is(&s, "a.0", S_STARTING);
    scene_take(&s, 2);
    scene_live(&s, 10000);
    assert_int_equal(scene_count(&s, S_RUNNING), 3);
    assert_int_equal(scene_with(&s, 2), 3);
    assert_false(sup_uses(s.f.sup, &s.set[1].config));
    scene_close(&s);
}

static void roll__to_a_schedule__ends_without_waiting_for_its_time(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a3", "a3", NULL);
    scene_command(&s, 1, "new.exe");
    SET_EACH(&s.set[1], 0, schedule, every(3600000, "every 1h"));
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 5000);
    assert_int_equal(scene_count(&s, S_WAITING), 3);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    scene_close(&s);
}

static void roll__lower_ones_are_freed_during_it__skips_nobody(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a8", "a6", NULL);
    scene_command(&s, 1, "new.exe");
    for (uint32_t i = 0; i < 6; i++) {
        s.set[1].spec[i].instance = i + 2;
        s.set[1].spec[i].unit[2] = (char)('2' + i);
    }
    SET_EACH(&s.set[0], 0, stop, ((struct ladder){1, {{RUNG_CTRL_C, 2500}}}));
    scene_run(&s);
    s.f.obeys = 0; /* a.0 and a.1 are freed when a.2 and a.3 are on their way */
    scene_take(&s, 1);
    scene_live(&s, 60000);
    assert_int_equal(s.f.tales[H_REMOVED], 2);
    assert_int_equal(scene_with(&s, 1), 6);
    assert_int_equal(scene_count(&s, S_RUNNING), 6);
    scene_close(&s);
}

static void roll__one_that_has_failed_is_stopped_before_its_turn__is_not_started(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a3", "a3", NULL);
    for (size_t i = 0; i < 2; i++)
        SET_EACH(&s.set[i], 0, restart, RESTART_NEVER);
    scene_command(&s, 1, "new.exe");
    scene_run(&s);
    fake_exit(&s.f, 2, 1);
    scene_take(&s, 1);
    sup_stop(s.f.sup, 2);
    scene_live(&s, 10000);
    scene_is(&s, "a.2", S_FAILED);
    assert_int_equal(s.f.job[2].spawns, 1);
    assert_int_equal(scene_with(&s, 1), 3);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    scene_close(&s);
}

static void start__while_max_runtime_or_its_own_end_brings_it_down__runs_again(void **state)
{
    (void)state;
    for (int own = 0; own < 2; own++) {
        struct scene s;
        scene_open(&s, "a1", NULL, NULL);
        SET_EACH(&s.set[0], 0, restart, RESTART_NEVER);
        SET_EACH(&s.set[0], 0, max_runtime, own ? 0 : 60000);
        scene_run(&s);
        s.f.obeys = 0;
        s.f.kill_ms = 500;
        if (own) {
            s.f.job[0].members = 2;
            fake_exit(&s.f, 0, 3);
        } else {
            scene_live(&s, 2000);
        }
        scene_is(&s, "a.0", S_STOPPING);
        sup_start(s.f.sup, 0);
        scene_live(&s, 15000);
        scene_is(&s, "a.0", S_RUNNING);
        assert_int_equal(s.f.record[0].end.cause, own ? CAUSE_EXIT : CAUSE_MAX_RUNTIME);
        scene_close(&s);
    }
}

static void stop__while_max_runtime_brings_it_down__keeps_that_cause(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", NULL, NULL);
    SET_EACH(&s.set[0], 0, max_runtime, 60000);
    scene_run(&s);
    s.f.obeys = 0;
    scene_live(&s, 2000);
    sup_stop(s.f.sup, 0);
    scene_live(&s, 15000);
    scene_is(&s, "a.0", S_STOPPED);
    assert_int_equal(s.f.record[0].end.cause, CAUSE_MAX_RUNTIME);
    scene_close(&s);
}

static void take__gone_and_back_while_on_limit_stop_ends_it__runs_again(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1", "b1", "a1 b1");
    scene_run(&s);
    s.f.obeys = 0;
    sup_limit(s.f.sup, s.f.job[0].id, LIMIT_JOB_MEMORY, REACTION_STOP);
    scene_take(&s, 1);
    scene_live(&s, 1000);
    scene_take(&s, 2);
    scene_live(&s, 30000);
    scene_is(&s, "a.0", S_RUNNING);
    scene_close(&s);
}

static void plan__overlap_and_all_stopped_by_order__nothing_is_missed(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a2", NULL, NULL);
    SET_EACH(&s.set[0], 0, overlap, YES);
    SET_EACH(&s.set[0], 0, schedule, every(30000, "every 30s"));
    scene_run(&s);
    sup_stop(s.f.sup, 0);
    sup_stop(s.f.sup, 1);
    scene_live(&s, 100000);
    assert_int_equal(s.f.tales[H_MISSED], 0);
    assert_int_equal(scene_count(&s, S_STOPPED), 2);
    scene_close(&s);
}

static void health__a_command_waits_for_others_longer_than_its_time__has_not_failed(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", NULL, NULL);
    SET_EACH(&s.set[0], 0, health_command, "probe.exe");
    scene_run(&s);
    for (int i = 0; i < 3; i++) {
        while (s.f.job[0].check.serial == 0)
            scene_live(&s, 100);
        scene_live(&s, 60000);
        assert_int_equal(s.f.tales[H_UNHEALTHY], 0);
        fake_answer(&s.f, 0, true);
    }
    scene_is(&s, "a.0", S_RUNNING);
    scene_close(&s);
}

static void watchdog__the_machine_was_asleep__is_given_the_rest_of_its_time(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", NULL, NULL);
    SET_EACH(&s.set[0], 0, watchdog, 120000);
    scene_run(&s);
    s.f.now += 600000;
    fake_settle(&s.f);
    scene_is(&s, "a.0", S_RUNNING);
    scene_live(&s, 62000);
    assert_int_equal(s.f.records, 1);
    assert_int_equal(s.f.record[0].end.cause, CAUSE_WATCHDOG);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roll__with_start_delay__is_a_restart_and_does_not_wait),
        cmocka_unit_test(roll__by_its_schedule_when_the_same_file_is_taken__goes_on),
        cmocka_unit_test(roll__to_what_never_is_ready__gives_way_to_the_next_definition),
        cmocka_unit_test(roll__to_a_schedule__ends_without_waiting_for_its_time),
        cmocka_unit_test(roll__one_that_has_failed_is_stopped_before_its_turn__is_not_started),
        cmocka_unit_test(roll__lower_ones_are_freed_during_it__skips_nobody),
        cmocka_unit_test(watchdog__the_machine_was_asleep__is_given_the_rest_of_its_time),
        cmocka_unit_test(start__while_max_runtime_or_its_own_end_brings_it_down__runs_again),
        cmocka_unit_test(stop__while_max_runtime_brings_it_down__keeps_that_cause),
        cmocka_unit_test(take__gone_and_back_while_on_limit_stop_ends_it__runs_again),
        cmocka_unit_test(plan__overlap_and_all_stopped_by_order__nothing_is_missed),
        cmocka_unit_test(health__a_command_waits_for_others_longer_than_its_time__has_not_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
