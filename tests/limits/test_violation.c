/* test_violation.c - the kernel's violation records. */
#include "tests/limits/scene.h"

enum { AGAIN = SAY_AGAIN_MS };

static struct scene s;

static int open_scene(void **state)
{
    (void)state;
    scene_open(&s, HELD_BY_KERNEL);
    s.limits.notify_job_time = 100;
    s.limits.notify_job_memory_high = 800;
    s.limits.notify_job_memory_low = 200;
    s.limits.notify_io_read_bytes = 1000;
    s.limits.notify_io_write_bytes = 2000;
    s.limits.notify_cpu_rate = (struct rate_notice){TOLERANCE_LOW, INTERVAL_SHORT};
    s.limits.notify_net_rate = (struct rate_notice){TOLERANCE_MEDIUM, INTERVAL_LONG};
    scene_ready(&s);
    return 0;
}

static int close_scene(void **state)
{
    (void)state;
    scene_close(&s);
    return 0;
}

/* Everything exceeded; memory is what the test sets. */
static struct violation record(uint32_t violated, uint64_t memory)
{
    return (struct violation){
        .flags = UINT32_MAX,
        .violated = violated,
        .read_bytes = 1500,
        .read_bytes_limit = 1000,
        .write_bytes = 2500,
        .write_bytes_limit = 2000,
        .user_time = 150 * SCENE_MS + SCENE_MS / 2,
        .user_time_limit = 100 * SCENE_MS,
        .memory = memory,
        .memory_high_limit = 800,
        .memory_low_limit = 200,
        .cpu_tolerance = TOLERANCE_HIGH,
        .cpu_tolerance_limit = TOLERANCE_LOW,
        .net_tolerance = TOLERANCE_HIGH,
        .net_tolerance_limit = TOLERANCE_MEDIUM,
    };
}

static const struct {
    enum violation_bits bit;
    enum limit_id limit;
    uint64_t configured, measured;
} rows[] = {
    {VIOLATED_JOB_TIME, LIMIT_NOTIFY_JOB_TIME, 100, 150},
    {VIOLATED_MEMORY_HIGH, LIMIT_NOTIFY_JOB_MEMORY_HIGH, 800, 900},
    {VIOLATED_MEMORY_LOW, LIMIT_NOTIFY_JOB_MEMORY_LOW, 200, 900},
    {VIOLATED_READ_BYTES, LIMIT_NOTIFY_IO_READ_BYTES, 1000, 1500},
    {VIOLATED_WRITE_BYTES, LIMIT_NOTIFY_IO_WRITE_BYTES, 2000, 2500},
    {VIOLATED_CPU_RATE, LIMIT_NOTIFY_CPU_RATE, 20, 60},
    {VIOLATED_NET_RATE, LIMIT_NOTIFY_NET_RATE, 40, 60},
};
enum { ROWS = sizeof rows / sizeof *rows };

static void check_row(const struct reached *r, size_t row)
{
    assert_int_equal(r->limit, rows[row].limit);
    assert_int_equal(r->by, HELD_BY_KERNEL);
    assert_int_equal(r->configured, rows[row].configured);
    assert_int_equal(r->measured, rows[row].measured);
    assert_int_equal(r->pid, 77);
    assert_int_equal(r->deed, DEED_NONE);
    assert_int_equal(r->repeats, 0);
    assert_false(r->silent);
}

static void record__every_bit_alone__its_limit_or_nothing(void **state)
{
    (void)state;
    for (uint32_t b = 0; b < 32; b++) {
        struct violation x = record(UINT32_C(1) << b, 900);
        size_t row = 0;
        while (row < ROWS && (uint32_t)rows[row].bit != x.violated)
            row++;
        assert_int_equal(level_violation(s.level, &x, 77, 5, s.out), row < ROWS);
        if (row < ROWS)
            check_row(&s.out[0], row);
    }
}

