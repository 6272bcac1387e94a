/* test_holder.c - who holds what, on systems like those there are. */
#include "tests/limits/scene.h"

#include <string.h>

static void all(bool kernel[LIMITS], bool value)
{
    for (int i = 0; i < LIMITS; i++)
        kernel[i] = value;
}

static bool guard(int id)
{
    return id >= LIMIT_GUARD_COMMIT && id <= LIMIT_GUARD_CPU;
}

static void settle__kernel_keeps_all__all_but_the_guards_are_its(void **state)
{
    (void)state;
    bool kernel[LIMITS];
    struct holders h;
    all(kernel, true);
    holders_settle(kernel, &(struct counters){true, true, true}, &h);
    for (int i = 0; i < LIMITS; i++)
        assert_int_equal(h.of[i], guard(i) ? HELD_BY_SAMPLER : HELD_BY_KERNEL);
}

static void settle__kernel_keeps_next_to_nothing_and_no_io__as_under_wine(void **state)
{
    (void)state;
    static const enum limit_id sampled[] = {
        LIMIT_PROCESS_MEMORY,        LIMIT_JOB_MEMORY,
        LIMIT_PROCESS_TIME,          LIMIT_JOB_TIME,
        LIMIT_ACTIVE_PROCESS,        LIMIT_NOTIFY_JOB_MEMORY_HIGH,
        LIMIT_NOTIFY_JOB_MEMORY_LOW, LIMIT_NOTIFY_JOB_TIME,
        LIMIT_GUARD_COMMIT,          LIMIT_GUARD_HANDLES,
        LIMIT_GUARD_THREADS,         LIMIT_GUARD_CPU,
    };
    bool kernel[LIMITS];
    struct holders h, want = {{HELD_BY_NOBODY}};
    all(kernel, false);
    kernel[LIMIT_BREAKAWAY] = kernel[LIMIT_KILL_ON_JOB_CLOSE] = true;
    want.of[LIMIT_BREAKAWAY] = want.of[LIMIT_KILL_ON_JOB_CLOSE] = HELD_BY_KERNEL;
    for (size_t i = 0; i < sizeof sampled / sizeof *sampled; i++)
        want.of[sampled[i]] = HELD_BY_SAMPLER;
    holders_settle(kernel, &(struct counters){true, true, false}, &h);
    for (int i = 0; i < LIMITS; i++)
        assert_int_equal(h.of[i], want.of[i]);
}

/* One counter missing at a time, a kernel that keeps nothing. */
static void settle__a_counter_is_missing__nobody_holds_what_needs_it(void **state)
{
    (void)state;
    static const struct {
        struct counters counters;
        enum limit_id nobody[6];
        size_t n;
    } rows[] = {
        {{false, true, true},
         {LIMIT_PROCESS_MEMORY, LIMIT_JOB_MEMORY, LIMIT_NOTIFY_JOB_MEMORY_HIGH,
          LIMIT_NOTIFY_JOB_MEMORY_LOW, LIMIT_GUARD_COMMIT},
         5},
        {{true, false, true},
         {LIMIT_PROCESS_TIME, LIMIT_JOB_TIME, LIMIT_NOTIFY_JOB_TIME, LIMIT_GUARD_CPU},
         4},
        {{true, true, false}, {LIMIT_NOTIFY_IO_READ_BYTES, LIMIT_NOTIFY_IO_WRITE_BYTES}, 2},
        {{true, true, true}, {0}, 0},
    };
    bool kernel[LIMITS];
    all(kernel, false);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct holders h, want = {{HELD_BY_NOBODY}};
        for (int i = 0; i < LIMIT_REACHABLE; i++)
            want.of[i] = HELD_BY_SAMPLER;
        want.of[LIMIT_NOTIFY_CPU_RATE] = want.of[LIMIT_NOTIFY_NET_RATE] = HELD_BY_NOBODY;
        for (size_t i = 0; i < rows[r].n; i++)
            want.of[rows[r].nobody[i]] = HELD_BY_NOBODY;
        holders_settle(kernel, &rows[r].counters, &h);
        for (int i = 0; i < LIMITS; i++)
            assert_int_equal(h.of[i], want.of[i]);
    }
}

static void settle__kernel_keeps_some__the_sampler_has_the_rest(void **state)
{
    (void)state;
    bool kernel[LIMITS];
    struct holders h;
    all(kernel, false);
    kernel[LIMIT_JOB_MEMORY] = kernel[LIMIT_NOTIFY_NET_RATE] = kernel[LIMIT_GUARD_CPU] = true;
    holders_settle(kernel, &(struct counters){true, false, false}, &h);
    assert_int_equal(h.of[LIMIT_JOB_MEMORY], HELD_BY_KERNEL);
    assert_int_equal(h.of[LIMIT_NOTIFY_NET_RATE], HELD_BY_KERNEL);
    assert_int_equal(h.of[LIMIT_PROCESS_MEMORY], HELD_BY_SAMPLER);
    assert_int_equal(h.of[LIMIT_GUARD_CPU], HELD_BY_NOBODY); /* no kernel has guards */
    assert_int_equal(h.of[LIMIT_AFFINITY], HELD_BY_NOBODY);
}

static void set(struct limits *l, enum limit_id id)
{
    memset(l, 0, sizeof *l);
    switch (id) {
    case LIMIT_JOB_MEMORY:
        l->job_memory = 1;
        break;
    case LIMIT_GUARD_HANDLES:
        l->guard_handles.value = 1;
        break;
    case LIMIT_GUARD_CPU:
        l->guard_cpu.share = (struct cpu_share){CPU_OF_MACHINE, 1};
        break;
    case LIMIT_PRIORITY_CLASS:
        l->priority_class = PRIORITY_IDLE;
        break;
    default:
        fail();
    }
}

static void need_samples__one_limit_set__only_if_the_sampler_holds_that(void **state)
{
    (void)state;
    static const struct {
        enum limit_id id;
        bool windows, wine;
    } rows[] = {
        {LIMIT_JOB_MEMORY, false, true},
        {LIMIT_GUARD_HANDLES, true, true},
        {LIMIT_GUARD_CPU, true, true},
        {LIMIT_PRIORITY_CLASS, false, false},
    };
    bool kernel[LIMITS];
    struct holders windows, wine;
    struct limits l = {0};
    all(kernel, true);
    holders_settle(kernel, &(struct counters){true, true, true}, &windows);
    all(kernel, false);
    holders_settle(kernel, &(struct counters){true, true, false}, &wine);
    assert_false(holders_need_samples(&windows, &l));
    assert_false(holders_need_samples(&wine, &l));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        set(&l, rows[i].id);
        assert_int_equal(holders_need_samples(&windows, &l), rows[i].windows);
        assert_int_equal(holders_need_samples(&wine, &l), rows[i].wine);
    }
}

static void names__all__are_there(void **state)
{
    (void)state;
    assert_string_equal(holder_names[HELD_BY_NOBODY], "nobody");
    assert_string_equal(holder_names[HELD_BY_SAMPLER], "sampler");
    assert_string_equal(holder_names[HELD_BY_KERNEL], "kernel");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settle__kernel_keeps_all__all_but_the_guards_are_its),
        cmocka_unit_test(settle__kernel_keeps_next_to_nothing_and_no_io__as_under_wine),
        cmocka_unit_test(settle__a_counter_is_missing__nobody_holds_what_needs_it),
        cmocka_unit_test(settle__kernel_keeps_some__the_sampler_has_the_rest),
        cmocka_unit_test(need_samples__one_limit_set__only_if_the_sampler_holds_that),
        cmocka_unit_test(names__all__are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
