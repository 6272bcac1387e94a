/* build.c - from sections to one spec an instance. */
#include "config/loader.h"

#include <string.h>

/* The longest names that others see, in units: Global\SERVICE.JOB.N is far below what Windows
 * takes, so no rule is needed for it. */
_Static_assert(NAME_MAX_BYTES + 12 <= UNIT_NAME_SIZE, "NAME.N fits, with ten digits");
_Static_assert(sizeof "Global\\" + 2 * NAME_MAX_BYTES + 13 < 260, "and so does the object's name");

/* --- one spec ----------------------------------------------------------------------- */

static bool in_pass(unsigned needs, enum pass pass)
{
    bool instance = needs & NEEDS_INSTANCE, limit = needs & NEEDS_LIMIT;
    return pass == PASS_LIMIT                ? limit
           : pass == PASS_LIMIT_AND_INSTANCE ? limit && instance
                                             : !limit && instance == (pass == PASS_INSTANCE);
}

/* What is bad keeps its default, so that the rules have something to read. */
static void fill_row(struct loader *l, const struct view *v, size_t row, enum section owner,
                     const struct subst *s, enum pass pass, void *spec)
{
    const struct field *f = &schema[row];
    struct entry *e = v->from[row], *dflt = &l->dflt[row];
    const struct entry *needy = e && !e->bad ? e : dflt;
    if (l->nomem || !f->type || f->apart || !schema_in(f, owner) || !in_pass(needy->needs, pass))
        return;
    void *member = (char *)spec + schema_offset(f, owner);
    if (!(e && evaluate(l, e, s, member)) && f->dflt && !l->nomem)
        evaluate(l, dflt, s, member);
}

void build_fill(struct loader *l, const struct view *v, enum section owner, const struct subst *s,
                enum pass pass, void *spec)
{
    for (size_t i = 0; i < schema_count; i++)
        fill_row(l, v, i, owner, s, pass, spec);
}

/* What is written, over the usual job. */
static void fill_job(struct loader *l, const struct view *v, const struct subst *s, enum pass pass,
                     struct job_spec *spec)
{
    for (size_t i = 0; i < v->rows; i++)
        fill_row(l, v, v->row[i], SECTION_JOB, s, pass, spec);
    for (size_t i = 0; i < l->lates; i++)
        if (!v->from[l->late[i]])
            fill_row(l, v, l->late[i], SECTION_JOB, s, pass, spec);
}

/* Most of a job is what most jobs are, so that is made once and copied. */
static void make_usual(struct loader *l, const struct view *none)
{
    struct subst s = subst_for(l, "", 0);
    l->usual = take(l, l->scratch, 1, sizeof *l->usual);
    l->late = take(l, l->scratch, schema_count, sizeof *l->late);
    for (size_t i = 0; i < schema_count && !l->nomem; i++) {
        if (in_pass(l->dflt[i].needs, PASS_COMMON) && !(l->dflt[i].needs & NEEDS_JOB))
            fill_row(l, none, i, SECTION_JOB, &s, PASS_COMMON, l->usual);
        else
            l->late[l->lates++] = (uint16_t)i;
    }
    if (!l->nomem)
        l->usual->command = "";
}

/* A limit that could not be read is not one that is not set. */
static bool limits_unsure(const struct view *v)
{
    bool unsure = v->doubtful;
    for (size_t i = 0; i < v->rows && !unsure; i++)
        unsure = schema[v->row[i]].id != LIMIT_NONE && v->from[v->row[i]]->bad;
    return unsure;
}

/* What changes with the instance, then what needs its limits. */
static void fill_instance(struct loader *l, const struct view *v, struct subst *s, enum pass limits,
                          struct job_spec *spec)
{
    fill_job(l, v, s, PASS_INSTANCE, spec);
    s->limits = &spec->limits;
    s->unsure = limits_unsure(v);
    if (v->needs & NEEDS_LIMIT) /* no default does */
        fill_job(l, v, s, limits, spec);
}

static void set_instance(struct job_spec *spec, uint32_t instance)
{
    char digits[10], *to = spec->unit + strlen(spec->job);
    size_t n = 0;
    uint32_t left = instance;
    spec->instance = instance;
    memcpy(spec->unit, spec->job, (size_t)(to - spec->unit));
    *to++ = '.';
    do
        digits[n++] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    while (n > 0)
        *to++ = digits[--n];
    *to = '\0';
}

/* The first instance of a job; *varies tells whether its environment must be made for each. */
static void build_first(struct loader *l, const struct view *v, struct job_spec *spec, bool *varies)
{
    struct sect *job = v->job;
    *spec = *l->usual;
    spec->job = job->name;
    spec->at = job->at;
    set_instance(spec, v->first);
    struct subst s = subst_for(l, spec->job, spec->instance);
    fill_job(l, v, &s, PASS_COMMON, spec);
    fill_instance(l, v, &s, PASS_LIMIT, spec);
    spec->instances = v->instances;
    spec->first_instance = v->first;
    spec->group = v->group ? v->group->group : NULL;
    if (!l->nomem)
        evaluate_reactions(l, v->level, v->levels, &spec->limits);
    if (!l->nomem)
        env_build(l, v, &s, &spec->env, varies);
    if (!view_known(v, ROW_COMMAND) && !v->doubtful)
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
        view_plan(l, v, s, ++number);
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
    struct view v = {0}, none = {0};
    uint32_t job = 0;
    if (!view_new(l, &v) || !view_new(l, &none) || !count_instances(l, &v, c)) {
        c->n = 0;
        return;
    }
    make_usual(l, &none);
    groups_build(l, &v, c);
    order_begin(l, c);
    /* One more than needed: a job that does not run is built there, for its mistakes alone. */
    struct job_spec *spec = take(l, l->keep, c->n + 1, sizeof *spec);
    struct job_spec *next = spec;
    for (struct sect *s = l->sects; s && !l->nomem; s = s->next) {
        if (s->kind != KIND_JOB || s->apart)
            continue;
        view_job(&v, s);
        build_job(l, &v, next);
        if (!l->nomem)
            order_note(l, job++, &v, next, (size_t)(next - spec));
        next += v.enabled ? v.instances : 0;
    }
    c->job = spec;
}
