/* holder.h - who holds a limit on this machine.  Plain data, filled by the start-up probe. */
#ifndef JW_LIMITS_HOLDER_H
#define JW_LIMITS_HOLDER_H

#include "config/limits.h"

#include <stdbool.h>

enum holder { HELD_BY_NOBODY, HELD_BY_SAMPLER, HELD_BY_KERNEL, HOLDERS };
extern const char *const holder_names[HOLDERS]; /* "nobody" "sampler" "kernel" */

struct holders {
    enum holder of[LIMITS];
};

/* Which counters of a snapshot this system fills in. */
struct counters {
    bool commit, times, io;
};

/* KERNEL says for each limit whether the kernel keeps it.  What it does not keep goes to the
 * sampler where that can measure it with COUNTERS, else to nobody.  Guards are always the
 * sampler's. */
void holders_settle(const bool kernel[LIMITS], const struct counters *counters,
                    struct holders *ret);
/* Whether L sets anything that the sampler holds, so that it must look. */
bool holders_need_samples(const struct holders *h, const struct limits *l);

#endif
