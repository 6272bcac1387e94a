/* orders.c - an operator's orders, and what must be so at once. */
#include "tests/simulate/script.h"
#include "tests/simulate/world.h"

#include <stdlib.h>

struct chosen {
    size_t n;
    size_t *slot;
};

/* The slot S, its job, or everything. */
static struct chosen choose(struct world *w, const struct slot *s, int64_t wide)
{
    struct chosen c = {0, calloc(w->room + 1, sizeof *c.slot)};
    if (!c.slot)
        abort();
    for (size_t i = 0; i < sup_count(w->sup); i++) {
        const struct slot *o = &w->slot[i];
        if (o == s || (o->spec && wide == 1 && o->job == s->job) || wide == 2)
            c.slot[c.n++] = i; /* free ones among them */
    }
    return c;
}

static void ordered(struct world *w, size_t slot, enum step_kind kind)
{
    struct slot *s = &w->slot[slot];
    const struct unit *u = sup_unit(w->sup, slot);
    bool up = kind != STEP_STOP, runs = u->at == S_STARTING || u->at == S_RUNNING;
    if (!s->spec)
        return;
    s->run.may |= 1u << CAUSE_OPERATOR;
    if (up && !s->run.open) /* a new beginning */
        s->proven = s->proven && (u->at == S_WAITING || u->at == S_PREPARING);
    s->ordered = true;
    if (kind == STEP_STOP)
        s->anew = 0;
    else if (kind == STEP_RESTART && runs && !w->stopping && !u->retired)
        s->anew = s->run.id;
}

static void check_wanted(struct world *w, const struct chosen *c, bool up)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct unit *u = sup_unit(w->sup, c->slot[i]);
        if (u->spec && !u->retired && u->want_up != (up && !w->stopping))
            world_fail(w, "wanted", "%s is %swanted after an order", u->spec->unit,
                       u->want_up ? "" : "not ");
    }
}

static void call(struct world *w, const struct chosen *c, enum step_kind kind)
{
    world_enter(w);
    if (kind == STEP_RESTART)
        sup_restart(w->sup, c->slot, c->n);
    else if (kind == STEP_START)
        sup_start_each(w->sup, c->slot, c->n);
    else
        sup_stop_each(w->sup, c->slot, c->n);
    world_leave(w);
}

void orders_give(struct world *w, const struct slot *s, enum step_kind kind, int64_t wide)
{
    struct chosen c = choose(w, s, wide);
    for (size_t i = 0; i < c.n; i++)
        ordered(w, c.slot[i], kind);
    call(w, &c, kind);
    check_wanted(w, &c, kind != STEP_STOP);
    free(c.slot);
}

void orders_kill(struct world *w, struct slot *s)
{
    uint32_t slot = world_index(w, s);
    const struct unit *u = sup_unit(w->sup, slot);
    bool wanted = u->want_up, open = s->run.open, known = u->cause != CAUSE_NONE;
    uint64_t id = s->run.id;
    s->run.may |= 1u << CAUSE_OPERATOR;
    s->run.slain = s->run.slain || (open && !known);
    world_enter(w);
    enum st st = sup_kill(w->sup, slot);
    if (st == ST_OK && (!open || (s->run.id == id && s->run.open && !s->run.killed)))
        world_fail(w, "kill", "%s is said to be killed and is not", s->spec->unit);
    if (st != ST_OK && s->run.id == id && s->run.open)
        world_fail(w, "kill", "%s is said not to run", s->spec->unit);
    if (u->spec && u->want_up != wanted)
        world_fail(w, "kill", "%s: a kill has changed what is wanted", u->spec->unit);
    world_leave(w);
}
