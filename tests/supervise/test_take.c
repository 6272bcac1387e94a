/* test_take.c - new definitions take over: who is touched and how, who comes and who goes. */
#include "tests/supervise/scene.h"

/* --- each class ------------------------------------------------------------------------------- */
static void sup_take__nothing_has_changed__nothing_happens_but_where_it_is_read(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a2 b1", "a2 b1", NULL);
    scene_run(&s);
    uint64_t id = scene_unit(&s, "a.1")->id;
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.same = 3});
    assert_true(sup_config(s.f.sup) == &s.set[1].config);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    assert_true(sup_uses(s.f.sup, &s.set[1].config));
    assert_true(scene_unit(&s, "a.1")->spec == &s.set[1].spec[1]);
    scene_live(&s, 60000);
    fake_log_is(&s.f, "");
    assert_true(scene_unit(&s, "a.1")->id == id);
    scene_close(&s);
}

static void sup_take__live_change__holds_at_once_without_a_restart(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1", "a1 b1", NULL);
    s.set[1].spec[0].restart = RESTART_NEVER;
    scene_run(&s);
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.same = 1, .live = 1});
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    fake_exit(&s.f, 0, 1);
    fake_log_is(&s.f, "60000 a.0 changed without a restart\n"
                      "60000 a.0 ended exit 1 ran 59000\n"
                      "60000 a.0 release\n"
                      "60000 a.0 failed restart = never\n");
    scene_close(&s);
}

static void sup_take__times_of_a_run_change__hold_for_the_present_one(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1", "a1 b1", NULL);
    for (size_t i = 0; i < 2; i++)
        s.set[i].spec[1].ready.kind = READY_EVENT;
    s.set[1].spec[0].max_runtime = 70000;   /* of none */
    s.set[1].spec[1].ready_timeout = 65000; /* of 90 seconds */
    scene_run(&s);
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.live = 2});
    fake_until(&s.f, FAKE_EPOCH + 64999);
    scene_is(&s, "b.0", S_STARTING);
    fake_until(&s.f, FAKE_EPOCH + 65000);
    assert_int_equal(scene_unit(&s, "b.0")->cause, CAUSE_NOT_READY);
    fake_until(&s.f, FAKE_EPOCH + 69999);
    scene_is(&s, "a.0", S_RUNNING);
    fake_until(&s.f, FAKE_EPOCH + 70000);
    assert_int_equal(scene_unit(&s, "a.0")->cause, CAUSE_MAX_RUNTIME);
    scene_close(&s);
}

static void sup_take__name_in_other_letters__is_the_same_job(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 z1", "A1 Z1", NULL);
    scene_run(&s);
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.same = 2});
    scene_close(&s);
}

static void sup_take__limit_changes__is_put_on_the_running_job(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", "a1", NULL);
    s.set[1].spec[0].limits.job_memory = 1 << 20;
    scene_run(&s);
    uint32_t adoptions = s.f.job[0].adoptions;
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.relimit = 1});
    assert_int_equal(s.f.job[0].adoptions, adoptions + 1);
    assert_true(s.f.job[0].spec == &s.set[1].spec[0]);
    scene_live(&s, 5000);
    fake_log_is(&s.f, "60000 a.0 changed new limits, without a restart\n");
    assert_int_equal(s.f.job[0].spawns, 1);
    scene_close(&s);
}

static void sup_take__command_changes__runs_by_it_after_a_restart(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", "a1", NULL);
    s.set[1].spec[0].command = "new.exe";
    scene_run(&s);
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.roll = 1});
    /* It is stopped by the old one. */
    assert_true(scene_unit(&s, "a.0")->spec == &s.set[0].spec[0]);
    assert_true(sup_uses(s.f.sup, &s.set[0].config));
    scene_live(&s, 5000);
    fake_log_is(&s.f, "60000 a.0 roll the definition has changed (1)\n"
                      "60000 a.0 stopping change\n"
                      "60000 a.0 rung ctrl-c 10000\n"
                      "60000 a.0 ended change 0 ran 59000\n"
                      "60000 a.0 release\n"
                      "60000 a.0 backoff 0\n"
                      "60000 a.0 changed restarted with the new definition\n"
                      "60000 a.0 started\n"
                      "61000 a.0 rolled\n");
    assert_true(s.f.job[0].spec == &s.set[1].spec[0]);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    scene_close(&s);
}

