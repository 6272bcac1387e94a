/* commit.c - a take-over, once there is memory for all of it: whose definition changes how, who is
 * new and who is gone. */
#include "service/supervise/take.h"

#include "config/diff.h"

#include <stdlib.h>
#include <string.h>

/* --- one unit -------------------------------------------------------------------------- */
static struct unit *free_slot(struct sup *s, struct draft *t)
{
    while (s->unit[t->slot]->spec)
        t->slot++;
    return s->unit[t->slot];
}

static struct unit *add_unit(struct sup *s, struct draft *t, const struct job_spec *spec)
{
    struct unit *u = s->free > 0 ? free_slot(s, t) : NULL;
    if (u) {
        s->free--;
        *u = (struct unit){.id = u->id, .queued = u->queued};
    } else {
        u = t->unit[--t->fresh];
        u->id = s->n; /* generation 0 is no run */
        s->unit[s->n++] = u;
        s->in_state[S_STOPPED]++;
    }
    u->spec = spec;
    u->held = EVENTS;
    u->fresh = true;
    u->limit = u->limit_last = u->last.limit = u->record.end.limit = LIMIT_NONE;
    s->hands.adopt(s->hands.ctx, (uint32_t)u->id, spec);
    t->done.added++;
    return u;
}

static void adopt(struct sup *s, struct unit *u, const struct job_spec *spec)
{
    u->spec = spec;
    u->next = NULL;
    s->hands.adopt(s->hands.ctx, (uint32_t)u->id, spec);
}

static bool scheduled(const struct job_spec *spec)
{
    return spec->schedule.kind != SCHEDULE_NONE;
}

/* What only waits for its schedule changes at once, like what is stopped. */
static bool to_be_rolled(const struct unit *u, const struct job_spec *spec)
{
    bool rests = u->at == S_FAILED || u->at == S_EXITED || u->at == S_BACKOFF;
    return u->spawned || (rests && !scheduled(spec) && !scheduled(u->spec));
}

/* A run by a schedule has its end, and a reload is no reason to cut it off. */
static bool ends_by_itself(const struct unit *u, const struct job_spec *spec)
{
    return u->spawned && scheduled(u->spec) && scheduled(spec);
}

static void change_unit(struct sup *s, struct draft *t, struct unit *u, const struct job_spec *spec)
{
    enum apply cost = APPLY_LIVE;
    bool back = u->retired;
    bool to_start = scheduled(u->spec) && !scheduled(spec) && !u->spawned && u->want_up;
    u->retired = false;
    u->asked = u->rolling || (u->asked && !u->next); /* the last by restart_schedule */
    if (!diff_jobs(u->spec, spec, &cost, NULL, NULL)) {
        adopt(s, u, spec);
        t->done.same += !back;
    } else if (cost <= APPLY_RELIMIT) {
        adopt(s, u, spec);
        probe_renew(s, u, fleet_now(s));
        fleet_say(s, u, H_CHANGED, 0, cost == APPLY_LIVE ? "without a restart"
                                                         : "new limits, without a restart");
        *(cost == APPLY_LIVE ? &t->done.live : &t->done.relimit) += !back;
    } else if (ends_by_itself(u, spec)) {
        u->next = spec;
        t->done.live += !back;
    } else if (to_be_rolled(u, spec) && (u->want_up || u->spawned)) {
        u->next = spec;
        u->asked = true;
        t->done.roll += !back;
    } else {
        adopt(s, u, spec);
        fleet_say(s, u, H_CHANGED, 0, "from its next start on");
        t->done.live += !back;
    }
    u->fresh = to_start;
    if (back) {
        u->want_up = s->started;
        u->fresh = true;
        u->held = EVENTS;
        u->ordered = u->spawned && order_keeps(u->cause);
        t->done.added++;
    }
}

static void put_unit(struct crew *c, struct unit *u)
{
    u->crew = c;
    c->unit[c->n++] = u;
}

/* The units of definition I from the crew OLD and new ones, by their numbers; what OLD has more is
 * retired. */
