/* random.h - a small deterministic generator (SplitMix64) for jitter; never for secrets.  Pure. */
#ifndef JW_COMMON_RANDOM_H
#define JW_COMMON_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state; /* any seed will do */
};

uint64_t random_next(struct random *r);
/* 0 <= result < bound; bound 0 gives 0. */
uint64_t random_below(struct random *r, uint64_t bound);

#endif
