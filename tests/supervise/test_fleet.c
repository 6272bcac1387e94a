/* test_fleet.c - what concerns all units at once: finding one, stopping all, the budget. */
#include "tests/supervise/fake.h"

static void sup_find__after_the_run__finds_nobody(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    fake_supervise(&f);
    assert_null(sup_find(f.sup, 0)); /* generation 0 is no run */
    sup_start_all(f.sup);
    fake_settle(&f);
    uint64_t first = fake_unit(&f, 1)->id;
    assert_true((uint32_t)first == 1 && first >> 32 == 1);
    assert_ptr_equal(sup_find(f.sup, first), fake_unit(&f, 1));
    assert_null(sup_find(f.sup, first + 1));
    assert_null(sup_find(f.sup, 7));
    assert_null(sup_find(f.sup, UINT64_MAX));
    fake_exit(&f, 1, 0);
    assert_null(sup_find(f.sup, first)); /* in backoff there is no run */
    fake_settle(&f);
    assert_null(sup_find(f.sup, first));
    assert_ptr_equal(sup_find(f.sup, fake_unit(&f, 1)->id), fake_unit(&f, 1));
    fake_close(&f);
}

static void sup_new__generations_used_up__begins_again_at_one(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    fake_supervise(&f);
    ((struct unit *)fake_unit(&f, 1))->id = UINT64_C(0x7FFFFFFF) << 32 | 1;
    sup_start_all(f.sup);
    fake_settle(&f);
    assert_true(fake_unit(&f, 1)->id == (UINT64_C(1) << 32 | 1));
    fake_close(&f);
}

static void sup_new__no_units_or_too_many__is_answered(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 0);
    fake_supervise(&f);
    sup_start_all(f.sup);
    sup_look_all(f.sup);
    sup_alarm(f.sup, 0);
    assert_int_equal(sup_count(f.sup), 0);
    assert_true(sup_all_down(f.sup));
    assert_true(sup_all_final(f.sup));
    fake_close(&f);

    struct config c = {.n = INSTANCES_MAX + 1};
    struct hands none = {0};
    struct sup *s = NULL;
    struct err e;
    assert_int_equal(sup_new(&c, &none, &s, &e), ST_RANGE);
    assert_null(s);
    sup_free(NULL);
}

static void sup_start_all__twenty_thousand__start_come_back_and_stop(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, INSTANCES_MAX);
    f.quiet = true;
    f.obeys = 1u << RUNG_CTRL_C;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    for (size_t i = 0; i < INSTANCES_MAX; i++)
        fake_exit(&f, i, 1);
    fake_settle(&f);
    for (size_t i = 0; i < INSTANCES_MAX; i++)
        fake_end(&f, i, 1);
    sup_look_all(f.sup);
    fake_until(&f, 2000);
    assert_int_equal(f.tales[H_STARTED], 3 * INSTANCES_MAX);
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, 30000);
    assert_true(sup_stop_deadline(f.sup) == 12000);
    sup_look_all(f.sup);
    assert_true(sup_all_down(f.sup));
    assert_int_equal(f.tales[H_STOPPED], INSTANCES_MAX);
    fake_close(&f);
}

static void sup_end_now__while_a_rung_is_under_way__its_failure_is_ignored(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    sup_stop(f.sup, 0);
    sup_end_now(f.sup);
    sup_note_rung_failed(f.sup, fake_unit(&f, 0)->id, RUNG_CTRL_C, "no console");
    assert_int_equal(f.tales[H_RUNG_FAILED], 0);
    assert_int_equal(f.tales[H_STUBBORN], 0);
    assert_int_equal(f.job[0].kills, 1);
    fake_close(&f);
}

static void sup_stop_all__every_state__nothing_comes_back(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 5);
    f.spec[1].restart = RESTART_NEVER;
    f.kill_ms = 20;
    fake_exit(&f, 0, 1); /* in backoff */
    fake_exit(&f, 1, 1); /* failed */
    f.job[2].members = 1;
    fake_exit(&f, 2, 1);  /* on its way down, leftovers */
    sup_stop(f.sup, 3);   /* on its way down, asked */
    fake_log_clear(&f);
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, 60000);
    fake_exit(&f, 4, 1);
    sup_start_all(f.sup);
    sup_start(f.sup, 0);
    assert_false(sup_all_down(f.sup));
    fake_until(&f, 900000);
    fake_log_is(&f, "1000 a.0 stopped\n"
                    "1000 e.0 stopping shutdown\n"
                    "1000 e.0 rung ctrl-c 10000\n"
                    "1000 e.0 ended shutdown 1 ran 0\n"
                    "1000 e.0 release\n"
                    "1000 e.0 stopped\n"
                    "1031 c.0 release\n"
                    "1031 c.0 stopped\n"
                    "11000 d.0 rung command 3000\n"
                    "14000 d.0 rung ctrl-break 2000\n"
                    "16000 d.0 killed\n"
                    "16031 d.0 ended shutdown 3758096385 ran 15031\n"
                    "16031 d.0 release\n"
                    "16031 d.0 stopped\n");
    assert_int_equal(fake_unit(&f, 1)->at, S_FAILED);
    assert_true(sup_all_down(f.sup));
    assert_false(sup_all_final(f.sup));
    assert_int_equal(f.tales[H_STARTED], 5);
    fake_close(&f);
}