static void fill_crew(struct sup *s, struct draft *t, struct crew *c, struct crew *old,
                      const struct definition *d)
{
    uint32_t i = 0, k = 0, olds = old ? old->n : 0;
    while (i < d->n || k < olds) {
        const struct job_spec *spec = i < d->n ? &t->next->job[d->first + i] : NULL;
        struct unit *was = k < olds ? old->unit[k] : NULL;
        if (spec && was && spec->instance == was->spec->instance) {
            put_unit(c, was);
            change_unit(s, t, was, spec);
            i++;
            k++;
        } else if (spec && (!was || spec->instance < was->spec->instance)) {
            put_unit(c, add_unit(s, t, spec));
            i++;
        } else {
            put_unit(c, was);
            t->done.removed += !was->retired;
            was->retired = c->retiring = true;
            k++;
        }
    }
}

/* The next times of a schedule that reads the same stay. */
static void keep_times(struct crew *c, const struct crew *old)
{
    if (!c->spec || !old->spec)
        return;
    if (strcmp(c->spec->schedule.text, old->spec->schedule.text) == 0) {
        c->run_nominal = old->run_nominal;
        c->run_at = old->run_at;
    }
    if (strcmp(c->spec->restart_schedule.text, old->spec->restart_schedule.text) == 0) {
        c->restart_nominal = old->restart_nominal;
        c->restart_at = old->restart_at;
    }
}

static void keep_roll(struct sup *s, struct crew *c, struct crew *old)
{
    if (!old->roll.on)
        return;
    struct crew **at = &s->rolls;
    while (*at != old)
        at = &(*at)->roll.link;
    *at = c;
    c->roll = old->roll;
    c->roll.next = 0; /* places have moved */
    old->roll.on = false;
}

static void tie(struct draft *t)
{
    for (size_t i = 0; i < t->next->jobs; i++) {
        const struct deps *d = &t->next->definition[i].deps;
        for (uint32_t k = 0; k < d->n; k++) {
            struct crew *needed = t->crew[d->dep[k].job];
            t->crew[i]->need[t->crew[i]->needs++] = (struct need){needed, d->dep[k].required};
            needed->user[needed->users++] = (struct need){t->crew[i], d->dep[k].required};
        }
    }
}

/* --- all of them ----------------------------------------------------------------------- */
/* Nobody defines C any more: its units go, and it after them. */
static void bid_farewell(struct sup *s, struct draft *t, struct crew *c)
{
    roll_drop(s, c);
    c->def = NULL;
    c->spec = NULL;
    c->needs = c->users = 0;
    c->retiring = true;
    for (uint32_t i = 0; i < c->n; i++) {
        t->done.removed += !c->unit[i]->retired;
        c->unit[i]->retired = true;
        c->unit[i]->next = NULL;
    }
    c->gone_link = s->gone;
    s->gone = c;
}

static void replace_crews(struct sup *s, struct draft *t)
{
    for (size_t i = 0; i < t->next->jobs; i++) {
        const struct definition *d = &t->next->definition[i];
        struct crew *c = t->crew[i], *old = t->old[i];
        c->name = d->name;
        c->def = d;
        c->spec = d->n > 0 ? &t->next->job[d->first] : NULL;
        if (old) {
            keep_times(c, old);
            keep_roll(s, c, old);
            old->replaced = true;
        }
        fill_crew(s, t, c, old, d);
    }
    struct crew *gone = s->gone;
    s->gone = NULL;
    for (struct crew *c = gone, *next; c; c = next) {
        next = c->gone_link;
        c->gone_link = s->gone;
        if (!c->replaced)
            s->gone = c;
        else
            crew_free(c);
    }
    for (size_t i = 0; i < s->crews; i++) {
        if (!s->crew[i]->replaced)
            bid_farewell(s, t, s->crew[i]);
        else
            crew_free(s->crew[i]);
    }
    free(s->crew);
    s->crew = t->crew;
    s->crews = t->next->jobs;
}

static void count_all(struct sup *s)
{
    for (struct crew *c = s->gone; c; c = c->gone_link)
        memset(c->count, 0, sizeof c->count);
    for (size_t i = 0; i < s->n; i++) {
        if (!s->unit[i]->spec)
            continue;
        s->unit[i]->standing = 0;
        order_count(s, s->unit[i]);
    }
    for (size_t i = 0; i < s->crews; i++) {
        s->crew[i]->review = true;
        order_touch(s, s->crew[i]);
    }
}

