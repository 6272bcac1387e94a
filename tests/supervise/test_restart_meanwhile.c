/* test_restart_meanwhile.c - what may come between a restart and its turn: ends, other orders,
 * other definitions, other jobs. */
#include "tests/supervise/scene.h"

/* The fleet JOBS runs. */
static void open_fleet(struct scene *s, const char *jobs)
{
    scene_open(s, jobs, NULL, NULL);
    scene_run(s);
}

static void restart__crashes_before_its_turn__has_had_its_restart(void **state)
{
    (void)state;
    struct scene s;
    open_fleet(&s, "a3");
    scene_restart(&s, NULL);
    fake_exit(&s.f, 2, 1);
    scene_live(&s, 10000);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(s.f.job[i].spawns, 2);
    assert_int_equal(s.f.job[2].asks, 0);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    scene_close(&s);
}

static void restart__exits_for_good_before_its_turn__is_started_in_its_turn(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a2", NULL, NULL);
    SET_EACH(&s.set[0], 0, restart, RESTART_NEVER);
    scene_run(&s);
    scene_restart(&s, NULL);
    fake_exit(&s.f, 1, 0);
    scene_is(&s, "a.1", S_EXITED);
    scene_live(&s, 10000);
    assert_int_equal(scene_count(&s, S_RUNNING), 2);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    scene_close(&s);
}

static void restart__stopped_by_order_before_its_turn__stays_down(void **state)
{
    (void)state;
    for (size_t slot = 0; slot < 3; slot++) {
        struct scene s;
        open_fleet(&s, "a3");
        scene_restart(&s, NULL);
        sup_stop(s.f.sup, slot);
        scene_live(&s, 20000);
        assert_int_equal(scene_count(&s, S_RUNNING), 2);
        fake_is(&s.f, slot, S_STOPPED);
        assert_int_equal(s.f.tales[H_ROLLED], 1);
        sup_start(s.f.sup, slot);
        scene_live(&s, 20000);
        assert_int_equal(s.f.job[slot].spawns, 2);
        scene_close(&s);
    }
}

static void restart__again_while_it_is_starting__is_started_once_more(void **state)
{
    (void)state;
    struct scene s;
    open_fleet(&s, "a2");
    scene_restart(&s, NULL);
    scene_live(&s, 500); /* a.0 runs, and not for long enough to be up */
    scene_restart(&s, "a.0");
    scene_live(&s, 20000);
    assert_int_equal(s.f.job[0].spawns, 3);
    assert_int_equal(s.f.job[1].spawns, 2);
    assert_int_equal(scene_count(&s, S_RUNNING), 2);
    scene_close(&s);
}

static void restart__definition_changes_during_it__each_comes_up_with_the_new_one(void **state)
{
    (void)state;
    for (uint64_t ms = 0; ms < 4500; ms += 150) {
        struct scene s;
        scene_versions(&s, "a4", 2);
        scene_run(&s);
        scene_restart(&s, NULL);
        scene_live(&s, ms);
        scene_take(&s, 1);
        scene_live(&s, 20000);
        assert_int_equal(scene_with(&s, 1), 4);
        assert_int_equal(scene_count(&s, S_RUNNING), 4);
        assert_int_equal(s.f.tales[H_ROLL_STOPPED], 0);
        for (size_t i = 0; i < 4; i++)
            assert_in_range(s.f.job[i].spawns, 2, 3);
        scene_close(&s);
    }
}

static void restart__a_roll_is_under_way__is_part_of_it(void **state)
{
    (void)state;
    for (uint64_t ms = 0; ms < 4500; ms += 150) {
        struct scene s;
        scene_versions(&s, "a4", 2);
        scene_run(&s);
        scene_take(&s, 1);
        scene_live(&s, ms);
        uint64_t had[4];
        for (size_t i = 0; i < 4; i++)
            had[i] = fake_unit(&s.f, i)->id;
        scene_restart(&s, NULL);
        scene_live(&s, 20000);
        assert_int_equal(scene_with(&s, 1), 4);
        assert_int_equal(scene_count(&s, S_RUNNING), 4);
        for (size_t i = 0; i < 4; i++) {
            assert_true(fake_unit(&s.f, i)->id != had[i]);
            assert_in_range(s.f.job[i].spawns, 2, 3);
        }
        scene_close(&s);
    }
}

static void restart__jobs_that_require_each_other__all_come_back(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a2 b1 c1", NULL, NULL);
    definitions_needs(&s.set[0], 0, 1, true);
    definitions_needs(&s.set[0], 1, 2, true);
    scene_run(&s);
    scene_restart(&s, NULL);
    scene_live(&s, 20000);
    assert_int_equal(scene_count(&s, S_RUNNING), 4);
    assert_int_equal(s.f.tales[H_ROLLED], 3);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(s.f.job[i].spawns, 2);
    scene_close(&s);
}

