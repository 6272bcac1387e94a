/* test_roll.c - a rolling restart: some at a time, each waited for, and given up when one does not
 * come up. */
#include "tests/supervise/scene.h"

#include <string.h>

static void roll__one_at_a_time__lowest_first_and_each_lives_a_second(void **state)
{
    (void)state;
    struct scene s;
    scene_versions(&s, "a3", 2);
    scene_run(&s);
    scene_take(&s, 1);
    assert_int_equal(s.done.roll, 3);
    scene_live(&s, 10000);
    fake_log_is(&s.f, "60000 a.0 roll the definition has changed (3)\n"
                      "60000 a.0 stopping change\n"
                      "60000 a.0 rung ctrl-c 10000\n"
                      "60000 a.0 ended change 0 ran 59000\n"
                      "60000 a.0 release\n"
                      "60000 a.0 backoff 0\n"
                      "60000 a.0 changed restarted with the new definition\n"
                      "60000 a.0 started\n"
                      "61000 a.1 stopping change\n"
                      "61000 a.1 rung ctrl-c 10000\n"
                      "61000 a.1 ended change 0 ran 60000\n"
                      "61000 a.1 release\n"
                      "61000 a.1 backoff 0\n"
                      "61000 a.1 changed restarted with the new definition\n"
                      "61000 a.1 started\n"
                      "62000 a.2 stopping change\n"
                      "62000 a.2 rung ctrl-c 10000\n"
                      "62000 a.2 ended change 0 ran 61000\n"
                      "62000 a.2 release\n"
                      "62000 a.2 backoff 0\n"
                      "62000 a.2 changed restarted with the new definition\n"
                      "62000 a.2 started\n"
                      "63000 a.0 rolled\n");
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    scene_close(&s);
}

static void roll__ready_by_event__waits_for_it_and_no_longer(void **state)
{
    (void)state;
    struct scene s;
    scene_versions(&s, "a3", 2);
    SET_EACH(&s.set[1], 0, ready.kind, READY_EVENT);
    scene_run(&s);
    scene_take(&s, 1);
    for (size_t i = 0; i < 3; i++) {
        scene_live(&s, 20000);
        assert_int_equal(scene_count(&s, S_RUNNING), 2);
        assert_int_equal(s.f.job[i].spawns, 2);
        assert_int_equal(scene_with(&s, 1), i + 1);
        fake_signal(&s.f, i, SIGNAL_READY);
        scene_live(&s, 200);
    }
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    assert_int_equal(scene_count(&s, S_RUNNING), 3);
    scene_close(&s);
}

static void roll__restart_parallel__that_many_and_never_more(void **state)
{
    (void)state;
    static const uint32_t rows[] = {1, 2, 3, 7, 10, 90};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct scene s;
        size_t most = 0;
        scene_versions(&s, "a10", 2);
        SET_EACH(&s.set[1], 0, restart_parallel, rows[r]);
        scene_run(&s);
        scene_take(&s, 1);
        for (int i = 0; i < 400; i++) {
            size_t down = 10 - scene_count(&s, S_RUNNING);
            most = down > most ? down : most;
            scene_live(&s, 50);
        }
        assert_int_equal(most, rows[r] < 10 ? rows[r] : 10);
        assert_int_equal(scene_with(&s, 1), 10);
        for (size_t i = 0; i < 10; i++)
            assert_int_equal(s.f.job[i].spawns, 2);
        assert_int_equal(s.f.tales[H_ROLLED], 1);
        scene_close(&s);
    }
}

static void roll__first_cannot_be_started__is_given_up_and_names_the_others(void **state)
{
    (void)state;
    struct scene s;
    scene_versions(&s, "a4", 3);
    scene_run(&s);
    scene_take(&s, 1);
    s.f.no_program = 1; /* of a.1; a.0 comes up */
    scene_live(&s, 1500);
    fake_log_is(&s.f, "60000 a.0 roll the definition has changed (4)\n"
                      "60000 a.0 stopping change\n"
                      "60000 a.0 rung ctrl-c 10000\n"
                      "60000 a.0 ended change 0 ran 59000\n"
                      "60000 a.0 release\n"
                      "60000 a.0 backoff 0\n"
                      "60000 a.0 changed restarted with the new definition\n"
                      "60000 a.0 started\n"
                      "61000 a.1 stopping change\n"
                      "61000 a.1 rung ctrl-c 10000\n"
                      "61000 a.1 ended change 0 ran 60000\n"
                      "61000 a.1 release\n"
                      "61000 a.1 backoff 0\n"
                      "61000 a.1 changed restarted with the new definition\n"
                      "61000 a.1 not-started no such program\n"
                      "61000 a.1 backoff 0\n"
                      "61000 a.1 roll-stopped a.2 a.3 (2)\n"
                      "61000 a.1 not-started no such program\n"
                      "61000 a.1 backoff 1000\n");
    scene_live(&s, 60000);
    assert_int_equal(scene_with(&s, 0), 2);
    fake_exit(&s.f, 2, 1); /* one that was left alone comes back as it was */
    scene_live(&s, 1000);
    assert_int_equal(scene_with(&s, 0), 2);
    assert_int_equal(s.f.job[2].spawns, 2);
    assert_true(sup_uses(s.f.sup, &s.set[0].config));
    s.f.no_program = SIZE_MAX;
    scene_take(&s, 2); /* the next one is for all of them */
    assert_int_equal(s.done.roll, 4);
    scene_live(&s, 20000);
    assert_int_equal(scene_with(&s, 2), 4);
    assert_int_equal(scene_count(&s, S_RUNNING), 4);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    assert_false(sup_uses(s.f.sup, &s.set[1].config));
    scene_close(&s);
}