static void sup_stop_all__budget_shorter_than_the_ladder__everything_ends_with_it(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 100);
    f.quiet = true;
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, 4000);
    fake_until(&f, 4999);
    assert_int_equal(f.tales[H_KILLED], 0);
    fake_until(&f, 5000);
    assert_int_equal(f.tales[H_KILLED], 100);
    fake_until(&f, 5005);
    assert_true(sup_all_down(f.sup));
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(f.job[i].kills, 1);
    fake_close(&f);
}

static void sup_stop_next__one_ends_before_its_turn__is_not_restarted(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 4);
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    sup_stop_begin(f.sup, CAUSE_SHUTDOWN, 60000);
    assert_true(sup_stop_next(f.sup));
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPING);
    assert_int_equal(fake_unit(&f, 2)->at, S_RUNNING); /* its turn is still to come */
    fake_exit(&f, 2, 7);
    assert_int_equal(fake_unit(&f, 2)->at, S_STOPPED);
    assert_int_equal(f.job[2].spawns, 1);
    unsigned asked = 1;
    while (sup_stop_next(f.sup))
        asked++;
    assert_int_equal(asked, 3);
    fake_until(&f, 100000);
    assert_true(sup_all_down(f.sup));
    fake_close(&f);
}

static void sup_stop_begin__no_turn_is_ever_given__the_budget_ends_all(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 3);
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    sup_stop_begin(f.sup, CAUSE_SHUTDOWN, 4000);
    fake_until(&f, FAKE_EPOCH + 20000);
    assert_true(sup_all_down(f.sup));
    fake_close(&f);
}

static void sup_stop_all__again__the_earlier_end_counts(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    sup_stop_all(f.sup, CAUSE_OPERATOR, 60000);
    assert_true(sup_stop_deadline(f.sup) == 16000); /* the ladder */
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, 2000);
    assert_true(sup_stop_deadline(f.sup) == 3000);
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, UINT64_MAX);
    assert_true(sup_stop_deadline(f.sup) == 3000);
    assert_int_equal(f.job[0].asks, 1); /* asked once */
    fake_until(&f, 3005);
    assert_true(sup_all_down(f.sup));
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_SHUTDOWN);
    fake_close(&f);
}

static void sup_stop_all__alarms_lost__look_all_ends_the_budget(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 3);
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, 4000);
    f.now = 12000;
    sup_look_all(f.sup);
    assert_int_equal(f.tales[H_KILLED], 3);
    f.now = 22000;
    sup_look_all(f.sup);
    assert_true(sup_all_down(f.sup));
    fake_close(&f);
}

static void sup_end_now__in_every_state__nothing_is_asked_any_more(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 3);
    fake_exit(&f, 0, 1); /* in backoff */
    sup_stop(f.sup, 1);
    sup_end_now(f.sup);
    sup_start_all(f.sup);
    assert_int_equal(f.job[1].kills, 1);
    assert_int_equal(f.job[2].kills, 1);
    assert_int_equal(f.job[2].asks, 0);
    sup_end_now(f.sup); /* insisting does no harm */
    fake_until(&f, 1005);
    fake_log_is(&f, "1000 a.0 ended exit 1 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 backoff 0\n"
                    "1000 b.0 stopping operator\n"
                    "1000 b.0 rung ctrl-c 10000\n"
                    "1000 a.0 stopped\n"
                    "1000 b.0 killed\n"
                    "1000 c.0 stopping shutdown\n"
                    "1000 c.0 killed\n"
                    "1001 b.0 ended operator 3758096385 ran 1\n"
                    "1001 b.0 release\n"
                    "1001 b.0 stopped\n"
                    "1001 c.0 ended shutdown 3758096385 ran 1\n"
                    "1001 c.0 release\n"
                    "1001 c.0 stopped\n");
    assert_true(sup_all_down(f.sup));
    fake_close(&f);
}

static void sup_stop_deadline__by_state__is_the_latest_end(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 2);
    f.spec[1].stop = (struct ladder){1, {{RUNG_CTRL_C, 500}}};
    assert_int_equal(sup_stop_deadline(f.sup), 0);
    sup_stop(f.sup, 1);
    assert_int_equal(sup_stop_deadline(f.sup), 1500);
    sup_stop(f.sup, 0);
    assert_int_equal(sup_stop_deadline(f.sup), 16000);
    fake_exit(&f, 0, 0);
    f.kills_ignored = 9;
    fake_until(&f, 1500);
    assert_int_equal(sup_stop_deadline(f.sup), 1500 + LOOK_LATE_MS);
    fake_exit(&f, 1, 0);
    assert_int_equal(sup_stop_deadline(f.sup), 0);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_find__after_the_run__finds_nobody),
        cmocka_unit_test(sup_new__generations_used_up__begins_again_at_one),
        cmocka_unit_test(sup_new__no_units_or_too_many__is_answered),
        cmocka_unit_test(sup_start_all__twenty_thousand__start_come_back_and_stop),
        cmocka_unit_test(sup_end_now__while_a_rung_is_under_way__its_failure_is_ignored),
        cmocka_unit_test(sup_stop_all__every_state__nothing_comes_back),
        cmocka_unit_test(sup_stop_all__budget_shorter_than_the_ladder__everything_ends_with_it),
        cmocka_unit_test(sup_stop_next__one_ends_before_its_turn__is_not_restarted),
        cmocka_unit_test(sup_stop_begin__no_turn_is_ever_given__the_budget_ends_all),
        cmocka_unit_test(sup_stop_all__again__the_earlier_end_counts),
        cmocka_unit_test(sup_stop_all__alarms_lost__look_all_ends_the_budget),
        cmocka_unit_test(sup_end_now__in_every_state__nothing_is_asked_any_more),
        cmocka_unit_test(sup_stop_deadline__by_state__is_the_latest_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
