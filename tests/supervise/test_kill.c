/* test_kill.c - an operator's kill: all of the run at once, and `restart` decides what follows; and
 * orders for several at once. */
#include "tests/supervise/fake.h"

static void kill__of_one_that_runs__ends_at_once_and_comes_back_as_after_a_crash(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.job[0].members = 2;
    f.kill_ms = 30;
    assert_int_equal(sup_kill(f.sup, 0), ST_OK);
    assert_int_equal(f.job[0].kills, 1);
    assert_int_equal(f.job[0].asks, 0);
    fake_until(&f, 1500);
    fake_log_is(&f, "1000 a.0 stopping operator\n"
                    "1000 a.0 killed\n"
                    "1031 a.0 ended operator 3758096385 ran 31\n"
                    "1031 a.0 release\n"
                    "1031 a.0 backoff 0\n"
                    "1031 a.0 started\n");
    sup_kill(f.sup, 0);
    fake_until(&f, 1600);
    fake_is(&f, 0, S_BACKOFF); /* the second in a row waits */
    assert_string_equal(fake_unit(&f, 0)->reason, "restart = always");
    fake_close(&f);
}

static void kill__each_restart_mode__decides_as_for_a_crash(void **state)
{
    (void)state;
    for (int mode = RESTART_ALWAYS; mode <= RESTART_NEVER; mode++) {
        struct fake f;
        fake_open_running(&f, 2);
        f.spec[0].restart = f.spec[1].restart = (enum restart_when)mode;
        sup_kill(f.sup, 0);
        fake_exit(&f, 1, UINT32_C(0xC0000005));
        fake_until(&f, 1001);
        fake_is(&f, 0, fake_unit(&f, 1)->at);
        fake_is(&f, 0, mode == RESTART_NEVER ? S_FAILED : S_RUNNING);
        fake_close(&f);
    }
}

static void kill__crash_in_a_list_of_causes__holds_for_it(void **state)
{
    (void)state;
    for (int force = 0; force < 2; force++) {
        struct fake f;
        fake_open_running(&f, 1);
        f.spec[0].restart = force ? RESTART_NEVER : RESTART_ALWAYS;
        *(force ? &f.spec[0].restart_force_causes : &f.spec[0].restart_prevent_causes) =
            (struct causes){.of = 1u << CAUSE_CRASH};
        sup_kill(f.sup, 0);
        fake_until(&f, 1100);
        fake_is(&f, 0, force ? S_RUNNING : S_FAILED);
        fake_close(&f);
    }
}

static void kill__its_exit_code_is_a_success__is_none(void **state)
{
    (void)state;
    static const uint32_t code =
        UINT32_C(0xE0000001); /* that the fake world's terminations leave */
    struct fake f;
    fake_open_running(&f, 1);
    f.spec[0].restart = RESTART_NEVER;
    f.spec[0].success_exit_codes = f.spec[0].restart_force_exit_codes = (struct codes){1, &code};
    sup_kill(f.sup, 0);
    fake_until(&f, 1100);
    fake_is(&f, 0, S_FAILED);
    fake_close(&f);
}

static void kill__on_its_way_down_by_order__stays_down_only_sooner(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    sup_stop(f.sup, 0);
    assert_int_equal(sup_kill(f.sup, 0), ST_OK);
    fake_until(&f, 1100);
    fake_log_is(&f, "1000 a.0 stopping operator\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1000 a.0 killed\n"
                    "1001 a.0 ended operator 3758096385 ran 1\n"
                    "1001 a.0 release\n"
                    "1001 a.0 stopped\n");
    fake_close(&f);
}

static void kill__ends_by_a_limit_already__keeps_that_cause(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_MEMORY, REACTION_STOP);
    sup_kill(f.sup, 0);
    fake_until(&f, 1100);
    fake_is(&f, 0, S_FAILED);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_LIMIT);
    assert_false(fake_unit(&f, 0)->last.slain);
    fake_close(&f);
}

static void kill__main_process_has_ended_by_itself_before__is_not_said_to_be_killed(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 2);
    f.job[1].members = 1;
    fake_end(&f, 0, 3); /* and nobody has noticed */
    fake_end(&f, 1, 3);
    f.kill_ms = 100;
    assert_int_equal(sup_kill(f.sup, 0), ST_NOTFOUND);
    assert_int_equal(sup_kill(f.sup, 1), ST_OK);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_EXIT);
    assert_int_equal(fake_unit(&f, 1)->last.cause, CAUSE_EXIT);
    assert_int_equal(f.job[0].kills, 0);
    fake_close(&f);
}

