/* test_recycle.c - runs that limits end, again and again, and orders in between. */
#include "tests/supervise/fake.h"

enum { DAY_MS = 86400000 };

static void sup_stop__while_a_limit_ends_the_run__stays_down_and_keeps_the_cause(void **state)
{
    (void)state;
    static const enum reaction whats[] = {REACTION_RESTART, REACTION_STOP};
    for (int i = 0; i < 4; i++) {
        struct fake f;
        fake_open_running(&f, 1);
        sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_MEMORY, whats[i % 2]);
        if (i < 2)
            sup_stop(f.sup, 0);
        else
            sup_stop_all(f.sup, CAUSE_SHUTDOWN, 60000);
        assert_int_equal(f.job[0].asks, 1);
        fake_exit(&f, 0, 0);
        fake_settle(&f);
        assert_int_equal(fake_unit(&f, 0)->at, S_STOPPED);
        assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_LIMIT);
        assert_int_equal(fake_unit(&f, 0)->last.limit, LIMIT_JOB_MEMORY);
        fake_close(&f);
    }
}

static void sup_end_now__while_a_limit_ends_the_run__keeps_the_cause(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_MEMORY, REACTION_RESTART);
    sup_end_now(f.sup);
    assert_int_equal(f.job[0].kills, 1);
    fake_note(&f, 0);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPED);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_LIMIT);
    fake_close(&f);
}

static void sup_start__while_a_limit_ends_the_run__is_a_new_beginning(void **state)
{
    (void)state;
    for (int stopped = 0; stopped < 2; stopped++)
        for (int what = REACTION_RESTART; what <= REACTION_TERMINATE; what++) {
            struct fake f;
            fake_open_running(&f, 1);
            f.spec[0].restart = RESTART_NEVER;
            f.spec[0].on_limit_interval = DAY_MS;
            f.kill_ms = 50;
            sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_MEMORY, (enum reaction)what);
            if (stopped)
                sup_stop(f.sup, 0);
            sup_start(f.sup, 0);
            sup_start(f.sup, 0);
            assert_int_equal(f.job[0].spawns, 1);
            fake_exit(&f, 0, 0);
            fake_settle(&f);
            assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
            assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_LIMIT);
            assert_int_equal(policy_tally(&fake_unit(&f, 0)->history)->restarts, 0);
            sup_limit_kill(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_MEMORY, REACTION_STOP);
            fake_until(&f, f.now + 100);
            assert_int_equal(fake_unit(&f, 0)->at, S_FAILED); /* the order was about that run */
            fake_close(&f);
        }
}

static void sup_limit__leaking_every_night__recycled_for_sixty_nights(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].restart = RESTART_ON_FAILURE;
    f.spec[0].start_limit = 2;
    f.spec[0].start_limit_interval = 100 * (uint64_t)DAY_MS;
    f.spec[0].on_limit_interval = 600000;
    f.obeys = 1u << RUNG_CTRL_C;
    fake_supervise(&f);
    sup_start_all(f.sup);
    for (uint64_t night = 1; night <= 60; night++) {
        fake_until(&f, FAKE_EPOCH + night * DAY_MS);
        sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_NOTIFY_JOB_MEMORY_HIGH, REACTION_RESTART);
        fake_note(&f, 0);
        fake_settle(&f);
        assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
        assert_int_equal(f.job[0].spawns, night + 1);
    }
    assert_int_equal(f.tales[H_FAILED], 0);
    fake_close(&f);
}

static void limit_now(struct fake *f)
{
    f->now = f->job[0].alarm_at ? f->job[0].alarm_at : f->now;
    fake_settle(f);
    assert_int_equal(fake_unit(f, 0)->at, S_RUNNING);
    sup_limit_kill(f->sup, fake_unit(f, 0)->id, LIMIT_JOB_MEMORY, REACTION_RESTART);
    fake_note(f, 0);
}

static void sup_limit__twenty_in_a_row__given_up_with_that_reason(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.spec[0].restart_delay = 0;
    f.spec[0].start_limit = 20;
    f.spec[0].start_limit_interval = 60000;
    f.spec[0].start_limit_action = START_LIMIT_EXIT_SERVICE;
    for (int i = 0; i < 20; i++)
        limit_now(&f);
    assert_int_equal(fake_unit(&f, 0)->at, S_BACKOFF);
    fake_log_clear(&f);
    limit_now(&f);
    fake_log_is(&f, "1000 a.0 started\n"
                    "1000 a.0 stopping limit:job-memory\n"
                    "1000 a.0 killed\n"
                    "1000 a.0 ended limit:job-memory 3758096385 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 failed start limit reached by limits (20)\n");
    assert_true(sup_wants_exit(f.sup));
    sup_start(f.sup, 0);
    fake_exit(&f, 0, 1);
    assert_int_equal(fake_unit(&f, 0)->at, S_BACKOFF); /* a failure's count is another */
    fake_close(&f);
}

static void sup_limit__between_crashes__the_crash_loop_is_still_found(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].restart_delay = 0;
    f.spec[0].start_limit = 5;
    f.spec[0].start_limit_interval = 60000;
    fake_supervise(&f);
    sup_start_all(f.sup);
    int crashes = 0;
    for (; fake_unit(&f, 0)->at != S_FAILED; crashes++) {
        if (crashes % 2 == 1)
            limit_now(&f);
        fake_settle(&f);
        fake_exit(&f, 0, 1);
    }
    assert_int_equal(crashes, 5);
    assert_string_equal(fake_unit(&f, 0)->reason, "start limit reached");
    fake_close(&f);
}

static void sup_limit__on_limit_interval__holds_the_next_start_back(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.spec[0].on_limit_interval = 60000;
    f.spec[0].restart_delay = 0;
    limit_now(&f);
    assert_int_equal(f.job[0].alarm_at, 1000);
    limit_now(&f);
    assert_int_equal(f.job[0].alarm_at, 61000);
    fake_until(&f, 60999);
    assert_int_equal(f.job[0].spawns, 2);
    fake_until(&f, 61000);
    assert_int_equal(f.job[0].spawns, 3);
    f.now = 121000;
    limit_now(&f);
    assert_int_equal(f.job[0].alarm_at, 121000);
    limit_now(&f);
    assert_int_equal(f.job[0].alarm_at, 181000);
    sup_start(f.sup, 0); /* an order does not wait */
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_stop__while_a_limit_ends_the_run__stays_down_and_keeps_the_cause),
        cmocka_unit_test(sup_end_now__while_a_limit_ends_the_run__keeps_the_cause),
        cmocka_unit_test(sup_start__while_a_limit_ends_the_run__is_a_new_beginning),
        cmocka_unit_test(sup_limit__leaking_every_night__recycled_for_sixty_nights),
        cmocka_unit_test(sup_limit__twenty_in_a_row__given_up_with_that_reason),
        cmocka_unit_test(sup_limit__between_crashes__the_crash_loop_is_still_found),
        cmocka_unit_test(sup_limit__on_limit_interval__holds_the_next_start_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
