/* test_policy.c - the restart policy, its tables written out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/supervise/ended.h"

#include <string.h>

enum { MIDDLE = 0x7FFFFFFF, MODES = 4 };

static const uint32_t access_violation = UINT32_C(0xC0000005);

static struct job_spec spec_of(enum restart_when restart)
{
    return (struct job_spec){.restart = restart,
                             .restart_delay = 1000,
                             .restart_delay_max = 8000,
                             .restart_factor = 2000,
                             .min_uptime = 10000};
}

static struct ending exited(uint32_t code)
{
    return (struct ending)ENDED(CAUSE_EXIT, code, 5);
}

static enum verdict verdict_of(const struct job_spec *spec, struct ending end)
{
    struct history h = {0};
    struct decision d = policy_decide(spec, &h, &end, 50000, MIDDLE);
    assert_non_null(d.reason);
    return d.what;
}

static void policy_decide__every_mode_and_ending__as_the_table_says(void **state)
{
    (void)state;
    static const struct {
        struct ending end;
        char again[MODES + 1]; /* always, on-failure, on-abnormal, never */
    } rows[] = {
        {ENDED(CAUSE_EXIT, 0, 5), "y---"},
        {ENDED(CAUSE_EXIT, 0, 500000), "y---"},
        {ENDED(CAUSE_EXIT, 7, 5), "y---"}, /* one of success_exit_codes */
        {ENDED(CAUSE_EXIT, 1, 5), "yy--"},
        {ENDED(CAUSE_EXIT, 1, 500000), "yy--"},
        {ENDED(CAUSE_EXIT, UINT32_MAX, 5), "yy--"}, /* exit(-1) */
        {ENDED(CAUSE_EXIT, UINT32_C(0xC0000005), 5), "yyy-"},
        {ENDED(CAUSE_EXIT, UINT32_C(0xC000013A), 5), "yyy-"},
        {ENDED(CAUSE_EXIT, UINT32_C(0xE0434352), 5), "yyy-"},
        {ENDED(CAUSE_CRASH, UINT32_C(0xC0000005), 5), "yyy-"},
        {ENDED(CAUSE_CRASH, UINT32_C(0xC0000005), 500000), "yyy-"},
        {ENDED(CAUSE_EXIT, UINT32_C(0x40010004), 5), "y---"}, /* one of success_exit_codes */
        {ENDED(CAUSE_CRASH, UINT32_C(0xC0000142), 5), "y---"}, /* and this one */
        {ENDED(CAUSE_NOT_STARTED, 0, 0), "yy--"},
        {ENDED(CAUSE_HOOK, 1, 0), "yy--"},
        {ENDED(CAUSE_NOT_READY, 0, 90000), "yyy-"},
        {ENDED(CAUSE_NOT_READY, UINT32_C(0xC000013A), 90000), "yyy-"},
        {ENDED(CAUSE_WATCHDOG, 0, 5), "yyy-"},
        {ENDED(CAUSE_WATCHDOG, 0, 500000), "yyy-"},
        {ENDED(CAUSE_HEALTH, 0, 5), "yyy-"},
        {ENDED(CAUSE_HEALTH, 1, 500000), "yyy-"},
        {ENDED(CAUSE_MAX_RUNTIME, 0, 60000), "yyy-"},
        {ENDED(CAUSE_MAX_RUNTIME, UINT32_C(0xC000013A), 60000), "yyy-"},
        {ENDED(CAUSE_OPERATOR, 0, 5), "yyyy"}, /* asked only when it is wanted up again */
        {ENDED(CAUSE_SCHEDULE, 0, 5), "yyyy"},
        {ENDED(CAUSE_CHANGE, 0, 5), "yyyy"},
        {ENDED(CAUSE_SHUTDOWN, 0, 5), "----"},
    };
    const uint32_t good[] = {7, UINT32_C(0x40010004), UINT32_C(0xC0000142)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int mode = 0; mode < MODES; mode++) {
            struct job_spec spec = spec_of((enum restart_when)mode);
            spec.success_exit_codes = (struct codes){3, good};
            bool again = verdict_of(&spec, rows[i].end) == VERDICT_RESTART;
            if (again != (rows[i].again[mode] == 'y'))
                fail_msg("row %zu mode %d", i, mode);
        }
}

