/* build.c - from sections to one spec an instance. */
#include "config/loader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The longest names that others see, in units: Global\SERVICE.JOB.N is far below what Windows
 * takes, so no rule is needed for it. */
_Static_assert(NAME_MAX_BYTES + 12 <= UNIT_NAME_SIZE, "NAME.N fits, with ten digits");
_Static_assert(sizeof "Global\\" + 2 * NAME_MAX_BYTES + 13 < 260, "and so does the object's name");

/* --- where values come from --------------------------------------------------------- */
struct entry *view_entry(const struct view *v, const char *key)
{
    return v->from[schema_find(SECTION_JOB, str_of(key)) - schema];
}

struct place view_place(const struct view *v, const char *key)
{
    const struct entry *e = view_entry(v, key);
    return e ? e->at : v->job->at;
}

bool view_good(const struct view *v, const char *key)
{
    const struct entry *e = view_entry(v, key);
    return !e || !e->bad;
}

/* The level that comes first wins; variables of the environment are merged elsewhere. */
static void find_entries(struct view *v)
{
    memset(v->from, 0, schema_count * sizeof *v->from);
    v->doubtful = false;
    v->limits_vary = false;
    for (size_t i = 0; i < v->levels; i++) {
        v->doubtful = v->doubtful || v->level[i]->damaged;
        for (struct entry *e = v->level[i]->entry; e; e = e->next) {
            size_t row = (size_t)(e->field - schema);
            if (v->from[row])
                continue;
            v->from[row] = e;
            v->rank[row] = i;
        }
    }
    for (size_t i = 0; i < schema_count; i++)
        if (!v->from[i])
            v->rank[i] = v->levels;
        else if (schema[i].id != LIMIT_NONE && v->from[i]->needs & NEEDS_INSTANCE)
            v->limits_vary = true;
}

void build_view_one(struct view *v, struct sect *s)
{
    v->job = s;
    v->level = &v->job;
    v->levels = 1;
    find_entries(v);
}

/* --- one spec ----------------------------------------------------------------------- */

static bool in_pass(unsigned needs, enum pass pass)
{
    bool instance = needs & NEEDS_INSTANCE, limit = needs & NEEDS_LIMIT;
    return pass == PASS_LIMIT                ? limit
           : pass == PASS_LIMIT_AND_INSTANCE ? limit && instance
                                             : !limit && instance == (pass == PASS_INSTANCE);
}

/* What is bad keeps its default, so that the rules have something to read. */
void build_fill(struct loader *l, const struct view *v, enum section owner, const struct subst *s,
                enum pass pass, void *spec)
{
    for (size_t i = 0; i < schema_count && !l->nomem; i++) {
        const struct field *f = &schema[i];
        struct entry *e = v->from[i], *dflt = &l->dflt[i];
        if (!schema_in(f, owner) || !f->type || f->apart)
            continue;
        const struct entry *needy = e && !e->bad ? e : dflt;
        if (!in_pass(needy->needs, pass))
            continue;
        void *member = (char *)spec + schema_offset(f, owner);
        if (e && evaluate(l, e, s, member))
            continue;
        if (f->dflt && !l->nomem)
            evaluate(l, dflt, s, member);
    }
}

/* A limit that could not be read is not one that is not set. */
static bool limits_unsure(const struct view *v)
{
    bool unsure = v->doubtful;
    for (size_t i = 0; i < schema_count && !unsure; i++)
        unsure = schema[i].id != LIMIT_NONE && v->from[i] && v->from[i]->bad;
    return unsure;
}

/* What changes with the instance, then what needs its limits. */
static void fill_instance(struct loader *l, const struct view *v, struct subst *s, enum pass limits,
                          struct job_spec *spec)
{
    build_fill(l, v, SECTION_JOB, s, PASS_INSTANCE, spec);
    s->limits = &spec->limits;
    s->unsure = limits_unsure(v);
    build_fill(l, v, SECTION_JOB, s, limits, spec);
}

static void set_instance(struct job_spec *spec, uint32_t instance)
{
    spec->instance = instance;
    snprintf(spec->unit, sizeof spec->unit, "%s.%" PRIu32, spec->job, instance);
}

/* The first instance of a job; *varies tells whether its environment must be made for each. */
static void build_first(struct loader *l, const struct view *v, struct job_spec *spec, bool *varies)
{
    struct sect *job = v->job;
    *spec = (struct job_spec){.job = job->name, .at = job->at};
    set_instance(spec, v->first);
    spec->command = "";
    struct subst s = subst_for(l, spec->job, spec->instance);
    build_fill(l, v, SECTION_JOB, &s, PASS_COMMON, spec);
    fill_instance(l, v, &s, PASS_LIMIT, spec);
    spec->instances = v->instances;
    spec->first_instance = v->first;
    spec->group = v->group ? v->group->group : NULL;
    if (!l->nomem)
        evaluate_reactions(l, v->level, v->levels, &spec->limits);
    if (!l->nomem)
        env_build(l, v, &s, &spec->env, varies);
    if (!view_entry(v, "command") && !v->doubtful)
        report(l, CODE_MISSING_COMMAND, job->at, "job '%s' has no command; add 'command = PROGRAM'",
               job->name);
}

