/* test_policy_limit.c - the restart policy after endings by limits: its rows, a history of its own,
 * and how often on_limit = restart may start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/supervise/ended.h"

#include <string.h>

enum { MIDDLE = 0x7FFFFFFF, MODES = RESTART_NEVER + 1, MINUTE = 60000 };

static const struct ending crash = ENDED(CAUSE_EXIT, 3, 5);
static const struct ending recycled = BY_LIMIT(REACTION_RESTART, 5);
static const struct ending killed = BY_LIMIT(REACTION_TERMINATE, 5);

static struct job_spec spec_of(enum restart_when restart)
{
    return (struct job_spec){.restart = restart,
                             .restart_delay = 1000,
                             .restart_delay_max = 8000,
                             .restart_factor = 2000,
                             .min_uptime = 10000};
}

static struct decision decide(const struct job_spec *spec, struct history *h, struct ending end,
                              uint64_t now)
{
    struct decision d = policy_decide(spec, h, &end, now, MIDDLE);
    assert_non_null(d.reason);
    return d;
}

static void policy_decide__limit_of_each_mode_and_reaction__as_the_table_says(void **state)
{
    (void)state;
    static const struct {
        enum reaction what;
        const char *again; /* always, on-failure, on-abnormal, never */
        const char *reason, *reason_never;
    } rows[] = {
        {REACTION_RESTART, "yyyy", "on_limit = restart", "on_limit = restart"},
        {REACTION_STOP, "----", "stopped by on_limit", "stopped by on_limit"},
        {REACTION_TERMINATE, "yyy-", "ended by a limit", "ended by a limit, restart = never"},
        {REACTION_LOG, "yyy-", "ended by a limit", "ended by a limit, restart = never"},
        {REACTION_HOOK, "yyy-", "ended by a limit", "ended by a limit, restart = never"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int mode = 0; mode < MODES; mode++) {
            struct job_spec spec = spec_of((enum restart_when)mode);
            struct history h = {0};
            struct ending end = BY_LIMIT(rows[i].what, 5);
            struct decision d = decide(&spec, &h, end, 50000);
            bool again = rows[i].again[mode] == 'y';
            if (d.what != (again ? VERDICT_RESTART : VERDICT_DONE))
                fail_msg("row %zu mode %d", i, mode);
            assert_string_equal(d.reason,
                                mode == RESTART_NEVER ? rows[i].reason_never : rows[i].reason);
            assert_false(policy_success(&spec, &end));
        }
}

static void policy_decide__codes_of_a_run_that_a_limit_ended__are_not_read(void **state)
{
    (void)state;
    const uint32_t zero = 0;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    struct history h = {0};
    spec.restart_prevent_exit_codes = (struct codes){1, &zero};
    assert_int_equal(decide(&spec, &h, killed, 0).what, VERDICT_RESTART);
    assert_int_equal(decide(&spec, &h, recycled, 0).what, VERDICT_RESTART);
    spec = spec_of(RESTART_NEVER);
    spec.restart_force_exit_codes = (struct codes){1, &zero};
    struct ending stop = BY_LIMIT(REACTION_STOP, 5);
    assert_int_equal(decide(&spec, &h, killed, 0).what, VERDICT_DONE);
    assert_int_equal(decide(&spec, &h, stop, 0).what, VERDICT_DONE);
}

static void policy_decide__failures_and_limits_mixed__each_delay_grows_by_itself(void **state)
{
    (void)state;
    static const struct {
        const struct ending *end;
        uint64_t delay;
    } life[] = {
        {&crash, 0},       {&recycled, 0},    {&recycled, 1000}, {&crash, 1000},
        {&killed, 2000},   {&crash, 2000},    {&recycled, 4000}, {&crash, 4000},
        {&crash, 8000},    {&killed, 8000},
    };
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    struct history h = {0};
    for (size_t i = 0; i < sizeof life / sizeof *life; i++) {
        struct decision d = decide(&spec, &h, *life[i].end, i);
        if (d.what != VERDICT_RESTART || d.delay_ms != life[i].delay)
            fail_msg("end %zu: %llu", i, (unsigned long long)d.delay_ms);
        policy_started(&spec, &h, i);
    }
}

static void policy_decide__long_run_of_either_kind__wipes_both_counts(void **state)
{
    (void)state;
    const struct ending ends[] = {ENDED(CAUSE_EXIT, 3, 10000), BY_LIMIT(REACTION_RESTART, 10000),
                                  BY_LIMIT(REACTION_LOG, 10000)};
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.start_limit = 3;
    spec.start_limit_interval = MINUTE;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct history h = {.of = {{9, 3, 1000}, {9, 3, 1000}}};
        struct decision d = decide(&spec, &h, ends[i], 2000);
        assert_int_equal(d.what, VERDICT_RESTART);
        assert_int_equal(d.delay_ms, 0);
        assert_int_equal(h.of[TROUBLE_FAILURE].window_starts, 0);
        assert_int_equal(h.of[TROUBLE_LIMIT].window_starts, 0);
        assert_int_equal(h.of[TROUBLE_FAILURE].restarts, i == 0);
        assert_int_equal(h.of[TROUBLE_LIMIT].restarts, i != 0);
    }
}

