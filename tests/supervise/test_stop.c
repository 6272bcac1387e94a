/* test_stop.c - the ladder of one unit, and orders during every state. */
#include "tests/supervise/fake.h"

static void sup_stop__child_obeys__is_stopped_and_stays_so(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.obeys = 1u << RUNG_CTRL_C;
    sup_stop(f.sup, 0);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPING);
    f.now += 30;
    fake_note(&f, 0);
    fake_log_is(&f, "1000 a.0 stopping operator\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1030 a.0 ended operator 0 ran 30\n"
                    "1030 a.0 release\n"
                    "1030 a.0 stopped\n");
    fake_until(&f, 900000);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPED);
    assert_int_equal(f.job[0].alarm_at, 0);
    assert_false(sup_all_final(f.sup)); /* an operator may start it again */
    fake_close(&f);
}

static void sup_stop__child_ignores_all__each_rung_has_its_time_then_the_job_ends(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    sup_stop(f.sup, 0);
    fake_until(&f, 900000);
    fake_log_is(&f, "1000 a.0 stopping operator\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "11000 a.0 rung command 3000\n"
                    "14000 a.0 rung ctrl-break 2000\n"
                    "16000 a.0 killed\n"
                    "16001 a.0 ended operator 3758096385 ran 15001\n"
                    "16001 a.0 release\n"
                    "16001 a.0 stopped\n");
    fake_close(&f);
}

static void sup_stop__rung_cannot_be_asked__next_one_at_once(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.cannot_ask = 1u << RUNG_CTRL_C | 1u << RUNG_COMMAND;
    sup_stop(f.sup, 0);
    fake_until(&f, 3005);
    fake_log_is(&f, "1000 a.0 stopping operator\n"
                    "1000 a.0 rung-failed ctrl-c cannot ask\n"
                    "1000 a.0 rung-failed command cannot ask\n"
                    "1000 a.0 rung ctrl-break 2000\n"
                    "3000 a.0 killed\n"
                    "3001 a.0 ended operator 3758096385 ran 2001\n"
                    "3001 a.0 release\n"
                    "3001 a.0 stopped\n");
    fake_close(&f);
}

static void sup_note_rung_failed__present_rung__ladder_goes_on_at_once(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    uint64_t id = fake_unit(&f, 0)->id;
    sup_note_rung_failed(f.sup, id, RUNG_CTRL_C, "too early");
    sup_stop(f.sup, 0);
    f.now += 100;
    sup_note_rung_failed(f.sup, id, RUNG_COMMAND, "not the present one");
    sup_note_rung_failed(f.sup, id + (UINT64_C(1) << 32), RUNG_CTRL_C, "not this run");
    sup_note_rung_failed(f.sup, id, RUNG_CTRL_C, "no console");
    sup_note_rung_failed(f.sup, id, RUNG_CTRL_C, "told twice");
    sup_note_rung_failed(f.sup, id, RUNG_COMMAND, "exit code 1");
    sup_note_rung_failed(f.sup, id, RUNG_CTRL_BREAK, "no console");
    sup_note_rung_failed(f.sup, id, RUNG_CTRL_BREAK, "told twice");
    sup_note_rung_failed(f.sup, id, RUNG_CTRL_C, "after the last rung");
    fake_log_is(&f, "1000 a.0 stopping operator\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1100 a.0 rung-failed ctrl-c no console\n"
                    "1100 a.0 rung command 3000\n"
                    "1100 a.0 rung-failed command exit code 1\n"
                    "1100 a.0 rung ctrl-break 2000\n"
                    "1100 a.0 rung-failed ctrl-break no console\n"
                    "1100 a.0 killed\n");
    fake_close(&f);
}

static void sup_note_rung_failed__after_the_end_of_the_longest_ladder__is_ignored(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].stop.n = LADDER_MAX;
    for (uint32_t i = 0; i < LADDER_MAX; i++)
        f.spec[0].stop.rung[i] = (struct rung){RUNG_CTRL_C, 100};
    fake_supervise(&f);
    sup_start_all(f.sup);
    sup_stop(f.sup, 0);
    for (int i = 0; i < 2 * LADDER_MAX; i++)
        sup_note_rung_failed(f.sup, fake_unit(&f, 0)->id, RUNG_CTRL_C, "no console");
    assert_int_equal(f.job[0].asks, LADDER_MAX);
    assert_int_equal(f.job[0].kills, 1);
    assert_int_equal(f.tales[H_RUNG_FAILED], LADDER_MAX);
    fake_close(&f);
}

static void sup_stop__members_outlast_the_ladder__the_end_is_looked_for_soon(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.job[0].members = 1;
    sup_stop(f.sup, 0);
    fake_exit(&f, 0, 0);
    fake_until(&f, 15999);
    assert_int_equal(f.job[0].kills, 0);
    fake_log_clear(&f);
    fake_until(&f, 20000);
    fake_log_is(&f, "16000 a.0 leftovers 1\n" /* named before they are ended */
                    "16000 a.0 killed\n"
                    "16001 a.0 release\n"
                    "16001 a.0 stopped\n");
    fake_close(&f);
}

static void sup_stop__no_ladder_or_only_terminate__is_terminated_at_once(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    f.spec[0].stop.n = 0;
    f.spec[1].stop = (struct ladder){1, {{RUNG_TERMINATE, 0}}};
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    sup_stop(f.sup, 0);
    sup_stop(f.sup, 1);
    assert_int_equal(f.job[0].kills, 1);
    assert_int_equal(f.job[1].kills, 1);
    assert_int_equal(f.job[1].asks, 0);
    fake_until(&f, 1005);
    assert_true(sup_all_down(f.sup));
    fake_close(&f);
}

