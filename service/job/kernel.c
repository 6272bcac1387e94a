/* kernel.c - from the limits of a job file to the structs of SetInformationJobObject.  Pure. */
#include "service/job/kernel_impl.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(SIZE_T) == sizeof(uint64_t), "sizes of a job file are not cut");

/* What there is to map, and for whom. */
struct wish {
    const struct limits *l;
    const struct machine *m;
    const bool *holds;
};

static bool want(const struct wish *w, enum limit_id id)
{
    return limits_have(w->l, id) && (!w->holds || w->holds[id]);
}

/* Milliseconds in Windows' units of 100 ns. */
static LONGLONG ticks(uint64_t ms)
{
    return ms > INT64_MAX / 10000 ? INT64_MAX : (LONGLONG)(ms * 10000);
}

static DWORD share(const struct wish *w, const struct cpu_share *s)
{
    return cpu_share_of(s, w->m->cpus);
}

static void map_memory(const struct wish *w, JOBOBJECT_EXTENDED_LIMIT_INFORMATION *x)
{
    JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &x->BasicLimitInformation;
    if (want(w, LIMIT_PROCESS_MEMORY)) {
        b->LimitFlags |= JOB_OBJECT_LIMIT_PROCESS_MEMORY;
        x->ProcessMemoryLimit = w->l->process_memory;
    }
    if (want(w, LIMIT_JOB_MEMORY)) {
        b->LimitFlags |= JOB_OBJECT_LIMIT_JOB_MEMORY;
        x->JobMemoryLimit = w->l->job_memory;
    }
    if (want(w, LIMIT_WORKING_SET_MIN) && want(w, LIMIT_WORKING_SET_MAX)) {
        b->LimitFlags |= JOB_OBJECT_LIMIT_WORKINGSET;
        b->MinimumWorkingSetSize = w->l->working_set_min;
        b->MaximumWorkingSetSize = w->l->working_set_max;
    }
}

static void map_time(const struct wish *w, struct kernel_limits *k)
{
    JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &k->extended.BasicLimitInformation;
    if (want(w, LIMIT_PROCESS_TIME)) {
        b->LimitFlags |= JOB_OBJECT_LIMIT_PROCESS_TIME;
        b->PerProcessUserTimeLimit.QuadPart = ticks(w->l->process_time);
    }
    if (want(w, LIMIT_JOB_TIME)) {
        b->LimitFlags |= JOB_OBJECT_LIMIT_JOB_TIME;
        b->PerJobUserTimeLimit.QuadPart = ticks(w->l->job_time);
        k->end_of_job.EndOfJobTimeAction = w->l->job_time_action == TIME_NOTIFY
                                               ? JOB_OBJECT_POST_AT_END_OF_JOB
                                               : JOB_OBJECT_TERMINATE_AT_END_OF_JOB;
    }
}

DWORD kernel_priority(enum priority p)
{
    static const DWORD classes[] = {
        [PRIORITY_IDLE] = IDLE_PRIORITY_CLASS,
        [PRIORITY_BELOW_NORMAL] = BELOW_NORMAL_PRIORITY_CLASS,
        [PRIORITY_NORMAL] = NORMAL_PRIORITY_CLASS,
        [PRIORITY_ABOVE_NORMAL] = ABOVE_NORMAL_PRIORITY_CLASS,
        [PRIORITY_HIGH] = HIGH_PRIORITY_CLASS,
        [PRIORITY_REALTIME] = REALTIME_PRIORITY_CLASS,
    };
    return classes[p];
}