static void restart__others_require_it__are_left_alone(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a2 b1", NULL, NULL);
    definitions_needs(&s.set[0], 0, 1, true);
    scene_run(&s);
    scene_restart(&s, "b.0");
    scene_live(&s, 20000);
    assert_int_equal(s.f.job[2].spawns, 2);
    assert_int_equal(s.f.job[0].asks + s.f.job[1].asks, 0);
    scene_close(&s);
}

/* b, which a requires, is ordered to stop and held until a is down; a takes its time. */
static void open_held(struct scene *s)
{
    scene_open(s, "a1 b1", NULL, NULL);
    definitions_needs(&s->set[0], 0, 1, true);
    scene_run(s);
    s->f.obeys = 0;
    sup_stop(s->f.sup, 1);
    scene_live(s, 1000);
    scene_is(s, "b.0", S_RUNNING);
    assert_int_equal(s->f.job[1].asks, 0);
}

static void restart__it_is_held__goes_down_now_and_comes_up(void **state)
{
    (void)state;
    struct scene s;
    open_held(&s);
    scene_restart(&s, "b.0");
    scene_live(&s, 1000);
    scene_is(&s, "b.0", S_STOPPING);
    fake_exit(&s.f, 0, 0);
    fake_exit(&s.f, 1, 0);
    scene_live(&s, 5000);
    assert_int_equal(scene_count(&s, S_RUNNING), 2);
    assert_int_equal(s.f.job[1].spawns, 2);
    scene_close(&s);
}

/* Of b.0, which is needed and so is still there to be ordered about. */
static void restart__then_a_stop_that_is_held_and_taken_back__is_forgotten(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b2", NULL, NULL);
    definitions_needs(&s.set[0], 0, 1, true);
    scene_run(&s);
    s.f.obeys = 0;
    const size_t both[] = {1, 2};
    scene_restart(&s, "b.0");
    scene_restart(&s, "b.1"); /* which waits for its turn */
    sup_stop_each(s.f.sup, both, 2);
    scene_is(&s, "b.1", S_RUNNING);
    sup_start(s.f.sup, 2);
    fake_exit(&s.f, 1, 0);
    scene_live(&s, 20000);
    assert_int_equal(s.f.job[2].asks, 0);
    assert_int_equal(s.f.job[2].spawns, 1);
    scene_is(&s, "b.0", S_STOPPED);
    scene_close(&s);
}

static void restart__fleet_stops__is_ignored_and_one_under_way_is_dropped(void **state)
{
    (void)state;
    struct scene s;
    open_fleet(&s, "a4");
    scene_restart(&s, NULL);
    sup_stop_all(s.f.sup, CAUSE_SHUTDOWN, 30000);
    assert_true(sup_stopping(s.f.sup));
    scene_restart(&s, NULL);
    scene_live(&s, 60000);
    assert_true(sup_all_down(s.f.sup));
    assert_int_equal(s.f.tales[H_STARTED], 4);
    scene_close(&s);
}

static void restart__no_definition_or_a_free_slot__is_ignored(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a2", "a1", NULL);
    scene_run(&s);
    s.f.obeys = 0;
    scene_take(&s, 1);
    scene_restart(&s, NULL); /* a.1 is on its way down */
    fake_exit(&s.f, 1, 0);
    fake_exit(&s.f, 0, 0);
    scene_live(&s, 5000);
    assert_null(fake_unit(&s.f, 1)->spec);
    scene_restart(&s, NULL);
    scene_live(&s, 5000);
    assert_int_equal(s.f.job[1].spawns, 1);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restart__crashes_before_its_turn__has_had_its_restart),
        cmocka_unit_test(restart__exits_for_good_before_its_turn__is_started_in_its_turn),
        cmocka_unit_test(restart__stopped_by_order_before_its_turn__stays_down),
        cmocka_unit_test(restart__again_while_it_is_starting__is_started_once_more),
        cmocka_unit_test(restart__definition_changes_during_it__each_comes_up_with_the_new_one),
        cmocka_unit_test(restart__a_roll_is_under_way__is_part_of_it),
        cmocka_unit_test(restart__jobs_that_require_each_other__all_come_back),
        cmocka_unit_test(restart__others_require_it__are_left_alone),
        cmocka_unit_test(restart__it_is_held__goes_down_now_and_comes_up),
        cmocka_unit_test(restart__then_a_stop_that_is_held_and_taken_back__is_forgotten),
        cmocka_unit_test(restart__fleet_stops__is_ignored_and_one_under_way_is_dropped),
        cmocka_unit_test(restart__no_definition_or_a_free_slot__is_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
