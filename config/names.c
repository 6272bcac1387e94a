/* names.c - open addressing over a power of two, never more than half full. */
#include "config/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 64, GROWTH = 2 };

struct slot {
    struct str key;
    void *value; /* NULL: free */
    uint32_t hash;
};

struct names {
    struct slot *slot;
    size_t n, cap;
};

struct names *names_new(void)
{
    struct names *t = calloc(1, sizeof *t);
    if (t)
        t->slot = calloc(FIRST_CAP, sizeof *t->slot);
    if (t && !t->slot) {
        free(t);
        return NULL;
    }
    if (t)
        t->cap = FIRST_CAP;
    return t;
}

void names_free(struct names *t)
{
    if (!t)
        return;
    free(t->slot);
    free(t);
}

void names_clear(struct names *t)
{
    if (t->n > 0)
        memset(t->slot, 0, t->cap * sizeof *t->slot);
    t->n = 0;
}

static uint32_t hash(struct str key)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)ascii_lower(key.p[i])) * UINT64_C(1099511628211);
    return (uint32_t)(h ^ h >> 29);
}

/* Where KEY is, or would be put. */
static struct slot *find(struct slot *slot, size_t cap, struct str key, uint32_t h)
{
    size_t i = h & (cap - 1);
    while (slot[i].value && (slot[i].hash != h || !str_ieq(slot[i].key, key)))
        i = (i + 1) & (cap - 1);
    return &slot[i];
}

void *names_find(const struct names *t, struct str key)
{
    return find(t->slot, t->cap, key, hash(key))->value;
}

/* All names in the table differ, so only a free slot is looked for. */
static void move(struct slot *to, size_t cap, const struct slot *s)
{
    size_t i = s->hash & (cap - 1);
    while (to[i].value)
        i = (i + 1) & (cap - 1);
    to[i] = *s;
}

static bool grow(struct names *t)
{
    struct slot *bigger = calloc(t->cap * GROWTH, sizeof *bigger);
    if (!bigger)
        return false;
    for (size_t i = 0; i < t->cap; i++)
        if (t->slot[i].value)
            move(bigger, t->cap * GROWTH, &t->slot[i]);
    free(t->slot);
    t->slot = bigger;
    t->cap *= GROWTH;
    return true;
}

enum st names_claim(struct names *t, struct str key, void *value, void **first)
{
    if (t->n + 1 > t->cap / 2 && !grow(t))
        return ST_NOMEM;
    uint32_t h = hash(key);
    struct slot *s = find(t->slot, t->cap, key, h);
    *first = s->value;
    if (s->value)
        return ST_OK;
    *s = (struct slot){key, value, h};
    t->n++;
    return ST_OK;
}

enum st names_add(struct names *t, struct str key, void *value)
{
    void *first = NULL;
    return names_claim(t, key, value, &first);
}
