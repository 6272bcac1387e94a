/* test_ready.c - a worker counts as up once it is ready, and not before. */
#include "tests/supervise/fake.h"

enum { PORT = 8080 };

/* One unit, ready by KIND, started. */
static void open_by(struct fake *f, enum ready_kind kind, uint64_t timeout)
{
    fake_open(f, 1);
    f->spec[0].ready = (struct ready){kind, PORT, kind == READY_PORT ? "" : "text"};
    f->spec[0].ready_timeout = timeout;
    f->spec[0].health_timeout = 700;
    fake_supervise(f);
    sup_start_all(f->sup);
    fake_settle(f);
}

static void ready__started__is_up_with_its_process(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.loud = true;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_log_is(&f, "1000 a.0 started\n"
                    "1000 a.0 ready\n");
    assert_int_equal(f.job[0].checks, 0);
    assert_int_equal(f.job[0].alarm_at, 0);
    fake_close(&f);
}

static void ready__each_kind_of_check__asks_for_what_is_written(void **state)
{
    (void)state;
    static const struct {
        enum ready_kind kind;
        enum check_kind check;
    } rows[] = {{READY_PORT, CHECK_PORT}, {READY_HTTP, CHECK_HTTP}, {READY_FILE, CHECK_FILE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fake f;
        open_by(&f, rows[i].kind, 90000);
        const struct check *c = &f.job[0].check;
        assert_int_equal(fake_unit(&f, 0)->at, S_STARTING);
        assert_int_equal(c->kind, rows[i].check);
        assert_int_equal(c->port, PORT);
        assert_string_equal(c->text, rows[i].kind == READY_PORT ? "" : "text");
        assert_true(c->readiness && c->timeout_ms == 700);
        fake_until(&f, 1300);
        fake_answer(&f, 0, true);
        assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
        assert_true(fake_unit(&f, 0)->ready_at == 1300);
        fake_log_is(&f, "1000 a.0 started\n"
                        "1300 a.0 ready (300)\n");
        fake_until(&f, 900000);
        assert_int_equal(f.job[0].checks, 1); /* and no more of them */
        assert_int_equal(f.job[0].alarm_at, 0);
        fake_close(&f);
    }
}

static void ready__event__is_looked_at_until_it_is_set(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, READY_EVENT, 90000);
    fake_until(&f, 5000);
    assert_int_equal(fake_unit(&f, 0)->at, S_STARTING);
    fake_signal(&f, 0, SIGNAL_WATCHDOG); /* another one */
    fake_until(&f, 6000);
    assert_int_equal(fake_unit(&f, 0)->at, S_STARTING);
    fake_signal(&f, 0, SIGNAL_READY);
    fake_until(&f, 6100);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    assert_int_equal(f.job[0].checks, 0);
    assert_int_equal(f.job[0].alarm_at, 0);
    fake_close(&f);
}

static void ready__checks_fail__are_repeated_one_at_a_time_and_nobody_is_told(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, READY_HTTP, 90000);
    for (uint32_t i = 1; i <= 20; i++) {
        assert_int_equal(f.job[0].checks, i);
        fake_answer(&f, 0, false);
        assert_int_equal(f.job[0].checks, i);
        fake_until(&f, f.now + 249);
        assert_int_equal(f.job[0].checks, i);
        fake_until(&f, f.now + 1);
    }
    fake_answer(&f, 0, true);
    fake_log_is(&f, "1000 a.0 started\n"
                    "6000 a.0 ready (5000)\n");
    fake_close(&f);
}

static void ready__not_in_time__is_stopped_by_its_ladder_and_restarted(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, READY_PORT, 3000);
    f.obeys = 1u << RUNG_CTRL_C;
    fake_until(&f, 4000);
    fake_note(&f, 0);
    fake_settle(&f);
    fake_log_is(&f, "1000 a.0 started\n"
                    "4000 a.0 stopping not-ready\n"
                    "4000 a.0 rung ctrl-c 10000\n"
                    "4000 a.0 ended not-ready 0 ran 3000\n"
                    "4000 a.0 release\n"
                    "4000 a.0 backoff 0\n"
                    "4000 a.0 started\n");
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_NOT_READY);
    assert_int_equal(fake_unit(&f, 0)->history.of[TROUBLE_FAILURE].restarts, 1);
    fake_close(&f);
}

static void ready__not_in_time_again_and_again__meets_the_start_limit(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].ready.kind = READY_EVENT;
    f.spec[0].ready_timeout = 20000; /* longer than min_uptime: no good run all the same */
    f.spec[0].start_limit = 3;
    f.spec[0].start_limit_interval = 600000;
    f.obeys = 1u << RUNG_CTRL_C;
    fake_supervise(&f);
    sup_start_all(f.sup);
    for (int i = 0; i < 100; i++) {
        fake_until(&f, f.now + 1000);
        if (f.job[0].open)
            fake_note(&f, 0);
    }
    assert_int_equal(f.job[0].spawns, 3);
    assert_int_equal(fake_unit(&f, 0)->at, S_FAILED);
    assert_string_equal(fake_unit(&f, 0)->reason, "start limit reached");
    fake_close(&f);
}

