/* test_outcome.c - what has come of an order, whom a unit waits for, and when it starts next. */
#include "tests/supervise/scene.h"
#include "tests/supervise/times.h"

static enum sup_outcome up(const struct fake *f, size_t slot)
{
    return sup_outcome_of(f->sup, slot, SUP_ORDER_UP, 0);
}

static enum sup_outcome down(const struct fake *f, size_t slot)
{
    return sup_outcome_of(f->sup, slot, SUP_ORDER_DOWN, 0);
}

static void outcome__start_of_a_plain_worker__is_reached_when_it_has_lived_a_second(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    fake_supervise(&f);
    sup_start(f.sup, 0);
    fake_settle(&f);
    assert_int_equal(up(&f, 0), SUP_PENDING);
    assert_int_equal(down(&f, 0), SUP_FAILED);
    fake_until(&f, 2000);
    assert_int_equal(up(&f, 0), SUP_REACHED);
    fake_close(&f);
}

static void outcome__start_of_one_that_says_when_it_is_ready__is_reached_then(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].ready.kind = READY_EVENT;
    fake_supervise(&f);
    sup_start(f.sup, 0);
    fake_until(&f, 9000);
    assert_int_equal(up(&f, 0), SUP_PENDING);
    fake_signal(&f, 0, SIGNAL_READY);
    fake_until(&f, 9100);
    assert_int_equal(up(&f, 0), SUP_REACHED);
    fake_close(&f);
}

static void outcome__start_that_does_not_work__has_failed_also_in_backoff(void **state)
{
    (void)state;
    enum { NO_PROGRAM, CRASHES, NEVER_READY, HOOK_FAILS, WAYS };
    for (int way = 0; way < 2 * WAYS; way++) {
        struct fake f;
        bool never = way >= WAYS;
        fake_open(&f, 1);
        f.spec[0].restart = never ? RESTART_NEVER : RESTART_ALWAYS;
        f.spec[0].restart_first_delay = 5000;
        f.spec[0].ready_timeout = 300;
        if (way % WAYS == NEVER_READY)
            f.spec[0].ready.kind = READY_EVENT;
        if (way % WAYS == HOOK_FAILS)
            f.spec[0].hook_pre_start = "prepare.exe";
        f.prepare_fails = 1;
        f.no_program = way % WAYS == NO_PROGRAM ? 0 : SIZE_MAX;
        fake_supervise(&f);
        sup_start(f.sup, 0);
        fake_settle(&f);
        if (way % WAYS == CRASHES)
            fake_exit(&f, 0, 1);
        f.obeys = 1u << RUNG_CTRL_C;
        fake_until(&f, 2000);
        if (way % WAYS == NEVER_READY)
            fake_note(&f, 0);
        fake_is(&f, 0, never ? S_FAILED : S_BACKOFF);
        assert_int_equal(up(&f, 0), SUP_FAILED);
        assert_non_null(fake_unit(&f, 0)->reason);
        fake_close(&f);
    }
}

static void outcome__start_of_one_that_does_its_work_and_exits__is_reached(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].restart = RESTART_ON_FAILURE;
    fake_supervise(&f);
    sup_start(f.sup, 0);
    fake_settle(&f);
    fake_exit(&f, 0, 0);
    assert_int_equal(up(&f, 0), SUP_REACHED);
    fake_close(&f);
}

static void outcome__start_while_it_stops__is_pending_on_the_whole_way(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    sup_stop(f.sup, 0);
    assert_int_equal(down(&f, 0), SUP_PENDING);
    assert_int_equal(up(&f, 0), SUP_FAILED);
    sup_start(f.sup, 0);
    assert_int_equal(up(&f, 0), SUP_PENDING);
    fake_exit(&f, 0, 0);
    fake_is(&f, 0, S_BACKOFF); /* for a turn of the loop */
    assert_int_equal(up(&f, 0), SUP_PENDING);
    fake_until(&f, 3000);
    assert_int_equal(up(&f, 0), SUP_REACHED);
    fake_close(&f);
}

static void outcome__start_while_a_limit_ends_it__is_pending_on_the_whole_way(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_MEMORY, REACTION_STOP);
    sup_start(f.sup, 0);
    fake_exit(&f, 0, 0);
    fake_is(&f, 0, S_BACKOFF);
    assert_int_equal(up(&f, 0), SUP_PENDING);
    fake_close(&f);
}

static void outcome__stop__is_reached_when_the_job_is_empty(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.job[0].members = 1;
    sup_stop(f.sup, 0);
    fake_exit(&f, 0, 0);
    assert_int_equal(down(&f, 0), SUP_PENDING);
    f.job[0].members = 0;
    fake_note(&f, 0);
    assert_int_equal(down(&f, 0), SUP_REACHED);
    fake_close(&f);
}

static void outcome__another_order_takes_it_back__has_failed(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    uint64_t starts = fake_unit(&f, 0)->starts;
    const size_t slot = 0;
    sup_restart(f.sup, &slot, 1);
    sup_stop(f.sup, 0);
    assert_int_equal(sup_outcome_of(f.sup, 0, SUP_ORDER_ANEW, starts), SUP_FAILED);
    sup_start(f.sup, 0);
    assert_int_equal(down(&f, 0), SUP_FAILED);
    fake_close(&f);
}

static void outcome__restart__each_is_reached_with_its_new_run(void **state)
{
    (void)state;
    struct scene s;
    const size_t all[] = {0, 1, 2};
    uint64_t starts[3];
    scene_open(&s, "a3", NULL, NULL);
    scene_run(&s);
    for (size_t i = 0; i < 3; i++)
        starts[i] = fake_unit(&s.f, i)->starts;
    sup_restart(s.f.sup, all, 3);
    for (size_t done = 0; done < 3; done++) {
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(sup_outcome_of(s.f.sup, i, SUP_ORDER_ANEW, starts[i]),
                             i < done ? SUP_REACHED : SUP_PENDING);
        scene_live(&s, 1050);
    }
    assert_int_equal(sup_outcome_of(s.f.sup, 2, SUP_ORDER_ANEW, starts[2]), SUP_REACHED);
    scene_close(&s);
}

