/* test_order.c - after and requires: who starts when, who goes with whom, who stops first. */
#include "tests/supervise/fake.h"

/* N units of which each requires (or comes after) the one with the next number; all obey Ctrl+C. */
static void open_chain(struct fake *f, size_t n, bool required)
{
    fake_open(f, n);
    f->obeys = 1u << RUNG_CTRL_C;
    for (size_t i = 0; i + 1 < n; i++)
        fake_needs(f, i, i + 1, required);
}

static void by_port(struct fake *f, size_t slot)
{
    f->spec[slot].ready.kind = READY_PORT;
    f->spec[slot].ready.port = 80;
}

static void after__needed_one_is_not_ready__waits_until_it_is(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 2, false);
    by_port(&f, 1);
    fake_run(&f);
    fake_until(&f, 5000);
    fake_is(&f, 0, S_WAITING);
    assert_int_equal(fake_unit(&f, 0)->waits, WAIT_JOB);
    fake_answer(&f, 1, true);
    fake_settle(&f);
    fake_log_is(&f, "1000 a.0 waiting b\n"
                    "1000 b.0 started\n"
                    "5000 b.0 ready (4000)\n"
                    "5000 a.0 started\n");
    fake_close(&f);
}

static void after__needed_one_fails_for_good__starts_all_the_same(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 2, false);
    f.spec[1].restart = RESTART_NEVER;
    f.no_program = 1;
    fake_run(&f);
    fake_log_is(&f, "1000 a.0 waiting b\n"
                    "1000 b.0 not-started no such program\n"
                    "1000 b.0 failed could not be started, restart = never\n"
                    "1000 a.0 started\n");
    fake_close(&f);
}

static void requires__needed_one_fails_at_once__waits_for_it_with_its_name(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 2, true);
    f.spec[1].restart = RESTART_NEVER;
    f.no_program = 1;
    fake_run(&f);
    fake_is(&f, 0, S_WAITING);
    assert_false(sup_all_final(f.sup));
    f.no_program = SIZE_MAX;
    sup_start(f.sup, 1);
    fake_settle(&f);
    fake_log_is(&f, "1000 a.0 waiting b\n"
                    "1000 b.0 not-started no such program\n"
                    "1000 b.0 failed could not be started, restart = never\n"
                    "1000 b.0 started\n"
                    "1000 a.0 started\n");
    fake_close(&f);
}

static void requires__chain_of_four__starts_from_its_end(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 4, true);
    fake_run(&f);
    fake_log_is(&f, "1000 a.0 waiting b\n"
                    "1000 b.0 waiting c\n"
                    "1000 c.0 waiting d\n"
                    "1000 d.0 started\n"
                    "1000 c.0 started\n"
                    "1000 b.0 started\n"
                    "1000 a.0 started\n");
    fake_close(&f);
}

static void requires__needed_one_crashes_and_is_restarted__stays_up(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 2, true);
    by_port(&f, 1);
    fake_run(&f);
    fake_answer(&f, 1, true);
    fake_settle(&f);
    fake_log_clear(&f);
    for (int i = 0; i < 3; i++) { /* in backoff, starting and not ready: all the same */
        fake_exit(&f, 1, 1);
        fake_until(&f, f.now + 5000);
        fake_is(&f, 0, S_RUNNING);
    }
    fake_is(&f, 1, S_STARTING);
    assert_int_equal(f.job[0].spawns, 1);
    assert_int_equal(f.tales[H_STOPPING], 0);
    assert_int_equal(f.tales[H_HELD], 0);
    fake_close(&f);
}

static void requires__needed_one_fails_for_good__goes_and_comes_back_with_it(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 3, true);
    f.spec[2].start_limit = 1;
    f.spec[2].start_limit_interval = 60000;
    f.spec[2].min_uptime = 0;
    fake_run(&f);
    fake_log_clear(&f);
    fake_until(&f, 2000);
    fake_exit(&f, 2, 1);
    fake_until(&f, 3000);
    fake_note(&f, 0);
    fake_note(&f, 1);
    fake_log_is(&f, "2000 c.0 ended exit 1 ran 1000\n"
                    "2000 c.0 release\n"
                    "2000 c.0 failed start limit reached (1)\n"
                    "2000 b.0 held a\n"
                    "2000 a.0 stopping dependency\n"
                    "2000 a.0 rung ctrl-c 10000\n"
                    "3000 a.0 ended dependency 0 ran 2000\n"
                    "3000 a.0 release\n"
                    "3000 a.0 waiting b\n"
                    "3000 b.0 stopping dependency\n"
                    "3000 b.0 rung ctrl-c 10000\n"
                    "3000 b.0 ended dependency 0 ran 2000\n"
                    "3000 b.0 release\n"
                    "3000 b.0 waiting c\n");
    fake_is(&f, 0, S_WAITING);
    fake_is(&f, 1, S_WAITING);
    assert_int_equal(fake_unit(&f, 1)->last.cause, CAUSE_DEPENDENCY);
    assert_true(fake_unit(&f, 0)->want_up);
    sup_start(f.sup, 2);
    fake_settle(&f);
    fake_log_is(&f, "3000 c.0 started\n"
                    "3000 b.0 started\n"
                    "3000 a.0 started\n");
    fake_close(&f);
}

