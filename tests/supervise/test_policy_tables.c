/* test_policy_tables.c - the delays of other supervisors, as config/examples/coming-from-delays.ini
 * has them, against written-out expectations. */
#include "tests/config/fake.h"

#include "common/random.h"
#include "tests/supervise/ended.h"

#include <stdio.h>
#include <string.h>

static struct config *tables;

static int load_tables(void **state)
{
    (void)state;
    char text[8192];
    FILE *f = fopen(JW_SOURCE_DIR "/config/examples/coming-from-delays.ini", "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    assert_true(n > 0 && n < sizeof text - 1);
    text[n] = '\0';
    tables = load_good(text);
    return tables ? 0 : -1;
}

static int free_tables(void **state)
{
    (void)state;
    config_free(tables);
    return 0;
}

/* What follows one more run of RAN_MS, begun after the last delay.  *NOW goes on to its end and, by
 * the next call, over the delay. */
static struct decision run(const struct job_spec *spec, struct history *h, uint64_t *now,
                           uint64_t ran_ms, uint32_t random)
{
    struct ending end = ENDED(CAUSE_EXIT, 1, ran_ms);
    policy_started(spec, h, *now);
    *now += ran_ms;
    struct decision d = policy_decide(spec, h, &end, *now, random);
    *now += d.delay_ms;
    return d;
}

/* Starts that fail at once wait so long each; 0 ends the list. */
static void assert_delays(const char *unit, struct history *h, uint64_t *now, const uint64_t *want)
{
    const struct job_spec *spec = spec_of(tables, unit);
    struct random r = {7};
    for (int i = 0; want[i]; i++) {
        struct decision d = run(spec, h, now, 200, (uint32_t)random_next(&r));
        if (d.what != VERDICT_RESTART || d.delay_ms != want[i])
            fail_msg("%s, restart %d: %llu ms, %s", unit, i + 1, (unsigned long long)d.delay_ms,
                     d.reason);
    }
}

static void supervisord__starts_fail_early__waits_1_2_3_s_and_then_failed(void **state)
{
    (void)state;
    static const uint64_t want[] = {1000, 2000, 3000, 0};
    struct history h = {0};
    uint64_t now = 50000;
    assert_delays("steps.1", &h, &now, want);
    struct decision d = run(spec_of(tables, "steps.1"), &h, &now, 200, 0);
    assert_int_equal(d.what, VERDICT_GIVE_UP);
    policy_forget(&h); /* an order begins anew */
    assert_delays("steps.1", &h, &now, want);
}

static void supervisord__run_longer_than_a_second__begins_anew(void **state)
{
    (void)state;
    static const uint64_t two[] = {1000, 2000, 0}, after[] = {2000, 3000, 4000, 0};
    struct history h = {0};
    uint64_t now = 50000;
    assert_delays("steps.1", &h, &now, two);
    struct decision d = run(spec_of(tables, "steps.1"), &h, &now, 1000, 0);
    assert_int_equal(d.what, VERDICT_RESTART);
    assert_int_equal(d.delay_ms, 1000); /* the first in a row again */
    assert_delays("steps.1", &h, &now, after);
    d = run(spec_of(tables, "steps.1"), &h, &now, 200, 0);
    assert_int_equal(d.what, VERDICT_GIVE_UP);
}

static void systemd__restart_steps_4_to_16_s__doubles(void **state)
{
    (void)state;
    static const uint64_t want[] = {1000, 2000, 4000, 8000, 16000, 16000, 16000, 16000, 0};
    struct history h = {0};
    uint64_t now = 50000;
    assert_delays("doubling.1", &h, &now, want);
}

/* first * (max / first) ^ ((i - 1) / steps) is 1000, 2154.4, 4641.6, 10000 ms. */
static void systemd__restart_steps_3_to_10_s__multiplies_by_a_root(void **state)
{
    (void)state;
    static const uint64_t want[] = {1000, 2155, 4644, 10000, 10000, 10000, 0};
    struct history h = {0};
    uint64_t now = 50000;
    assert_delays("rooted.1", &h, &now, want);
}

static void constant__always__5_s(void **state)
{
    (void)state;
    static const uint64_t want[] = {5000, 5000, 5000, 5000, 5000, 5000, 5000, 5000, 0};
    struct history h = {0};
    uint64_t now = 50000;
    for (int i = 0; i < 100; i++)
        assert_delays("constant.1", &h, &now, want);
    struct decision d = run(spec_of(tables, "constant.1"), &h, &now, 86400000, 0);
    assert_int_equal(d.delay_ms, 5000); /* after a long run too */
}

static void jittered__many_times__spreads_evenly_over_8_to_12_s(void **state)
{
    (void)state;
    enum { TIMES = 40000, PARTS = 8 };
    const struct job_spec *spec = spec_of(tables, "jittered.1");
    struct history h = {0};
    struct random r = {20261122};
    uint64_t now = 50000;
    int parts[PARTS] = {0};
    for (int i = 0; i < TIMES; i++) {
        struct decision d = run(spec, &h, &now, 200, (uint32_t)random_next(&r));
        assert_int_equal(d.what, VERDICT_RESTART);
        assert_in_range(d.delay_ms, 8000, 12000);
        parts[(d.delay_ms - 8000) * PARTS / 4001]++;
    }
    for (int i = 0; i < PARTS; i++)
        assert_in_range(parts[i], TIMES / PARTS * 9 / 10, TIMES / PARTS * 11 / 10);
    assert_int_equal(run(spec, &h, &now, 200, 0).delay_ms, 8000);
    assert_int_equal(run(spec, &h, &now, 200, UINT32_MAX).delay_ms, 12000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(supervisord__starts_fail_early__waits_1_2_3_s_and_then_failed),
        cmocka_unit_test(supervisord__run_longer_than_a_second__begins_anew),
        cmocka_unit_test(systemd__restart_steps_4_to_16_s__doubles),
        cmocka_unit_test(systemd__restart_steps_3_to_10_s__multiplies_by_a_root),
        cmocka_unit_test(constant__always__5_s),
        cmocka_unit_test(jittered__many_times__spreads_evenly_over_8_to_12_s),
    };
    return cmocka_run_group_tests(tests, load_tables, free_tables);
}
