/* test_life.c - starting, ending, coming back: the fleet with an obedient world. */
#include "tests/supervise/fake.h"

static void sup_start_all__ordinary_life__runs_and_comes_back_at_once(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    fake_supervise(&f);
    assert_true(sup_all_down(f.sup));
    sup_start_all(f.sup);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    assert_int_equal(fake_unit(&f, 0)->pid, 100);
    assert_false(sup_all_down(f.sup));
    f.now = 61000;
    fake_exit(&f, 0, 5);
    assert_int_equal(fake_unit(&f, 0)->at, S_BACKOFF); /* others have their turn first */
    assert_int_equal(fake_unit(&f, 0)->pid, 0);
    assert_int_equal(f.job[0].alarm_at, 61000);
    fake_settle(&f);
    fake_log_is(&f, "1000 a.0 started\n"
                    "61000 a.0 ended exit 5 ran 60000\n"
                    "61000 a.0 release\n"
                    "61000 a.0 backoff 0\n"
                    "61000 a.0 started\n");
    assert_int_equal(fake_unit(&f, 0)->starts, 2);
    assert_int_equal(fake_unit(&f, 0)->last.code, 5);
    fake_close(&f);
}

static void sup_note__crash_loop__first_at_once_then_growing_then_failed(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].start_limit = 5;
    f.spec[0].start_limit_interval = 60000;
    fake_supervise(&f);
    sup_start_all(f.sup);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
        fake_exit(&f, 0, 1);
        fake_until(&f, f.now + (uint64_t)(i == 0 ? 0 : 1000 << (i - 1)));
    }
    fake_log_is(&f, "1000 a.0 started\n"
                    "1000 a.0 ended exit 1 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 backoff 0\n"
                    "1000 a.0 started\n"
                    "1000 a.0 ended exit 1 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 backoff 1000\n"
                    "2000 a.0 started\n"
                    "2000 a.0 ended exit 1 ran 0\n"
                    "2000 a.0 release\n"
                    "2000 a.0 backoff 2000\n"
                    "4000 a.0 started\n"
                    "4000 a.0 ended exit 1 ran 0\n"
                    "4000 a.0 release\n"
                    "4000 a.0 backoff 4000\n"
                    "8000 a.0 started\n"
                    "8000 a.0 ended exit 1 ran 0\n"
                    "8000 a.0 release\n"
                    "8000 a.0 failed start limit reached (5)\n");
    assert_string_equal(fake_unit(&f, 0)->reason, "start limit reached");
    assert_true(sup_all_final(f.sup));
    assert_true(sup_all_down(f.sup));
    assert_false(sup_wants_exit(f.sup));
    fake_until(&f, 900000);
    fake_log_is(&f, "");
    fake_close(&f);
}

static void sup_note__main_and_tree_gone_in_one_look__is_decided_without_any_delay(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_exit(&f, 0, 0);
    assert_int_equal(f.looks, 1);
    fake_settle(&f);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    assert_int_equal(f.now, FAKE_EPOCH);
    assert_int_equal(f.job[0].kills, 0);
    fake_close(&f);
}

static void sup_note__each_policy__done_or_failed_with_its_reason(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 3);
    f.spec[0].restart = RESTART_NEVER;
    f.spec[1].restart = RESTART_ON_ABNORMAL;
    f.spec[2].restart = RESTART_ON_FAILURE;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    fake_log_clear(&f);
    fake_exit(&f, 0, 0);
    fake_exit(&f, 1, 3);
    assert_false(sup_all_final(f.sup));
    fake_exit(&f, 2, 0);
    fake_log_is(&f, "1000 a.0 ended exit 0 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 done restart = never\n"
                    "1000 b.0 ended exit 3 ran 0\n"
                    "1000 b.0 release\n"
                    "1000 b.0 failed ended by an ordinary exit code, restart = on-abnormal\n"
                    "1000 c.0 ended exit 0 ran 0\n"
                    "1000 c.0 release\n"
                    "1000 c.0 done succeeded, restart = on-failure\n");
    assert_int_equal(fake_unit(&f, 0)->at, S_EXITED);
    assert_int_equal(fake_unit(&f, 1)->at, S_FAILED);
    assert_true(sup_all_final(f.sup));
    fake_close(&f);
}

static void sup_note__leftovers__are_named_and_ended_before_the_restart(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.kill_ms = 12;
    fake_supervise(&f);
    sup_start_all(f.sup);
    f.job[0].members = 3;
    f.job[0].attendants = 1;
    fake_exit(&f, 0, 1);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPING);
    assert_true(fake_unit(&f, 0)->want_up);
    fake_until(&f, 1200);
    fake_log_is(&f, "1000 a.0 started\n"
                    "1000 a.0 ended exit 1 ran 0\n"
                    "1000 a.0 leftovers 2\n"
                    "1000 a.0 killed\n"
                    "1015 a.0 release\n" /* looked after 1, 2, 4 and 8 ms */
                    "1015 a.0 backoff 0\n"
                    "1015 a.0 started\n");
    assert_int_equal(f.job[0].kills, 1);
    fake_close(&f);
}

static void sup_stop__second_run_after_leftovers__is_asked_like_the_first(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].stop = (struct ladder){2, {{RUNG_CTRL_C, 1000}, {RUNG_COMMAND, 1000}}};
    fake_supervise(&f);
    sup_start_all(f.sup);
    f.job[0].members = 1;
    fake_exit(&f, 0, 1);
    fake_until(&f, 1005);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
        assert_int_equal(f.job[0].alarm_at, 0);
        fake_log_clear(&f);
        sup_stop(f.sup, 0);
        sup_start(f.sup, 0);
        fake_until(&f, f.now + 2005);
    }
    fake_log_is(&f, "3010 a.0 stopping operator\n"
                    "3010 a.0 rung ctrl-c 1000\n"
                    "4010 a.0 rung command 1000\n"
                    "5010 a.0 killed\n"
                    "5011 a.0 ended operator 3758096385 ran 2005\n"
                    "5011 a.0 release\n"
                    "5011 a.0 backoff 0\n"
                    "5011 a.0 started\n");
    fake_close(&f);
}