static void record__all_bits__all_limits_in_one(void **state)
{
    (void)state;
    struct violation x = record(UINT32_MAX, 900);
    assert_int_equal(level_violation(s.level, &x, 77, 5, s.out), ROWS);
    for (size_t i = 0; i < ROWS; i++)
        check_row(&s.out[i], i);
}

static void record__nothing_exceeded_or_not_set_here__nothing(void **state)
{
    (void)state;
    assert_int_equal(scene_violation(&s, record(0, 900), 1), 0);
    s.limits = (struct limits){0};
    assert_int_equal(scene_violation(&s, record(UINT32_MAX, 900), 1), 0);
}

static void record__its_limits_differ_or_are_missing__those_configured_are_said(void **state)
{
    (void)state;
    struct violation x = record(VIOLATED_READ_BYTES | VIOLATED_MEMORY_HIGH, 900);
    x.read_bytes_limit = 1400;
    x.memory_high_limit = 0;
    assert_int_equal(scene_violation(&s, x, 1), 2);
    assert_int_equal(scene_reached(&s, LIMIT_NOTIFY_IO_READ_BYTES, 0)->configured, 1000);
    assert_int_equal(scene_reached(&s, LIMIT_NOTIFY_JOB_MEMORY_HIGH, 0)->configured, 800);
}

static void memory_high__again_and_again__only_after_below_or_a_quiet_time(void **state)
{
    (void)state;
    static const struct {
        uint64_t at, memory;
        size_t made;
        uint32_t repeats;
    } steps[] = {
        {10, 900, 1, 0},
        {11, 950, 0, 0},
        {9 + AGAIN, 950, 0, 0},
        {10 + AGAIN, 950, 0, 0}, /* not quiet for so long */
        {10 + 2 * AGAIN, 950, 1, 3},
        {11 + 2 * AGAIN, 800, 0, 1}, /* it was back at once ... */
        {12 + 2 * AGAIN, 900, 1, 1}, /* ... so this is a new one */
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct violation x = record(VIOLATED_MEMORY_HIGH, steps[i].memory);
        assert_int_equal(scene_violation(&s, x, steps[i].at), steps[i].made);
        if (steps[i].made)
            assert_int_equal(s.out[0].repeats, steps[i].repeats);
    }
}

static void memory_high_and_low__in_turn__each_rearms_the_other(void **state)
{
    (void)state;
    for (uint64_t at = 1; at < 10; at++) {
        assert_int_equal(scene_violation(&s, record(VIOLATED_MEMORY_HIGH, 900), at), 1);
        assert_int_equal(scene_violation(&s, record(VIOLATED_MEMORY_HIGH, 900), at), 0);
        assert_int_equal(scene_violation(&s, record(VIOLATED_MEMORY_LOW, 100), at), 1);
        assert_int_equal(scene_violation(&s, record(VIOLATED_MEMORY_LOW, 100), at), 0);
    }
}

static void memory__seen_on_the_other_side_by_a_sample__rearms(void **state)
{
    (void)state;
    s.holders.of[LIMIT_GUARD_HANDLES] = HELD_BY_SAMPLER; /* for which it looks */
    s.limits.guard_handles.value = 1000;
    scene_level(&s, LEVEL_INSTANCE);
    assert_int_equal(scene_violation(&s, record(VIOLATED_MEMORY_HIGH, 900), 1), 1);
    scene_proc(&s, 4)->commit = 801;
    assert_int_equal(scene_sample(&s, 2), 0);
    assert_int_equal(scene_violation(&s, record(VIOLATED_MEMORY_HIGH, 900), 3), 0);
    scene_find(&s, 4)->commit = 0; /* a system that does not say */
    assert_int_equal(scene_sample(&s, 4), 0);
    assert_int_equal(scene_violation(&s, record(VIOLATED_MEMORY_HIGH, 900), 5), 0);
    scene_find(&s, 4)->commit = 800;
    assert_int_equal(scene_sample(&s, 6), 0);
    assert_int_equal(scene_violation(&s, record(VIOLATED_MEMORY_HIGH, 900), 7), 1);
}