static void sup_stop__main_ends_and_members_stay__they_keep_the_rest_of_the_rung(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.job[0].members = 2;
    f.obeys = 1u << RUNG_CTRL_C;
    sup_stop(f.sup, 0);
    f.now += 50;
    fake_note(&f, 0);
    fake_until(&f, 10999);
    assert_int_equal(f.job[0].asks, 1);
    assert_int_equal(f.job[0].kills, 0);
    f.tree_obeys = 1u << RUNG_COMMAND;
    fake_until(&f, 12999);
    fake_log_is(&f, "1000 a.0 stopping operator\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1050 a.0 ended operator 0 ran 50\n"
                    "11000 a.0 rung command 3000\n"
                    "11097 a.0 release\n" /* found by looking: 1, 2, 4 .. 2000 */
                    "11097 a.0 stopped\n");
    fake_close(&f);
}

static void sup_stop__main_ends_and_attendants_stay__are_ended_at_once(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.job[0].members = f.job[0].attendants = 1;
    f.obeys = 1u << RUNG_CTRL_C;
    sup_stop(f.sup, 0);
    fake_note(&f, 0);
    assert_int_equal(f.job[0].kills, 1);
    fake_until(&f, 1005);
    fake_log_is(&f, "1000 a.0 stopping operator\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1000 a.0 ended operator 0 ran 0\n"
                    "1001 a.0 release\n"
                    "1001 a.0 stopped\n");
    fake_close(&f);
}

static void sup_alarm__terminated_job_stays__is_told_and_terminated_again(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.spec[0].stop.n = 0;
    f.kills_ignored = 2;
    f.job[0].members = 4;
    sup_stop(f.sup, 0);
    fake_until(&f, 21020);
    fake_log_is(&f, "1000 a.0 stopping operator\n"
                    "1000 a.0 killed\n"
                    "11000 a.0 stubborn 5\n"
                    "21000 a.0 stubborn 5\n");
    fake_until(&f, 24000);
    fake_log_is(&f, "21047 a.0 ended operator 3758096385 ran 20047\n"
                    "21047 a.0 release\n"
                    "21047 a.0 stopped\n");
    assert_int_equal(f.job[0].kills, 3);
    assert_true(f.looks < 30); /* ever less often */
    fake_close(&f);
}

static void sup_start__while_stopping__comes_back_once_the_job_is_empty(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.spec[0].restart = RESTART_NEVER; /* an order is not a matter of the policy */
    sup_stop(f.sup, 0);
    f.now += 10;
    sup_start(f.sup, 0);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPING);
    assert_true(fake_unit(&f, 0)->want_up);
    assert_int_equal(f.job[0].spawns, 1);
    fake_exit(&f, 0, 9);
    fake_settle(&f);
    fake_log_is(&f, "1000 a.0 stopping operator\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1010 a.0 ended operator 9 ran 10\n"
                    "1010 a.0 release\n"
                    "1010 a.0 backoff 0\n"
                    "1010 a.0 started\n");
    sup_stop(f.sup, 0);
    sup_start(f.sup, 0);
    sup_stop(f.sup, 0); /* the last word counts */
    fake_exit(&f, 0, 0);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPED);
    fake_close(&f);
}

static void sup_stop__during_backoff__is_stopped_at_once(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    fake_exit(&f, 0, 1);
    assert_int_equal(fake_unit(&f, 0)->at, S_BACKOFF);
    sup_stop(f.sup, 0);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPED);
    assert_int_equal(f.job[0].alarm_at, 0);
    sup_alarm(f.sup, 0); /* it was on its way */
    fake_until(&f, 900000);
    assert_int_equal(f.job[0].spawns, 1);
    fake_close(&f);
}

static void sup_stop__during_starting__asks_and_is_stopped(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    ((struct unit *)fake_unit(&f, 0))->at = S_STARTING; /* as if readiness were awaited */
    f.obeys = 1u << RUNG_CTRL_C;
    sup_look_all(f.sup);
    assert_int_equal(fake_unit(&f, 0)->at, S_STARTING);
    sup_stop(f.sup, 0);
    fake_note(&f, 0);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPED);
    assert_int_equal(f.job[0].asks, 1);
    assert_int_equal(f.job[0].releases, 1);
    ((struct unit *)fake_unit(&f, 0))->at = S_STOPPED;
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_stop__child_obeys__is_stopped_and_stays_so),
        cmocka_unit_test(sup_stop__child_ignores_all__each_rung_has_its_time_then_the_job_ends),
        cmocka_unit_test(sup_stop__rung_cannot_be_asked__next_one_at_once),
        cmocka_unit_test(sup_note_rung_failed__present_rung__ladder_goes_on_at_once),
        cmocka_unit_test(sup_note_rung_failed__after_the_end_of_the_longest_ladder__is_ignored),
        cmocka_unit_test(sup_stop__members_outlast_the_ladder__the_end_is_looked_for_soon),
        cmocka_unit_test(sup_stop__no_ladder_or_only_terminate__is_terminated_at_once),
        cmocka_unit_test(sup_stop__main_ends_and_members_stay__they_keep_the_rest_of_the_rung),
        cmocka_unit_test(sup_stop__main_ends_and_attendants_stay__are_ended_at_once),
        cmocka_unit_test(sup_alarm__terminated_job_stays__is_told_and_terminated_again),
        cmocka_unit_test(sup_start__while_stopping__comes_back_once_the_job_is_empty),
        cmocka_unit_test(sup_stop__during_backoff__is_stopped_at_once),
        cmocka_unit_test(sup_stop__during_starting__asks_and_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
