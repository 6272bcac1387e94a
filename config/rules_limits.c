/* rules_limits.c - the limits of one level against each other: what Windows refuses, and what can
 * never come true. */
#include "config/rules_scope.h"

#include <stdio.h>
#include <string.h>

/* --- what Windows refuses ----------------------------------------------------------- */
static void rule_working_set(struct loader *l, const struct scope *s)
{
    char a[LIMIT_TEXT], b[LIMIT_TEXT];
    uint64_t min = s->limits->working_set_min, max = s->limits->working_set_max;
    const char *has = min ? "working_set_min" : "working_set_max";
    const char *lacks = min ? "working_set_max" : "working_set_min";
    if ((min == 0) != (max == 0) && scope_lacks(s, lacks))
        report(l, CODE_WORKING_SET, scope_place(s, has),
               "%s is set without %s, and Windows takes only both; add %s", has, lacks, lacks);
    else if (min > max && max > 0)
        report(l, CODE_WORKING_SET,
               scope_place(s, scope_later(s, "working_set_min", "working_set_max")),
               "working_set_min %s is more than working_set_max %s; lower it",
               limit_text(s->limits, LIMIT_WORKING_SET_MIN, a),
               limit_text(s->limits, LIMIT_WORKING_SET_MAX, b));
}

/* Each alone, but for min and max. */
static void rule_cpu_modes(struct loader *l, const struct scope *s)
{
    static const enum limit_id modes[] = {LIMIT_CPU_RATE_CAP, LIMIT_CPU_RATE_SOFT_CAP,
                                          LIMIT_CPU_RATE_WEIGHT, LIMIT_CPU_RATE_MIN,
                                          LIMIT_CPU_RATE_MAX};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (!limits_have(s->limits, modes[i]))
            continue;
        const char *key = limit_key(modes[i]);
        if (!first) {
            first = key;
            if (modes[i] == LIMIT_CPU_RATE_MIN)
                return;
            continue;
        }
        const char *later = scope_later(s, first, key);
        report(l, CODE_CPU_MODES, scope_place(s, later),
               "%s and %s exclude each other, as a Job Object shares the CPU in one way; keep one "
               "(and say 'none' for one that comes from elsewhere)",
               later, later == first ? key : first);
        if (modes[i] == LIMIT_CPU_RATE_MIN)
            return; /* its max is part of the same mistake */
    }
}

static void rule_cpu_range(struct loader *l, const struct scope *s)
{
    char a[LIMIT_TEXT], b[LIMIT_TEXT];
    const struct cpu_share *min = &s->limits->cpu_rate_min, *max = &s->limits->cpu_rate_max;
    bool other = s->limits->cpu_rate_cap.unit || s->limits->cpu_rate_soft_cap.unit ||
                 s->limits->cpu_rate_weight;
    if (max->unit == CPU_UNLIMITED || other)
        return; /* rule_cpu_modes() speaks of others */
    if (min->unit == CPU_UNLIMITED && scope_lacks(s, "cpu_rate_min"))
        report(l, CODE_CPU_RANGE, scope_place(s, "cpu_rate_max"),
               "cpu_rate_max is set without cpu_rate_min; add it, or for an upper bound alone use "
               "cpu_rate_cap");
    else if (min->unit == max->unit && min->value > max->value)
        report(l, CODE_CPU_RANGE, scope_place(s, scope_later(s, "cpu_rate_min", "cpu_rate_max")),
               "cpu_rate_min %s is more than cpu_rate_max %s; lower it",
               limit_text(s->limits, LIMIT_CPU_RATE_MIN, a),
               limit_text(s->limits, LIMIT_CPU_RATE_MAX, b));
}

static void rule_subset(struct loader *l, const struct scope *s)
{
    const struct limits *m = s->limits;
    if (m->subset_affinity == YES && m->affinity.n == 0 && scope_lacks(s, "affinity"))
        report(l, CODE_LACKS_LIMIT, scope_place(s, "subset_affinity"),
               "subset_affinity needs affinity, of which it allows a part; add it");
}

static bool has_cpu_rate(const struct limits *m)
{
    return m->cpu_rate_cap.unit || m->cpu_rate_soft_cap.unit || m->cpu_rate_min.unit ||
           m->cpu_rate_max.unit;
}

