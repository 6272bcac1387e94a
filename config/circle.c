/* circle.c - jobs that wait for one another.
 *
 * Tarjan's algorithm, without recursion, finds the sets of jobs of which each waits for each other
 * one; in such a set every dependency is part of a circle.  Shortest circles are shown until each
 * dependency was in one, so whatever could be the mistake is seen. */
#include "config/loader.h"

#include <string.h>

/* A group whose members all wait for each other does not fill the screen. */
enum { SHOWN_MAX = 20 };
/* What set a job is in: none yet, or one by itself; else the number of one. */
enum { UNDECIDED = 0, ALONE = -1 };

struct search {
    struct loader *l;
    const struct definition *all;
    uint32_t n;
    /* by job */
    uint32_t *order; /* in which it was found, from 1; 0: not yet */
    uint32_t *low;   /* the first in that order that it leads to and that is undecided */
    uint32_t *next;  /* how many of its deps were followed */
    int64_t *set;
    size_t *base; /* where its deps begin in `shown` */
    bool *shown;  /* by dependency */
    /* lists of jobs */
    uint32_t *way;  /* from where the search began to where it is; later: one circle */
    uint32_t *open; /* found and undecided; later: those still to be looked at */
    uint32_t ways, opens, found;
};

static bool make_room(struct search *s)
{
    struct loader *l = s->l;
    uint32_t **const lists[] = {&s->order, &s->low, &s->next, &s->way, &s->open};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        *lists[i] = take(l, l->scratch, s->n, sizeof **lists[i]);
    s->set = take(l, l->scratch, s->n, sizeof *s->set);
    s->base = take(l, l->scratch, s->n, sizeof *s->base);
    return !l->nomem;
}

/* --- the sets ----------------------------------------------------------------------- */
static void enter(struct search *s, uint32_t job)
{
    s->order[job] = s->low[job] = ++s->found;
    s->way[s->ways++] = job;
    s->open[s->opens++] = job;
}

static void lower(struct search *s, uint32_t job, uint32_t to)
{
    if (to < s->low[job])
        s->low[job] = to;
}

/* All that JOB leads to was found; when it leads to nothing before it, those since are a set. */
static void leave(struct search *s, uint32_t job)
{
    s->ways--;
    if (s->ways > 0)
        lower(s, s->way[s->ways - 1], s->low[job]);
    if (s->low[job] != s->order[job])
        return;
    int64_t set = s->open[s->opens - 1] == job ? ALONE : (int64_t)s->order[job];
    do
        s->set[s->open[--s->opens]] = set;
    while (s->open[s->opens] != job);
}

static void find_sets(struct search *s, uint32_t first)
{
    enter(s, first);
    while (s->ways > 0) {
        uint32_t job = s->way[s->ways - 1];
        const struct deps *deps = &s->all[job].deps;
        if (s->next[job] == deps->n) {
            leave(s, job);
            continue;
        }
        uint32_t to = deps->dep[s->next[job]++].job;
        if (!s->order[to])
            enter(s, to);
        else if (s->set[to] == UNDECIDED)
            lower(s, job, s->order[to]);
    }
}

/* --- one circle --------------------------------------------------------------------- */

/* Looks for FROM, beginning at its dependency TO and staying in their set; s->low then says of each
 * job on the way from which one it was come to, + 1. */
static void find_back(struct search *s, uint32_t from, uint32_t to)
{
    memset(s->low, 0, s->n * sizeof *s->low);
    s->low[to] = from + 1;
    s->open[0] = to;
    s->opens = 1;
    for (uint32_t i = 0; i < s->opens && !s->low[from]; i++) {
        const struct deps *deps = &s->all[s->open[i]].deps;
        for (uint32_t k = 0; k < deps->n; k++) {
            uint32_t job = deps->dep[k].job;
            if (s->set[job] != s->set[from] || s->low[job])
                continue;
            s->low[job] = s->open[i] + 1;
            s->open[s->opens++] = job;
        }
    }
}

