/* test_policy_delay.c - the growing delay and its spread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/supervise/ended.h"

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

static void policy_delay__in_a_row__first_at_once_then_growing_to_the_ceiling(void **state)
{
    (void)state;
    static const struct {
        uint64_t first, delay, max, factor, step;
        uint64_t want[7]; /* of the restarts 0 to 6 */
    } rows[] = {
        {0, 1000, 8000, 2000, 0, {0, 0, 1000, 2000, 4000, 8000, 8000}},
        {0, 1000, 5000, 2000, 0, {0, 0, 1000, 2000, 4000, 5000, 5000}},
        {0, 100, 60000, 1500, 0, {0, 0, 100, 150, 225, 337, 506}},
        {0, 1000, 8000, 1000, 0, {0, 0, 1000, 1000, 1000, 1000, 1000}},
        {0, 0, 8000, 2000, 0, {0, 0, 0, 0, 0, 0, 0}},
        {0, 9000, 8000, 2000, 0, {0, 0, 8000, 8000, 8000, 8000, 8000}},
        {0, 1000, 0, 2000, 0, {0, 0, 0, 0, 0, 0, 0}},
        {0, 1, 1000, 1100, 0, {0, 0, 1, 1, 1, 1, 1}},
        {0,
         1,
         UINT64_MAX,
         UINT64_MAX,
         0,
         {0, 0, 1, UINT64_MAX / 1000, UINT64_MAX / 1000, UINT64_MAX / 1000, UINT64_MAX / 1000}},
        {700, 1000, 8000, 2000, 0, {700, 700, 1000, 2000, 4000, 8000, 8000}},
        {9000, 1000, 8000, 2000, 0, {8000, 8000, 1000, 2000, 4000, 8000, 8000}},
        {1000, 2000, 60000, 1000, 1000, {1000, 1000, 2000, 3000, 4000, 5000, 6000}},
        {1000, 2000, 4500, 1000, 1000, {1000, 1000, 2000, 3000, 4000, 4500, 4500}},
        {0, 0, 60000, 1000, 250, {0, 0, 0, 250, 500, 750, 1000}},
        {0, 1000, 60000, 2000, 500, {0, 0, 1000, 2500, 5500, 11500, 23500}},
        {0, 0, 60000, 1500, 1000, {0, 0, 0, 1000, 2500, 4750, 8125}},
        {UINT64_MAX,
         1,
         UINT64_MAX,
         1000,
         UINT64_MAX,
         {UINT64_MAX / 1000, UINT64_MAX / 1000, 1, UINT64_MAX / 1000, UINT64_MAX / 1000,
          UINT64_MAX / 1000, UINT64_MAX / 1000}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct job_spec spec = {.restart_first_delay = rows[i].first,
                                .restart_delay = rows[i].delay,
                                .restart_delay_max = rows[i].max,
                                .restart_factor = rows[i].factor,
                                .restart_step = rows[i].step};
        for (uint32_t nth = 0; nth < 7; nth++)
            if (policy_delay(&spec, nth) != rows[i].want[nth])
                fail_msg("row %zu restart %u: %llu", i, (unsigned)nth,
                         (unsigned long long)policy_delay(&spec, nth));
    }
}

static void policy_delay__steps_of_four_thousand_million_restarts__are_not_counted_out(void **state)
{
    (void)state;
    struct job_spec spec = {.restart_delay = 5,
                            .restart_delay_max = UINT64_MAX / 1000,
                            .restart_factor = 1000,
                            .restart_step = 3};
    for (uint32_t i = 0; i < 1000; i++)
        assert_true(policy_delay(&spec, UINT32_MAX - i) == 5 + 3 * ((uint64_t)UINT32_MAX - i - 2));
}

static void policy_delay__after_four_thousand_million_restarts__is_known_at_once(void **state)
{
    (void)state;
    static const uint64_t factors[] = {0, 1, 999, 1000, 1001, 2000, 100000, UINT64_MAX};
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        struct job_spec spec = {
            .restart_delay = 1, .restart_delay_max = 3600000, .restart_factor = factors[i]};
        uint64_t want = factors[i] < 1000 ? 0 : factors[i] == 1000 ? 1 : 3600000;
        assert_int_equal(policy_delay(&spec, UINT32_MAX), want);
        spec.restart_step = 1; /* a day by milliseconds is a long way */
        spec.restart_delay_max = 86400000;
        want = factors[i] < 1000 ? 1000 / (1000 - factors[i]) : 86400000;
        if (policy_delay(&spec, UINT32_MAX) + 1 < want)
            fail_msg("factor %llu: %llu", (unsigned long long)factors[i],
                     (unsigned long long)policy_delay(&spec, UINT32_MAX));
    }
}

