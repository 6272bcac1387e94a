/* reload.h - the way of changed definitions: the job file is read by a thread of its own, so that a
 * slow disk does not hold the loop; then the supervisor takes it over, or nothing changes.  Loop
 * thread only.
 *
 *   errors           config.refused, and config.mistake for each; nothing changes
 *   the fleet stops  config.refused; nothing changes
 *   else             config.taken; config.needs_restart for each key of [service] that holds only
 *                    from the next start of the service */
#ifndef JW_HOST_RELOAD_H
#define JW_HOST_RELOAD_H

#include "common/status.h"

#include <stdbool.h>

struct app;
struct reload;

/* The caller owns *ret. */
enum st reload_new(struct app *a, struct reload **ret, struct err *e);
/* Reads the job file of A again.  While that is being done: once more after it. */
void reload_ask(struct reload *r);
/* Something is being read. */
bool reload_busy(const struct reload *r);
/* For a slow timer: frees definitions that nobody goes by any more. */
void reload_look(struct reload *r);

/* Waits for its thread and closes its handle of the loop, which is then to be run dry before
 * reload_free().  NULL is allowed. */
void reload_shut(struct reload *r);
/* After the supervisor.  NULL is allowed. */
void reload_free(struct reload *r);

#endif
