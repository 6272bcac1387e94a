/* steps.c - does a script, step by step, in a world of its own. */
#include "tests/simulate/script.h"
#include "tests/simulate/world.h"

#include <inttypes.h>
#include <stdio.h>

enum { BUDGET_MS = 5000, GRACE_MS = STUBBORN_MS + 3 * LOOK_LATE_MS + 2000 };
#define ADVANCE_MAX (UINT64_C(400) * 86400 * 1000)

static uint64_t old(uint64_t id)
{
    return id - (UINT64_C(1) << 32);
}

static uint64_t ms_of(int64_t arg)
{
    uint64_t ms = arg < 0 ? 0 : (uint64_t)arg;
    return ms < ADVANCE_MAX ? ms : ADVANCE_MAX;
}

/* --- settings ----------------------------------------------------------------------- */
static void set(struct world *w, const int64_t *a)
{
    if ((uint64_t)a[0] >= JOBS_MAX || (uint64_t)a[1] >= PARAMS)
        return;
    w->model.job[a[0]][a[1]] = a[2];
    if (w->model.jobs <= (uint32_t)a[0])
        w->model.jobs = (uint32_t)a[0] + 1;
}

static void set_wall(struct world *w, int64_t ms)
{
    w->wall_base += ms;
    w->walls++;
}

/* --- stops -------------------------------------------------------------------------- */
static void stop_begins(struct world *w, uint64_t budget)
{
    uint64_t end = w->now + budget;
    if (!w->stopping || end < w->end_at)
        w->end_at = end;
    for (size_t i = 0; i < w->room; i++) {
        struct slot *s = &w->slot[i];
        s->run.may |= 1u << CAUSE_SHUTDOWN;
        if (s->spec && !w->stopping)
            s->going = sup_unit(w->sup, i)->at == S_STOPPING;
    }
    w->stopping = true;
}

static void stop_all(struct world *w, uint64_t budget)
{
    stop_begins(w, budget);
    world_enter(w);
    sup_stop_all(w->sup, CAUSE_SHUTDOWN, budget);
    world_leave(w);
}

static void stop_next(struct world *w, int64_t times)
{
    bool more = w->stopping;
    for (; times > 0 && more; times--) {
        world_enter(w);
        more = sup_stop_next(w->sup);
        world_leave(w);
    }
}

static void end_now(struct world *w)
{
    stop_begins(w, 0);
    w->ended = true;
    world_enter(w);
    sup_end_now(w->sup);
    world_leave(w);
}

/* --- one unit ----------------------------------------------------------------------- */
static void limit(struct world *w, struct slot *s, const int64_t *a)
{
    enum limit_id id = (enum limit_id)((uint64_t)a[2] % LIMIT_REACHABLE);
    enum reaction what = (enum reaction)(1 + (uint64_t)a[3] % (REACTIONS - 1));
    const uint32_t pids[] = {s->run.pid, 0, 7};
    uint64_t how = (uint64_t)a[4] % 7, run = s->run.id;
    s->run.may |= 1u << CAUSE_LIMIT;
    world_enter(w);
    if (how == 0)
        sup_limit(w->sup, run, id, what);
    else if (how == 1)
        sup_limit_kill(w->sup, run, id, what);
    else if (how == 2)
        sup_limit_refused(w->sup, run, id, what);
    else if (how == 3)
        sup_limit_blame(w->sup, run, id, what);
    else
        sup_limit_ended(w->sup, run, pids[how - 4], id, what);
    world_leave(w);
}

static void members(struct slot *s, const int64_t *a)
{
    struct run *r = &s->run;
    if (!r->open || (!r->main_alive && r->members == 0))
        return; /* an empty job stays so */
    r->members = (uint32_t)((uint64_t)a[2] % 8);
    r->hosts = (uint32_t)((uint64_t)a[3] % (r->members + 1));
}

static void prepared(struct world *w, struct slot *s, const int64_t *a)
{
    uint64_t id = s->preparing ? s->preparing : s->attempt.id;
    if (id && (s->preparing || a[3]))
        nature_prepared(w, s, a[3] ? old(id) : id, a[2] != 0);
}

static void rung_failed(struct world *w, const struct slot *s, int64_t kind)
{
    world_enter(w);
    sup_note_rung_failed(w->sup, s->run.id, (enum rung_kind)((uint64_t)kind % RUNG_TERMINATE),
                         "it does not listen");
    world_leave(w);
}

static void spurious(struct world *w, const struct slot *s)
{
    world_enter(w);
    sup_alarm(w->sup, world_index(w, s));
    world_leave(w);
}

