/* rules_up.c - the keys of readiness, health, schedules and causes against each other. */
#include "config/rules_job.h"

#include "config/value.h"

#include <string.h>

/* KEY stands in the job itself and says something else than its default.  Elsewhere it may be meant
 * for other jobs. */
static bool said(const struct loader *l, const struct view *v, const char *key)
{
    const struct entry *e = view_entry(v, key);
    if (!e || view_rank(v, key) > 0 || e->bad)
        return false;
    const void *usual = l->dflt[e->field - schema].value;
    return !e->value || !usual || !e->field->type->equal(e->value, usual);
}

/* --- health ------------------------------------------------------------------------- */
static bool checked(const struct job_spec *s)
{
    return *s->health_command || *s->health_http || s->health_port;
}

static bool checks_good(const struct view *v)
{
    return !v->doubtful && view_good(v, "health_command") && view_good(v, "health_http") &&
           view_good(v, "health_port");
}

static bool health_tuned(const struct job_spec *usual, const struct job_spec *s)
{
    return s->health_interval != usual->health_interval ||
           s->health_timeout != usual->health_timeout ||
           s->health_failures != usual->health_failures;
}

static void rule_health(struct loader *l, const struct view *v, const struct job_spec *s)
{
    static const char *const keys[] = {"health_interval", "health_timeout", "health_failures"};
    char a[DURATION_TEXT], b[DURATION_TEXT];
    /* The default gives way by itself. */
    if (s->health_timeout > s->health_interval && view_entry(v, "health_timeout") &&
        view_good(v, "health_timeout") && view_good(v, "health_interval")) {
        report(l, CODE_HEALTH_TIME, view_place(v, "health_timeout"),
               "health_timeout %s is longer than health_interval %s; lower health_timeout",
               duration_text(s->health_timeout, a), duration_text(s->health_interval, b));
    }
    if (checked(s) || !health_tuned(l->usual, s))
        return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!checks_good(v) || !said(l, v, keys[i]))
            continue;
        report(l, CODE_UNUSED_KEY, view_place(v, keys[i]),
               "%s does nothing without a check; add health_command, health_port or health_http",
               keys[i]);
        return;
    }
}

/* --- checks of several instances ---------------------------------------------------- */

/* The entry of KEY where all instances have the same. */
static struct entry *shared(const struct view *v, const char *key)
{
    struct entry *e = view_entry(v, key);
    return e && !e->bad && !(e->needs & NEEDS_INSTANCE) ? e : NULL;
}

static void report_shared(struct loader *l, const struct view *v, struct entry *e,
                          const struct job_spec *s)
{
    report(l, CODE_SHARED_CHECK, e->at,
           "%s: the %u instances of job '%s' are judged by the same one, so one of them answers "
           "for all; put ${instance} into it",
           e->field->key, (unsigned)v->instances, s->job);
}

static void rule_shared(struct loader *l, const struct view *v, const struct job_spec *s)
{
    enum ready_kind by = s->ready.kind;
    if (!v->enabled || v->instances < 2)
        return;
    struct entry *ready = shared(v, "ready"), *port = shared(v, "health_port"),
                 *url = shared(v, "health_http");
    if (ready && (by == READY_PORT || by == READY_HTTP || by == READY_FILE))
        report_shared(l, v, ready, s);
    if (port && s->health_port)
        report_shared(l, v, port, s);
    if (url && *s->health_http)
        report_shared(l, v, url, s);
}

/* --- schedules ---------------------------------------------------------------------- */
static void rule_overlap(struct loader *l, const struct view *v, const struct job_spec *s)
{
    bool scheduled = schedule_set(&s->schedule);
    if (s->overlap == NO || !view_good(v, "schedule") || v->doubtful)
        return;
    if (!scheduled && view_rank(v, "overlap") == 0)
        report(l, CODE_OVERLAP, view_place(v, "overlap"),
               "overlap does nothing without a schedule; add it, or take this out");
    else if (scheduled && v->instances < 2 && v->enabled)
        report(l, CODE_OVERLAP, view_place(v, "overlap"),
               "overlap starts a second instance while one still runs, and job '%s' has %u; raise "
               "instances",
               s->job, (unsigned)v->instances);
}

static void rule_schedules(struct loader *l, const struct view *v, const struct job_spec *s)
{
    bool scheduled = schedule_set(&s->schedule);
    bool restarted = schedule_set(&s->restart_schedule);
    if (!scheduled && !restarted && s->schedule_jitter == l->usual->schedule_jitter)
        return;
    bool good = view_good(v, "schedule") && view_good(v, "restart_schedule");
    if (scheduled && restarted) {
        const char *later = view_rank(v, "schedule") < view_rank(v, "restart_schedule")
                                ? "schedule"
                                : "restart_schedule";
        report(l, CODE_TWO_SCHEDULES, view_place(v, later),
               "a job either runs at its times (schedule) or runs on and is restarted at them "
               "(restart_schedule); keep one (and say 'none' for one that comes from elsewhere)");
    }
    if (good && !scheduled && !restarted && !v->doubtful && said(l, v, "schedule_jitter"))
        report(l, CODE_UNUSED_KEY, view_place(v, "schedule_jitter"),
               "schedule_jitter does nothing without schedule or restart_schedule; add one");
    /* A restart that is said further away than the schedule is meant for other jobs. */
    if (scheduled && view_entry(v, "restart") && view_good(v, "restart") &&
        s->restart == RESTART_ALWAYS && view_rank(v, "restart") <= view_rank(v, "schedule"))
        report(l, CODE_WAITS_FOR_SCHEDULE, view_place(v, "restart"),
               "with a schedule a success is never run again before the next time, whatever "
               "restart says; write 'restart = on-failure'");
}

/* --- causes ------------------------------------------------------------------------- */
static void rule_causes(struct loader *l, const struct view *v, const struct job_spec *s)
{
    const struct causes *prevent = &s->restart_prevent_causes, *force = &s->restart_force_causes;
    struct causes both = {prevent->of & force->of, 0};
    struct buf names = {0};
    both.limits = causes_have(prevent, CAUSE_LIMIT, LIMIT_NONE) ? force->limits
                                                                : prevent->limits & force->limits;
    if (both.of == 0 && both.limits == 0)
        return;
    ty_causes.print(NULL, &both, &names);
    l->nomem = l->nomem || !buf_ok(&names);
    report(l, CODE_CONTRADICTING_CODES, view_place(v, "restart_force_causes"),
           "restart_prevent_causes holds already what restart_force_causes says of %s; take it out "
           "of one",
           buf_text(&names));
    buf_free(&names);
}

void rules_up(struct loader *l, const struct view *v, const struct job_spec *s)
{
    rule_health(l, v, s);
    rule_shared(l, v, s);
    rule_overlap(l, v, s);
    rule_schedules(l, v, s);
    rule_causes(l, v, s);
}
