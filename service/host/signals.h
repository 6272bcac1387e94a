/* signals.h - the named events between one instance and its worker.  Loop thread only.
 *
 *   PREFIX SERVICE.JOB.N.ready      the worker sets it once it is ready      (ready = event)
 *   PREFIX SERVICE.JOB.N.watchdog   the worker sets it again and again       (watchdog > 0)
 *   PREFIX SERVICE.JOB.N.stop       is set when the worker is to end         (a rung `event`)
 *
 * Each exists only where the definition asks for it, and the worker finds its name in the
 * environment.  They stay from one run of the instance to the next: the last process of a run may
 * still be closing its handles when the next run begins, and the name would seem to be taken. */
#ifndef JW_HOST_SIGNALS_H
#define JW_HOST_SIGNALS_H

#include "config/spec.h"
#include "service/supervise/hands.h"

#include <windows.h>

struct signals {
    HANDLE ready, watchdog, stop; /* NULL: not asked for */
    char unit[UNIT_NAME_SIZE];    /* in their names, whose case counts */
};

/* What the names begin with. */
struct signals_place {
    const char *prefix;  /* "Global\" or "Local\" */
    const char *service; /* its name */
    const SECURITY_ATTRIBUTES *security;
};

/* For a run of SPEC that is about to start: *S, empty or of the run before, becomes those events
 * that SPEC uses, none of them set.  ST_EXISTS: somebody else holds an object of that name.  On
 * failure *S holds what it can be called with again. */
enum st signals_open(const struct signals_place *at, const struct job_spec *spec, struct signals *s,
                     struct err *e);
void signals_close(struct signals *s); /* empty is allowed */

/* What the worker is told of *S, to be added to its environment: JOBWARDEN_READY_EVENT,
 * JOBWARDEN_WATCHDOG_EVENT, JOBWARDEN_WATCHDOG_MS, JOBWARDEN_STOP_EVENT.  ret->vars points into
 * *RET. */
enum { SIGNAL_NAME_SIZE = 288, SIGNAL_VARS_MAX = 4 };
struct signals_env {
    char ready[SIGNAL_NAME_SIZE], watchdog[SIGNAL_NAME_SIZE], stop[SIGNAL_NAME_SIZE];
    char watchdog_ms[24];
    struct env_var var[SIGNAL_VARS_MAX];
    struct env_vars vars;
};
void signals_env(const struct signals_place *at, const struct job_spec *spec,
                 const struct signals *s, struct signals_env *ret);

/* Whether the worker has set it since the last question; false where there is none. */
bool signals_asked(const struct signals *s, enum signal what);
/* Sets the stop event.  ST_UNSUPPORTED: the run was started without one. */
enum st signals_stop(const struct signals *s, struct err *e);

#endif