static void policy_decide__min_uptime_0__limits_hold_by_their_start_limit(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.min_uptime = 0;
    spec.start_limit = 3;
    spec.start_limit_interval = MINUTE;
    struct history h = {0};
    for (uint64_t i = 0; i < 4; i++) {
        struct decision d = decide(&spec, &h, recycled, i);
        assert_int_equal(d.what, i < 3 ? VERDICT_RESTART : VERDICT_GIVE_UP);
        assert_int_equal(d.delay_ms, 0);
        policy_started(&spec, &h, i);
    }
}

static void policy_started__after_each_trouble__counts_for_that_alone(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.start_limit = 5;
    spec.start_limit_interval = MINUTE;
    struct history h = {0};
    policy_started(&spec, &h, 10); /* by an order */
    assert_int_equal(h.of[TROUBLE_FAILURE].window_starts, 1);
    assert_int_equal(h.of[TROUBLE_LIMIT].window_starts, 0);
    decide(&spec, &h, killed, 20);
    policy_started(&spec, &h, 20);
    assert_int_equal(h.of[TROUBLE_FAILURE].window_starts, 1);
    assert_int_equal(h.of[TROUBLE_LIMIT].window_starts, 1);
    assert_int_equal(h.of[TROUBLE_LIMIT].window_start, 20);
    assert_true(policy_tally(&h) == &h.of[TROUBLE_LIMIT]);
    decide(&spec, &h, crash, 30);
    policy_started(&spec, &h, 30);
    assert_int_equal(h.of[TROUBLE_FAILURE].window_starts, 2);
    assert_int_equal(h.of[TROUBLE_FAILURE].window_start, 10);
    assert_int_equal(h.of[TROUBLE_LIMIT].window_starts, 1);
    assert_true(policy_tally(&h) == &h.of[TROUBLE_FAILURE]);
    decide(&spec, &h, killed, 40);
    policy_forget(&h); /* an order, while it waited */
    policy_started(&spec, &h, 41);
    assert_int_equal(h.of[TROUBLE_FAILURE].window_starts, 1);
    assert_int_equal(h.of[TROUBLE_LIMIT].window_starts, 0);
}

static void policy_decide__one_trouble_at_its_start_limit__the_other_is_not(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.start_limit = 3;
    spec.start_limit_interval = MINUTE;
    struct history h = {.of = {{0, 3, 1000}, {0, 2, 1000}}};
    assert_int_equal(decide(&spec, &h, recycled, 2000).what, VERDICT_RESTART);
    struct decision d = decide(&spec, &h, crash, 2000);
    assert_int_equal(d.what, VERDICT_GIVE_UP);
    assert_string_equal(d.reason, "start limit reached");
    h = (struct history){.of = {{0, 2, 1000}, {0, 3, 1000}}};
    assert_int_equal(decide(&spec, &h, crash, 2000).what, VERDICT_RESTART);
    d = decide(&spec, &h, killed, 2000);
    assert_int_equal(d.what, VERDICT_GIVE_UP);
    assert_string_equal(d.reason, "start limit reached by limits");
}

static void policy_decide__twenty_quick_recyclings__are_one_too_many(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_NEVER);
    spec.restart_delay_max = 100;
    spec.start_limit = 20;
    spec.start_limit_interval = MINUTE;
    struct history h = {0};
    uint64_t now = 0;
    policy_started(&spec, &h, now);
    for (int i = 0; i < 20; i++) {
        struct decision d = decide(&spec, &h, recycled, now);
        assert_int_equal(d.what, VERDICT_RESTART);
        now += d.delay_ms;
        policy_started(&spec, &h, now);
    }
    struct decision d = decide(&spec, &h, recycled, now);
    assert_int_equal(d.what, VERDICT_GIVE_UP);
    assert_string_equal(d.reason, "start limit reached by limits");
    assert_int_equal(policy_tally(&h)->window_starts, 20);
}

static void policy_decide__recycled_every_night__is_never_broken(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ON_FAILURE);
    spec.start_limit = 2;
    spec.start_limit_interval = 100 * UINT64_C(86400000);
    spec.on_limit_interval = 3600000;
    const struct ending night = BY_LIMIT(REACTION_RESTART, 86400000);
    struct history h = {0};
    policy_started(&spec, &h, 0);
    for (uint64_t i = 1; i <= 60; i++) {
        struct decision d = decide(&spec, &h, night, i * 86400000);
        assert_int_equal(d.what, VERDICT_RESTART);
        assert_int_equal(d.delay_ms, 0);
        policy_started(&spec, &h, i * 86400000);
    }
}

/* A worker that has been recycled at 5,000 ends again at NOW. */
static uint64_t delay_at(struct job_spec spec, struct ending end, uint64_t now)
{
    struct history h = {0};
    assert_int_equal(decide(&spec, &h, recycled, 5000).delay_ms, 0); /* the first: at once */
    policy_started(&spec, &h, 5000);
    h.of[TROUBLE_LIMIT].restarts = 0;
    return decide(&spec, &h, end, now).delay_ms;
}

