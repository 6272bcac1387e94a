/* test_kernel.c - limits as structs, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "service/job/kernel.h"

#include <string.h>

static const struct machine one_group = {.cpus = 8, .groups = 1, .group = {{0, 0xFF}}};
static const struct machine two_groups = {
    .cpus = 68, .groups = 2, .group = {{0, UINT64_MAX}, {1, 0xF}}};
static const struct cpu_group low[] = {{0, 0x5}}, high[] = {{1, 0x3}},
                              both[] = {{0, 0x6}, {1, 0x1}};

/* Where things are on x64, by the SDK's winnt.h. */
enum {
    PROCESS_TIME = 0,
    JOB_TIME = 8,
    FLAGS = 16,
    WS_MIN = 24,
    WS_MAX = 32,
    ACTIVE = 40,
    AFFINITY = 48,
    PRIORITY = 56,
    SCHEDULING = 60,
    PROCESS_MEMORY = 112,
    JOB_MEMORY = 120
};
enum { CPU_FLAGS = 0, CPU_RATE = 4, CPU_MIN = 4, CPU_MAX = 6 };
enum { NET_BANDWIDTH = 0, NET_FLAGS = 8, NET_DSCP = 12 };
enum {
    READ_BYTES = 0,
    WRITE_BYTES = 8,
    NOTIFY_TIME = 16,
    MEMORY_HIGH = 24,
    CPU_TOLERANCE = 32,
    CPU_INTERVAL = 36,
    NOTIFY_FLAGS = 40,
    MEMORY_LOW = 48,
    NET_TOLERANCE = 60,
    NET_INTERVAL = 64
};

enum part { END, X, ACTION, CPU, NET, NOTIFY, UI, GROUPS, GROUP_COUNT };
static const size_t part_at[] = {
    [X] = offsetof(struct kernel_limits, extended),
    [ACTION] = offsetof(struct kernel_limits, end_of_job),
    [CPU] = offsetof(struct kernel_limits, cpu),
    [NET] = offsetof(struct kernel_limits, net),
    [NOTIFY] = offsetof(struct kernel_limits, notify),
    [UI] = offsetof(struct kernel_limits, ui),
    [GROUPS] = offsetof(struct kernel_limits, affinity),
    [GROUP_COUNT] = offsetof(struct kernel_limits, affinities),
};

struct bytes {
    enum part part;
    size_t at, n;
    uint64_t value;
};

struct row {
    const char *what;
    struct limits limits;
    const struct machine *machine; /* NULL: one_group */
    struct bytes want[8];
};

#define MIB ((uint64_t)1 << 20)

