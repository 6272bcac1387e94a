/* test_order_jobs.c - after and requires between jobs of several instances, and when the whole
 * fleet stops. */
#include "tests/supervise/fake.h"

/* N units of which each requires (or comes after) the one with the next number; all obey Ctrl+C. */
static void open_chain(struct fake *f, size_t n, bool required)
{
    fake_open(f, n);
    f->obeys = 1u << RUNG_CTRL_C;
    for (size_t i = 0; i + 1 < n; i++)
        fake_needs(f, i, i + 1, required);
}

/* --- jobs of several instances ---------------------------------------------------------------- */
static void needs__job_of_three__all_of_them_first(void **state)
{
    (void)state;
    struct definitions d;
    struct fake f;
    definitions_open(&d, "a2 b3");
    definitions_needs(&d, 0, 1, true);
    SET_EACH(&d, 1, ready.kind, READY_EVENT);
    fake_open_jobs(&f, &d);
    fake_run(&f);
    fake_signal(&f, 2, SIGNAL_READY);
    fake_signal(&f, 4, SIGNAL_READY);
    fake_until(&f, 2000);
    fake_is(&f, 0, S_WAITING);
    fake_signal(&f, 3, SIGNAL_READY);
    fake_until(&f, 2100);
    fake_is(&f, 0, S_RUNNING);
    fake_is(&f, 1, S_RUNNING);
    fake_close(&f);
    definitions_close(&d);
}

static void needs__job_of_three__stays_up_with_its_last_one(void **state)
{
    (void)state;
    struct definitions d;
    struct fake f;
    definitions_open(&d, "a2 b3");
    definitions_needs(&d, 0, 1, true);
    SET_EACH(&d, 1, restart, RESTART_NEVER);
    fake_open_jobs(&f, &d);
    f.obeys = 1u << RUNG_CTRL_C;
    fake_run(&f);
    fake_log_clear(&f);
    fake_exit(&f, 2, 1);
    fake_exit(&f, 3, 1);
    fake_settle(&f);
    fake_is(&f, 0, S_RUNNING);
    fake_exit(&f, 4, 1);
    for (size_t i = 0; i < 2; i++)
        fake_note(&f, i);
    fake_settle(&f);
    fake_log_is(&f, "1000 b.0 ended exit 1 ran 0\n"
                    "1000 b.0 release\n"
                    "1000 b.0 failed restart = never\n"
                    "1000 b.1 ended exit 1 ran 0\n"
                    "1000 b.1 release\n"
                    "1000 b.1 failed restart = never\n"
                    "1000 b.2 ended exit 1 ran 0\n"
                    "1000 b.2 release\n"
                    "1000 b.2 failed restart = never\n"
                    "1000 a.0 stopping dependency\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1000 a.1 stopping dependency\n"
                    "1000 a.1 rung ctrl-c 10000\n"
                    "1000 a.0 ended dependency 0 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 waiting b\n"
                    "1000 a.1 ended dependency 0 ran 0\n"
                    "1000 a.1 release\n"
                    "1000 a.1 waiting b\n");
    fake_close(&f);
    definitions_close(&d);
}

static void needs__one_of_three_is_stopped_by_order__goes_at_once(void **state)
{
    (void)state;
    struct definitions d;
    struct fake f;
    definitions_open(&d, "a1 b3");
    definitions_needs(&d, 0, 1, true);
    fake_open_jobs(&f, &d);
    f.obeys = 1u << RUNG_CTRL_C;
    fake_run(&f);
    for (size_t i = 1; i < 3; i++) { /* the others are enough for a */
        sup_stop(f.sup, i);
        fake_note(&f, i);
        fake_is(&f, i, S_STOPPED);
    }
    fake_is(&f, 0, S_RUNNING);
    sup_stop(f.sup, 3); /* the last one has to wait */
    fake_is(&f, 3, S_RUNNING);
    fake_is(&f, 0, S_STOPPING);
    fake_note(&f, 0);
    fake_is(&f, 3, S_STOPPING);
    fake_close(&f);
    definitions_close(&d);
}

static void needs__last_one_is_held_and_another_comes_back__goes_down_and_a_returns(void **state)
{
    (void)state;
    struct definitions d;
    struct fake f;
    definitions_open(&d, "a1 b2");
    definitions_needs(&d, 0, 1, true);
    fake_open_jobs(&f, &d);
    fake_run(&f);
    sup_stop(f.sup, 1);
    fake_exit(&f, 1, 0);
    sup_stop(f.sup, 2);
    assert_int_equal(fake_unit(&f, 2)->held, E_WANT_DOWN);
    sup_start(f.sup, 1);
    fake_is(&f, 2, S_STOPPING); /* nobody needs it any more */
    fake_exit(&f, 2, 0);
    fake_exit(&f, 0, 0);
    fake_until(&f, 60000);
    fake_is(&f, 0, S_RUNNING);
    fake_is(&f, 1, S_RUNNING);
    fake_is(&f, 2, S_STOPPED);
    fake_close(&f);
    definitions_close(&d);
}

static void needs__job_without_instances__after_goes_on_and_requires_waits(void **state)
{
    (void)state;
    struct definitions d;
    struct fake f;
    definitions_open(&d, "a1 b1 c0");
    definitions_needs(&d, 0, 2, false);
    definitions_needs(&d, 1, 2, true);
    fake_open_jobs(&f, &d);
    fake_run(&f);
    fake_until(&f, 60000);
    fake_log_is(&f, "1000 b.0 waiting c\n"
                    "1000 a.0 started\n");
    fake_close(&f);
    definitions_close(&d);
}

