/* probe.c - is it ready, is it well: questions to a worker from outside, one at a time, and the
 * watchdog's event. */
#include "service/supervise/fleet.h"

enum {
    READY_EVERY_MS = 250,   /* between two looks at a port, a URL, a file */
    EVENT_EVERY_MS = 100,   /* between two looks at the event of `ready = event` */
    WATCH_PART = 4,         /* the watchdog's event is asked about so often in its time */
    STOOD_STILL_MS = 1000,  /* so late is no question of a busy loop */
    ANSWER_GRACE_MS = 2000, /* then the hands have lost the check */
    QUEUE_GRACE_MS = 600000 /* a command may have to wait for others, and its time begins then */
};

/* --- one check ------------------------------------------------------------------------ */
static bool ready_check(const struct ready *r, struct check *ret)
{
    ret->readiness = true;
    ret->port = r->port;
    ret->text = r->text;
    ret->kind = r->kind == READY_PORT   ? CHECK_PORT
                : r->kind == READY_HTTP ? CHECK_HTTP
                                        : CHECK_FILE;
    return true;
}

/* The check number STEP of a round; false: the round has no more. */
static bool health_check(const struct job_spec *spec, uint32_t step, struct check *ret)
{
    const bool has[] = {spec->health_command[0] != '\0', spec->health_port != 0,
                        spec->health_http[0] != '\0'};
    static const enum check_kind kind[] = {CHECK_COMMAND, CHECK_PORT, CHECK_HTTP};
    for (uint32_t i = 0; i < 3; i++) {
        if (!has[i] || step-- != 0)
            continue;
        ret->kind = kind[i];
        ret->port = spec->health_port;
        ret->text = kind[i] == CHECK_COMMAND ? spec->health_command : spec->health_http;
        return true;
    }
    return false;
}

static bool next_check(const struct unit *u, struct check *ret)
{
    uint64_t ms = u->spec->health_timeout, every = u->spec->health_interval;
    *ret = (struct check){.timeout_ms = ms};
    if (u->at == S_STARTING)
        return ready_check(&u->spec->ready, ret);
    ret->timeout_ms = ms < every ? ms : every;
    return health_check(u->spec, u->probe.step, ret);
}

static void drop_check(struct sup *s, struct unit *u)
{
    if (u->probe.until == 0)
        return;
    s->hands.uncheck(s->hands.ctx, u->id);
    u->probe.until = 0;
}

/* --- what an answer means -------------------------------------------------------------- */
static uint64_t next_round(const struct unit *u, uint64_t now)
{
    uint64_t at = fleet_later(u->probe.began, u->spec->health_interval);
    return at > now ? at : fleet_later(now, 1);
}

static void healthy(struct sup *s, struct unit *u, uint64_t now)
{
    struct probing *p = &u->probe;
    p->at = next_round(u, now);
    p->step = 0;
    if (p->bad > 0)
        fleet_say(s, u, H_HEALTHY, p->bad, NULL);
    p->bad = 0;
}

static void unhealthy(struct sup *s, struct unit *u, const char *text, uint64_t now)
{
    struct probing *p = &u->probe;
    p->at = next_round(u, now);
    p->step = 0;
    p->bad++;
    fleet_say(s, u, H_UNHEALTHY, p->bad, text);
    if (p->bad < u->spec->health_failures)
        return;
    if (u->cause == CAUSE_NONE)
        u->cause = CAUSE_HEALTH;
    apply_event(s, u, E_UNWELL);
}

static void answered(struct sup *s, struct unit *u, bool good, const char *text)
{
    uint64_t now = fleet_now(s);
    u->probe.until = 0;
    if (u->at == S_STARTING) {
        u->probe.at = fleet_later(now, READY_EVERY_MS);
        if (good)
            apply_event(s, u, E_READY);
    } else if (!good) {
        unhealthy(s, u, text, now);
    } else {
        struct check more;
        u->probe.step++;
        if (next_check(u, &more))
            u->probe.at = fleet_later(now, 0); /* at once: the next of this round */
        else
            healthy(s, u, now);
    }
}

void sup_checked(struct sup *s, uint64_t id, uint32_t serial, bool good, const char *text)
{
    struct unit *u = fleet_find(s, id);
    if (!u || u->probe.until == 0 || u->probe.serial != serial)
        return; /* of a check that is over */
    answered(s, u, good, text);
    watch_arm(s, u);
    fleet_settle(s);
}

static void begin_check(struct sup *s, struct unit *u, uint64_t now)
{
    struct probing *p = &u->probe;
    struct check check;
    struct err e = {0};
    p->at = 0;
    if (!next_check(u, &check))
        return;
    if (p->step == 0)
        p->began = now;
    check.serial = ++p->serial;
    uint64_t grace = check.kind == CHECK_COMMAND ? QUEUE_GRACE_MS : ANSWER_GRACE_MS;
    p->until = fleet_later(now, check.timeout_ms + grace);
    if (s->hands.check(s->hands.ctx, u->id, &check, &e) != ST_OK)
        answered(s, u, false, e.text);
}

