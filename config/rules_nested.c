/* rules_nested.c - the limits of one level against those of the levels above it. */
#include "config/rules_scope.h"

/* The level above S whose value of ID is the smallest, NULL: none sets it. */
static const struct scope *tightest(const struct scope *s, enum limit_id id)
{
    const struct scope *best = NULL;
    for (s = s->up; s; s = s->up)
        if (limits_have(s->limits, id) &&
            (!best || limits_value(s->limits, id, 1) < limits_value(best->limits, id, 1)))
            best = s;
    return best;
}

static const struct scope *above_with(const struct scope *s, enum limit_id id)
{
    s = s->up;
    while (s && !limits_have(s->limits, id))
        s = s->up;
    return s;
}

/* --- memory ------------------------------------------------------------------------- */
/* Own limit ID where BOUND of a level above is reached first.  WHAT follows from that. */
static void rule_tighter(struct loader *l, const struct scope *s, enum limit_id id,
                         enum limit_id bound, bool at_it_too, const char *what)
{
    char a[LIMIT_TEXT], b[LIMIT_TEXT], c[LIMIT_TEXT];
    const struct scope *up = tightest(s, bound);
    uint64_t v = limits_value(s->limits, id, 1);
    uint64_t top = up ? limits_value(up->limits, bound, 1) : 0;
    uint64_t own = id == bound ? 0 : limits_value(s->limits, bound, 1);
    if (v == 0 || top == 0 || v < top || (v == top && !at_it_too))
        return;
    if (own && own <= top)
        return; /* then the level's own limit is what it cannot reach */
    report(l, CODE_TIGHTER_ABOVE, scope_place(s, limit_key(id)),
           "%s %s is %s the %s %s of %s, so it is %s reached; lower it", limit_key(id),
           limit_text(s->limits, id, a), at_it_too ? "not below" : "more than", limit_key(bound),
           limit_text(up->limits, bound, b), scope_text(up, c), what);
}

static void rule_memory(struct loader *l, const struct scope *s)
{
    rule_tighter(l, s, LIMIT_PROCESS_MEMORY, LIMIT_PROCESS_MEMORY, false, "never");
    rule_tighter(l, s, LIMIT_JOB_MEMORY, LIMIT_JOB_MEMORY, false, "never");
    rule_tighter(l, s, LIMIT_PROCESS_MEMORY, LIMIT_JOB_MEMORY, false, "never");
    rule_tighter(l, s, LIMIT_NOTIFY_JOB_MEMORY_HIGH, LIMIT_JOB_MEMORY, true, "never");
    rule_tighter(l, s, LIMIT_GUARD_COMMIT, LIMIT_JOB_MEMORY, true, "never");
    rule_tighter(l, s, LIMIT_NOTIFY_JOB_MEMORY_LOW, LIMIT_JOB_MEMORY, true, "always");
}

/* --- scheduling --------------------------------------------------------------------- */
static uint64_t mask_in(const struct cpu_set *set, uint16_t group)
{
    for (uint32_t i = 0; i < set->n; i++)
        if (set->group[i].group == group)
            return set->group[i].mask;
    return 0;
}

static void rule_affinity(struct loader *l, const struct scope *s)
{
    char a[LIMIT_TEXT], b[LIMIT_TEXT], c[LIMIT_TEXT];
    const struct scope *up = above_with(s, LIMIT_AFFINITY);
    const struct cpu_set *own = &s->limits->affinity;
    bool beyond = false;
    for (uint32_t i = 0; up && i < own->n; i++)
        beyond =
            beyond || (own->group[i].mask & ~mask_in(&up->limits->affinity, own->group[i].group));
    if (beyond)
        report(l, CODE_TIGHTER_ABOVE, scope_place(s, "affinity"),
               "affinity %s is not within the affinity %s of %s, and Windows then ignores it; take "
               "processors out",
               limit_text(s->limits, LIMIT_AFFINITY, a), limit_text(up->limits, LIMIT_AFFINITY, b),
               scope_text(up, c));
}

/* Windows takes the lower class of all levels. */
static void rule_lower_class(struct loader *l, const struct scope *s, enum limit_id id,
                             unsigned (*class_of)(const struct limits *m))
{
    char a[LIMIT_TEXT], b[LIMIT_TEXT], c[LIMIT_TEXT];
    for (const struct scope *up = s->up; up && limits_have(s->limits, id); up = up->up) {
        if (!limits_have(up->limits, id) || class_of(up->limits) >= class_of(s->limits))
            continue;
        report(l, CODE_TIGHTER_ABOVE, scope_place(s, limit_key(id)),
               "%s %s is above the %s of %s, and Windows takes the lower one; lower it",
               limit_key(id), limit_text(s->limits, id, a), limit_text(up->limits, id, b),
               scope_text(up, c));
        return;
    }
}

