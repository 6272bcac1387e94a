/* random.c - SplitMix64 (Steele, Lea, Flood 2014). */
#include "common/random.h"

uint64_t random_next(struct random *r)
{
    uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint64_t random_below(struct random *r, uint64_t bound)
{
    return bound ? random_next(r) % bound : 0; /* the bias is far below what jitter notices */
}
