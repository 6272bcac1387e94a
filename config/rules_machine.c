/* rules_machine.c - limits that the machine at hand cannot hold.  Warnings all: the file may be
 * meant for another machine. */
#include "config/rules_scope.h"

#include "config/value.h"

#include <inttypes.h>
#include <stdio.h>

enum { SET_TEXT = 160 };

/* --- processors --------------------------------------------------------------------- */
static const char *set_text(const struct cpu_set *set, char out[SET_TEXT])
{
    struct buf b = {0};
    ty_cpus.print(NULL, set, &b);
    snprintf(out, SET_TEXT, "%s", buf_text(&b));
    buf_free(&b);
    return out;
}

static uint64_t present(const struct machine *m, uint16_t group)
{
    for (uint32_t i = 0; i < m->groups && i < CPU_GROUPS_MAX; i++)
        if (m->group[i].group == group)
            return m->group[i].mask;
    return 0;
}

static void rule_affinity(struct loader *l, const struct scope *s)
{
    const struct machine *m = l->src->machine;
    const struct cpu_set *set = &s->limits->affinity;
    struct cpu_group missing[CPU_GROUPS_MAX];
    struct cpu_set lost = {0, missing}, has = {m->groups, m->group};
    char a[SET_TEXT], b[SET_TEXT];
    bool some = false;
    for (uint32_t i = 0; i < set->n && i < CPU_GROUPS_MAX; i++) {
        uint64_t there = present(m, set->group[i].group);
        some = some || (set->group[i].mask & there);
        if (set->group[i].mask & ~there)
            missing[lost.n++] =
                (struct cpu_group){set->group[i].group, set->group[i].mask & ~there};
    }
    if (lost.n == 0)
        return;
    if (some)
        report(l, CODE_NOT_THIS_MACHINE, scope_place(s, "affinity"),
               "affinity names %s, which this machine does not have (it has %s), and Windows then "
               "refuses all of it; take it out",
               set_text(&lost, a), set_text(&has, b));
    else
        report(l, CODE_NOT_THIS_MACHINE, scope_place(s, "affinity"),
               "affinity names no processor that this machine has, so nothing can start under it; "
               "the machine has %s",
               set_text(&has, b));
}

/* --- shares of the CPU -------------------------------------------------------------- */
static const struct {
    enum limit_id id;
    size_t offset; /* of its struct cpu_share */
} shares[] = {
    {LIMIT_CPU_RATE_CAP, offsetof(struct limits, cpu_rate_cap)},
    {LIMIT_CPU_RATE_SOFT_CAP, offsetof(struct limits, cpu_rate_soft_cap)},
    {LIMIT_CPU_RATE_MIN, offsetof(struct limits, cpu_rate_min)},
    {LIMIT_CPU_RATE_MAX, offsetof(struct limits, cpu_rate_max)},
    {LIMIT_GUARD_CPU, offsetof(struct limits, guard_cpu) + offsetof(struct cpu_guard, share)},
};

static void rule_processors(struct loader *l, const struct scope *s)
{
    char a[LIMIT_TEXT];
    uint32_t cpus = l->src->machine->cpus;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        const struct cpu_share *share =
            (const struct cpu_share *)(const void *)((const char *)s->limits + shares[i].offset);
        if (share->unit != CPU_PROCESSORS || share->value <= (uint64_t)cpus * 1000)
            continue;
        report(l, CODE_NOT_THIS_MACHINE, scope_place(s, limit_key(shares[i].id)),
               "%s %s is more than this machine has, %" PRIu32 "; it counts as 100%%",
               limit_key(shares[i].id), limit_text(s->limits, shares[i].id, a), cpus);
    }
}

/* The same order was looked at before, where both are told in one unit. */
static void rule_mixed_range(struct loader *l, const struct scope *s)
{
    char a[LIMIT_TEXT], b[LIMIT_TEXT];
    const struct limits *m = s->limits;
    uint32_t cpus = l->src->machine->cpus;
    uint32_t min = cpu_share_of(&m->cpu_rate_min, cpus), max = cpu_share_of(&m->cpu_rate_max, cpus);
    if (m->cpu_rate_min.unit == m->cpu_rate_max.unit || min <= max || max == 0)
        return;
    report(l, CODE_NOT_THIS_MACHINE, scope_place(s, scope_later(s, "cpu_rate_min", "cpu_rate_max")),
           "on this machine, with %" PRIu32 " processor%s, cpu_rate_min %s is more than "
           "cpu_rate_max %s; lower it",
           cpus, cpus == 1 ? "" : "s", limit_text(m, LIMIT_CPU_RATE_MIN, a),
           limit_text(m, LIMIT_CPU_RATE_MAX, b));
}

static void rule_fair_share(struct loader *l, const struct scope *s)
{
    static const enum limit_id rates[] = {LIMIT_CPU_RATE_CAP, LIMIT_CPU_RATE_SOFT_CAP,
                                          LIMIT_CPU_RATE_WEIGHT, LIMIT_CPU_RATE_MIN,
                                          LIMIT_CPU_RATE_MAX};
    for (size_t i = 0; l->src->machine->fair_share && i < sizeof rates / sizeof *rates; i++) {
        if (!limits_have(s->limits, rates[i]))
            continue;
        report(l, CODE_NOT_THIS_MACHINE, scope_place(s, limit_key(rates[i])),
               "%s: this machine shares the CPU fairly among its sessions (DFSS), and Windows then "
               "refuses CPU rates; turn that off, or take the key out",
               limit_key(rates[i]));
        return;
    }
}

/* --- what this program itself runs in ----------------------------------------------- */
static void rule_surrounded(struct loader *l, const struct scope *s)
{
    const struct machine *m = l->src->machine;
    const struct limits *own = s->limits;
    const char *net = own->net_max_bandwidth ? "net_max_bandwidth" : "net_dscp_tag";
    if (m->net_above && (own->net_max_bandwidth || own->net_dscp_tag.set))
        report(l, CODE_NOT_THIS_MACHINE, scope_place(s, net),
               "%s: this program runs in a Job Object with a network limit of its own, and Windows "
               "lets no other below it have one; run it outside, or take the key out",
               net);
    if (m->in_job && !m->ui_above && own->ui_restrictions)
        report(l, CODE_NOT_THIS_MACHINE, scope_place(s, "ui_restrictions"),
               "ui_restrictions: this program runs in somebody's Job Object, below which none can "
               "have UI restrictions, so nothing can start under them; run it outside, as a "
               "service is");
}

void rules_machine(struct loader *l, const struct scope *s)
{
    rule_affinity(l, s);
    rule_processors(l, s);
    rule_mixed_range(l, s);
    rule_fair_share(l, s);
    rule_surrounded(l, s);
}

void rules_machine_fleet(struct loader *l, const struct config *c)
{
    if (l->src->machine->ui_above && c->n > 0)
        report(
            l, CODE_NOT_THIS_MACHINE, (struct place){l->path, 0},
            "this program runs in a Job Object with UI restrictions, below which there can be no "
            "other, so no instance can start here; run it outside");
}
