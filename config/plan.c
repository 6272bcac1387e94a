/* plan.c - which section is which, and one line for each of their changes. */
#include "config/plan_making.h"

#include <stdlib.h>
#include <string.h>

/* --- [service] and groups ----------------------------------------------------------- */
static void set_instances(struct making *m, uint32_t limits, uint32_t others)
{
    for (size_t i = 0; i < m->founds; i++)
        m->found[i].instances = m->found[i].change.field->limit ? limits : others;
}

static void plan_service(struct making *m)
{
    enum apply cost;
    const struct changed c = {
        .owner = SECTION_SERVICE,
        .was = &m->was->service,
        .is = &m->is->service,
        .subject = "service",
        .at = m->is->service_at,
        .level = &m->is->service_origin,
        .levels = m->is->service_origin != NULL,
    };
    m->now = &c;
    diff_services(&m->was->service, &m->is->service, &cost, plan_found, m);
    set_instances(m, (uint32_t)m->is->n, 0);
    plan_tell(m);
}

static void add_group(struct making *m, enum plan_kind kind, const struct group_spec *g)
{
    bool added = kind == PLAN_ADDED;
    struct place at = {g->at.file, added ? g->at.line : 0};
    struct buf text = {0}, subject = {0};
    buf_f(&subject, "group %s", g->name);
    plan_print_head(at, buf_text(&subject), &text);
    buf_f(&text, added ? " added" : " removed (was line %u)", (unsigned)g->at.line);
    text.failed = text.failed || subject.failed;
    plan_add(m,
             (struct plan_line){.kind = kind,
                                .at = at,
                                .subject = plan_keep(m, buf_view(&subject)),
                                .cost = APPLY_LIVE},
             &text);
    buf_free(&subject);
}

static void plan_group(struct making *m, const struct group_spec *was, const struct group_spec *is,
                       uint32_t instances)
{
    enum apply cost;
    struct buf subject = {0};
    struct changed c = {.owner = SECTION_GROUP,
                        .was = was,
                        .is = is,
                        .at = is->at,
                        .level = &is->origin,
                        .levels = is->origin != NULL};
    m->now = &c;
    if (!diff_groups(was, is, &cost, plan_found, m))
        return;
    buf_f(&subject, "group %s", is->name);
    m->nomem = m->nomem || !buf_ok(&subject);
    c.subject = m->nomem ? NULL : plan_keep(m, buf_view(&subject));
    set_instances(m, instances, instances);
    plan_tell(m);
    buf_free(&subject);
}

/* The groups of C by their names; NULL when out of memory. */
static struct names *index_groups(const struct config *c)
{
    struct names *t = names_new();
    for (size_t i = 0; t && i < c->groups; i++)
        if (names_add(t, str_of(c->group[i].name), (void *)&c->group[i]) != ST_OK) {
            names_free(t);
            return NULL;
        }
    return t;
}

static void plan_groups(struct making *m)
{
    const struct config *was = m->was, *is = m->is;
    struct names *old = index_groups(was), *new = index_groups(is);
    uint32_t *members = calloc(is->groups + 1, sizeof *members);
    m->nomem = m->nomem || !old || !new || !members;
    for (size_t i = 0; i < is->n && !m->nomem; i++)
        if (is->job[i].group)
            members[is->job[i].group - is->group]++;
    for (size_t i = 0; i < is->groups && !m->nomem; i++) {
        const struct group_spec *g = names_find(old, str_of(is->group[i].name));
        if (g)
            plan_group(m, g, &is->group[i], members[i]);
        else
            add_group(m, PLAN_ADDED, &is->group[i]);
    }
    for (size_t i = 0; i < was->groups && !m->nomem; i++)
        if (!names_find(new, str_of(was->group[i].name)))
            add_group(m, PLAN_REMOVED, &was->group[i]);
    names_free(old);
    names_free(new);
    free(members);
}

/* --- jobs --------------------------------------------------------------------------- */
struct old_jobs {
    const struct config *was;
    struct names *by_name; /* made when the first is not where it was expected */
    bool *met;             /* by index */
    size_t next;           /* expected */
};

/* The job of before that has the name of D, or NULL. */
static const struct definition *find_old(struct making *m, struct old_jobs *o,
                                         const struct definition *d)
{
    const struct definition *all = o->was->definition, *hit = NULL;
    if (o->next < o->was->jobs && str_ieq(str_of(all[o->next].name), str_of(d->name)))
        hit = &all[o->next];
    if (!hit && !o->by_name) {
        o->by_name = names_new();
        m->nomem = m->nomem || !o->by_name;
        for (size_t i = 0; i < o->was->jobs && !m->nomem; i++)
            m->nomem = names_add(o->by_name, str_of(all[i].name), (void *)&all[i]) != ST_OK;
    }
    if (!hit && !m->nomem)
        hit = names_find(o->by_name, str_of(d->name));
    if (hit) {
        o->met[hit - all] = true;
        o->next = (size_t)(hit - all) + 1;
    }
    return hit;
}

static void plan_jobs(struct making *m)
{
    const struct config *was = m->was, *is = m->is;
    struct old_jobs old = {.was = was, .met = calloc(was->jobs + 1, sizeof *old.met)};
    m->nomem = m->nomem || !old.met;
    for (size_t i = 0; i < is->jobs && !m->nomem; i++) {
        const struct definition *d = &is->definition[i], *o = find_old(m, &old, d);
        if (o)
            plan_job(m, o, d);
        else if (!m->nomem)
            plan_job_added(m, d);
    }
    for (size_t i = 0; i < was->jobs && !m->nomem; i++)
        if (!old.met[i])
            plan_job_removed(m, &was->definition[i]);
    names_free(old.by_name);
    free(old.met);
}

/* --- all of it ---------------------------------------------------------------------- */

/* The lines in the arena, where everything else is. */
static void keep_lines(struct making *m)
{
    struct plan_line *own = arena_alloc(m->plan.arena, m->plan.n, sizeof *own);
    m->nomem = m->nomem || !own;
    if (own && m->plan.n > 0)
        memcpy(own, m->line, m->plan.n * sizeof *own);
    m->plan.line = own;
}

enum st plan_make(const struct config *was, const struct config *is, struct plan *ret,
                  struct err *e)
{
    struct making m = {.was = was, .is = is, .plan = {.arena = arena_new()}};
    m.nomem = !m.plan.arena;
    if (!m.nomem)
        plan_service(&m);
    if (!m.nomem)
        plan_groups(&m);
    if (!m.nomem)
        plan_jobs(&m);
    if (!m.nomem)
        keep_lines(&m);
    free(m.line);
    free(m.found);
    if (m.nomem) {
        plan_free(&m.plan);
        return err_nomem(e);
    }
    *ret = m.plan;
    return ST_OK;
}

void plan_free(struct plan *p)
{
    arena_free(p->arena);
    *p = (struct plan){0};
}