static void rates__again_and_again__only_after_a_quiet_time(void **state)
{
    (void)state;
    static const enum violation_bits bits[] = {VIOLATED_CPU_RATE, VIOLATED_NET_RATE};
    for (size_t i = 0; i < 2; i++) {
        struct violation x = record(bits[i], 0);
        assert_int_equal(scene_violation(&s, x, 10), 1);
        assert_int_equal(scene_violation(&s, x, 9 + AGAIN), 0);
        assert_int_equal(scene_violation(&s, x, 8 + 2 * AGAIN), 0);
        assert_int_equal(scene_violation(&s, x, 8 + 3 * AGAIN), 1);
        assert_int_equal(s.out[0].repeats, 2);
    }
}

static void totals__stay_exceeded__silent_until_the_next_multiple(void **state)
{
    (void)state;
    static const struct {
        uint64_t read_bytes;
        size_t made;
        uint64_t next;
        bool anew;
    } steps[] = {
        {1000, 1, 2000, true}, {1001, 0, 2000, false}, {1999, 0, 2000, false},
        {2000, 1, 3000, true}, {5400, 1, 6000, true},  {5999, 0, 6000, false},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct violation x = record(VIOLATED_READ_BYTES, 0);
        struct limits next;
        x.read_bytes = steps[i].read_bytes;
        assert_int_equal(scene_violation(&s, x, i), steps[i].made);
        assert_int_equal(level_thresholds(s.level, &next), steps[i].anew);
        assert_int_equal(next.notify_io_read_bytes, steps[i].next);
    }
}

static void totals__a_record_without_the_number__said_once(void **state)
{
    (void)state;
    struct violation x = {.violated = VIOLATED_JOB_TIME | VIOLATED_WRITE_BYTES};
    assert_int_equal(scene_violation(&s, x, 1), 2);
    assert_int_equal(s.out[0].measured, 0);
    assert_int_equal(scene_violation(&s, x, 2), 0);
}

static void thresholds__several_totals_and_a_new_job_object__only_what_was_reached(void **state)
{
    (void)state;
    struct limits next;
    assert_false(level_thresholds(s.level, &next));
    assert_memory_equal(&next, &s.limits, sizeof next);
    assert_int_equal(scene_violation(&s, record(UINT32_MAX, 900), 1), ROWS);
    assert_true(level_thresholds(s.level, &next));
    assert_int_equal(next.notify_job_time, 200);
    assert_int_equal(next.notify_io_read_bytes, 2000);
    assert_int_equal(next.notify_io_write_bytes, 4000);
    assert_int_equal(next.notify_job_memory_high, 800);
    assert_int_equal(next.notify_job_memory_low, 200);
    assert_false(level_thresholds(s.level, &next));
    assert_int_equal(next.notify_job_time, 200);
    assert_int_equal(level_begin(s.level), ST_OK);
    assert_false(level_thresholds(s.level, &next)); /* it is made with these */
    assert_memory_equal(&next, &s.limits, sizeof next);
    assert_int_equal(scene_violation(&s, record(VIOLATED_READ_BYTES, 0), 2), 1);
    assert_true(level_thresholds(s.level, &next)); /* though they are those of the one before */
    assert_int_equal(next.notify_io_read_bytes, 2000);
    assert_int_equal(next.notify_io_write_bytes, 2000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(record__every_bit_alone__its_limit_or_nothing),
        TEST(record__all_bits__all_limits_in_one),
        TEST(record__nothing_exceeded_or_not_set_here__nothing),
        TEST(record__its_limits_differ_or_are_missing__those_configured_are_said),
        TEST(memory_high__again_and_again__only_after_below_or_a_quiet_time),
        TEST(memory_high_and_low__in_turn__each_rearms_the_other),
        TEST(memory__seen_on_the_other_side_by_a_sample__rearms),
        TEST(rates__again_and_again__only_after_a_quiet_time),
        TEST(totals__stay_exceeded__silent_until_the_next_multiple),
        TEST(totals__a_record_without_the_number__said_once),
        TEST(thresholds__several_totals_and_a_new_job_object__only_what_was_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
