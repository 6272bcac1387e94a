/* sup.h - the fleet: applies what happens to units, in any order and any number of times.
 *
 * Loop thread only.  Portable: it touches the world through the hands alone.  A note is a hint;
 * what is so is asked of the kernel (hands.look), therefore notes may be late, doubled, missing or
 * out of order. */
#ifndef JW_SUPERVISE_SUP_H
#define JW_SUPERVISE_SUP_H

#include "service/supervise/hands.h"

struct sup;

/* A unit for each spec of C, all stopped.  C must live as long as sup_uses() says so; HANDS is
 * copied.  Calls room and adopt.  The caller owns *ret. */
enum st sup_new(const struct config *c, const struct hands *hands, struct sup **ret, struct err *e);
void sup_free(struct sup *s); /* NULL is allowed; calls no hand */

/* Slots, of which some may be free: a free slot's unit has no spec. */
size_t sup_count(const struct sup *s);
const struct unit *sup_unit(const struct sup *s, size_t slot);
/* The unit whose present run is ID; NULL when that run is over. */
const struct unit *sup_find(const struct sup *s, uint64_t id);

/* Orders.  Slots that are free are ignored, and so is an order up of what no definition has any
 * more, or once the fleet stops.  Those of one call start and stop in the order that their jobs
 * need; one call for each would take them as they come.
 *
 * A start skips a delay and clears the restart history; while the unit is still on its way down it
 * only changes what is wanted. */
void sup_start(struct sup *s, size_t slot);
void sup_start_each(struct sup *s, const size_t *slot, size_t n);
void sup_stop(struct sup *s, size_t slot);
void sup_stop_each(struct sup *s, const size_t *slot, size_t n);
void sup_start_all(struct sup *s);
/* Another run of each, with its restart history anew.  What is up goes by way of a rolling restart
 * (restart_parallel of a job at a time, the lowest number first, each waited for until it is ready,
 * and given up at the first that does not come up), by the cause `operator`; a roll that is under
 * way goes on with these too.  What starts by itself before its turn comes has had its restart.
 * Everything else is started, as above.  An order to stop takes it back. */
void sup_restart(struct sup *s, const size_t *slot, size_t n);
/* Terminates every process of the present run now.  It ends by the cause `operator`, and `restart`
 * decides what follows, as after a crash; what was on its way down already stays so, only faster.
 * What is wanted stays as it was.  ST_NOTFOUND: there is no run. */
enum st sup_kill(struct sup *s, size_t slot);

/* What has come of an order by now, while nobody orders otherwise.
 *
 *           REACHED                                  FAILED
 *   UP      it is up, or has exited with success     it has failed, or waits for its next attempt
 *   DOWN    there is no run                          it is wanted up
 *   ANEW    as UP, by a run later than number STARTS as UP; also left as it was, since its roll was
 *           (unit.starts when it was ordered)        given up: then unit.reason may say nothing
 *
 * UP and ANEW have FAILED too where it is not wanted up, by another order or the fleet's stop, or
 * is gone.  Up is running, and with ready = started for a second (min_uptime at most), so that what
 * ends at once has not come up.  All else is PENDING, and may stay so: a job that it requires may
 * never come.  A slot may be given to another unit: unit.spec tells whose it is. */
enum sup_order { SUP_ORDER_UP, SUP_ORDER_DOWN, SUP_ORDER_ANEW };
enum sup_outcome { SUP_PENDING, SUP_REACHED, SUP_FAILED };
enum sup_outcome sup_outcome_of(const struct sup *s, size_t slot, enum sup_order order,
                                uint64_t starts);
/* The job that it waits for, one of them, until the next call of this room; NULL: for none. */
const char *sup_waits_for(const struct sup *s, size_t slot);
/* When it starts next, by the loop's clock, as far as that is known: the end of its delay, or its
 * schedule's next time (also of what has exited or failed).  0: not known, or not at all. */
uint64_t sup_next_start(const struct sup *s, size_t slot);

/* NEXT takes over from the definitions that hold now: all of it or, when memory is short, nothing.
 *
 *   unchanged         nothing happens to it, but that its definition is read from NEXT
 *   a live change     the same; it holds from now on
 *   a relimit         the same, and hands.adopt puts the running job under the new limits
 *   respawn and more  each instance in turn, restart_parallel of a job at a time and the lowest
 *                     number first: stopped by its old definition, started by the new one, and
 *                     waited for until it is ready; at the first that does not come up the roll
 *                     ends, and the others stay as they were, until the next take-over.  What is
 *                     stopped or has never run changes at once; what has failed or exited is
 *                     started.
 *   new               started, unless the fleet was never started or stops
 *   gone              stopped by its old definition, then its slot is free
 *
 * NEXT must live as long as sup_uses() says so.  ST_BUSY while the fleet stops. */
