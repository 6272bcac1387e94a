/* limit_events.c - what the kernel says about limits: messages and violation records. */
#include "service/host/limit_events.h"

#include "service/host/runs_impl.h"
#include "service/job/account.h"

enum { TICKS_PER_MS = 10000 }; /* of 100 ns */

/* A notification limit is not armed again before its record was read. */
static void query_violation(struct runs *r, const struct seat *at, uint32_t pid, bool told)
{
    struct violation x = {0};
    struct err e = {0};
    struct reached reached[REACHED_MAX];
    struct limits next;
    struct job *j = seat_job(r, at);
    struct level *v = seat_level(r, at);
    if (!j)
        return;
    if (r->set.violation(job_handle(j), &x, &e) != ST_OK) {
        log_event(&r->set.logger->log, LOG_WARNING, "limit.unread",
                  LOG_TEXT("name", seat_name(r, at)), LOG_TEXT("error", e.text));
        return;
    }
    if (!told) /* a young job has little memory; that is news only when the kernel thinks so */
        x.violated &= ~(uint32_t)VIOLATED_MEMORY_LOW;
    size_t n = level_violation(v, &x, pid, uv_now(r->set.loop), reached);
    if (level_thresholds(v, &next)) {
        struct kernel_limits k;
        levels_kernel(r->levels, at->upper, at->slot, &next, &k);
        if (job_relimit(j, &k, &e) != ST_OK)
            log_event(&r->set.logger->log, LOG_WARNING, "limit.not_raised",
                      LOG_TEXT("name", seat_name(r, at)), LOG_TEXT("error", e.text));
    }
    for (size_t i = 0; i < n; i++)
        limits_reached(r, at, &reached[i]);
}

static bool notifies(const struct limits *l, int id)
{
    return id >= LIMIT_NOTIFY_JOB_MEMORY_HIGH && id <= LIMIT_NOTIFY_NET_RATE &&
           limits_have(l, (enum limit_id)id);
}

static void notified(struct runs *r, const struct seat *at, uint32_t pid)
{
    struct rearm *a = seat_rearm(r, at);
    uint64_t now = uv_now(r->set.loop);
    bool any = false;
    for (int i = 0; i < LIMITS; i++)
        any = any || notifies(level_limits(seat_level(r, at)), i);
    if (!any)
        return; /* of a level below, which has no record to be asked for here */
    a->pid = pid;
    a->owed = a->asked_at != 0 && now - a->asked_at < REARM_MS;
    if (a->owed) {
        if (!uv_is_active((uv_handle_t *)&r->rearm))
            uv_timer_start(&r->rearm, runs_on_rearm, REARM_MS, 0);
        return;
    }
    a->asked_at = now;
    query_violation(r, at, pid, true);
}

static void rearm_one(struct runs *r, const struct seat *at)
{
    struct rearm *a = seat_rearm(r, at);
    if (!a->owed)
        return;
    a->owed = false;
    a->asked_at = uv_now(r->set.loop);
    query_violation(r, at, a->pid, true);
}

static void each(struct runs *r, void (*f)(struct runs *r, const struct seat *at))
{
    for (size_t i = 0; i < r->n; i++)
        if (r->run[i].id)
            f(r, &(struct seat){.slot = i});
    for (size_t i = 0; i < levels_uppers(r->levels); i++)
        f(r, &(struct seat){.upper = levels_upper(r->levels, i)});
}

void runs_on_rearm(uv_timer_t *t)
{
    each(t->data, rearm_one);
}

static void look(struct runs *r, const struct seat *at)
{
    const struct limits *l = level_limits(seat_level(r, at));
    const struct holders *h = &r->set.probe->holders;
    bool any = false;
    for (int i = 0; i < LIMITS; i++)
        any = any || (h->of[i] == HELD_BY_KERNEL && notifies(l, i));
    if (any)
        query_violation(r, at, 0, false);
}

void limits_look_all(struct runs *r)
{
    each(r, look);
}

/* What J has used of LIMIT, by the kernel's own account; 0: not known. */
static uint64_t measured_by(struct job *j, enum limit_id limit)
{
    struct account a = {0};
    const uint32_t *pid = NULL;
    size_t n = 0;
    if (!j)
        return 0;
    if (limit == LIMIT_ACTIVE_PROCESS)
        return job_pids(j, &pid, &n, NULL) == ST_OK ? n : 0;
    if (job_account(job_handle(j), &a, NULL) != ST_OK)
        return 0;
    return limit == LIMIT_JOB_MEMORY       ? job_memory(job_handle(j), a.peak_commit)
           : limit == LIMIT_PROCESS_MEMORY ? a.peak_process_commit
           : limit == LIMIT_JOB_TIME       ? a.user / TICKS_PER_MS
                                           : 0;
}

