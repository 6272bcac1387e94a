/* share.c - a share of the machine as a share of a share.
 *
 * A level has the least of its own share and those above it.  When each is given to the kernel as
 * its own by the least above it, at most 1, the product down to any level is again the least of
 * them: so the divisor is the smallest share above, whichever level's it is, not the nearest one's.
 */
#include "service/limits/share.h"

enum { WHOLE = 10000 }; /* hundredths of a percent */

static void least(uint32_t *p, const struct cpu_share *s, uint32_t cpus)
{
    uint32_t v = cpu_share_of(s, cpus); /* 0: not set */
    if (v != 0 && v < *p)
        *p = v;
}

/* A minimum or a weight alone bounds nothing. */
static uint32_t share_above(const struct limits *const *above, size_t n, uint32_t cpus)
{
    uint32_t p = WHOLE;
    for (size_t i = 0; i < n; i++) {
        least(&p, &above[i]->cpu_rate_cap, cpus);
        least(&p, &above[i]->cpu_rate_soft_cap, cpus);
        least(&p, &above[i]->cpu_rate_max, cpus);
    }
    return p;
}

static void nest(struct cpu_share *s, uint32_t p, uint32_t cpus)
{
    uint32_t own = cpu_share_of(s, cpus);
    if (own == 0)
        return;
    uint32_t v = own >= p ? WHOLE : (own * WHOLE + p / 2) / p; /* 10^8 at most; never below own */
    *s = (struct cpu_share){CPU_OF_MACHINE, v};
}

void shares_nest(struct limits *l, const struct limits *const *above, size_t n, uint32_t cpus)
{
    uint32_t p = share_above(above, n, cpus);
    if (p == WHOLE)
        return;
    nest(&l->cpu_rate_cap, p, cpus);
    nest(&l->cpu_rate_soft_cap, p, cpus);
    nest(&l->cpu_rate_min, p, cpus);
    nest(&l->cpu_rate_max, p, cpus);
}