static void sup_note__only_attendants_left__are_ended_without_a_word(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    fake_supervise(&f);
    sup_start_all(f.sup);
    f.job[0].members = f.job[0].attendants = 1;
    fake_exit(&f, 0, 1);
    assert_int_equal(f.job[0].kills, 1);
    fake_note(&f, 0);
    fake_settle(&f);
    fake_log_is(&f, "1000 a.0 started\n"
                    "1000 a.0 ended exit 1 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 backoff 0\n"
                    "1000 a.0 started\n");
    fake_close(&f);
}

static void sup_note__members_while_the_main_process_lives__are_no_concern(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    fake_supervise(&f);
    sup_start_all(f.sup);
    f.job[0].members = 5;
    fake_note(&f, 0);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    assert_int_equal(fake_unit(&f, 0)->members, 5);
    assert_int_equal(f.job[0].alarm_at, 0);
    fake_close(&f);
}

static void sup_note__order_during_the_end_of_leftovers__counts(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    f.spec[0].restart = f.spec[1].restart = RESTART_NEVER;
    f.kill_ms = 50;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    f.job[0].members = f.job[1].members = 1;
    fake_exit(&f, 0, 1);
    fake_exit(&f, 1, 1);
    sup_stop(f.sup, 0);
    sup_stop(f.sup, 1);
    sup_start(f.sup, 1); /* stopped and started: an order, not a matter of the policy */
    fake_until(&f, 2000);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPED);
    assert_int_equal(fake_unit(&f, 1)->at, S_RUNNING);
    assert_int_equal(f.job[1].spawns, 2);
    fake_close(&f);
}

static void sup_alarm__max_runtime__asks_and_starts_again(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].max_runtime = 3000;
    f.spec[0].start_limit = 2;
    f.spec[0].start_limit_interval = 60000;
    f.obeys = 1u << RUNG_CTRL_C;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, 4000);
    fake_note(&f, 0);
    fake_settle(&f);
    fake_log_is(&f, "1000 a.0 started\n"
                    "4000 a.0 stopping max-runtime\n"
                    "4000 a.0 rung ctrl-c 10000\n"
                    "4000 a.0 ended max-runtime 0 ran 3000\n"
                    "4000 a.0 release\n"
                    "4000 a.0 backoff 0\n"
                    "4000 a.0 started\n");
    for (int i = 0; i < 20; i++) { /* planned, so neither delayed nor limited */
        fake_until(&f, f.now + 3000);
        fake_note(&f, 0);
    }
    assert_int_equal(f.job[0].spawns, 21);
    fake_close(&f);
}

static void sup_alarm__ended_just_before_max_runtime__is_an_end_by_itself(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].max_runtime = 3000;
    f.spec[0].restart = RESTART_NEVER;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_end(&f, 0, 0); /* and the note is still under way */
    fake_until(&f, 4000);
    assert_int_equal(fake_unit(&f, 0)->at, S_EXITED);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_EXIT);
    fake_close(&f);
}

static void sup_start__failed_exited_or_in_backoff__begins_anew(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 3);
    f.spec[0].start_limit = 1;
    f.spec[0].start_limit_interval = 60000;
    f.spec[1].restart = RESTART_NEVER;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    fake_exit(&f, 0, 1);
    fake_exit(&f, 1, 0);
    fake_exit(&f, 2, 1);
    fake_settle(&f);
    fake_exit(&f, 2, 1);
    assert_int_equal(fake_unit(&f, 0)->at, S_FAILED);
    assert_int_equal(fake_unit(&f, 1)->at, S_EXITED);
    assert_int_equal(fake_unit(&f, 2)->at, S_BACKOFF);
    sup_start_all(f.sup);
    fake_settle(&f);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(fake_unit(&f, i)->at, S_RUNNING);
        assert_null(fake_unit(&f, i)->reason);
        assert_int_equal(fake_unit(&f, i)->history.of[TROUBLE_FAILURE].restarts, 0);
        assert_int_equal(f.job[i].alarm_at, 0);
    }
    assert_int_equal(fake_unit(&f, 0)->history.of[TROUBLE_FAILURE].window_starts, 1);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_start_all__ordinary_life__runs_and_comes_back_at_once),
        cmocka_unit_test(sup_note__crash_loop__first_at_once_then_growing_then_failed),
        cmocka_unit_test(sup_note__main_and_tree_gone_in_one_look__is_decided_without_any_delay),
        cmocka_unit_test(sup_note__each_policy__done_or_failed_with_its_reason),
        cmocka_unit_test(sup_note__leftovers__are_named_and_ended_before_the_restart),
        cmocka_unit_test(sup_stop__second_run_after_leftovers__is_asked_like_the_first),
        cmocka_unit_test(sup_note__only_attendants_left__are_ended_without_a_word),
        cmocka_unit_test(sup_note__members_while_the_main_process_lives__are_no_concern),
        cmocka_unit_test(sup_note__order_during_the_end_of_leftovers__counts),
        cmocka_unit_test(sup_alarm__max_runtime__asks_and_starts_again),
        cmocka_unit_test(sup_alarm__ended_just_before_max_runtime__is_an_end_by_itself),
        cmocka_unit_test(sup_start__failed_exited_or_in_backoff__begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