static void ready__timeout_zero__waits_for_ever(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, READY_EVENT, 0);
    fake_until(&f, 3 * 60000);
    assert_int_equal(fake_unit(&f, 0)->at, S_STARTING);
    fake_close(&f);
}

static void ready__check_hangs__is_ended_and_begun_anew(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, READY_HTTP, 90000);
    uint32_t first = f.job[0].check.serial;
    fake_until(&f, 1000 + 700 + 2000 + 250);
    assert_int_equal(f.job[0].checks, 2);
    assert_int_not_equal(f.job[0].check.serial, first);
    sup_checked(f.sup, f.job[0].id, first, true, NULL); /* too late: it may say what was */
    assert_int_equal(fake_unit(&f, 0)->at, S_STARTING);
    fake_answer(&f, 0, true);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_close(&f);
}

static void ready__check_cannot_be_begun__is_tried_again(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].ready.kind = READY_FILE;
    f.check_fails = 3;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, 1749);
    assert_int_equal(f.job[0].checks, 3);
    assert_int_equal(f.job[0].check.serial, 0);
    fake_until(&f, 1750);
    assert_int_equal(f.job[0].checks, 4);
    fake_answer(&f, 0, true);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_close(&f);
}

static void ready__worker_ends_before__check_is_ended_and_its_answer_is_nobodys(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, READY_PORT, 90000);
    uint64_t id = f.job[0].id;
    uint32_t serial = f.job[0].check.serial;
    fake_exit(&f, 0, 1);
    assert_int_equal(f.job[0].check.serial, 0);
    sup_checked(f.sup, id, serial, true, NULL);
    assert_int_equal(fake_unit(&f, 0)->at, S_BACKOFF);
    fake_settle(&f);
    sup_checked(f.sup, id, serial, true, NULL);
    sup_checked(f.sup, f.job[0].id, f.job[0].check.serial + 1, true, NULL);
    sup_checked(f.sup, UINT64_MAX, serial, true, NULL);
    assert_int_equal(fake_unit(&f, 0)->at, S_STARTING);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_EXIT);
    fake_close(&f);
}

static void ready__stop_before__is_asked_and_never_becomes_ready(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, READY_EVENT, 90000);
    sup_stop(f.sup, 0);
    fake_signal(&f, 0, SIGNAL_READY);
    fake_until(&f, 2000);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPING);
    fake_exit(&f, 0, 0);
    fake_log_is(&f, "1000 a.0 started\n"
                    "1000 a.0 stopping operator\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "2000 a.0 ended operator 0 ran 1000\n"
                    "2000 a.0 release\n"
                    "2000 a.0 stopped\n");
    fake_close(&f);
}

static void ready__max_runtime__counts_from_the_start(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].ready.kind = READY_PORT;
    f.spec[0].max_runtime = 5000;
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, 3000);
    fake_answer(&f, 0, true);
    fake_until(&f, 5999);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_until(&f, 6000);
    assert_int_equal(fake_unit(&f, 0)->cause, CAUSE_MAX_RUNTIME);
    fake_close(&f);
}

static void ready__second_run__has_to_become_ready_anew(void **state)
{
    (void)state;
    struct fake f;
    open_by(&f, READY_EVENT, 90000);
    fake_signal(&f, 0, SIGNAL_READY);
    fake_until(&f, 2000);
    fake_exit(&f, 0, 1);
    fake_until(&f, 60000);
    assert_int_equal(fake_unit(&f, 0)->at, S_STARTING);
    assert_true(fake_unit(&f, 0)->ready_at == 0);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ready__started__is_up_with_its_process),
        cmocka_unit_test(ready__each_kind_of_check__asks_for_what_is_written),
        cmocka_unit_test(ready__event__is_looked_at_until_it_is_set),
        cmocka_unit_test(ready__checks_fail__are_repeated_one_at_a_time_and_nobody_is_told),
        cmocka_unit_test(ready__not_in_time__is_stopped_by_its_ladder_and_restarted),
        cmocka_unit_test(ready__not_in_time_again_and_again__meets_the_start_limit),
        cmocka_unit_test(ready__timeout_zero__waits_for_ever),
        cmocka_unit_test(ready__check_hangs__is_ended_and_begun_anew),
        cmocka_unit_test(ready__check_cannot_be_begun__is_tried_again),
        cmocka_unit_test(ready__worker_ends_before__check_is_ended_and_its_answer_is_nobodys),
        cmocka_unit_test(ready__stop_before__is_asked_and_never_becomes_ready),
        cmocka_unit_test(ready__max_runtime__counts_from_the_start),
        cmocka_unit_test(ready__second_run__has_to_become_ready_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
