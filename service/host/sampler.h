/* sampler.h - one snapshot of the system every sample_interval, shared out to the levels that need
 * it.  When none does, nothing is read at all.  Loop thread only. */
#ifndef JW_HOST_SAMPLER_H
#define JW_HOST_SAMPLER_H

#include "service/host/runs.h"

struct sampler;

/* R must outlive it.  The caller owns *ret. */
enum st sampler_new(struct runs *r, struct sampler **ret, struct err *e);
/* Closes its timer; then the loop is to be run dry before sampler_free(). */
void sampler_shut(struct sampler *s);  /* NULL is allowed */
void sampler_free(struct sampler *s);  /* NULL is allowed */

/* Limits have changed, or the interval: the timer runs, or does not, as they need it. */
void sampler_adjust(struct sampler *s, uint64_t every);
/* The same when the limits of V alone have, of which the timer may now be needed. */
void sampler_look(struct sampler *s, const struct level *v);

/* Whether the timer runs. */
bool sampler_active(const struct sampler *s);
/* Takes a sample now: the same as the timer does. */
void sampler_take(struct sampler *s);

/* Of the running instances below U the one that uses most of what LIMIT is about; false when none
 * runs or nothing can be read.  Reads a snapshot of its own unless one is being shared out. */
bool sampler_largest(struct sampler *s, const struct upper *u, enum limit_id limit,
                     size_t *ret_slot);

#endif
