/* test_watchdog.c - a worker that must signal its event in time. */
#include "tests/supervise/fake.h"

static void open_watched(struct fake *f)
{
    fake_open(f, 1);
    f->spec[0].watchdog = 4000;
    f->obeys = 1u << RUNG_CTRL_C;
    fake_supervise(f);
    sup_start_all(f->sup);
    fake_log_clear(f);
}

static void watchdog__reports_in_time__is_left_alone(void **state)
{
    (void)state;
    struct fake f;
    open_watched(&f);
    for (int i = 0; i < 100; i++) {
        fake_signal(&f, 0, SIGNAL_WATCHDOG);
        fake_until(&f, f.now + 2900); /* and some time until it is looked at */
    }
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_log_is(&f, "");
    fake_close(&f);
}

static void watchdog__never_reports__is_stopped_when_its_time_is_over(void **state)
{
    (void)state;
    struct fake f;
    open_watched(&f);
    fake_until(&f, 4999);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_until(&f, 5000);
    fake_note(&f, 0);
    fake_log_is(&f, "5000 a.0 stopping watchdog\n"
                    "5000 a.0 rung ctrl-c 10000\n"
                    "5000 a.0 ended watchdog 0 ran 4000\n"
                    "5000 a.0 release\n"
                    "5000 a.0 backoff 0\n");
    fake_close(&f);
}

static void watchdog__reports_once_and_falls_silent__is_stopped(void **state)
{
    (void)state;
    struct fake f;
    open_watched(&f);
    fake_until(&f, 2500);
    fake_signal(&f, 0, SIGNAL_WATCHDOG); /* seen at 3000 */
    fake_until(&f, 6999);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_until(&f, 7000);
    assert_int_equal(fake_unit(&f, 0)->cause, CAUSE_WATCHDOG);
    fake_close(&f);
}

static void watchdog__alarm_rings_late_but_the_event_is_set__is_left_alone(void **state)
{
    (void)state;
    struct fake f;
    open_watched(&f);
    fake_signal(&f, 0, SIGNAL_WATCHDOG);
    f.now = 20000;
    fake_settle(&f);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_until(&f, 23999);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_until(&f, 24000);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPING);
    fake_close(&f);
}

static void watchdog__counts_from_ready__not_from_the_start(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].watchdog = 1000;
    f.spec[0].ready.kind = READY_PORT;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, 6000);
    fake_answer(&f, 0, true);
    fake_until(&f, 6999);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_until(&f, 7000);
    assert_int_equal(fake_unit(&f, 0)->cause, CAUSE_WATCHDOG);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(watchdog__reports_in_time__is_left_alone),
        cmocka_unit_test(watchdog__never_reports__is_stopped_when_its_time_is_over),
        cmocka_unit_test(watchdog__reports_once_and_falls_silent__is_stopped),
        cmocka_unit_test(watchdog__alarm_rings_late_but_the_event_is_set__is_left_alone),
        cmocka_unit_test(watchdog__counts_from_ready__not_from_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