struct takeover {
    uint32_t same, live, relimit, roll, added, removed; /* instances */
};
enum st sup_take(struct sup *s, const struct config *next, struct takeover *ret, struct err *e);
/* Some unit still goes by a definition of C. */
bool sup_uses(const struct sup *s, const struct config *c);
/* The definitions that were taken over last. */
const struct config *sup_config(const struct sup *s);

/* Everything down by its ladder, in parallel, but for what others need: that waits until they are
 * down.  Nothing is started again; after BUDGET_MS what is left is terminated.  What has failed or
 * exited stays so.  Again: the earlier end counts. */
void sup_stop_all(struct sup *s, enum cause cause, uint64_t budget_ms);
/* The same in turns, since asking takes a moment for each: begin orders it for all, and every call
 * of next asks one more; false when all have been asked.  The ladders still run in parallel. */
void sup_stop_begin(struct sup *s, enum cause cause, uint64_t budget_ms);
bool sup_stop_next(struct sup *s);
/* No more asking: terminates every job now.  Implies sup_stop_all. */
void sup_end_now(struct sup *s);
/* The whole fleet stops, or has. */
bool sup_stopping(const struct sup *s);
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
/* hook_pre_start of the run ID to be has ended; TEXT, when not OK: why it did not work. */
void sup_prepared(struct sup *s, uint64_t id, bool ok, const char *text);
/* The check SERIAL of run ID has its answer; TEXT, when not GOOD: what is wrong. */
void sup_checked(struct sup *s, uint64_t id, uint32_t serial, bool good, const char *text);
/* LIMIT, of the run ID or of a level above it, was reached, and WHAT is to follow
 * (limits_reaction()):
 *
 *   LOG, HOOK    nothing here but to count it
 *   RESTART      down by the ladder, and up again whatever `restart` says
 *   STOP         down by the ladder, and failed until an order to start
 *   TERMINATE    everything ended at once; `restart` decides whether up again
 *
 * What ends the run first keeps its name: while the run is already going down (also for another
 * limit), or the fleet stops, or the main process has ended, nothing changes but that TERMINATE
 * still ends at once what is there.  An order to start that comes while a limit ends the run is a
 * new beginning, as ever; an order to stop is one to stay down.  A run that is over is nobody.
 *
 * sup_limit: it was reached, and nothing has come of it yet. */
void sup_limit(struct sup *s, uint64_t id, enum limit_id limit, enum reaction what);
/* sup_limit_kill: and everything in the run is to be ended now (by the sampler); WHAT decides only
 * what comes then: RESTART up again, STOP failed, the others by `restart`. */
void sup_limit_kill(struct sup *s, uint64_t id, enum limit_id limit, enum reaction what);
/* sup_limit_ended: and process PID of the run, 0: all of them, was ended for it, or is just ending.
 * If that is the main process, its end (within BLAME_MS) has the cause `limit`, and WHAT decides
 * what comes then, as above; also when the end was seen first, while the run is not over yet.
 * If it is another process, this is sup_limit_refused(). */
void sup_limit_ended(struct sup *s, uint64_t id, uint32_t pid, enum limit_id limit,
                     enum reaction what);
/* sup_limit_refused: and the run was refused something (memory, a process), which it may survive or
 * not: if the main process ends within BLAME_MS, and not as a success, then by the limit.
 * WHAT follows as from sup_limit(). */
void sup_limit_refused(struct sup *s, uint64_t id, enum limit_id limit, enum reaction what);
/* sup_limit_blame: the same as refused, but WHAT is only remembered for an end that may come; for
 * what was told a short time ago. */
void sup_limit_blame(struct sup *s, uint64_t id, enum limit_id limit, enum reaction what);
/* What nobody tells: Windows ends the members of a job at the end of job_time_limit without a word,
 * only with exit code 1816.  Where a time limit is set (of the job, its group or the fleet), a main
 * process that ends so has been ended by it. */

/* The alarm of SLOT, or of SLOT_FLEET. */
void sup_alarm(struct sup *s, uint32_t slot);
/* Looks at every run and does what is due: after lost notes, and every LOOK_AGAIN_MS. */
void sup_look_all(struct sup *s);

enum {
    LOOK_AGAIN_MS = 10000,   /* job messages can be lost; silence proves nothing */
    LOOK_SOON_MS = 1,        /* after a kill; doubles up to LOOK_LATE_MS */
    LOOK_LATE_MS = 2000,
    BLAME_MS = 10000,        /* how long an end is put down to a limit that was told before */
    STUBBORN_MS = 10000      /* a terminated job that still has members is told about this often */
};

#endif