static void policy_decide__prevent_and_force_codes__come_before_the_mode(void **state)
{
    (void)state;
    const uint32_t prevent[] = {3, 0}, force[] = {3, 4, 0};
    for (int mode = 0; mode < MODES; mode++) {
        struct job_spec spec = spec_of((enum restart_when)mode);
        spec.restart_prevent_exit_codes = (struct codes){2, prevent};
        spec.restart_force_exit_codes = (struct codes){3, force};
        assert_int_equal(verdict_of(&spec, exited(0)), VERDICT_DONE); /* prevent comes first */
        assert_int_equal(verdict_of(&spec, exited(3)), VERDICT_DONE);
        assert_int_equal(verdict_of(&spec, exited(4)), VERDICT_RESTART);
    }
}

static void policy_decide__codes_of_a_run_that_was_stopped__are_not_read(void **state)
{
    (void)state;
    const uint32_t zero = 0;
    const struct ending ran_out = ENDED(CAUSE_MAX_RUNTIME, 0, 5);
    const struct ending never_ran = ENDED(CAUSE_NOT_STARTED, 0, 0);
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.restart_prevent_exit_codes = (struct codes){1, &zero};
    assert_int_equal(verdict_of(&spec, ran_out), VERDICT_RESTART);
    assert_int_equal(verdict_of(&spec, never_ran), VERDICT_RESTART);
    spec = spec_of(RESTART_NEVER);
    spec.restart_force_exit_codes = (struct codes){1, &zero};
    assert_int_equal(verdict_of(&spec, ran_out), VERDICT_DONE);
    assert_int_equal(verdict_of(&spec, never_ran), VERDICT_DONE);
}

static void policy_success__each_cause_and_code__only_good_codes_by_itself(void **state)
{
    (void)state;
    const uint32_t good[] = {7, 9};
    struct job_spec spec = {.success_exit_codes = {2, good}};
    assert_true(policy_success(&spec, &(struct ending)ENDED(CAUSE_EXIT, 0, 1)));
    assert_true(policy_success(&spec, &(struct ending)ENDED(CAUSE_EXIT, 7, 1)));
    assert_true(policy_success(&spec, &(struct ending)ENDED(CAUSE_EXIT, 9, 1)));
    assert_false(policy_success(&spec, &(struct ending)ENDED(CAUSE_EXIT, 8, 1)));
    assert_false(policy_success(&spec, &(struct ending)ENDED(CAUSE_EXIT, access_violation, 1)));
    assert_false(policy_success(&spec, &(struct ending)ENDED(CAUSE_CRASH, access_violation, 1)));
    for (int c = 0; c < CAUSES; c++)
        if (c != CAUSE_EXIT && c != CAUSE_CRASH)
            assert_false(policy_success(&spec, &(struct ending)ENDED((enum cause)c, 0, 1)));
}

