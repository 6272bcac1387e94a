/* sup.c - the fleet: finds the unit that is meant, orders for all, and answers for all of them. */
#include "service/supervise/take.h"

#include <stdlib.h>

enum st sup_new(const struct config *c, const struct hands *hands, struct sup **ret, struct err *e)
{
    struct draft t;
    if (c->n > INSTANCES_MAX)
        return err_say(e, ST_RANGE, "%zu instances are more than %d", c->n, (int)INSTANCES_MAX);
    struct sup *s = calloc(1, sizeof *s);
    if (!s)
        return err_nomem(e);
    s->hands = *hands;
    s->config = c;
    enum st st = take_draft(s, c, &t, e);
    if (st != ST_OK) {
        sup_free(s);
        return st;
    }
    take_commit(s, &t);
    fleet_settle(s);
    *ret = s;
    return ST_OK;
}

void sup_free(struct sup *s)
{
    if (!s)
        return;
    for (struct crew *c = s->gone, *next; c; c = next) {
        next = c->gone_link;
        crew_free(c);
    }
    for (size_t i = 0; i < s->crews; i++)
        crew_free(s->crew[i]);
    for (size_t i = 0; i < s->n; i++)
        free(s->unit[i]);
    free(s->crew);
    free(s->unit);
    free(s->queue);
    free(s);
}

/* --- finding --------------------------------------------------------------------------- */
size_t sup_count(const struct sup *s)
{
    return s->n;
}

const struct unit *sup_unit(const struct sup *s, size_t slot)
{
    return s->unit[slot];
}

const struct config *sup_config(const struct sup *s)
{
    return s->config;
}

static bool is_of(const struct job_spec *spec, const struct config *c)
{
    return spec && spec >= c->job && spec < c->job + c->n;
}

bool sup_uses(const struct sup *s, const struct config *c)
{
    if (s->config == c)
        return true;
    for (size_t i = 0; i < s->n; i++)
        if (is_of(s->unit[i]->spec, c) || is_of(s->unit[i]->next, c))
            return true;
    return false;
}

struct unit *fleet_find(const struct sup *s, uint64_t id)
{
    size_t slot = (uint32_t)id;
    if (slot >= s->n || !s->unit[slot]->spawned || s->unit[slot]->id != id)
        return NULL;
    return s->unit[slot];
}

const struct unit *sup_find(const struct sup *s, uint64_t id)
{
    return fleet_find(s, id);
}

/* --- what follows ---------------------------------------------------------------------- */
static struct crew *next_moved(struct sup *s)
{
    struct crew *c = s->moved;
    if (c) {
        s->moved = c->moved_link;
        c->touched = false;
    }
    return c;
}

static void settle_moved(struct sup *s)
{
    for (struct crew *c; (c = next_moved(s)) != NULL;) {
        order_settle(s, c);
        roll_settle(s, c);
        take_free_retired(s, c);
    }
}

void fleet_settle(struct sup *s)
{
    settle_moved(s);
    if (!s->stopping)
        turn_settle(s);
    settle_moved(s);
    take_free_crews(s);
    fleet_arm(s);
}

/* --- orders for all -------------------------------------------------------------------- */
void sup_start_all(struct sup *s)
{
    if (s->stopping)
        return;
    s->started = true;
    for (size_t i = 0; i < s->n; i++) { /* first, so that nobody overlooks whom it waits for */
        s->unit[i]->want_up = s->unit[i]->spec && !s->unit[i]->retired;
        if (s->unit[i]->want_up)
            order_count(s, s->unit[i]);
    }
    order_find_statuses(s);
    for (size_t i = 0; i < s->n; i++)
        if (s->unit[i]->want_up)
            fleet_start(s, s->unit[i], false);
    fleet_settle(s);
}

void sup_stop_begin(struct sup *s, enum cause cause, uint64_t budget_ms)
{
    uint64_t end = fleet_later(fleet_now(s), budget_ms);
    s->stopping = true;
    s->stop_cause = cause;
    s->stop_next = 0;
    s->plan_at = 0;
    if (s->end_at == 0 || end < s->end_at)
        s->end_at = end;
    for (size_t i = 0; i < s->n; i++) {
        struct unit *u = s->unit[i];
        u->want_up = false; /* also of one that ends before its turn comes */
        if (!u->spec)
            continue;
        order_count(s, u);
        if (!u->spawned)
            order_down(s, u, E_WANT_DOWN, cause);
        watch_arm(s, u); /* the budget's end holds from now on */
    }
    fleet_settle(s);
}

