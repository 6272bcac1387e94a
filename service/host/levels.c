/* levels.c - see levels.h. */
#include "service/host/levels_impl.h"

#include "service/host/port.h"
#include "service/limits/share.h"

#include <stdio.h>
#include <stdlib.h>

/* "Global\" + service + "." + group: two names of at most 63 bytes each. */
enum { OBJECT_NAME = 160 };

static bool make_uppers(struct levels *l, const struct config *c)
{
    struct upper *u = NULL;
    for (size_t i = 0; i < c->groups; i++) {
        u = upper_add(l, LEVEL_GROUP, c->group[i].name, &c->group[i].limits);
        if (!u)
            return false;
        u->defined = true;
    }
    if (!c->service.capped)
        return true;
    u = upper_add(l, LEVEL_FLEET, c->service.name, &c->service.limits);
    if (u)
        u->defined = true;
    return u != NULL;
}

enum st levels_new(const struct levels_setup *setup, const struct config *c, struct levels **ret,
                   struct err *e)
{
    struct levels *l = calloc(1, sizeof *l);
    if (!l)
        return err_nomem(e);
    l->set = *setup;
    if (!make_uppers(l, c)) {
        levels_free(l);
        return err_nomem(e);
    }
    *ret = l;
    return ST_OK;
}

void levels_free(struct levels *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->n; i++)
        level_free(l->slot[i].level);
    for (size_t i = 0; i < l->uppers; i++)
        upper_free(l->upper[i]);
    free(l->slot);
    free(l->upper);
    free(l);
}

/* What is set above the instance SLOT, or above the upper U when it is not NULL; from the nearest
 * up. */
static size_t limits_above(const struct levels *l, const struct upper *u, size_t slot,
                           const struct limits *ret[UPPERS_MAX])
{
    const struct upper *above[UPPERS_MAX] = {u ? NULL : l->slot[slot].group, l->fleet};
    size_t n = 0;
    for (size_t i = 0; i < UPPERS_MAX; i++)
        if (above[i] && above[i] != u)
            ret[n++] = above[i]->limits;
    return n;
}

void levels_kernel(const struct levels *l, const struct upper *u, size_t slot,
                   const struct limits *limits, struct kernel_limits *ret)
{
    bool holds[LIMITS];
    struct limits nested = *limits;
    const struct limits *above[UPPERS_MAX];
    size_t n = limits_above(l, u, slot, above);
    shares_nest(&nested, above, n, l->set.machine->cpus);
    /* What fails for want of a privilege is tried all the same: the error names it. */
    for (int i = 0; i < LIMITS; i++)
        holds[i] = l->set.probe->row[i].accepted ||
                   l->set.probe->row[i].os == ERROR_PRIVILEGE_NOT_HELD;
    kernel_limits_map(&nested, l->set.machine, holds, ret);
}

static enum st open_upper(struct levels *l, struct upper *u, struct err *e)
{
    char name[OBJECT_NAME];
    struct kernel_limits limits;
    const char *service = l->set.service;
    bool group = u->kind == LEVEL_GROUP;
    if (u->job)
        return ST_OK;
    snprintf(name, sizeof name, "%s%s%s%s", l->set.prefix, service, group ? "." : "",
             group ? u->name : "");
    snprintf(u->called, sizeof u->called, "the job %s of %s %s", name, level_names[u->kind],
             u->name);
    levels_kernel(l, u, 0, u->limits, &limits);
    const struct job_request request = {.name = name,
                                        .security = l->set.security,
                                        .port = l->set.port,
                                        .key = PORT_KEY_LEVEL | u->number,
                                        .limits = &limits};
    enum st st = job_create(&request, &u->job, e);
    if (st == ST_OK && level_begin(u->level) != ST_OK) {
        job_close(u->job);
        u->job = NULL;
        return err_nomem(e);
    }
    return st == ST_OK ? ST_OK : err_in(e, "%s %s", level_names[u->kind], u->name);
}

bool levels_below(const struct levels *l, const struct upper *u, size_t slot)
{
    return u->kind == LEVEL_FLEET || u == l->slot[slot].group;
}

size_t levels_chain(const struct levels *l, size_t slot, struct level *ret[UPPERS_MAX + 1],
                    struct upper *uppers[UPPERS_MAX + 1])
{
    struct upper *above[UPPERS_MAX] = {l->slot[slot].group, l->fleet};
    size_t n = 0;
    ret[n] = l->slot[slot].level;
    uppers[n++] = NULL;
    for (size_t i = 0; i < UPPERS_MAX; i++) {
        if (!above[i])
            continue;
        ret[n] = above[i]->level;
        uppers[n++] = above[i];
    }
    return n;
}

enum st levels_open(struct levels *l, size_t slot, struct nest *ret, struct err *e)
{
    struct level *level[UPPERS_MAX + 1];
    struct upper *upper[UPPERS_MAX + 1];
    size_t n = levels_chain(l, slot, level, upper);
    *ret = (struct nest){.n = 0};
    while (n-- > 1) { /* the chain goes up, nesting goes down */
        enum st st = open_upper(l, upper[n], e);
        if (st != ST_OK)
            return st;
        ret->called[ret->n] = upper[n]->called;
        ret->job[ret->n++] = job_handle(upper[n]->job);
    }
    return ST_OK;
}

struct level *levels_instance(const struct levels *l, size_t slot)
{
    return l->slot[slot].level;
}

const struct job_spec *levels_spec(const struct levels *l, size_t slot)
{
    return l->slot[slot].spec;
}

size_t levels_slots(const struct levels *l)
{
    return l->n;
}

const struct levels_setup *levels_setup(const struct levels *l)
{
    return &l->set;
}