static void policy_decide__quick_ends_of_any_kind__count_and_a_long_run_resets(void **state)
{
    (void)state;
    static const struct {
        struct ending end;
        uint64_t delay;
    } life[] = {
        {ENDED(CAUSE_EXIT, 1, 3), 0},
        {ENDED(CAUSE_EXIT, 0, 3), 1000}, /* clean ones too */
        {ENDED(CAUSE_NOT_STARTED, 0, 0), 2000},
        {ENDED(CAUSE_EXIT, 1, 9999), 4000},
        {ENDED(CAUSE_EXIT, 1, 10000), 0}, /* reached min_uptime: as if it were the first */
        {ENDED(CAUSE_EXIT, 1, 3), 1000},
        {ENDED(CAUSE_MAX_RUNTIME, 1, 3), 0}, /* as good as it can be */
        {ENDED(CAUSE_CRASH, 1, 3), 1000},
        {ENDED(CAUSE_HOOK, 1, 0), 2000},
        {ENDED(CAUSE_NOT_READY, 1, 90000), 4000}, /* never good */
        {ENDED(CAUSE_WATCHDOG, 1, 9999), 8000},
        {ENDED(CAUSE_WATCHDOG, 1, 10000), 0},
        {ENDED(CAUSE_HEALTH, 1, 9999), 1000},
        {ENDED(CAUSE_HEALTH, 1, 10000), 0},
        {ENDED(CAUSE_CRASH, 1, 10000), 0},
        {ENDED(CAUSE_NOT_STARTED, 1, 0), 1000},
        {ENDED(CAUSE_OPERATOR, 1, 3), 0},
        {ENDED(CAUSE_EXIT, 1, 3), 0}, /* as if nothing had been */
        {ENDED(CAUSE_EXIT, 1, 3), 1000},
        {ENDED(CAUSE_CHANGE, 1, 3), 0},
        {ENDED(CAUSE_EXIT, 1, 3), 0},
        {ENDED(CAUSE_EXIT, 1, 3), 1000},
        {ENDED(CAUSE_SCHEDULE, 1, 3), 0},
        {ENDED(CAUSE_EXIT, 1, 3), 0},
    };
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    struct history h = {0};
    for (size_t i = 0; i < sizeof life / sizeof *life; i++) {
        struct decision d = policy_decide(&spec, &h, &life[i].end, i, MIDDLE);
        assert_int_equal(d.what, VERDICT_RESTART);
        if (d.delay_ms != life[i].delay)
            fail_msg("end %zu: %llu", i, (unsigned long long)d.delay_ms);
    }
}

static void policy_decide__not_started_with_min_uptime_0__still_grows(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.min_uptime = 0;
    struct history h = {0};
    struct ending never = ENDED(CAUSE_NOT_STARTED, 0, 0), quick = exited(1);
    assert_int_equal(policy_decide(&spec, &h, &never, 0, MIDDLE).delay_ms, 0);
    assert_int_equal(policy_decide(&spec, &h, &never, 0, MIDDLE).delay_ms, 1000);
    assert_int_equal(policy_decide(&spec, &h, &quick, 0, MIDDLE).delay_ms, 0);
}

static void policy_decide__restarts_without_number__the_count_stays_at_its_end(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    struct history h = {.of = {{.restarts = UINT32_MAX}}};
    struct ending end = exited(1);
    assert_int_equal(policy_decide(&spec, &h, &end, 0, MIDDLE).delay_ms, 8000);
    assert_int_equal(h.of[0].restarts, UINT32_MAX);
}

static struct job_spec limited(void)
{
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.restart_delay = 0;
    spec.start_limit = 3;
    spec.start_limit_interval = 10000;
    return spec;
}

static void policy_decide__starts_within_the_interval__the_limit_gives_up(void **state)
{
    (void)state;
    struct job_spec spec = limited();
    struct history h = {0};
    struct ending end = exited(1);
    for (uint64_t start = 1; start <= 3; start++) {
        policy_started(&spec, &h, 5000 + start);
        assert_int_equal(h.of[0].window_starts, start);
        assert_int_equal(h.of[0].window_start, 5001);
        struct decision d = policy_decide(&spec, &h, &end, 5000 + start, MIDDLE);
        assert_int_equal(d.what, start < 3 ? VERDICT_RESTART : VERDICT_GIVE_UP);
    }
}

static void policy_decide__start_after_the_interval__opens_a_new_window(void **state)
{
    (void)state;
    struct job_spec spec = limited();
    struct history h = {.of = {{0, 3, 5000}}};
    struct ending end = exited(1);
    assert_int_equal(policy_decide(&spec, &h, &end, 14999, MIDDLE).what, VERDICT_GIVE_UP);
    assert_int_equal(policy_decide(&spec, &h, &end, 15000, MIDDLE).what, VERDICT_RESTART);
    policy_started(&spec, &h, 15000);
    assert_int_equal(h.of[0].window_starts, 1);
    assert_int_equal(h.of[0].window_start, 15000);
}

static void policy_decide__delay_that_outlasts_the_interval__is_no_reason_to_give_up(void **state)
{
    (void)state;
    struct job_spec spec = limited();
    spec.restart_delay = spec.restart_delay_max = 4000;
    struct history h = {.of = {{5, 3, 5000}}};
    struct ending end = exited(1);
    assert_int_equal(policy_decide(&spec, &h, &end, 10999, MIDDLE).what, VERDICT_GIVE_UP);
    assert_int_equal(policy_decide(&spec, &h, &end, 11000, MIDDLE).what, VERDICT_RESTART);
}

