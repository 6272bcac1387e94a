/* unit.c - the table, and the step that reads it. */
#include "service/supervise/unit.h"

#include "common/exit_code.h"

const char *const state_names[STATES] = {
    [S_STOPPED] = "stopped", [S_WAITING] = "waiting", [S_PREPARING] = "starting",
    [S_STARTING] = "starting", [S_RUNNING] = "running", [S_BACKOFF] = "backoff",
    [S_STOPPING] = "stopping", [S_FAILED] = "failed", [S_EXITED] = "exited",
};

const char *const wait_names[WAITS] = {
    [WAIT_NOTHING] = "nothing",
    [WAIT_SCHEDULE] = "its schedule",
    [WAIT_JOB] = "another job",
    [WAIT_DELAY] = "its start_delay",
    [WAIT_TURN] = "its turn to start",
};

const char *const event_names[EVENTS] = {
    [E_WANT_UP] = "want-up",
    [E_WANT_DOWN] = "want-down",
    [E_LINE_UP] = "line-up",
    [E_GO] = "go",
    [E_PREPARED] = "prepared",
    [E_NOT_PREPARED] = "not-prepared",
    [E_SPAWNED] = "spawned",
    [E_NOT_SPAWNED] = "not-spawned",
    [E_READY] = "ready",
    [E_MAIN_ENDED] = "main-ended",
    [E_ONLY_ATTENDANTS] = "only-attendants",
    [E_EMPTY] = "empty",
    [E_LIMIT] = "limit",
    [E_KILL] = "kill",
    [E_UNWELL] = "unwell",
    [E_DEPENDENCY] = "dependency",
    [E_RENEW] = "renew",
    [E_DUE] = "due",
    [E_TIMER] = "timer",
    [E_RUNG_FAILED] = "rung-failed",
    [E_END_NOW] = "end-now",
};