bool sup_stop_next(struct sup *s)
{
    while (s->stopping && s->stop_next < s->n) {
        struct unit *u = s->unit[s->stop_next++];
        if (!u->spawned)
            continue;
        order_down(s, u, E_WANT_DOWN, s->stop_cause);
        watch_arm(s, u);
        fleet_settle(s);
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
    s->plan_at = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct unit *u = s->unit[i];
        u->want_up = false;
        u->held = EVENTS;
        if (!u->spec)
            continue;
        if (u->spawned && u->cause == CAUSE_NONE)
            u->cause = CAUSE_SHUTDOWN;
        apply_event(s, u, E_END_NOW);
        watch_arm(s, u);
    }
    fleet_settle(s);
}

/* --- answers --------------------------------------------------------------------------- */
bool sup_all_down(const struct sup *s)
{
    return s->in_state[S_STOPPED] + s->in_state[S_FAILED] + s->in_state[S_EXITED] == s->n;
}

bool sup_all_final(const struct sup *s)
{
    for (const struct crew *c = s->timed; c; c = c->timed_link)
        if (c->spec && schedule_set(&c->spec->schedule))
            return false;
    return s->in_state[S_FAILED] + s->in_state[S_EXITED] == s->n - s->free;
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

/* When the stop of U, under way or to come, has terminated it at the latest; 0: there is none. */
static uint64_t unit_end(const struct sup *s, const struct unit *u, uint64_t now)
{
    if (u->at == S_STOPPING)
        return stop_end(s, u, now);
    bool waits = u->spawned && (s->stopping || u->held != EVENTS); /* for its turn, or for others */
    return !waits ? 0 : s->end_at != 0 ? s->end_at : fleet_later(now, LOOK_LATE_MS);
}

uint64_t sup_stop_deadline(const struct sup *s)
{
    uint64_t now = fleet_now(s), latest = 0;
    bool none = s->in_state[S_STOPPING] + s->in_state[S_STARTING] + s->in_state[S_RUNNING] == 0;
    for (size_t i = 0; !none && i < s->n; i++) {
        uint64_t end = unit_end(s, s->unit[i], now);
        if (end > latest)
            latest = end;
    }
    return latest;
}

void sup_note(struct sup *s, uint64_t id)
{
    struct unit *u = fleet_find(s, id);
    if (!u)
        return;
    watch_look(s, u);
    fleet_settle(s);
}

void sup_note_rung_failed(struct sup *s, uint64_t id, enum rung_kind rung, const char *text)
{
    struct unit *u = fleet_find(s, id);
    if (!u || u->at != S_STOPPING || u->killed || u->rung >= u->spec->stop.n ||
        u->spec->stop.rung[u->rung].kind != rung)
        return; /* about a rung that is over */
    fleet_tell(s, &(struct tale){.what = H_RUNG_FAILED, .unit = u, .rung = rung, .text = text});
    apply_event(s, u, E_RUNG_FAILED);
    watch_arm(s, u);
    fleet_settle(s);
}

static bool budget_used_up(const struct sup *s)
{
    return s->end_at != 0 && !s->ended && fleet_now(s) >= s->end_at;
}

void sup_alarm(struct sup *s, uint32_t slot)
{
    if (slot == SLOT_FLEET)
        fleet_wake(s);
    if (slot != SLOT_FLEET && slot >= s->n)
        return;
    if (budget_used_up(s))
        sup_end_now(s);
    if (slot != SLOT_FLEET) {
        /* It has rung, or a stale one has: none is set now; what is not due is set again. */
        s->unit[slot]->alarm_at = 0;
        s->hands.alarm(s->hands.ctx, slot, 0);
        if (s->unit[slot]->spec)
            watch_wake(s, s->unit[slot]);
    }
    fleet_settle(s);
}

void sup_look_all(struct sup *s)
{
    if (budget_used_up(s))
        sup_end_now(s);
    for (size_t i = 0; i < s->n; i++)
        if (s->unit[i]->spec)
            watch_wake(s, s->unit[i]);
    fleet_settle(s);
}
