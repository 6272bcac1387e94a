/* shrink.c - the same defect by a shorter script: without pieces, without steps, with smaller
 * numbers, as long as something goes. */
#include "tests/simulate/isolate.h"

#include <stdio.h>
#include <string.h>

enum { TRIES_MAX = 20000 };

struct shrinking {
    struct script *s, tried;
    char invariant[sizeof((struct outcome *)0)->invariant];
    struct outcome *v;
    uint32_t tries;
};

static bool still(struct shrinking *k)
{
    if (k->tries++ > TRIES_MAX)
        return false;
    bool ok = isolate_script(&k->tried, k->v, true, false);
    if (ok || strcmp(k->v->invariant, k->invariant) != 0)
        return false;
    script_copy(k->s, &k->tried);
    return true;
}

/* Without N steps from AT on. */
static bool drop(struct shrinking *k, size_t at, size_t n)
{
    k->tried.n = 0;
    for (size_t i = 0; i < k->s->n; i++)
        if (i < at || i >= at + n)
            script_add(&k->tried, k->s->step[i]);
    return still(k);
}

static bool drop_pieces(struct shrinking *k)
{
    bool any = false;
    for (size_t n = k->s->n / 2; n > 0; n /= 2)
        for (size_t at = 0; at < k->s->n;)
            if (drop(k, at, n))
                any = true;
            else
                at += n;
    return any;
}

static bool try_number(struct shrinking *k, size_t at, uint32_t arg, int64_t value)
{
    int64_t is = k->s->step[at].arg[arg];
    if (is == value)
        return false;
    script_copy(&k->tried, k->s);
    k->tried.step[at].arg[arg] = value;
    return still(k);
}

static bool smaller_numbers(struct shrinking *k)
{
    bool any = false;
    for (size_t i = 0; i < k->s->n; i++)
        for (uint32_t a = 0; a < step_rows[k->s->step[i].kind].args; a++) {
            const struct script_step *st = &k->s->step[i];
            if ((st->kind == STEP_SET && a < 2) || (st->kind == STEP_FLEET && a == 0))
                continue;
            if (st->arg[a] == 0 || st->arg[a] == 1)
                continue;
            bool less = try_number(k, i, a, 0) || try_number(k, i, a, 1);
            while (!less && k->s->step[i].arg[a] > 3 &&
                   try_number(k, i, a, k->s->step[i].arg[a] / 2))
                any = true;
            any = any || less;
        }
    return any;
}

void shrink(struct script *s, struct outcome *v)
{
    struct shrinking k = {.s = s, .v = v};
    snprintf(k.invariant, sizeof k.invariant, "%s", v->invariant);
    if (v->step + 1 < s->n) { /* nothing after it can matter */
        script_copy(&k.tried, s);
        k.tried.n = v->step + 1;
        still(&k);
    }
    while (drop_pieces(&k) || smaller_numbers(&k))
        ;
    isolate_script(s, v, true, false); /* its own words */
    script_free(&k.tried);
}
