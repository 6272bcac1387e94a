/* reached.h - "this limit was reached": what the kernel's messages and the sampler both lead to.
 * Plain data. */
#ifndef JW_LIMITS_REACHED_H
#define JW_LIMITS_REACHED_H

#include "service/limits/holder.h"

/* What the sampler has to do where it holds the limit itself. */
enum deed {
    DEED_NONE,        /* it only tells, or the kernel has acted */
    DEED_END_PROCESS, /* end `pid` */
    DEED_END_JOB      /* end everything: of an instance its job; see level.h for groups */
};

/* `pid` is the process that crossed a limit of single processes, or that the kernel names.  Of the
 * sampler's limits of a whole instance, guards among them, it is the member that uses the most of
 * what the limit is about: for the reader of the log, and nobody's fault in particular.  Of such
 * limits of a group or the fleet it is 0. */
struct reached {
    enum limit_id limit; /* < LIMIT_REACHABLE */
    enum holder by;
    uint64_t configured, measured; /* in the unit of limits_value(); measured 0: not known */
    uint32_t pid;                  /* 0: not known, or nobody's in particular */
    enum deed deed;
    bool silent;      /* the deed is to be done, but there is nothing to say: it was said already */
    uint32_t repeats; /* how often it was reached, unsaid, since it was last said */
};

enum { REACHED_MAX = 64 }; /* at most so many come of one sample, message or violation */

#endif
