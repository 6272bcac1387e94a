/* test_health.c - is a running worker well: rounds of checks, and its watchdog. */
#include "tests/supervise/fake.h"

enum { EVERY = 1000, TIMEOUT = 300 };

/* One running unit with health_port, every second, 3 failures; it obeys Ctrl+C. */
static void open_checked(struct fake *f)
{
    fake_open(f, 1);
    f->spec[0].health_port = 80;
    f->spec[0].health_interval = EVERY;
    f->spec[0].health_timeout = TIMEOUT;
    f->obeys = 1u << RUNG_CTRL_C;
    fake_supervise(f);
    sup_start_all(f->sup);
    fake_log_clear(f);
}

/* Goes to the next round, which has one check, and answers it. */
static void round_of_one(struct fake *f, bool good)
{
    uint32_t before = f->job[0].checks;
    while (f->job[0].checks == before)
        fake_until(f, f->now + 50);
    fake_answer(f, 0, good);
}

static void health__first_round__comes_an_interval_after_it_is_ready(void **state)
{
    (void)state;
    struct fake f;
    open_checked(&f);
    fake_until(&f, 1999);
    assert_int_equal(f.job[0].checks, 0);
    fake_until(&f, 2000);
    assert_int_equal(f.job[0].checks, 1);
    const struct check *c = &f.job[0].check;
    assert_true(c->kind == CHECK_PORT && c->port == 80 && !c->readiness);
    assert_true(c->timeout_ms == TIMEOUT);
    fake_until(&f, 2200);
    fake_answer(&f, 0, true);
    fake_until(&f, 2999); /* the interval counts from the beginning of a round */
    assert_int_equal(f.job[0].checks, 1);
    fake_until(&f, 3000);
    assert_int_equal(f.job[0].checks, 2);
    fake_log_is(&f, "");
    fake_close(&f);
}

static void health__three_failures_in_a_row__act_once(void **state)
{
    (void)state;
    struct fake f;
    open_checked(&f);
    for (int i = 0; i < 3; i++)
        round_of_one(&f, false);
    fake_note(&f, 0);
    fake_settle(&f);
    fake_log_is(&f, "2000 a.0 unhealthy no answer (1)\n"
                    "3000 a.0 unhealthy no answer (2)\n"
                    "4000 a.0 unhealthy no answer (3)\n"
                    "4000 a.0 stopping health\n"
                    "4000 a.0 rung ctrl-c 10000\n"
                    "4000 a.0 ended health 0 ran 3000\n"
                    "4000 a.0 release\n"
                    "4000 a.0 backoff 0\n"
                    "4000 a.0 started\n");
    assert_int_equal(f.job[0].asks, 1);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_HEALTH);
    assert_int_equal(fake_unit(&f, 0)->probe.bad, 0); /* of the new run */
    fake_close(&f);
}

static void health__acted_upon__nothing_is_asked_while_it_stops(void **state)
{
    (void)state;
    struct fake f;
    open_checked(&f);
    f.obeys = 0;
    for (int i = 0; i < 3; i++)
        round_of_one(&f, false);
    fake_until(&f, 13000);
    assert_int_equal(f.job[0].checks, 3);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPING);
    fake_close(&f);
}

static void health__good_one_in_between__begins_counting_anew(void **state)
{
    (void)state;
    struct fake f;
    open_checked(&f);
    static const bool good[] = {false, false, true, false, false, true, true};
    for (size_t i = 0; i < sizeof good; i++)
        round_of_one(&f, good[i]);
    fake_log_is(&f, "2000 a.0 unhealthy no answer (1)\n"
                    "3000 a.0 unhealthy no answer (2)\n"
                    "4000 a.0 healthy (2)\n"
                    "5000 a.0 unhealthy no answer (1)\n"
                    "6000 a.0 unhealthy no answer (2)\n"
                    "7000 a.0 healthy (2)\n");
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_close(&f);
}

