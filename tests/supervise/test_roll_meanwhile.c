/* test_roll_meanwhile.c - what else may happen during a rolling restart. */
#include "tests/supervise/scene.h"

static void roll__another_take_over_during_it__ends_with_the_newest_everywhere(void **state)
{
    (void)state;
    for (uint64_t ms = 0; ms < 4500; ms += 150) {
        struct scene s;
        scene_versions(&s, "a4", 3);
        scene_run(&s);
        scene_take(&s, 1);
        scene_live(&s, ms);
        scene_take(&s, 2);
        scene_live(&s, 20000);
        assert_int_equal(scene_with(&s, 2), 4);
        assert_int_equal(scene_count(&s, S_RUNNING), 4);
        assert_int_equal(s.f.tales[H_ROLL_STOPPED], 0);
        assert_true(s.f.tales[H_ROLLED] > 0);
        assert_false(sup_uses(s.f.sup, &s.set[0].config));
        assert_false(sup_uses(s.f.sup, &s.set[1].config));
        for (size_t i = 0; i < 4; i++)
            assert_in_range(s.f.job[i].spawns, 2, 3);
        scene_close(&s);
    }
}

static void roll__taken_back_during_it__those_not_yet_rolled_are_left_alone(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a4", "a4", "a4");
    scene_command(&s, 1, "new.exe");
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 1500); /* a.0 is done, a.1 is starting */
    scene_take(&s, 2);
    scene_live(&s, 20000);
    assert_int_equal(scene_with(&s, 2), 4);
    assert_int_equal(s.f.job[0].spawns, 3);
    assert_int_equal(s.f.job[1].spawns, 3);
    assert_int_equal(s.f.job[2].spawns, 1);
    assert_int_equal(s.f.job[3].spawns, 1);
    assert_false(sup_uses(s.f.sup, &s.set[1].config));
    scene_close(&s);
}

static void roll__one_is_stopped_by_order_during_it__stays_down_with_the_new_one(void **state)
{
    (void)state;
    for (size_t slot = 0; slot < 3; slot++) {
        struct scene s;
        scene_versions(&s, "a3", 2);
        scene_run(&s);
        scene_take(&s, 1);
        sup_stop(s.f.sup, slot);
        scene_live(&s, 20000);
        assert_int_equal(scene_count(&s, S_RUNNING), 2);
        assert_int_equal(fake_unit(&s.f, slot)->at, S_STOPPED);
        assert_int_equal(scene_with(&s, 1), 3);
        assert_int_equal(s.f.tales[H_ROLLED], 1);
        assert_false(sup_uses(s.f.sup, &s.set[0].config));
        scene_close(&s);
    }
}

static void roll__the_next_one_crashes_by_itself__is_taken_in_its_turn(void **state)
{
    (void)state;
    struct scene s;
    scene_versions(&s, "a3", 2);
    scene_run(&s);
    scene_take(&s, 1);
    fake_exit(&s.f, 2, 1);
    scene_live(&s, 20000);
    assert_int_equal(scene_with(&s, 1), 3);
    assert_int_equal(scene_count(&s, S_RUNNING), 3);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    scene_close(&s);
}

static void roll__crashes_as_it_is_being_stopped__comes_back_with_the_new_one(void **state)
{
    (void)state;
    struct scene s;
    scene_versions(&s, "a2", 2);
    SET_EACH(&s.set[0], 0, restart, RESTART_NEVER);
    SET_EACH(&s.set[1], 0, restart, RESTART_NEVER);
    scene_run(&s);
    s.f.obeys = 0;
    fake_end(&s.f, 0, 1); /* and nobody has noticed */
    scene_take(&s, 1);
    scene_live(&s, 2000);
    fake_exit(&s.f, 1, 0);
    scene_live(&s, 5000);
    assert_int_equal(scene_with(&s, 1), 2);
    assert_int_equal(scene_count(&s, S_RUNNING), 2);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    scene_close(&s);
}

static void roll__scaled_down_during_it__goes_on_with_those_that_stay(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a4", "a4", "a2");
    scene_command(&s, 1, "new.exe");
    scene_command(&s, 2, "new.exe");
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 100);
    scene_take(&s, 2);
    scene_live(&s, 20000);
    assert_int_equal(scene_count(&s, S_RUNNING), 2);
    assert_int_equal(scene_with(&s, 2), 2);
    assert_int_equal(s.f.tales[H_REMOVED], 2);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    assert_false(sup_uses(s.f.sup, &s.set[1].config));
    scene_close(&s);
}

static void roll__fleet_stops_during_it__is_dropped(void **state)
{
    (void)state;
    struct scene s;
    scene_versions(&s, "a4", 2);
    scene_run(&s);
    scene_take(&s, 1);
    sup_stop_all(s.f.sup, CAUSE_SHUTDOWN, 30000);
    scene_live(&s, 60000);
    assert_true(sup_all_down(s.f.sup));
    assert_int_equal(s.f.tales[H_STARTED], 4);
    assert_int_equal(s.f.fleet_alarm, 0);
    scene_close(&s);
}