static void sup_take__command_changes_during_a_scheduled_run__waits_for_its_end(void **state)
{
    (void)state;
    static const struct schedule hourly = {
        .kind = SCHEDULE_EVERY, .every_ms = 3600000, .text = "every 1h"};
    struct scene s;
    scene_open(&s, "a1", "a1", NULL);
    s.set[0].spec[0].schedule = s.set[1].spec[0].schedule = hourly;
    s.set[1].spec[0].command = "new.exe";
    scene_run(&s);
    sup_start(s.f.sup, 0);
    fake_settle(&s.f);
    fake_log_clear(&s.f);
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.live = 1});
    scene_live(&s, 5000);
    fake_log_is(&s.f, ""); /* a reload cuts no nightly run off */
    assert_true(s.f.job[0].spec == &s.set[0].spec[0]);
    fake_exit(&s.f, 0, 0);
    fake_settle(&s.f);
    fake_log_is(&s.f, "65000 a.0 ended exit 0 ran 5000\n"
                      "65000 a.0 release\n"
                      "65000 a.0 done succeeded, until schedule is due\n"
                      "65000 a.0 changed from its next start on\n");
    assert_true(s.f.job[0].spec == &s.set[1].spec[0]);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    scene_close(&s);
}

static void sup_take__command_of_one_that_is_stopped__changes_and_starts_nothing(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", "a1", NULL);
    s.set[1].spec[0].command = "new.exe";
    scene_run(&s);
    sup_stop(s.f.sup, 0);
    scene_live(&s, 1000);
    fake_log_clear(&s.f);
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.live = 1});
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    scene_live(&s, 60000);
    scene_is(&s, "a.0", S_STOPPED);
    sup_start(s.f.sup, 0);
    fake_log_is(&s.f, "61000 a.0 changed from its next start on\n"
                      "121000 a.0 started\n");
    scene_close(&s);
}

static void sup_take__command_of_one_that_failed_exited_or_waits__is_started_by_it(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1 c1", "a1 b1 c1", NULL);
    for (size_t i = 0; i < 3; i++) {
        s.set[0].spec[i].restart = i < 2 ? RESTART_NEVER : RESTART_ALWAYS;
        s.set[1].spec[i].restart = s.set[0].spec[i].restart;
        s.set[0].spec[i].restart_first_delay = s.set[1].spec[i].restart_first_delay = 8000;
        s.set[1].spec[i].command = "new.exe";
    }
    scene_run(&s);
    fake_exit(&s.f, 0, 1);
    fake_exit(&s.f, 1, 0);
    fake_exit(&s.f, 2, 1);
    scene_is(&s, "a.0", S_FAILED);
    scene_is(&s, "b.0", S_EXITED);
    scene_is(&s, "c.0", S_BACKOFF);
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.roll = 3});
    scene_live(&s, 3000);
    assert_int_equal(scene_count(&s, S_RUNNING), 3);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    scene_close(&s);
}

static void sup_take__fleet_never_started__starts_nothing(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1", "a2 c1", NULL);
    s.set[1].spec[0].command = "new.exe";
    fake_open_jobs(&s.f, &s.set[0]);
    fake_supervise(&s.f);
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.live = 1, .added = 2, .removed = 1});
    scene_live(&s, 60000);
    assert_int_equal(s.f.tales[H_STARTED], 0);
    assert_int_equal(scene_slot(&s, "b.0"), SIZE_MAX);
    assert_true(sup_all_down(s.f.sup));
    sup_start_all(s.f.sup);
    scene_live(&s, 100);
    assert_int_equal(scene_count(&s, S_RUNNING), 3);
    scene_close(&s);
}