static unsigned priority_of(const struct limits *m)
{
    return (unsigned)m->priority_class;
}

static unsigned scheduling_of(const struct limits *m)
{
    return m->scheduling_class.value;
}

/* --- what does not nest ------------------------------------------------------------- */
/* The first key of network rate control that M sets, NULL: none.  Both are the one control of
 * which a hierarchy may have one. */
static const char *net_key(const struct limits *m)
{
    return m->net_max_bandwidth ? "net_max_bandwidth" : m->net_dscp_tag.set ? "net_dscp_tag" : NULL;
}

static void rule_net(struct loader *l, const struct scope *s)
{
    char c[LIMIT_TEXT];
    const char *own = net_key(s->limits);
    for (const struct scope *up = s->up; own && up; up = up->up) {
        const char *other = net_key(up->limits);
        if (!other)
            continue;
        report(l, CODE_NESTED_NET, scope_place(s, own),
               "%s is set here and %s in %s above it, and of nested Job Objects Windows lets only "
               "one have a network limit; take one out",
               own, other, scope_text(up, c));
        return;
    }
}

static void rule_ui(struct loader *l, const struct scope *s)
{
    char c[LIMIT_TEXT];
    if (s->limits->ui_restrictions == 0)
        return;
    if (s->kind)
        report(l, CODE_NESTED_UI, scope_place(s, "ui_restrictions"),
               "ui_restrictions cannot stand in %s, as a Job Object with them can have none below "
               "it; set them in jobs, which then are in no group",
               scope_text(s, c));
    else if (s->up && s->up->kind && s->up->name)
        report(l, CODE_NESTED_UI, scope_place(s, "ui_restrictions"),
               "a job with ui_restrictions cannot be in a group, and this one is in %s, as a Job "
               "Object with them cannot be nested; take out ui_restrictions or group",
               scope_text(s->up, c));
    else if (s->up)
        report(l, CODE_NESTED_UI, scope_place(s, "ui_restrictions"),
               "a job cannot have ui_restrictions while [service] sets limits of the whole fleet, "
               "as a Job Object with them cannot be nested; take out one or the other");
}

/* --- what ends with the job, and what leaves it ------------------------------------- */
static void rule_kill_on_close(struct loader *l, const struct scope *s)
{
    char c[LIMIT_TEXT];
    const struct scope *up = s->up;
    if (s->limits->kill_on_job_close == YES || s->kind)
        return;
    while (up && up->limits->kill_on_job_close == NO)
        up = up->up;
    if (up)
        report(l, CODE_OUTLIVES_SERVICE, scope_place(s, "kill_on_job_close"),
               "kill_on_job_close = no does nothing here, as %s above ends its processes all the "
               "same; say no there too, or take this out",
               scope_text(up, c));
    else
        report(l, CODE_OUTLIVES_SERVICE, scope_place(s, "kill_on_job_close"),
               "with kill_on_job_close = no the processes outlive a service that is killed, and no "
               "later one can take them over; leave it at yes unless you end them yourself");
}

static void rule_breakaway(struct loader *l, const struct scope *s)
{
    char c[LIMIT_TEXT];
    if (s->limits->breakaway == BREAKAWAY_NO || !s->up || s->kind)
        return;
    const struct scope *up = s->up;
    while (up && up->limits->breakaway != BREAKAWAY_NO)
        up = up->up;
    if (up)
        report(
            l, CODE_TIGHTER_ABOVE, scope_place(s, "breakaway"),
            "a child that leaves the job stays in %s, whose breakaway is no; say the same there, "
            "or take this out",
            scope_text(up, c));
}

void rules_nested(struct loader *l, const struct scope *s)
{
    rule_memory(l, s);
    rule_affinity(l, s);
    rule_lower_class(l, s, LIMIT_PRIORITY_CLASS, priority_of);
    rule_lower_class(l, s, LIMIT_SCHEDULING_CLASS, scheduling_of);
    rule_net(l, s);
    rule_ui(l, s);
    rule_kill_on_close(l, s);
    rule_breakaway(l, s);
}
