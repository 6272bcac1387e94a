/* test_value_limit.c - the types of values that limits have. */
#include "tests/config/values.h"

#include <string.h>

static const char *const letters[] = {"alpha", "beta", "gamma", NULL};
static const char *const answers[] = {"log", "hook", "restart", "stop", "terminate", NULL};

static const struct field size = {
    .key = "k", .type = &ty_size_limit, .min = 4 << 20, .max = UINT64_C(1) << 47};
static const struct field time = {.key = "k", .type = &ty_time_limit, .min = 1, .max = 3600000};
static const struct field count = {.key = "k", .type = &ty_count_limit, .min = 1, .max = 9};
static const struct field rate = {
    .key = "k", .type = &ty_bandwidth, .min = 1, .max = UINT64_C(1) << 40};
static const struct field small = {.key = "k", .type = &ty_small, .max = 63};
static const struct field flags = {.key = "k", .type = &ty_flags, .words = letters};
static const struct field share = {.key = "k", .type = &ty_share, .min = 1, .max = 10000};
static const struct field cpus = {.key = "k", .type = &ty_cpus};
static const struct field notice = {.key = "k", .type = &ty_tolerance};
static const struct field g_size = {
    .key = "k", .type = &ty_guard_size, .min = 4096, .max = UINT64_C(1) << 47};
static const struct field g_count = {.key = "k", .type = &ty_guard_count, .min = 1, .max = 10000};
static const struct field g_share = {.key = "k", .type = &ty_guard_share, .min = 1, .max = 10000};
static const struct field hook = {.key = "k", .type = &ty_hook, .max = 30};
static const struct field member = {.key = "k", .type = &ty_member};
static const struct field reaction = {.key = "k", .type = &ty_reaction, .words = answers};

static const struct good goods[] = {
    {&size, "none", "none"},
    {&size, "NONE", "none"},
    {&size, "4M", "4M"},
    {&size, "4194304", "4M"},
    {&size, "128T", "128T"},
    {&size, "1025m", "1025M"},
    {&time, "none", "none"},
    {&time, "1ms", "1ms"},
    {&time, "90", "1m30s"},
    {&time, "60m", "1h"},
    {&count, "none", "none"},
    {&count, "9", "9"},
    {&rate, "none", "none"},
    {&rate, "10M/s", "10M/s"},
    {&rate, "1/s", "1/s"},
    {&rate, "1T/s", "1T/s"},
    {&small, "none", "none"},
    {&small, "0", "0"},
    {&small, "63", "63"},
    {&flags, "none", "none"},
    {&flags, "beta", "beta"},
    {&flags, "Gamma , alpha,alpha", "alpha, gamma"},
    {&share, "none", "none"},
    {&share, "25%", "25%"},
    {&share, "12.5%", "12.5%"},
    {&share, "12.50 %", "12.5%"},
    {&share, "0.01%", "0.01%"},
    {&share, "100%", "100%"},
    {&share, "1 cpu", "1 cpu"},
    {&share, "1cpus", "1 cpu"},
    {&share, "1.5 cpus", "1.5 cpus"},
    {&share, "0.001 CPUs", "0.001 cpus"},
    {&share, "2048 cpus", "2048 cpus"},
    {&cpus, "none", "none"},
    {&cpus, "0", "0"},
    {&cpus, "0-3,8", "0-3, 8"},
    {&cpus, "8, 0 - 3, 2-4, 63", "0-4, 8, 63"},
    {&cpus, "0-63", "0-63"},
    {&cpus, "1:0-7", "1:0-7"},
    {&cpus, "1 : 0-7, 5, 31:63, 1:9, 0:6", "5-6, 1:0-7, 1:9, 31:63"},
    {&notice, "none", "none"},
    {&notice, "low", "low short"},
    {&notice, "medium  short", "medium short"},
    {&notice, "High\tLong", "high long"},
    {&g_size, "none", "none"},
    {&g_size, "1G", "1G"},
    {&g_size, "1G for 5m", "1G for 5m"},
    {&g_size, "1G FOR 5m", "1G for 5m"},
    {&g_size, "4096  for\t300", "4K for 5m"},
    {&g_count, "none", "none"},
    {&g_count, "5000", "5000"},
    {&g_count, "1 for 1ms", "1 for 1ms"},
    {&g_count, "10000 for 30d", "10000 for 30d"},
    {&g_share, "none", "none"},
    {&g_share, "80%", "80%"},
    {&g_share, "80 % for 10m", "80% for 10m"},
    {&g_share, "1.5 cpus for 90s", "1.5 cpus for 1m30s"},
    {&hook, "none", "none"},
    {&hook, "\"C:\\a b\\x.exe\" -v", "\"C:\\a b\\x.exe\" -v"},
    {&hook, "none.exe", "none.exe"},
    {&member, "none", "none"},
    {&member, "web-1", "web-1"},
    {&reaction, "log", "log"},
    {&reaction, "Terminate", "terminate"},
};