static void roll__each_way_not_to_come_up__is_given_up(void **state)
{
    (void)state;
    enum { NO_PROGRAM, CRASHES, CRASHES_SOON, NEVER_READY, HOOK_FAILS, WAYS };
    for (int way = 0; way < WAYS; way++) {
        struct scene s;
        scene_versions(&s, "a3", 2);
        SET_EACH(&s.set[1], 0, ready_timeout, 3000);
        if (way == NEVER_READY)
            SET_EACH(&s.set[1], 0, ready.kind, READY_EVENT);
        if (way == HOOK_FAILS)
            SET_EACH(&s.set[1], 0, hook_pre_start, "prepare.exe");
        scene_run(&s);
        s.f.prepare_fails = way == HOOK_FAILS;
        s.f.no_program = way == NO_PROGRAM ? 0 : SIZE_MAX;
        scene_take(&s, 1);
        scene_live(&s, way == CRASHES_SOON ? 900 : 100);
        if (way == CRASHES || way == CRASHES_SOON)
            fake_exit(&s.f, 0, 1);
        scene_live(&s, 4000);
        assert_int_equal(s.f.tales[H_ROLL_STOPPED], 1);
        assert_int_equal(s.f.tales[H_ROLLED], 0);
        assert_int_equal(scene_with(&s, 0), 2);
        assert_int_equal(s.f.job[1].asks + s.f.job[2].asks, 0);
        scene_close(&s);
    }
}

static void roll__two_at_a_time_and_one_fails__the_other_comes_up_as_far_as_it_got(void **state)
{
    (void)state;
    for (int past = 0; past < 2; past++) {
        struct scene s;
        scene_versions(&s, "a5", 2);
        SET_EACH(&s.set[1], 0, restart_parallel, 2);
        scene_run(&s);
        s.f.obeys = 0;
        s.f.no_program = 0;
        scene_take(&s, 1);
        fake_exit(&s.f, past ? 1 : 0, 0);
        scene_live(&s, 500);
        fake_exit(&s.f, past ? 0 : 1, 0);
        scene_live(&s, 20000);
        assert_int_equal(s.f.tales[H_ROLL_STOPPED], 1);
        assert_int_equal(scene_with(&s, 1), past ? 2 : 1);
        scene_is(&s, "a.1", S_RUNNING);
        assert_int_equal(s.f.job[1].spawns, 2);
        assert_int_equal(s.f.job[2].spawns, 1);
        assert_non_null(strstr(buf_text(&s.f.log), past ? "roll-stopped a.2 a.3 a.4 (3)\n"
                                                        : "roll-stopped a.1 a.2 a.3 a.4 (4)\n"));
        scene_close(&s);
    }
}

static void roll__does_its_work_and_exits__is_as_good_as_up(void **state)
{
    (void)state;
    struct scene s;
    scene_versions(&s, "a2", 2);
    SET_EACH(&s.set[0], 0, restart, RESTART_ON_FAILURE);
    SET_EACH(&s.set[1], 0, restart, RESTART_ON_FAILURE);
    scene_run(&s);
    scene_take(&s, 1);
    for (size_t i = 0; i < 2; i++) {
        scene_live(&s, 100);
        assert_int_equal(s.f.job[i].spawns, 2);
        fake_exit(&s.f, i, 0);
    }
    fake_settle(&s.f);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roll__one_at_a_time__lowest_first_and_each_lives_a_second),
        cmocka_unit_test(roll__ready_by_event__waits_for_it_and_no_longer),
        cmocka_unit_test(roll__restart_parallel__that_many_and_never_more),
        cmocka_unit_test(roll__first_cannot_be_started__is_given_up_and_names_the_others),
        cmocka_unit_test(roll__each_way_not_to_come_up__is_given_up),
        cmocka_unit_test(roll__two_at_a_time_and_one_fails__the_other_comes_up_as_far_as_it_got),
        cmocka_unit_test(roll__does_its_work_and_exits__is_as_good_as_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