/* The delay of the third quick end in a row, 2,000 ms without jitter. */
static uint64_t spread(uint64_t jitter, uint32_t random)
{
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.restart_jitter = jitter;
    struct history h = {.of = {{.restarts = 2}}};
    struct ending end = exited(1);
    return policy_decide(&spec, &h, &end, 0, random).delay_ms;
}

static void policy_decide__jitter__spreads_evenly_within_its_percentage(void **state)
{
    (void)state;
    assert_int_equal(spread(0, 0), 2000);
    assert_int_equal(spread(0, UINT32_MAX), 2000);
    assert_int_equal(spread(20, 0), 1600);
    assert_int_equal(spread(20, UINT32_C(1) << 31), 2000);
    assert_int_equal(spread(20, UINT32_MAX), 2400);
    assert_int_equal(spread(100, 0), 0);
    assert_int_equal(spread(100, UINT32_MAX), 4000);
    uint64_t last = 0;
    for (uint64_t r = 0; r <= UINT32_MAX; r += 1u << 24) {
        uint64_t d = spread(20, (uint32_t)r);
        assert_true(d >= last && d >= 1600 && d <= 2400);
        last = d;
    }
}

static void policy_decide__jitter_at_the_ceiling__spreads_around_it(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.restart_jitter = 10;
    struct history h = {.of = {{.restarts = 50}}};
    struct ending end = exited(1);
    assert_int_equal(policy_decide(&spec, &h, &end, 0, UINT32_MAX).delay_ms, 8800);
    assert_int_equal(policy_decide(&spec, &h, &end, 0, 0).delay_ms, 7200);
}

static void policy_decide__a_delay_beyond_all_measure__does_not_run_over(void **state)
{
    (void)state;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.restart_delay = spec.restart_delay_max = UINT64_MAX;
    spec.restart_jitter = 100;
    spec.start_limit = 1000;
    spec.start_limit_interval = UINT64_MAX;
    struct history h = {.of = {{9, 9, 3}}};
    struct ending end = exited(1);
    struct decision d = policy_decide(&spec, &h, &end, UINT64_MAX - 5, UINT32_MAX);
    assert_int_equal(d.what, VERDICT_RESTART);
    assert_true(d.delay_ms >= UINT64_MAX / 2000);
}

static void policy_decide__first_delay__holds_after_each_good_run(void **state)
{
    (void)state;
    static const struct {
        struct ending end;
        uint64_t delay;
    } life[] = {
        {ENDED(CAUSE_EXIT, 1, 3), 300},        {ENDED(CAUSE_EXIT, 1, 3), 1000},
        {ENDED(CAUSE_EXIT, 1, 10000), 300},    {ENDED(CAUSE_NOT_STARTED, 1, 0), 1000},
        {ENDED(CAUSE_MAX_RUNTIME, 1, 5), 300}, {ENDED(CAUSE_CRASH, 1, 5), 1000},
        {ENDED(CAUSE_OPERATOR, 1, 5), 0}, /* an order waits for nothing */
        {ENDED(CAUSE_CRASH, 1, 5), 300},       {BY_LIMIT(REACTION_RESTART, 5), 300},
        {BY_LIMIT(REACTION_RESTART, 5), 1000},
    };
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.restart_first_delay = 300;
    struct history h = {0};
    for (size_t i = 0; i < sizeof life / sizeof *life; i++) {
        struct decision d = policy_decide(&spec, &h, &life[i].end, i, 0);
        if (d.what != VERDICT_RESTART || d.delay_ms != life[i].delay)
            fail_msg("end %zu: %llu", i, (unsigned long long)d.delay_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_delay__in_a_row__first_at_once_then_growing_to_the_ceiling),
        cmocka_unit_test(
            policy_delay__steps_of_four_thousand_million_restarts__are_not_counted_out),
        cmocka_unit_test(policy_delay__after_four_thousand_million_restarts__is_known_at_once),
        cmocka_unit_test(policy_decide__jitter__spreads_evenly_within_its_percentage),
        cmocka_unit_test(policy_decide__jitter_at_the_ceiling__spreads_around_it),
        cmocka_unit_test(policy_decide__a_delay_beyond_all_measure__does_not_run_over),
        cmocka_unit_test(policy_decide__first_delay__holds_after_each_good_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
