/* levels.c - see levels.h. */
#include "service/host/levels.h"

#include "config/schema.h"
#include "service/host/port.h"
#include "service/limits/share.h"

#include <stdio.h>
#include <stdlib.h>

/* "Global\" + service + "." + group: two names of at most 63 bytes each. */
enum { OBJECT_NAME = 160 };

struct levels {
    struct levels_setup set;
    size_t uppers; /* the groups, then the fleet where it is capped */
    struct upper *upper;
    size_t n;
    struct level **instance; /* one a slot */
};

static struct level *level_for(const struct levels *l, enum level_kind kind,
                               const struct limits *limits)
{
    return level_new(kind, limits, &l->set.probe->holders, l->set.machine->cpus);
}

static bool make_uppers(struct levels *l)
{
    const struct config *c = l->set.config;
    l->upper = calloc(c->groups + 1, sizeof *l->upper);
    for (size_t i = 0; l->upper && i < c->groups; i++)
        l->upper[l->uppers++] = (struct upper){.kind = LEVEL_GROUP,
                                               .name = c->group[i].name,
                                               .limits = &c->group[i].limits};
    if (l->upper && c->service.capped)
        l->upper[l->uppers++] = (struct upper){.kind = LEVEL_FLEET,
                                               .name = c->service.name,
                                               .limits = &c->service.limits};
    for (size_t i = 0; i < l->uppers; i++) {
        l->upper[i].level = level_for(l, l->upper[i].kind, l->upper[i].limits);
        if (!l->upper[i].level)
            return false;
    }
    return l->upper != NULL;
}

static bool make_instances(struct levels *l)
{
    const struct config *c = l->set.config;
    l->instance = calloc(c->n + 1, sizeof *l->instance);
    for (; l->instance && l->n < c->n; l->n++) {
        l->instance[l->n] = level_for(l, LEVEL_INSTANCE, &c->job[l->n].limits);
        if (!l->instance[l->n])
            return false;
    }
    return l->instance != NULL;
}

enum st levels_new(const struct levels_setup *setup, struct levels **ret, struct err *e)
{
    struct levels *l = calloc(1, sizeof *l);
    if (!l)
        return err_nomem(e);
    l->set = *setup;
    if (!make_uppers(l) || !make_instances(l)) {
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
        level_free(l->instance[i]);
    for (size_t i = 0; i < l->uppers; i++) {
        level_free(l->upper[i].level);
        job_close(l->upper[i].job);
    }
    free(l->instance);
    free(l->upper);
    free(l);
}

static struct upper *group_of(const struct levels *l, size_t slot)
{
    const struct group_spec *g = l->set.config->job[slot].group;
    return g ? &l->upper[g - l->set.config->group] : NULL;
}

static struct upper *fleet_of(const struct levels *l)
{
    struct upper *last = l->uppers ? &l->upper[l->uppers - 1] : NULL;
    return last && last->kind == LEVEL_FLEET ? last : NULL;
}

/* What is set above the instance SLOT, or above the upper U when it is not NULL; from the nearest
 * up. */
static size_t limits_above(const struct levels *l, const struct upper *u, size_t slot,
                           const struct limits *ret[UPPERS_MAX])
{
    const struct upper *above[UPPERS_MAX] = {u ? NULL : group_of(l, slot), fleet_of(l)};
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
    const char *service = l->set.config->service.name;
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
                                        .key = PORT_KEY_LEVEL | (ULONG_PTR)(u - l->upper),
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
    return u->kind == LEVEL_FLEET || u == group_of(l, slot);
}

size_t levels_chain(const struct levels *l, size_t slot, struct level *ret[UPPERS_MAX + 1],
                    struct upper *uppers[UPPERS_MAX + 1])
{
    struct upper *above[UPPERS_MAX] = {group_of(l, slot), fleet_of(l)};
    size_t n = 0;
    ret[n] = l->instance[slot];
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
    return l->instance[slot];
}

size_t levels_uppers(const struct levels *l)
{
    return l->uppers;
}

struct upper *levels_upper(const struct levels *l, size_t i)
{
    return &l->upper[i];
}

const struct levels_setup *levels_setup(const struct levels *l)
{
    return &l->set;
}

/* Who sets the limit first, in the order of the file; NULL: nobody. */
static const char *first_user(const struct levels *l, enum limit_id id, size_t *ret_users)
{
    const char *first = NULL;
    *ret_users = 0;
    for (size_t i = 0; i < l->uppers + l->n; i++) {
        bool upper = i < l->uppers;
        const struct job_spec *s = upper ? NULL : &l->set.config->job[i - l->uppers];
        if (!limits_have(upper ? l->upper[i].limits : &s->limits, id))
            continue;
        if ((*ret_users)++ == 0)
            first = upper ? l->upper[i].name : s->unit;
    }
    return first;
}

void levels_tell(const struct levels *l, const struct log *log)
{
    for (int i = 0; i < LIMITS; i++) {
        size_t users;
        enum holder by = l->set.probe->holders.of[i];
        bool guard = i >= LIMIT_GUARD_COMMIT && i <= LIMIT_GUARD_CPU; /* the sampler's by nature */
        const char *first = by == HELD_BY_KERNEL || (guard && by == HELD_BY_SAMPLER)
                                ? NULL
                                : first_user(l, (enum limit_id)i, &users);
        if (first)
            log_event(log, by == HELD_BY_NOBODY ? LOG_WARNING : LOG_INFO, "limit.not_by_kernel",
                      LOG_TEXT("limit", schema_limit((enum limit_id)i)->key),
                      LOG_TEXT("by", holder_names[by]), LOG_TEXT("first", first),
                      LOG_NUM("users", users));
    }
}
