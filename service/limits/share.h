/* share.h - shares of the CPU for the kernel.  Pure.
 *
 * In a job file a share is of the machine, at every level.  Windows takes that of a job below
 * another as a share of what the job above has, so it has to be converted. */
#ifndef JW_LIMITS_SHARE_H
#define JW_LIMITS_SHARE_H

#include "config/limits.h"

#include <stddef.h>

/* Rewrites cpu_rate_cap, _soft_cap, _min and _max of L, a copy for the kernel, so that below the
 * levels ABOVE (as configured, the nearest first; they are to be converted the same way) they mean
 * the same share of the machine.  More than there is above is all of that.  CPUS: processors of the
 * machine.  Where nothing above bounds the CPU time, L stays as it is. */
void shares_nest(struct limits *l, const struct limits *const *above, size_t n, uint32_t cpus);

#endif