static void roll__others_require_it__are_left_alone(void **state)
{
    (void)state;
    struct scene s;
    scene_versions(&s, "a2 b1", 2);
    definitions_needs(&s.set[0], 1, 0, true);
    definitions_needs(&s.set[1], 1, 0, true);
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 20000);
    assert_int_equal(scene_with(&s, 1), 3);
    assert_int_equal(s.f.job[2].spawns, 1);
    assert_int_equal(s.f.job[2].asks, 0);
    scene_close(&s);
}

static void roll__its_tree_is_still_ending__is_started_anew_whatever_restart_says(void **state)
{
    (void)state;
    struct scene s;
    scene_versions(&s, "a1", 2);
    s.set[0].spec[0].restart = s.set[1].spec[0].restart = RESTART_NEVER;
    scene_run(&s);
    s.f.kill_ms = 500;
    s.f.job[0].members = 1;
    fake_exit(&s.f, 0, 1);
    scene_take(&s, 1);
    scene_live(&s, 5000);
    fake_log_is(&s.f, "60000 a.0 ended exit 1 ran 59000\n"
                      "60000 a.0 leftovers 1\n"
                      "60000 a.0 killed\n"
                      "60000 a.0 roll the definition has changed (1)\n"
                      "60500 a.0 release\n"
                      "60500 a.0 failed restart = never\n"
                      "60500 a.0 changed restarted with the new definition\n"
                      "60500 a.0 started\n"
                      "61500 a.0 rolled\n");
    scene_is(&s, "a.0", S_RUNNING);
    scene_close(&s);
}

static void roll__one_changes_again_while_it_is_starting__has_its_turn_once_more(void **state)
{
    (void)state;
    struct scene s;
    scene_versions(&s, "a4", 3);
    for (size_t i = 1; i < 3; i++) {
        SET_EACH(&s.set[i], 0, ready.kind, READY_EVENT);
        SET_EACH(&s.set[i], 0, restart_parallel, 2);
    }
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_STARTING);
    scene_take(&s, 2);
    for (int round = 0; round < 20; round++) {
        for (size_t i = round < 10; i < 4; i++) /* a.0 is the last by far */
            fake_signal(&s.f, i, SIGNAL_READY);
        scene_live(&s, 1000);
    }
    assert_int_equal(scene_with(&s, 2), 4);
    assert_int_equal(scene_count(&s, S_RUNNING), 4);
    assert_int_equal(s.f.job[0].spawns, 3);
    assert_int_equal(s.f.tales[H_ROLL_STOPPED], 0);
    scene_close(&s);
}

/* b requires a; the operator stops a, which is held; b takes its time. */
static void open_held(struct scene *s)
{
    scene_versions(s, "a1 b1", 2);
    definitions_needs(&s->set[0], 1, 0, true);
    definitions_needs(&s->set[1], 1, 0, true);
    scene_run(s);
    s->f.obeys = 0;
    sup_stop(s->f.sup, 0);
    scene_take(s, 1);
    scene_live(s, 1000);
    assert_int_equal(s->f.job[0].asks, 0); /* the roll keeps the order, too */
    assert_int_equal(s->f.tales[H_ROLLED], 0);
}

static void roll__one_is_held__goes_down_when_it_may_with_the_new_one(void **state)
{
    (void)state;
    struct scene s;
    open_held(&s);
    fake_exit(&s.f, 1, 0);
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_STOPPING);
    fake_exit(&s.f, 0, 0);
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_STOPPED);
    assert_int_equal(scene_with(&s, 1), 2);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    scene_close(&s);
}

static void roll__one_is_held_and_ordered_up_again__is_taken_then(void **state)
{
    (void)state;
    struct scene s;
    open_held(&s);
    sup_start(s.f.sup, 0);
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_STOPPING);
    fake_exit(&s.f, 0, 0);
    fake_exit(&s.f, 1, 0);
    scene_live(&s, 5000);
    assert_int_equal(scene_with(&s, 1), 2);
    assert_int_equal(scene_count(&s, S_RUNNING), 2);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roll__another_take_over_during_it__ends_with_the_newest_everywhere),
        cmocka_unit_test(roll__taken_back_during_it__those_not_yet_rolled_are_left_alone),
        cmocka_unit_test(roll__one_is_stopped_by_order_during_it__stays_down_with_the_new_one),
        cmocka_unit_test(roll__the_next_one_crashes_by_itself__is_taken_in_its_turn),
        cmocka_unit_test(roll__crashes_as_it_is_being_stopped__comes_back_with_the_new_one),
        cmocka_unit_test(roll__scaled_down_during_it__goes_on_with_those_that_stay),
        cmocka_unit_test(roll__fleet_stops_during_it__is_dropped),
        cmocka_unit_test(roll__others_require_it__are_left_alone),
        cmocka_unit_test(roll__its_tree_is_still_ending__is_started_anew_whatever_restart_says),
        cmocka_unit_test(roll__one_changes_again_while_it_is_starting__has_its_turn_once_more),
        cmocka_unit_test(roll__one_is_held__goes_down_when_it_may_with_the_new_one),
        cmocka_unit_test(roll__one_is_held_and_ordered_up_again__is_taken_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
