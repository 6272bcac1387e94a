/* test_kernel_keys.c - every limit of a job file on its way to the kernel and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/arena.h"
#include "config/schema.h"
#include "service/job/kernel_impl.h"

#include <string.h>

#define MIB ((uint64_t)1 << 20)

static const struct machine one_group = {.cpus = 8, .groups = 1, .group = {{0, 0xFF}}};

struct key {
    enum limit_id id;
    const char *text, *other; /* as a job file says it */
    enum limit_id needs;      /* LIMIT_NONE: it stands alone */
    const char *needed;
};

static const struct key keys[] = {
    {LIMIT_PROCESS_MEMORY, "512M", "513M", LIMIT_NONE, NULL},
    {LIMIT_JOB_MEMORY, "6T", "7T", LIMIT_NONE, NULL},
    {LIMIT_PROCESS_TIME, "1h", "1h1s", LIMIT_NONE, NULL},
    {LIMIT_JOB_TIME, "2s", "2s1ms", LIMIT_NONE, NULL},
    {LIMIT_ACTIVE_PROCESS, "1", "2", LIMIT_NONE, NULL},
    {LIMIT_WORKING_SET_MIN, "8M", "9M", LIMIT_WORKING_SET_MAX, "64M"},
    {LIMIT_WORKING_SET_MAX, "64M", "5G", LIMIT_WORKING_SET_MIN, "8M"},
    {LIMIT_CPU_RATE_CAP, "25%", "12.5%", LIMIT_NONE, NULL},
    {LIMIT_CPU_RATE_SOFT_CAP, "1%", "100%", LIMIT_NONE, NULL},
    {LIMIT_CPU_RATE_WEIGHT, "1", "9", LIMIT_NONE, NULL},
    {LIMIT_CPU_RATE_MIN, "10%", "11%", LIMIT_NONE, NULL},
    {LIMIT_CPU_RATE_MAX, "50%", "60%", LIMIT_CPU_RATE_MIN, "10%"},
    {LIMIT_AFFINITY, "0-3", "0, 5", LIMIT_NONE, NULL},
    {LIMIT_SUBSET_AFFINITY, "yes", "no", LIMIT_AFFINITY, "0-3"},
    {LIMIT_PRIORITY_CLASS, "idle", "high", LIMIT_NONE, NULL},
    {LIMIT_SCHEDULING_CLASS, "0", "9", LIMIT_NONE, NULL},
    {LIMIT_BREAKAWAY, "explicit", "silent", LIMIT_NONE, NULL},
    {LIMIT_KILL_ON_JOB_CLOSE, "yes", "no", LIMIT_NONE, NULL},
    {LIMIT_DIE_ON_UNHANDLED_EXCEPTION, "yes", "no", LIMIT_NONE, NULL},
    {LIMIT_NET_MAX_BANDWIDTH, "10M/s", "11M/s", LIMIT_NONE, NULL},
    {LIMIT_NET_DSCP_TAG, "0", "63", LIMIT_NONE, NULL},
    {LIMIT_UI_RESTRICTIONS, "desktop", "exitwindows", LIMIT_NONE, NULL},
    {LIMIT_NOTIFY_JOB_MEMORY_HIGH, "800M", "801M", LIMIT_NONE, NULL},
    {LIMIT_NOTIFY_JOB_MEMORY_LOW, "8M", "9M", LIMIT_NONE, NULL},
    {LIMIT_NOTIFY_JOB_TIME, "6h", "7h", LIMIT_NONE, NULL},
    {LIMIT_NOTIFY_IO_READ_BYTES, "100G", "101G", LIMIT_NONE, NULL},
    {LIMIT_NOTIFY_IO_WRITE_BYTES, "100G", "101G", LIMIT_NONE, NULL},
    {LIMIT_NOTIFY_CPU_RATE, "medium short", "high short", LIMIT_CPU_RATE_CAP, "25%"},
    {LIMIT_NOTIFY_NET_RATE, "high long", "high medium", LIMIT_NET_MAX_BANDWIDTH, "10M/s"},
};
enum { KEYS = sizeof keys / sizeof *keys };

static void read_key(enum limit_id id, const char *text, struct arena *a, struct limits *l)
{
    const struct field *f = schema_limit(id);
    struct err e = {0};
    if (f->type->parse(f, str_of(text), a, (char *)l + f->offset, &e) != ST_OK)
        fail_msg("%s = %s: %s", f->key, text, e.text);
}

static void map_key(const struct key *k, const char *text, struct arena *a,
                    struct kernel_limits *ret)
{
    struct limits l = {0};
    read_key(k->id, text, a, &l);
    if (k->needs != LIMIT_NONE)
        read_key(k->needs, k->needed, a, &l);
    kernel_limits_map(&l, &one_group, NULL, ret);
}

