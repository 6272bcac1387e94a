/* hooks.h - short-lived commands that tell somebody of what happened.  Loop thread only.
 *
 * Each runs in a job of its own, without a name, which ends with the command's main process at the
 * latest: what it leaves behind is ended too.  What it prints goes nowhere (NUL): a hook that wants
 * a record writes one. */
#ifndef JW_HOST_HOOKS_H
#define JW_HOST_HOOKS_H

#include "config/spec.h"
#include "service/host/logger.h"

#include <uv.h>
#include <windows.h>

struct hooks;

/* At once, over the whole service: a limit that everybody reaches must not start a process for
 * everybody. */
enum { HOOKS_MAX = 16, HOOK_OWNER_SIZE = UNIT_NAME_SIZE };

struct hook {
    const char *key;     /* "hook_limit" */
    const char *owner;   /* "web.1", "group web", "fleet"; shorter than HOOK_OWNER_SIZE */
    const char *command; /* raw command line */
    /* Environment and directory are this job's; NULL: the service's own and the folder of the job
     * file. */
    const struct job_spec *spec;
    const struct env_vars *extra; /* on top of them; may be NULL */
    uint64_t timeout_ms;          /* from its start; then it is terminated */
};

/* Ends are posted to PORT under PORT_KEY_HOOK.  LOOP, LOGGER and the texts must outlive it.  The
 * caller owns *ret. */
enum st hooks_new(uv_loop_t *loop, HANDLE port, struct logger *logger, const char *service,
                  const char *config_dir, struct hooks **ret, struct err *e);

/* Starts it, and needs nothing of *H any more.  While one of the same owner and key runs, a further
 * one is only counted, which is ST_OK too; hook.skipped says how many when that one has ended.
 * ST_BUSY when HOOKS_MAX run already.  e->text names the hook, its owner and the file; the caller
 * logs it. */
enum st hooks_run(struct hooks *h, const struct hook *hook, struct err *e);

/* The hook in SLOT has ended, its packet says. */
void hooks_ended(struct hooks *h, uint32_t slot);
/* For a slow timer: makes up for packets that were lost, and terminates again what did not end.
 * NOW is uv_now(). */
void hooks_look(struct hooks *h, uint64_t now);
size_t hooks_running(const struct hooks *h);

/* Ends all that run and closes the timers.  Then the loop is to be run dry before hooks_free(). */
void hooks_shut(struct hooks *h); /* NULL is allowed */
void hooks_free(struct hooks *h); /* NULL is allowed */

#endif
