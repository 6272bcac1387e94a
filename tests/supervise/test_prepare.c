/* test_prepare.c - hook_pre_start, which runs before each run. */
#include "tests/supervise/fake.h"

static void open_hooked(struct fake *f, size_t n)
{
    fake_open(f, n);
    for (size_t i = 0; i < n; i++)
        f->spec[i].hook_pre_start = "prepare.exe";
    f->obeys = 1u << RUNG_CTRL_C;
}

static void hook_pre_start__succeeds__comes_before_each_run(void **state)
{
    (void)state;
    struct fake f;
    open_hooked(&f, 1);
    fake_run(&f);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(fake_unit(&f, 0)->at, S_PREPARING);
        assert_true(fake_unit(&f, 0)->id >> 32 == i + 1);
        assert_true(f.job[0].preparing_id == fake_unit(&f, 0)->id);
        assert_int_equal(f.job[0].spawns, i);
        fake_until(&f, f.now + 3000);
        fake_prepared(&f, 0, true);
        assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
        assert_true(fake_unit(&f, 0)->id == f.job[0].id && f.job[0].id >> 32 == i + 1);
        assert_true(fake_unit(&f, 0)->spawned_at == f.now); /* its own time is not the run's */
        fake_until(&f, f.now + 20000);
        fake_exit(&f, 0, 1);
        fake_settle(&f);
    }
    fake_close(&f);
}

static void hook_pre_start__fails__prevents_the_start_and_is_a_cause(void **state)
{
    (void)state;
    struct fake f;
    open_hooked(&f, 1);
    f.spec[0].start_limit = 3;
    f.spec[0].start_limit_interval = 60000;
    fake_run(&f);
    for (int i = 0; i < 3; i++) {
        fake_prepared(&f, 0, false);
        fake_until(&f, f.now + (uint64_t)i * 1000);
    }
    fake_log_is(&f, "1000 a.0 not-started hook_pre_start ended with 1\n"
                    "1000 a.0 backoff 0\n"
                    "1000 a.0 not-started hook_pre_start ended with 1\n"
                    "1000 a.0 backoff 1000\n"
                    "2000 a.0 not-started hook_pre_start ended with 1\n"
                    "2000 a.0 failed start limit reached (3)\n");
    assert_int_equal(f.job[0].spawns, 0);
    assert_int_equal(fake_unit(&f, 0)->starts, 0);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_HOOK);
    fake_close(&f);
}

static void hook_pre_start__cannot_be_started__is_the_same(void **state)
{
    (void)state;
    struct fake f;
    open_hooked(&f, 1);
    f.spec[0].restart = RESTART_NEVER;
    f.prepare_fails = 1;
    fake_run(&f);
    fake_log_is(&f, "1000 a.0 not-started no such hook\n"
                    "1000 a.0 failed hook_pre_start failed, restart = never\n");
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_HOOK);
    assert_true(sup_all_final(f.sup));
    fake_close(&f);
}

static void hook_pre_start__program_then_missing__is_not_the_hooks_fault(void **state)
{
    (void)state;
    struct fake f;
    open_hooked(&f, 1);
    f.spec[0].restart = RESTART_NEVER;
    f.no_program = 0;
    fake_run(&f);
    fake_prepared(&f, 0, true);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_NOT_STARTED);
    assert_int_equal(fake_unit(&f, 0)->at, S_FAILED);
    fake_close(&f);
}

static void hook_pre_start__stop_during_it__ends_it(void **state)
{
    (void)state;
    struct fake f;
    open_hooked(&f, 3);
    fake_run(&f);
    uint64_t id = f.job[0].preparing_id;
    sup_stop(f.sup, 0);
    assert_false(f.job[0].preparing);
    sup_prepared(f.sup, id, true, NULL); /* it was on its way already */
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPED);
    sup_stop_all(f.sup, CAUSE_SHUTDOWN, 1000);
    assert_true(sup_all_down(f.sup));
    assert_false(f.job[1].preparing);
    assert_false(f.job[2].preparing);
    fake_log_is(&f, "1000 a.0 stopped\n"
                    "1000 b.0 stopped\n"
                    "1000 c.0 stopped\n");
    fake_close(&f);
}

static void hook_pre_start__end_now_during_it__ends_it(void **state)
{
    (void)state;
    struct fake f;
    open_hooked(&f, 1);
    fake_run(&f);
    sup_end_now(f.sup);
    assert_false(f.job[0].preparing);
    assert_true(sup_all_down(f.sup));
    fake_close(&f);
}

static void hook_pre_start__stopped_and_started_again__is_another_one(void **state)
{
    (void)state;
    struct fake f;
    open_hooked(&f, 1);
    fake_run(&f);
    uint64_t first = f.job[0].preparing_id;
    sup_stop(f.sup, 0);
    sup_start(f.sup, 0);
    fake_settle(&f);
    assert_true(f.job[0].preparing && f.job[0].preparing_id != first);
    sup_prepared(f.sup, first, false, "late");
    assert_int_equal(fake_unit(&f, 0)->at, S_PREPARING);
    fake_prepared(&f, 0, true);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    sup_prepared(f.sup, f.job[0].id, false, "twice");
    sup_prepared(f.sup, UINT64_MAX, false, "nobody");
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    fake_close(&f);
}

static void hook_pre_start__start_during_it__changes_nothing(void **state)
{
    (void)state;
    struct fake f;
    open_hooked(&f, 1);
    fake_run(&f);
    uint64_t id = f.job[0].preparing_id;
    sup_start(f.sup, 0);
    assert_true(f.job[0].preparing && f.job[0].preparing_id == id);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hook_pre_start__succeeds__comes_before_each_run),
        cmocka_unit_test(hook_pre_start__fails__prevents_the_start_and_is_a_cause),
        cmocka_unit_test(hook_pre_start__cannot_be_started__is_the_same),
        cmocka_unit_test(hook_pre_start__program_then_missing__is_not_the_hooks_fault),
        cmocka_unit_test(hook_pre_start__stop_during_it__ends_it),
        cmocka_unit_test(hook_pre_start__end_now_during_it__ends_it),
        cmocka_unit_test(hook_pre_start__stopped_and_started_again__is_another_one),
        cmocka_unit_test(hook_pre_start__start_during_it__changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
