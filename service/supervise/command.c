/* command.c - an operator's orders for some instances: up, down, anew, killed. */
#include "service/supervise/fleet.h"

void fleet_start(struct sup *s, struct unit *u, bool hurry)
{
    if (!u->spawned)
        start_take_next(s, u); /* also of one that a roll has left as it was */
    u->want_up = true;
    u->hurry = hurry;
    u->proven = u->proven || u->at == S_RUNNING;            /* one that was held, and stays */
    u->crew->review = u->crew->review || u->held != EVENTS; /* what it requires is gone still? */
    u->held = EVENTS;
    u->ordered = u->spawned && order_keeps(u);
    order_count(s, u);
    apply_event(s, u, E_WANT_UP);
    watch_arm(s, u);
}

static bool takes_orders(const struct unit *u)
{
    return u->spec && !u->retired;
}

/* Nobody starts before all are ordered: turns come when it is settled, and by then each knows whom
 * it waits for. */
void sup_start_each(struct sup *s, const size_t *slot, size_t n)
{
    if (s->stopping)
        return;
    for (size_t i = 0; i < n; i++)
        if (takes_orders(s->unit[slot[i]]))
            fleet_start(s, s->unit[slot[i]], true);
    fleet_settle(s);
}

void sup_start(struct sup *s, size_t slot)
{
    sup_start_each(s, &slot, 1);
}

/* --- down ------------------------------------------------------------------------------ */
/* It is not to be restarted any more; what a roll has taken down already comes to its end. */
static void take_back_restart(struct sup *s, struct unit *u)
{
    bool up = u->at == S_STARTING || u->at == S_RUNNING;
    if (u->anew && !u->next && (up || !u->rolling)) {
        u->asked = u->rolling = false;
        order_touch(s, u->crew);
    }
    u->anew = false;
}

void sup_stop_each(struct sup *s, const size_t *slot, size_t n)
{
    for (size_t i = 0; i < n; i++) { /* first, so that who is needed waits for those who need it */
        struct unit *u = s->unit[slot[i]];
        if (!u->spec)
            continue;
        u->want_up = u->proven = false;
        take_back_restart(s, u);
        order_count(s, u);
    }
    for (size_t i = 0; i < n; i++) {
        struct unit *u = s->unit[slot[i]];
        if (!u->spec)
            continue;
        order_down(s, u, E_WANT_DOWN, s->stopping ? CAUSE_SHUTDOWN : CAUSE_OPERATOR);
        watch_arm(s, u);
    }
    fleet_settle(s);
}

void sup_stop(struct sup *s, size_t slot)
{
    sup_stop_each(s, &slot, 1);
}

/* --- anew ------------------------------------------------------------------------------ */
static void restart(struct sup *s, struct unit *u)
{
    bool runs = u->at == S_STARTING || u->at == S_RUNNING;
    policy_forget(&u->history);
    fleet_start(s, u, true);
    if (!runs)
        return; /* its next run is another one */
    u->asked = u->anew = u->crew->roll.more = true;
}

void sup_restart(struct sup *s, const size_t *slot, size_t n)
{
    if (s->stopping)
        return;
    for (size_t i = 0; i < n; i++)
        if (takes_orders(s->unit[slot[i]]))
            restart(s, s->unit[slot[i]]);
    for (size_t i = 0; i < s->crews; i++)
        if (s->crew[i]->roll.more)
            roll_begin(s, s->crew[i], "ordered");
    fleet_settle(s);
}

/* --- killed ---------------------------------------------------------------------------- */
/* Looks first: a run that has ended by itself must not be said to have been killed. */
enum st sup_kill(struct sup *s, size_t slot)
{
    struct unit *u = s->unit[slot];
    uint64_t id = u->id;
    if (u->spec && u->spawned)
        watch_look(s, u);
    bool runs = fleet_find(s, id) != NULL;
    if (runs) {
        u->slain = u->slain || u->cause == CAUSE_NONE;
        if (u->cause == CAUSE_NONE)
            u->cause = CAUSE_OPERATOR;
        apply_event(s, u, E_KILL);
        watch_arm(s, u);
    }
    fleet_settle(s);
    return runs ? ST_OK : ST_NOTFOUND;
}
