/* take.c - new definitions take over from the old ones: all memory is taken first, so that the rest
 * (commit.c) cannot fail. */
#include "service/supervise/take.h"

#include <stdlib.h>
#include <string.h>

/* --- draft ----------------------------------------------------------------------------- */
static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static int by_name(const void *a, const void *b)
{
    const struct crew *const *x = a, *const *y = b;
    const char *p = (*x)->name, *q = (*y)->name;
    while (*p && lower(*p) == lower(*q)) {
        p++;
        q++;
    }
    return lower(*p) - lower(*q);
}

/* The crews that are there, also those whose units are on their way down, by their names. */
struct index {
    struct crew **v;
    size_t n;
};

static bool index_all(const struct sup *s, struct index *ret)
{
    size_t n = s->crews;
    for (const struct crew *c = s->gone; c; c = c->gone_link)
        n++;
    *ret = (struct index){calloc(n + 1, sizeof *ret->v), 0};
    if (!ret->v)
        return false;
    for (size_t i = 0; i < s->crews; i++)
        ret->v[ret->n++] = s->crew[i];
    for (struct crew *c = s->gone; c; c = c->gone_link) {
        c->name = c->unit[0]->spec->job; /* the one that it had may be gone with its definition */
        ret->v[ret->n++] = c;
    }
    qsort(ret->v, ret->n, sizeof *ret->v, by_name);
    return true;
}

static struct crew *find(const struct index *x, const char *name)
{
    const struct crew key = {.name = name}, *const at = &key;
    struct crew **hit = x->n ? bsearch(&at, x->v, x->n, sizeof *x->v, by_name) : NULL;
    return hit ? *hit : NULL;
}

static void count_users(const struct config *c, uint32_t *users)
{
    for (size_t i = 0; i < c->jobs; i++)
        for (uint32_t k = 0; k < c->definition[i].deps.n; k++)
            users[c->definition[i].deps.dep[k].job]++;
}

/* How many instances of D the crew OLD does not have. */
static uint32_t new_units(const struct config *c, const struct definition *d,
                          const struct crew *old)
{
    uint32_t have = 0;
    for (uint32_t i = 0, k = 0; old && i < d->n && k < old->n;) {
        uint32_t want = c->job[d->first + i].instance, is = old->unit[k]->spec->instance;
        have += want == is;
        i += want <= is;
        k += is <= want;
    }
    return d->n - have;
}

static bool draft_crews(const struct sup *s, struct draft *t)
{
    const struct config *c = t->next;
    struct index names;
    uint32_t *users = calloc(c->jobs + 1, sizeof *users);
    bool ok = index_all(s, &names) && users;
    if (ok)
        count_users(c, users);
    for (size_t i = 0; ok && i < c->jobs; i++) {
        const struct definition *d = &c->definition[i];
        struct crew *old = find(&names, d->name);
        t->old[i] = old;
        t->crew[i] = crew_new(d->n + (old ? old->n : 0), d->deps.n, users[i]);
        t->units += new_units(c, d, old);
        ok = t->crew[i] != NULL;
    }
    free(names.v);
    free(users);
    return ok;
}

/* Slots for the new units: free ones, then further ones; and the queue for all. */
static bool draft_slots(struct sup *s, struct draft *t)
{
    size_t more = t->units > s->free ? t->units - s->free : 0;
    size_t n = s->n + more;
    if (n <= s->room)
        return true;
    struct unit **unit = calloc(n, sizeof *unit);
    struct unit **queue = calloc(n, sizeof *queue);
    if (!unit || !queue) {
        free(unit);
        free(queue);
        return false;
    }
    for (size_t i = 0; i < s->queue_n; i++)
        queue[i] = s->queue[(s->queue_head + i) % s->room];
    if (s->n > 0)
        memcpy(unit, s->unit, s->n * sizeof *unit);
    free(s->unit);
    free(s->queue);
    s->unit = unit;
    s->queue = queue;
    s->queue_head = 0;
    s->room = n;
    return true;
}

static bool draft_units(struct sup *s, struct draft *t)
{
    size_t more = t->units > s->free ? t->units - s->free : 0;
    t->unit = calloc(more + 1, sizeof *t->unit);
    for (; t->unit && t->fresh < more; t->fresh++) {
        t->unit[t->fresh] = calloc(1, sizeof **t->unit);
        if (!t->unit[t->fresh])
            return false;
    }
    return t->unit != NULL;
}

static void draft_free(struct draft *t)
{
    for (size_t i = 0; t->crew && i < t->next->jobs; i++)
        crew_free(t->crew[i]);
    for (size_t i = 0; i < t->fresh; i++)
        free(t->unit[i]);
    free(t->crew);
    free(t->old);
    free(t->unit);
}

enum st take_draft(struct sup *s, const struct config *next, struct draft *t, struct err *e)
{
    *t = (struct draft){.next = next};
    t->crew = calloc(next->jobs + 1, sizeof(struct crew *));
    t->old = calloc(next->jobs + 1, sizeof(struct crew *));
    bool ok = t->crew && t->old && draft_crews(s, t) && draft_units(s, t) && draft_slots(s, t);
    enum st st = ok ? s->hands.room(s->hands.ctx, s->n + t->fresh, e) : err_nomem(e);
    if (st != ST_OK)
        draft_free(t);
    return st;
}
