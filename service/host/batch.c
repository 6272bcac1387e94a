/* batch.c - see batch.h.  Wine's cmd.exe asks nothing: it takes Ctrl+C as any program does. */
#include "service/host/batch.h"

#include "service/host/runs_impl.h"

#include <string.h>

static bool is_interpreter(const struct member *m)
{
    const char *name = m->image ? strrchr(m->image, '\\') : NULL;
    return name && _stricmp(name, "\\cmd.exe") == 0;
}

static bool has_interpreter(const struct members *m)
{
    for (size_t i = 0; i < m->n; i++)
        if (is_interpreter(&m->v[i]))
            return true;
    return false;
}

/* Nothing but interpreters, and at least one. */
static bool left_alone(const struct members *m)
{
    for (size_t i = 0; i < m->n; i++)
        if (!m->v[i].console_host && !is_interpreter(&m->v[i]))
            return false;
    return has_interpreter(m);
}

/* Grows with every read and write of theirs.  Wine counts none: there silence alone decides. */
static uint64_t activity_of(const struct run *run, const struct members *m)
{
    uint64_t sum = 1;
    for (size_t i = 0; i < m->n; i++) {
        IO_COUNTERS io = {0};
        HANDLE h = job_open_member(run->job, m->v[i].pid);
        if (h && is_interpreter(&m->v[i]) && GetProcessIoCounters(h, &io))
            sum += io.ReadOperationCount + io.WriteOperationCount + io.OtherOperationCount;
        if (h)
            CloseHandle(h);
        sum += (uint64_t)m->v[i].pid << 40;
    }
    return sum;
}

static void end_all(struct runs *r, struct run *run, const struct members *m)
{
    uint64_t ended = 0;
    for (size_t i = 0; i < m->n; i++) {
        HANDLE h = is_interpreter(&m->v[i]) ? job_open_to_end(run->job, m->v[i].pid) : NULL;
        ended += h && TerminateProcess(h, STATUS_CONTROL_C_EXIT);
        if (h)
            CloseHandle(h);
    }
    log_event(&r->set.logger->log, LOG_INFO, "job.batch_ended", LOG_TEXT("job", run->spec->unit),
              LOG_NUM("processes", ended));
}

static void look_at(struct runs *r, struct run *run)
{
    struct members m = {0};
    struct batch *b = &run->batch;
    uint64_t now = uv_now(r->set.loop);
    if (job_members(run->job, true, &m, NULL) != ST_OK)
        return; /* nothing is known: next time */
    bool alone = left_alone(&m);
    uint64_t activity = alone ? activity_of(run, &m) : 0;
    if (!has_interpreter(&m)) {
        b->watched = false;
    } else if (!alone || activity != b->activity) {
        b->activity = activity;
        b->quiet_since = now;
    } else if (now - b->quiet_since >= BATCH_QUIET_MS) {
        end_all(r, run, &m);
        b->quiet_since = now; /* again, should it not have worked */
    }
    members_free(&m);
}

static void on_tick(uv_timer_t *t)
{
    struct runs *r = t->data;
    bool any = false;
    for (size_t i = 0; i < r->n; i++) {
        struct run *run = r->run[i];
        if (run->id && run->batch.watched)
            look_at(r, run);
        any = any || (run->id && run->batch.watched);
    }
    if (!any)
        uv_timer_stop(t);
}

void batch_init(struct runs *r)
{
    uv_timer_init(r->set.loop, &r->batches); /* cannot fail */
    r->batches.data = r;
}

void batch_shut(struct runs *r)
{
    uv_close((uv_handle_t *)&r->batches, NULL);
}

/* Most workers have no cmd.exe, and cost this one look. */
void batch_interrupted(struct runs *r, struct run *run)
{
    struct members m = {0};
    if (job_members(run->job, true, &m, NULL) != ST_OK)
        return;
    bool watched = has_interpreter(&m);
    members_free(&m);
    run->batch = (struct batch){.watched = watched, .quiet_since = uv_now(r->set.loop)};
    if (watched && !uv_is_active((uv_handle_t *)&r->batches))
        uv_timer_start(&r->batches, on_tick, BATCH_TICK_MS, BATCH_TICK_MS);
}
