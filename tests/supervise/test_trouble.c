/* test_trouble.c - a world that lies: notes lost, doubled and late, starts and looks that fail. */
#include "tests/supervise/fake.h"

static void open_running(struct fake *f, size_t n)
{
    fake_open(f, n);
    fake_supervise(f);
    sup_start_all(f->sup);
    fake_settle(f);
    fake_log_clear(f);
}

static void sup_look_all__every_note_lost__finds_all_ends(void **state)
{
    (void)state;
    struct fake f;
    open_running(&f, 3);
    fake_end(&f, 0, 1);
    f.job[1].members = 1;
    fake_end(&f, 1, 1);
    f.now += LOOK_AGAIN_MS;
    sup_look_all(f.sup);
    fake_until(&f, f.now + 10);
    fake_log_is(&f, "11000 a.0 ended exit 1 ran 10000\n"
                    "11000 a.0 release\n"
                    "11000 a.0 backoff 0\n"
                    "11000 b.0 ended exit 1 ran 10000\n"
                    "11000 b.0 leftovers 1\n"
                    "11000 b.0 killed\n"
                    "11000 a.0 started\n"
                    "11001 b.0 release\n"
                    "11001 b.0 backoff 0\n"
                    "11001 b.0 started\n");
    fake_close(&f);
}

static void sup_look_all__alarms_lost__does_what_is_due(void **state)
{
    (void)state;
    struct fake f;
    open_running(&f, 1);
    fake_exit(&f, 0, 1);
    sup_look_all(f.sup);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_exit(&f, 0, 1);
    sup_look_all(f.sup);
    assert_int_equal(fake_unit(&f, 0)->at, S_BACKOFF); /* due in a second only */
    f.now += LOOK_AGAIN_MS;
    sup_look_all(f.sup);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_close(&f);
}

static void sup_look_all__end_seen_by_it__leaves_the_restart_to_the_alarm(void **state)
{
    (void)state;
    struct fake f;
    open_running(&f, 1);
    f.spec[0].max_runtime = 5000;
    sup_stop(f.sup, 0);
    sup_start(f.sup, 0);
    fake_end(&f, 0, 1);
    f.now += 10000; /* the rung's time is up as well */
    sup_look_all(f.sup);
    assert_int_equal(fake_unit(&f, 0)->at, S_BACKOFF);
    assert_int_equal(f.job[0].asks, 1);
    assert_int_equal(f.job[0].alarm_at, f.now);
    fake_close(&f);
}

static void sup_note__doubled_stale_or_of_nobody__changes_nothing(void **state)
{
    (void)state;
    struct fake f;
    open_running(&f, 2);
    uint64_t first = fake_unit(&f, 0)->id;
    fake_exit(&f, 0, 1);
    sup_note(f.sup, first);
    sup_note(f.sup, first);
    fake_settle(&f);
    uint32_t looks = f.looks;
    fake_end(&f, 0, 1); /* the second run has ended, but these notes are about the first */
    sup_note(f.sup, first);
    sup_note(f.sup, 0);
    sup_note(f.sup, 99);
    sup_note(f.sup, UINT64_MAX);
    assert_int_equal(f.looks, looks);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_note(&f, 0);
    fake_note(&f, 0);
    assert_int_equal(f.job[0].releases, 2);
    assert_int_equal(f.tales[H_ENDED], 2);
    assert_int_equal(fake_unit(&f, 1)->at, S_RUNNING);
    fake_close(&f);
}

static void sup_note__doubled_while_leftovers_end__names_and_ends_them_once(void **state)
{
    (void)state;
    struct fake f;
    open_running(&f, 1);
    f.kill_ms = 100;
    f.job[0].members = 2;
    fake_exit(&f, 0, 1);
    for (int i = 0; i < 50; i++)
        fake_note(&f, 0);
    f.job[0].attendants = 2; /* what is left looks like attendants by now */
    fake_note(&f, 0);
    assert_int_equal(f.tales[H_LEFTOVERS], 1);
    assert_int_equal(f.tales[H_ENDED], 1);
    assert_int_equal(f.job[0].kills, 1);
    fake_until(&f, 1200);
    assert_int_equal(f.job[0].spawns, 2);
    fake_close(&f);
}

