/* level.h - the limits of one named Job Object (an instance's run, a group, the fleet) and what has
 * been reached of them.  Portable; loop thread only; pure but for its own memory.
 *
 * Everything comes in here: samples, job messages, violation records; and comes out as `reached`,
 * in one form.  When the same limit is said again is decided here:
 *
 *   process_memory_limit, job_memory_limit,   at once; then at the earliest after SAY_AGAIN_MS,
 *   active_process_limit                      with how often it happened in between (a process that
 *                                             was to be ended and is still there is nothing new)
 *   process_time_limit                        once for each process
 *   job_time_limit                            once a run
 *   notify_job_memory_high, guards            once; again after it was seen below
 *   notify_job_memory_low                     the same, seen above; the sampler's only after it was
 *                                             above once, or every start would tell it,
 *                                             and never of an empty job
 *       (of the kernel's: also after SAY_AGAIN_MS without one, for nobody then measures in between)
 *   notify_cpu_rate, notify_net_rate          once; again after SAY_AGAIN_MS without one
 *   notify_job_time, notify_io_*              once; again each time the total has grown by as much
 *                                             again, so that a total that stays exceeded is silent
 *
 * All of it is of the present Job Object: level_begin() forgets it.
 *
 * A fleet may have thousands of instances without a limit, so each level has only what it needs:
 * one that sets no limit that can be reached remembers nothing and never says anything; one of
 * which the sampler holds nothing (holders_need_samples()) has no meter and takes no sample, and
 * its account is what the kernel knows, and level_terminated(). */
#ifndef JW_LIMITS_LEVEL_H
#define JW_LIMITS_LEVEL_H

#include "service/limits/crossing.h"
#include "service/limits/meter.h"
#include "service/limits/reached.h"
#include "service/limits/violation.h"

struct level;

enum level_kind { LEVEL_INSTANCE, LEVEL_GROUP, LEVEL_FLEET, LEVEL_KINDS };
extern const char *const level_names[LEVEL_KINDS]; /* "instance" "group" "fleet" */

/* L must live until level_relimit() gives it others, and H must outlive it; what they set and hold
 * stays the same for as long.  CPUS: processors of the machine.  NULL when out of memory. */
struct level *level_new(enum level_kind kind, const struct limits *l, const struct holders *h,
                        uint32_t cpus);
void level_free(struct level *v); /* NULL is allowed */

/* A new Job Object, with the limits of level_limits() on it: what was reached of the last one is
 * forgotten, the account goes on.  ST_NOMEM: nothing has changed. */
enum st level_begin(struct level *v);
/* From now on V has the limits L.  What was reached of a limit that differs from what it had, of
 * which both must still be there to be read, is forgotten; account and meter go on.
 * ST_NOMEM: L holds all the same, but what the sampler would have to look at waits for
 * level_begin(), or for the next call; never after level_reserve() for the same limits. */
enum st level_relimit(struct level *v, const struct limits *l);
/* Memory for level_relimit(); nothing else changes. */
enum st level_reserve(struct level *v, const struct limits *l);
/* The Job Object is about to be closed; KERNEL is its own account, NULL where it keeps none. */
void level_end(struct level *v, const struct account *kernel);
/* Another one takes the place of V: returns the account of all its Job Objects, the present one
 * included, and begins a new one. */
struct account level_renew(struct level *v);
/* The sampler ended so many processes of the present Job Object, for a limit of V or of another
 * level above or below; with a meter or without. */
void level_terminated(struct level *v, uint32_t processes);

/* Its members in a snapshot; 0 without a meter.  Fills OUT (REACHED_MAX) and returns how many.  A
 * process that uses more than process_memory_limit or process_time_limit is to be ended; of a job
 * that uses more than job_memory_limit or job_time_limit everything (job_time_action = notify: told
 * once); of more than active_process_limit the youngest processes beyond it.  Only what the sampler
 * holds.  Not for a group's or the fleet's job_memory_limit: deed is END_JOB, and the caller ends
 * the instance that uses the most, not all.
 *
 * While a process or job that was to be ended is still there, its deed comes again at each sample,
 * `silent`; so does a deed that is due while its limit was told a short time ago.  Of a job that is
 * over its time everything is ended, what starts in it later too.  Deeds beyond REACHED_MAX wait
 * for the next sample; new ones come first.  When out of memory the totals are those of the last
 * sample that there was memory for, and guard_cpu waits; all else is held.  A snapshot older than
 * the last is passed over. */
size_t level_sample(struct level *v, const struct proc *const *proc, size_t n, uint64_t at,
                    struct reached *out);
/* Job message NUMBER (JOB_OBJECT_MSG_) about PID.  0 for those that are no limit, or one that
 * this level does not set: the kernel posts to the levels above, too.  MEASURED: what is known of
 * it, in the unit of the key; else 0. */
size_t level_message(struct level *v, uint32_t number, uint32_t pid, uint64_t measured,
                     uint64_t now, struct reached *out);
/* The record that was queried after message 11; what this level does not set is passed over. */
size_t level_violation(struct level *v, const struct violation *x, uint32_t pid, uint64_t now,
                       struct reached *out);

/* The thresholds at which the kernel is to notify next: of totals of which it said that they were
 * reached the next multiple, all else as configured.  True when they differ from those of the last
 * call, or of level_begin() (then they are to be set anew). */
bool level_thresholds(struct level *v, struct limits *ret);

/* Of the present Job Object; NULL: there is none, or the sampler holds no limit of V. */
struct meter *level_meter(struct level *v);
/* What the present Job Object used, 0 without one.  KERNEL is its own account; NULL is allowed. */
struct account level_present(const struct level *v, const struct account *kernel);
/* The same of all its Job Objects so far. */
struct account level_account_with(const struct level *v, const struct account *kernel);
struct account level_account(const struct level *v); /* with NULL */
struct usage level_usage(const struct level *v);     /* of the last sample; 0 without a meter */
const struct limits *level_limits(const struct level *v);
enum level_kind level_kind(const struct level *v);

/* The limit that job message NUMBER is about; LIMIT_NONE: none.  Its name for the log, "?" for an
 * unknown number. */
enum limit_id message_limit(uint32_t number);
const char *message_name(uint32_t number);

#endif
