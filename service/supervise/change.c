/* change.c - one unit in a take-over: the same, changed, new, or in no definition any more. */
#include "service/supervise/take.h"

#include "config/diff.h"

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

/* What only waits for its schedule changes at once, like what is stopped. */
static bool to_be_rolled(const struct unit *u, const struct job_spec *spec)
{
    bool rests = u->at == S_FAILED || u->at == S_EXITED || u->at == S_BACKOFF;
    bool timed = schedule_set(&u->spec->schedule) || schedule_set(&spec->schedule);
    return u->spawned || (rests && !timed);
}

/* A run by a schedule has its end, and a reload is no reason to cut it off. */
static bool ends_by_itself(const struct unit *u, const struct job_spec *spec)
{
    return u->spawned && schedule_set(&u->spec->schedule) && schedule_set(&spec->schedule);
}

static void change_unit(struct sup *s, struct draft *t, struct unit *u, const struct job_spec *spec)
{
    enum apply cost = APPLY_LIVE;
    bool back = u->retired;
    bool freed = schedule_set(&u->spec->schedule) && !schedule_set(&spec->schedule);
    bool to_start = freed && !u->spawned && u->want_up;
    u->retired = false;
    u->asked = u->rolling || u->anew || (u->asked && !u->next); /* the last by restart_schedule */
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
        u->proven = u->proven && u->at == S_RUNNING; /* a new beginning */
        u->fresh = true;
        u->held = EVENTS;
        u->ordered = u->spawned && order_keeps(u);
        t->done.added++;
    }
}

static void put_unit(struct crew *c, struct unit *u)
{
    u->crew = c;
    c->unit[c->n++] = u;
}

void take_fill_crew(struct sup *s, struct draft *t, struct crew *c, struct crew *old,
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
