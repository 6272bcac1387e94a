/* test_restart.c - an operator's restart: another run of each, in turns. */
#include "tests/supervise/scene.h"

/* The fleet JOBS runs. */
static void open_fleet(struct scene *s, const char *jobs)
{
    scene_open(s, jobs, NULL, NULL);
    scene_run(s);
}

static void restart__two_of_three__in_turns_by_the_operator(void **state)
{
    (void)state;
    struct scene s;
    const size_t slot[] = {2, 0};
    open_fleet(&s, "a3");
    sup_restart(s.f.sup, slot, 2);
    scene_live(&s, 10000);
    fake_log_is(&s.f, "60000 a.0 roll ordered (2)\n"
                      "60000 a.0 stopping operator\n"
                      "60000 a.0 rung ctrl-c 10000\n"
                      "60000 a.0 ended operator 0 ran 59000\n"
                      "60000 a.0 release\n"
                      "60000 a.0 backoff 0\n"
                      "60000 a.0 started\n"
                      "61000 a.2 stopping operator\n"
                      "61000 a.2 rung ctrl-c 10000\n"
                      "61000 a.2 ended operator 0 ran 60000\n"
                      "61000 a.2 release\n"
                      "61000 a.2 backoff 0\n"
                      "61000 a.2 started\n"
                      "62000 a.0 rolled\n");
    scene_close(&s);
}

static void restart__several_jobs__each_by_its_own_restart_parallel(void **state)
{
    (void)state;
    struct scene s;
    size_t most[2] = {0};
    scene_open(&s, "a6 b6", NULL, NULL);
    SET_EACH(&s.set[0], 0, restart_parallel, 2);
    SET_EACH(&s.set[0], 1, restart_parallel, 3);
    SET_EACH(&s.set[0], 1, ready.kind, READY_EVENT);
    scene_run(&s);
    for (size_t i = 6; i < 12; i++)
        fake_signal(&s.f, i, SIGNAL_READY);
    scene_live(&s, 1000);
    scene_restart(&s, NULL);
    for (int step = 0; step < 200; step++) {
        size_t down[2] = {0};
        scene_live(&s, 50);
        for (size_t i = 0; i < 12; i++) {
            down[i / 6] += fake_unit(&s.f, i)->at != S_RUNNING;
            if (i >= 6 && step % 20 == 0)
                fake_signal(&s.f, i, SIGNAL_READY);
        }
        for (size_t j = 0; j < 2; j++)
            most[j] = down[j] > most[j] ? down[j] : most[j];
    }
    assert_int_equal(most[1], 3);
    assert_in_range(most[0], 0, 2);
    assert_int_equal(s.f.tales[H_ROLLED], 2);
    for (size_t i = 0; i < 12; i++)
        assert_int_equal(s.f.job[i].spawns, 2);
    scene_close(&s);
}

static void restart__every_state_without_a_run__starts_it_as_an_order_does(void **state)
{
    (void)state;
    static const char *const names[] = {"a.0", "b.0", "c.0", "d.0", "e.0"};
    struct scene s;
    scene_open(&s, "a1 b1 c1 d1 e1", NULL, NULL);
    SET_EACH(&s.set[0], 1, restart, RESTART_NEVER);
    SET_EACH(&s.set[0], 2, restart, RESTART_NEVER);
    SET_EACH(&s.set[0], 4, start_delay, 900000);
    scene_run(&s);
    sup_stop(s.f.sup, 0);
    fake_exit(&s.f, 1, 1);
    fake_exit(&s.f, 2, 0);
    fake_exit(&s.f, 3, 1);
    fake_exit(&s.f, 3, 1);
    fake_settle(&s.f);
    fake_exit(&s.f, 3, 1);
    static const enum state before[] = {S_STOPPED, S_FAILED, S_EXITED, S_BACKOFF, S_WAITING};
    scene_live(&s, 100);
    for (size_t i = 0; i < 5; i++)
        scene_is(&s, names[i], before[i]);
    scene_restart(&s, NULL);
    scene_live(&s, 100);
    assert_int_equal(scene_count(&s, S_RUNNING), 5);
    assert_int_equal(s.f.tales[H_ROLL], 0);
    assert_int_equal(scene_unit(&s, "d.0")->history.of[TROUBLE_FAILURE].restarts, 0);
    scene_close(&s);
}

static void restart__it_is_stopping_by_order__comes_up_again(void **state)
{
    (void)state;
    struct scene s;
    open_fleet(&s, "a1");
    s.f.obeys = 0;
    sup_stop(s.f.sup, 0);
    scene_restart(&s, "a.0");
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_STOPPING);
    fake_exit(&s.f, 0, 0);
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_RUNNING);
    assert_int_equal(s.f.job[0].spawns, 2);
    scene_close(&s);
}

static void restart__not_ready_yet__is_started_anew(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1", NULL, NULL);
    SET_EACH(&s.set[0], 0, ready.kind, READY_EVENT);
    SET_EACH(&s.set[0], 0, ready_timeout, 900000);
    scene_run(&s);
    scene_is(&s, "a.0", S_STARTING);
    scene_restart(&s, "a.0");
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_STARTING);
    assert_int_equal(s.f.job[0].spawns, 2);
    fake_signal(&s.f, 0, SIGNAL_READY);
    scene_live(&s, 1000);
    assert_int_equal(s.f.tales[H_ROLLED], 1);
    scene_close(&s);
}

static void restart__first_does_not_come_up__is_given_up_and_the_others_stay(void **state)
{
    (void)state;
    struct scene s;
    open_fleet(&s, "a3");
    s.f.no_program = 0;
    scene_restart(&s, NULL);
    scene_live(&s, 5000);
    assert_int_equal(s.f.tales[H_ROLL_STOPPED], 1);
    assert_int_equal(s.f.job[1].asks + s.f.job[2].asks, 0);
    assert_false(scene_unit(&s, "a.1")->anew);
    scene_restart(&s, "a.2"); /* nothing is left of it */
    scene_live(&s, 5000);
    assert_int_equal(s.f.job[1].spawns, 1);
    assert_int_equal(s.f.job[2].spawns, 2);
    scene_close(&s);
}

static void restart__history_of_a_crash_loop__begins_anew(void **state)
{
    (void)state;
    struct scene s;
    open_fleet(&s, "a1");
    for (int i = 0; i < 3; i++) {
        fake_exit(&s.f, 0, 1);
        scene_live(&s, 9000);
        fake_is(&s.f, 0, S_RUNNING);
    }
    assert_int_not_equal(fake_unit(&s.f, 0)->history.of[TROUBLE_FAILURE].restarts, 0);
    scene_restart(&s, "a.0");
    scene_live(&s, 2000);
    fake_is(&s.f, 0, S_RUNNING);
    assert_int_equal(fake_unit(&s.f, 0)->history.of[TROUBLE_FAILURE].restarts, 0);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restart__two_of_three__in_turns_by_the_operator),
        cmocka_unit_test(restart__several_jobs__each_by_its_own_restart_parallel),
        cmocka_unit_test(restart__every_state_without_a_run__starts_it_as_an_order_does),
        cmocka_unit_test(restart__it_is_stopping_by_order__comes_up_again),
        cmocka_unit_test(restart__not_ready_yet__is_started_anew),
        cmocka_unit_test(restart__first_does_not_come_up__is_given_up_and_the_others_stay),
        cmocka_unit_test(restart__history_of_a_crash_loop__begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
