/* policy_delay.c - how long to wait before a restart. */
#include "common/num.h"
#include "service/supervise/policy.h"

/* X * FACTOR thousandths + STEP, at most MAX. */
static uint64_t grown(uint64_t x, uint64_t factor, uint64_t step, uint64_t max)
{
    uint64_t next;
    if (!num_mul(x, factor, &next) || !num_add(next / 1000, step, &next))
        return max;
    return next;
}

static uint64_t microseconds(uint64_t ms, uint64_t max)
{
    uint64_t us;
    return num_mul(ms, 1000, &us) ? us : max;
}

uint64_t policy_delay(const struct job_spec *spec, uint32_t nth)
{
    /* In microseconds, so that a small factor is not rounded away. */
    uint64_t max = microseconds(spec->restart_delay_max, UINT64_MAX);
    uint64_t us = microseconds(nth <= 1 ? spec->restart_first_delay : spec->restart_delay, max);
    uint64_t step = microseconds(spec->restart_step, max), sum;
    /* Steps alone may take thousands of millions of restarts; whatever is multiplied soon reaches
     * the ceiling or no longer changes. */
    if (spec->restart_factor == 1000 && nth > 2) {
        us = num_mul(step, nth - 2, &sum) && num_add(us, sum, &us) ? us : max;
        nth = 2;
    }
    for (uint32_t i = 2; i < nth && us < max; i++) {
        uint64_t next = grown(us, spec->restart_factor, step, max);
        if (next == us)
            break;
        us = next;
    }
    return (us < max ? us : max) / 1000;
}

/* X * RANDOM / 2^32, without going through 96 bits. */
static uint64_t part(uint64_t x, uint32_t random)
{
    return (x >> 32) * random + (((x & UINT32_MAX) * random) >> 32);
}

/* Nothing overflows, for policy_delay() never exceeds 2^64 / 1000. */
uint64_t policy_spread(uint64_t delay, uint64_t percent, uint32_t random)
{
    if (percent > 100)
        percent = 100;
    uint64_t span = delay / 100 * percent + delay % 100 * percent / 100;
    return delay - span + part(2 * span + 1, random);
}
