/* test_turn.c - when a start comes: start_delay, start_jitter, max_concurrent_starts, and one start
 * a turn. */
#include "tests/supervise/fake.h"

static size_t how_many(const struct fake *f, enum state at)
{
    size_t n = 0;
    for (size_t i = 0; i < sup_count(f->sup); i++)
        n += fake_unit(f, i)->at == at;
    return n;
}

/* N that say themselves when they are up; MOST of them may be on their way at once. */
static void open_by_event(struct fake *f, size_t n, uint32_t most)
{
    fake_open(f, n);
    for (size_t i = 0; i < n; i++)
        f->spec[i].ready.kind = READY_EVENT;
    f->config.service.max_concurrent_starts = most;
}

static void sup_start_all__many__each_turn_starts_one(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 5);
    fake_supervise(&f);
    sup_start_all(f.sup);
    for (size_t n = 1; n <= 5; n++) {
        assert_int_equal(how_many(&f, S_RUNNING), n);
        assert_int_equal(how_many(&f, S_WAITING), 5 - n);
        assert_true(f.fleet_alarm == (n < 5 ? f.now : 0));
        if (n < 5)
            assert_int_equal(fake_unit(&f, n)->waits, WAIT_TURN);
        sup_alarm(f.sup, SLOT_FLEET);
    }
    fake_log_is(&f, "1000 a.0 started\n"
                    "1000 b.0 started\n"
                    "1000 c.0 started\n"
                    "1000 d.0 started\n"
                    "1000 e.0 started\n");
    fake_close(&f);
}

static void max_concurrent_starts__three_of_ten__never_more_and_first_come_first(void **state)
{
    (void)state;
    struct fake f;
    open_by_event(&f, 10, 3);
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    for (size_t i = 0; i < 10; i++) {
        size_t most = 10 - i < 3 ? 10 - i : 3;
        assert_int_equal(how_many(&f, S_STARTING), most);
        for (size_t k = 0; k < most; k++)
            fake_is(&f, i + k, S_STARTING);
        assert_true(f.fleet_alarm == 0); /* nothing is done until one of them is up */
        fake_signal(&f, i, SIGNAL_READY);
        fake_until(&f, f.now + 1000);
        fake_is(&f, i, S_RUNNING);
    }
    fake_close(&f);
}

static void max_concurrent_starts__one_fails_or_is_stopped__gives_its_place_away(void **state)
{
    (void)state;
    struct fake f;
    open_by_event(&f, 4, 1);
    f.spec[0].hook_pre_start = "prepare.exe"; /* that counts as starting too */
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_settle(&f);
    fake_is(&f, 0, S_PREPARING);
    fake_is(&f, 1, S_WAITING);
    fake_prepared(&f, 0, false);
    fake_settle(&f);
    fake_is(&f, 1, S_STARTING);
    fake_is(&f, 0, S_WAITING); /* it is tried again after the others */
    sup_stop(f.sup, 1);
    fake_settle(&f);
    fake_is(&f, 2, S_STARTING);
    fake_exit(&f, 2, 1);
    fake_settle(&f);
    fake_is(&f, 3, S_STARTING);
    fake_close(&f);
}

static void max_concurrent_starts__one_that_waits_is_stopped__is_passed_over(void **state)
{
    (void)state;
    struct fake f;
    open_by_event(&f, 3, 1);
    fake_supervise(&f);
    sup_start_all(f.sup);
    sup_stop(f.sup, 1);
    fake_is(&f, 1, S_STOPPED);
    fake_signal(&f, 0, SIGNAL_READY);
    fake_until(&f, 2000);
    fake_is(&f, 1, S_STOPPED);
    fake_is(&f, 2, S_STARTING);
    for (int i = 0; i < 20; i++) { /* stopped and started, its place in the queue is one */
        sup_start(f.sup, 1);
        sup_stop(f.sup, 1);
    }
    sup_start(f.sup, 1);
    fake_signal(&f, 2, SIGNAL_READY);
    fake_until(&f, 3000);
    fake_is(&f, 1, S_STARTING);
    assert_int_equal(f.job[1].spawns, 1);
    fake_close(&f);
}

static void sup_stop_all__some_wait_for_their_turn__nothing_starts_any_more(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 3);
    f.obeys = 1u << RUNG_CTRL_C;
    fake_supervise(&f);
    sup_start_all(f.sup);
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, 30000);
    sup_alarm(f.sup, SLOT_FLEET);
    fake_until(&f, 60000);
    assert_int_equal(f.tales[H_STARTED], 1);
    assert_true(sup_all_down(f.sup));
    assert_true(f.fleet_alarm == 0);
    fake_close(&f);
}