static void health__failures_one__acts_at_the_first(void **state)
{
    (void)state;
    struct fake f;
    open_checked(&f);
    f.spec[0].health_failures = 1;
    round_of_one(&f, false);
    assert_int_equal(fake_unit(&f, 0)->cause, CAUSE_HEALTH);
    fake_close(&f);
}

static void health__all_three_kinds__one_after_the_other_in_one_round(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    struct job_spec *s = &f.spec[0];
    s->health_command = "check.exe";
    s->health_port = 80;
    s->health_http = "http://127.0.0.1/";
    s->health_interval = EVERY;
    fake_supervise(&f);
    sup_start_all(f.sup);
    static const enum check_kind order[] = {CHECK_COMMAND, CHECK_PORT, CHECK_HTTP};
    static const char *const texts[] = {"check.exe", NULL, "http://127.0.0.1/"};
    for (uint32_t i = 0; i < 6; i++) {
        fake_until(&f, 2000 + i / 3 * EVERY);
        assert_int_equal(f.job[0].checks, i + 1);
        assert_int_equal(f.job[0].check.kind, order[i % 3]);
        if (texts[i % 3])
            assert_string_equal(f.job[0].check.text, texts[i % 3]);
        fake_answer(&f, 0, true);
    }
    fake_until(&f, 3999);
    assert_int_equal(f.job[0].checks, 6);
    fake_close(&f);
}

static void health__one_of_a_round_fails__the_round_has_failed_and_is_over(void **state)
{
    (void)state;
    struct fake f;
    open_checked(&f);
    f.spec[0].health_http = "http://127.0.0.1/";
    for (int i = 0; i < 2; i++) { /* good and bad, then bad at once: two failed rounds */
        fake_until(&f, 2000 + (uint64_t)i * EVERY);
        assert_int_equal(f.job[0].check.kind, CHECK_PORT);
        if (i == 0) {
            fake_answer(&f, 0, true);
            fake_settle(&f);
        }
        fake_answer(&f, 0, false);
        fake_settle(&f);
        assert_int_equal(f.job[0].check.serial, 0);
    }
    assert_int_equal(fake_unit(&f, 0)->probe.bad, 2);
    assert_int_equal(f.job[0].checks, 3);
    fake_close(&f);
}

static void health__check_hangs__counts_as_failed_and_never_piles_up(void **state)
{
    (void)state;
    struct fake f;
    open_checked(&f);
    fake_until(&f, 2000);
    uint32_t serial = f.job[0].check.serial;
    fake_until(&f, 2000 + TIMEOUT + 2000); /* longer than the interval */
    assert_int_equal(f.tales[H_UNHEALTHY], 1);
    assert_int_not_equal(f.job[0].check.serial, serial);
    sup_checked(f.sup, f.job[0].id, serial, true, NULL);
    assert_int_equal(f.tales[H_HEALTHY], 0); /* a late answer is none */
    for (int i = 0; i < 20 && f.job[0].asks == 0; i++)
        fake_until(&f, f.now + 1000);
    assert_int_equal(fake_unit(&f, 0)->cause, CAUSE_HEALTH);
    assert_int_equal(f.job[0].checks, 3);
    fake_close(&f);
}

static void health__check_cannot_be_begun__counts_as_failed(void **state)
{
    (void)state;
    struct fake f;
    open_checked(&f);
    f.check_fails = 3;
    fake_until(&f, 5000);
    fake_log_is(&f, "2000 a.0 unhealthy cannot check (1)\n"
                    "3000 a.0 unhealthy cannot check (2)\n"
                    "4000 a.0 unhealthy cannot check (3)\n"
                    "4000 a.0 stopping health\n"
                    "4000 a.0 rung ctrl-c 10000\n");
    fake_close(&f);
}

static void health__answer_twice__counts_once(void **state)
{
    (void)state;
    struct fake f;
    open_checked(&f);
    fake_until(&f, 2000);
    uint32_t serial = f.job[0].check.serial;
    fake_answer(&f, 0, false);
    sup_checked(f.sup, f.job[0].id, serial, false, "again");
    sup_checked(f.sup, f.job[0].id, serial, false, "again");
    assert_int_equal(fake_unit(&f, 0)->probe.bad, 1);
    fake_close(&f);
}

