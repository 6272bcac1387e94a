/* commit.c - a take-over, once there is memory for all of it: crews are replaced, then what follows
 * from that.  change.c has the single units, retire.c those that are gone. */
#include "service/supervise/take.h"

#include <stdlib.h>
#include <string.h>

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
        take_fill_crew(s, t, c, old, d);
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
            u->asked = u->anew = u->rolling = u->want_up = false;
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
            roll_begin(s, s->crew[i], "the definition has changed");
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
