/* plan.c - schedules: starts and rolling restarts at times of the local clock.
 *
 * Times are of the clock on the wall, which can be set and jumps with the time zone's rules: it is
 * looked at again at least once a minute, and what was due in the meantime is made up for once. */
#include "service/supervise/fleet.h"
#include "service/supervise/schedule.h"

enum { LOOK_MS = 60000, BACK_MS = 60000 };

static int64_t wall(const struct sup *s)
{
    return s->hands.wall(s->hands.ctx);
}

static int64_t with_jitter(const struct sup *s, int64_t at, uint64_t jitter)
{
    if (at == INT64_MAX || jitter == 0)
        return at;
    return at + (int64_t)fleet_random(s, jitter);
}

/* The first time later than AFTER, and not already gone by. */
static int64_t next_time(const struct sup *s, const struct schedule *what, int64_t nominal,
                         int64_t now)
{
    const struct zone zone = {s->hands.ctx, s->hands.offset};
    if (what->kind == SCHEDULE_EVERY && nominal != INT64_MAX && nominal <= now) {
        int64_t every = (int64_t)what->every_ms;
        return nominal + ((now - nominal) / every + 1) * every; /* in step with the first one */
    }
    return schedule_next(what, now, &zone);
}

static void set_run(struct sup *s, struct crew *c, int64_t now)
{
    const struct job_spec *spec = c->spec;
    c->run_nominal = next_time(s, &spec->schedule, c->run_nominal, now);
    c->run_at = with_jitter(s, c->run_nominal, spec->schedule_jitter);
}

static void set_restart(struct sup *s, struct crew *c, int64_t now)
{
    const struct job_spec *spec = c->spec;
    c->restart_nominal = next_time(s, &spec->restart_schedule, c->restart_nominal, now);
    c->restart_at = with_jitter(s, c->restart_nominal, spec->schedule_jitter);
}

static bool runs_by_it(const struct job_spec *spec)
{
    return spec && schedule_set(&spec->schedule);
}

static bool restarts_by_it(const struct job_spec *spec)
{
    return spec && schedule_set(&spec->restart_schedule);
}

static void arm(struct sup *s)
{
    int64_t now = wall(s), at = INT64_MAX;
    for (const struct crew *c = s->timed; c; c = c->timed_link) {
        at = c->run_at < at ? c->run_at : at;
        at = c->restart_at < at ? c->restart_at : at;
    }
    uint64_t ms = at <= now ? 0 : at < now + LOOK_MS ? (uint64_t)(at - now) : LOOK_MS;
    s->plan_at = s->timed && !s->stopping ? fleet_later(fleet_now(s), ms) : 0;
    s->plan_wall = now;
}

void plan_begin(struct sup *s)
{
    int64_t now = wall(s);
    s->timed = NULL;
    for (size_t i = s->crews; i-- > 0;) {
        struct crew *c = s->crew[i];
        const struct job_spec *spec = c->spec;
        if (!runs_by_it(spec) && !restarts_by_it(spec))
            continue;
        c->timed_link = s->timed;
        s->timed = c;
        if (runs_by_it(spec) && c->run_at == INT64_MAX)
            set_run(s, c, now);
        if (restarts_by_it(spec) && c->restart_at == INT64_MAX)
            set_restart(s, c, now);
    }
    arm(s);
}

/* --- what is due ----------------------------------------------------------------------- */
static bool idle(const struct unit *u)
{
    return (u->at == S_WAITING && u->waits == WAIT_SCHEDULE) || u->at == S_EXITED ||
           u->at == S_FAILED || u->at == S_BACKOFF;
}

static void run(struct sup *s, struct unit *u)
{
    u->due = true;
    apply_event(s, u, E_DUE);
    watch_arm(s, u);
}

static void miss(struct sup *s, struct unit *u)
{
    if (u->missed)
        return;
    u->missed = true;
    fleet_say(s, u, H_MISSED, 0, "it runs once more when this run is over");
}

/* That is to run at that time, or with overlap = yes the first of them. */
static bool is_next(const struct unit *u)
{
    return u->want_up && !u->retired && idle(u);
}

uint64_t plan_next_run(const struct sup *s, const struct unit *u)
{
    const struct crew *c = u->crew;
    int64_t now = wall(s);
    if (!runs_by_it(c->spec) || c->run_at == INT64_MAX || s->stopping || !is_next(u))
        return 0;
    for (uint32_t i = 0; c->spec->overlap == YES && c->unit[i] != u; i++)
        if (is_next(c->unit[i]))
            return 0;
    return fleet_later(fleet_now(s), c->run_at > now ? (uint64_t)(c->run_at - now) : 0);
}

/* Each instance, or with overlap = yes the lowest that is idle. */
static void run_crew(struct sup *s, struct crew *c)
{
    bool one = c->spec->overlap == YES, wanted = false;
    for (uint32_t i = 0; i < c->n; i++) {
        struct unit *u = c->unit[i];
        if (!u->want_up || u->retired)
            continue;
        wanted = true;
        if (idle(u)) {
            run(s, u);
            if (one)
                return;
        } else if (!one && u->spawned) {
            miss(s, u);
        }
    }
    if (one && wanted)
        fleet_say(s, c->unit[0], H_MISSED, 0, "all instances run already");
}

static void restart_crew(struct sup *s, struct crew *c)
{
    if (c->roll.on)
        return; /* one at a time; the instances are being restarted as it is */
    for (uint32_t i = 0; i < c->n; i++)
        c->unit[i]->asked = c->unit[i]->at == S_RUNNING && c->unit[i]->want_up &&
                            !c->unit[i]->retired && !c->unit[i]->next;
    roll_begin(s, c, "restart_schedule");
}

void plan_wake(struct sup *s)
{
    int64_t now = wall(s);
    bool back = now < s->plan_wall - BACK_MS; /* the clock was set back */
    for (struct crew *c = s->timed; c; c = c->timed_link) {
        bool runs = now >= c->run_at, restarts = now >= c->restart_at;
        if (back)
            c->run_nominal = c->restart_nominal = INT64_MAX;
        if (runs_by_it(c->spec) && (runs || back))
            set_run(s, c, now);
        if (restarts_by_it(c->spec) && (restarts || back))
            set_restart(s, c, now);
        if (runs && !s->stopping)
            run_crew(s, c);
        if (restarts && !s->stopping)
            restart_crew(s, c);
    }
    arm(s);
}