static void sup_note__message_of_the_tree_before_that_of_the_main_process__is_the_same(void **state)
{
    (void)state;
    struct fake f;
    open_running(&f, 1);
    fake_note(&f, 0); /* "empty", but the main process still counts as alive */
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_exit(&f, 0, 1);
    fake_settle(&f);
    assert_int_equal(f.job[0].spawns, 2);
    fake_close(&f);
}

static void sup_alarm__too_early_or_not_set__is_set_again_and_does_nothing(void **state)
{
    (void)state;
    struct fake f;
    open_running(&f, 1);
    sup_alarm(f.sup, 0);
    sup_alarm(f.sup, 1);
    assert_int_equal(f.job[0].alarm_at, 0);
    fake_exit(&f, 0, 1);
    fake_settle(&f);
    fake_exit(&f, 0, 1);
    assert_int_equal(f.job[0].alarm_at, 2000);
    f.now = 1999;
    f.job[0].alarm_at = 0; /* it has rung a little early */
    sup_alarm(f.sup, 0);
    assert_int_equal(f.job[0].alarm_at, 2000);
    assert_int_equal(f.job[0].spawns, 2);
    fake_close(&f);
}

static void sup_start_all__at_time_zero__alarms_work(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.now = 0;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_exit(&f, 0, 1);
    assert_int_equal(f.job[0].alarm_at, 1);
    fake_until(&f, 1);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_close(&f);
}

static void sup_start_all__program_missing__goes_to_failed_while_others_run(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 3);
    f.spec[1].start_limit = 3;
    f.spec[1].start_limit_interval = 60000;
    f.no_program = 1;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    assert_null(sup_find(f.sup, fake_unit(&f, 1)->id));
    fake_until(&f, 60000);
    fake_log_is(&f, "1000 a.0 started\n"
                    "1000 b.0 not-started no such program\n"
                    "1000 b.0 backoff 0\n"
                    "1000 c.0 started\n"
                    "1000 b.0 not-started no such program\n"
                    "1000 b.0 backoff 1000\n"
                    "2000 b.0 not-started no such program\n"
                    "2000 b.0 failed start limit reached (3)\n");
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    assert_int_equal(fake_unit(&f, 2)->at, S_RUNNING);
    assert_int_equal(fake_unit(&f, 1)->starts, 0);
    assert_int_equal(fake_unit(&f, 1)->last.cause, CAUSE_NOT_STARTED);
    assert_int_equal(f.job[1].releases, 0);
    fake_close(&f);
}

static void sup_start_all__program_missing_and_no_restart__failed_with_its_reason(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].restart = RESTART_NEVER;
    f.no_program = 0;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_log_is(&f, "1000 a.0 not-started no such program\n"
                    "1000 a.0 failed could not be started, restart = never\n");
    assert_true(sup_all_final(f.sup));
    fake_close(&f);
}

static void sup_start_all__start_fails_once__next_attempt_is_a_new_generation(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spawn_fails = 1;
    fake_supervise(&f);
    sup_start_all(f.sup);
    uint64_t first = fake_unit(&f, 0)->id;
    fake_settle(&f);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    assert_true(fake_unit(&f, 0)->id != first);
    assert_int_equal(fake_unit(&f, 0)->starts, 1);
    fake_close(&f);
}

static void sup_wants_exit__start_limit_with_exit_service__is_wanted(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 3);
    for (size_t i = 0; i < 3; i++) {
        f.spec[i].start_limit = 1;
        f.spec[i].start_limit_interval = 60000;
    }
    f.spec[1].start_limit_action = f.spec[2].start_limit_action = START_LIMIT_EXIT_SERVICE;
    f.spec[2].restart = RESTART_NEVER;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    fake_exit(&f, 0, 1); /* action = fail */
    fake_exit(&f, 2, 1); /* failed, but not by the limit */
    assert_int_equal(fake_unit(&f, 0)->at, S_FAILED);
    assert_int_equal(fake_unit(&f, 2)->at, S_FAILED);
    assert_false(sup_wants_exit(f.sup));
    fake_exit(&f, 1, 1);
    assert_true(sup_wants_exit(f.sup));
    fake_close(&f);
}

