/* limit_events.c - what the kernel says about limits: messages and violation records. */
#include "service/host/limit_events.h"

#include "service/host/limit_whose.h"
#include "service/host/runs_impl.h"
#include "service/job/account.h"

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
                  LOG_TEXT("level", seat_kind(at)), LOG_TEXT("name", seat_name(r, at)),
                  LOG_TEXT("error", e.text));
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
                      LOG_TEXT("level", seat_kind(at)), LOG_TEXT("name", seat_name(r, at)),
                      LOG_TEXT("error", e.text));
    }
    for (size_t i = 0; i < n; i++)
        limits_reached(r, at, &reached[i]);
}

/* Whether the level has a notification limit, with H: one that the kernel holds. */
static bool notifies(const struct level *v, const struct holders *h)
{
    for (int i = LIMIT_NOTIFY_JOB_MEMORY_HIGH; i <= LIMIT_NOTIFY_NET_RATE; i++)
        if (limits_have(level_limits(v), (enum limit_id)i) &&
            (!h || h->of[i] == HELD_BY_KERNEL))
            return true;
    return false;
}

static void notified(struct runs *r, const struct seat *at, uint32_t pid)
{
    struct rearm *a = seat_rearm(r, at);
    uint64_t now = uv_now(r->set.loop);
    if (!notifies(seat_level(r, at), NULL))
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
        if (r->run[i]->id)
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
    if (notifies(seat_level(r, at), &r->set.probe->holders))
        query_violation(r, at, 0, false);
}

void limits_look_all(struct runs *r)
{
    each(r, look);
}

/* Whoever was refused may fail over it: also when this was said a short time ago, or when somebody
 * else, who uses more, has to answer for it. */
static void blame(struct runs *r, const struct seat *at, enum limit_id limit, uint32_t pid)
{
    size_t slot = at->slot;
    bool refused = limit == LIMIT_PROCESS_MEMORY || limit == LIMIT_JOB_MEMORY ||
                   limit == LIMIT_ACTIVE_PROCESS;
    if (refused && (!at->upper || seat_slot_of(r, at, pid, &slot)))
        sup_limit_blame(r->sup, r->run[slot]->id, limit,
                        limits_reaction(level_limits(seat_level(r, at)), limit));
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
        !whose_is_news(r, at, number, pid))
        return;
    uint64_t measured = whose_measure(seat_job(r, at), limit);
    size_t n = level_message(v, number, pid, measured, uv_now(r->set.loop), reached);
    for (size_t i = 0; i < n; i++)
        limits_reached(r, at, &reached[i]);
    if (n == 0 || at->upper)
        blame(r, at, limit, pid);
}