static void requires__needed_one_is_stopped_by_order__it_is_held_until_they_are_down(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 3, true);
    fake_run(&f);
    fake_log_clear(&f);
    sup_stop(f.sup, 2);
    fake_is(&f, 2, S_RUNNING);
    assert_int_equal(fake_unit(&f, 2)->held, E_WANT_DOWN);
    fake_until(&f, 1500);
    fake_note(&f, 0);
    fake_until(&f, 1600);
    fake_note(&f, 1);
    fake_until(&f, 1700);
    fake_note(&f, 2);
    fake_until(&f, 900000);
    fake_log_is(&f, "1000 c.0 held b\n"
                    "1000 b.0 held a\n"
                    "1000 a.0 stopping dependency\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1500 a.0 ended dependency 0 ran 500\n"
                    "1500 a.0 release\n"
                    "1500 a.0 waiting b\n"
                    "1500 b.0 stopping dependency\n"
                    "1500 b.0 rung ctrl-c 10000\n"
                    "1600 b.0 ended dependency 0 ran 600\n"
                    "1600 b.0 release\n"
                    "1600 b.0 waiting c\n"
                    "1600 c.0 stopping operator\n"
                    "1600 c.0 rung ctrl-c 10000\n"
                    "1700 c.0 ended operator 0 ran 700\n"
                    "1700 c.0 release\n"
                    "1700 c.0 stopped\n");
    sup_start(f.sup, 2);
    fake_settle(&f);
    fake_log_is(&f, "900000 c.0 started\n"
                    "900000 b.0 started\n"
                    "900000 a.0 started\n");
    fake_close(&f);
}

static void requires__start_while_it_is_held__is_not_stopped_and_all_come_back(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 2, true);
    fake_run(&f);
    fake_log_clear(&f);
    sup_stop(f.sup, 1);
    fake_is(&f, 0, S_STOPPING);
    sup_start(f.sup, 1);
    fake_until(&f, 1500);
    fake_note(&f, 0);
    fake_settle(&f);
    fake_log_is(&f, "1000 b.0 held a\n"
                    "1000 a.0 stopping dependency\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1500 a.0 ended dependency 0 ran 500\n"
                    "1500 a.0 release\n"
                    "1500 a.0 started\n");
    assert_int_equal(f.job[1].asks, 0);
    assert_int_equal(f.job[1].spawns, 1);
    fake_close(&f);
}

static void requires__middle_is_held_when_the_end_comes_back__stays_up(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 3, true);
    f.obeys = 0; /* a.0 takes its time */
    fake_run(&f);
    sup_stop(f.sup, 2);
    fake_is(&f, 0, S_STOPPING);
    assert_int_equal(fake_unit(&f, 1)->held, E_DEPENDENCY);
    assert_int_equal(fake_unit(&f, 2)->held, E_WANT_DOWN);
    sup_start(f.sup, 2);
    assert_int_equal(fake_unit(&f, 1)->held, EVENTS);
    fake_exit(&f, 0, 0);
    fake_until(&f, 60000);
    for (size_t i = 0; i < 3; i++)
        fake_is(&f, i, S_RUNNING);
    assert_int_equal(f.job[0].spawns, 2);
    assert_int_equal(f.job[1].spawns, 1);
    assert_int_equal(f.job[2].spawns, 1);
    fake_close(&f);
}

static void requires__middle_is_ordered_up_without_its_end__goes_down_all_the_same(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 3, true);
    f.obeys = 0;
    fake_run(&f);
    sup_stop(f.sup, 2);
    sup_start(f.sup, 1); /* it was held, for a.0 is up still */
    assert_int_equal(fake_unit(&f, 1)->held, E_DEPENDENCY);
    for (size_t i = 0; i < 3; i++)
        fake_exit(&f, i, 0);
    fake_until(&f, 60000);
    fake_is(&f, 0, S_WAITING);
    fake_is(&f, 1, S_WAITING);
    fake_is(&f, 2, S_STOPPED);
    fake_close(&f);
}