static void build_next(struct loader *l, const struct view *v, struct job_spec *spec, uint32_t i,
                       bool varies)
{
    *spec = spec[-1];
    set_instance(spec, v->first + i);
    struct subst s = subst_for(l, spec->job, spec->instance);
    fill_instance(l, v, &s, v->limits_vary ? PASS_LIMIT : PASS_LIMIT_AND_INSTANCE, spec);
    if (varies && !l->nomem)
        env_build(l, v, &s, &spec->env, &varies);
}

/* --- all of them -------------------------------------------------------------------- */

/* A value that is known before instances exist. */
static void plan_value(struct loader *l, const struct view *v, const char *key, void *dst)
{
    struct subst none = subst_for(l, "", 0);
    const struct field *f = schema_find(SECTION_JOB, str_of(key));
    struct entry *e = view_entry(v, key);
    if (!e || !evaluate(l, e, &none, dst))
        evaluate(l, &l->dflt[f - schema], &none, dst);
}

static void plan(struct loader *l, struct view *v, struct sect *job, size_t number)
{
    enum yes_no enabled = YES;
    v->job = job;
    v->level = templates_chain(l, job, number, &v->levels);
    if (l->nomem)
        return;
    find_entries(v);
    plan_value(l, v, "instances", &v->instances);
    plan_value(l, v, "first_instance", &v->first);
    plan_value(l, v, "enabled", &enabled);
    v->enabled = enabled == YES;
    v->group = groups_find(l, view_entry(v, "group"));
}

/* All instances of one job, at SPEC, which has room for at least one. */
static void build_job(struct loader *l, const struct view *v, struct job_spec *spec)
{
    bool varies = false, runs = v->enabled && v->instances > 0;
    build_first(l, v, spec, &varies);
    if (l->nomem)
        return;
    rules_job(l, v, spec);
    for (uint32_t i = 0; runs && i < v->instances && !l->nomem; i++) {
        if (i > 0)
            build_next(l, v, spec + i, i, varies);
        if (i > 0 && !l->nomem)
            rules_limits(l, v, spec + i);
        if (!l->nomem)
            rules_output(l, v, spec + i);
    }
}

/* How many instances there will be; reported, and false, when they are too many. */
static bool count_instances(struct loader *l, struct view *v, struct config *c)
{
    size_t number = 0;
    for (struct sect *s = l->sects; s && !l->nomem; s = s->next) {
        if (s->kind != KIND_JOB || s->apart)
            continue;
        plan(l, v, s, ++number);
        c->jobs++;
        c->disabled += !v->enabled;
        size_t more = v->enabled ? v->instances : 0;
        if (v->group) {
            v->group->members++;
            v->group->running += more;
        }
        if (l->nomem || c->n + more > INSTANCES_MAX) {
            if (!l->nomem)
                report(l, CODE_TOO_MANY_INSTANCES, view_place(v, "instances"),
                       "with job '%s' there are %zu instances, more than %d", s->name, c->n + more,
                       (int)INSTANCES_MAX);
            return false;
        }
        c->n += more;
    }
    return !l->nomem;
}

void build_jobs(struct loader *l, struct config *c)
{
    struct view v = {0};
    size_t number = l->jobs;
    uint32_t job = 0;
    v.from = take(l, l->scratch, schema_count, sizeof *v.from);
    v.rank = take(l, l->scratch, schema_count, sizeof *v.rank);
    if (l->nomem || !count_instances(l, &v, c)) {
        c->n = 0;
        return;
    }
    groups_build(l, &v, c);
    order_begin(l, c);
    /* One more than needed: a job that does not run is built there, for its mistakes alone. */
    struct job_spec *spec = take(l, l->keep, c->n + 1, sizeof *spec);
    struct job_spec *next = spec;
    for (struct sect *s = l->sects; s && !l->nomem; s = s->next) {
        if (s->kind != KIND_JOB || s->apart)
            continue;
        plan(l, &v, s, ++number);
        if (l->nomem)
            break;
        build_job(l, &v, next);
        if (!l->nomem)
            order_note(l, job++, &v, next, (size_t)(next - spec));
        next += v.enabled ? v.instances : 0;
    }
    c->job = spec;
}
