/* unit.c - the table, and the step that reads it. */
#include "service/supervise/unit.h"

const char *const state_names[STATES] = {
    [S_STOPPED] = "stopped", [S_WAITING] = "waiting",   [S_STARTING] = "starting",
    [S_RUNNING] = "running", [S_BACKOFF] = "backoff",   [S_STOPPING] = "stopping",
    [S_FAILED] = "failed",   [S_EXITED] = "exited",
};

const char *const event_names[EVENTS] = {
    [E_WANT_UP] = "want-up",
    [E_WANT_DOWN] = "want-down",
    [E_SPAWNED] = "spawned",
    [E_NOT_SPAWNED] = "not-spawned",
    [E_READY] = "ready",
    [E_MAIN_ENDED] = "main-ended",
    [E_ONLY_ATTENDANTS] = "only-attendants",
    [E_EMPTY] = "empty",
    [E_LIMIT] = "limit",
    [E_LIMIT_KILL] = "limit-kill",
    [E_TIMER] = "timer",
    [E_RUNG_FAILED] = "rung-failed",
    [E_END_NOW] = "end-now",
};

/* Events about a run reach a unit only while that run exists, so without one they are NEVER. */
const struct edge unit_edges[STATES][EVENTS] = {
    [S_STOPPED] = {
        [E_WANT_UP]         = {GO,     S_STARTING, A_FORGET | A_SPAWN},
        [E_WANT_DOWN]       = {STAY,   S_STOPPED,  0},
        [E_SPAWNED]         = {NEVER,  S_STOPPED,  0},
        [E_NOT_SPAWNED]     = {NEVER,  S_STOPPED,  0},
        [E_READY]           = {NEVER,  S_STOPPED,  0},
        [E_MAIN_ENDED]      = {NEVER,  S_STOPPED,  0},
        [E_ONLY_ATTENDANTS] = {NEVER,  S_STOPPED,  0},
        [E_EMPTY]           = {NEVER,  S_STOPPED,  0},
        [E_LIMIT]           = {NEVER,  S_STOPPED,  0},
        [E_LIMIT_KILL]      = {NEVER,  S_STOPPED,  0},
        [E_TIMER]           = {NEVER,  S_STOPPED,  0},
        [E_RUNG_FAILED]     = {NEVER,  S_STOPPED,  0},
        [E_END_NOW]         = {STAY,   S_STOPPED,  0},
    },
    [S_WAITING] = {
        [E_WANT_UP]         = {STAY,   S_WAITING,  0},
        [E_WANT_DOWN]       = {GO,     S_STOPPED,  0},
        [E_SPAWNED]         = {NEVER,  S_WAITING,  0},
        [E_NOT_SPAWNED]     = {NEVER,  S_WAITING,  0},
        [E_READY]           = {NEVER,  S_WAITING,  0},
        [E_MAIN_ENDED]      = {NEVER,  S_WAITING,  0},
        [E_ONLY_ATTENDANTS] = {NEVER,  S_WAITING,  0},
        [E_EMPTY]           = {NEVER,  S_WAITING,  0},
        [E_LIMIT]           = {NEVER,  S_WAITING,  0},
        [E_LIMIT_KILL]      = {NEVER,  S_WAITING,  0},
        [E_TIMER]           = {NEVER,  S_WAITING,  0},
        [E_RUNG_FAILED]     = {NEVER,  S_WAITING,  0},
        [E_END_NOW]         = {GO,     S_STOPPED,  0},
    },
    [S_STARTING] = {
        [E_WANT_UP]         = {STAY,   S_STARTING, 0},
        [E_WANT_DOWN]       = {GO,     S_STOPPING, A_ASK},
        [E_SPAWNED]         = {GO,     S_RUNNING,  A_RUNTIME}, /* started is ready */
        [E_NOT_SPAWNED]     = {DECIDE, S_STOPPED,  0},
        [E_READY]           = {GO,     S_RUNNING,  A_RUNTIME},
        [E_MAIN_ENDED]      = {GO,     S_STOPPING, A_LEFTOVERS | A_KILL},
        [E_ONLY_ATTENDANTS] = {GO,     S_STOPPING, A_SWEEP},
        [E_EMPTY]           = {DECIDE, S_STOPPED,  A_RELEASE},
        [E_LIMIT]           = {GO,     S_STOPPING, A_ASK},
        [E_LIMIT_KILL]      = {GO,     S_STOPPING, A_KILL},
        [E_TIMER]           = {NEVER,  S_STARTING, 0},
        [E_RUNG_FAILED]     = {NEVER,  S_STARTING, 0},
        [E_END_NOW]         = {GO,     S_STOPPING, A_KILL},
    },
    [S_RUNNING] = {
        [E_WANT_UP]         = {STAY,   S_RUNNING,  0},
        [E_WANT_DOWN]       = {GO,     S_STOPPING, A_ASK},
        [E_SPAWNED]         = {NEVER,  S_RUNNING,  0},
        [E_NOT_SPAWNED]     = {NEVER,  S_RUNNING,  0},
        [E_READY]           = {STAY,   S_RUNNING,  0},
        [E_MAIN_ENDED]      = {GO,     S_STOPPING, A_LEFTOVERS | A_KILL},
        [E_ONLY_ATTENDANTS] = {GO,     S_STOPPING, A_SWEEP},
        [E_EMPTY]           = {DECIDE, S_STOPPED,  A_RELEASE},
        [E_LIMIT]           = {GO,     S_STOPPING, A_ASK},
        [E_LIMIT_KILL]      = {GO,     S_STOPPING, A_KILL},
        [E_TIMER]           = {GO,     S_STOPPING, A_ASK}, /* max_runtime */
        [E_RUNG_FAILED]     = {NEVER,  S_RUNNING,  0},
        [E_END_NOW]         = {GO,     S_STOPPING, A_KILL},
    },
    [S_BACKOFF] = {
        [E_WANT_UP]         = {GO,     S_STARTING, A_FORGET | A_SPAWN}, /* an order does not wait */
        [E_WANT_DOWN]       = {GO,     S_STOPPED,  0},
        [E_SPAWNED]         = {NEVER,  S_BACKOFF,  0},
        [E_NOT_SPAWNED]     = {NEVER,  S_BACKOFF,  0},
        [E_READY]           = {NEVER,  S_BACKOFF,  0},
        [E_MAIN_ENDED]      = {NEVER,  S_BACKOFF,  0},
        [E_ONLY_ATTENDANTS] = {NEVER,  S_BACKOFF,  0},
        [E_EMPTY]           = {NEVER,  S_BACKOFF,  0},
        [E_LIMIT]           = {NEVER,  S_BACKOFF,  0},
        [E_LIMIT_KILL]      = {NEVER,  S_BACKOFF,  0},
        [E_TIMER]           = {GO,     S_STARTING, A_SPAWN},
        [E_RUNG_FAILED]     = {NEVER,  S_BACKOFF,  0},
        [E_END_NOW]         = {GO,     S_STOPPED,  0},
    },
    [S_STOPPING] = {
        [E_WANT_UP]         = {STAY,   S_STOPPING, 0}, /* want_up remembers it */
        [E_WANT_DOWN]       = {STAY,   S_STOPPING, 0},
        [E_SPAWNED]         = {NEVER,  S_STOPPING, 0},
        [E_NOT_SPAWNED]     = {NEVER,  S_STOPPING, 0},
        [E_READY]           = {STAY,   S_STOPPING, 0}, /* too late */
        [E_MAIN_ENDED]      = {STAY,   S_STOPPING, 0}, /* the rest of the rung is theirs */
        [E_ONLY_ATTENDANTS] = {STAY,   S_STOPPING, A_SWEEP},
        [E_EMPTY]           = {DECIDE, S_STOPPED,  A_RELEASE},
        [E_LIMIT]           = {STAY,   S_STOPPING, 0}, /* it is on its way already */
        [E_LIMIT_KILL]      = {STAY,   S_STOPPING, A_KILL},
        [E_TIMER]           = {STAY,   S_STOPPING, A_NEXT_RUNG},
        [E_RUNG_FAILED]     = {STAY,   S_STOPPING, A_NEXT_RUNG},
        [E_END_NOW]         = {STAY,   S_STOPPING, A_KILL},
    },
    [S_FAILED] = {
        [E_WANT_UP]         = {GO,     S_STARTING, A_FORGET | A_SPAWN},
        [E_WANT_DOWN]       = {STAY,   S_FAILED,   0}, /* the reason stays to be read */
        [E_SPAWNED]         = {NEVER,  S_FAILED,   0},
        [E_NOT_SPAWNED]     = {NEVER,  S_FAILED,   0},
        [E_READY]           = {NEVER,  S_FAILED,   0},
        [E_MAIN_ENDED]      = {NEVER,  S_FAILED,   0},
        [E_ONLY_ATTENDANTS] = {NEVER,  S_FAILED,   0},
        [E_EMPTY]           = {NEVER,  S_FAILED,   0},
        [E_LIMIT]           = {NEVER,  S_FAILED,   0},
        [E_LIMIT_KILL]      = {NEVER,  S_FAILED,   0},
        [E_TIMER]           = {NEVER,  S_FAILED,   0},
        [E_RUNG_FAILED]     = {NEVER,  S_FAILED,   0},
        [E_END_NOW]         = {STAY,   S_FAILED,   0},
    },
    [S_EXITED] = {
        [E_WANT_UP]         = {GO,     S_STARTING, A_FORGET | A_SPAWN},
        [E_WANT_DOWN]       = {STAY,   S_EXITED,   0},
        [E_SPAWNED]         = {NEVER,  S_EXITED,   0},
        [E_NOT_SPAWNED]     = {NEVER,  S_EXITED,   0},
        [E_READY]           = {NEVER,  S_EXITED,   0},
        [E_MAIN_ENDED]      = {NEVER,  S_EXITED,   0},
        [E_ONLY_ATTENDANTS] = {NEVER,  S_EXITED,   0},
        [E_EMPTY]           = {NEVER,  S_EXITED,   0},
        [E_LIMIT]           = {NEVER,  S_EXITED,   0},
        [E_LIMIT_KILL]      = {NEVER,  S_EXITED,   0},
        [E_TIMER]           = {NEVER,  S_EXITED,   0},
        [E_RUNG_FAILED]     = {NEVER,  S_EXITED,   0},
        [E_END_NOW]         = {STAY,   S_EXITED,   0},
    },
};

static enum state after(const struct unit *u, const struct decision *d, const struct ending *end)
{
    if (d->what == VERDICT_RESTART)
        return S_BACKOFF; /* also without a delay: the alarm lets other units have their turn */
    if (d->what == VERDICT_GIVE_UP)
        return S_FAILED;
    return policy_success(u->spec, end) ? S_EXITED : S_FAILED;
}

void unit_ends_by(struct unit *u, enum cause cause, enum limit_id limit, enum reaction what)
{
    u->cause = cause;
    u->limit = limit;
    u->reaction = what;
}

struct step unit_step(const struct unit *u, enum event ev, const struct ending *end, uint64_t now,
                      uint32_t random, struct history *h)
{
    const struct edge *e = &unit_edges[u->at][ev];
    struct step st = {.to = u->at, .acts = e->acts};
    switch (e->how) {
    case GO:
        st.to = e->to;
        break;
    case STAY:
        break;
    case DECIDE:
        st.to = e->to;
        if (u->want_up) {
            st.decision = policy_decide(u->spec, h, end, now, random);
            st.to = after(u, &st.decision, end);
        }
        break;
    case NEVER:
    case FORGOTTEN:
        st.acts = 0;
        st.impossible = true;
        break;
    }
    return st;
}
