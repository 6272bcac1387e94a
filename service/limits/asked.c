/* asked.c - a short list, searched from its beginning. */
#include "service/limits/asked.h"

#include <stdlib.h>

static struct asked_one *find(const struct asked *a, const struct proc *p)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->one[i].pid == p->pid && a->one[i].created == p->created)
            return &a->one[i];
    return NULL;
}

static bool there(const struct asked_one *o, const struct proc *const *proc, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (proc[i]->pid == o->pid && proc[i]->created == o->created)
            return true;
    return false;
}

void asked_look(struct asked *a, const struct proc *const *proc, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < a->n; i++) {
        if (!there(&a->one[i], proc, n))
            continue;
        a->one[kept] = a->one[i];
        a->one[kept].before = a->one[kept].now;
        kept++;
    }
    a->n = kept;
}

unsigned asked_before(const struct asked *a, const struct proc *p)
{
    const struct asked_one *o = find(a, p);
    return o ? o->before : 0;
}

unsigned asked_now(const struct asked *a, const struct proc *p)
{
    const struct asked_one *o = find(a, p);
    return o ? o->now : 0;
}

void asked_add(struct asked *a, const struct proc *p, unsigned bit)
{
    struct asked_one *o = find(a, p);
    if (o) {
        o->now |= bit;
        return;
    }
    if (a->n == a->cap) {
        size_t cap = a->cap ? 2 * a->cap : 8;
        struct asked_one *more = realloc(a->one, cap * sizeof *more);
        if (!more)
            return;
        a->one = more;
        a->cap = cap;
    }
    a->one[a->n++] = (struct asked_one){.pid = p->pid, .now = bit, .created = p->created};
}

void asked_free(struct asked *a)
{
    free(a->one);
    *a = (struct asked){0};
}
