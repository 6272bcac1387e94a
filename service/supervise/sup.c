/* sup.c - the fleet: finds the unit that is meant, orders, and answers for all of them. */
#include "service/supervise/fleet.h"

#include <stdlib.h>

enum st sup_new(const struct config *c, const struct hands *hands, struct sup **ret, struct err *e)
{
    if (c->n > INSTANCES_MAX)
        return err_say(e, ST_RANGE, "%zu instances are more than %d", c->n, (int)INSTANCES_MAX);
    struct sup *s = calloc(1, sizeof *s);
    struct unit *unit = calloc(c->n ? c->n : 1, sizeof *unit);
    if (!s || !unit) {
        free(s);
        free(unit);
        return err_nomem(e);
    }
    for (size_t i = 0; i < c->n; i++) {
        unit[i].id = i; /* generation 0 is no run */
        unit[i].spec = &c->job[i];
        unit[i].limit = unit[i].limit_last = unit[i].last.limit = LIMIT_NONE;
    }
    s->hands = *hands;
    s->n = c->n;
    s->unit = unit;
    s->limits = c->service.capped ? &c->service.limits : NULL;
    s->in_state[S_STOPPED] = c->n;
    *ret = s;
    return ST_OK;
}

void sup_free(struct sup *s)
{
    if (!s)
        return;
    free(s->unit);
    free(s);
}

size_t sup_count(const struct sup *s)
{
    return s->n;
}

const struct unit *sup_unit(const struct sup *s, size_t slot)
{
    return &s->unit[slot];
}

struct unit *fleet_find(const struct sup *s, uint64_t id)
{
    size_t slot = (uint32_t)id;
    if (slot >= s->n || !s->unit[slot].spawned || s->unit[slot].id != id)
        return NULL;
    return &s->unit[slot];
}

const struct unit *sup_find(const struct sup *s, uint64_t id)
{
    return fleet_find(s, id);
}

static void down(struct sup *s, struct unit *u, enum cause cause, enum event ev)
{
    u->want_up = false;
    if (u->spawned && u->cause != CAUSE_LIMIT) /* which keeps its name; the want says the rest */
        u->cause = cause;
    apply_event(s, u, ev);
    watch_arm(s, u);
}

void sup_start(struct sup *s, size_t slot)
{
    struct unit *u = &s->unit[slot];
    if (s->stopping)
        return;
    u->want_up = true;
    u->ordered = u->spawned && u->cause == CAUSE_LIMIT;
    apply_event(s, u, E_WANT_UP);
    watch_arm(s, u);
}

void sup_stop(struct sup *s, size_t slot)
{
    down(s, &s->unit[slot], s->stopping ? CAUSE_SHUTDOWN : CAUSE_OPERATOR, E_WANT_DOWN);
}

void sup_start_all(struct sup *s)
{
    for (size_t i = 0; i < s->n; i++)
        sup_start(s, i);
}

void sup_stop_begin(struct sup *s, enum cause cause, uint64_t budget_ms)
{
    uint64_t end = fleet_later(fleet_now(s), budget_ms);
    s->stopping = true;
    s->stop_cause = cause;
    s->stop_next = 0;
    if (s->end_at == 0 || end < s->end_at)
        s->end_at = end;
    for (size_t i = 0; i < s->n; i++) {
        struct unit *u = &s->unit[i];
        u->want_up = false; /* also of one that ends before its turn comes */
        if (u->spawned)
            watch_arm(s, u); /* the budget's end holds from now on */
        else
            down(s, u, cause, E_WANT_DOWN);
    }
}

bool sup_stop_next(struct sup *s)
{
    while (s->stopping && s->stop_next < s->n) {
        struct unit *u = &s->unit[s->stop_next++];
        if (!u->spawned)
            continue;
        down(s, u, s->stop_cause, E_WANT_DOWN);
        return true;
    }
    return false;
}

void sup_stop_all(struct sup *s, enum cause cause, uint64_t budget_ms)
{
    sup_stop_begin(s, cause, budget_ms);
    while (sup_stop_next(s))
        ;
}

void sup_end_now(struct sup *s)
{
    s->stopping = s->ended = true;
    for (size_t i = 0; i < s->n; i++) {
        struct unit *u = &s->unit[i];
        down(s, u, u->cause == CAUSE_NONE ? CAUSE_SHUTDOWN : u->cause, E_END_NOW);
    }
}

bool sup_all_down(const struct sup *s)
{
    return s->in_state[S_STOPPED] + s->in_state[S_FAILED] + s->in_state[S_EXITED] == s->n;
}

bool sup_all_final(const struct sup *s)
{
    return s->in_state[S_FAILED] + s->in_state[S_EXITED] == s->n;
}

bool sup_wants_exit(const struct sup *s)
{
    return s->wants_exit;
}

static uint64_t stop_end(const struct sup *s, const struct unit *u, uint64_t now)
{
    if (u->killed)
        return fleet_later(now, LOOK_LATE_MS);
    uint64_t end = u->due_at;
    for (uint32_t i = u->rung + 1; i < u->spec->stop.n; i++)
        end = fleet_later(end, u->spec->stop.rung[i].ms);
    return s->end_at != 0 && s->end_at < end ? s->end_at : end;
}

uint64_t sup_stop_deadline(const struct sup *s)
{
    uint64_t now = fleet_now(s), latest = 0;
    for (size_t i = 0; s->in_state[S_STOPPING] != 0 && i < s->n; i++) {
        if (s->unit[i].at != S_STOPPING)
            continue;
        uint64_t end = stop_end(s, &s->unit[i], now);
        if (end > latest)
            latest = end;
    }
    return latest;
}

void sup_note(struct sup *s, uint64_t id)
{
    struct unit *u = fleet_find(s, id);
    if (u)
        watch_look(s, u);
}

void sup_note_rung_failed(struct sup *s, uint64_t id, enum rung_kind rung, const char *text)
{
    struct unit *u = fleet_find(s, id);
    if (!u || u->at != S_STOPPING || u->killed || u->spec->stop.rung[u->rung].kind != rung)
        return; /* about a rung that is over */
    fleet_tell(s, &(struct tale){.what = H_RUNG_FAILED, .unit = u, .rung = rung, .text = text});
    apply_event(s, u, E_RUNG_FAILED);
    watch_arm(s, u);
}

static bool budget_used_up(const struct sup *s)
{
    return s->end_at != 0 && !s->ended && fleet_now(s) >= s->end_at;
}

void sup_alarm(struct sup *s, uint32_t slot)
{
    if (slot >= s->n)
        return;
    /* It has rung, or a stale one has: none is set now, and what is not due yet is set again. */
    s->unit[slot].alarm_at = 0;
    s->hands.alarm(s->hands.ctx, slot, 0);
    if (budget_used_up(s))
        sup_end_now(s);
    watch_wake(s, &s->unit[slot]);
}

void sup_look_all(struct sup *s)
{
    if (budget_used_up(s))
        sup_end_now(s);
    for (size_t i = 0; i < s->n; i++)
        watch_wake(s, &s->unit[i]);
}
