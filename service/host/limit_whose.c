/* limit_whose.c - see limit_whose.h. */
#include "service/host/limit_whose.h"

#include "service/host/runs_impl.h"
#include "service/job/account.h"

enum {
    ECHO_MS = 100, /* of equal refusals that come so soon the first is enough */
    BELOW_MS = 20  /* the packets of one event lie side by side in the queue */
};

uint64_t whose_measure(struct job *j, enum limit_id limit)
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

static bool is_refusal(uint32_t number)
{
    return number == JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT ||
           number == JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT ||
           number == JOB_OBJECT_MSG_JOB_MEMORY_LIMIT;
}

/* A run's own, so that the next run begins anew. */
static uint64_t id_of(const struct runs *r, const struct seat *at)
{
    return at->upper ? at->upper->number : r->run[at->slot]->id;
}

static struct echo *find(struct runs *r, const struct seat *at, uint32_t number, uint32_t pid)
{
    for (size_t i = 0; i < ECHOES; i++) {
        struct echo *o = &r->echo[i];
        if (o->number == number && o->pid == pid && o->upper == (at->upper != NULL) &&
            o->id == id_of(r, at))
            return o;
    }
    return NULL;
}

static bool is_below(const struct runs *r, const struct echo *o, const struct upper *u)
{
    if (o->upper)
        return o->id != u->number && u->kind == LEVEL_FLEET;
    return run_of((struct runs *)r, o->id) && levels_below(r->levels, u, (uint32_t)o->id);
}

static bool told_below(const struct runs *r, const struct upper *u, uint32_t number, uint32_t pid)
{
    uint64_t now = uv_now(r->set.loop);
    for (size_t i = 0; i < ECHOES; i++) {
        const struct echo *o = &r->echo[i];
        if (o->number == number && o->pid == pid && now - o->last < BELOW_MS && is_below(r, o, u))
            return true;
    }
    return false;
}

bool whose_is_news(struct runs *r, const struct seat *at, uint32_t number, uint32_t pid)
{
    uint64_t now = uv_now(r->set.loop);
    if (at->upper && told_below(r, at->upper, number, pid))
        return false;
    struct echo *o = find(r, at, number, pid);
    bool echo = o && is_refusal(number) && now - o->first < ECHO_MS;
    if (!o) {
        o = &r->echo[r->echo_turn++ % ECHOES];
        *o = (struct echo){
            .upper = at->upper != NULL, .id = id_of(r, at), .number = number, .pid = pid};
    }
    o->last = now;
    if (!echo)
        o->first = now;
    return !echo;
}
