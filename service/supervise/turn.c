/* turn.c - who may start now: at most max_concurrent_starts at a time, in the order in which they
 * came to be ready for it, and one each time, so that what else comes does not wait for all of
 * them.  And the fleet's own alarm. */
#include "service/supervise/fleet.h"

void turn_queue(struct sup *s, struct unit *u)
{
    if (u->queued)
        return; /* it came before, and keeps its place */
    u->queued = true;
    s->queue[(s->queue_head + s->queue_n++) % s->room] = u;
}

static struct unit *take(struct sup *s)
{
    while (s->queue_n > 0) {
        struct unit *u = s->queue[s->queue_head];
        s->queue_head = (s->queue_head + 1) % s->room;
        s->queue_n--;
        u->queued = false;
        if (!u->spec || u->at != S_WAITING || u->waits != WAIT_TURN)
            continue;
        if (order_clear(u->crew))
            return u;
        apply_event(s, u, E_LINE_UP); /* whom it needs has gone while it was waiting here */
        watch_arm(s, u);
    }
    return NULL;
}

static bool room(const struct sup *s)
{
    uint64_t most = s->config->service.max_concurrent_starts;
    return most == 0 || s->in_state[S_PREPARING] + s->in_state[S_STARTING] < most;
}

void turn_settle(struct sup *s)
{
    struct unit *u = room(s) ? take(s) : NULL;
    if (u) {
        apply_event(s, u, E_GO);
        watch_arm(s, u);
    }
}

/* --- the alarm ------------------------------------------------------------------------- */
void fleet_arm(struct sup *s)
{
    bool more = s->queue_n > 0 && !s->stopping && room(s);
    s->turn_at = more ? fleet_later(fleet_now(s), 0) : 0;
    uint64_t at = watch_earlier(watch_earlier(s->turn_at, s->plan_at), roll_next(s));
    if (at == s->alarm_at)
        return;
    s->alarm_at = at;
    s->hands.alarm(s->hands.ctx, SLOT_FLEET, at);
}

void fleet_wake(struct sup *s)
{
    uint64_t now = fleet_now(s);
    s->alarm_at = 0;
    s->hands.alarm(s->hands.ctx, SLOT_FLEET, 0);
    if (s->plan_at != 0 && now >= s->plan_at)
        plan_wake(s);
    roll_wake(s);
}