static bool lacks_cpu_rate(const struct scope *s)
{
    return scope_lacks(s, "cpu_rate_cap") && scope_lacks(s, "cpu_rate_soft_cap") &&
           scope_lacks(s, "cpu_rate_min") && scope_lacks(s, "cpu_rate_max");
}

static void rule_rate_notices(struct loader *l, const struct scope *s)
{
    const struct limits *m = s->limits;
    bool no_rate = m->notify_cpu_rate.tolerance && !has_cpu_rate(m) && lacks_cpu_rate(s);
    if (no_rate && m->cpu_rate_weight)
        report(l, CODE_POINTLESS_LIMIT, scope_place(s, "notify_cpu_rate"),
               "cpu_rate_weight sets no rate that could be exceeded, so notify_cpu_rate is never "
               "reached; take it out, or use cpu_rate_soft_cap");
    else if (no_rate)
        report(l, CODE_LACKS_LIMIT, scope_place(s, "notify_cpu_rate"),
               "notify_cpu_rate needs a rate that can be exceeded beside it: cpu_rate_cap, "
               "cpu_rate_soft_cap or cpu_rate_min; add one");
    if (m->notify_net_rate.tolerance && !m->net_max_bandwidth &&
        scope_lacks(s, "net_max_bandwidth"))
        report(l, CODE_LACKS_LIMIT, scope_place(s, "notify_net_rate"),
               "notify_net_rate needs net_max_bandwidth beside it; add it");
}

/* --- what is never reached, or always ----------------------------------------------- */
static void rule_order(struct loader *l, const struct scope *s, enum limit_id id,
                       enum limit_id bound, bool at_it_too)
{
    char a[LIMIT_TEXT], b[LIMIT_TEXT];
    uint64_t v = limits_value(s->limits, id, 1), top = limits_value(s->limits, bound, 1);
    if (v == 0 || top == 0 || v < top || (v == top && !at_it_too))
        return;
    report(l, CODE_POINTLESS_LIMIT, scope_place(s, limit_key(id)),
           "%s %s is %s %s %s, so it is never reached; lower it", limit_key(id),
           limit_text(s->limits, id, a), at_it_too ? "not below" : "more than", limit_key(bound),
           limit_text(s->limits, bound, b));
}

static void rule_low(struct loader *l, const struct scope *s)
{
    char a[LIMIT_TEXT], b[LIMIT_TEXT];
    const struct limits *m = s->limits;
    uint64_t low = m->notify_job_memory_low;
    if (low == 0)
        return;
    limit_text(m, LIMIT_NOTIFY_JOB_MEMORY_LOW, a);
    if (m->notify_job_memory_high && low >= m->notify_job_memory_high)
        report(l, CODE_POINTLESS_LIMIT, scope_place(s, "notify_job_memory_low"),
               "notify_job_memory_low %s is not below notify_job_memory_high %s, so one of the two "
               "is always reached; lower it",
               a, limit_text(m, LIMIT_NOTIFY_JOB_MEMORY_HIGH, b));
    else if (m->job_memory && low >= m->job_memory)
        report(l, CODE_POINTLESS_LIMIT, scope_place(s, "notify_job_memory_low"),
               "notify_job_memory_low %s is not below job_memory_limit %s, so it is always "
               "reached; lower it",
               a, limit_text(m, LIMIT_JOB_MEMORY, b));
}

/* A guard of CPU use where a hard cap holds the use below it. */
static void rule_guard_cpu(struct loader *l, const struct scope *s)
{
    char a[LIMIT_TEXT], b[LIMIT_TEXT];
    const struct limits *m = s->limits;
    bool capped = m->cpu_rate_cap.unit != CPU_UNLIMITED;
    const struct cpu_share *top = capped ? &m->cpu_rate_cap : &m->cpu_rate_max;
    enum limit_id bound = capped ? LIMIT_CPU_RATE_CAP : LIMIT_CPU_RATE_MAX;
    if (m->guard_cpu.share.unit == CPU_UNLIMITED || m->guard_cpu.share.unit != top->unit ||
        m->guard_cpu.share.value < top->value)
        return;
    report(l, CODE_POINTLESS_LIMIT, scope_place(s, "guard_cpu"),
           "guard_cpu %s is not below %s %s, so it is never reached; lower it",
           limit_text(m, LIMIT_GUARD_CPU, a), limit_key(bound), limit_text(m, bound, b));
}