static void start_delay__first_start__waits_and_restarts_do_not(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].start_delay = 5000;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, 5999);
    fake_log_is(&f, "1000 a.0 waiting its start_delay (5000)\n");
    fake_until(&f, 20000);
    fake_exit(&f, 0, 1);
    fake_settle(&f);
    fake_log_is(&f, "6000 a.0 started\n"
                    "20000 a.0 ended exit 1 ran 14000\n"
                    "20000 a.0 release\n"
                    "20000 a.0 backoff 0\n"
                    "20000 a.0 started\n");
    fake_close(&f);
}

static void start_delay__order_by_an_operator__skips_it(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    f.spec[0].start_delay = f.spec[1].start_delay = 5000;
    f.config.service.start_jitter = 5000;
    fake_supervise(&f);
    sup_start(f.sup, 0);
    fake_settle(&f);
    fake_is(&f, 0, S_RUNNING);
    sup_start_all(f.sup);
    fake_is(&f, 1, S_WAITING);
    sup_start(f.sup, 1); /* also when it is being waited for */
    fake_settle(&f);
    fake_is(&f, 1, S_RUNNING);
    assert_true(f.now == FAKE_EPOCH);
    assert_int_equal(f.job[1].alarm_at, 0);
    fake_close(&f);
}

static void start_delay__after_another_job__begins_when_that_is_up(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 2);
    fake_needs(&f, 0, 1, false);
    f.spec[0].start_delay = 5000;
    f.spec[1].ready.kind = READY_EVENT;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, 20000);
    fake_signal(&f, 1, SIGNAL_READY);
    fake_until(&f, 20100);
    fake_until(&f, 60000);
    fake_log_is(&f, "1000 a.0 waiting b\n"
                    "1000 b.0 started\n"
                    "20100 b.0 ready (19100)\n"
                    "20100 a.0 waiting its start_delay (5000)\n"
                    "25100 a.0 started\n");
    fake_close(&f);
}

static void start_delay__stop_during_it__stays_down(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].start_delay = 5000;
    fake_supervise(&f);
    sup_start_all(f.sup);
    sup_stop(f.sup, 0);
    assert_int_equal(f.job[0].alarm_at, 0);
    fake_until(&f, 60000);
    assert_int_equal(f.job[0].spawns, 0);
    fake_close(&f);
}

/* How many of the 200 were started in each tenth of the time from FROM to FROM + SPAN. */
static void tenths(struct fake *f, uint64_t from, uint64_t span, size_t *ret)
{
    uint32_t before = f->tales[H_STARTED];
    for (size_t i = 0; i < 10; i++) {
        fake_until(f, from + (i + 1) * span / 10);
        ret[i] = f->tales[H_STARTED] - before;
        before = f->tales[H_STARTED];
    }
}

static void is_spread(const size_t *part, size_t n)
{
    size_t sum = 0;
    for (size_t i = 0; i < 10; i++) {
        assert_in_range(part[i], n / 20, n / 5); /* a tenth each, more or less */
        sum += part[i];
    }
    assert_int_equal(sum, n);
}

static void start_jitter__two_hundred__are_spread_at_first_and_after_a_common_failure(void **state)
{
    (void)state;
    struct fake f;
    struct random chance = {7};
    size_t part[10];
    fake_open(&f, 200);
    f.quiet = true;
    f.config.service.start_jitter = 10000;
    f.dice = &chance;
    fake_supervise(&f);
    sup_start_all(f.sup);
    tenths(&f, FAKE_EPOCH, 10000, part);
    is_spread(part, 200);
    fake_until(&f, 60000);
    for (size_t i = 0; i < 200; i++)
        fake_exit(&f, i, 1);
    tenths(&f, 60000, 10000, part);
    is_spread(part, 200);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_start_all__many__each_turn_starts_one),
        cmocka_unit_test(max_concurrent_starts__three_of_ten__never_more_and_first_come_first),
        cmocka_unit_test(max_concurrent_starts__one_fails_or_is_stopped__gives_its_place_away),
        cmocka_unit_test(max_concurrent_starts__one_that_waits_is_stopped__is_passed_over),
        cmocka_unit_test(sup_stop_all__some_wait_for_their_turn__nothing_starts_any_more),
        cmocka_unit_test(start_delay__first_start__waits_and_restarts_do_not),
        cmocka_unit_test(start_delay__order_by_an_operator__skips_it),
        cmocka_unit_test(start_delay__after_another_job__begins_when_that_is_up),
        cmocka_unit_test(start_delay__stop_during_it__stays_down),
        cmocka_unit_test(start_jitter__two_hundred__are_spread_at_first_and_after_a_common_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
