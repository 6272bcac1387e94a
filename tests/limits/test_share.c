/* test_share.c - shares of the CPU below other levels. */
#include "tests/limits/scene.h"

#include "service/limits/share.h"

enum { CPUS = 8, ABOVE = 2 };

#define SHARE(v)                                                                                   \
    {                                                                                              \
        CPU_OF_MACHINE, v                                                                          \
    }
#define CORES(v)                                                                                   \
    {                                                                                              \
        CPU_PROCESSORS, v                                                                          \
    } /* thousandths */

static void one__below_others__the_same_share_of_the_machine(void **state)
{
    (void)state;
    static const struct {
        struct cpu_share own;
        struct cpu_share above[ABOVE]; /* the nearest first */
        uint32_t kernel;
    } rows[] = {
        {SHARE(2500), {SHARE(5000)}, 5000},
        {CORES(1500), {SHARE(5000)}, 3750},
        {SHARE(2500), {CORES(4000)}, 5000},
        {SHARE(8000), {SHARE(5000)}, 10000},
        {SHARE(5000), {SHARE(5000)}, 10000},
        {SHARE(1), {SHARE(9999)}, 1},
        {SHARE(1), {SHARE(1)}, 10000},
        {SHARE(1000), {SHARE(3000)}, 3333},
        {SHARE(2000), {SHARE(3000)}, 6667},
        {SHARE(1000), {SHARE(2500), SHARE(5000)}, 4000},
        {SHARE(1000), {SHARE(5000), SHARE(2500)}, 4000}, /* the group has but the fleet's 25% */
        {SHARE(3000), {SHARE(5000), SHARE(2500)}, 10000},
        {SHARE(1000), {{CPU_UNLIMITED, 0}, SHARE(2500)}, 4000},
        {SHARE(1000), {SHARE(10000)}, 1000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct limits l = {.cpu_rate_cap = rows[i].own};
        const struct limits group = {.cpu_rate_cap = rows[i].above[0]};
        const struct limits fleet = {.cpu_rate_cap = rows[i].above[1]};
        shares_nest(&l, (const struct limits *const[]){&group, &fleet}, ABOVE, CPUS);
        assert_int_equal(l.cpu_rate_cap.unit, CPU_OF_MACHINE);
        assert_int_equal(l.cpu_rate_cap.value, rows[i].kernel);
    }
}

/* What Windows makes of three levels: each a share of the one above it. */
static void chain__of_converted_levels__each_has_the_least_of_its_own_and_those_above(void **state)
{
    (void)state;
    static const struct {
        uint32_t own[3]; /* fleet, group, instance; 0: not set */
        uint32_t has;    /* the instance */
    } rows[] = {
        {{5000, 4000, 2000}, 2000}, {{4000, 5000, 2000}, 2000}, {{2000, 5000, 8000}, 2000},
        {{8000, 2000, 5000}, 2000}, {{2500, 0, 1000}, 1000},    {{0, 2500, 1000}, 1000},
        {{5000, 2500, 0}, 2500},    {{10000, 10000, 1}, 1},     {{1, 1, 1}, 1},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct limits own[3] = {{0}};
        const struct limits *up[3] = {NULL};
        uint64_t has = 10000;
        for (size_t i = 0; i < 3; i++)
            if (rows[r].own[i])
                own[i].cpu_rate_cap = (struct cpu_share)SHARE(rows[r].own[i]);
        for (size_t i = 0; i < 3; i++) {
            struct limits l = own[i];
            for (size_t k = 0; k < i; k++)
                up[k] = &own[i - 1 - k];
            shares_nest(&l, up, i, CPUS);
            if (rows[r].own[i])
                has = has * l.cpu_rate_cap.value / 10000;
        }
        assert_int_equal(has, rows[r].has);
    }
}

static void all__each_of_the_four_and_what_bounds_them__and_nothing_else(void **state)
{
    (void)state;
    const struct limits own = {.cpu_rate_cap = SHARE(100),
                               .cpu_rate_soft_cap = SHARE(200),
                               .cpu_rate_min = CORES(80),
                               .cpu_rate_max = SHARE(400),
                               .cpu_rate_weight = 7,
                               .guard_cpu = {SHARE(300), 5}};
    const struct limits above[] = {
        {.cpu_rate_cap = SHARE(5000)},
        {.cpu_rate_soft_cap = SHARE(5000)},
        {.cpu_rate_min = SHARE(1000), .cpu_rate_max = CORES(4000)},
    };
    struct limits expected = own;
    expected.cpu_rate_cap = (struct cpu_share)SHARE(200);
    expected.cpu_rate_soft_cap = (struct cpu_share)SHARE(400);
    expected.cpu_rate_min = (struct cpu_share)SHARE(200);
    expected.cpu_rate_max = (struct cpu_share)SHARE(800);
    for (size_t i = 0; i < sizeof above / sizeof *above; i++) {
        struct limits l = own;
        shares_nest(&l, (const struct limits *const[]){&above[i]}, 1, CPUS);
        assert_memory_equal(&l, &expected, sizeof l);
    }
}

static void nothing__bounds_it_or_none_is_set__is_as_it_was(void **state)
{
    (void)state;
    const struct limits own = {.cpu_rate_cap = CORES(1500), .cpu_rate_min = SHARE(30)};
    const struct limits granted = {.cpu_rate_min = SHARE(1000)}, weighed = {.cpu_rate_weight = 3};
    const struct limits half = {.cpu_rate_cap = SHARE(5000)};
    const struct limits *const above[] = {&granted, &weighed};
    struct limits l = own, none = {.cpu_rate_weight = 4};
    const struct limits unset = none;
    shares_nest(&l, NULL, 0, CPUS);
    assert_memory_equal(&l, &own, sizeof l);
    shares_nest(&l, above, 2, CPUS);
    assert_memory_equal(&l, &own, sizeof l);
    shares_nest(&none, (const struct limits *const[]){&half}, 1, CPUS);
    assert_memory_equal(&none, &unset, sizeof none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one__below_others__the_same_share_of_the_machine),
        cmocka_unit_test(chain__of_converted_levels__each_has_the_least_of_its_own_and_those_above),
        cmocka_unit_test(all__each_of_the_four_and_what_bounds_them__and_nothing_else),
        cmocka_unit_test(nothing__bounds_it_or_none_is_set__is_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