static void health__worker_stops__check_under_way_is_ended(void **state)
{
    (void)state;
    struct fake f;
    open_checked(&f);
    fake_until(&f, 2000);
    assert_int_not_equal(f.job[0].check.serial, 0);
    sup_stop(f.sup, 0);
    assert_int_equal(f.job[0].check.serial, 0);
    fake_close(&f);
}

/* --- changed while it runs ----------------------------------------------------------------- */
static void take(struct fake *f, struct definitions *d)
{
    struct takeover t;
    struct err e;
    assert_int_equal(sup_take(f->sup, &d->config, &t, &e), ST_OK);
    assert_true(t.live == 1);
    fake_settle(f);
}

static void sup_take__health_added_changed_and_removed__holds_at_once(void **state)
{
    (void)state;
    struct definitions with, often, without;
    struct fake f;
    definitions_open(&with, "a1");
    definitions_open(&often, "a1");
    definitions_open(&without, "a1");
    with.spec[0].health_port = often.spec[0].health_port = 80;
    with.spec[0].health_interval = 5000;
    often.spec[0].health_interval = 100;
    fake_open_jobs(&f, &without);
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, 60000);
    assert_int_equal(f.job[0].checks, 0);
    take(&f, &with);
    fake_until(&f, 64999);
    assert_int_equal(f.job[0].checks, 0);
    fake_until(&f, 65000);
    fake_answer(&f, 0, false);
    take(&f, &often);
    fake_until(&f, 65100);
    assert_int_equal(f.job[0].checks, 2); /* and not five seconds later */
    assert_int_equal(fake_unit(&f, 0)->probe.bad, 1); /* what was counted holds */
    take(&f, &without);
    assert_int_equal(f.job[0].check.serial, 0);
    fake_until(&f, 120000);
    assert_int_equal(f.job[0].checks, 2);
    assert_int_equal(f.job[0].spawns, 1);
    fake_close(&f);
    definitions_close(&with);
    definitions_close(&often);
    definitions_close(&without);
}

static void sup_take__live_change_before_the_first_round__does_not_bring_it_forward(void **state)
{
    (void)state;
    struct definitions was, is;
    struct fake f;
    definitions_open(&was, "a1");
    definitions_open(&is, "a1");
    was.spec[0].health_port = is.spec[0].health_port = 80;
    is.spec[0].restart_delay = 77;
    fake_open_jobs(&f, &was);
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_until(&f, 3000);
    take(&f, &is);
    fake_until(&f, FAKE_EPOCH + 10000 - 1);
    assert_int_equal(f.job[0].checks, 0);
    fake_until(&f, FAKE_EPOCH + 10000);
    assert_int_equal(f.job[0].checks, 1);
    fake_close(&f);
    definitions_close(&was);
    definitions_close(&is);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health__first_round__comes_an_interval_after_it_is_ready),
        cmocka_unit_test(health__three_failures_in_a_row__act_once),
        cmocka_unit_test(health__acted_upon__nothing_is_asked_while_it_stops),
        cmocka_unit_test(health__good_one_in_between__begins_counting_anew),
        cmocka_unit_test(health__failures_one__acts_at_the_first),
        cmocka_unit_test(health__all_three_kinds__one_after_the_other_in_one_round),
        cmocka_unit_test(health__one_of_a_round_fails__the_round_has_failed_and_is_over),
        cmocka_unit_test(health__check_hangs__counts_as_failed_and_never_piles_up),
        cmocka_unit_test(health__check_cannot_be_begun__counts_as_failed),
        cmocka_unit_test(health__answer_twice__counts_once),
        cmocka_unit_test(health__worker_stops__check_under_way_is_ended),
        cmocka_unit_test(sup_take__health_added_changed_and_removed__holds_at_once),
        cmocka_unit_test(sup_take__live_change_before_the_first_round__does_not_bring_it_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
