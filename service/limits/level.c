/* level.c - the life of a level: its Job Objects one after the other, and its account over all. */
#include "service/limits/level_impl.h"

#include <stdlib.h>
#include <string.h>

const char *const level_names[LEVEL_KINDS] = {
    [LEVEL_INSTANCE] = "instance",
    [LEVEL_GROUP] = "group",
    [LEVEL_FLEET] = "fleet",
};

static void forget_reached(struct level *v)
{
    memset(v->crossing, 0, sizeof v->crossing);
    memset(&v->timed, 0, sizeof v->timed);
    memset(v->threshold, 0, sizeof v->threshold);
    memset(v->by_kernel, 0, sizeof v->by_kernel);
    v->crossing[LIMIT_NOTIFY_JOB_MEMORY_LOW].said = true; /* an empty job is below */
    asked_free(&v->asked);
}

struct level *level_new(enum level_kind kind, const struct limits *l, const struct holders *h,
                        uint32_t cpus)
{
    struct level *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    v->kind = kind;
    v->limits = l;
    v->holders = h;
    v->cpus = cpus ? cpus : 1;
    forget_reached(v);
    return v;
}

void level_free(struct level *v)
{
    if (!v)
        return;
    asked_free(&v->asked);
    meter_free(v->meter);
    free(v);
}

enum st level_begin(struct level *v)
{
    struct meter *m = meter_new();
    if (!m)
        return ST_NOMEM;
    level_end(v, NULL);
    forget_reached(v);
    v->meter = m;
    return ST_OK;
}

void level_end(struct level *v, const struct account *kernel)
{
    v->past = level_account_with(v, kernel);
    meter_free(v->meter);
    v->meter = NULL;
}

struct account level_account_with(const struct level *v, const struct account *kernel)
{
    struct account all = v->past, present = {0};
    if (!v->meter)
        return all;
    present = meter_account(v->meter);
    if (kernel)
        account_best(&present, kernel);
    account_add(&all, &present);
    return all;
}

struct account level_account(const struct level *v)
{
    return level_account_with(v, NULL);
}

struct usage level_usage(const struct level *v)
{
    return v->meter ? meter_usage(v->meter) : (struct usage){0};
}

struct meter *level_meter(struct level *v)
{
    return v->meter;
}

const struct limits *level_limits(const struct level *v)
{
    return v->limits;
}

enum level_kind level_kind(const struct level *v)
{
    return v->kind;
}

uint64_t level_value(const struct level *v, enum limit_id id)
{
    return limits_value(v->limits, id, v->cpus);
}

void level_memory_seen(struct level *v, uint64_t commit)
{
    if (commit <= v->limits->notify_job_memory_high)
        crossing_rearm(&v->crossing[LIMIT_NOTIFY_JOB_MEMORY_HIGH]);
    if (commit >= v->limits->notify_job_memory_low)
        crossing_rearm(&v->crossing[LIMIT_NOTIFY_JOB_MEMORY_LOW]);
}