/* One of the shortest circles in which FROM waits for TO, in s->way, its first job in the file
 * first. */
static void find_circle(struct search *s, uint32_t from, uint32_t to)
{
    uint32_t n = 0, least = 0, job = from;
    find_back(s, from, to);
    do {
        s->open[n++] = job;
        job = s->low[job] - 1;
    } while (job != from);
    for (uint32_t i = 1; i < n; i++)
        if (s->open[i] < s->open[least])
            least = i;
    for (uint32_t i = 0; i < n; i++) /* they were collected against their direction */
        s->way[i] = s->open[(least + n - i) % n];
    s->ways = n;
}

static const struct dep *find_dep(const struct deps *deps, uint32_t job)
{
    const struct dep *d = deps->dep;
    while (d->job != job)
        d++;
    return d;
}

/* " (jobs.ini:4) requires db" and, where it comes to that by a group, which one. */
static void print_step(struct search *s, uint32_t from, uint32_t to, struct buf *out)
{
    const struct dep *d = find_dep(&s->all[from].deps, to);
    const struct entry *e = order_entry(s->l, from, d);
    const struct sect *group = order_group(s->l, from, d);
    s->shown[s->base[from] + (size_t)(d - s->all[from].deps.dep)] = true;
    buf_f(out, " (%s:%u) %s %s", e->at.file, (unsigned)e->at.line, e->field->key, s->all[to].name);
    if (group)
        buf_f(out, " of [group:%s]", group->name);
}

static void show_circle(struct search *s)
{
    struct buf text = {0};
    uint32_t first = s->way[0];
    const struct dep *d = find_dep(&s->all[first].deps, s->way[1]);
    buf_z(&text, s->all[first].name);
    for (uint32_t i = 0; i < s->ways; i++)
        print_step(s, s->way[i], s->way[(i + 1) % s->ways], &text);
    s->l->nomem = s->l->nomem || !buf_ok(&text);
    report(s->l, CODE_ORDER_CYCLE, order_entry(s->l, first, d)->at,
           "jobs wait for one another: %s; take one of these out", buf_text(&text));
    buf_free(&text);
}

/* --- all of them -------------------------------------------------------------------- */

/* The first dependency of JOB in a circle that was not shown yet, or NULL. */
static const struct dep *find_unshown(const struct search *s, uint32_t job)
{
    const struct deps *deps = &s->all[job].deps;
    for (uint32_t k = 0; k < deps->n && s->set[job] != ALONE; k++)
        if (s->set[deps->dep[k].job] == s->set[job] && !s->shown[s->base[job] + k])
            return &deps->dep[k];
    return NULL;
}

static void show_all(struct search *s)
{
    uint32_t circles = 0, one = 0;
    bool more = false;
    for (uint32_t i = 0; i < s->n && !s->l->nomem; i++) {
        const struct dep *d = find_unshown(s, i);
        for (; d && circles < SHOWN_MAX && !s->l->nomem; d = find_unshown(s, i)) {
            find_circle(s, i, d->job);
            show_circle(s);
            circles++;
        }
        if (d && !more)
            one = i;
        more = more || d;
    }
    if (more && !s->l->nomem)
        report(s->l, CODE_ORDER_CYCLE, s->all[one].at,
               "there are more circles, with job '%s' in one of them; mend those that are shown "
               "first",
               s->all[one].name);
}

void circles_report(struct loader *l)
{
    struct search s = {.l = l, .all = l->definition, .n = (uint32_t)l->jobs};
    size_t deps = 0;
    if (!make_room(&s))
        return;
    for (uint32_t i = 0; i < s.n; i++) {
        s.base[i] = deps;
        deps += s.all[i].deps.n;
        if (!s.order[i])
            find_sets(&s, i);
    }
    s.shown = take(l, l->scratch, deps, sizeof *s.shown);
    if (s.shown)
        show_all(&s);
}
