/* levels_upper.c - groups and the fleet: the list of them, and where each belongs in it. */
#include "service/host/levels_impl.h"

#include "common/str.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct limits *limits_copy(const struct limits *l)
{
    size_t hook = strlen(l->hook_limit) + 1, groups = l->affinity.n * sizeof *l->affinity.group;
    struct limits *copy = malloc(sizeof *copy + groups + hook);
    if (!copy)
        return NULL;
    char *at = (char *)(copy + 1);
    *copy = *l;
    if (groups)
        memcpy(at, l->affinity.group, groups);
    copy->affinity.group = groups ? (const void *)at : NULL;
    memcpy(at + groups, l->hook_limit, hook);
    copy->hook_limit = at + groups;
    return copy;
}
static_assert(sizeof(struct limits) % sizeof(uint64_t) == 0, "the groups behind it are aligned");

void upper_free(struct upper *u)
{
    if (!u)
        return;
    level_free(u->level);
    job_close(u->job);
    free((void *)u->limits);
    free(u);
}

static struct upper *upper_new(const struct levels *l, enum level_kind kind, const char *name,
                               const struct limits *limits)
{
    struct upper *u = calloc(1, sizeof *u);
    if (!u)
        return NULL;
    u->kind = kind;
    snprintf(u->name, sizeof u->name, "%s", name);
    u->limits = limits_copy(limits);
    if (u->limits)
        u->level = level_new(kind, u->limits, &l->set.probe->holders, l->set.machine->cpus);
    if (u->level)
        return u;
    upper_free(u);
    return NULL;
}

static bool make_room(struct levels *l)
{
    size_t room = l->upper_room ? 2 * l->upper_room : 8;
    if (l->uppers < l->upper_room)
        return true;
    struct upper **grown = realloc(l->upper, room * sizeof *grown);
    if (!grown)
        return false;
    l->upper = grown;
    l->upper_room = room;
    return true;
}

struct upper *upper_add(struct levels *l, enum level_kind kind, const char *name,
                        const struct limits *limits)
{
    struct upper *u = make_room(l) ? upper_new(l, kind, name, limits) : NULL;
    if (!u)
        return NULL;
    u->number = l->numbers++;
    l->upper[l->uppers++] = u;
    if (kind == LEVEL_FLEET)
        l->fleet = u;
    else if (l->fleet) { /* which stays the last */
        l->upper[l->uppers - 2] = u;
        l->upper[l->uppers - 1] = l->fleet;
    }
    return u;
}

struct upper *upper_of_group(const struct levels *l, const char *name)
{
    for (size_t i = 0; i < l->uppers; i++)
        if (l->upper[i]->kind == LEVEL_GROUP && str_ieq(str_of(l->upper[i]->name), str_of(name)))
            return l->upper[i];
    return NULL;
}

void levels_sweep(struct levels *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->uppers; i++) {
        struct upper *u = l->upper[i];
        if (u->kind == LEVEL_GROUP && !u->defined && u->below == 0)
            upper_free(u);
        else
            l->upper[kept++] = u;
    }
    l->uppers = kept;
}

size_t levels_uppers(const struct levels *l)
{
    return l->uppers;
}

struct upper *levels_upper(const struct levels *l, size_t i)
{
    return l->upper[i];
}

struct upper *levels_find(const struct levels *l, uint64_t number)
{
    for (size_t i = 0; i < l->uppers; i++)
        if (l->upper[i]->number == number)
            return l->upper[i];
    return NULL;
}

struct upper *levels_fleet(const struct levels *l)
{
    return l->fleet;
}
