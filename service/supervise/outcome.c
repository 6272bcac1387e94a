/* outcome.c - what has come of an order, and what a unit is waiting for. */
#include "service/supervise/fleet.h"

static enum sup_outcome of_down(const struct unit *u)
{
    if (u->want_up)
        return SUP_FAILED; /* somebody else has ordered it up */
    return u->spawned ? SUP_PENDING : SUP_REACHED;
}

/* In backoff by an order it only waits for the next turn of the loop. */
static bool on_its_way(const struct unit *u)
{
    return u->at != S_BACKOFF || u->ordered || policy_ordered(&u->last);
}

static enum sup_outcome of_up(const struct sup *s, const struct unit *u)
{
    if (u->at == S_EXITED)
        return SUP_REACHED;
    if (!u->want_up || u->at == S_FAILED || !on_its_way(u))
        return SUP_FAILED;
    return u->at == S_RUNNING && fleet_now(s) >= fleet_settled_at(u) ? SUP_REACHED : SUP_PENDING;
}

static enum sup_outcome of_anew(const struct sup *s, const struct unit *u, uint64_t starts)
{
    bool same = u->starts == starts && (u->spawned || u->at == S_EXITED);
    if (u->want_up && (u->anew || u->rolling))
        return SUP_PENDING;
    if (same && u->at != S_STOPPING)
        return SUP_FAILED; /* its roll was given up */
    return of_up(s, u);
}

enum sup_outcome sup_outcome_of(const struct sup *s, size_t slot, enum sup_order order,
                                uint64_t starts)
{
    const struct unit *u = s->unit[slot];
    if (order == SUP_ORDER_DOWN)
        return of_down(u);
    if (!u->spec || u->retired)
        return SUP_FAILED;
    return order == SUP_ORDER_UP ? of_up(s, u) : of_anew(s, u, starts);
}

const char *sup_waits_for(const struct sup *s, size_t slot)
{
    const struct unit *u = s->unit[slot];
    bool waits = u->spec && u->at == S_WAITING && u->waits == WAIT_JOB;
    const struct crew *first = waits ? order_waits_for(u->crew) : NULL;
    return first ? first->name : NULL;
}

uint64_t sup_next_start(const struct sup *s, size_t slot)
{
    const struct unit *u = s->unit[slot];
    bool delayed = u->at == S_BACKOFF || (u->at == S_WAITING && u->waits == WAIT_DELAY);
    if (!u->spec || !u->want_up)
        return 0;
    return watch_earlier(delayed ? u->due_at : 0, plan_next_run(s, u));
}

bool sup_stopping(const struct sup *s)
{
    return s->stopping;
}
