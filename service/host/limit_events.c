/* limit_events.c - what the kernel says about limits: messages and violation records. */
#include "service/host/limit_events.h"

#include "service/host/runs_impl.h"
#include "service/job/account.h"

/* A notification limit is not armed again before its record was read. */
static void query_violation(struct runs *r, const struct seat *at, uint32_t pid)
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
                  LOG_TEXT("level_name", seat_name(r, at)), LOG_TEXT("error", e.text));
        return;
    }
    size_t n = level_violation(v, &x, pid, uv_now(r->set.loop), reached);
    if (level_thresholds(v, &next)) {
        struct kernel_limits k;
        levels_kernel(r->levels, &next, &k);
        if (job_relimit(j, &k, &e) != ST_OK)
            log_event(&r->set.logger->log, LOG_WARNING, "limit.not_raised",
                      LOG_TEXT("level_name", seat_name(r, at)), LOG_TEXT("error", e.text));
    }
    for (size_t i = 0; i < n; i++)
        limits_reached(r, at, &reached[i]);
}

static void notified(struct runs *r, const struct seat *at, uint32_t pid)
{
    struct rearm *a = seat_rearm(r, at);
    uint64_t now = uv_now(r->set.loop);
    a->pid = pid;
    a->owed = a->asked_at != 0 && now - a->asked_at < REARM_MS;
    if (a->owed) {
        if (!uv_is_active((uv_handle_t *)&r->rearm))
            uv_timer_start(&r->rearm, runs_on_rearm, REARM_MS, 0);
        return;
    }
    a->asked_at = now;
    query_violation(r, at, pid);
}

static void rearm_one(struct runs *r, const struct seat *at)
{
    struct rearm *a = seat_rearm(r, at);
    if (!a->owed)
        return;
    a->owed = false;
    a->asked_at = uv_now(r->set.loop);
    query_violation(r, at, a->pid);
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
    for (int i = LIMIT_NOTIFY_JOB_MEMORY_HIGH; i <= LIMIT_NOTIFY_NET_RATE; i++)
        any = any || (h->of[i] == HELD_BY_KERNEL && limits_have(l, (enum limit_id)i));
    if (any)
        query_violation(r, at, 0);
}

void limits_look_all(struct runs *r)
{
    each(r, look);
}

static uint64_t measured_by(struct job *j, enum limit_id limit)
{
    struct account a = {0};
    if (!j || job_account(job_handle(j), &a, NULL) != ST_OK)
        return 0;
    return limit == LIMIT_JOB_MEMORY       ? a.peak_commit
           : limit == LIMIT_PROCESS_MEMORY ? a.peak_process_commit
                                           : 0;
}

/* The kernel posts to every level above a process: only the one whose limit it was tells it. */
static bool is_ours(struct runs *r, const struct seat *at, enum limit_id limit, uint32_t pid)
{
    struct level *level[UPPERS_MAX + 1];
    struct upper *upper[UPPERS_MAX + 1];
    uint64_t peak[UPPERS_MAX + 1];
    size_t slot = at->slot;
    if (at->upper && !seat_slot_of(r, at, pid, &slot))
        return true; /* gone already, or not known: nobody else to compare with */
    size_t n = levels_chain(r->levels, slot, level, upper);
    for (size_t i = 0; i < n; i++)
        peak[i] = measured_by(upper[i] ? upper[i]->job : r->run[slot].job, limit);
    return level_hit(level, peak, n, limit) == seat_level(r, at);
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
    if (limit == LIMIT_NONE || !limits_have(level_limits(v), limit) || !is_ours(r, at, limit, pid))
        return;
    uint64_t measured = measured_by(seat_job(r, at), limit);
    size_t n = level_message(v, number, pid, measured, uv_now(r->set.loop), reached);
    for (size_t i = 0; i < n; i++)
        limits_reached(r, at, &reached[i]);
    size_t slot = 0;
    bool refused = limit == LIMIT_PROCESS_MEMORY || limit == LIMIT_JOB_MEMORY;
    /* Not said again so soon, but if the worker fails over this one, it is the reason. */
    if (n == 0 && refused && seat_slot_of(r, at, pid, &slot))
        sup_limit_refused(r->sup, r->run[slot].id, limit, REACTION_LOG);
}
