/* holder.c - the kernel, else the sampler, else nobody. */
#include "service/limits/holder.h"

const char *const holder_names[HOLDERS] = {
    [HELD_BY_NOBODY] = "nobody",
    [HELD_BY_SAMPLER] = "sampler",
    [HELD_BY_KERNEL] = "kernel",
};

/* What the sampler must see of a process to hold a limit. */
enum need { CANNOT, NEEDS_NOTHING, NEEDS_COMMIT, NEEDS_TIMES, NEEDS_IO };

static const enum need needs[LIMITS] = {
    [LIMIT_PROCESS_MEMORY] = NEEDS_COMMIT,        [LIMIT_JOB_MEMORY] = NEEDS_COMMIT,
    [LIMIT_PROCESS_TIME] = NEEDS_TIMES,           [LIMIT_JOB_TIME] = NEEDS_TIMES,
    [LIMIT_ACTIVE_PROCESS] = NEEDS_NOTHING,       [LIMIT_NOTIFY_JOB_MEMORY_HIGH] = NEEDS_COMMIT,
    [LIMIT_NOTIFY_JOB_MEMORY_LOW] = NEEDS_COMMIT, [LIMIT_NOTIFY_JOB_TIME] = NEEDS_TIMES,
    [LIMIT_NOTIFY_IO_READ_BYTES] = NEEDS_IO,      [LIMIT_NOTIFY_IO_WRITE_BYTES] = NEEDS_IO,
    [LIMIT_GUARD_COMMIT] = NEEDS_COMMIT,          [LIMIT_GUARD_HANDLES] = NEEDS_NOTHING,
    [LIMIT_GUARD_THREADS] = NEEDS_NOTHING,        [LIMIT_GUARD_CPU] = NEEDS_TIMES,
};

static bool guard(enum limit_id id)
{
    return id == LIMIT_GUARD_COMMIT || id == LIMIT_GUARD_HANDLES || id == LIMIT_GUARD_THREADS ||
           id == LIMIT_GUARD_CPU;
}

static bool can_sample(enum need need, const struct counters *c)
{
    switch (need) {
    case NEEDS_NOTHING:
        return true;
    case NEEDS_COMMIT:
        return c->commit;
    case NEEDS_TIMES:
        return c->times;
    case NEEDS_IO:
        return c->io;
    default:
        return false;
    }
}

void holders_settle(const bool kernel[LIMITS], const struct counters *counters, struct holders *ret)
{
    for (int i = 0; i < LIMITS; i++) {
        enum limit_id id = (enum limit_id)i;
        if (kernel[id] && !guard(id))
            ret->of[id] = HELD_BY_KERNEL;
        else
            ret->of[id] = can_sample(needs[id], counters) ? HELD_BY_SAMPLER : HELD_BY_NOBODY;
    }
}

bool holders_need_samples(const struct holders *h, const struct limits *l)
{
    for (int i = 0; i < LIMIT_REACHABLE; i++)
        if (h->of[i] == HELD_BY_SAMPLER && limits_have(l, (enum limit_id)i))
            return true;
    return false;
}
