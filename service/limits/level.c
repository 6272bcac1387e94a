/* level.c - the life of a level: its Job Objects one after the other, and its account over all. */
#include "service/limits/level_impl.h"

#include <stdlib.h>
#include <string.h>

const char *const level_names[LEVEL_KINDS] = {
    [LEVEL_INSTANCE] = "instance",
    [LEVEL_GROUP] = "group",
    [LEVEL_FLEET] = "fleet",
};

void level_forget(struct level_state *s)
{
    asked_free(&s->asked);
    memset(s, 0, sizeof *s);
    s->crossing[LIMIT_NOTIFY_JOB_MEMORY_LOW].said = true; /* an empty job is below */
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
    if (level_reserve(v, l) == ST_OK)
        return v;
    free(v);
    return NULL;
}

void level_free(struct level *v)
{
    if (!v)
        return;
    if (v->state)
        asked_free(&v->state->asked);
    free(v->state);
    meter_free(v->meter);
    free(v);
}

enum st level_begin(struct level *v)
{
    struct meter *m = NULL;
    if (level_reserve(v, v->limits) != ST_OK)
        return ST_NOMEM;
    if (holders_need_samples(v->holders, v->limits)) {
        m = meter_new();
        if (!m)
            return ST_NOMEM;
    }
    level_end(v, NULL);
    if (v->state)
        level_forget(v->state);
    v->meter = m;
    v->begun = true;
    return ST_OK;
}

void level_end(struct level *v, const struct account *kernel)
{
    v->past = level_account_with(v, kernel);
    meter_free(v->meter);
    v->meter = NULL;
    v->terminated = 0;
    v->begun = false;
}

struct account level_renew(struct level *v)
{
    level_end(v, NULL);
    struct account past = v->past;
    v->past = (struct account){0};
    return past;
}

void level_terminated(struct level *v, uint32_t processes)
{
    if (v->begun)
        v->terminated += processes;
}

struct account level_present(const struct level *v, const struct account *kernel)
{
    struct account a = {0};
    if (!v->begun)
        return a;
    if (v->meter)
        a = meter_account(v->meter);
    a.terminated += v->terminated;
    if (kernel)
        account_best(&a, kernel);
    return a;
}

struct account level_account_with(const struct level *v, const struct account *kernel)
{
    struct account all = v->past, present = level_present(v, kernel);
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
        crossing_rearm(&v->state->crossing[LIMIT_NOTIFY_JOB_MEMORY_HIGH]);
    if (commit >= v->limits->notify_job_memory_low)
        crossing_rearm(&v->state->crossing[LIMIT_NOTIFY_JOB_MEMORY_LOW]);
}
