/* test_kernel_fault.c - what is said when a kernel, a fake one, refuses a limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/job/fake_kernel.h"

#include <stdlib.h>
#include <string.h>

#define MIB ((uint64_t)1 << 20)
enum { SECOND = 1000 };

static const struct cpu_group both[] = {{0, 0x6}, {1, 0x1}};

static void assert_says(const struct err *e, const char *what)
{
    if (!strstr(e->text, what))
        fail_msg("'%s' is not in: %s", what, e->text);
}

static void refusal__of_one_limit_among_many__names_that_key_and_its_value(void **state)
{
    struct fake_kernel *f = *state;
    const struct limits l = {.process_memory = 512 * MIB,
                             .job_memory = 1024 * MIB,
                             .active_process = 5,
                             .kill_on_job_close = YES};
    const struct kernel_limits k = fake_map(&l);
    struct err e = {0};
    f->refuse_flags = JOB_OBJECT_LIMIT_JOB_MEMORY;
    f->refuse_flags_with = ERROR_INVALID_PARAMETER;
    assert_int_not_equal(fake_write(f, &k, NULL, &e), ST_OK);
    assert_int_equal(e.os, ERROR_INVALID_PARAMETER);
    assert_says(&e, "job_memory_limit = 1G cannot be set");
    assert_says(&e, "Windows error 87");
    assert_null(strstr(e.text, "process_memory_limit"));
    assert_null(strstr(e.text, "active_process_limit"));
}

static void refusal__of_limits_that_are_well_alone__names_them_all(void **state)
{
    struct fake_kernel *f = *state;
    const struct limits l = {.process_memory = 512 * MIB, .active_process = 5};
    const struct kernel_limits k = fake_map(&l);
    struct err e = {0};
    f->refuse[9] = ERROR_INVALID_PARAMETER;
    f->only_first = true;
    assert_int_not_equal(fake_write(f, &k, NULL, &e), ST_OK);
    assert_says(&e, "process_memory_limit = 512M, active_process_limit = 5 cannot be set");
}

static void refusal__for_a_privilege__says_which_and_who_has_it(void **state)
{
    struct fake_kernel *f = *state;
    const struct limits l = {.priority_class = PRIORITY_HIGH, .job_memory = MIB};
    const struct kernel_limits k = fake_map(&l);
    struct err e = {0};
    f->refuse_flags = JOB_OBJECT_LIMIT_PRIORITY_CLASS;
    f->refuse_flags_with = ERROR_PRIVILEGE_NOT_HELD;
    assert_int_equal(fake_write(f, &k, NULL, &e), ST_DENIED);
    assert_says(&e, "priority_class = high cannot be set");
    assert_says(&e, "SeIncreaseBasePriorityPrivilege");
    assert_says(&e, "LocalSystem");
    assert_says(&e, "NetworkService");
}

static void refusal__of_each_class__names_its_keys(void **state)
{
    static const struct {
        struct limits l;
        int class;
        DWORD code;
        const char *says[2];
    } cases[] = {
        {{.job_time = SECOND, .job_time_action = TIME_NOTIFY},
         6,
         1,
         {"job_time_action", "error 1"}},
        {{.affinity = {2, both}}, 14, 87, {"affinity = ", "processors must exist"}},
        {{.cpu_rate_cap = {CPU_OF_MACHINE, 2500}}, 15, 50, {"cpu_rate_cap = 25%", "DFSS"}},
        {{.cpu_rate_soft_cap = {CPU_OF_MACHINE, 2500}},
         15,
         87,
         {"cpu_rate_soft_cap = 25%", "error 87"}},
        {{.cpu_rate_weight = 3}, 15, 87, {"cpu_rate_weight = 3", "error 87"}},
        {{.cpu_rate_min = {CPU_OF_MACHINE, 2500}}, 15, 87, {"cpu_rate_min = 25%", "100%"}},
        {{.net_max_bandwidth = 10 * MIB}, 32, 87, {"net_max_bandwidth = 10M/s", "hierarchy"}},
        {{.net_max_bandwidth = 10 * MIB}, 32, 5, {"net_max_bandwidth = 10M/s", "hierarchy"}},
        {{.net_max_bandwidth = 10 * MIB}, 32, 1314, {"lacks a privilege that it takes", "1314"}},
        {{.notify_job_memory_low = MIB}, 33, 87, {"notify_job_memory_low = 1M", "error 87"}},
        {{.ui_restrictions = UI_DESKTOP}, 4, 5, {"ui_restrictions = desktop", "another job"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fake_kernel *f = *state;
        const struct kernel_limits k = fake_map(&cases[i].l);
        struct err e = {0};
        fake_start(f);
        f->refuse[cases[i].class] = cases[i].code;
        assert_int_not_equal(fake_write(f, &k, NULL, &e), ST_OK);
        assert_int_equal(e.os, cases[i].code);
        assert_says(&e, cases[i].says[0]);
        assert_says(&e, cases[i].says[1]);
    }
}

static void refusal__of_every_limit_of_class_9__still_has_room_for_the_reason(void **state)
{
    struct fake_kernel *f = *state;
    static const struct cpu_group low = {0, 0x5};
    struct limits l = {.process_memory = 511 * MIB,
                       .job_memory = 1023 * MIB,
                       .working_set_min = MIB,
                       .working_set_max = 4 * MIB,
                       .process_time = 3599999,
                       .job_time = 3599999,
                       .active_process = 100000,
                       .affinity = {1, &low},
                       .subset_affinity = YES,
                       .priority_class = PRIORITY_BELOW_NORMAL,
                       .scheduling_class = {true, 9},
                       .breakaway = BREAKAWAY_SILENT,
                       .kill_on_job_close = YES,
                       .die_on_unhandled_exception = YES};
    struct kernel_limits k;
    struct err e = {0};
    k = fake_map(&l);
    f->refuse[9] = ERROR_PRIVILEGE_NOT_HELD;
    assert_int_equal(fake_write(f, &k, NULL, &e), ST_DENIED);
    assert_says(&e, "and others");
    assert_says(&e, "Windows error 1314");
    assert_says(&e, "take the key out");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, fake_set_up, fake_tear_down)
    const struct CMUnitTest tests[] = {
        T(refusal__of_one_limit_among_many__names_that_key_and_its_value),
        T(refusal__of_limits_that_are_well_alone__names_them_all),
        T(refusal__for_a_privilege__says_which_and_who_has_it),
        T(refusal__of_each_class__names_its_keys),
        T(refusal__of_every_limit_of_class_9__still_has_room_for_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
