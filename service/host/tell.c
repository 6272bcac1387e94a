/* tell.c - what happens to a worker, one line an event. */
#include "service/host/tell.h"

#include "config/schema.h"
#include "service/host/points.h"

const char *key_of_limit(enum limit_id id)
{
    return id < LIMITS ? schema_limit(id)->key : NULL;
}

static void say_only(const struct saying *s)
{
    log_event(&s->r->set.logger->log, s->level, s->event,
              LOG_TEXT("job", s->t->unit->spec->unit));
}

static void say_error(const struct saying *s)
{
    SAY(s, LOG_TEXT("error", s->t->text));
}

/* --- on the way up ------------------------------------------------------------------ */
static void say_waiting(const struct saying *s)
{
    SAY(s, LOG_TEXT("for", s->t->text), log_count("for_ms", s->t->number));
}

static void say_backoff(const struct saying *s)
{
    const struct unit *u = s->t->unit;
    SAY(s, LOG_NUM("next_ms", s->t->number),
        LOG_NUM("restarts", policy_tally(&u->history)->restarts), LOG_TEXT("reason", s->t->text),
        LOG_TEXT("limit", key_of_limit(u->last.limit)));
}

/* --- on the way down ---------------------------------------------------------------- */
static void say_stopping(const struct saying *s)
{
    const struct unit *u = s->t->unit;
    SAY(s, LOG_NUM("pid", u->pid), LOG_TEXT("cause", cause_names[u->cause]),
        LOG_TEXT("limit", key_of_limit(u->limit)));
}

static void say_held(const struct saying *s)
{
    SAY(s, LOG_TEXT("for", s->t->text));
}

static void say_rung(const struct saying *s)
{
    SAY(s, LOG_TEXT("rung", rung_names[s->t->rung]), LOG_NUM("for_ms", s->t->number));
}

static void say_rung_failed(const struct saying *s)
{
    SAY(s, LOG_TEXT("rung", rung_names[s->t->rung]), LOG_TEXT("error", s->t->text));
}

static void say_done(const struct saying *s)
{
    SAY(s, LOG_TEXT("reason", s->t->text), LOG_NUM("starts", s->t->unit->starts));
}

static void say_failed(const struct saying *s)
{
    const struct unit *u = s->t->unit;
    SAY(s, LOG_TEXT("reason", s->t->text), LOG_NUM("starts", u->starts),
        LOG_NUM("tries_in_window", s->t->number), LOG_TEXT("limit", key_of_limit(u->last.limit)));
}

/* --- of its definition -------------------------------------------------------------- */
static void say_missed(const struct saying *s)
{
    SAY(s, log_count("pid", s->t->unit->pid), LOG_TEXT("follows", s->t->text));
}

static void say_changed(const struct saying *s)
{
    SAY(s, LOG_TEXT("how", s->t->text));
}

/* A rolling restart is of the whole job. */
static void say_roll(const struct saying *s)
{
    log_event(&s->r->set.logger->log, s->level, s->event,
              LOG_TEXT("job", s->t->unit->spec->job), LOG_NUM("instances", s->t->number),
              LOG_TEXT("reason", s->t->text));
}

static void say_rolled(const struct saying *s)
{
    log_event(&s->r->set.logger->log, s->level, s->event,
              LOG_TEXT("job", s->t->unit->spec->job));
}

static void say_roll_stopped(const struct saying *s)
{
    log_event(&s->r->set.logger->log, s->level, s->event,
              LOG_TEXT("job", s->t->unit->spec->job),
              LOG_TEXT("instance", s->t->unit->spec->unit), LOG_NUM("left", s->t->number),
              LOG_TEXT("names", s->t->number ? s->t->text : NULL));
}

static void say_impossible(const struct saying *s)
{
    SAY(s, LOG_TEXT("state", state_names[s->t->unit->at]), LOG_TEXT("event", s->t->text));
}

static const struct {
    enum log_level level;
    const char *event;
    void (*say)(const struct saying *s);
} line_of[HAPPENINGS] = {
    [H_WAITING] = {LOG_INFO, "job.waiting", say_waiting},
    [H_STARTED] = {LOG_INFO, "job.started", say_started},
    [H_NOT_STARTED] = {LOG_ERROR, "job.start_failed", say_error},
    [H_READY] = {LOG_INFO, "job.ready", say_ready},
    [H_UNHEALTHY] = {LOG_WARNING, "job.unhealthy", say_unhealthy},
    [H_HEALTHY] = {LOG_INFO, "job.healthy", say_healthy},
    [H_RUN] = {LOG_INFO, "job.run", say_record},
    [H_ENDED] = {LOG_INFO, "job.ended", say_ended},
    [H_LEFTOVERS] = {LOG_WARNING, "job.leftovers", say_leftovers},
    [H_STOPPING] = {LOG_INFO, "job.stopping", say_stopping},
    [H_HELD] = {LOG_INFO, "job.held", say_held},
    [H_RUNG] = {LOG_INFO, "job.stop_rung", say_rung},
    [H_RUNG_FAILED] = {LOG_WARNING, "job.stop_rung_failed", say_rung_failed},
    [H_KILLED] = {LOG_INFO, "job.terminated", say_only},
    [H_STUBBORN] = {LOG_ERROR, "job.stubborn", say_leftovers},
    [H_BLIND] = {LOG_WARNING, "job.unknown", say_error},
    [H_BACKOFF] = {LOG_INFO, "job.backoff", say_backoff},
    [H_DONE] = {LOG_INFO, "job.exited", say_done},
    [H_FAILED] = {LOG_ERROR, "job.failed", say_failed},
    [H_STOPPED] = {LOG_INFO, "job.stopped", say_only},
    [H_MISSED] = {LOG_WARNING, "job.schedule_missed", say_missed},
    [H_CHANGED] = {LOG_INFO, "job.changed", say_changed},
    [H_REMOVED] = {LOG_INFO, "job.removed", say_only},
    [H_ROLL] = {LOG_INFO, "job.roll", say_roll},
    [H_ROLLED] = {LOG_INFO, "job.rolled", say_rolled},
    [H_ROLL_STOPPED] = {LOG_ERROR, "job.roll_stopped", say_roll_stopped},
    [H_IMPOSSIBLE] = {LOG_ERROR, "job.impossible_event", say_impossible},
};

void runs_tell(void *ctx, const struct tale *t)
{
    struct runs *r = ctx;
    const struct saying s = {r, t, line_of[t->what].level, line_of[t->what].event};
    line_of[t->what].say(&s);
    points_happened(r->points, t);
}