static void value__that_is_good__is_read_printed_and_read_again_as_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++)
        assert_good(&goods[i]);
}

#define ZERO(what) "'" what "' is no limit; write 'none' to have none"

static const struct bad bads[] = {
    {&size, "", ST_SYNTAX, "no value is given"},
    {&size, "0", ST_RANGE, ZERO("0")},
    {&size, "0M", ST_RANGE, ZERO("0M")},
    {&size, "no", ST_SYNTAX, "'no' is not a size limit"},
    {&size, "1.5G", ST_SYNTAX, "'1.5G' is not a size limit"},
    {&size, "4194303", ST_RANGE, "'4194303' is below the lowest value, 4M"},
    {&size, "129T", ST_RANGE, "'129T' is above the highest value, 128T"},
    {&size, "99999999999999999999", ST_RANGE,
     "'99999999999999999999' is above the highest value, 128T"},
    {&time, "0s", ST_RANGE, ZERO("0s")},
    {&time, "", ST_SYNTAX, "no value is given"},
    {&time, "1 h", ST_SYNTAX, "'1 h' is not a time limit"},
    {&time, "2h", ST_RANGE, "'2h' is above the highest value, 1h"},
    {&count, "0", ST_RANGE, ZERO("0")},
    {&count, "10", ST_RANGE, "'10' is above the highest value, 9"},
    {&count, "1.0", ST_SYNTAX, "'1.0' is not a count limit"},
    {&rate, "10M", ST_SYNTAX, "'10M' is not a bandwidth"},
    {&rate, "/s", ST_SYNTAX, "'/s' is not a bandwidth"},
    {&rate, "0/s", ST_RANGE, ZERO("0/s")},
    {&rate, "2T/s", ST_RANGE, "'2T/s' is above the highest value, 1T/s"},
    {&small, "64", ST_RANGE, "'64' is above the highest value, 63"},
    {&small, "256", ST_RANGE, "'256' is above the highest value, 63"},
    {&small, "-1", ST_SYNTAX, "'-1' is not a small number"},
    {&flags, "", ST_SYNTAX, "no value is given"},
    {&flags, "alpha,", ST_SYNTAX, "an entry is missing beside a comma"},
    {&flags, "alpha, bata", ST_SYNTAX, "'bata' is not one of its words; did you mean 'beta'?"},
    {&flags, "xyz", ST_SYNTAX, "'xyz' is not one of its words; write alpha, beta or gamma"},
    {&share, "", ST_SYNTAX, "no value is given"},
    {&share, "25", ST_SYNTAX, "'25' is not a share of CPU time"},
    {&share, "%", ST_SYNTAX, "'%' is not a share of CPU time"},
    {&share, "cpus", ST_SYNTAX, "'cpus' is not a share of CPU time"},
    {&share, "12.345%", ST_SYNTAX, "'12.345%' is not a share of CPU time"},
    {&share, "1.2345 cpus", ST_SYNTAX, "'1.2345 cpus' is not a share of CPU time"},
    {&share, "0.00%", ST_RANGE, ZERO("0.00%")},
    {&share, "0 cpus", ST_RANGE, ZERO("0 cpus")},
    {&share, "150%", ST_RANGE,
     "'150%' is above the highest value, 100%, which is the whole machine; for 1.5 of its "
     "processors write '1.5 cpus'"},
    {&share, "204801%", ST_RANGE, "'204801%' is above the highest value, 100%"},
    {&share, "2048.001 cpus", ST_RANGE, "'2048.001 cpus' is above the highest value, 2048 cpus"},
    {&share, "99999999999999999999%", ST_RANGE,
     "'99999999999999999999%' is above the highest value, 100%"},
    {&cpus, "", ST_SYNTAX, "no value is given"},
    {&cpus, "0-3,", ST_SYNTAX, "an entry is missing beside a comma"},
    {&cpus, "0-", ST_SYNTAX, "'0-' is not a processor, nor a range of them"},
    {&cpus, "0-1-2", ST_SYNTAX, "'0-1-2' is not a processor, nor a range of them"},
    {&cpus, ":3", ST_SYNTAX, "':3' is not a processor, nor a range of them"},
    {&cpus, "0x3", ST_SYNTAX, "'0x3' is not a processor, nor a range of them"},
    {&cpus, "none, 1", ST_SYNTAX, "'none' is not a processor, nor a range of them"},
    {&cpus, "3-0", ST_RANGE, "'3-0' ends before it begins; write the lower number first"},
    {&cpus, "0-64", ST_RANGE,
     "'0-64': a group has the processors 0 to 63; those of the next group are written 1:0-63"},
    {&cpus, "18446744073709551616", ST_RANGE,
     "'18446744073709551616': a group has the processors 0 to 63; those of the next group are "
     "written 1:0-63"},
    {&cpus, "32:0", ST_RANGE, "'32:0' is in a group above the highest number, 31"},
    {&notice, "", ST_SYNTAX, "no value is given"},
    {&notice, "meduim short", ST_SYNTAX, "'meduim' is not a tolerance; did you mean 'medium'?"},
    {&notice, "20%", ST_SYNTAX, "'20%' is not a tolerance; write low, medium or high"},
    {&notice, "low 10s", ST_SYNTAX, "'10s' is not an interval; write short, medium or long"},
    {&notice, "low short long", ST_SYNTAX, "'long' follows the interval; leave it out"},
    {&g_size, "", ST_SYNTAX, "no value is given"},
    {&g_size, "0 for 5m", ST_RANGE, ZERO("0")},
    {&g_size, "1", ST_RANGE, "'1' is below the lowest value, 4K"},
    {&g_size, "1G for", ST_SYNTAX, "no duration follows 'for'"},
    {&g_size, "1G for ever", ST_SYNTAX, "'ever' is not a duration"},
    {&g_size, "1G for 0s", ST_RANGE, "'for 0s' is no time; leave it out to act at one sample"},
    {&g_size, "1G for 31d", ST_RANGE, "'for 31d' is longer than 30d"},
    {&g_size, "1G 5m", ST_SYNTAX, "'1G 5m' is not a value of a size guard"},
    {&g_size, "for 5m", ST_SYNTAX, "'for 5m' is not a value of a size guard"},
    {&g_count, "1K", ST_SYNTAX, "'1K' is not a value of a count guard"},
    {&g_count, "10001 for 5m", ST_RANGE, "'10001' is above the highest value, 10000"},
    {&g_share, "80", ST_SYNTAX, "'80' is not a share of CPU time"},
    {&g_share, "0% for 5m", ST_RANGE, ZERO("0%")},
    {&g_share, "80% for x", ST_SYNTAX, "'x' is not a duration"},
    {&hook, "\"x", ST_SYNTAX, "the quote at character 1 is not closed; add the other one"},
    {&member, "", ST_SYNTAX, "no value is given"},
    {&member, "a b", ST_SYNTAX, "'a b' is not a name"},
    {&reaction, "none", ST_SYNTAX, "'none' is not one of its words"},
    {&reaction, "kill", ST_SYNTAX, "'kill' is not one of its words"},
};

