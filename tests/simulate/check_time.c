/* check_time.c - whoever waits for something has an alarm, and it rings in time. */
#include "tests/simulate/world.h"

#include "service/supervise/schedule.h"

#include <inttypes.h>

enum { READY_EVERY_MS = 250, DELAY_MAX_MS = 10000 };

static bool has_health(const struct job_spec *p)
{
    return p->health_port || p->health_command[0] || p->health_http[0];
}

/* When at the latest the next step of U has to come; UINT64_MAX: nothing has to. */
static uint64_t latest_running(const struct world *w, const struct slot *s,
                               const struct job_spec *p)
{
    uint64_t at = UINT64_MAX;
    if (has_health(p))
        at = s->checking ? s->check_until : w->now + p->health_interval;
    if (p->watchdog && w->now + p->watchdog < at)
        at = w->now + p->watchdog;
    if (p->max_runtime && s->run.spawned_at + p->max_runtime < at)
        at = s->run.spawned_at + p->max_runtime;
    return at;
}

static uint64_t latest_starting(const struct world *w, const struct slot *s,
                                const struct job_spec *p)
{
    if (p->ready.kind == READY_STARTED)
        return UINT64_MAX;
    uint64_t at = s->checking ? s->check_until : w->now + READY_EVERY_MS;
    if (p->ready_timeout && s->run.spawned_at + p->ready_timeout < at)
        at = s->run.spawned_at + p->ready_timeout;
    return at;
}

static uint64_t latest_stopping(const struct world *w, const struct job_spec *p)
{
    uint64_t ms = STUBBORN_MS;
    for (uint32_t i = 0; i < p->stop.n; i++)
        ms = p->stop.rung[i].ms > ms ? p->stop.rung[i].ms : ms;
    return w->now + ms;
}

static uint64_t latest(const struct world *w, const struct slot *s, const struct unit *u)
{
    const struct job_spec *p = u->spec;
    uint64_t at = UINT64_MAX;
    if (u->at == S_BACKOFF)
        return s->backoff_at;
    if (u->at == S_STOPPING)
        at = latest_stopping(w, p);
    else if (u->at == S_RUNNING)
        at = latest_running(w, s, p);
    else if (u->at == S_STARTING)
        at = latest_starting(w, s, p);
    else if (u->at == S_WAITING && u->waits == WAIT_DELAY)
        at = w->now + DELAY_MAX_MS; /* maybe one of an earlier definition */
    if (s->run.open && (u->main_ended || u->killed || u->blind) && w->now + LOOK_LATE_MS < at)
        at = w->now + LOOK_LATE_MS;
    if (s->run.open && w->stopping && !w->ended && w->now < w->end_at && w->end_at < at)
        at = w->end_at;
    return at;
}

void check_time(struct world *w, const struct slot *s, const struct unit *u)
{
    const char *name = u->spec->unit;
    uint64_t at = latest(w, s, u);
    if (u->alarm_at != s->alarm)
        world_fail(w, "alarms", "%s has its alarm at %" PRIu64 " and believes %" PRIu64, name,
                   s->alarm, u->alarm_at);
    if (at != UINT64_MAX && s->alarm == 0)
        world_fail(w, "in-time", "%s is %s without a time for what is next", name,
                   state_names[u->at]);
    /* An alarm is late when the loop was busy, and then it is as early as can be. */
    if (at != UINT64_MAX && s->alarm > at && s->alarm > w->now)
        world_fail(w, "in-time", "%s is %s, and looked at again %" PRIu64 " ms too late", name,
                   state_names[u->at], s->alarm - at);
    if (u->at == S_BACKOFF && s->alarm < s->backoff_at)
        world_fail(w, "in-time", "%s is started again before its time", name);
    if (!u->spawned && s->alarm != 0 && u->at != S_BACKOFF && u->at != S_WAITING)
        world_fail(w, "alarms", "%s is %s with an alarm", name, state_names[u->at]);
    if (u->at == S_RUNNING && u->spec->watchdog && u->held == EVENTS &&
        w->now > s->beat_at + u->spec->watchdog * 3 / 2 + 1)
        world_fail(w, "watchdog", "%s runs and has not reported for %" PRIu64 " ms", name,
                   w->now - s->beat_at);
}

/* By its schedule a start is later than a due time, and that is later than its last start so.  Of
 * `every` the times depend on when it began, and after the clock was set nothing is known. */
void check_schedule(struct world *w, struct slot *s)
{
    const struct schedule *when = &s->spec->schedule;
    const struct zone zone = {w, world_hands.offset};
    int64_t now = world_wall(w), from = s->due_from;
    bool by_it = !s->again && !s->ordered, set = s->walls != w->walls;
    s->ordered = s->again = false;
    if (!by_it)
        return;
    s->due_from = set ? 0 : now;
    s->walls = w->walls;
    if (set || from == 0 || when->kind != SCHEDULE_CRON)
        return;
    if (schedule_next(when, from, &zone) > now)
        world_fail(w, "schedule", "%s is started at %" PRIi64 ", and was not due after %" PRIi64,
                   s->spec->unit, now, from);
}