static void map_processes(const struct wish *w, JOBOBJECT_BASIC_LIMIT_INFORMATION *b)
{
    if (want(w, LIMIT_ACTIVE_PROCESS)) {
        b->LimitFlags |= JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
        b->ActiveProcessLimit = w->l->active_process;
    }
    if (want(w, LIMIT_PRIORITY_CLASS)) {
        b->LimitFlags |= JOB_OBJECT_LIMIT_PRIORITY_CLASS;
        b->PriorityClass = kernel_priority(w->l->priority_class);
    }
    if (want(w, LIMIT_SCHEDULING_CLASS)) {
        b->LimitFlags |= JOB_OBJECT_LIMIT_SCHEDULING_CLASS;
        b->SchedulingClass = w->l->scheduling_class.value;
    }
    /* Silent needs no BREAKAWAY_OK beside it: then no child ever joins, whether it asks or not. */
    if (want(w, LIMIT_BREAKAWAY))
        b->LimitFlags |= w->l->breakaway == BREAKAWAY_SILENT ? JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK
                                                             : JOB_OBJECT_LIMIT_BREAKAWAY_OK;
    if (want(w, LIMIT_KILL_ON_JOB_CLOSE))
        b->LimitFlags |= JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (want(w, LIMIT_DIE_ON_UNHANDLED_EXCEPTION))
        b->LimitFlags |= JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
}

/* SUBSET_AFFINITY is a flag of class 9 and must be combined with AFFINITY there, and once a job has
 * groups by class 14 Windows refuses AFFINITY; so with class 14 it is left out.  (Its threads may
 * choose among the job's processors in either case.) */
static void map_affinity(const struct wish *w, struct kernel_limits *k)
{
    JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &k->extended.BasicLimitInformation;
    const struct cpu_set *s = &w->l->affinity;
    if (!want(w, LIMIT_AFFINITY))
        return;
    if (w->m->groups == 1 && s->n == 1 && s->group[0].group == 0) {
        b->LimitFlags |= JOB_OBJECT_LIMIT_AFFINITY;
        b->Affinity = s->group[0].mask;
        if (want(w, LIMIT_SUBSET_AFFINITY))
            b->LimitFlags |= JOB_OBJECT_LIMIT_SUBSET_AFFINITY;
        return;
    }
    for (; k->affinities < s->n && k->affinities < CPU_GROUPS_MAX; k->affinities++) {
        k->affinity[k->affinities].Mask = s->group[k->affinities].mask;
        k->affinity[k->affinities].Group = s->group[k->affinities].group;
    }
}

/* A maximum without a minimum is a hard cap, which has the same effect and takes no part in the sum
 * of all minimum rates that Windows checks. */
static void map_cpu(const struct wish *w, struct jw_cpu_rate *c)
{
    if (want(w, LIMIT_CPU_RATE_CAP)) {
        c->flags = JW_CPU_ENABLE | JW_CPU_HARD_CAP;
        c->u.rate = share(w, &w->l->cpu_rate_cap);
    } else if (want(w, LIMIT_CPU_RATE_SOFT_CAP)) {
        c->flags = JW_CPU_ENABLE;
        c->u.rate = share(w, &w->l->cpu_rate_soft_cap);
    } else if (want(w, LIMIT_CPU_RATE_WEIGHT)) {
        c->flags = JW_CPU_ENABLE | JW_CPU_WEIGHT;
        c->u.weight = w->l->cpu_rate_weight;
    } else if (want(w, LIMIT_CPU_RATE_MIN)) {
        DWORD max = want(w, LIMIT_CPU_RATE_MAX) ? share(w, &w->l->cpu_rate_max) : 10000;
        c->flags = JW_CPU_ENABLE | JW_CPU_MIN_MAX;
        c->u.range.min = (WORD)share(w, &w->l->cpu_rate_min);
        c->u.range.max = (WORD)max;
    } else if (want(w, LIMIT_CPU_RATE_MAX)) {
        c->flags = JW_CPU_ENABLE | JW_CPU_HARD_CAP;
        c->u.rate = share(w, &w->l->cpu_rate_max);
    }
    /* A weight sets no rate that could be exceeded: nothing says that Windows takes both. */
    if (c->flags && !(c->flags & JW_CPU_WEIGHT) && want(w, LIMIT_NOTIFY_CPU_RATE))
        c->flags |= JW_CPU_NOTIFY;
}

