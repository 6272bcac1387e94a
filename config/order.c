/* order.c - who waits for whom: from the names in `after` and `requires` to jobs.  Circles are
 * found in circle.c. */
#include "config/loader.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* Every name and every member of a named group counts, so that a file of a few megabytes cannot
     * ask for more than memory or patience has. */
    LOOKED_AT_MAX = 2000000,
    COMPARED_MAX = 250000 /* names that are compared with unknown ones, over all of these */
};

/* --- what the jobs say -------------------------------------------------------------- */
void order_begin(struct loader *l, struct config *c)
{
    l->definition = take(l, l->keep, l->jobs, sizeof *l->definition);
    l->waiting = take(l, l->scratch, l->jobs, sizeof *l->waiting);
    c->definition = l->definition;
}

void order_note(struct loader *l, uint32_t number, const struct view *v,
                const struct job_spec *spec, size_t first)
{
    uint32_t n = v->enabled ? v->instances : 0;
    v->job->number = number;
    l->definition[number] = (struct definition){
        .name = v->job->name,
        .at = v->job->at,
        .first = (uint32_t)first,
        .n = n,
        .instances = v->instances,
        .first_instance = v->first,
        .enabled = v->enabled ? YES : NO,
    };
    origins_note(l, v, &l->definition[number]);
    l->waiting[number] = (struct waiting){
        .after = spec->after,
        .requires = spec->requires,
        .after_at = view_known(v, ROW_AFTER),
        .requires_at = view_known(v, ROW_REQUIRES),
        .group = v->group,
        .enabled = v->enabled,
        .scheduled = schedule_set(&spec->schedule),
    };
}

struct entry *order_entry(const struct loader *l, uint32_t number, const struct dep *d)
{
    const struct waiting *w = &l->waiting[number];
    return d->required ? w->requires_at : w->after_at;
}

/* The job or group of exactly that name, or NULL. */
static struct sect *find(const struct names *names, const char *name)
{
    struct sect *s = names_find(names, str_of(name));
    return s && strcmp(s->name, name) == 0 ? s : NULL;
}

const struct sect *order_group(const struct loader *l, uint32_t number, const struct dep *d)
{
    const struct waiting *w = &l->waiting[number];
    const struct texts *names = d->required ? &w->requires : &w->after;
    const struct sect *group = l->waiting[d->job].group;
    bool by_group = false;
    for (uint32_t i = 0; i < names->n; i++) {
        if (strcmp(names->text[i], l->definition[d->job].name) == 0)
            return NULL;
        by_group = by_group || (group && strcmp(names->text[i], group->name) == 0);
    }
    return by_group ? group : NULL;
}

/* --- names that lead nowhere -------------------------------------------------------- */
struct tying {
    struct loader *l;
    uint32_t job;    /* that is being tied */
    struct dep *dep; /* what it has so far: each job once */
    uint32_t n;
    uint32_t *seen; /* by job: the last one that was tied to it, + 1 */
    size_t looked_at, compared;
};

/* The nearest name of a job or group; NULL when none is near. */
static const char *nearest(struct tying *t, const char *name)
{
    const struct loader *l = t->l;
    const struct sect *s = names_find(l->job_names, str_of(name));
    const char *near = NULL;
    s = s ? s : names_find(l->group_names, str_of(name));
    if (s)
        return s->name; /* but for upper and lower case */
    for (s = l->sects; s && t->compared < COMPARED_MAX; s = s->next) {
        if ((s->kind != KIND_JOB && s->kind != KIND_GROUP) || !*s->name)
            continue;
        near = nearer_word(str_of(name), near, s->name);
        t->compared++;
    }
    return near;
}

static void report_unknown(struct tying *t, struct entry *e, const char *name)
{
    static const char no[] = "there is no job or group";
    struct loader *l = t->l;
    const char *key = e->field->key, *near = nearest(t, name);
    e->bad = false; /* two unknown names are two mistakes */
    if (!near && names_find(l->template_names, str_of(name)))
        report_entry(l, CODE_UNKNOWN_DEPENDENCY, e,
                     "%s: '%s' is a template; name the jobs that are meant", key, name);
    else if (near)
        report_entry(l, CODE_UNKNOWN_DEPENDENCY, e, "%s: %s '%s'; did you mean '%s'?", key, no,
                     name, near);
    else if (str_ieq(str_of(name), STR("none")))
        report_entry(l, CODE_UNKNOWN_DEPENDENCY, e,
                     "%s: %s '%s'; to wait for nothing write '%s =' alone", key, no, name, key);
    else if (str_ieq(str_of(name), STR("all")))
        report_entry(l, CODE_UNKNOWN_DEPENDENCY, e, "%s: %s '%s'; name those that are meant", key,
                     no, name);
    else
        report_entry(l, CODE_UNKNOWN_DEPENDENCY, e, "%s: %s '%s'; add [job:%s]", key, no, name,
                     name);
}

/* --- from names to jobs ------------------------------------------------------------- */
static void report_scheduled(struct tying *t, const struct entry *e, const struct dep *d)
{
    const struct sect *group = order_group(t->l, t->job, d);
    const char *name = t->l->definition[d->job].name, *key = e->field->key;
    if (group)
        report(
            t->l, CODE_SCHEDULED_DEPENDENCY, e->at,
            "%s: job '%s' of group '%s' has a schedule, so it runs at its times only and nothing "
            "can wait for it; name the jobs that are meant instead of the group",
            key, name, group->name);
    else
        report(t->l, CODE_SCHEDULED_DEPENDENCY, e->at,
               "%s: job '%s' has a schedule, so it runs at its times only and nothing can wait for "
               "it; take it out",
               key, name);
}

