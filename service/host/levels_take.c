/* levels_take.c - other definitions: of a slot, and of the groups and the fleet. */
#include "service/host/levels_impl.h"

#include <stdlib.h>

/* --- slots -------------------------------------------------------------------------- */

/* Of a slot that nobody has. */
static const struct limits no_limits = {.hook_limit = ""};

enum st levels_room(struct levels *l, size_t n, struct err *e)
{
    if (n <= l->n)
        return ST_OK;
    struct place_of *grown = realloc(l->slot, n * sizeof *grown);
    if (!grown)
        return err_nomem(e);
    l->slot = grown;
    size_t i = l->n;
    for (; i < n; i++) {
        l->slot[i] =
            (struct place_of){.level = level_new(LEVEL_INSTANCE, &no_limits, &l->set.probe->holders,
                                                 l->set.machine->cpus)};
        if (!l->slot[i].level)
            break;
    }
    if (i == n) {
        l->n = n;
        return ST_OK;
    }
    while (i-- > l->n)
        level_free(l->slot[i].level);
    return err_nomem(e);
}

enum st levels_adopt(struct levels *l, size_t slot, const struct job_spec *spec)
{
    struct place_of *p = &l->slot[slot];
    if (p->group)
        p->group->below--;
    p->group = spec && spec->group ? upper_of_group(l, spec->group->name) : NULL;
    if (p->group)
        p->group->below++;
    p->spec = spec;
    enum st st = level_relimit(p->level, spec ? &spec->limits : &no_limits);
    if (!spec) {
        struct account past = level_renew(p->level);
        account_add(&l->gone, &past);
    }
    return st;
}

struct account levels_gone(const struct levels *l)
{
    return l->gone;
}

/* --- groups and the fleet ----------------------------------------------------------- */
struct change {
    struct upper *upper;
    struct limits *limits; /* NULL: it is new, and has its own already */
};

struct stage {
    size_t n;
    struct change *change;
};

static void stage_free(struct stage *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++)
        free(s->change[i].limits);
    free(s->change);
    free(s);
}

static bool stage_kept(struct stage *s, struct upper *u, const struct limits *limits)
{
    struct limits *copy = limits_copy(limits);
    if (!copy)
        return false;
    s->change[s->n++] = (struct change){u, copy};
    return level_reserve(u->level, copy) == ST_OK;
}

static bool stage_group(struct levels *l, struct stage *s, const struct group_spec *g)
{
    struct upper *u = upper_of_group(l, g->name);
    if (u)
        return stage_kept(s, u, &g->limits);
    u = upper_add(l, LEVEL_GROUP, g->name, &g->limits);
    if (u)
        s->change[s->n++] = (struct change){.upper = u};
    return u != NULL;
}

enum st levels_stage(struct levels *l, const struct config *next, struct stage **ret, struct err *e)
{
    struct stage *s = calloc(1, sizeof *s);
    if (s)
        s->change = calloc(next->groups + 1, sizeof *s->change);
    bool ok = s && s->change;
    for (size_t i = 0; ok && i < next->groups; i++)
        ok = stage_group(l, s, &next->group[i]);
    if (ok && l->fleet && next->service.capped)
        ok = stage_kept(s, l->fleet, &next->service.limits);
    if (!ok) {
        levels_unstage(l, s);
        return err_nomem(e);
    }
    *ret = s;
    return ST_OK;
}

void levels_unstage(struct levels *l, struct stage *s)
{
    stage_free(s);
    levels_sweep(l); /* the new ones, which nothing defines */
}

static void take_limits(struct change *c)
{
    const struct limits *was = c->upper->limits;
    if (!c->limits)
        return;
    level_relimit(c->upper->level, c->limits); /* its memory is reserved */
    c->upper->limits = c->limits;
    c->upper->unapplied = c->upper->job != NULL;
    c->limits = NULL;
    free((void *)was);
}

void levels_commit(struct levels *l, struct stage *s)
{
    for (size_t i = 0; i < l->uppers; i++)
        l->upper[i]->defined = l->upper[i]->kind == LEVEL_FLEET;
    for (size_t i = 0; i < s->n; i++) {
        take_limits(&s->change[i]);
        s->change[i].upper->defined = true;
    }
    stage_free(s);
}