static void requires__crash_of_one_that_is_held__frees_it_and_stays_down(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 2, true);
    f.obeys = 0;
    fake_run(&f);
    fake_log_clear(&f);
    sup_stop(f.sup, 1);
    fake_exit(&f, 1, 1);
    fake_exit(&f, 0, 0);
    fake_until(&f, 60000);
    fake_log_is(&f, "1000 b.0 held a\n"
                    "1000 a.0 stopping dependency\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1000 b.0 ended exit 1 ran 0\n"
                    "1000 b.0 release\n"
                    "1000 b.0 stopped\n"
                    "1000 a.0 ended dependency 0 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 waiting b\n");
    fake_is(&f, 1, S_STOPPED);
    fake_close(&f);
}

static void requires__order_to_start_while_it_is_down__waits_and_does_not_start_it(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 2, true);
    fake_supervise(&f);
    sup_start(f.sup, 0);
    fake_until(&f, 60000);
    fake_log_is(&f, "1000 a.0 waiting b\n");
    fake_is(&f, 1, S_STOPPED);
    sup_start(f.sup, 1);
    fake_settle(&f);
    fake_is(&f, 0, S_RUNNING);
    fake_close(&f);
}

static void requires__dependent_is_stopped__leaves_what_it_needs_alone(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 2, true);
    fake_run(&f);
    sup_stop(f.sup, 0);
    fake_note(&f, 0);
    fake_until(&f, 60000);
    fake_is(&f, 0, S_STOPPED);
    fake_is(&f, 1, S_RUNNING);
    assert_int_equal(f.job[1].asks, 0);
    fake_close(&f);
}

static void requires__needed_one_succeeds_and_is_done__counts_as_up(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 2, true);
    f.spec[1].restart = RESTART_ON_FAILURE;
    by_port(&f, 1);
    fake_run(&f);
    fake_is(&f, 0, S_WAITING);
    fake_exit(&f, 1, 0); /* never was ready, but its work is done */
    fake_settle(&f);
    fake_is(&f, 1, S_EXITED);
    fake_is(&f, 0, S_RUNNING);
    fake_close(&f);
}

static void requires__in_backoff_or_preparing_when_it_is_lost__waits_instead(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 3);
    fake_needs(&f, 0, 2, true);
    fake_needs(&f, 1, 2, true);
    f.spec[1].hook_pre_start = "prepare.exe";
    f.obeys = 1u << RUNG_CTRL_C;
    fake_run(&f);
    fake_exit(&f, 0, 1);
    fake_settle(&f);
    fake_exit(&f, 0, 1);
    fake_is(&f, 0, S_BACKOFF);
    fake_is(&f, 1, S_PREPARING);
    fake_log_clear(&f);
    sup_stop(f.sup, 2);
    fake_note(&f, 2);
    fake_until(&f, 60000);
    assert_false(f.job[1].preparing);
    fake_log_is(&f, "1000 c.0 stopping operator\n"
                    "1000 c.0 rung ctrl-c 10000\n"
                    "1000 b.0 waiting c\n"
                    "1000 a.0 waiting c\n"
                    "1000 c.0 ended operator 0 ran 0\n"
                    "1000 c.0 release\n"
                    "1000 c.0 stopped\n");
    fake_is(&f, 0, S_WAITING);
    fake_is(&f, 1, S_WAITING);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after__needed_one_is_not_ready__waits_until_it_is),
        cmocka_unit_test(after__needed_one_fails_for_good__starts_all_the_same),
        cmocka_unit_test(requires__needed_one_fails_at_once__waits_for_it_with_its_name),
        cmocka_unit_test(requires__chain_of_four__starts_from_its_end),
        cmocka_unit_test(requires__needed_one_crashes_and_is_restarted__stays_up),
        cmocka_unit_test(requires__needed_one_fails_for_good__goes_and_comes_back_with_it),
        cmocka_unit_test(requires__needed_one_is_stopped_by_order__it_is_held_until_they_are_down),
        cmocka_unit_test(requires__start_while_it_is_held__is_not_stopped_and_all_come_back),
        cmocka_unit_test(requires__middle_is_held_when_the_end_comes_back__stays_up),
        cmocka_unit_test(requires__middle_is_ordered_up_without_its_end__goes_down_all_the_same),
        cmocka_unit_test(requires__crash_of_one_that_is_held__frees_it_and_stays_down),
        cmocka_unit_test(requires__order_to_start_while_it_is_down__waits_and_does_not_start_it),
        cmocka_unit_test(requires__dependent_is_stopped__leaves_what_it_needs_alone),
        cmocka_unit_test(requires__needed_one_succeeds_and_is_done__counts_as_up),
        cmocka_unit_test(requires__in_backoff_or_preparing_when_it_is_lost__waits_instead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
