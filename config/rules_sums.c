/* rules_sums.c - what the limits of all instances come to together. */
#include "config/rules_scope.h"

#include "config/value.h"

#include <inttypes.h>

enum { CPU_WHOLE = 10000 };

/* --- where it stands ---------------------------------------------------------------- */
static struct place place_in_group(struct sect *g, const char *key)
{
    struct scope s = {.level = &g, .levels = 1, .at = g->at};
    return scope_place(&s, key);
}

static struct place place_in_service(struct loader *l, const char *key)
{
    struct scope s = {.level = &l->service, .levels = l->service ? 1 : 0, .at = {l->path, 0}};
    return scope_place(&s, key);
}

static struct place place_in_job(struct loader *l, const struct job_spec *spec, const char *key)
{
    struct sect *job = names_find(l->job_names, str_of(spec->job));
    if (!job)
        return spec->at;
    struct scope s = {.at = spec->at, .level = job->level, .levels = job->levels};
    return scope_place(&s, key);
}

/* --- processes ---------------------------------------------------------------------- */
static void too_few(struct loader *l, struct place at, const struct limits *m, const char *of,
                    size_t instances)
{
    report(l, CODE_TOO_FEW_PROCESSES, at,
           "active_process_limit %" PRIu32 " is less than the %zu instances %s, so some cannot "
           "start; raise it",
           m->active_process, instances, of);
}

static void rule_processes(struct loader *l, const struct config *c)
{
    const struct limits *fleet = &c->service.limits;
    if (fleet->active_process && fleet->active_process < c->n)
        too_few(l, place_in_service(l, "active_process_limit"), fleet, "of all jobs", c->n);
    for (struct sect *g = l->sects; g; g = g->next) {
        const struct limits *m = g->group ? &g->group->limits : NULL;
        if (m && m->active_process && m->active_process < g->running)
            too_few(l, place_in_group(g, "active_process_limit"), m, "in the group", g->running);
    }
}

/* --- shares of the CPU that are granted to each ------------------------------------- */
struct granted {
    uint64_t everywhere; /* by shares of the machine alone, hundredths of a percent */
    uint64_t here;       /* by processors too, on the machine that is known */
};

static bool grant(const struct loader *l, const struct limits *m, struct granted *sum)
{
    const struct cpu_share *min = &m->cpu_rate_min;
    bool fitted = sum->everywhere <= CPU_WHOLE && sum->here <= CPU_WHOLE;
    if (min->unit == CPU_OF_MACHINE)
        sum->everywhere += min->value;
    if (l->src->machine)
        sum->here += cpu_share_of(min, l->src->machine->cpus);
    return fitted && (sum->everywhere > CPU_WHOLE || sum->here > CPU_WHOLE);
}

static void report_sum(struct loader *l, struct place at, const struct granted *sum)
{
    static const char refuses[] = "Windows refuses more than 100%; lower it";
    struct buf text = {0};
    bool everywhere = sum->everywhere > CPU_WHOLE;
    decimal_print(everywhere ? sum->everywhere : sum->here, 2, &text);
    if (everywhere)
        report(l, CODE_CPU_SUM, at, "the cpu_rate_min of all instances add up to %s%%, and %s",
               buf_text(&text), refuses);
    else
        report(l, CODE_NOT_THIS_MACHINE, at,
               "the cpu_rate_min of all instances add up to %s%% of this machine, which has "
               "%" PRIu32 " processor%s, and %s",
               buf_text(&text), l->src->machine->cpus, l->src->machine->cpus == 1 ? "" : "s",
               refuses);
    buf_free(&text);
}

/* Said once, where the sum becomes too large.  What a level keeps free it
 * keeps for those below it too. */
static void rule_cpu_sum(struct loader *l, const struct config *c)
{
    struct granted sum = {0};
    struct sect *group = NULL;
    const struct job_spec *job = NULL;
    if (limits_have(&c->service.limits, LIMIT_CPU_RATE_MIN))
        return;
    for (struct sect *g = l->sects; g; g = g->next)
        if (g->running > 0 && g->group && grant(l, &g->group->limits, &sum))
            group = g;
    for (size_t i = 0; i < c->n; i++) {
        const struct group_spec *above = c->job[i].group;
        bool inside = above && limits_have(&above->limits, LIMIT_CPU_RATE_MIN);
        if (!inside && grant(l, &c->job[i].limits, &sum))
            job = &c->job[i];
    }
    if (group)
        report_sum(l, place_in_group(group, "cpu_rate_min"), &sum);
    else if (job)
        report_sum(l, place_in_job(l, job, "cpu_rate_min"), &sum);
}

void rules_sums(struct loader *l, const struct config *c)
{
    rule_processes(l, c);
    rule_cpu_sum(l, c);
}