static void rule_orders(struct loader *l, const struct scope *s)
{
    rule_order(l, s, LIMIT_PROCESS_MEMORY, LIMIT_JOB_MEMORY, false);
    rule_order(l, s, LIMIT_NOTIFY_JOB_MEMORY_HIGH, LIMIT_JOB_MEMORY, true);
    rule_order(l, s, LIMIT_GUARD_COMMIT, LIMIT_JOB_MEMORY, true);
    rule_low(l, s);
    rule_guard_cpu(l, s);
    if (s->limits->job_time_action == TIME_NOTIFY)
        return; /* the processes go on, so later limits are reached too */
    rule_order(l, s, LIMIT_PROCESS_TIME, LIMIT_JOB_TIME, false);
    rule_order(l, s, LIMIT_NOTIFY_JOB_TIME, LIMIT_JOB_TIME, true);
}

/* --- what is never used ------------------------------------------------------------- */
static bool has_hook(const struct limits *m)
{
    return m->hook_limit && *m->hook_limit;
}

static bool reachable(const struct limits *m, enum reaction with)
{
    for (int i = 0; i < LIMIT_REACHABLE; i++)
        if (limits_have(m, (enum limit_id)i) &&
            (with == REACTION_UNSAID || limits_reaction(m, (enum limit_id)i) == with))
            return true;
    return false;
}

/* Only what stands in the section itself: elsewhere it may be meant for others. */
static void rule_unused(struct loader *l, const struct scope *s)
{
    const struct limits *m = s->limits;
    char each[LIMIT_TEXT];
    if (s->doubtful)
        return;
    if (m->job_time_action != TIME_TERMINATE && scope_own(s, "job_time_action") &&
        m->job_time == 0 && scope_good(s, "job_time_limit"))
        report(l, CODE_UNUSED_REACTION, scope_place(s, "job_time_action"),
               "job_time_action does nothing without job_time_limit; add it");
    for (int i = 0; i < LIMIT_REACHABLE; i++) {
        if (!m->on_limit_key[i] || limits_have(m, (enum limit_id)i))
            continue;
        const char *key = limit_key((enum limit_id)i);
        snprintf(each, sizeof each, "on_limit.%s", key);
        if (scope_own(s, each) && scope_good(s, key))
            report(l, CODE_UNUSED_REACTION, scope_place(s, each),
                   "%s says what follows on %s, which is not set here; set it, or take this out",
                   each, key);
    }
    if (scope_own(s, "on_limit") && m->on_limit != REACTION_LOG && !reachable(m, REACTION_UNSAID))
        report(l, CODE_UNUSED_REACTION, scope_place(s, "on_limit"),
               "no limit that could be reached is set here, so on_limit = %s never happens; set a "
               "limit, or take this out",
               reaction_names[m->on_limit]);
    if (has_hook(m) && scope_own(s, "hook_limit") && !reachable(m, REACTION_HOOK))
        report(l, CODE_UNUSED_REACTION, scope_place(s, "hook_limit"),
               "hook_limit is never run; set on_limit = hook, or on_limit.KEY = hook for one limit "
               "that is set here");
}

static void rule_hook(struct loader *l, const struct scope *s)
{
    const struct limits *m = s->limits;
    char each[LIMIT_TEXT] = "on_limit";
    bool wanted = m->on_limit == REACTION_HOOK;
    for (int i = 0; i < LIMIT_REACHABLE && !wanted; i++) {
        wanted = m->on_limit_key[i] == REACTION_HOOK;
        if (wanted)
            snprintf(each, sizeof each, "on_limit.%s", limit_key((enum limit_id)i));
    }
    if (wanted && !has_hook(m) && scope_lacks(s, "hook_limit"))
        report(l, CODE_MISSING_HOOK, scope_place(s, each),
               "%s is 'hook', but there is no hook_limit to run; add it", each);
}

void rules_alone(struct loader *l, const struct scope *s)
{
    rule_working_set(l, s);
    rule_cpu_modes(l, s);
    rule_cpu_range(l, s);
    rule_subset(l, s);
    rule_rate_notices(l, s);
    rule_orders(l, s);
    rule_hook(l, s);
    rule_unused(l, s);
}