static void kill__no_run__does_nothing(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 3);
    f.spec[1].hook_pre_start = "prepare.exe";
    f.spec[2].start_delay = 5000;
    fake_supervise(&f);
    assert_int_equal(sup_kill(f.sup, 0), ST_NOTFOUND);
    sup_start_all(f.sup);
    fake_settle(&f);
    f.obeys = 1u << RUNG_CTRL_C;
    sup_stop(f.sup, 0);
    fake_note(&f, 0);
    fake_is(&f, 0, S_STOPPED);
    fake_is(&f, 1, S_PREPARING);
    fake_is(&f, 2, S_WAITING);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(sup_kill(f.sup, i), ST_NOTFOUND);
    fake_is(&f, 1, S_PREPARING);
    fake_is(&f, 2, S_WAITING);
    fake_close(&f);
}

static void kill__then_an_order_before_it_is_over__decides(void **state)
{
    (void)state;
    for (int up = 0; up < 2; up++) {
        struct fake f;
        fake_open_running(&f, 1);
        f.spec[0].restart = RESTART_NEVER;
        f.kill_ms = 100;
        sup_kill(f.sup, 0);
        (up ? sup_start : sup_stop)(f.sup, 0);
        fake_until(&f, 1200);
        fake_is(&f, 0, up ? S_RUNNING : S_STOPPED);
        fake_close(&f);
    }
}

static void kill__during_a_roll__the_roll_is_given_up(void **state)
{
    (void)state;
    struct definitions d;
    struct fake f;
    const size_t all[] = {0, 1, 2};
    definitions_open(&d, "a3");
    fake_open_jobs(&f, &d);
    f.obeys = 1u << RUNG_CTRL_C;
    fake_run(&f);
    sup_restart(f.sup, all, 3);
    fake_note(&f, 0);
    fake_until(&f, 1100);
    assert_int_equal(f.job[0].spawns, 2);
    sup_kill(f.sup, 0);
    fake_until(&f, 9000);
    assert_int_equal(f.tales[H_ROLL_STOPPED], 1);
    assert_int_equal(f.job[1].asks, 0);
    fake_is(&f, 0, S_RUNNING);
    fake_close(&f);
    definitions_close(&d);
}

/* --- several at once ------------------------------------------------------------------- */
static void open_chain(struct fake *f, bool required)
{
    fake_open(f, 3);
    f->obeys = 1u << RUNG_CTRL_C;
    for (size_t i = 0; i + 1 < 3; i++)
        fake_needs(f, i, i + 1, required);
    fake_supervise(f);
}

static void start_each__some_need_others__start_in_that_order(void **state)
{
    (void)state;
    for (int required = 0; required < 2; required++) {
        struct fake f;
        const size_t all[] = {0, 1, 2};
        open_chain(&f, required);
        sup_start_each(f.sup, all, 3);
        fake_settle(&f);
        fake_log_is(&f, "1000 a.0 waiting b\n"
                        "1000 b.0 waiting c\n"
                        "1000 c.0 started\n"
                        "1000 b.0 started\n"
                        "1000 a.0 started\n");
        fake_close(&f);
    }
}

static void stop_each__some_come_after_others__stop_the_other_way_round(void **state)
{
    (void)state;
    struct fake f;
    const size_t all[] = {2, 1, 0};
    open_chain(&f, false);
    sup_start_all(f.sup);
    fake_settle(&f);
    fake_log_clear(&f);
    sup_stop_each(f.sup, all, 3);
    for (size_t i = 0; i < 3; i++)
        fake_note(&f, i);
    fake_settle(&f);
    fake_log_is(&f, "1000 c.0 held b\n"
                    "1000 b.0 held a\n"
                    "1000 a.0 stopping operator\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1000 a.0 ended operator 0 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 stopped\n"
                    "1000 b.0 stopping operator\n"
                    "1000 b.0 rung ctrl-c 10000\n"
                    "1000 b.0 ended operator 0 ran 0\n"
                    "1000 b.0 release\n"
                    "1000 b.0 stopped\n"
                    "1000 c.0 stopping operator\n"
                    "1000 c.0 rung ctrl-c 10000\n"
                    "1000 c.0 ended operator 0 ran 0\n"
                    "1000 c.0 release\n"
                    "1000 c.0 stopped\n");
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kill__of_one_that_runs__ends_at_once_and_comes_back_as_after_a_crash),
        cmocka_unit_test(kill__each_restart_mode__decides_as_for_a_crash),
        cmocka_unit_test(kill__crash_in_a_list_of_causes__holds_for_it),
        cmocka_unit_test(kill__its_exit_code_is_a_success__is_none),
        cmocka_unit_test(kill__on_its_way_down_by_order__stays_down_only_sooner),
        cmocka_unit_test(kill__ends_by_a_limit_already__keeps_that_cause),
        cmocka_unit_test(kill__main_process_has_ended_by_itself_before__is_not_said_to_be_killed),
        cmocka_unit_test(kill__no_run__does_nothing),
        cmocka_unit_test(kill__then_an_order_before_it_is_over__decides),
        cmocka_unit_test(kill__during_a_roll__the_roll_is_given_up),
        cmocka_unit_test(start_each__some_need_others__start_in_that_order),
        cmocka_unit_test(stop_each__some_come_after_others__stop_the_other_way_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