/* Whether a level below U that somebody runs in is nearer to LIMIT, for all that is known without
 * asking: U then is only told of what happened there. */
static bool set_below(const struct runs *r, const struct upper *u, enum limit_id limit,
                      uint64_t left)
{
    for (size_t i = 0; i < r->n; i++) {
        struct level *level[UPPERS_MAX + 1];
        struct upper *upper[UPPERS_MAX + 1];
        if (!r->run[i].id || !levels_below(r->levels, u, i))
            continue;
        levels_chain(r->levels, i, level, upper);
        for (size_t k = 0; upper[k] != u; k++) /* which is in the chain */
            if (level_left(level[k], limit, 0) <= left)
                return true;
    }
    return false;
}

/* Of a packet without a process, or of one that is gone already.  The kernel posts to the levels
 * above the job that was hit, never to those below: so one that has room left, with the same limit
 * set below it, is not the one. */
static bool is_uppers(const struct runs *r, const struct upper *u, enum limit_id limit)
{
    bool single = limit == LIMIT_PROCESS_MEMORY || limit == LIMIT_PROCESS_TIME;
    uint64_t left = level_left(u->level, limit, measured_by(u->job, limit));
    /* With limits of the whole job no value says who is nearer: to set it is enough. */
    return left == 0 || !set_below(r, u, limit, single ? left : UINT64_MAX - 1);
}

/* The kernel posts to every level above a process: only the one whose limit it was tells it. */
static bool is_ours(struct runs *r, const struct seat *at, enum limit_id limit, uint32_t pid)
{
    struct level *level[UPPERS_MAX + 1];
    struct upper *upper[UPPERS_MAX + 1];
    uint64_t used[UPPERS_MAX + 1];
    size_t slot = at->slot;
    if (at->upper && !seat_slot_of(r, at, pid, &slot))
        return is_uppers(r, at->upper, limit);
    size_t n = levels_chain(r->levels, slot, level, upper);
    for (size_t i = 0; i < n; i++)
        used[i] = measured_by(upper[i] ? upper[i]->job : r->run[slot].job, limit);
    return level_hit(level, used, n, limit) == seat_level(r, at);
}

/* A worker that asks again and again for what it is refused can make thousands of messages a
 * second;
 * of equal ones that come so soon the first is enough. */
static bool is_echo(struct runs *r, const struct seat *at, uint32_t number, uint32_t pid)
{
    uint64_t now = uv_now(r->set.loop);
    struct echo e = {at->upper, at->upper ? 0 : at->slot, number, pid, now + ECHO_MS};
    if (number != JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT &&
        number != JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT && number != JOB_OBJECT_MSG_JOB_MEMORY_LIMIT)
        return false;
    for (size_t i = 0; i < ECHOES; i++) {
        const struct echo *o = &r->echo[i];
        if (o->upper == e.upper && o->slot == e.slot && o->number == number && o->pid == pid &&
            now < o->until)
            return true;
    }
    r->echo[r->echo_turn++ % ECHOES] = e;
    return false;
}

void limits_message(struct runs *r, const struct seat *at, uint32_t number, uint32_t pid)
{
    struct reached reached[REACHED_MAX];
    struct level *v = seat_level(r, at);
    enum limit_id limit = message_limit(number);
    if (number == JOB_OBJECT_MSG_NOTIFICATION_LIMIT) {
        notified(r, at, pid);
        return;
    }
    if (limit == LIMIT_NONE || !limits_have(level_limits(v), limit) ||
        is_echo(r, at, number, pid) || !is_ours(r, at, limit, pid))
        return;
    uint64_t measured = measured_by(seat_job(r, at), limit);
    size_t n = level_message(v, number, pid, measured, uv_now(r->set.loop), reached);
    for (size_t i = 0; i < n; i++)
        limits_reached(r, at, &reached[i]);
    size_t slot = 0;
    bool refused = limit == LIMIT_PROCESS_MEMORY || limit == LIMIT_JOB_MEMORY;
    /* Not said again so soon, but if the worker fails over this one, it is the reason. */
    if (n == 0 && refused && seat_slot_of(r, at, pid, &slot))
        sup_limit_blame(r->sup, r->run[slot].id, limit,
                        limits_reaction(level_limits(v), limit));
}