static const struct row rows[] = {
    {"nothing", {.cpu_rate_weight = 0}, NULL, {{END, 0, 0, 0}}},
    {"memory of a process",
     {.process_memory = 512 * MIB},
     NULL,
     {{X, FLAGS, 4, 0x100}, {X, PROCESS_MEMORY, 8, 0x20000000}}},
    {"memory beyond 32 bits",
     {.process_memory = UINT64_C(6) << 40},
     NULL,
     {{X, FLAGS, 4, 0x100}, {X, PROCESS_MEMORY, 8, 0x60000000000}}},
    {"memory of a job",
     {.job_memory = 3072 * MIB},
     NULL,
     {{X, FLAGS, 4, 0x200}, {X, JOB_MEMORY, 8, 0xC0000000}}},
    {"working set",
     {.working_set_min = MIB, .working_set_max = 5000 * MIB},
     NULL,
     {{X, FLAGS, 4, 0x1}, {X, WS_MIN, 8, 0x100000}, {X, WS_MAX, 8, 0x138800000}}},
    {"half a working set", {.working_set_min = MIB}, NULL, {{END, 0, 0, 0}}},
    {"time of a process",
     {.process_time = 3600000},
     NULL,
     {{X, FLAGS, 4, 0x2}, {X, PROCESS_TIME, 8, 36000000000}}},
    {"time of a job", {.job_time = 1500}, NULL, {{X, FLAGS, 4, 0x4}, {X, JOB_TIME, 8, 15000000}}},
    {"time without end",
     {.job_time = UINT64_MAX},
     NULL,
     {{X, FLAGS, 4, 0x4}, {X, JOB_TIME, 8, INT64_MAX}}},
    {"time of a job that only tells",
     {.job_time = 1, .job_time_action = TIME_NOTIFY},
     NULL,
     {{X, FLAGS, 4, 0x4}, {X, JOB_TIME, 8, 10000}, {ACTION, 0, 4, 1}}},
    {"an action without a time", {.job_time_action = TIME_NOTIFY}, NULL, {{END, 0, 0, 0}}},
    {"processes", {.active_process = 70000}, NULL, {{X, FLAGS, 4, 0x8}, {X, ACTIVE, 4, 70000}}},
    {"PRIORITY_IDLE",
     {.priority_class = PRIORITY_IDLE},
     NULL,
     {{X, FLAGS, 4, 0x20}, {X, PRIORITY, 4, 0x40}}},
    {"PRIORITY_BELOW_NORMAL",
     {.priority_class = PRIORITY_BELOW_NORMAL},
     NULL,
     {{X, FLAGS, 4, 0x20}, {X, PRIORITY, 4, 0x4000}}},
    {"PRIORITY_NORMAL",
     {.priority_class = PRIORITY_NORMAL},
     NULL,
     {{X, FLAGS, 4, 0x20}, {X, PRIORITY, 4, 0x20}}},
    {"PRIORITY_ABOVE_NORMAL",
     {.priority_class = PRIORITY_ABOVE_NORMAL},
     NULL,
     {{X, FLAGS, 4, 0x20}, {X, PRIORITY, 4, 0x8000}}},
    {"PRIORITY_HIGH",
     {.priority_class = PRIORITY_HIGH},
     NULL,
     {{X, FLAGS, 4, 0x20}, {X, PRIORITY, 4, 0x80}}},
    {"PRIORITY_REALTIME",
     {.priority_class = PRIORITY_REALTIME},
     NULL,
     {{X, FLAGS, 4, 0x20}, {X, PRIORITY, 4, 0x100}}},
    {"scheduling class",
     {.scheduling_class = {true, 9}},
     NULL,
     {{X, FLAGS, 4, 0x80}, {X, SCHEDULING, 4, 9}}},
    {"scheduling class 0", {.scheduling_class = {true, 0}}, NULL, {{X, FLAGS, 4, 0x80}}},
    {"breakaway on request", {.breakaway = BREAKAWAY_EXPLICIT}, NULL, {{X, FLAGS, 4, 0x800}}},
    {"silent breakaway", {.breakaway = BREAKAWAY_SILENT}, NULL, {{X, FLAGS, 4, 0x1000}}},
    {"kill on close", {.kill_on_job_close = YES}, NULL, {{X, FLAGS, 4, 0x2000}}},
    {"die on a crash", {.die_on_unhandled_exception = YES}, NULL, {{X, FLAGS, 4, 0x400}}},

    {"affinity", {.affinity = {1, low}}, NULL, {{X, FLAGS, 4, 0x10}, {X, AFFINITY, 8, 0x5}}},
    {"affinity and subsets",
     {.affinity = {1, low}, .subset_affinity = YES},
     NULL,
     {{X, FLAGS, 4, 0x4010}, {X, AFFINITY, 8, 0x5}}},
    {"subsets of nothing", {.subset_affinity = YES}, NULL, {{END, 0, 0, 0}}},
    {"affinity to group 1 of one",
     {.affinity = {1, high}},
     NULL,
     {{GROUPS, 0, 8, 0x3}, {GROUPS, 8, 2, 1}, {GROUP_COUNT, 0, 4, 1}}},
    {"affinity among two groups",
     {.affinity = {1, low}, .subset_affinity = YES},
     &two_groups,
     {{GROUPS, 0, 8, 0x5}, {GROUP_COUNT, 0, 4, 1}}},
    {"affinity to two groups",
     {.affinity = {2, both}},
     &two_groups,
     {{GROUPS, 0, 8, 0x6}, {GROUPS, 16, 8, 0x1}, {GROUPS, 24, 2, 1}, {GROUP_COUNT, 0, 4, 2}}},

    {"hard cap",
     {.cpu_rate_cap = {CPU_OF_MACHINE, 2500}},
     NULL,
     {{CPU, CPU_FLAGS, 4, 0x5}, {CPU, CPU_RATE, 4, 2500}}},
    {"hard cap in processors",
     {.cpu_rate_cap = {CPU_PROCESSORS, 1500}},
     NULL,
     {{CPU, CPU_FLAGS, 4, 0x5}, {CPU, CPU_RATE, 4, 1875}}},
    {"soft cap",
     {.cpu_rate_soft_cap = {CPU_OF_MACHINE, 2000}},
     NULL,
     {{CPU, CPU_FLAGS, 4, 0x1}, {CPU, CPU_RATE, 4, 2000}}},
    {"weight", {.cpu_rate_weight = 9}, NULL, {{CPU, CPU_FLAGS, 4, 0x3}, {CPU, CPU_RATE, 4, 9}}},
    {"from and to",
     {.cpu_rate_min = {CPU_OF_MACHINE, 1000}, .cpu_rate_max = {CPU_OF_MACHINE, 5000}},
     NULL,
     {{CPU, CPU_FLAGS, 4, 0x11}, {CPU, CPU_MIN, 2, 1000}, {CPU, CPU_MAX, 2, 5000}}},
    {"from",
     {.cpu_rate_min = {CPU_OF_MACHINE, 1000}},
     NULL,
     {{CPU, CPU_FLAGS, 4, 0x11}, {CPU, CPU_MIN, 2, 1000}, {CPU, CPU_MAX, 2, 10000}}},
    {"to",
     {.cpu_rate_max = {CPU_OF_MACHINE, 5000}},
     NULL,
     {{CPU, CPU_FLAGS, 4, 0x5}, {CPU, CPU_RATE, 4, 5000}}},

    {"bandwidth",
     {.net_max_bandwidth = UINT64_C(5) << 32},
     NULL,
     {{NET, NET_FLAGS, 4, 0x3}, {NET, NET_BANDWIDTH, 8, UINT64_C(5) << 32}}},
    {"tag", {.net_dscp_tag = {true, 46}}, NULL, {{NET, NET_FLAGS, 4, 0x5}, {NET, NET_DSCP, 1, 46}}},
    {"tag 0", {.net_dscp_tag = {true, 0}}, NULL, {{NET, NET_FLAGS, 4, 0x5}}},
    {"bandwidth and tag",
     {.net_max_bandwidth = 7, .net_dscp_tag = {true, 63}},
     NULL,
     {{NET, NET_FLAGS, 4, 0x7}, {NET, NET_BANDWIDTH, 8, 7}, {NET, NET_DSCP, 1, 63}}},

    {"UI_HANDLES", {.ui_restrictions = UI_HANDLES}, NULL, {{UI, 0, 4, 0x01}}},
    {"UI_READCLIPBOARD", {.ui_restrictions = UI_READCLIPBOARD}, NULL, {{UI, 0, 4, 0x02}}},
    {"UI_WRITECLIPBOARD", {.ui_restrictions = UI_WRITECLIPBOARD}, NULL, {{UI, 0, 4, 0x04}}},
    {"UI_SYSTEMPARAMETERS", {.ui_restrictions = UI_SYSTEMPARAMETERS}, NULL, {{UI, 0, 4, 0x08}}},
    {"UI_DISPLAYSETTINGS", {.ui_restrictions = UI_DISPLAYSETTINGS}, NULL, {{UI, 0, 4, 0x10}}},
    {"UI_GLOBALATOMS", {.ui_restrictions = UI_GLOBALATOMS}, NULL, {{UI, 0, 4, 0x20}}},
    {"UI_DESKTOP", {.ui_restrictions = UI_DESKTOP}, NULL, {{UI, 0, 4, 0x40}}},
    {"UI_EXITWINDOWS", {.ui_restrictions = UI_EXITWINDOWS}, NULL, {{UI, 0, 4, 0x80}}},

    {"told of much memory",
     {.notify_job_memory_high = 5 * MIB},
     NULL,
     {{NOTIFY, NOTIFY_FLAGS, 4, 0x200}, {NOTIFY, MEMORY_HIGH, 8, 0x500000}}},
    {"told of little memory",
     {.notify_job_memory_low = 5 * MIB},
     NULL,
     {{NOTIFY, NOTIFY_FLAGS, 4, 0x8000}, {NOTIFY, MEMORY_LOW, 8, 0x500000}}},
    {"told of time",
     {.notify_job_time = 1000},
     NULL,
     {{NOTIFY, NOTIFY_FLAGS, 4, 0x4}, {NOTIFY, NOTIFY_TIME, 8, 10000000}}},
    {"told of reading",
     {.notify_io_read_bytes = 5},
     NULL,
     {{NOTIFY, NOTIFY_FLAGS, 4, 0x10000}, {NOTIFY, READ_BYTES, 8, 5}}},
    {"told of writing",
     {.notify_io_write_bytes = 6},
     NULL,
     {{NOTIFY, NOTIFY_FLAGS, 4, 0x20000}, {NOTIFY, WRITE_BYTES, 8, 6}}},
    {"told of a rate",
     {.notify_cpu_rate = {TOLERANCE_HIGH, INTERVAL_LONG}, .cpu_rate_cap = {CPU_OF_MACHINE, 100}},
     NULL,
     {{CPU, CPU_FLAGS, 4, 0xD},
      {CPU, CPU_RATE, 4, 100},
      {NOTIFY, NOTIFY_FLAGS, 4, 0x40000},
      {NOTIFY, CPU_TOLERANCE, 4, 3},
      {NOTIFY, CPU_INTERVAL, 4, 3}}},
    {"told of a rate that there is not",
     {.notify_cpu_rate = {TOLERANCE_LOW, INTERVAL_SHORT}},
     NULL,
     {{END, 0, 0, 0}}},
    {"told of a weight, which nothing exceeds",
     {.notify_cpu_rate = {TOLERANCE_LOW, INTERVAL_SHORT}, .cpu_rate_weight = 4},
     NULL,
     {{CPU, CPU_FLAGS, 4, 0x3}, {CPU, CPU_RATE, 4, 4}}},
    {"told of the network",
     {.notify_net_rate = {TOLERANCE_LOW, INTERVAL_MEDIUM}, .net_max_bandwidth = 9},
     NULL,
     {{NET, NET_FLAGS, 4, 0x3},
      {NET, NET_BANDWIDTH, 8, 9},
      {NOTIFY, NOTIFY_FLAGS, 4, 0x100000},
      {NOTIFY, NET_TOLERANCE, 4, 1},
      {NOTIFY, NET_INTERVAL, 4, 2}}},
    {"told of a network rate that there is not",
     {.notify_net_rate = {TOLERANCE_LOW, INTERVAL_SHORT}, .net_dscp_tag = {true, 0}},
     NULL,
     {{NET, NET_FLAGS, 4, 0x5}}},
    {"much together",
     {.process_memory = MIB,
      .job_memory = 2 * MIB,
      .active_process = 3,
      .job_time = 4,
      .kill_on_job_close = YES,
      .breakaway = BREAKAWAY_EXPLICIT},
     NULL,
     {{X, FLAGS, 4, 0x2B0C},
      {X, PROCESS_MEMORY, 8, MIB},
      {X, JOB_MEMORY, 8, 2 * MIB},
      {X, ACTIVE, 4, 3},
      {X, JOB_TIME, 8, 40000}}},
};