static void sup_note__look_fails__nothing_is_assumed_and_it_looks_again_soon(void **state)
{
    (void)state;
    struct fake f;
    open_running(&f, 1);
    f.look_fails = 3;
    fake_exit(&f, 0, 7);
    fake_note(&f, 0);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    assert_int_equal(fake_unit(&f, 0)->members, 0);
    assert_int_equal(f.job[0].alarm_at, 1000 + LOOK_SOON_MS);
    fake_until(&f, 1100);
    fake_log_is(&f, "1000 a.0 blind no answer\n"
                    "1003 a.0 ended exit 7 ran 3\n"
                    "1003 a.0 release\n"
                    "1003 a.0 backoff 0\n"
                    "1003 a.0 started\n");
    f.look_fails = 1;
    fake_note(&f, 0);
    fake_until(&f, 1200);
    fake_log_is(&f, "1100 a.0 blind no answer\n");
    assert_int_equal(f.job[0].alarm_at, 0); /* all is well again */
    f.look_fails = 1;
    fake_note(&f, 0);
    assert_int_equal(f.job[0].alarm_at, 1200 + LOOK_SOON_MS); /* as if it were the first time */
    fake_close(&f);
}

static void sup_stop__kernel_never_answers__the_ladder_goes_on_all_the_same(void **state)
{
    (void)state;
    struct fake f;
    open_running(&f, 1);
    f.spec[0].max_runtime = 0;
    f.look_fails = UINT32_MAX;
    sup_stop(f.sup, 0);
    fake_until(&f, 11000);
    assert_int_equal(f.job[0].kills, 1);
    fake_until(&f, 600000);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPING);
    assert_int_equal(f.tales[H_STUBBORN], 58);
    assert_int_equal(f.tales[H_BLIND], 1);
    f.look_fails = 0;
    fake_until(&f, 602000);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPED);
    fake_close(&f);
}

static void sup_note__look_fails_after_max_runtime__asks_all_the_same(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].max_runtime = 500;
    f.look_fails = UINT32_MAX;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_note(&f, 0);
    fake_until(&f, 1499);
    assert_int_equal(f.job[0].asks, 0);
    fake_until(&f, 1500);
    assert_int_equal(f.job[0].asks, 1);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_look_all__every_note_lost__finds_all_ends),
        cmocka_unit_test(sup_look_all__alarms_lost__does_what_is_due),
        cmocka_unit_test(sup_look_all__end_seen_by_it__leaves_the_restart_to_the_alarm),
        cmocka_unit_test(sup_note__doubled_stale_or_of_nobody__changes_nothing),
        cmocka_unit_test(sup_note__doubled_while_leftovers_end__names_and_ends_them_once),
        cmocka_unit_test(
            sup_note__message_of_the_tree_before_that_of_the_main_process__is_the_same),
        cmocka_unit_test(sup_alarm__too_early_or_not_set__is_set_again_and_does_nothing),
        cmocka_unit_test(sup_start_all__at_time_zero__alarms_work),
        cmocka_unit_test(sup_start_all__program_missing__goes_to_failed_while_others_run),
        cmocka_unit_test(sup_start_all__program_missing_and_no_restart__failed_with_its_reason),
        cmocka_unit_test(sup_start_all__start_fails_once__next_attempt_is_a_new_generation),
        cmocka_unit_test(sup_wants_exit__start_limit_with_exit_service__is_wanted),
        cmocka_unit_test(sup_note__look_fails__nothing_is_assumed_and_it_looks_again_soon),
        cmocka_unit_test(sup_stop__kernel_never_answers__the_ladder_goes_on_all_the_same),
        cmocka_unit_test(sup_note__look_fails_after_max_runtime__asks_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