static void report_idle(struct tying *t, const struct entry *e, const struct dep *d)
{
    const char *name = t->l->definition[d->job].name;
    report(t->l, CODE_WAITS_FOR_EVER, e->at,
           "job '%s' waits for ever: '%s', which it requires, %s; name it in after instead, which "
           "does not wait for what is not to run",
           t->l->definition[t->job].name, name,
           t->l->waiting[d->job].enabled ? "has no instances" : "is not enabled");
}

static void tie_job(struct tying *t, const struct entry *e, struct dep d)
{
    const struct definition *all = t->l->definition;
    t->looked_at++;
    if (d.job == t->job || t->seen[d.job] == t->job + 1)
        return;
    t->seen[d.job] = t->job + 1;
    t->dep[t->n++] = d;
    if (t->l->waiting[d.job].scheduled)
        report_scheduled(t, e, &d);
    else if (d.required && all[d.job].n == 0 && all[t->job].n > 0)
        report_idle(t, e, &d);
}

static void tie_group(struct tying *t, const struct entry *e, const struct sect *g, bool required)
{
    if (g->members == 0 && diag_errors(t->l->diags) == 0)
        report(t->l, CODE_EMPTY_GROUP, e->at,
               "%s: no job is in group '%s', so nothing is waited for", e->field->key, g->name);
    for (size_t i = 0; i < g->members && t->looked_at <= LOOKED_AT_MAX; i++)
        tie_job(t, e, (struct dep){g->member[i], required});
}

static void report_itself(struct tying *t, const struct entry *e, const char *name)
{
    bool own = false;
    const struct sect *s = names_find(t->l->job_names, str_of(name));
    for (const struct entry *other = s->entry; other; other = other->next)
        own = own || other == e;
    report(t->l, CODE_ORDER_CYCLE, e->at, "%s: job '%s' cannot wait for itself; %s", e->field->key,
           name, own ? "take it out" : "give it a line of its own, or name its group here");
}

static void tie_names(struct tying *t, struct entry *e, const struct texts *names, bool required)
{
    bool said = e && e->bad; /* of another job that has it from the same place */
    for (uint32_t i = 0; i < names->n && t->looked_at <= LOOKED_AT_MAX && !t->l->nomem; i++) {
        const char *name = names->text[i];
        const struct sect *job = find(t->l->job_names, name);
        const struct sect *group = job ? NULL : find(t->l->group_names, name);
        t->looked_at++;
        if (job && job->number == t->job)
            report_itself(t, e, name);
        else if (job)
            tie_job(t, e, (struct dep){job->number, required});
        else if (group)
            tie_group(t, e, group, required);
        else if (!said)
            report_unknown(t, e, name);
    }
}

static int compare(const void *pa, const void *pb)
{
    const struct dep *a = pa, *b = pb;
    return a->job < b->job ? -1 : a->job > b->job;
}

static void keep(struct tying *t)
{
    struct dep *own = t->n ? take(t->l, t->l->keep, t->n, sizeof *own) : NULL;
    if (!own)
        return;
    qsort(t->dep, t->n, sizeof *t->dep, compare);
    memcpy(own, t->dep, t->n * sizeof *own);
    t->l->definition[t->job].deps = (struct deps){t->n, own};
}

/* False: too many, and reported. */
static bool tie_one(struct tying *t, uint32_t job)
{
    const struct waiting *w = &t->l->waiting[job];
    t->job = job;
    t->n = 0;
    tie_names(t, w->requires_at, &w->requires, true); /* first, so it wins over `after` */
    tie_names(t, w->after_at, &w->after, false);
    if (t->looked_at > LOOKED_AT_MAX) {
        report(t->l, CODE_TOO_MANY_DEPENDENCIES, (w->after_at ? w->after_at : w->requires_at)->at,
               "with job '%s' the jobs wait for more than %d others, each member of a group "
               "counted; let them wait for one job that waits for the rest",
               t->l->definition[job].name, (int)LOOKED_AT_MAX);
        return false;
    }
    keep(t);
    return !t->l->nomem;
}

/* The members of each group, as the jobs were noted. */
static void list_members(struct loader *l)
{
    for (struct sect *s = l->sects; s && !l->nomem; s = s->next) {
        if (s->kind != KIND_GROUP)
            continue;
        s->member = take(l, l->scratch, s->members, sizeof *s->member);
        s->members = 0;
    }
    for (uint32_t i = 0; i < l->jobs && !l->nomem; i++) {
        struct sect *g = l->waiting[i].group;
        if (g)
            g->member[g->members++] = i;
    }
}

void order_tie(struct loader *l)
{
    struct tying t = {.l = l};
    if (!l->definition)
        return; /* there are too many instances, which was said */
    list_members(l);
    t.dep = take(l, l->scratch, l->jobs, sizeof *t.dep);
    t.seen = take(l, l->scratch, l->jobs, sizeof *t.seen);
    bool whole = !l->nomem;
    for (uint32_t i = 0; whole && i < l->jobs; i++)
        whole = tie_one(&t, i);
    if (whole)
        circles_report(l);
}
