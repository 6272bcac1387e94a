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
 * everybody.  Those that somebody waits for have a number of their own, and beyond it queue up in
 * the order in which they came; the time of each begins with its start. */
enum { HOOKS_MAX = 16, HOOKS_WAITED_MAX = 64, HOOK_OWNER_SIZE = UNIT_NAME_SIZE };

struct hook {
    const char *key;     /* "hook_limit"; lives for ever */
    const char *owner;   /* "web.1", "group web", "fleet"; shorter than HOOK_OWNER_SIZE */
    const char *command; /* raw command line */
    /* Environment and directory are this job's; NULL: the service's own and the folder of the job
     * file. */
    const struct job_spec *spec;
    const struct env_vars *extra; /* on top of them; may be NULL */
    uint64_t timeout_ms;          /* from its start; then it is terminated */
    /* Who waits for it, or NULL: called once when it has ended, OK for exit code 0; TEXT, when not
     * OK, says why: its exit code in words, its time, or that it could not be started; else "".
     * Never from inside hooks_run() or hooks_cancel(), nor after hooks_cancel() or hooks_shut(). */
    void (*done)(void *ctx, uint64_t tag, bool ok, const char *text);
    void *ctx;
    uint64_t tag; /* with its key, unique among those that are waited for */
    bool patient; /* of one that nobody waits for: queues up where it would be refused */
    bool quiet;   /* a good end is a line only with log_level = debug */
};

/* Ends are posted to PORT under PORT_KEY_HOOK.  LOOP, LOGGER and the texts must outlive it.  The
 * caller owns *ret. */
enum st hooks_new(uv_loop_t *loop, HANDLE port, struct logger *logger, const char *service,
                  const char *config_dir, struct hooks **ret, struct err *e);

/* Starts it or lets it queue up, and needs nothing of *HOOK any more.  While one of the same owner
 * and key runs that nobody waits for, a further one of these is only counted, which is ST_OK too;
 * hook.skipped says how many when that one has ended.  ST_BUSY when HOOKS_MAX run already.
 * e->text names the hook, its owner and the file; the caller logs it.  After ST_OK one that turns
 * out not to start is told by done(), or else logged. */
enum st hooks_run(struct hooks *h, const struct hook *hook, struct err *e);

/* Ends the one that is waited for under KEY and TAG, running or queued, if there is one; nobody is
 * told. */
void hooks_cancel(struct hooks *h, const char *key, uint64_t tag);

/* The hook in SLOT has ended, its packet says. */
void hooks_ended(struct hooks *h, uint32_t slot);
/* For a slow timer: makes up for packets that were lost, and terminates again what did not end.
 * NOW is uv_now(). */
void hooks_look(struct hooks *h, uint64_t now);
size_t hooks_running(const struct hooks *h); /* those that queue up included */

/* Ends all, forgets those that queue up, tells nobody, and closes the timers.  Then the loop is to
 * be run dry before hooks_free(). */
void hooks_shut(struct hooks *h); /* NULL is allowed */
void hooks_free(struct hooks *h); /* NULL is allowed */

#endif
