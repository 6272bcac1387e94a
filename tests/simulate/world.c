/* world.c - time, chance, and the definitions that come and go. */
#include "tests/simulate/world.h"

#include "common/arena.h"
#include "config/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EPOCH_MS = 1000, RINGS_MAX = 1000 };

void world_init(struct world *w, struct outcome *v)
{
    memset(w, 0, sizeof *w);
    model_init(&w->model);
    w->now = EPOCH_MS;
    w->check_every = 1;
    w->outcome = v;
    queue_put(&w->queue, (struct due){.at = EPOCH_MS + LOOK_AGAIN_MS, .kind = DUE_LOOK});
}

void world_free(struct world *w)
{
    sup_free(w->sup);
    for (struct held *h = w->held, *next; h; h = next) {
        next = h->next;
        arena_free(h->config->arena);
        free(h);
    }
    queue_free(&w->queue);
    free(w->slot);
}

void world_fail(struct world *w, const char *invariant, const char *fmt, ...)
{
    va_list ap;
    struct outcome *v = w->outcome;
    v->failed = true;
    snprintf(v->invariant, sizeof v->invariant, "%s", invariant);
    va_start(ap, fmt);
    vsnprintf(v->text, sizeof v->text, fmt, ap);
    va_end(ap);
    longjmp(w->out, 1);
}

/* --- chance ------------------------------------------------------------------------- */
/* Of each slot by itself, so that a step that is left out changes little elsewhere. */
uint64_t chance_below(struct world *w, struct slot *s, uint64_t bound)
{
    uint64_t who = s ? (uint64_t)s->job << 40 | (uint64_t)s->instance << 20 : UINT64_MAX << 60;
    uint64_t nth = s ? s->chances++ : w->events;
    struct random r = {who ^ nth ^ (uint64_t)w->model.fleet[F_SALT] << 50};
    random_next(&r);
    return random_below(&r, bound);
}

bool chance(struct world *w, struct slot *s, int64_t percent)
{
    if (percent <= 0 || w->calm)
        return false;
    return chance_below(w, s, 100) < (uint64_t)percent;
}

struct slot *world_find(struct world *w, uint32_t job, uint32_t instance)
{
    for (size_t i = 0; i < w->room; i++)
        if (w->slot[i].spec && w->slot[i].job == job && w->slot[i].instance == instance)
            return &w->slot[i];
    return NULL;
}

/* --- clocks ------------------------------------------------------------------------- */
/* A zone one hour ahead, two in summer; the year has 365 days and changes on fixed ones, at 1:00
 * UTC, which is as good as any. */
int32_t world_offset(int64_t utc_s)
{
    int64_t day_s = 86400, year_s = 365 * day_s;
    int64_t in_year = (utc_s % year_s + year_s) % year_s;
    bool summer = in_year >= 86 * day_s + 3600 && in_year < 300 * day_s + 3600;
    return summer ? 7200 : 3600;
}

int64_t world_wall(const struct world *w)
{
    static const int64_t begin_s[] = {1700000000, /* and moments before the clocks change */
                                      50 * 365 * 86400LL + 86 * 86400LL + 3590,
                                      50 * 365 * 86400LL + 300 * 86400LL + 3590,
                                      50 * 365 * 86400LL + 300 * 86400LL - 10,
                                      50 * 365 * 86400LL + 86 * 86400LL + 1700,
                                      1709164790, /* 29 February */
                                      -10,        /* before 1970 */
                                      1735689590};
    size_t n = sizeof begin_s / sizeof *begin_s;
    return begin_s[(uint64_t)w->model.fleet[F_WALL] % n] * 1000 + w->wall_base + (int64_t)w->now;
}

static void rung(struct world *w, uint64_t *at, uint32_t n, uint32_t slot)
{
    if (*at == w->now && n > RINGS_MAX + 4 * (uint32_t)w->room)
        world_fail(w, "alarm-storm", "slot %u: %u alarms at %llu", slot, n,
                   (unsigned long long)w->now);
    *at = w->now;
}

static void ring(struct world *w, const struct due *d)
{
    if (d->slot == SLOT_FLEET) {
        if (w->fleet_alarm != d->arg)
            return;
        w->fleet_rings = w->fleet_rings_at == w->now ? w->fleet_rings + 1 : 0;
        rung(w, &w->fleet_rings_at, (uint32_t)w->fleet_rings, d->slot);
        w->fleet_alarm = 0;
    } else {
        struct slot *s = &w->slot[d->slot];
        if (s->alarm != d->arg)
            return; /* it was replaced or cleared */
        s->rings = s->rings_at == w->now ? s->rings + 1 : 0;
        rung(w, &s->rings_at, s->rings, d->slot);
        s->alarm = 0;
    }
    world_enter(w);
    sup_alarm(w->sup, d->slot);
    world_leave(w);
}

static void happen(struct world *w, const struct due *d)
{
    if (d->kind == DUE_LOOK) {
        queue_put(&w->queue, (struct due){.at = w->now + LOOK_AGAIN_MS, .kind = DUE_LOOK});
        world_enter(w);
        sup_look_all(w->sup);
        world_leave(w);
    } else if (d->kind == DUE_ALARM) {
        ring(w, d);
    } else {
        nature_due(w, d);
    }
}

/* After a time in which nobody could look, or a change of what is looked for. */
static void pardon(struct world *w)
{
    for (size_t i = 0; i < w->room; i++)
        w->slot[i].beat_at = w->now;
}

