/* meter.h - sums what the processes of one job use, from sample to sample.  Portable; one thread.
 *
 * A process that is gone at the next sample stays counted with what it had used when it was last
 * seen; one that began and ended between two samples was never seen.  What the kernel counts itself
 * is exact: see account_best().  Pid and creation time together are a process: a pid that is used
 * again is a new one.  A counter that goes backwards is taken for the highest that was seen, so
 * totals never fall and are never more than the truth.  Attendants count for nothing. */
#ifndef JW_LIMITS_METER_H
#define JW_LIMITS_METER_H

#include "common/status.h"
#include "service/limits/usage.h"

struct meter; /* of one job, from its making to its end */

/* NULL when out of memory. */
struct meter *meter_new(void);
void meter_free(struct meter *m); /* NULL is allowed */

/* The members of the job that the snapshot of time AT holds (PROC[0..n), any order, each once), all
 * of them: one that is missing has ended, and is not remembered.  CPUS: processors of the machine.
 * A snapshot older than the last one is passed over.
 * ST_NOMEM: nothing has changed, the next sample makes up. */
enum st meter_take(struct meter *m, const struct proc *const *proc, size_t n, uint64_t at,
                   uint32_t cpus);

/* Both by value, valid at any time. */
struct usage meter_usage(const struct meter *m);
struct account meter_account(const struct meter *m);

#endif