/* First all that are to come: nobody overlooks whom it waits for, nor takes its job for lost. */
static void want_fresh(struct sup *s)
{
    for (size_t i = 0; s->started && i < s->n; i++) {
        struct unit *u = s->unit[i];
        if (!u->spec || !u->fresh || u->retired || u->at != S_STOPPED)
            continue;
        u->want_up = true;
        order_count(s, u);
    }
    order_find_statuses(s);
}

static bool rests(const struct unit *u)
{
    return u->at == S_EXITED || u->at == S_FAILED;
}

static bool has_changed(const struct crew *c)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (c->unit[i]->asked && c->unit[i]->next)
            return true;
    return false;
}

static void follow_up(struct sup *s)
{
    want_fresh(s);
    for (size_t i = 0; i < s->n; i++) {
        struct unit *u = s->unit[i];
        bool gone = u->spec && u->retired;
        if (gone) {
            u->asked = u->rolling = u->want_up = false;
            order_down(s, u, E_WANT_DOWN, CAUSE_CHANGE);
            order_touch(s, u->crew);
        } else if (u->spec && u->want_up && (u->at == S_STOPPED || (u->fresh && rests(u)))) {
            apply_event(s, u, E_WANT_UP);
        } else if (u->spec && u->at == S_WAITING && u->waits == WAIT_SCHEDULE) {
            apply_event(s, u, E_LINE_UP); /* which it may have no more */
        }
        if (u->spec) {
            u->fresh = false;
            watch_arm(s, u);
        }
    }
    for (size_t i = 0; i < s->crews; i++)
        if (has_changed(s->crew[i]))
            roll_begin(s, s->crew[i], CAUSE_CHANGE, "the definition has changed");
}

void take_commit(struct sup *s, struct draft *t)
{
    replace_crews(s, t);
    s->config = t->next;
    tie(t);
    count_all(s);
    plan_begin(s);
    follow_up(s);
    free(t->old);
    free(t->unit);
}

enum st sup_take(struct sup *s, const struct config *next, struct takeover *ret, struct err *e)
{
    struct draft t;
    if (s->stopping)
        return err_say(e, ST_BUSY, "the fleet is being stopped");
    fleet_settle(s);
    enum st st = take_draft(s, next, &t, e);
    if (st != ST_OK)
        return st;
    take_commit(s, &t);
    *ret = t.done;
    fleet_settle(s);
    return ST_OK;
}

/* --- those that are gone --------------------------------------------------------------- */
static bool is_down(const struct unit *u)
{
    return !u->spawned && (u->at == S_STOPPED || u->at == S_FAILED || u->at == S_EXITED);
}

static void free_unit(struct sup *s, struct unit *u)
{
    fleet_move(s, u, S_STOPPED, fleet_now(s));
    u->want_up = false;
    order_count(s, u);
    watch_arm(s, u);
    fleet_say(s, u, H_REMOVED, 0, NULL);
    u->spec = u->next = NULL;
    u->crew = NULL;
    s->free++;
    s->hands.adopt(s->hands.ctx, (uint32_t)u->id, NULL);
}

void take_free_retired(struct sup *s, struct crew *c)
{
    uint32_t kept = 0;
    if (!c->retiring)
        return;
    c->retiring = false;
    for (uint32_t i = 0; i < c->n; i++) {
        struct unit *u = c->unit[i];
        if (u->retired && is_down(u)) {
            free_unit(s, u);
            continue;
        }
        c->retiring = c->retiring || u->retired;
        c->unit[kept++] = u;
    }
    c->n = kept;
    c->roll.next = 0; /* places have moved */
}

void take_free_crews(struct sup *s)
{
    for (struct crew **at = &s->gone; *at;) {
        struct crew *c = *at;
        if (c->n > 0 || c->touched) {
            at = &c->gone_link;
            continue;
        }
        *at = c->gone_link;
        crew_free(c);
    }
}
