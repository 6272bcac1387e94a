/* limits.c - the limits of one job file section, asked by their number. */
#include "config/limits.h"

const char *const reaction_names[REACTIONS] = {
    [REACTION_UNSAID] = "",         [REACTION_LOG] = "log",   [REACTION_HOOK] = "hook",
    [REACTION_RESTART] = "restart", [REACTION_STOP] = "stop", [REACTION_TERMINATE] = "terminate",
};

uint32_t cpu_share_of(const struct cpu_share *s, uint32_t cpus)
{
    uint64_t v = 0;
    if (s->unit == CPU_OF_MACHINE)
        v = s->value;
    else if (s->unit == CPU_PROCESSORS)
        v = ((uint64_t)s->value * 10 + cpus / 2) / (cpus ? cpus : 1);
    else
        return 0;
    return v < 1 ? 1 : v > 10000 ? 10000 : (uint32_t)v;
}

static uint64_t percent_of(const struct rate_notice *r)
{
    return (uint64_t)r->tolerance * 20;
}

uint64_t limits_value(const struct limits *l, enum limit_id id, uint32_t cpus)
{
    switch (id) {
    case LIMIT_PROCESS_MEMORY:
        return l->process_memory;
    case LIMIT_JOB_MEMORY:
        return l->job_memory;
    case LIMIT_PROCESS_TIME:
        return l->process_time;
    case LIMIT_JOB_TIME:
        return l->job_time;
    case LIMIT_ACTIVE_PROCESS:
        return l->active_process;
    case LIMIT_NOTIFY_JOB_MEMORY_HIGH:
        return l->notify_job_memory_high;
    case LIMIT_NOTIFY_JOB_MEMORY_LOW:
        return l->notify_job_memory_low;
    case LIMIT_NOTIFY_JOB_TIME:
        return l->notify_job_time;
    case LIMIT_NOTIFY_IO_READ_BYTES:
        return l->notify_io_read_bytes;
    case LIMIT_NOTIFY_IO_WRITE_BYTES:
        return l->notify_io_write_bytes;
    case LIMIT_NOTIFY_CPU_RATE:
        return percent_of(&l->notify_cpu_rate);
    case LIMIT_NOTIFY_NET_RATE:
        return percent_of(&l->notify_net_rate);
    case LIMIT_GUARD_COMMIT:
        return l->guard_commit.value;
    case LIMIT_GUARD_HANDLES:
        return l->guard_handles.value;
    case LIMIT_GUARD_THREADS:
        return l->guard_threads.value;
    case LIMIT_GUARD_CPU:
        return cpu_share_of(&l->guard_cpu.share, cpus);
    default:
        return 0;
    }
}

/* Of those that just hold. */
static bool have_fixed(const struct limits *l, enum limit_id id)
{
    switch (id) {
    case LIMIT_WORKING_SET_MIN:
        return l->working_set_min != 0;
    case LIMIT_WORKING_SET_MAX:
        return l->working_set_max != 0;
    case LIMIT_CPU_RATE_CAP:
        return l->cpu_rate_cap.unit != CPU_UNLIMITED;
    case LIMIT_CPU_RATE_SOFT_CAP:
        return l->cpu_rate_soft_cap.unit != CPU_UNLIMITED;
    case LIMIT_CPU_RATE_WEIGHT:
        return l->cpu_rate_weight != 0;
    case LIMIT_CPU_RATE_MIN:
        return l->cpu_rate_min.unit != CPU_UNLIMITED;
    case LIMIT_CPU_RATE_MAX:
        return l->cpu_rate_max.unit != CPU_UNLIMITED;
    case LIMIT_AFFINITY:
        return l->affinity.n != 0;
    case LIMIT_SUBSET_AFFINITY:
        return l->subset_affinity == YES;
    case LIMIT_PRIORITY_CLASS:
        return l->priority_class != PRIORITY_INHERITED;
    case LIMIT_SCHEDULING_CLASS:
        return l->scheduling_class.set;
    case LIMIT_BREAKAWAY:
        return l->breakaway != BREAKAWAY_NO;
    case LIMIT_KILL_ON_JOB_CLOSE:
        return l->kill_on_job_close == YES;
    case LIMIT_DIE_ON_UNHANDLED_EXCEPTION:
        return l->die_on_unhandled_exception == YES;
    case LIMIT_NET_MAX_BANDWIDTH:
        return l->net_max_bandwidth != 0;
    case LIMIT_NET_DSCP_TAG:
        return l->net_dscp_tag.set;
    case LIMIT_UI_RESTRICTIONS:
        return l->ui_restrictions != 0;
    default:
        return false;
    }
}

bool limits_have(const struct limits *l, enum limit_id id)
{
    return id < LIMIT_REACHABLE ? limits_value(l, id, 1) != 0 : have_fixed(l, id);
}

enum reaction limits_reaction(const struct limits *l, enum limit_id id)
{
    if (id < LIMIT_REACHABLE && l->on_limit_key[id] != REACTION_UNSAID)
        return l->on_limit_key[id];
    return l->on_limit == REACTION_UNSAID ? REACTION_LOG : l->on_limit;
}