static void value__that_is_bad__is_refused_with_the_reason_and_leaves_its_place_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++)
        assert_bad(&bads[i]);
}

static union value value_of(const struct field *f, const char *text, struct arena *a)
{
    union value v;
    memset(&v, 0, sizeof v);
    assert_int_equal(f->type->parse(f, str_of(text), a, &v, NULL), ST_OK);
    return v;
}

static void value__that_is_read__is_in_the_units_that_the_spec_promises(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_int_equal(value_of(&size, "512M", a).u64, 512 << 20);
    assert_int_equal(value_of(&time, "1m", a).u64, 60000);
    assert_int_equal(value_of(&rate, "10M/s", a).u64, 10 << 20);
    assert_true(value_of(&small, "0", a).small.set);
    assert_false(value_of(&small, "none", a).small.set);
    assert_int_equal(value_of(&flags, "alpha, gamma", a).u32, 5);
    struct cpu_share s = value_of(&share, "12.5%", a).share;
    assert_int_equal(s.unit, CPU_OF_MACHINE);
    assert_int_equal(s.value, 1250);
    s = value_of(&share, "1.5 cpus", a).share;
    assert_int_equal(s.unit, CPU_PROCESSORS);
    assert_int_equal(s.value, 1500);
    struct guard g = value_of(&g_size, "1G for 5m", a).guard;
    assert_int_equal(g.value, 1 << 30);
    assert_int_equal(g.for_ms, 300000);
    struct cpu_guard c = value_of(&g_share, "80% for 1s", a).cpu_guard;
    assert_int_equal(c.share.value, 8000);
    assert_int_equal(c.for_ms, 1000);
    struct rate_notice n = value_of(&notice, "high medium", a).notice;
    assert_int_equal(n.tolerance, TOLERANCE_HIGH);
    assert_int_equal(n.interval, INTERVAL_MEDIUM);
    assert_int_equal(value_of(&reaction, "restart", a).u32, REACTION_RESTART);
    arena_free(a);
}

