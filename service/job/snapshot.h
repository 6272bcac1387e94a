/* snapshot.h - every process of the machine in one call, NtQuerySystemInformation (5): right under
 * Wine too, where asking each process is not.  Loop thread only. */
#ifndef JW_JOB_SNAPSHOT_H
#define JW_JOB_SNAPSHOT_H

#include "common/status.h"
#include "service/limits/usage.h"

struct snapshooter; /* keeps its buffer from call to call */

struct snapshooter *snapshooter_new(void); /* NULL when out of memory */
void snapshooter_free(struct snapshooter *s); /* NULL is allowed */

/* *ret belongs to S until the next call. ST_OS, ST_NOMEM. */
enum st snapshot_take(struct snapshooter *s, uint64_t at_ms, const struct snapshot **ret,
                      struct err *e);

/* Which counters the system fills in, judged by our own entry. */
struct counters;
enum st snapshot_counters(struct counters *ret, struct err *e);

#endif
