/* check_fleet.c - what must hold of the whole after every call, and at the end. */
#include "tests/simulate/world.h"

#include <inttypes.h>

static void check_counters(struct world *w)
{
    bool down = true, all_final = true, going = false;
    for (size_t i = 0; i < sup_count(w->sup); i++) {
        const struct unit *u = sup_unit(w->sup, i);
        if (!u->spec)
            continue;
        going = going || u->at == S_STOPPING ||
                (u->spawned && (w->stopping || u->held != EVENTS));
        bool final = u->at == S_FAILED || u->at == S_EXITED;
        down = down && (final || u->at == S_STOPPED);
        all_final = all_final && final && u->spec->schedule.kind == SCHEDULE_NONE;
    }
    if ((sup_stop_deadline(w->sup) == 0) != !going)
        world_fail(w, "counters", "sup_stop_deadline is %" PRIu64, sup_stop_deadline(w->sup));
    if (sup_all_down(w->sup) != down)
        world_fail(w, "counters", "sup_all_down says %d", sup_all_down(w->sup));
    if (all_final && !sup_all_final(w->sup))
        return; /* a definition with a schedule and without instances may be there */
    if (sup_all_final(w->sup) != all_final)
        world_fail(w, "counters", "sup_all_final says %d", sup_all_final(w->sup));
}

static bool is_of(const struct job_spec *spec, const struct config *c)
{
    return spec && spec >= c->job && spec < c->job + c->n;
}

/* Exactly the definitions that some unit goes by, and those that were taken over last. */
static void check_uses(struct world *w)
{
    for (const struct held *h = w->held; h; h = h->next) {
        bool used = sup_config(w->sup) == h->config;
        for (size_t i = 0; !used && i < sup_count(w->sup); i++) {
            const struct unit *u = sup_unit(w->sup, i);
            used = is_of(u->spec, h->config) || is_of(u->next, h->config);
        }
        if (used != sup_uses(w->sup, h->config))
            world_fail(w, "uses", "definitions that %s used are said %sto be",
                       used ? "are" : "are not", used ? "not " : "");
    }
}

void check_all(struct world *w)
{
    if (!w->sup)
        return;
    if (sup_config(w->sup) != w->held->config)
        world_fail(w, "uses", "the newest definitions are not the ones that were taken last");
    if (sup_count(w->sup) > w->room)
        world_fail(w, "room", "%zu slots where there is room for %zu", sup_count(w->sup), w->room);
    for (uint32_t i = 0; i < sup_count(w->sup); i++)
        check_unit(w, i);
    check_order(w);
    check_rolls(w);
    check_counters(w);
    if (w->held->next) {
        check_uses(w);
        world_sweep(w);
    }
}

void check_down(struct world *w)
{
    if (!sup_all_down(w->sup))
        for (size_t i = 0; i < sup_count(w->sup); i++) {
            const struct unit *u = sup_unit(w->sup, i);
            if (u->spec && u->at != S_STOPPED && u->at != S_FAILED && u->at != S_EXITED)
                world_fail(w, "stop-ends", "%s is still %s", u->spec->unit, state_names[u->at]);
        }
    for (size_t i = 0; i < sup_count(w->sup); i++) {
        const struct slot *s = &w->slot[i];
        if (s->run.open || s->alarm || s->preparing || s->checking)
            world_fail(w, "stop-ends", "slot %zu has something left", i);
    }
    if (w->fleet_alarm)
        world_fail(w, "stop-ends", "the fleet's alarm is left at %" PRIu64, w->fleet_alarm);
}