static void policy_decide__good_runs_one_after_another__do_not_use_up_the_limit(void **state)
{
    (void)state;
    struct job_spec spec = limited();
    struct history h = {0};
    struct ending good = ENDED(CAUSE_EXIT, 1, spec.min_uptime), quick = exited(1);
    for (uint64_t start = 0; start < 50; start++) {
        policy_started(&spec, &h, 5000 + start);
        assert_int_equal(policy_decide(&spec, &h, &good, 5000 + start, MIDDLE).what,
                         VERDICT_RESTART);
    }
    for (uint64_t start = 1; start <= 3; start++) {
        policy_started(&spec, &h, 6000 + start);
        assert_int_equal(policy_decide(&spec, &h, &quick, 6000 + start, MIDDLE).what,
                         start < 3 ? VERDICT_RESTART : VERDICT_GIVE_UP);
    }
}

static void policy_decide__limit_or_interval_of_0__never_gives_up(void **state)
{
    (void)state;
    struct ending end = exited(1);
    for (int i = 0; i < 2; i++) {
        struct job_spec spec = limited();
        *(i ? &spec.start_limit : &spec.start_limit_interval) = 0;
        struct history h = {0};
        for (int start = 0; start < 1000; start++) {
            policy_started(&spec, &h, 5000);
            assert_int_equal(policy_decide(&spec, &h, &end, 5000, MIDDLE).what, VERDICT_RESTART);
        }
    }
}

static void policy_decide__not_to_be_restarted__limit_is_not_the_reason(void **state)
{
    (void)state;
    struct job_spec spec = limited();
    spec.restart = RESTART_NEVER;
    struct history h = {.of = {{0, 3, 5000}}};
    struct ending end = exited(1);
    struct decision d = policy_decide(&spec, &h, &end, 5001, MIDDLE);
    assert_int_equal(d.what, VERDICT_DONE);
    assert_string_equal(d.reason, "restart = never");
}

static void policy_decide__planned_restarts__do_not_use_up_the_limit(void **state)
{
    (void)state;
    struct job_spec spec = limited();
    struct history h = {0};
    struct ending end = ENDED(CAUSE_MAX_RUNTIME, 0, 10);
    for (uint64_t i = 0; i < 100; i++) {
        policy_started(&spec, &h, 5000 + i);
        assert_int_equal(policy_decide(&spec, &h, &end, 5000 + i, MIDDLE).what, VERDICT_RESTART);
    }
}

static void cause_names__all__are_there(void **state)
{
    (void)state;
    for (int c = 0; c < CAUSES; c++)
        assert_true(cause_names[c] && strlen(cause_names[c]) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_decide__every_mode_and_ending__as_the_table_says),
        cmocka_unit_test(policy_decide__prevent_and_force_codes__come_before_the_mode),
        cmocka_unit_test(policy_decide__codes_of_a_run_that_was_stopped__are_not_read),
        cmocka_unit_test(policy_success__each_cause_and_code__only_good_codes_by_itself),
        cmocka_unit_test(policy_decide__quick_ends_of_any_kind__count_and_a_long_run_resets),
        cmocka_unit_test(policy_decide__not_started_with_min_uptime_0__still_grows),
        cmocka_unit_test(policy_decide__restarts_without_number__the_count_stays_at_its_end),
        cmocka_unit_test(policy_decide__starts_within_the_interval__the_limit_gives_up),
        cmocka_unit_test(policy_decide__start_after_the_interval__opens_a_new_window),
        cmocka_unit_test(policy_decide__delay_that_outlasts_the_interval__is_no_reason_to_give_up),
        cmocka_unit_test(policy_decide__good_runs_one_after_another__do_not_use_up_the_limit),
        cmocka_unit_test(policy_decide__limit_or_interval_of_0__never_gives_up),
        cmocka_unit_test(policy_decide__not_to_be_restarted__limit_is_not_the_reason),
        cmocka_unit_test(policy_decide__planned_restarts__do_not_use_up_the_limit),
        cmocka_unit_test(cause_names__all__are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