/* Events about a run reach a unit only while that run exists, so without one they are NEVER. */
const struct edge unit_edges[STATES][EVENTS] = {
    [S_STOPPED] = {
        [E_WANT_UP]          = {GO,     S_WAITING,   A_FORGET | A_LINE_UP},
        [E_WANT_DOWN]        = {STAY,   S_STOPPED,   0},
        [E_LINE_UP]          = {STAY,   S_STOPPED,   0},
        [E_GO]               = {NEVER,  S_STOPPED,   0},
        [E_PREPARED]         = {NEVER,  S_STOPPED,   0},
        [E_NOT_PREPARED]     = {NEVER,  S_STOPPED,   0},
        [E_SPAWNED]          = {NEVER,  S_STOPPED,   0},
        [E_NOT_SPAWNED]      = {NEVER,  S_STOPPED,   0},
        [E_READY]            = {NEVER,  S_STOPPED,   0},
        [E_MAIN_ENDED]       = {NEVER,  S_STOPPED,   0},
        [E_ONLY_ATTENDANTS]  = {NEVER,  S_STOPPED,   0},
        [E_EMPTY]            = {NEVER,  S_STOPPED,   0},
        [E_LIMIT]            = {NEVER,  S_STOPPED,   0},
        [E_KILL]             = {NEVER,  S_STOPPED,   0},
        [E_UNWELL]           = {NEVER,  S_STOPPED,   0},
        [E_DEPENDENCY]       = {STAY,   S_STOPPED,   0},
        [E_RENEW]            = {STAY,   S_STOPPED,   0},
        [E_DUE]              = {STAY,   S_STOPPED,   0},
        [E_TIMER]            = {NEVER,  S_STOPPED,   0},
        [E_RUNG_FAILED]      = {NEVER,  S_STOPPED,   0},
        [E_END_NOW]          = {STAY,   S_STOPPED,   0},
    },
    [S_WAITING] = {
        [E_WANT_UP]          = {STAY,   S_WAITING,   A_FORGET | A_LINE_UP},
        [E_WANT_DOWN]        = {GO,     S_STOPPED,   0},
        [E_LINE_UP]          = {STAY,   S_WAITING,   A_LINE_UP},
        [E_GO]               = {GO,     S_PREPARING, A_PREPARE},
        [E_PREPARED]         = {NEVER,  S_WAITING,   0},
        [E_NOT_PREPARED]     = {NEVER,  S_WAITING,   0},
        [E_SPAWNED]          = {NEVER,  S_WAITING,   0},
        [E_NOT_SPAWNED]      = {NEVER,  S_WAITING,   0},
        [E_READY]            = {NEVER,  S_WAITING,   0},
        [E_MAIN_ENDED]       = {NEVER,  S_WAITING,   0},
        [E_ONLY_ATTENDANTS]  = {NEVER,  S_WAITING,   0},
        [E_EMPTY]            = {NEVER,  S_WAITING,   0},
        [E_LIMIT]            = {NEVER,  S_WAITING,   0},
        [E_KILL]             = {NEVER,  S_WAITING,   0},
        [E_UNWELL]           = {NEVER,  S_WAITING,   0},
        [E_DEPENDENCY]       = {STAY,   S_WAITING,   A_LINE_UP},
        [E_RENEW]            = {STAY,   S_WAITING,   A_LINE_UP},
        [E_DUE]              = {STAY,   S_WAITING,   A_LINE_UP},
        [E_TIMER]            = {STAY,   S_WAITING,   A_LINE_UP},
        [E_RUNG_FAILED]      = {NEVER,  S_WAITING,   0},
        [E_END_NOW]          = {GO,     S_STOPPED,   0},
    },
    [S_PREPARING] = {
        [E_WANT_UP]          = {STAY,   S_PREPARING, 0},
        [E_WANT_DOWN]        = {GO,     S_STOPPED,   A_UNPREPARE},
        [E_LINE_UP]          = {STAY,   S_PREPARING, 0},
        [E_GO]               = {NEVER,  S_PREPARING, 0},
        [E_PREPARED]         = {GO,     S_STARTING,  A_SPAWN},
        [E_NOT_PREPARED]     = {DECIDE, S_STOPPED,   0},
        [E_SPAWNED]          = {NEVER,  S_PREPARING, 0},
        [E_NOT_SPAWNED]      = {NEVER,  S_PREPARING, 0},
        [E_READY]            = {NEVER,  S_PREPARING, 0},
        [E_MAIN_ENDED]       = {NEVER,  S_PREPARING, 0},
        [E_ONLY_ATTENDANTS]  = {NEVER,  S_PREPARING, 0},
        [E_EMPTY]            = {NEVER,  S_PREPARING, 0},
        [E_LIMIT]            = {NEVER,  S_PREPARING, 0},
        [E_KILL]             = {NEVER,  S_PREPARING, 0},
        [E_UNWELL]           = {NEVER,  S_PREPARING, 0},
        [E_DEPENDENCY]       = {GO,     S_WAITING,   A_UNPREPARE | A_LINE_UP},
        [E_RENEW]            = {GO,     S_WAITING,   A_UNPREPARE | A_LINE_UP},
        [E_DUE]              = {STAY,   S_PREPARING, 0},
        [E_TIMER]            = {NEVER,  S_PREPARING, 0},
        [E_RUNG_FAILED]      = {NEVER,  S_PREPARING, 0},
        [E_END_NOW]          = {GO,     S_STOPPED,   A_UNPREPARE},
    },
    [S_STARTING] = {
        [E_WANT_UP]          = {STAY,   S_STARTING,  0},
        [E_WANT_DOWN]        = {GO,     S_STOPPING,  A_ASK},
        [E_LINE_UP]          = {STAY,   S_STARTING,  0},
        [E_GO]               = {NEVER,  S_STARTING,  0},
        [E_PREPARED]         = {NEVER,  S_STARTING,  0},
        [E_NOT_PREPARED]     = {NEVER,  S_STARTING,  0},
        [E_SPAWNED]          = {STAY,   S_STARTING,  A_AWAIT},
        [E_NOT_SPAWNED]      = {DECIDE, S_STOPPED,   0},
        [E_READY]            = {GO,     S_RUNNING,   A_RUNTIME},
        [E_MAIN_ENDED]       = {GO,     S_STOPPING,  A_LEFTOVERS | A_KILL},
        [E_ONLY_ATTENDANTS]  = {GO,     S_STOPPING,  A_SWEEP},
        [E_EMPTY]            = {DECIDE, S_STOPPED,   A_RELEASE},
        [E_LIMIT]            = {GO,     S_STOPPING,  A_ASK},
        [E_KILL]             = {GO,     S_STOPPING,  A_KILL},
        [E_UNWELL]           = {NEVER,  S_STARTING,  0},
        [E_DEPENDENCY]       = {GO,     S_STOPPING,  A_ASK},
        [E_RENEW]            = {GO,     S_STOPPING,  A_ASK},
        [E_DUE]              = {STAY,   S_STARTING,  0},
        [E_TIMER]            = {GO,     S_STOPPING,  A_ASK}, /* ready_timeout */
        [E_RUNG_FAILED]      = {NEVER,  S_STARTING,  0},
        [E_END_NOW]          = {GO,     S_STOPPING,  A_KILL},
    },
    [S_RUNNING] = {
        [E_WANT_UP]          = {STAY,   S_RUNNING,   0},
        [E_WANT_DOWN]        = {GO,     S_STOPPING,  A_ASK},
        [E_LINE_UP]          = {STAY,   S_RUNNING,   0},
        [E_GO]               = {NEVER,  S_RUNNING,   0},
        [E_PREPARED]         = {NEVER,  S_RUNNING,   0},
        [E_NOT_PREPARED]     = {NEVER,  S_RUNNING,   0},
        [E_SPAWNED]          = {NEVER,  S_RUNNING,   0},
        [E_NOT_SPAWNED]      = {NEVER,  S_RUNNING,   0},
        [E_READY]            = {STAY,   S_RUNNING,   0},
        [E_MAIN_ENDED]       = {GO,     S_STOPPING,  A_LEFTOVERS | A_KILL},
        [E_ONLY_ATTENDANTS]  = {GO,     S_STOPPING,  A_SWEEP},
        [E_EMPTY]            = {DECIDE, S_STOPPED,   A_RELEASE},
        [E_LIMIT]            = {GO,     S_STOPPING,  A_ASK},
        [E_KILL]             = {GO,     S_STOPPING,  A_KILL},
        [E_UNWELL]           = {GO,     S_STOPPING,  A_ASK},
        [E_DEPENDENCY]       = {GO,     S_STOPPING,  A_ASK},
        [E_RENEW]            = {GO,     S_STOPPING,  A_ASK},
        [E_DUE]              = {STAY,   S_RUNNING,   0},
        [E_TIMER]            = {GO,     S_STOPPING,  A_ASK}, /* max_runtime */
        [E_RUNG_FAILED]      = {NEVER,  S_RUNNING,   0},
        [E_END_NOW]          = {GO,     S_STOPPING,  A_KILL},
    },
    [S_BACKOFF] = {
        [E_WANT_UP]          = {GO,     S_WAITING,   A_FORGET | A_LINE_UP}, /* it does not wait */
        [E_WANT_DOWN]        = {GO,     S_STOPPED,   0},
        [E_LINE_UP]          = {STAY,   S_BACKOFF,   0},
        [E_GO]               = {NEVER,  S_BACKOFF,   0},
        [E_PREPARED]         = {NEVER,  S_BACKOFF,   0},
        [E_NOT_PREPARED]     = {NEVER,  S_BACKOFF,   0},
        [E_SPAWNED]          = {NEVER,  S_BACKOFF,   0},
        [E_NOT_SPAWNED]      = {NEVER,  S_BACKOFF,   0},
        [E_READY]            = {NEVER,  S_BACKOFF,   0},
        [E_MAIN_ENDED]       = {NEVER,  S_BACKOFF,   0},
        [E_ONLY_ATTENDANTS]  = {NEVER,  S_BACKOFF,   0},
        [E_EMPTY]            = {NEVER,  S_BACKOFF,   0},
        [E_LIMIT]            = {NEVER,  S_BACKOFF,   0},
        [E_KILL]             = {NEVER,  S_BACKOFF,   0},
        [E_UNWELL]           = {NEVER,  S_BACKOFF,   0},
        [E_DEPENDENCY]       = {GO,     S_WAITING,   A_LINE_UP},
        [E_RENEW]            = {GO,     S_WAITING,   A_FORGET | A_LINE_UP},
        [E_DUE]              = {GO,     S_WAITING,   A_FORGET | A_LINE_UP},
        [E_TIMER]            = {GO,     S_WAITING,   A_LINE_UP},
        [E_RUNG_FAILED]      = {NEVER,  S_BACKOFF,   0},
        [E_END_NOW]          = {GO,     S_STOPPED,   0},
    },
    [S_STOPPING] = {
        [E_WANT_UP]          = {STAY,   S_STOPPING,  0}, /* want_up remembers it */
        [E_WANT_DOWN]        = {STAY,   S_STOPPING,  0},
        [E_LINE_UP]          = {STAY,   S_STOPPING,  0},
        [E_GO]               = {NEVER,  S_STOPPING,  0},
        [E_PREPARED]         = {NEVER,  S_STOPPING,  0},
        [E_NOT_PREPARED]     = {NEVER,  S_STOPPING,  0},
        [E_SPAWNED]          = {NEVER,  S_STOPPING,  0},
        [E_NOT_SPAWNED]      = {NEVER,  S_STOPPING,  0},
        [E_READY]            = {STAY,   S_STOPPING,  0}, /* too late */
        [E_MAIN_ENDED]       = {STAY,   S_STOPPING,  0}, /* the rest of the rung is theirs */
        [E_ONLY_ATTENDANTS]  = {STAY,   S_STOPPING,  A_SWEEP},
        [E_EMPTY]            = {DECIDE, S_STOPPED,   A_RELEASE},
        [E_LIMIT]            = {STAY,   S_STOPPING,  0}, /* it is on its way already */
        [E_KILL]             = {STAY,   S_STOPPING,  A_KILL},
        [E_UNWELL]           = {STAY,   S_STOPPING,  0},
        [E_DEPENDENCY]       = {STAY,   S_STOPPING,  0},
        [E_RENEW]            = {STAY,   S_STOPPING,  0},
        [E_DUE]              = {STAY,   S_STOPPING,  0},
        [E_TIMER]            = {STAY,   S_STOPPING,  A_NEXT_RUNG},
        [E_RUNG_FAILED]      = {STAY,   S_STOPPING,  A_NEXT_RUNG},
        [E_END_NOW]          = {STAY,   S_STOPPING,  A_KILL},
    },
    [S_FAILED] = {
        [E_WANT_UP]          = {GO,     S_WAITING,   A_FORGET | A_LINE_UP},
        [E_WANT_DOWN]        = {STAY,   S_FAILED,    0}, /* the reason stays to be read */
        [E_LINE_UP]          = {STAY,   S_FAILED,    0},
        [E_GO]               = {NEVER,  S_FAILED,    0},
        [E_PREPARED]         = {NEVER,  S_FAILED,    0},
        [E_NOT_PREPARED]     = {NEVER,  S_FAILED,    0},
        [E_SPAWNED]          = {NEVER,  S_FAILED,    0},
        [E_NOT_SPAWNED]      = {NEVER,  S_FAILED,    0},
        [E_READY]            = {NEVER,  S_FAILED,    0},
        [E_MAIN_ENDED]       = {NEVER,  S_FAILED,    0},
        [E_ONLY_ATTENDANTS]  = {NEVER,  S_FAILED,    0},
        [E_EMPTY]            = {NEVER,  S_FAILED,    0},
        [E_LIMIT]            = {NEVER,  S_FAILED,    0},
        [E_KILL]             = {NEVER,  S_FAILED,    0},
        [E_UNWELL]           = {NEVER,  S_FAILED,    0},
        [E_DEPENDENCY]       = {STAY,   S_FAILED,    0},
        [E_RENEW]            = {GO,     S_WAITING,   A_FORGET | A_LINE_UP},
        [E_DUE]              = {GO,     S_WAITING,   A_FORGET | A_LINE_UP},
        [E_TIMER]            = {NEVER,  S_FAILED,    0},
        [E_RUNG_FAILED]      = {NEVER,  S_FAILED,    0},
        [E_END_NOW]          = {STAY,   S_FAILED,    0},
    },
    [S_EXITED] = {
        [E_WANT_UP]          = {GO,     S_WAITING,   A_FORGET | A_LINE_UP},
        [E_WANT_DOWN]        = {STAY,   S_EXITED,    0},
        [E_LINE_UP]          = {STAY,   S_EXITED,    0},
        [E_GO]               = {NEVER,  S_EXITED,    0},
        [E_PREPARED]         = {NEVER,  S_EXITED,    0},
        [E_NOT_PREPARED]     = {NEVER,  S_EXITED,    0},
        [E_SPAWNED]          = {NEVER,  S_EXITED,    0},
        [E_NOT_SPAWNED]      = {NEVER,  S_EXITED,    0},
        [E_READY]            = {NEVER,  S_EXITED,    0},
        [E_MAIN_ENDED]       = {NEVER,  S_EXITED,    0},
        [E_ONLY_ATTENDANTS]  = {NEVER,  S_EXITED,    0},
        [E_EMPTY]            = {NEVER,  S_EXITED,    0},
        [E_LIMIT]            = {NEVER,  S_EXITED,    0},
        [E_KILL]             = {NEVER,  S_EXITED,    0},
        [E_UNWELL]           = {NEVER,  S_EXITED,    0},
        [E_DEPENDENCY]       = {STAY,   S_EXITED,    0},
        [E_RENEW]            = {GO,     S_WAITING,   A_FORGET | A_LINE_UP},
        [E_DUE]              = {GO,     S_WAITING,   A_FORGET | A_LINE_UP},
        [E_TIMER]            = {NEVER,  S_EXITED,    0},
        [E_RUNG_FAILED]      = {NEVER,  S_EXITED,    0},
        [E_END_NOW]          = {STAY,   S_EXITED,    0},
    },
};

static enum state after(const struct unit *u, const struct decision *d, const struct ending *end)
{
    if (d->what == VERDICT_RESTART)
        return S_BACKOFF; /* also without a delay: the alarm lets other units have their turn */
    if (d->what == VERDICT_WAIT)
        return S_WAITING;
    if (d->what == VERDICT_GIVE_UP)
        return S_FAILED;
    return policy_success(u->spec, end) ? S_EXITED : S_FAILED;
}

enum cause unit_exit_cause(const struct job_spec *spec, uint32_t code)
{
    const struct ending end = {.cause = CAUSE_EXIT, .code = code};
    return exit_code_abnormal(code) && !policy_success(spec, &end) ? CAUSE_CRASH : CAUSE_EXIT;
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
            if (st.to == S_WAITING)
                st.acts |= A_LINE_UP;
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
