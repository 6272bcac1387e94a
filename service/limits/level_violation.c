/* level_violation.c - the kernel's violation records, and the thresholds that follow from them. */
#include "service/limits/level_impl.h"

enum { PERCENT_A_TOLERANCE = 20 }; /* low 20 %, medium 40 %, high 60 % of the interval */

static const enum limit_id totals[LEVEL_TOTALS] = {
    LIMIT_NOTIFY_JOB_TIME,
    LIMIT_NOTIFY_IO_READ_BYTES,
    LIMIT_NOTIFY_IO_WRITE_BYTES,
};

struct finding {
    uint32_t bit;
    enum limit_id limit;
    uint64_t measured; /* in the unit of limits_value() */
};

size_t level_total(enum limit_id id)
{
    size_t i = 0;
    while (i < LEVEL_TOTALS && totals[i] != id)
        i++;
    return i;
}

static bool to_say(struct level *v, const struct finding *f, uint64_t now, uint32_t *repeats)
{
    struct crossing *c = &v->state->crossing[f->limit];
    size_t i = level_total(f->limit);
    if (i == LEVEL_TOTALS)
        return crossing_quiet(c, now, repeats);
    uint64_t step = level_value(v, f->limit);
    v->state->by_kernel[i] = true;
    /* A record without the number: it is at least what the kernel was told to look for. */
    return crossing_total(c, f->measured ? f->measured : step, step);
}

size_t level_violation(struct level *v, const struct violation *x, uint32_t pid, uint64_t now,
                       struct reached *out)
{
    const struct finding all[] = {
        {VIOLATED_JOB_TIME, LIMIT_NOTIFY_JOB_TIME, x->user_time / TICKS_PER_MS},
        {VIOLATED_MEMORY_HIGH, LIMIT_NOTIFY_JOB_MEMORY_HIGH, x->memory},
        {VIOLATED_MEMORY_LOW, LIMIT_NOTIFY_JOB_MEMORY_LOW, x->memory},
        {VIOLATED_READ_BYTES, LIMIT_NOTIFY_IO_READ_BYTES, x->read_bytes},
        {VIOLATED_WRITE_BYTES, LIMIT_NOTIFY_IO_WRITE_BYTES, x->write_bytes},
        {VIOLATED_CPU_RATE, LIMIT_NOTIFY_CPU_RATE,
         (uint64_t)x->cpu_tolerance * PERCENT_A_TOLERANCE},
        {VIOLATED_NET_RATE, LIMIT_NOTIFY_NET_RATE,
         (uint64_t)x->net_tolerance * PERCENT_A_TOLERANCE},
    };
    size_t n = 0;
    if (!v->state)
        return 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct finding *f = &all[i];
        uint64_t configured = level_value(v, f->limit);
        uint32_t repeats = 0;
        if (!(x->violated & f->bit) || configured == 0 || !to_say(v, f, now, &repeats))
            continue;
        /* As configured: the record's own limit is the threshold, perhaps a multiple by now. */
        out[n++] = (struct reached){.limit = f->limit,
                                    .by = HELD_BY_KERNEL,
                                    .configured = configured,
                                    .measured = f->measured,
                                    .pid = pid,
                                    .deed = DEED_NONE,
                                    .repeats = repeats};
    }
    if ((x->violated & (VIOLATED_MEMORY_HIGH | VIOLATED_MEMORY_LOW)) && x->memory != 0)
        level_memory_seen(v, x->memory);
    return n;
}

bool level_thresholds(struct level *v, struct limits *ret)
{
    bool changed = false;
    *ret = *v->limits;
    if (!v->state)
        return false;
    uint64_t *const member[LEVEL_TOTALS] = {
        &ret->notify_job_time,
        &ret->notify_io_read_bytes,
        &ret->notify_io_write_bytes,
    };
    for (size_t i = 0; i < LEVEL_TOTALS; i++) {
        if (!v->state->by_kernel[i])
            continue;
        *member[i] = crossing_next(&v->state->crossing[totals[i]], level_value(v, totals[i]));
        changed = changed || v->state->threshold[i] != *member[i];
        v->state->threshold[i] = *member[i];
    }
    return changed;
}
