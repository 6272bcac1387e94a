/* probe_sample.c - one limit at a time, with a value that every kernel that knows it takes.  Pure.
 *
 * The values are mild, so that no privilege is needed where a limit can do without one, and whole
 * pages, which is how Windows keeps sizes. */
#include "service/job/probe_impl.h"

#include "config/schema.h"

#include <string.h>

enum { MIB = 1 << 20, HOUR_MS = 3600000, TENTH = 1000 };

static const struct limits samples = {
    .process_memory = 64 * MIB,
    .job_memory = 64 * MIB,
    .working_set_min = MIB,
    .working_set_max = 4 * MIB,
    .process_time = HOUR_MS,
    .job_time = HOUR_MS,
    .cpu_rate_cap = {CPU_OF_MACHINE, TENTH},
    .cpu_rate_soft_cap = {CPU_OF_MACHINE, TENTH},
    .cpu_rate_min = {CPU_OF_MACHINE, 1}, /* those of all jobs may be 100 % in sum */
    .cpu_rate_max = {CPU_OF_MACHINE, TENTH},
    .cpu_rate_weight = 4,
    .subset_affinity = YES,
    .priority_class = PRIORITY_BELOW_NORMAL,
    .scheduling_class = {true, 4},
    .active_process = 10,
    .breakaway = BREAKAWAY_EXPLICIT,
    .kill_on_job_close = YES,
    .die_on_unhandled_exception = YES,
    .net_max_bandwidth = MIB,
    .net_dscp_tag = {true, 8},
    .ui_restrictions = UI_EXITWINDOWS,
    .notify_job_memory_high = 64 * MIB,
    .notify_job_memory_low = MIB,
    .notify_job_time = HOUR_MS,
    .notify_io_read_bytes = 64 * MIB,
    .notify_io_write_bytes = 64 * MIB,
    .notify_cpu_rate = {TOLERANCE_MEDIUM, INTERVAL_MEDIUM},
    .notify_net_rate = {TOLERANCE_MEDIUM, INTERVAL_MEDIUM},
    .guard_commit = {64 * MIB, 0},
    .guard_handles = {1000, 0},
    .guard_threads = {1000, 0},
    .guard_cpu = {{CPU_OF_MACHINE, TENTH}, 0},
};

static const enum limit_id needs[][2] = {
    {LIMIT_WORKING_SET_MIN, LIMIT_WORKING_SET_MAX},
    {LIMIT_WORKING_SET_MAX, LIMIT_WORKING_SET_MIN},
    {LIMIT_CPU_RATE_MAX, LIMIT_CPU_RATE_MIN},
    {LIMIT_SUBSET_AFFINITY, LIMIT_AFFINITY},
    {LIMIT_NOTIFY_CPU_RATE, LIMIT_CPU_RATE_CAP},
    {LIMIT_NOTIFY_NET_RATE, LIMIT_NET_MAX_BANDWIDTH},
};

static void take(enum limit_id id, const struct machine *m, struct limits *ret)
{
    const struct field *f = schema_limit(id);
    if (id == LIMIT_AFFINITY)
        ret->affinity = (struct cpu_set){m->groups, m->group};
    else
        memcpy((char *)ret + f->offset, (const char *)&samples + f->offset, f->size);
}

void probe_sample(enum limit_id id, const struct machine *m, struct limits *ret)
{
    memset(ret, 0, sizeof *ret);
    take(id, m, ret);
    if (id == LIMIT_JOB_TIME)
        ret->job_time_action = TIME_NOTIFY; /* class 6, which is to be tried too */
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (needs[i][0] == id)
            take(needs[i][1], m, ret);
}