void world_advance(struct world *w, uint64_t ms, bool late)
{
    uint64_t end = w->now + ms;
    struct due d;
    if (late) {
        w->now = end;
        pardon(w);
    }
    while (w->sup && queue_take(&w->queue, end, &d)) {
        if (d.at > w->now)
            w->now = d.at;
        happen(w, &d);
    }
    w->now = end;
}

/* --- calls -------------------------------------------------------------------------- */
void world_enter(struct world *w)
{
    w->events++;
    w->calls = 0;
}

void world_leave(struct world *w)
{
    if (w->events % w->check_every == 0)
        check_all(w);
}

/* --- definitions -------------------------------------------------------------------- */
static struct held *hold(struct world *w)
{
    struct held *h = calloc(1, sizeof *h);
    if (!h)
        abort();
    h->config = model_config(&w->model, &h->plan);
    if (!h->config)
        abort();
    return h;
}

static void drop(struct held *h)
{
    arena_free(h->config->arena);
    free(h);
}

void world_begin(struct world *w, bool start)
{
    struct hands hands = world_hands;
    struct err e = {0};
    struct held *h = hold(w);
    hands.ctx = w;
    bool calm = w->calm;
    w->calm = true; /* a supervisor that cannot be made is no script */
    w->held = h;
    world_enter(w);
    enum st st = sup_new(h->config, &hands, &w->sup, &e);
    w->calm = calm;
    if (st != ST_OK)
        world_fail(w, "new", "sup_new: %s", e.text);
    world_leave(w);
    if (!start)
        return;
    w->started = true;
    world_enter(w);
    sup_start_all(w->sup);
    world_leave(w);
}

void world_sweep(struct world *w)
{
    for (struct held **p = &w->held; *p;) {
        struct held *h = *p;
        if (h->config == sup_config(w->sup) || sup_uses(w->sup, h->config)) {
            p = &h->next;
            continue;
        }
        *p = h->next;
        drop(h);
    }
}

unsigned world_may(const struct world *w, const struct slot *s)
{
    const struct job_spec *p = s->spec;
    bool requires = w->held->plan.requires[s->job] != 0;
    bool timed = p->restart_schedule.kind != SCHEDULE_NONE;
    const struct config *c = w->held->config;
    bool old = p < c->job || p >= c->job + c->n; /* and to be rolled sooner or later */
    return (old ? 1u << CAUSE_CHANGE : 0) | (p->watchdog ? 1u << CAUSE_WATCHDOG : 0) |
           (p->ready_timeout && p->ready.kind != READY_STARTED ? 1u << CAUSE_NOT_READY : 0) |
           (p->max_runtime ? 1u << CAUSE_MAX_RUNTIME : 0) |
           (timed || w->roll[s->job] == ROLL_ON ? 1u << CAUSE_SCHEDULE : 0) |
           (requires ? 1u << CAUSE_DEPENDENCY : 0);
}

static void mark_changed(struct world *w, const struct config *next)
{
    enum apply cost;
    for (size_t i = 0; i < w->room; i++) {
        struct slot *s = &w->slot[i];
        bool same = false;
        for (size_t k = 0; s->spec && k < next->n; k++)
            if (strcmp(next->job[k].unit, s->spec->unit) == 0)
                same = !diff_jobs(s->spec, &next->job[k], &cost, NULL, NULL);
        if (s->spec && !same)
            s->run.may |= 1u << CAUSE_CHANGE;
    }
}

/* What is known here of a take-over that has just been tried. */
static void taken(struct world *w)
{
    for (uint32_t j = 0; j < JOBS_MAX; j++)
        if (w->held->plan.instances[j] == 0)
            w->roll[j] = NO_ROLL; /* and nobody is told */
    pardon(w);
    mark_changed(w, w->held->config); /* also what was started only now */
    for (size_t i = 0; i < w->room; i++) /* what is live is so for what runs */
        if (w->slot[i].spec)
            w->slot[i].run.may |= world_may(w, &w->slot[i]);
    for (size_t i = 0; i < w->room; i++)
        w->slot[i].walls = UINT64_MAX; /* the next start may still be by another schedule */
}

static enum st call_take(struct world *w, struct held *h, struct err *e)
{
    struct takeover t = {0};
    bool gave_up[JOBS_MAX];
    memcpy(gave_up, w->gave_up, sizeof gave_up);
    memset(w->gave_up, 0, sizeof gave_up);
    h->next = w->held;
    w->held = h; /* the hands look it up while the call lasts */
    w->taking = true;
    world_enter(w);
    enum st st = sup_take(w->sup, h->config, &t, e);
    w->taking = false;
    if (st != ST_OK) {
        w->held = h->next;
        for (uint32_t j = 0; j < JOBS_MAX; j++)
            w->gave_up[j] = w->gave_up[j] || gave_up[j];
        drop(h);
    }
    return st;
}

bool world_take(struct world *w)
{
    struct err e = {0};
    struct held *h = hold(w);
    if (w->check_every > 1) { /* the supervisor is to be measured, and not this */
        bool ok = call_take(w, h, &e) == ST_OK;
        world_sweep(w);
        return ok;
    }
    struct before *b = check_before_take(w);
    check_compare(b, w, h->config);
    mark_changed(w, h->config);
    enum st st = call_take(w, h, &e);
    taken(w);
    check_after_take(w, b, st == ST_OK);
    world_leave(w);
    if (st != ST_OK && st != ST_NOMEM && !(st == ST_BUSY && w->stopping))
        world_fail(w, "take", "refused for no reason: %s", e.text);
    return st == ST_OK;
}