/* --- who comes and who goes ------------------------------------------------------------------- */
static void sup_take__a_job_is_gone__is_stopped_and_its_slot_is_free(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1", "a1", "a1 c1 d1");
    scene_run(&s);
    size_t slot = scene_slot(&s, "b.0");
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.same = 1, .removed = 1});
    assert_true(sup_uses(s.f.sup, &s.set[0].config)); /* its ladder is still that of b.0 */
    sup_start(s.f.sup, slot);                         /* too late */
    scene_live(&s, 1000);
    fake_log_is(&s.f, "60000 b.0 stopping change\n"
                      "60000 b.0 rung ctrl-c 10000\n"
                      "60000 b.0 ended change 0 ran 59000\n"
                      "60000 b.0 release\n"
                      "60000 b.0 stopped\n"
                      "60000 b.0 removed\n");
    assert_null(fake_unit(&s.f, slot)->spec);
    assert_null(s.f.job[slot].spec);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    sup_start(s.f.sup, slot); /* of nobody: ignored */
    sup_stop(s.f.sup, slot);
    sup_alarm(s.f.sup, (uint32_t)slot);
    scene_take(&s, 2);
    scene_counts(&s, (struct takeover){.same = 1, .added = 2});
    scene_live(&s, 1000);
    assert_int_equal(scene_slot(&s, "c.0"), slot); /* the free one is taken first */
    assert_int_equal(sup_count(s.f.sup), 3);
    assert_int_equal(scene_count(&s, S_RUNNING), 3);
    scene_close(&s);
}

static void sup_take__scaled_up_and_down__the_highest_numbers_come_and_go(void **state)
{
    (void)state;
    struct scene s;
    uint64_t id[40];
    scene_open(&s, "a50", "a60", "a40");
    s.f.quiet = true;
    scene_run(&s);
    s.f.quiet = true;
    for (size_t i = 0; i < 40; i++)
        id[i] = fake_unit(&s.f, i)->id;
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.same = 50, .added = 10});
    scene_live(&s, 2000);
    assert_int_equal(scene_count(&s, S_RUNNING), 60);
    scene_is(&s, "a.59", S_RUNNING);
    scene_take(&s, 2);
    scene_counts(&s, (struct takeover){.same = 40, .removed = 20});
    assert_int_equal(scene_count(&s, S_STOPPING), 20);
    scene_live(&s, 2000);
    assert_int_equal(scene_count(&s, S_RUNNING), 40);
    assert_int_equal(scene_slot(&s, "a.40"), SIZE_MAX);
    for (size_t i = 0; i < 40; i++) {
        assert_true(fake_unit(&s.f, i)->id == id[i]);
        assert_int_equal(s.f.job[i].spawns, 1);
        assert_int_equal(s.f.job[i].asks, 0);
    }
    assert_int_equal(s.f.tales[H_REMOVED], 20);
    sup_stop_all(s.f.sup, CAUSE_SHUTDOWN, 30000);
    scene_live(&s, 1000);
    assert_true(sup_all_down(s.f.sup)); /* free slots are no obstacle */
    scene_close(&s);
}

static void sup_take__all_exited_beside_a_free_slot__all_are_final(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1", "a1", NULL);
    s.set[0].spec[0].restart = s.set[1].spec[0].restart = RESTART_NEVER;
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 1000);
    assert_false(sup_all_final(s.f.sup));
    fake_exit(&s.f, 0, 0);
    assert_true(sup_all_final(s.f.sup));
    scene_close(&s);
}