static void processors__of_many_groups__are_sorted_masks(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct cpu_set s = value_of(&cpus, "31:63, 0-63, 2:1-2, 2:0", a).cpus;
    assert_int_equal(s.n, 3);
    assert_int_equal(s.group[0].group, 0);
    assert_true(s.group[0].mask == UINT64_MAX);
    assert_int_equal(s.group[1].group, 2);
    assert_true(s.group[1].mask == 7);
    assert_int_equal(s.group[2].group, 31);
    assert_true(s.group[2].mask == UINT64_C(1) << 63);
    assert_int_equal(value_of(&cpus, "none", a).cpus.n, 0);
    arena_free(a);
}

static void values__that_differ__are_not_equal(void **state)
{
    (void)state;
    static const struct {
        const struct field *f;
        const char *a, *b;
    } rows[] = {
        {&size, "4M", "none"},         {&small, "0", "none"},        {&flags, "alpha", "none"},
        {&share, "25%", "0.25 cpus"},  {&share, "25%", "25.01%"},    {&cpus, "0-3", "0-2"},
        {&cpus, "0", "1:0"},           {&cpus, "0", "0, 1:0"},       {&notice, "low", "low long"},
        {&notice, "low", "high"},      {&g_size, "1G", "1G for 1s"}, {&g_size, "1G", "2G"},
        {&g_share, "1%", "1% for 1s"}, {&g_share, "1%", "2%"},       {&reaction, "log", "hook"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        union value x = value_of(rows[i].f, rows[i].a, a), y = value_of(rows[i].f, rows[i].b, a);
        assert_false(rows[i].f->type->equal(&x, &y));
        assert_true(rows[i].f->type->equal(&x, &x));
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value__that_is_good__is_read_printed_and_read_again_as_the_same),
        cmocka_unit_test(value__that_is_bad__is_refused_with_the_reason_and_leaves_its_place_alone),
        cmocka_unit_test(value__that_is_read__is_in_the_units_that_the_spec_promises),
        cmocka_unit_test(processors__of_many_groups__are_sorted_masks),
        cmocka_unit_test(values__that_differ__are_not_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
