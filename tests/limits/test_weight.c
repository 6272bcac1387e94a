/* test_weight.c - who uses the most of what a limit is about. */
#include "tests/limits/scene.h"

#include "service/limits/weight.h"

static void of__every_limit__its_own_counter(void **state)
{
    (void)state;
    static const uint64_t weights[LIMIT_REACHABLE] = {
        [LIMIT_PROCESS_MEMORY] = 11,
        [LIMIT_JOB_MEMORY] = 11,
        [LIMIT_PROCESS_TIME] = 100,
        [LIMIT_JOB_TIME] = 100,
        [LIMIT_ACTIVE_PROCESS] = 1,
        [LIMIT_NOTIFY_JOB_MEMORY_HIGH] = 11,
        [LIMIT_NOTIFY_JOB_MEMORY_LOW] = 11,
        [LIMIT_NOTIFY_JOB_TIME] = 100,
        [LIMIT_NOTIFY_IO_READ_BYTES] = 15,
        [LIMIT_NOTIFY_IO_WRITE_BYTES] = 16,
        [LIMIT_NOTIFY_CPU_RATE] = 300,
        [LIMIT_NOTIFY_NET_RATE] = 11,
        [LIMIT_GUARD_COMMIT] = 11,
        [LIMIT_GUARD_HANDLES] = 13,
        [LIMIT_GUARD_THREADS] = 14,
        [LIMIT_GUARD_CPU] = 300,
    };
    const struct proc p = {.user = 100,
                           .kernel = 200,
                           .commit = 11,
                           .peak_commit = 12,
                           .handles = 13,
                           .threads = 14,
                           .io = {.read_bytes = 15, .write_bytes = 16}};
    for (int id = 0; id < LIMIT_REACHABLE; id++)
        assert_int_equal(weight_of(&p, (enum limit_id)id), weights[id]);
}

static void largest__anywhere_in_the_list__attendants_left_out_and_the_first_of_equals(void **state)
{
    (void)state;
    struct proc p[5];
    const struct proc *list[5];
    for (uint32_t i = 0; i < 5; i++) {
        p[i] = (struct proc){.pid = 50 - i, .commit = 10};
        list[i] = &p[i];
    }
    assert_int_equal(weight_largest(list, 5, LIMIT_JOB_MEMORY), 50);
    for (uint32_t i = 0; i < 5; i++) {
        p[i].commit = 11;
        assert_int_equal(weight_largest(list, 5, LIMIT_JOB_MEMORY), 50 - i);
        p[i].attendant = true;
    }
    assert_int_equal(weight_largest(list, 5, LIMIT_JOB_MEMORY), 0);
}

static void largest__nobody_or_none_weighs_anything__is_0(void **state)
{
    (void)state;
    const struct proc p = {.pid = 4, .commit = 10};
    const struct proc *const list[] = {&p};
    assert_int_equal(weight_largest(NULL, 0, LIMIT_JOB_MEMORY), 0);
    assert_int_equal(weight_largest(list, 1, LIMIT_JOB_TIME), 0);
    assert_int_equal(weight_largest(list, 1, LIMIT_JOB_MEMORY), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of__every_limit__its_own_counter),
        cmocka_unit_test(
            largest__anywhere_in_the_list__attendants_left_out_and_the_first_of_equals),
        cmocka_unit_test(largest__nobody_or_none_weighs_anything__is_0),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