/* --- beginning and end ----------------------------------------------------------------- */
enum event probe_await_ready(struct sup *s, struct unit *u, uint64_t now)
{
    (void)s;
    if (u->spec->ready.kind == READY_STARTED)
        return E_READY;
    if (u->spec->ready_timeout != 0)
        u->due_at = fleet_later(u->spawned_at, u->spec->ready_timeout);
    u->probe.at = fleet_later(now, u->spec->ready.kind == READY_EVENT ? EVENT_EVERY_MS : 0);
    return EVENTS;
}

static uint64_t watch_part(const struct unit *u)
{
    uint64_t part = u->spec->watchdog / WATCH_PART;
    return part > 0 ? part : 1;
}

/* The time begins now. */
static void begin_watch(struct unit *u, uint64_t now)
{
    u->probe.heard_at = now;
    u->probe.watch_at = u->spec->watchdog ? fleet_later(now, watch_part(u)) : 0;
}

void probe_begin_health(struct sup *s, struct unit *u, uint64_t now)
{
    struct check first;
    drop_check(s, u);
    u->probe = (struct probing){.serial = u->probe.serial, .began = now};
    begin_watch(u, now);
    if (health_check(u->spec, 0, &first))
        u->probe.at = fleet_later(now, u->spec->health_interval);
}

void probe_end(struct sup *s, struct unit *u)
{
    drop_check(s, u);
    u->probe.at = u->probe.watch_at = 0;
}

void probe_renew(struct sup *s, struct unit *u, uint64_t now)
{
    struct check first;
    uint64_t runs = u->spec->max_runtime, waits = u->spec->ready_timeout;
    if (u->at == S_STARTING && u->spec->ready.kind != READY_STARTED)
        u->due_at = waits ? fleet_later(u->spawned_at, waits) : 0;
    if (u->at != S_RUNNING)
        return;
    u->due_at = runs ? fleet_later(u->spawned_at, runs) : 0;
    bool has = health_check(u->spec, 0, &first);
    bool had = u->probe.at != 0 || u->probe.until != 0;
    if (has != had) {
        probe_begin_health(s, u, now);
    } else if (has && (u->probe.until == 0 || u->probe.step != 0)) {
        drop_check(s, u); /* a round that may have other checks now counts for nothing */
        u->probe.step = 0;
        u->probe.at = next_round(u, now);
    }
}

/* --- the time -------------------------------------------------------------------------- */
static void ask_ready_event(struct sup *s, struct unit *u, uint64_t now)
{
    u->probe.at = fleet_later(now, EVENT_EVERY_MS);
    if (s->hands.signalled(s->hands.ctx, u->id, SIGNAL_READY))
        apply_event(s, u, E_READY);
}

/* The machine was asleep, or stood still, and the worker with it: that time does not count. */
static void forgive_sleep(struct unit *u, uint64_t now)
{
    struct probing *p = &u->probe;
    uint64_t late = now - p->watch_at;
    if (late >= STOOD_STILL_MS && late >= watch_part(u))
        p->heard_at = fleet_later(p->heard_at, late);
}

static void ask_watchdog(struct sup *s, struct unit *u, uint64_t now)
{
    struct probing *p = &u->probe;
    forgive_sleep(u, now);
    uint64_t last = fleet_later(p->heard_at, u->spec->watchdog);
    if (s->hands.signalled(s->hands.ctx, u->id, SIGNAL_WATCHDOG)) {
        begin_watch(u, now);
        return;
    }
    p->watch_at = fleet_later(now, watch_part(u));
    if (p->watch_at > last && last > now)
        p->watch_at = last;
    if (now < last)
        return;
    if (u->cause == CAUSE_NONE)
        u->cause = CAUSE_WATCHDOG;
    apply_event(s, u, E_UNWELL);
}

void probe_wake(struct sup *s, struct unit *u)
{
    uint64_t now = fleet_now(s);
    if (u->at != S_STARTING && u->at != S_RUNNING)
        return;
    if (u->probe.watch_at != 0 && now >= u->probe.watch_at)
        ask_watchdog(s, u, now);
    if (u->probe.until != 0 && now >= u->probe.until) {
        drop_check(s, u);
        answered(s, u, false, "the check did not answer in its time");
    }
    if (u->probe.until != 0 || u->probe.at == 0 || now < u->probe.at)
        return;
    if (u->at == S_STARTING && u->spec->ready.kind == READY_EVENT)
        ask_ready_event(s, u, now);
    else if (u->at == S_STARTING || u->at == S_RUNNING)
        begin_check(s, u, now);
}

uint64_t probe_next(const struct unit *u)
{
    const struct probing *p = &u->probe;
    return watch_earlier(p->watch_at, watch_earlier(p->until, p->until ? 0 : p->at));
}
