/* tell.c - what happens to a worker, one line an event. */
#include "service/host/runs_impl.h"

#include "common/exit_code.h"
#include "config/schema.h"
#include "service/host/accounts.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    enum log_level level;
    const char *event;
} line_of[HAPPENINGS] = {
    [H_STARTED] = {LOG_INFO, "job.started"},
    [H_NOT_STARTED] = {LOG_ERROR, "job.start_failed"},
    [H_ENDED] = {LOG_INFO, "job.ended"},
    [H_LEFTOVERS] = {LOG_WARNING, "job.leftovers"},
    [H_STOPPING] = {LOG_INFO, "job.stopping"},
    [H_RUNG] = {LOG_INFO, "job.stop_rung"},
    [H_RUNG_FAILED] = {LOG_WARNING, "job.stop_rung_failed"},
    [H_KILLED] = {LOG_INFO, "job.terminated"},
    [H_STUBBORN] = {LOG_ERROR, "job.stubborn"},
    [H_BLIND] = {LOG_WARNING, "job.unknown"},
    [H_BACKOFF] = {LOG_INFO, "job.backoff"},
    [H_DONE] = {LOG_INFO, "job.exited"},
    [H_FAILED] = {LOG_ERROR, "job.failed"},
    [H_STOPPED] = {LOG_INFO, "job.stopped"},
    [H_IMPOSSIBLE] = {LOG_ERROR, "job.impossible_event"},
};

/* The key of a limit, or NULL, which leaves the field out. */
static const char *limit_key(enum limit_id id)
{
    return id < LIMITS ? schema_limit(id)->key : NULL;
}

static void tell_ended(struct runs *r, const struct tale *t)
{
    const struct log *log = &r->set.logger->log;
    const struct ending *end = &t->unit->last;
    const struct account used = account_of_run(r, (uint32_t)t->unit->id);
    struct buf code = {0};
    exit_code_print(end->code, &code);
    log_event(log, LOG_INFO, "job.ended", LOG_TEXT("job", t->unit->spec->unit),
              LOG_NUM("pid", t->unit->pid), LOG_TEXT("code", buf_text(&code)),
              LOG_TEXT("name", exit_code_name(end->code)),
              LOG_TEXT("meaning", exit_code_meaning(end->code)),
              LOG_TEXT("cause", cause_names[end->cause]), LOG_TEXT("limit", limit_key(end->limit)),
              LOG_NUM("ran_ms", end->ran_ms),
              log_count("cpu_ms", (used.user + used.kernel) / TICKS_PER_MS),
              log_count("peak_commit", used.peak_commit));
    buf_free(&code);
}

/* "ping.exe[312] worker.exe[320]", at most a dozen of them. */
static void name_members(struct run *run, struct buf *out)
{
    struct members m = {0};
    if (!run || job_members(run->job, true, &m, NULL) != ST_OK)
        return;
    size_t named = 0;
    for (size_t i = 0; i < m.n && named < 12; i++) {
        if (m.v[i].console_host || m.v[i].pid == run->child.pid)
            continue;
        const char *base = m.v[i].image ? strrchr(m.v[i].image, '\\') : NULL;
        buf_f(out, "%s%s[%lu]", named++ ? " " : "",
              base ? base + 1 : m.v[i].image ? m.v[i].image : "?", (unsigned long)m.v[i].pid);
    }
    members_free(&m);
}

static void tell_leftovers(struct runs *r, const struct tale *t)
{
    struct buf names = {0};
    name_members(run_of(r, t->unit->id), &names);
    log_event(&r->set.logger->log, line_of[t->what].level, line_of[t->what].event,
              LOG_TEXT("job", t->unit->spec->unit), LOG_NUM("count", t->number),
              LOG_TEXT("processes", buf_text(&names)));
    buf_free(&names);
}

void runs_tell(void *ctx, const struct tale *t)
{
    struct runs *r = ctx;
    const struct log *log = &r->set.logger->log;
    const struct unit *u = t->unit;
    enum log_level level = line_of[t->what].level;
    const char *event = line_of[t->what].event;
    const struct log_field job = LOG_TEXT("job", u->spec->unit);
    switch (t->what) {
    case H_ENDED:
        tell_ended(r, t);
        break;
    case H_LEFTOVERS:
    case H_STUBBORN:
        tell_leftovers(r, t);
        break;
    case H_STARTED:
        log_event(log, level, event, job, LOG_NUM("pid", u->pid), LOG_NUM("start", u->starts));
        break;
    case H_STOPPING:
        log_event(log, level, event, job, LOG_NUM("pid", u->pid),
                  LOG_TEXT("cause", cause_names[u->cause]), LOG_TEXT("limit", limit_key(u->limit)));
        break;
    case H_RUNG:
        log_event(log, level, event, job, LOG_TEXT("rung", rung_names[t->rung]),
                  LOG_NUM("for_ms", t->number));
        break;
    case H_RUNG_FAILED:
        log_event(log, level, event, job, LOG_TEXT("rung", rung_names[t->rung]),
                  LOG_TEXT("error", t->text));
        break;
    case H_BACKOFF:
        log_event(log, level, event, job, LOG_NUM("next_ms", t->number),
                  LOG_NUM("restarts", policy_tally(&u->history)->restarts),
                  LOG_TEXT("reason", t->text), LOG_TEXT("limit", limit_key(u->last.limit)));
        break;
    case H_NOT_STARTED:
    case H_BLIND:
        log_event(log, level, event, job, LOG_TEXT("error", t->text));
        break;
    case H_DONE:
        log_event(log, level, event, job, LOG_TEXT("reason", t->text),
                  LOG_NUM("starts", u->starts));
        break;
    case H_FAILED:
        log_event(log, level, event, job, LOG_TEXT("reason", t->text),
                  LOG_NUM("starts", u->starts), LOG_NUM("tries_in_window", t->number),
                  LOG_TEXT("limit", limit_key(u->last.limit)));
        break;
    case H_IMPOSSIBLE:
        log_event(log, level, event, job, LOG_TEXT("state", state_names[u->at]),
                  LOG_TEXT("event", t->text));
        break;
    case H_KILLED:
    case H_STOPPED:
    case HAPPENINGS:
        log_event(log, level, event, job);
        break;
    }
}