static void after__needed_one_is_stopped_or_crashes_later__is_no_concern(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 2, false);
    fake_run(&f);
    fake_log_clear(&f);
    fake_exit(&f, 1, 1);
    fake_settle(&f);
    sup_stop(f.sup, 1);
    fake_note(&f, 1);
    fake_settle(&f);
    fake_is(&f, 1, S_STOPPED);
    fake_is(&f, 0, S_RUNNING);
    assert_int_equal(f.job[0].spawns, 1);
    assert_int_equal(f.job[0].asks, 0);
    fake_close(&f);
}

/* --- the whole fleet stops -------------------------------------------------------------------- */
static void sup_stop_all__chain__in_reverse_order_and_each_waited_for(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 4, true);
    f.definition[1].deps.n = 0; /* a requires b, c requires d; b comes after c */
    fake_needs(&f, 1, 2, false);
    fake_run(&f);
    fake_log_clear(&f);
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, 60000);
    assert_true(sup_stop_deadline(f.sup) == 61000); /* some are only held: they have the budget */
    for (size_t i = 0; i < 4; i++) {
        fake_until(&f, f.now + 1000);
        fake_note(&f, i);
    }
    fake_log_is(&f, "1000 a.0 stopping shutdown\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1000 b.0 held a\n"
                    "1000 c.0 held b\n"
                    "1000 d.0 held c\n"
                    "2000 a.0 ended shutdown 0 ran 1000\n"
                    "2000 a.0 release\n"
                    "2000 a.0 stopped\n"
                    "2000 b.0 stopping shutdown\n"
                    "2000 b.0 rung ctrl-c 10000\n"
                    "3000 b.0 ended shutdown 0 ran 2000\n"
                    "3000 b.0 release\n"
                    "3000 b.0 stopped\n"
                    "3000 c.0 stopping shutdown\n"
                    "3000 c.0 rung ctrl-c 10000\n"
                    "4000 c.0 ended shutdown 0 ran 3000\n"
                    "4000 c.0 release\n"
                    "4000 c.0 stopped\n"
                    "4000 d.0 stopping shutdown\n"
                    "4000 d.0 rung ctrl-c 10000\n"
                    "5000 d.0 ended shutdown 0 ran 4000\n"
                    "5000 d.0 release\n"
                    "5000 d.0 stopped\n");
    assert_true(sup_all_down(f.sup));
    fake_close(&f);
}

static void sup_stop_all__needed_ones_have_the_lower_slots__are_last_all_the_same(void **state)
{
    (void)state;
    struct definitions d;
    struct fake f;
    definitions_open(&d, "a2 b1 c1");
    definitions_needs(&d, 1, 0, true); /* b requires a, c comes after b */
    definitions_needs(&d, 2, 1, false);
    SET_EACH(&d, 0, restart, RESTART_NEVER);
    fake_open_jobs(&f, &d);
    fake_run(&f);
    fake_exit(&f, 1, 0); /* a.1 has done its work; a.0 is needed still */
    fake_settle(&f);
    sup_stop_begin(f.sup, CAUSE_SHUTDOWN, 60000);
    while (sup_stop_next(f.sup))
        ;
    for (size_t i = 3; i > 0; i = i == 2 ? 0 : i - 1) { /* c, then b, then a.0 */
        fake_is(&f, i, S_STOPPING);
        fake_is(&f, 0, S_RUNNING);
        fake_exit(&f, i, 0);
    }
    fake_is(&f, 0, S_STOPPING);
    fake_close(&f);
    definitions_close(&d);
}

static void sup_stop_all__one_does_not_end__all_end_with_the_budget(void **state)
{
    (void)state;
    struct fake f;
    open_chain(&f, 3, false);
    f.spec[0].stop = (struct ladder){1, {{RUNG_CTRL_C, 600000}}};
    f.obeys = 0;
    fake_run(&f);
    fake_log_clear(&f);
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, 5000);
    fake_until(&f, 5999);
    assert_int_equal(f.tales[H_KILLED], 0);
    fake_until(&f, 6010);
    fake_log_is(&f, "1000 a.0 stopping shutdown\n"
                    "1000 a.0 rung ctrl-c 600000\n"
                    "1000 b.0 held a\n"
                    "1000 c.0 held b\n"
                    "6000 a.0 killed\n"
                    "6000 b.0 stopping shutdown\n"
                    "6000 b.0 killed\n"
                    "6000 c.0 stopping shutdown\n"
                    "6000 c.0 killed\n"
                    "6000 a.0 ended shutdown 3758096385 ran 5000\n"
                    "6000 a.0 release\n"
                    "6000 a.0 stopped\n"
                    "6001 b.0 ended shutdown 3758096385 ran 5001\n"
                    "6001 b.0 release\n"
                    "6001 b.0 stopped\n"
                    "6001 c.0 ended shutdown 3758096385 ran 5001\n"
                    "6001 c.0 release\n"
                    "6001 c.0 stopped\n");
    assert_true(sup_all_down(f.sup));
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after__needed_one_is_stopped_or_crashes_later__is_no_concern),
        cmocka_unit_test(needs__job_of_three__all_of_them_first),
        cmocka_unit_test(needs__job_of_three__stays_up_with_its_last_one),
        cmocka_unit_test(needs__one_of_three_is_stopped_by_order__goes_at_once),
        cmocka_unit_test(needs__last_one_is_held_and_another_comes_back__goes_down_and_a_returns),
        cmocka_unit_test(needs__job_without_instances__after_goes_on_and_requires_waits),
        cmocka_unit_test(sup_stop_all__chain__in_reverse_order_and_each_waited_for),
        cmocka_unit_test(sup_stop_all__needed_ones_have_the_lower_slots__are_last_all_the_same),
        cmocka_unit_test(sup_stop_all__one_does_not_end__all_end_with_the_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
