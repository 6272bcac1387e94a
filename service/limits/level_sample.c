/* level_sample.c - a sample, and the limits of the whole job that the sampler holds.  They come
 * first, for they are few. */
#include "service/limits/level_impl.h"
#include "service/limits/weight.h"

bool pass_held(const struct pass *p, enum limit_id id)
{
    return p->v->holders->of[id] == HELD_BY_SAMPLER && level_value(p->v, id) != 0;
}

struct reached *pass_put(struct pass *p, enum limit_id id, uint64_t measured)
{
    struct reached *r = &p->out[p->made++];
    *r = (struct reached){.limit = id,
                          .by = HELD_BY_SAMPLER,
                          .configured = level_value(p->v, id),
                          .measured = measured};
    return r;
}

/* Names the largest member of an instance.  Above that the host acts on the instance of `pid`, or
 * with 0 on the one that uses the most in all, which need not have the largest process: so there it
 * stays 0. */
static struct reached *put_whole(struct pass *p, enum limit_id id, uint64_t measured)
{
    struct reached *r = pass_put(p, id, measured);
    if (p->v->kind == LEVEL_INSTANCE)
        r->pid = weight_largest(p->proc, p->n, id);
    return r;
}

static void job_memory(struct pass *p)
{
    enum limit_id id = LIMIT_JOB_MEMORY;
    struct crossing *c = &p->v->state->crossing[id];
    uint32_t repeats = 0;
    bool was = c->beyond;
    c->beyond = pass_held(p, id) && p->usage.commit > level_value(p->v, id);
    if (!c->beyond)
        return;
    bool say = crossing_event(c, !was, p->at, &repeats);
    struct reached *r = put_whole(p, id, p->usage.commit);
    r->deed = DEED_END_JOB;
    r->silent = !say;
    r->repeats = repeats;
}

/* With TIME_NOTIFY only told: the kernel, too, then clears the limit of that Job Object. */
static void job_time(struct pass *p)
{
    enum limit_id id = LIMIT_JOB_TIME;
    uint64_t ms = p->account.user / TICKS_PER_MS;
    if (!pass_held(p, id) || ms <= level_value(p->v, id))
        return;
    bool end = p->v->limits->job_time_action == TIME_TERMINATE && p->usage.processes != 0;
    bool say = crossing_once(&p->v->state->crossing[id]);
    if (!say && !end)
        return;
    struct reached *r = put_whole(p, id, ms);
    r->deed = end ? DEED_END_JOB : DEED_NONE;
    r->silent = !say;
}

static void notify_memory(struct pass *p)
{
    static const enum limit_id both[] = {LIMIT_NOTIFY_JOB_MEMORY_HIGH, LIMIT_NOTIFY_JOB_MEMORY_LOW};
    uint64_t commit = p->usage.commit;
    for (size_t i = 0; i < 2; i++) {
        uint64_t value = level_value(p->v, both[i]);
        bool beyond = i == 0 ? commit > value : commit < value;
        if (i == 1 && p->usage.processes == 0)
            continue; /* that it has ended is no news about memory */
        struct crossing *c = &p->v->state->crossing[both[i]];
        if (pass_held(p, both[i]) && crossing_edge(c, beyond))
            put_whole(p, both[i], commit);
    }
    if (commit != 0) /* the kernel's, too, are re-armed by what is seen in between */
        level_memory_seen(p->v, commit);
}

static void notify_total(struct pass *p, enum limit_id id, uint64_t total)
{
    struct crossing *c = &p->v->state->crossing[id];
    if (pass_held(p, id) && crossing_total(c, total, level_value(p->v, id)))
        put_whole(p, id, total);
}

static void guard(struct pass *p, enum limit_id id, uint64_t measured, uint64_t for_ms)
{
    struct crossing *c = &p->v->state->crossing[id];
    if (pass_held(p, id) && crossing_span(c, measured > level_value(p->v, id), p->at, for_ms))
        put_whole(p, id, measured);
}

static void whole_job(struct pass *p)
{
    const struct limits *l = p->v->limits;
    job_memory(p);
    job_time(p);
    notify_memory(p);
    notify_total(p, LIMIT_NOTIFY_JOB_TIME, p->account.user / TICKS_PER_MS);
    notify_total(p, LIMIT_NOTIFY_IO_READ_BYTES, p->account.io.read_bytes);
    notify_total(p, LIMIT_NOTIFY_IO_WRITE_BYTES, p->account.io.write_bytes);
    guard(p, LIMIT_GUARD_COMMIT, p->usage.commit, l->guard_commit.for_ms);
    guard(p, LIMIT_GUARD_HANDLES, p->usage.handles, l->guard_handles.for_ms);
    guard(p, LIMIT_GUARD_THREADS, p->usage.threads, l->guard_threads.for_ms);
    if (p->metered)
        guard(p, LIMIT_GUARD_CPU, p->usage.cpu, l->guard_cpu.for_ms);
}

size_t level_sample(struct level *v, const struct proc *const *proc, size_t n, uint64_t at,
                    struct reached *out)
{
    if (!v->state || !v->meter || at < meter_usage(v->meter).at)
        return 0;
    struct pass p = {.v = v, .proc = proc, .n = n, .at = at, .out = out};
    p.metered = meter_take(v->meter, proc, n, at, v->cpus) == ST_OK;
    p.usage = p.metered ? meter_usage(v->meter) : usage_sum(proc, n);
    p.account = meter_account(v->meter);
    whole_job(&p);
    pass_processes(&p);
    return p.made;
}
