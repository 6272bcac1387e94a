/* test_meter.c - sums from sample to sample. */
#include "tests/limits/scene.h"

#include <string.h>

static struct meter *m;

static int open_meter(void **state)
{
    (void)state;
    m = meter_new();
    return m ? 0 : -1;
}

static int close_meter(void **state)
{
    (void)state;
    meter_free(m);
    return 0;
}

/* One sample at AT of the processes that follow, up to NULL. */
static void take(uint64_t at, ...)
{
    const struct proc *list[16];
    size_t n = 0;
    va_list args;
    va_start(args, at);
    for (const struct proc *p; (p = va_arg(args, const struct proc *)) != NULL;)
        list[n++] = p;
    va_end(args);
    assert_int_equal(meter_take(m, list, n, at, SCENE_CPUS), ST_OK);
}

#define NOBODY ((const struct proc *)NULL)

static uint64_t user(void)
{
    return meter_account(m).user;
}

static void take__counters_grow__totals_are_their_sum(void **state)
{
    (void)state;
    struct proc a = {.pid = 8,
                     .created = 1,
                     .user = 100,
                     .kernel = 10,
                     .page_faults = 5,
                     .io = {1, 2, 3, 4, 5, 6}};
    struct proc b = {.pid = 4,
                     .created = 2,
                     .user = 7,
                     .kernel = 3,
                     .page_faults = 1,
                     .io = {10, 20, 30, 40, 50, 60}};
    take(1000, &a, &b, NOBODY);
    a.user += 50;
    b.kernel += 2;
    b.io.other_bytes += 5;
    take(2000, &b, &a, NOBODY);
    struct account t = meter_account(m);
    assert_int_equal(t.user, 157);
    assert_int_equal(t.kernel, 15);
    assert_int_equal(t.page_faults, 6);
    assert_int_equal(t.processes, 2);
    const uint64_t io[] = {11, 22, 33, 44, 55, 71};
    assert_memory_equal(&t.io, io, sizeof io);
    assert_int_equal(t.terminated, 0);
}

static void take__processes_end_and_begin__the_ended_stay_counted_as_last_seen(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1, .user = 100, .io = {.read_bytes = 9}};
    struct proc b = {.pid = 8, .created = 2, .user = 10};
    take(1, &a, NOBODY);
    a.user = 105;
    take(2, &b, &a, NOBODY);
    a.user = 900; /* which nobody sees */
    take(3, &b, NOBODY);
    take(4, NOBODY);
    assert_int_equal(user(), 115);
    assert_int_equal(meter_account(m).io.read_bytes, 9);
    assert_int_equal(meter_account(m).processes, 2);
    assert_int_equal(meter_usage(m).processes, 0);
}

static void take__a_pid_is_used_again__it_is_a_new_process(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1, .user = 100};
    struct proc b = {.pid = 4, .created = 2, .user = 30};
    take(1, &a, NOBODY);
    take(2, &b, NOBODY);
    b.user = 35;
    take(3, &b, NOBODY);
    assert_int_equal(user(), 135);
    assert_int_equal(meter_account(m).processes, 2);
}

/* The list of a job can still show one that has just ended. */
static void take__a_pid_is_used_again_and_both_are_there__each_is_counted(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1, .user = 100};
    struct proc b = {.pid = 4, .created = 2, .user = 30};
    take(1, &a, NOBODY);
    take(2, &b, &a, NOBODY);
    b.user = 35;
    take(3, &a, &b, NOBODY);
    take(4, &b, NOBODY);
    assert_int_equal(user(), 135);
    assert_int_equal(meter_account(m).processes, 2);
}

static void take__counters_go_backwards__totals_wait_for_the_highest(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1, .user = 100, .page_faults = UINT32_MAX};
    take(1, &a, NOBODY);
    a.user = 40;
    a.page_faults = 3; /* 32 bits of it went round */
    take(2, &a, NOBODY);
    assert_int_equal(user(), 100);
    assert_int_equal(meter_account(m).page_faults, UINT32_MAX);
    a.user = 90;
    take(3, &a, NOBODY);
    assert_int_equal(user(), 100);
    a.user = 101;
    take(4, &a, NOBODY);
    assert_int_equal(user(), 101);
}

static void take__an_older_snapshot__is_passed_over(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1, .user = 100, .commit = 5}, old = a;
    old.user = 500;
    old.commit = 7;
    take(2000, &a, NOBODY);
    take(1999, &old, NOBODY);
    assert_int_equal(user(), 100);
    assert_int_equal(meter_usage(m).commit, 5);
    assert_int_equal(meter_usage(m).at, 2000);
}

static void take__an_older_snapshot_without_a_process__it_is_still_known(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1, .user = 100};
    take(2000, &a, NOBODY);
    take(1999, NOBODY);
    a.user = 120;
    take(3000, &a, NOBODY);
    assert_int_equal(user(), 120);
    assert_int_equal(meter_account(m).processes, 1);
}

static void take__thousands_half_of_which_go__each_counted_once(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    static struct proc proc[MANY];
    static const struct proc *list[MANY];
    size_t n = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        proc[i] = (struct proc){.pid = 4 * (MANY - i), .created = i, .user = 10};
        list[i] = &proc[i];
    }
    assert_int_equal(meter_take(m, list, MANY, 1, 1), ST_OK);
    for (uint32_t i = 0; i < MANY; i += 2) {
        proc[i].user = 11;
        list[n++] = &proc[i];
    }
    assert_int_equal(meter_take(m, list, n, 2, 1), ST_OK);
    assert_int_equal(user(), 10 * MANY + n);
    assert_int_equal(meter_account(m).processes, MANY);
}