static void map_net(const struct wish *w, struct jw_net_rate *n)
{
    if (want(w, LIMIT_NET_MAX_BANDWIDTH)) {
        n->flags |= JW_NET_ENABLE | JW_NET_MAX_BANDWIDTH;
        n->max_bandwidth = w->l->net_max_bandwidth;
    }
    if (want(w, LIMIT_NET_DSCP_TAG)) {
        n->flags |= JW_NET_ENABLE | JW_NET_DSCP_TAG;
        n->dscp_tag = w->l->net_dscp_tag.value;
    }
}

/* A rate can only be told of where it is controlled. */
static void map_rate_notices(const struct wish *w, struct kernel_limits *k)
{
    struct jw_notify_2 *n = &k->notify;
    if (k->cpu.flags & JW_CPU_NOTIFY) {
        n->flags |= JW_NOTIFY_CPU_RATE;
        n->cpu_tolerance = (DWORD)w->l->notify_cpu_rate.tolerance;
        n->cpu_interval = (DWORD)w->l->notify_cpu_rate.interval;
    }
    if ((k->net.flags & JW_NET_MAX_BANDWIDTH) && want(w, LIMIT_NOTIFY_NET_RATE)) {
        n->flags |= JW_NOTIFY_NET_RATE;
        n->net_tolerance = (DWORD)w->l->notify_net_rate.tolerance;
        n->net_interval = (DWORD)w->l->notify_net_rate.interval;
    }
}

static void map_notices(const struct wish *w, struct jw_notify_2 *n)
{
    if (want(w, LIMIT_NOTIFY_JOB_MEMORY_HIGH)) {
        n->flags |= JW_NOTIFY_MEMORY_HIGH;
        n->memory_high = w->l->notify_job_memory_high;
    }
    if (want(w, LIMIT_NOTIFY_JOB_MEMORY_LOW)) {
        n->flags |= JW_NOTIFY_MEMORY_LOW;
        n->memory_low = w->l->notify_job_memory_low;
    }
    if (want(w, LIMIT_NOTIFY_JOB_TIME)) {
        n->flags |= JW_NOTIFY_JOB_TIME;
        n->user_time.QuadPart = ticks(w->l->notify_job_time);
    }
    if (want(w, LIMIT_NOTIFY_IO_READ_BYTES)) {
        n->flags |= JW_NOTIFY_READ_BYTES;
        n->read_bytes = w->l->notify_io_read_bytes;
    }
    if (want(w, LIMIT_NOTIFY_IO_WRITE_BYTES)) {
        n->flags |= JW_NOTIFY_WRITE_BYTES;
        n->write_bytes = w->l->notify_io_write_bytes;
    }
}

void kernel_limits_map(const struct limits *l, const struct machine *m, const bool *holds,
                       struct kernel_limits *ret)
{
    const struct wish w = {l, m, holds};
    memset(ret, 0, sizeof *ret); /* not by {0}, which may leave padding as it was */
    map_memory(&w, &ret->extended);
    map_time(&w, ret);
    map_processes(&w, &ret->extended.BasicLimitInformation);
    map_affinity(&w, ret);
    map_cpu(&w, &ret->cpu);
    map_net(&w, &ret->net);
    map_notices(&w, &ret->notify);
    map_rate_notices(&w, ret);
    if (want(&w, LIMIT_UI_RESTRICTIONS))
        ret->ui.UIRestrictionsClass = l->ui_restrictions;
}

/* For a working set Windows' documentation does not ask for it, others enable it all the same. */
bool kernel_limits_need_privilege(const struct kernel_limits *k)
{
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &k->extended.BasicLimitInformation;
    return (b->LimitFlags & (JOB_OBJECT_LIMIT_PRIORITY_CLASS | JOB_OBJECT_LIMIT_WORKINGSET)) ||
           ((b->LimitFlags & JOB_OBJECT_LIMIT_SCHEDULING_CLASS) && b->SchedulingClass > 5);
}
