/* diff.c - the loop over the table that tells what has changed. */
#include "config/diff.h"

#include "config/value.h"

#include <string.h>

struct diff {
    enum apply cost; /* the dearest so far */
    bool differs;
    bool newly_capped; /* a Job Object is wanted above all that there are */
    void (*visit)(void *ctx, const struct change *c);
    void *ctx;
};

static void found(struct diff *d, const struct field *f, const char *name, enum apply cost)
{
    const struct change c = {f, name, cost};
    d->cost = !d->differs || cost > d->cost ? cost : d->cost;
    d->differs = true;
    if (d->visit)
        d->visit(d->ctx, &c);
}

/* --- members ------------------------------------------------------------------------ */

/* What says which instances a job has and for whom they wait: of the job, and not of one of them.
 */
static bool of_the_job(const struct field *f)
{
    if (f->limit || f->section != SECTION_JOB)
        return false; /* its offset is in another struct */
    switch (f->offset) {
    case offsetof(struct job_spec, after):
    case offsetof(struct job_spec, enabled):
    case offsetof(struct job_spec, first_instance):
    case offsetof(struct job_spec, instances):
    case offsetof(struct job_spec, requires):
        return true;
    default:
        return false;
    }
}

/* Most members are equal by their bytes, and are numbers. */
static inline bool same_bytes(const void *a, const void *b, size_t n)
{
    uint64_t x, y;
    uint32_t u, v;
    switch (n) {
    case sizeof x:
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        return x == y;
    case sizeof u:
        memcpy(&u, a, sizeof u);
        memcpy(&v, b, sizeof v);
        return u == v;
    default:
        return memcmp(a, b, n) == 0;
    }
}

static void diff_member(struct diff *d, const struct field *f, enum section owner, const void *was,
                        const void *is)
{
    size_t offset = schema_offset(f, owner);
    const void *a = (const char *)was + offset, *b = (const char *)is + offset;
    if (same_bytes(a, b, f->size) || of_the_job(f) || f->type->equal(a, b))
        return;
    /* Names of events and the standard input are given to a worker when it is made. */
    enum apply least = f->type->respawns && f->type->respawns(a, b) ? APPLY_RESPAWN : APPLY_LIVE;
    /* Job Objects are nested from above: none can be put over those of running groups. */
    if (d->newly_capped && f->id != LIMIT_NONE)
        least = APPLY_RESTART_SERVICE;
    found(d, f, NULL, f->apply > least ? f->apply : least);
}

static void diff_reactions(struct diff *d, const struct field *f, const struct limits *was,
                           const struct limits *is)
{
    for (int i = 0; i < LIMIT_REACHABLE; i++)
        if (was->on_limit_key[i] != is->on_limit_key[i])
            found(d, f, schema_limit((enum limit_id)i)->key, f->apply);
}

/* --- the environment ---------------------------------------------------------------- */

/* The variable of V called NAME, or NULL.  Mostly the one at *near, which then is the one behind
 * it: the order seldom changes, and means nothing. */
static const struct env_var *find_var(const struct env_vars *v, const char *name, uint32_t *near)
{
    for (uint32_t i = 0; i < v->n; i++) {
        uint32_t at = (*near + i) % v->n;
        if (str_ieq(str_of(v->var[at].name), str_of(name))) {
            *near = (at + 1) % v->n;
            return &v->var[at];
        }
    }
    return NULL;
}

static bool same_var(const struct env_var *a, const struct env_var *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->value, b->value) == 0;
}

/* Those of OF that are not in THAN, or, with ALL, not the same there; without anybody to tell it to
 * the first is enough. */
static void diff_vars(struct diff *d, const struct field *f, const struct env_vars *of,
                      const struct env_vars *than, bool all)
{
    bool done = false;
    uint32_t near = 0;
    for (uint32_t i = 0; i < of->n && !done; i++) {
        const struct env_var *v = &of->var[i], *other = find_var(than, v->name, &near);
        if (other && (!all || same_var(v, other)))
            continue;
        found(d, f, v->name, f->apply);
        done = !d->visit;
    }
}

/* Whatever env_file holds is in here too. */
static void diff_env(struct diff *d, const struct field *f, const struct env_vars *was,
                     const struct env_vars *is)
{
    if (was->n == is->n && was->var == is->var)
        return;
    diff_vars(d, f, is, was, true);
    diff_vars(d, f, was, is, false);
}

/* --- what has no member ------------------------------------------------------------- */
static void diff_group(struct diff *d, const struct field *f, const struct group_spec *was,
                       const struct group_spec *is)
{
    if (!was != !is || (was && strcmp(was->name, is->name) != 0))
        found(d, f, NULL, f->apply);
}

/* env_file and extends have done their work before there is a spec. */
static void diff_apart(struct diff *d, const struct field *f, const struct job_spec *was,
                       const struct job_spec *is)
{
    if (strcmp(f->key, "env.NAME") == 0)
        diff_env(d, f, &was->env, &is->env);
    else if (strcmp(f->key, "group") == 0)
        diff_group(d, f, was->group, is->group);
}

/* --- whole specs -------------------------------------------------------------------- */
static const struct limits *limits_of(const void *spec, enum section owner)
{
    return owner == SECTION_JOB     ? &((const struct job_spec *)spec)->limits
           : owner == SECTION_GROUP ? &((const struct group_spec *)spec)->limits
                                    : &((const struct service_spec *)spec)->limits;
}

static bool diff(struct diff *d, enum section owner, const void *was, const void *is,
                 enum apply *ret_cost)
{
    for (size_t i = 0; i < schema_count; i++) {
        const struct field *f = &schema[i];
        if (!schema_in(f, owner) || !f->type)
            continue;
        if (!f->apart)
            diff_member(d, f, owner, was, is);
        else if (f->limit)
            diff_reactions(d, f, limits_of(was, owner), limits_of(is, owner));
        else if (owner == SECTION_JOB)
            diff_apart(d, f, was, is);
    }
    if (d->differs)
        *ret_cost = d->cost;
    return d->differs;
}

bool diff_jobs(const struct job_spec *was, const struct job_spec *is, enum apply *ret_cost,
               void (*visit)(void *ctx, const struct change *c), void *ctx)
{
    struct diff d = {.visit = visit, .ctx = ctx};
    return diff(&d, SECTION_JOB, was, is, ret_cost);
}

bool diff_groups(const struct group_spec *was, const struct group_spec *is, enum apply *ret_cost,
                 void (*visit)(void *ctx, const struct change *c), void *ctx)
{
    struct diff d = {.visit = visit, .ctx = ctx};
    return diff(&d, SECTION_GROUP, was, is, ret_cost);
}

bool diff_services(const struct service_spec *was, const struct service_spec *is,
                   enum apply *ret_cost, void (*visit)(void *ctx, const struct change *c),
                   void *ctx)
{
    struct diff d = {.newly_capped = is->capped && !was->capped, .visit = visit, .ctx = ctx};
    return diff(&d, SECTION_SERVICE, was, is, ret_cost);
}
