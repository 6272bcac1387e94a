/* kernel_back.c - kernel.c the other way round, for the words of an error and for comparing.
 * Pure. */
#include "service/job/kernel_impl.h"

#include <string.h>

static uint64_t ms(LARGE_INTEGER t)
{
    return (uint64_t)t.QuadPart / 10000;
}

static struct cpu_share of_machine(DWORD rate)
{
    return (struct cpu_share){CPU_OF_MACHINE, rate};
}

static void back_numbers(const JOBOBJECT_EXTENDED_LIMIT_INFORMATION *x, struct limits *l)
{
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &x->BasicLimitInformation;
    DWORD flags = b->LimitFlags;
    if (flags & JOB_OBJECT_LIMIT_PROCESS_MEMORY)
        l->process_memory = x->ProcessMemoryLimit;
    if (flags & JOB_OBJECT_LIMIT_JOB_MEMORY)
        l->job_memory = x->JobMemoryLimit;
    if (flags & JOB_OBJECT_LIMIT_WORKINGSET) {
        l->working_set_min = b->MinimumWorkingSetSize;
        l->working_set_max = b->MaximumWorkingSetSize;
    }
    if (flags & JOB_OBJECT_LIMIT_PROCESS_TIME)
        l->process_time = ms(b->PerProcessUserTimeLimit);
    if (flags & JOB_OBJECT_LIMIT_JOB_TIME)
        l->job_time = ms(b->PerJobUserTimeLimit);
    if (flags & JOB_OBJECT_LIMIT_ACTIVE_PROCESS)
        l->active_process = b->ActiveProcessLimit;
    if (flags & JOB_OBJECT_LIMIT_SCHEDULING_CLASS)
        l->scheduling_class = (struct small){true, (uint8_t)b->SchedulingClass};
}

static void back_words(const JOBOBJECT_BASIC_LIMIT_INFORMATION *b, struct limits *l)
{
    DWORD flags = b->LimitFlags;
    for (enum priority p = PRIORITY_IDLE; p <= PRIORITY_REALTIME; p++)
        if ((flags & JOB_OBJECT_LIMIT_PRIORITY_CLASS) && b->PriorityClass == kernel_priority(p))
            l->priority_class = p;
    if (flags & JOB_OBJECT_LIMIT_BREAKAWAY_OK)
        l->breakaway = BREAKAWAY_EXPLICIT;
    if (flags & JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK)
        l->breakaway = BREAKAWAY_SILENT;
    l->subset_affinity = flags & JOB_OBJECT_LIMIT_SUBSET_AFFINITY ? YES : NO;
    l->kill_on_job_close = flags & JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE ? YES : NO;
    l->die_on_unhandled_exception = flags & JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION ? YES : NO;
}

static void back_affinity(const struct kernel_limits *k, struct limits *l,
                          struct cpu_group group[CPU_GROUPS_MAX])
{
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &k->extended.BasicLimitInformation;
    l->affinity.group = group;
    for (; l->affinity.n < k->affinities; l->affinity.n++)
        group[l->affinity.n] =
            (struct cpu_group){k->affinity[l->affinity.n].Group, k->affinity[l->affinity.n].Mask};
    if (k->affinities == 0 && (b->LimitFlags & JOB_OBJECT_LIMIT_AFFINITY))
        group[l->affinity.n++] = (struct cpu_group){0, b->Affinity};
}

static void back_cpu(const struct jw_cpu_rate *c, struct limits *l)
{
    if (!c->flags)
        return;
    if (c->flags & JW_CPU_WEIGHT) {
        l->cpu_rate_weight = c->u.weight;
    } else if (c->flags & JW_CPU_MIN_MAX) {
        l->cpu_rate_min = of_machine(c->u.range.min);
        l->cpu_rate_max = of_machine(c->u.range.max);
    } else if (c->flags & JW_CPU_HARD_CAP) {
        l->cpu_rate_cap = of_machine(c->u.rate);
    } else {
        l->cpu_rate_soft_cap = of_machine(c->u.rate);
    }
}

static void back_net(const struct jw_net_rate *n, struct limits *l)
{
    if (n->flags & JW_NET_MAX_BANDWIDTH)
        l->net_max_bandwidth = n->max_bandwidth;
    if (n->flags & JW_NET_DSCP_TAG)
        l->net_dscp_tag = (struct small){true, n->dscp_tag};
}

static void back_notices(const struct jw_notify_2 *n, struct limits *l)
{
    if (n->flags & JW_NOTIFY_MEMORY_HIGH)
        l->notify_job_memory_high = n->memory_high;
    if (n->flags & JW_NOTIFY_MEMORY_LOW)
        l->notify_job_memory_low = n->memory_low;
    if (n->flags & JW_NOTIFY_JOB_TIME)
        l->notify_job_time = ms(n->user_time);
    if (n->flags & JW_NOTIFY_READ_BYTES)
        l->notify_io_read_bytes = n->read_bytes;
    if (n->flags & JW_NOTIFY_WRITE_BYTES)
        l->notify_io_write_bytes = n->write_bytes;
    if (n->flags & JW_NOTIFY_CPU_RATE)
        l->notify_cpu_rate =
            (struct rate_notice){(enum tolerance)n->cpu_tolerance, (enum interval)n->cpu_interval};
    if (n->flags & JW_NOTIFY_NET_RATE)
        l->notify_net_rate =
            (struct rate_notice){(enum tolerance)n->net_tolerance, (enum interval)n->net_interval};
}

void kernel_limits_back(const struct kernel_limits *k, struct limits *ret,
                        struct cpu_group group[CPU_GROUPS_MAX])
{
    memset(ret, 0, sizeof *ret);
    memset(group, 0, CPU_GROUPS_MAX * sizeof *group);
    back_numbers(&k->extended, ret);
    back_words(&k->extended.BasicLimitInformation, ret);
    back_affinity(k, ret, group);
    back_cpu(&k->cpu, ret);
    back_net(&k->net, ret);
    back_notices(&k->notify, ret);
    ret->job_time_action = k->end_of_job.EndOfJobTimeAction == JOB_OBJECT_POST_AT_END_OF_JOB
                               ? TIME_NOTIFY
                               : TIME_TERMINATE;
    ret->ui_restrictions = k->ui.UIRestrictionsClass;
}