static void outcome__restart_is_given_up__has_failed_for_it_and_those_that_are_left(void **state)
{
    (void)state;
    struct scene s;
    const size_t all[] = {0, 1, 2};
    scene_open(&s, "a3", NULL, NULL);
    scene_run(&s);
    sup_restart(s.f.sup, all, 3);
    scene_live(&s, 500);
    assert_int_equal(sup_outcome_of(s.f.sup, 0, SUP_ORDER_ANEW, 1), SUP_PENDING);
    s.set[0].spec[0].restart_first_delay = 5000;
    fake_exit(&s.f, 0, 1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(sup_outcome_of(s.f.sup, i, SUP_ORDER_ANEW, 1), SUP_FAILED);
    scene_close(&s);
}

static void outcome__free_slot__is_down(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a2", "a1", NULL);
    scene_run(&s);
    scene_take(&s, 1);
    assert_int_equal(up(&s.f, 1), SUP_FAILED);
    assert_int_equal(down(&s.f, 1), SUP_PENDING);
    scene_live(&s, 1000);
    assert_int_equal(up(&s.f, 1), SUP_FAILED);
    assert_int_equal(down(&s.f, 1), SUP_REACHED);
    assert_null(sup_waits_for(s.f.sup, 1));
    assert_true(sup_next_start(s.f.sup, 1) == 0);
    scene_close(&s);
}

static void waits_for__what_it_requires_is_stopped__names_it_as_long_as_that(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    fake_needs(&f, 0, 1, true);
    fake_supervise(&f);
    sup_start(f.sup, 0);
    fake_until(&f, 900000);
    assert_string_equal(sup_waits_for(f.sup, 0), "b");
    assert_int_equal(up(&f, 0), SUP_PENDING);
    assert_true(sup_next_start(f.sup, 0) == 0);
    sup_start(f.sup, 1);
    fake_settle(&f);
    assert_null(sup_waits_for(f.sup, 0));
    assert_null(sup_waits_for(f.sup, 1));
    fake_close(&f);
}

static void next_start__backoff_and_delay__is_when_they_end(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    f.spec[0].start_delay = 700;
    f.spec[1].restart_first_delay = 3000;
    fake_run(&f);
    assert_true(sup_next_start(f.sup, 0) == 1700);
    assert_true(sup_next_start(f.sup, 1) == 0);
    fake_exit(&f, 1, 1);
    assert_true(sup_next_start(f.sup, 1) == 4000);
    sup_stop(f.sup, 1);
    assert_true(sup_next_start(f.sup, 1) == 0);
    fake_close(&f);
}

static void next_start__schedule__is_its_next_time_also_after_a_run(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b2", NULL, NULL);
    SET_EACH(&s.set[0], 0, schedule, every(HOUR, "1h"));
    SET_EACH(&s.set[0], 1, schedule, every(HOUR, "1h"));
    SET_EACH(&s.set[0], 1, overlap, YES);
    SET_EACH(&s.set[0], 1, restart, RESTART_NEVER);
    scene_run(&s);
    uint64_t first = FAKE_EPOCH + HOUR;
    assert_true(sup_next_start(s.f.sup, 0) == first);
    assert_true(sup_next_start(s.f.sup, 1) == first);
    assert_true(sup_next_start(s.f.sup, 2) == 0); /* only one of b at a time */
    scene_live(&s, first - s.f.now);
    scene_is(&s, "a.0", S_RUNNING);
    assert_true(sup_next_start(s.f.sup, 0) == 0);
    assert_true(sup_next_start(s.f.sup, 2) == first + HOUR);
    fake_exit(&s.f, 0, 0);
    fake_exit(&s.f, 1, 1);
    scene_is(&s, "a.0", S_EXITED);
    scene_is(&s, "b.0", S_FAILED);
    assert_true(sup_next_start(s.f.sup, 0) == first + HOUR);
    assert_true(sup_next_start(s.f.sup, 1) == first + HOUR);
    sup_stop_all(s.f.sup, CAUSE_SHUTDOWN, 1000);
    assert_true(sup_next_start(s.f.sup, 0) == 0);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcome__start_of_a_plain_worker__is_reached_when_it_has_lived_a_second),
        cmocka_unit_test(outcome__start_of_one_that_says_when_it_is_ready__is_reached_then),
        cmocka_unit_test(outcome__start_that_does_not_work__has_failed_also_in_backoff),
        cmocka_unit_test(outcome__start_of_one_that_does_its_work_and_exits__is_reached),
        cmocka_unit_test(outcome__start_while_it_stops__is_pending_on_the_whole_way),
        cmocka_unit_test(outcome__start_while_a_limit_ends_it__is_pending_on_the_whole_way),
        cmocka_unit_test(outcome__stop__is_reached_when_the_job_is_empty),
        cmocka_unit_test(outcome__another_order_takes_it_back__has_failed),
        cmocka_unit_test(outcome__restart__each_is_reached_with_its_new_run),
        cmocka_unit_test(outcome__restart_is_given_up__has_failed_for_it_and_those_that_are_left),
        cmocka_unit_test(outcome__free_slot__is_down),
        cmocka_unit_test(waits_for__what_it_requires_is_stopped__names_it_as_long_as_that),
        cmocka_unit_test(next_start__backoff_and_delay__is_when_they_end),
        cmocka_unit_test(next_start__schedule__is_its_next_time_also_after_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
