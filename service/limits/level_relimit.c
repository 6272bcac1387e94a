/* level_relimit.c - other limits for a level that may have a Job Object. */
#include "service/limits/level_impl.h"

#include <stdlib.h>

static bool any_reachable(const struct limits *l)
{
    for (int i = 0; i < LIMIT_REACHABLE; i++)
        if (limits_have(l, (enum limit_id)i))
            return true;
    return false;
}

enum st level_reserve(struct level *v, const struct limits *l)
{
    struct level_state *s = !v->state && any_reachable(l) ? calloc(1, sizeof *s) : NULL;
    bool metered = v->begun && !v->meter && holders_need_samples(v->holders, l);
    struct meter *m = metered ? meter_new() : NULL;
    if ((!s && !v->state && any_reachable(l)) || (metered && !m)) {
        free(s);
        meter_free(m);
        return ST_NOMEM;
    }
    if (s) {
        level_forget(s);
        v->state = s;
    }
    if (m)
        v->meter = m; /* what its processes used so far it learns from its first sample */
    return ST_OK;
}

/* What a limit says beside its value. */
static bool same_terms(const struct limits *a, const struct limits *b, enum limit_id id)
{
    switch (id) {
    case LIMIT_JOB_TIME:
        return a->job_time_action == b->job_time_action;
    case LIMIT_NOTIFY_CPU_RATE:
        return a->notify_cpu_rate.interval == b->notify_cpu_rate.interval;
    case LIMIT_NOTIFY_NET_RATE:
        return a->notify_net_rate.interval == b->notify_net_rate.interval;
    case LIMIT_GUARD_COMMIT:
        return a->guard_commit.for_ms == b->guard_commit.for_ms;
    case LIMIT_GUARD_HANDLES:
        return a->guard_handles.for_ms == b->guard_handles.for_ms;
    case LIMIT_GUARD_THREADS:
        return a->guard_threads.for_ms == b->guard_threads.for_ms;
    case LIMIT_GUARD_CPU:
        return a->guard_cpu.for_ms == b->guard_cpu.for_ms;
    default:
        return true;
    }
}

/* As of a new Job Object. */
static void forget_one(struct level_state *s, enum limit_id id)
{
    size_t total = level_total(id);
    s->crossing[id] = (struct crossing){.said = id == LIMIT_NOTIFY_JOB_MEMORY_LOW};
    if (id == LIMIT_PROCESS_TIME)
        s->timed = (struct crossing_pids){.turn = 0};
    if (total < LEVEL_TOTALS) {
        s->threshold[total] = 0;
        s->by_kernel[total] = false;
    }
}

enum st level_relimit(struct level *v, const struct limits *l)
{
    const struct limits *was = v->limits;
    v->limits = l;
    for (int i = 0; v->state && i < LIMIT_REACHABLE; i++) {
        enum limit_id id = (enum limit_id)i;
        if (limits_value(was, id, v->cpus) != limits_value(l, id, v->cpus) ||
            !same_terms(was, l, id))
            forget_one(v->state, id);
    }
    return level_reserve(v, l);
}