static void note(struct world *w, const struct slot *s, bool late)
{
    world_enter(w);
    sup_note(w->sup, late ? old(s->run.id) : s->run.id);
    world_leave(w);
}

static void of_unit(struct world *w, const struct script_step *st)
{
    const int64_t *a = st->arg;
    struct slot *s = world_find(w, (uint32_t)a[0], (uint32_t)a[1]);
    if (!s)
        return;
    switch (st->kind) {
    case STEP_START:
    case STEP_STOP:
    case STEP_RESTART:
        orders_give(w, s, st->kind, a[2]);
        break;
    case STEP_KILL:
        orders_kill(w, s);
        break;
    case STEP_EXIT:
        nature_end(w, s, (uint32_t)a[2], a[3] != 0, a[4]);
        break;
    case STEP_MEMBERS:
        members(s, a);
        break;
    case STEP_NOTE:
        note(w, s, a[2] != 0);
        break;
    case STEP_SIGNAL:
        s->signal[a[2] & 1] = s->run.open && s->run.main_alive;
        s->beat_at = w->now;
        break;
    case STEP_ANSWER:
        nature_answer(w, s, a[3] ? s->serial - 1 : s->serial, a[2] != 0);
        break;
    case STEP_PREPARED:
        prepared(w, s, a);
        break;
    case STEP_RING:
        spurious(w, s);
        break;
    case STEP_LIMIT:
        limit(w, s, a);
        break;
    case STEP_RUNG_FAILED:
        rung_failed(w, s, a[2]);
        break;
    default:
        break;
    }
}

/* --- all of them -------------------------------------------------------------------- */
static void call_all(struct world *w, void (*f)(struct sup *s))
{
    world_enter(w);
    f(w->sup);
    world_leave(w);
}

static void start_all(struct world *w)
{
    w->started = true;
    for (size_t i = 0; i < w->room; i++)
        w->slot[i].run.may |= 1u << CAUSE_OPERATOR;
    call_all(w, sup_start_all);
}

/* Steps that need a supervisor. */
static void of_fleet(struct world *w, const struct script_step *st)
{
    const int64_t *a = st->arg;
    switch (st->kind) {
    case STEP_TAKE:
        world_take(w);
        break;
    case STEP_ADVANCE:
    case STEP_LATE:
        world_advance(w, ms_of(a[0]), st->kind == STEP_LATE);
        break;
    case STEP_START_ALL:
        start_all(w);
        break;
    case STEP_LOOK_ALL:
        call_all(w, sup_look_all);
        break;
    case STEP_STOP_ALL:
        stop_all(w, ms_of(a[0]));
        break;
    case STEP_STOP_BEGIN:
        stop_begins(w, ms_of(a[0]));
        world_enter(w);
        sup_stop_begin(w->sup, CAUSE_SHUTDOWN, ms_of(a[0]));
        world_leave(w);
        break;
    case STEP_STOP_NEXT:
        stop_next(w, a[0]);
        break;
    case STEP_END_NOW:
        end_now(w);
        break;
    default:
        of_unit(w, st);
        break;
    }
}

static void step(struct world *w, const struct script_step *st)
{
    if (st->kind == STEP_SET)
        set(w, st->arg);
    else if (st->kind == STEP_FLEET && (uint64_t)st->arg[0] < FLEET_PARAMS)
        w->model.fleet[st->arg[0]] = st->arg[1];
    else if (st->kind == STEP_WALL)
        set_wall(w, st->arg[0]);
    else if (st->kind == STEP_BEGIN && !w->sup)
        world_begin(w, st->arg[0] != 0);
    else if (st->kind != STEP_BEGIN && w->sup)
        of_fleet(w, st);
}

/* In a world that answers and obeys a termination, everything is down when the budget is used up
 * and the longest waits between two looks are over. */
static void finish(struct world *w)
{
    if (!w->sup)
        return;
    w->calm = true;
    stop_all(w, BUDGET_MS);
    world_advance(w, BUDGET_MS + GRACE_MS, false);
    check_down(w);
}

bool script_run(const struct script *s, struct outcome *v, bool chatty)
{
    struct world w;
    world_init(&w, v);
    w.chatty = chatty;
    if (setjmp(w.out)) {
        v->events += w.events;
        return false; /* in the middle of a call of the supervisor: nothing is given back */
    }
    for (v->step = 0; v->step < s->n; v->step++) {
        if (chatty)
            printf("%8" PRIu64 " -- step %zu: %s\n", w.now, v->step,
                   step_rows[s->step[v->step].kind].name);
        step(&w, &s->step[v->step]);
    }
    finish(&w);
    v->events += w.events;
    v->hash = w.hash;
    v->scripts++;
    world_free(&w);
    return true;
}