static void map__one_thing_set__has_these_bytes_and_zeros_elsewhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kernel_limits want, got;
        memset(&want, 0, sizeof want);
        memset(&got, 0xAA, sizeof got);
        for (const struct bytes *b = rows[i].want; b->part != END; b++)
            memcpy((char *)&want + part_at[b->part] + b->at, &b->value, b->n);
        kernel_limits_map(&rows[i].limits, rows[i].machine ? rows[i].machine : &one_group, NULL,
                          &got);
        if (memcmp(&want, &got, sizeof want) != 0)
            fail_msg("%s: other bytes than expected", rows[i].what);
    }
}

static void privilege__of_mild_and_of_strong_limits__is_needed_by_the_strong(void **state)
{
    (void)state;
    static const struct {
        struct limits l;
        bool needed;
    } cases[] = {
        {{.process_memory = MIB, .kill_on_job_close = YES}, false},
        {{.scheduling_class = {true, 5}}, false},
        {{.scheduling_class = {true, 6}}, true},
        {{.priority_class = PRIORITY_IDLE}, true},
        {{.working_set_min = MIB, .working_set_max = MIB}, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kernel_limits k;
        kernel_limits_map(&cases[i].l, &one_group, NULL, &k);
        assert_int_equal(kernel_limits_need_privilege(&k), cases[i].needed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map__one_thing_set__has_these_bytes_and_zeros_elsewhere),
        cmocka_unit_test(privilege__of_mild_and_of_strong_limits__is_needed_by_the_strong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