static void sup_take__back_again_while_it_still_stops__is_started_once_it_is_down(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1", "a1", "a1 b1");
    s.set[2].spec[1].command = "new.exe"; /* even with another command */
    scene_run(&s);
    s.f.obeys = 0;
    scene_take(&s, 1);
    scene_is(&s, "b.0", S_STOPPING);
    scene_take(&s, 2);
    scene_counts(&s, (struct takeover){.same = 1, .added = 1});
    fake_exit(&s.f, 1, 0);
    scene_live(&s, 3000);
    fake_log_is(&s.f, "60000 b.0 stopping change\n"
                      "60000 b.0 rung ctrl-c 10000\n"
                      "60000 b.0 roll the definition has changed (1)\n"
                      "60000 b.0 ended change 0 ran 59000\n"
                      "60000 b.0 release\n"
                      "60000 b.0 backoff 0\n"
                      "60000 b.0 changed restarted with the new definition\n"
                      "60000 b.0 started\n"
                      "61000 b.0 rolled\n");
    scene_is(&s, "b.0", S_RUNNING);
    assert_true(s.f.job[1].spec == &s.set[2].spec[1]);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    assert_int_equal(s.f.tales[H_REMOVED], 0);
    scene_close(&s);
}

static void sup_take__gone_in_two_take_overs_while_it_stops__is_counted_once(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b3", "a1 b1", "a1");
    scene_run(&s);
    s.f.obeys = 0;
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.same = 2, .removed = 2});
    scene_take(&s, 2);
    scene_counts(&s, (struct takeover){.same = 1, .removed = 1});
    scene_take(&s, 2);
    scene_counts(&s, (struct takeover){.same = 1});
    for (size_t i = 1; i < 4; i++)
        fake_exit(&s.f, i, 0);
    scene_live(&s, 1000);
    assert_int_equal(s.f.tales[H_REMOVED], 3);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    assert_false(sup_uses(s.f.sup, &s.set[1].config));
    scene_close(&s);
}

static void sup_take__gone_while_preparing_in_backoff_or_waiting__is_free_at_once(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1 c1 d1", "a1", NULL);
    s.set[0].spec[1].hook_pre_start = "prepare.exe";
    s.set[0].spec[2].restart_first_delay = 8000;
    s.set[0].spec[3].start_delay = 600000;
    scene_run(&s);
    fake_exit(&s.f, 2, 1);
    scene_is(&s, "b.0", S_PREPARING);
    scene_is(&s, "c.0", S_BACKOFF);
    scene_is(&s, "d.0", S_WAITING);
    scene_take(&s, 1);
    assert_false(s.f.job[1].preparing);
    assert_int_equal(s.f.tales[H_REMOVED], 3);
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(s.f.job[i].alarm_at, 0);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    scene_live(&s, 900000);
    assert_int_equal(s.f.tales[H_STARTED], 2);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_take__nothing_has_changed__nothing_happens_but_where_it_is_read),
        cmocka_unit_test(sup_take__live_change__holds_at_once_without_a_restart),
        cmocka_unit_test(sup_take__times_of_a_run_change__hold_for_the_present_one),
        cmocka_unit_test(sup_take__name_in_other_letters__is_the_same_job),
        cmocka_unit_test(sup_take__limit_changes__is_put_on_the_running_job),
        cmocka_unit_test(sup_take__command_changes__runs_by_it_after_a_restart),
        cmocka_unit_test(sup_take__command_changes_during_a_scheduled_run__waits_for_its_end),
        cmocka_unit_test(sup_take__command_of_one_that_is_stopped__changes_and_starts_nothing),
        cmocka_unit_test(sup_take__command_of_one_that_failed_exited_or_waits__is_started_by_it),
        cmocka_unit_test(sup_take__fleet_never_started__starts_nothing),
        cmocka_unit_test(sup_take__a_job_is_gone__is_stopped_and_its_slot_is_free),
        cmocka_unit_test(sup_take__scaled_up_and_down__the_highest_numbers_come_and_go),
        cmocka_unit_test(sup_take__all_exited_beside_a_free_slot__all_are_final),
        cmocka_unit_test(sup_take__back_again_while_it_still_stops__is_started_once_it_is_down),
        cmocka_unit_test(sup_take__gone_in_two_take_overs_while_it_stops__is_counted_once),
        cmocka_unit_test(sup_take__gone_while_preparing_in_backoff_or_waiting__is_free_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
