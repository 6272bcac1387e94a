/* kin.c - see kin.h. */
#include "service/job/kin.h"

#include <stdint.h>
#include <stdlib.h>

#define NOBODY SIZE_MAX

/* The processes from the oldest to the youngest; parent, child and brother are places in there. */
struct node {
    uint64_t created;
    uint32_t pid, parent_pid;
    size_t index;
    size_t parent, child, brother; /* child: the oldest; brother: the next younger one */
};

struct by_pid {
    uint32_t pid;
    size_t at;
};

static int compare_age(const void *a, const void *b)
{
    const struct node *x = a, *y = b;
    if (x->created != y->created)
        return x->created < y->created ? -1 : 1;
    return (x->pid > y->pid) - (x->pid < y->pid);
}

static int compare_pid(const void *a, const void *b)
{
    uint32_t x = ((const struct by_pid *)a)->pid, y = ((const struct by_pid *)b)->pid;
    return (x > y) - (x < y);
}

static void fill(struct node *v, struct by_pid *pids, const struct proc *proc, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] = (struct node){proc[i].created, proc[i].pid, proc[i].parent, i,
                             NOBODY,          NOBODY,      NOBODY};
    qsort(v, n, sizeof *v, compare_age);
    for (size_t i = 0; i < n; i++)
        pids[i] = (struct by_pid){v[i].pid, i};
    qsort(pids, n, sizeof *pids, compare_pid);
}

/* A clock that ticks slowly gives parent and child one time of creation, and then two can claim
 * each other: whoever is above already is not put below. */
static bool may_be_below(const struct node *v, size_t child, size_t parent)
{
    if (v[parent].created > v[child].created)
        return false;
    size_t at = parent;
    while (at != NOBODY && at != child && v[at].created == v[child].created)
        at = v[at].parent;
    return at != child;
}

/* From the youngest on, so that each list of children begins with the oldest. */
static void join(struct node *v, const struct by_pid *pids, size_t n)
{
    for (size_t i = n; i-- > 0;) {
        const struct by_pid key = {.pid = v[i].parent_pid};
        const struct by_pid *p = bsearch(&key, pids, n, sizeof *pids, compare_pid);
        if (!p || !may_be_below(v, i, p->at))
            continue;
        v[i].parent = p->at;
        v[i].brother = v[p->at].child;
        v[p->at].child = i;
    }
}

/* Down to the oldest child, else on to the next brother of it or of the nearest one above. */
static size_t next_in_tree(const struct node *v, size_t at, size_t *depth)
{
    if (v[at].child != NOBODY) {
        ++*depth;
        return v[at].child;
    }
    while (v[at].brother == NOBODY && v[at].parent != NOBODY) {
        at = v[at].parent;
        --*depth;
    }
    return v[at].brother; /* a root has none */
}

static void list(const struct node *v, size_t n, struct kin *ret)
{
    size_t filled = 0;
    for (size_t i = 0; i < n; i++) {
        size_t depth = 0;
        size_t at = v[i].parent == NOBODY ? i : NOBODY;
        for (; at != NOBODY; at = next_in_tree(v, at, &depth))
            ret[filled++] = (struct kin){v[at].index, depth};
    }
}

enum st kin_order(const struct proc *proc, size_t n, struct kin *ret)
{
    struct node *v = calloc(n + 1, sizeof *v);
    struct by_pid *pids = calloc(n + 1, sizeof *pids);
    enum st st = v && pids ? ST_OK : ST_NOMEM;
    if (st == ST_OK) {
        fill(v, pids, proc, n);
        join(v, pids, n);
        list(v, n, ret);
    }
    free(pids);
    free(v);
    return st;
}
