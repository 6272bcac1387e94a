/* cause.h - why a run ended, or why there was none; the words are those of the log, of `status`
 * and of restart_force_causes. */
#ifndef JW_CONFIG_CAUSE_H
#define JW_CONFIG_CAUSE_H

#include "config/limits.h"

enum cause {
    CAUSE_NONE,
    CAUSE_EXIT,        /* it ended by itself with an ordinary exit code */
    CAUSE_CRASH,       /* it ended by itself with a code of Windows: exit_code_abnormal() */
    CAUSE_NOT_STARTED, /* it could not be started */
    CAUSE_HOOK,        /* hook_pre_start failed, so it was not started */
    CAUSE_NOT_READY,   /* it was not ready within ready_timeout */
    CAUSE_LIMIT,       /* it reached a limit */
    CAUSE_WATCHDOG,    /* it did not report in time */
    CAUSE_HEALTH,      /* its health checks failed */
    CAUSE_MAX_RUNTIME, /* it ran for max_runtime */
    CAUSE_SCHEDULE,    /* restart_schedule was due */
    CAUSE_OPERATOR,    /* it was stopped, restarted or killed by an order */
    CAUSE_CHANGE,      /* its definition has changed */
    CAUSE_DEPENDENCY,  /* a job that it requires has stopped or failed */
    CAUSE_SHUTDOWN,    /* the whole fleet stops */
    CAUSES
};
extern const char *const cause_names[CAUSES]; /* "exit" "crash" "not-started" ... */

/* Some causes, for restart_force_causes and restart_prevent_causes. */
struct causes {
    uint32_t of;     /* bit N is the cause N; that of CAUSE_LIMIT: any limit */
    uint64_t limits; /* bit N is the limit N, beside them */
};
static inline bool causes_have(const struct causes *c, enum cause cause, enum limit_id limit)
{
    if (cause == CAUSE_LIMIT && limit < LIMITS && (c->limits >> limit & 1))
        return true;
    return (c->of >> cause & 1) != 0;
}

#endif