static void policy_decide__on_limit_interval__is_the_least_between_two_starts(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.on_limit_interval = MINUTE;
    assert_int_equal(delay_at(spec, recycled, 5000), MINUTE);
    assert_int_equal(delay_at(spec, recycled, 5001), MINUTE - 1);
    assert_int_equal(delay_at(spec, recycled, 64999), 1);
    assert_int_equal(delay_at(spec, recycled, 65000), 0);
    assert_int_equal(delay_at(spec, recycled, 65001), 0);
    struct ending long_run = BY_LIMIT(REACTION_RESTART, 20000);
    assert_int_equal(delay_at(spec, long_run, 25000), 40000); /* a good run does not lift it */
    assert_int_equal(delay_at(spec, killed, 5000), 0); /* nor does it hold for anything else */
    assert_int_equal(delay_at(spec, crash, 5000), 0);
    spec.on_limit_interval = 0;
    assert_int_equal(delay_at(spec, recycled, 5000), 0);
    spec.on_limit_interval = UINT64_MAX;
    assert_true(delay_at(spec, recycled, 5000) == UINT64_MAX - 5000);
}

static void policy_decide__on_limit_interval_and_delay__the_longer_counts(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.on_limit_interval = 1500;
    struct history h = {0};
    uint64_t now = 100;
    static const uint64_t delays[] = {0, 1500, 2000, 4000};
    for (size_t i = 0; i < 4; i++) {
        struct decision d = decide(&spec, &h, recycled, now);
        assert_int_equal(d.delay_ms, delays[i]);
        now += d.delay_ms;
        policy_started(&spec, &h, now);
    }
}

static void policy_decide__on_limit_interval__is_counted_from_such_starts_only(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.on_limit_interval = MINUTE;
    struct history h = {0};
    decide(&spec, &h, recycled, 1000);
    policy_started(&spec, &h, 1000);
    decide(&spec, &h, crash, 2000);
    policy_started(&spec, &h, 2000);
    decide(&spec, &h, killed, 3000);
    policy_started(&spec, &h, 3000);
    assert_int_equal(decide(&spec, &h, recycled, 4000).delay_ms, MINUTE - 3000);
    policy_forget(&h); /* an order starts it at once, and the rate is kept */
    policy_started(&spec, &h, 4000);
    assert_int_equal(decide(&spec, &h, recycled, 5000).delay_ms, MINUTE - 4000);
}

static void policy_decide__wait_that_outlasts_the_window__is_no_reason_to_give_up(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.start_limit = 1;
    spec.start_limit_interval = 10000;
    spec.on_limit_interval = 10000;
    struct history h = {0};
    decide(&spec, &h, recycled, 1000);
    policy_started(&spec, &h, 1000);
    struct decision d = decide(&spec, &h, recycled, 1500);
    assert_int_equal(d.what, VERDICT_RESTART);
    assert_int_equal(d.delay_ms, 9500);
    spec.start_limit_interval++;
    assert_int_equal(decide(&spec, &h, recycled, 1500).what, VERDICT_GIVE_UP);
}

static void policy_decide__planned_restart__forgets_limits_too(void **state)
{
    (void)state;
    const struct ending planned[] = {ENDED(CAUSE_SCHEDULE, 0, 5), ENDED(CAUSE_OPERATOR, 0, 5)};
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    for (size_t i = 0; i < 2; i++) {
        struct history h = {.of = {{4, 0, 0}, {4, 0, 0}}, .recycle_at = 77};
        assert_int_equal(decide(&spec, &h, planned[i], 0).what, VERDICT_RESTART);
        assert_int_equal(h.of[TROUBLE_FAILURE].restarts + h.of[TROUBLE_LIMIT].restarts, 0);
        assert_int_equal(h.recycle_at, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_decide__limit_of_each_mode_and_reaction__as_the_table_says),
        cmocka_unit_test(policy_decide__codes_of_a_run_that_a_limit_ended__are_not_read),
        cmocka_unit_test(policy_decide__failures_and_limits_mixed__each_delay_grows_by_itself),
        cmocka_unit_test(policy_decide__long_run_of_either_kind__wipes_both_counts),
        cmocka_unit_test(policy_decide__min_uptime_0__limits_hold_by_their_start_limit),
        cmocka_unit_test(policy_started__after_each_trouble__counts_for_that_alone),
        cmocka_unit_test(policy_decide__one_trouble_at_its_start_limit__the_other_is_not),
        cmocka_unit_test(policy_decide__twenty_quick_recyclings__are_one_too_many),
        cmocka_unit_test(policy_decide__recycled_every_night__is_never_broken),
        cmocka_unit_test(policy_decide__on_limit_interval__is_the_least_between_two_starts),
        cmocka_unit_test(policy_decide__on_limit_interval_and_delay__the_longer_counts),
        cmocka_unit_test(policy_decide__on_limit_interval__is_counted_from_such_starts_only),
        cmocka_unit_test(policy_decide__wait_that_outlasts_the_window__is_no_reason_to_give_up),
        cmocka_unit_test(policy_decide__planned_restart__forgets_limits_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