static void assert_comes_back(const struct key *key, const char *text, struct arena *a,
                              const struct kernel_limits *k)
{
    const struct field *f = schema_limit(key->id);
    struct cpu_group group[CPU_GROUPS_MAX];
    struct limits said = {0}, back;
    read_key(key->id, text, a, &said);
    kernel_limits_back(k, &back, group);
    if (!f->type->equal((char *)&said + f->offset, (char *)&back + f->offset))
        fail_msg("%s = %s does not come back", f->key, text);
}

static void keys__each_that_a_kernel_can_hold__are_in_the_table_once(void **state)
{
    (void)state;
    unsigned seen[LIMITS] = {0};
    for (size_t i = 0; i < KEYS; i++)
        seen[keys[i].id]++;
    for (int id = 0; id < LIMITS; id++) {
        bool guard = id >= LIMIT_GUARD_COMMIT && id <= LIMIT_GUARD_CPU;
        assert_int_equal(seen[id], guard ? 0 : 1);
        assert_int_equal(kernel_rows[id].class != 0, !guard);
    }
}

static void keys__of_every_limit__reach_the_structs_and_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < KEYS; i++) {
        struct arena *a = arena_new();
        struct kernel_limits one, other;
        assert_non_null(a);
        map_key(&keys[i], keys[i].text, a, &one);
        map_key(&keys[i], keys[i].other, a, &other);
        if (memcmp(&one, &other, sizeof one) == 0)
            fail_msg("%s leaves no trace", schema_limit(keys[i].id)->key);
        assert_comes_back(&keys[i], keys[i].text, a, &one);
        assert_comes_back(&keys[i], keys[i].other, a, &other);
        arena_free(a);
    }
}

static void holds__without_a_limit__leaves_it_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < KEYS; i++) {
        struct arena *a = arena_new();
        bool holds[LIMITS];
        struct limits l = {0};
        struct kernel_limits k;
        assert_non_null(a);
        for (int id = 0; id < LIMITS; id++)
            holds[id] = id != (int)keys[i].id;
        read_key(keys[i].id, keys[i].text, a, &l);
        if (keys[i].needs != LIMIT_NONE)
            read_key(keys[i].needs, keys[i].needed, a, &l);
        kernel_limits_map(&l, &one_group, NULL, &k);
        assert_int_not_equal(kernel_class(&k, keys[i].id), 0);
        kernel_limits_map(&l, &one_group, holds, &k);
        /* A minimum is still one half of from-and-to without its maximum. */
        if (keys[i].id != LIMIT_CPU_RATE_MAX)
            assert_int_equal(kernel_class(&k, keys[i].id), 0);
        else
            assert_int_equal(k.cpu.u.range.max, 10000);
        arena_free(a);
    }
}

static bool goes_with(const struct key *key, enum limit_id id)
{
    return id == key->id || id == key->needs ||
           (key->id == LIMIT_CPU_RATE_MIN && id == LIMIT_CPU_RATE_MAX);
}

static void only__of_each_limit__keeps_that_one_and_what_it_needs(void **state)
{
    (void)state;
    for (size_t i = 0; i < KEYS; i++) {
        struct arena *a = arena_new();
        struct limits l = {.process_memory = MIB,
                           .kill_on_job_close = YES,
                           .net_dscp_tag = {true, 1},
                           .ui_restrictions = UI_DESKTOP,
                           .notify_job_time = 1,
                           .priority_class = PRIORITY_IDLE};
        struct kernel_limits all, only;
        assert_non_null(a);
        read_key(keys[i].id, keys[i].text, a, &l);
        if (keys[i].needs != LIMIT_NONE)
            read_key(keys[i].needs, keys[i].needed, a, &l);
        kernel_limits_map(&l, &one_group, NULL, &all);
        kernel_only(&all, keys[i].id, &only);
        assert_int_equal(kernel_class(&only, keys[i].id), kernel_class(&all, keys[i].id));
        for (enum limit_id id = 0; id < LIMITS; id++)
            if (kernel_class(&only, id) && !goes_with(&keys[i], id))
                fail_msg("%s also has %s", schema_limit(keys[i].id)->key, schema_limit(id)->key);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys__each_that_a_kernel_can_hold__are_in_the_table_once),
        cmocka_unit_test(keys__of_every_limit__reach_the_structs_and_come_back),
        cmocka_unit_test(holds__without_a_limit__leaves_it_out),
        cmocka_unit_test(only__of_each_limit__keeps_that_one_and_what_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