static void take__attendants__count_for_nothing(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1, .user = 100, .commit = 10, .threads = 2};
    struct proc b = {.pid = 8,
                     .created = 2,
                     .user = 1000,
                     .commit = 99,
                     .peak_commit = 999,
                     .threads = 9,
                     .handles = 9,
                     .io = {.read_bytes = 1},
                     .attendant = true};
    take(1, &a, &b, NOBODY);
    struct account t = meter_account(m);
    assert_int_equal(t.user, 100);
    assert_int_equal(t.processes, 1);
    assert_int_equal(t.io.read_bytes, 0);
    assert_int_equal(t.peak_commit, 10);
    assert_int_equal(t.peak_process_commit, 10);
    assert_int_equal(meter_usage(m).threads, 2);
    assert_int_equal(meter_usage(m).handles, 0);
}

static void take__commit_rises_and_falls__peaks_stay(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1, .commit = 10, .peak_commit = 70};
    struct proc b = {.pid = 8, .created = 2, .commit = 90};
    take(1, &a, &b, NOBODY);
    b.commit = 20;
    take(2, &a, &b, NOBODY);
    struct account t = meter_account(m);
    assert_int_equal(t.peak_commit, 100);
    assert_int_equal(t.peak_process_commit, 90); /* no peak_commit: the system keeps none */
    assert_int_equal(meter_usage(m).commit, 30);
}

static void cpu__user_and_kernel_time_between_samples__a_share_of_all_processors(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1, .user = 5000 * SCENE_MS};
    take(1000, &a, NOBODY);
    assert_int_equal(meter_usage(m).cpu, 0); /* what was before is of no interval */
    a.user += 500 * SCENE_MS;
    a.kernel += 500 * SCENE_MS;
    take(2000, &a, NOBODY);
    assert_int_equal(meter_usage(m).cpu, 2500); /* one of four */
    a.user += 1;
    take(3000, &a, NOBODY);
    assert_int_equal(meter_usage(m).cpu, 0);
    a.user += 5000 * SCENE_MS;
    take(4000, &a, NOBODY);
    assert_int_equal(meter_usage(m).cpu, 10000); /* clocks are coarse: never above all */
}

static void cpu__two_samples_at_one_time__the_next_has_all_of_it(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1};
    take(1000, &a, NOBODY);
    a.user = 400 * SCENE_MS;
    take(2000, &a, NOBODY);
    a.user = 800 * SCENE_MS;
    take(2000, &a, NOBODY);
    assert_int_equal(meter_usage(m).cpu, 1000);
    a.user = 1200 * SCENE_MS;
    take(3000, &a, NOBODY);
    assert_int_equal(meter_usage(m).cpu, 2000);
}

static void cpu__a_process_begins_between_samples__its_share_is_in(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1}, b = {.pid = 8, .created = 2};
    take(1000, &a, NOBODY);
    b.user = 300 * SCENE_MS;
    b.kernel = 100 * SCENE_MS;
    take(2000, &a, &b, NOBODY);
    assert_int_equal(meter_usage(m).cpu, 1000);
}

static void cpu__a_process_ends_between_samples__what_it_used_since_is_not_seen(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1, .user = 900 * SCENE_MS}, b = {.pid = 8, .created = 2};
    take(1000, &a, &b, NOBODY);
    a.user += 400 * SCENE_MS;
    b.user += 400 * SCENE_MS;
    take(2000, &b, NOBODY);
    assert_int_equal(meter_usage(m).cpu, 1000);
    assert_int_equal(user(), 1300 * SCENE_MS);
}

static void cpu__processors_unknown__counts_for_one(void **state)
{
    (void)state;
    struct proc a = {.pid = 4, .created = 1};
    const struct proc *list[] = {&a};
    assert_int_equal(meter_take(m, list, 1, 1000, 0), ST_OK);
    a.user = 100 * SCENE_MS;
    assert_int_equal(meter_take(m, list, 1, 2000, 0), ST_OK);
    assert_int_equal(meter_usage(m).cpu, 1000);
}

static void free__nothing__is_allowed(void **state)
{
    (void)state;
    meter_free(NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_meter, close_meter)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(take__counters_grow__totals_are_their_sum),
        TEST(take__processes_end_and_begin__the_ended_stay_counted_as_last_seen),
        TEST(take__a_pid_is_used_again__it_is_a_new_process),
        TEST(take__counters_go_backwards__totals_wait_for_the_highest),
        TEST(take__a_pid_is_used_again_and_both_are_there__each_is_counted),
        TEST(take__an_older_snapshot__is_passed_over),
        TEST(take__an_older_snapshot_without_a_process__it_is_still_known),
        TEST(take__thousands_half_of_which_go__each_counted_once),
        TEST(take__attendants__count_for_nothing),
        TEST(take__commit_rises_and_falls__peaks_stay),
        TEST(cpu__user_and_kernel_time_between_samples__a_share_of_all_processors),
        TEST(cpu__two_samples_at_one_time__the_next_has_all_of_it),
        TEST(cpu__a_process_begins_between_samples__its_share_is_in),
        TEST(cpu__a_process_ends_between_samples__what_it_used_since_is_not_seen),
        TEST(cpu__processors_unknown__counts_for_one),
        TEST(free__nothing__is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
