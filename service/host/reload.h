/* reload.h - the way of changed definitions: the job file is read by a thread of its own, so that a
 * slow disk does not hold the loop; then the supervisor takes it over, or nothing changes.  Loop
 * thread only.
 *
 * What is asked for is done one after the other:
 *
 *   a reload         reads the files as they are now; what was set (below) is forgotten
 *   a dry run        the same, and only says what it would do
 *   a set or reset   the files as they were read last, with other values for single keys: only what
 *                    costs no restart
 *
 *   errors           config.refused, and config.mistake for each; nothing changes
 *   the fleet stops  config.refused; nothing changes
 *   else             config.taken; config.needs_restart for each key of [service] that holds only
 *                    from the next start of the service
 *
 * A client that asked gets the same by control_reloaded(). */
#ifndef JW_HOST_RELOAD_H
#define JW_HOST_RELOAD_H

#include "config/recording.h"
#include "service/control/world.h"

struct app;
struct reload;

enum { RELOADS_WAITING = 16 };

/* READ is what the definitions that A has now were loaded from; taken over, also on failure.  The
 * caller owns *ret. */
enum st reload_new(struct app *a, struct recording *read, struct reload **ret, struct err *e);
/* Reads the job file of A again, for nobody in particular.  Not once more than what waits already
 * would.  IF_CHANGED: nothing happens when all of it reads as it did last time. */
void reload_ask(struct reload *r, bool if_changed);
/* What the control room's world promises.  ORDER is copied. */
bool reload_order(struct reload *r, uint64_t client, const struct reload_order *order,
                  struct no *no);
/* The next one looks the accounts of control_access up again, also without a change. */
void reload_access_again(struct reload *r);
/* Something is being read, or waits to be. */
bool reload_busy(const struct reload *r);
/* For a slow timer: frees definitions that nobody goes by any more. */
void reload_look(struct reload *r);
/* The files that are read are watched, or not, as the definitions say. */
void reload_watch(struct reload *r);

/* Waits for its threads and closes its handle of the loop, which is then to be run dry before
 * reload_free().  NULL is allowed. */
void reload_shut(struct reload *r);
/* After the supervisor.  NULL is allowed. */
void reload_free(struct reload *r);

#endif
