/* sup.h - the fleet: applies what happens to units, in any order and any number of times.
 *
 * Loop thread only.  Portable: it touches the world through the hands alone.  A note is a hint;
 * what is so is asked of the kernel (hands.look), therefore notes may be late, doubled, missing or
 * out of order. */
#ifndef JW_SUPERVISE_SUP_H
#define JW_SUPERVISE_SUP_H

#include "service/supervise/hands.h"

struct sup;

/* A unit for each spec of C, all stopped.  C must outlive it; HANDS is copied.
 * The caller owns *ret. */
enum st sup_new(const struct config *c, const struct hands *hands, struct sup **ret, struct err *e);
void sup_free(struct sup *s); /* NULL is allowed; calls no hand */

size_t sup_count(const struct sup *s);
const struct unit *sup_unit(const struct sup *s, size_t slot);
/* The unit whose present run is ID; NULL when that run is over. */
const struct unit *sup_find(const struct sup *s, uint64_t id);

/* Orders.  A start skips a delay and clears the restart history; while the unit is still on its way
 * down it only changes what is wanted.  Once the fleet stops, starts are ignored. */
void sup_start(struct sup *s, size_t slot);
void sup_stop(struct sup *s, size_t slot);
void sup_start_all(struct sup *s);

/* Everything down by its ladder, in parallel, and nothing is started again; after BUDGET_MS what is
 * left is terminated.  What has failed or exited stays so.  Again: the earlier end counts. */
void sup_stop_all(struct sup *s, enum cause cause, uint64_t budget_ms);
/* The same in turns, since asking takes a moment for each: begin orders it for all, and every call
 * of next asks one more; false when all have been asked.  The ladders still run in parallel. */
void sup_stop_begin(struct sup *s, enum cause cause, uint64_t budget_ms);
bool sup_stop_next(struct sup *s);
/* No more asking: terminates every job now.  Implies sup_stop_all. */
void sup_end_now(struct sup *s);
/* Nothing runs and nothing will start: the loop may end. */
bool sup_all_down(const struct sup *s);
/* All units have exited or failed, so none runs again by itself: a foreground run may end. */
bool sup_all_final(const struct sup *s);
/* A unit with start_limit_action = exit-service has failed by its start limit. */
bool sup_wants_exit(const struct sup *s);
/* The latest time by which every stop that is under way will have terminated its job, for the SCM's
 * wait hint; of jobs that are terminated already, the next look; 0: none is under way. */
uint64_t sup_stop_deadline(const struct sup *s);

/* Something happened to run ID (main process ended, job message): looks and acts. */
void sup_note(struct sup *s, uint64_t id);
/* The present rung of run ID turned out not to work, for the reason TEXT. */
void sup_note_rung_failed(struct sup *s, uint64_t id, enum rung_kind rung, const char *text);
/* The alarm of SLOT. */
void sup_alarm(struct sup *s, uint32_t slot);
/* Looks at every run and does what is due: after lost notes, and every LOOK_AGAIN_MS. */
void sup_look_all(struct sup *s);

enum {
    LOOK_AGAIN_MS = 10000,   /* job messages can be lost; silence proves nothing */
    LOOK_SOON_MS = 1,        /* after a kill; doubles up to LOOK_LATE_MS */
    LOOK_LATE_MS = 2000,
    STUBBORN_MS = 10000      /* a terminated job that still has members is told about this often */
};

#endif
