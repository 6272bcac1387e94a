/* check_order.c - who waits for whom, worked out anew from the states of all units. */
#include "tests/simulate/world.h"

#include <inttypes.h>

/* What a job counts for; the same words as in service/supervise/crew.h. */
struct job_state {
    uint32_t pending, up, done, coming, live, leaving;
    bool known, lost, settled, ready;
};

struct order {
    struct job_state of[JOBS_MAX];
    uint32_t starting;
    bool by_its_word; /* who was ready since its order: by the supervisor's own account */
};

static void count(struct order *o, const struct slot *s, const struct unit *u)
{
    struct job_state *j = &o->of[s->job];
    bool coming = u->want_up && u->at != S_FAILED && u->at != S_EXITED;
    bool timed = u->at == S_WAITING && u->waits == WAIT_SCHEDULE;
    bool proven = u->at == S_RUNNING || (o->by_its_word ? u->proven : s->proven);
    j->pending += coming && !proven && !timed;
    j->up += u->at == S_RUNNING && u->want_up;
    j->done += u->at == S_EXITED;
    j->coming += coming;
    j->live += s->run.open;
    j->leaving += s->run.open && !u->want_up;
    o->starting += u->at == S_STARTING || u->at == S_PREPARING;
}

static void conclude(const struct world *w, struct order *o, uint32_t job)
{
    struct job_state *j = &o->of[job];
    uint64_t needs = w->held->plan.requires[job];
    bool doomed = false;
    if (j->known)
        return;
    j->known = true;
    for (uint32_t k = 0; k < w->model.jobs; k++)
        if (needs >> k & 1) {
            conclude(w, o, k);
            doomed = doomed || o->of[k].lost;
        }
    j->lost = j->done == 0 && (doomed || j->coming == 0);
    j->settled = j->lost || j->pending == 0;
    j->ready = j->settled && !j->lost && (j->done > 0 || j->up > 0);
}

/* Of all but the slot LEFT_OUT, which is the one that asks. */
static void survey(struct world *w, struct order *o, uint32_t left_out)
{
    *o = (struct order){.by_its_word = left_out == UINT32_MAX};
    for (size_t i = 0; i < sup_count(w->sup); i++) {
        const struct unit *u = sup_unit(w->sup, i);
        if (u->spec && (uint32_t)i != left_out)
            count(o, &w->slot[i], u);
    }
    for (uint32_t j = 0; j < w->model.jobs; j++)
        conclude(w, o, j);
}

/* The job that SLOT's has to wait for, or JOBS_MAX. */
static uint32_t waits_for(const struct world *w, const struct order *o, uint32_t job)
{
    const struct plan *p = &w->held->plan;
    for (uint32_t k = 0; k < w->model.jobs; k++) {
        bool required = p->requires[job] >> k & 1;
        if (p->after[job] >> k & 1 && !(required ? o->of[k].ready : o->of[k].settled))
            return k;
    }
    return JOBS_MAX;
}

static bool full(const struct world *w, const struct order *o)
{
    uint64_t most = w->held->config->service.max_concurrent_starts;
    return most != 0 && o->starting >= most;
}

void check_start(struct world *w, uint32_t slot)
{
    const struct unit *u = sup_unit(w->sup, slot);
    const struct slot *s = &w->slot[slot];
    struct order o;
    if (w->stopping)
        world_fail(w, "start-while-stopping", "%s is started", s->spec->unit);
    if (!u->want_up)
        world_fail(w, "start-unwanted", "%s is started", s->spec->unit);
    check_schedule(w, &w->slot[slot]);
    if (w->check_every > 1 || w->taking) /* maybe by what held a moment before */
        return;
    survey(w, &o, slot);
    if (full(w, &o))
        world_fail(w, "concurrency", "%s is started while %" PRIu32 " others are", s->spec->unit,
                   o.starting);
    uint32_t first = waits_for(w, &o, s->job);
    if (first < JOBS_MAX)
        world_fail(w, "order", "%s is started before j%" PRIu32, s->spec->unit, first);
}

/* --- after every call --------------------------------------------------------------- */
/* Who still runs that needs JOB, or JOBS_MAX. */
static uint32_t user_of(const struct world *w, const struct order *o, uint32_t job)
{
    const struct plan *p = &w->held->plan;
    for (uint32_t k = 0; k < w->model.jobs; k++) {
        bool needs = p->after[k] >> job & 1, required = p->requires[k] >> job & 1;
        if (needs && (required ? o->of[k].live : o->of[k].leaving) > 0)
            return k;
    }
    return JOBS_MAX;
}

static bool doomed(const struct world *w, const struct order *o, uint32_t job)
{
    for (uint32_t k = 0; k < w->model.jobs; k++)
        if (w->held->plan.requires[job] >> k & 1 && o->of[k].lost)
            return true;
    return false;
}

static void check_waiting(struct world *w, const struct order *o, const struct slot *s,
                          const struct unit *u)
{
    const char *name = s->spec->unit;
    bool clear = waits_for(w, o, s->job) == JOBS_MAX;
    if (u->waits == WAIT_JOB && clear)
        world_fail(w, "wanted", "%s waits for a job, and all are ready", name);
    if (u->waits == WAIT_SCHEDULE && w->fleet_alarm == 0)
        world_fail(w, "wanted", "%s waits for its schedule, and no alarm is set", name);
    if (u->waits == WAIT_TURN && w->fleet_alarm == 0 && !full(w, o))
        world_fail(w, "wanted", "%s waits for its turn, and it is nobody's", name);
    if (u->waits == WAIT_NOTHING || u->waits >= WAITS)
        world_fail(w, "wanted", "%s waits for nothing", name);
}

void check_order(struct world *w)
{
    struct order o;
    survey(w, &o, UINT32_MAX);
    for (size_t i = 0; i < sup_count(w->sup); i++) {
        const struct unit *u = sup_unit(w->sup, i);
        const struct slot *s = &w->slot[i];
        if (!u->spec)
            continue;
        if (u->at == S_WAITING)
            check_waiting(w, &o, s, u);
        bool up = u->at == S_PREPARING || u->at == S_STARTING || u->at == S_RUNNING;
        bool needed = user_of(w, &o, s->job) != JOBS_MAX;
        if (up && !w->stopping && !needed && doomed(w, &o, s->job))
            world_fail(w, "dependent", "%s is %s, and a job that it requires is not to come back",
                       s->spec->unit, state_names[u->at]);
        if (u->held != EVENTS && !needed)
            world_fail(w, "stop-ends", "%s is held back from stopping by nobody", s->spec->unit);
    }
}

/* In a stop of the fleet who is needed goes down after those who need it, until the budget ends;
 * what was on its way down before is its own affair. */
void check_asked(struct world *w, uint32_t slot)
{
    const struct slot *s = &w->slot[slot];
    struct order o;
    bool by_stop = sup_unit(w->sup, slot)->cause == CAUSE_SHUTDOWN;
    if (!w->stopping || !by_stop || w->ended || s->going || s->run.asked || s->run.killed ||
        w->check_every > 1 || w->now >= w->end_at)
        return;
    survey(w, &o, UINT32_MAX);
    uint32_t user = user_of(w, &o, s->job);
    if (user < JOBS_MAX && s->run.main_alive)
        world_fail(w, "stop-order", "%s is stopped before j%" PRIu32, s->spec->unit, user);
}
