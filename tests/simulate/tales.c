/* tales.c - what the supervisor tells, against what is true. */
#include "tests/simulate/world.h"

#include "common/exit_code.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct slot *slot_of(struct world *w, const struct unit *u)
{
    uint32_t i = (uint32_t)u->id;
    if (i >= w->room || !u->spec || !w->slot[i].spec)
        world_fail(w, "free-slot", "something is told about a slot that is free");
    if (w->slot[i].spec != u->spec)
        world_fail(w, "limits", "%s is not held by the definition that it has", u->spec->unit);
    return &w->slot[i];
}

/* --- causes ------------------------------------------------------------------------- */
static bool plausible(const struct slot *s, const struct ending *end)
{
    const struct run *r = &s->run;
    bool abnormal = exit_code_abnormal(end->code);
    if (end->cause == CAUSE_NONE || end->cause >= CAUSES)
        return false;
    if (!s->attempt.spawned)
        return s->attempt.failed && (end->cause == CAUSE_NOT_STARTED || end->cause == CAUSE_HOOK);
    if (end->cause == CAUSE_EXIT || end->cause == CAUSE_CRASH)
        return r->by_itself && abnormal == (end->cause == CAUSE_CRASH);
    if (end->slain && (end->cause != CAUSE_OPERATOR || !r->slain || !r->killed))
        return false;
    if (r->by_itself && !r->asked && !r->killed)
        return end->cause == CAUSE_LIMIT && r->may >> CAUSE_LIMIT & 1;
    return r->may >> end->cause & 1;
}

static void check_ending(struct world *w, const struct slot *s, const struct ending *end)
{
    const struct run *r = &s->run;
    if (!plausible(s, end))
        world_fail(w, "cause", "%s ended by cause %s with code %" PRIu32 ": %s%s%s",
                   s->spec->unit, end->cause < CAUSES ? cause_names[end->cause] : "?", end->code,
                   r->by_itself ? "by itself " : "", r->asked ? "asked " : "",
                   r->killed ? "killed" : "");
    if ((end->cause == CAUSE_LIMIT) != (end->limit != LIMIT_NONE))
        world_fail(w, "cause", "%s: a limit without that cause, or the cause without a limit",
                   s->spec->unit);
    if (s->attempt.spawned && end->code != r->code)
        world_fail(w, "cause", "%s ended with code %" PRIu32 " and not %" PRIu32, s->spec->unit,
                   r->code, end->code);
}

static void ended(struct world *w, struct slot *s, const struct unit *u)
{
    struct run *r = &s->run;
    if (!r->open || r->main_alive || r->ended_told++ > 0)
        world_fail(w, "cause", "%s: an end is told that was not, or was told", s->spec->unit);
    if (u->pid != r->pid)
        world_fail(w, "cause", "%s: the pid of its end is another", s->spec->unit);
    check_ending(w, s, &u->last);
}

/* --- records ------------------------------------------------------------------------ */
static void recorded(struct world *w, struct slot *s, const struct unit *u)
{
    const struct record *rec = &u->record;
    const struct run *r = &s->run;
    if (s->attempt.id != u->id || s->attempt.told++ > 0)
        world_fail(w, "one-record", "%s: a second record of a run, or one of none", s->spec->unit);
    if (!s->attempt.spawned) {
        if (rec->pid != 0 || rec->ready_at != 0 || rec->ended_at != 0)
            world_fail(w, "one-record", "%s: a start that failed has a run", s->spec->unit);
    } else if (rec->pid != r->pid || rec->spawned_at != r->spawned_at ||
               rec->ended_at < r->ended_at || r->was_ready != (rec->ready_at != 0)) {
        world_fail(w, "one-record", "%s: the record is not of this run", s->spec->unit);
    }
    check_ending(w, s, &rec->end);
    if (rec->start == 0 || rec->next == S_STARTING || rec->next == S_RUNNING ||
        rec->next >= STATES || !rec->reason)
        world_fail(w, "one-record", "%s: the record is not whole", s->spec->unit);
}

/* --- rolls -------------------------------------------------------------------------- */
static uint32_t parallel_of(const struct world *w, const struct slot *s)
{
    const struct config *c = w->held->config;
    uint32_t most = s->spec->restart_parallel;
    for (size_t i = 0; i < c->n; i++)
        if (model_number(c->job[i].job) == s->job && c->job[i].restart_parallel > most)
            most = c->job[i].restart_parallel;
    return most;
}

static bool defined(const struct world *w, const struct slot *s)
{
    const struct config *c = w->held->config;
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->job[i].unit, s->spec->unit) == 0)
            return true;
    return false;
}

/* A stop by CAUSE, which has just begun, is a roll's. */
static bool by_roll(const struct slot *s, const struct unit *u, const char *cause)
{
    bool order = strcmp(cause, cause_names[CAUSE_OPERATOR]) == 0;
    bool anew = u->want_up && s->anew == s->run.id && !s->run.slain;
    return strcmp(cause, cause_names[CAUSE_CHANGE]) == 0 ||
           strcmp(cause, cause_names[CAUSE_SCHEDULE]) == 0 || (order && anew);
}

static void stopping(struct world *w, struct slot *s, const struct unit *u, const char *cause)
{
    bool roll = by_roll(s, u, cause);
    uint32_t down = 1;
    if (!roll || !defined(w, s))
        return;
    for (size_t i = 0; i < w->room; i++)
        down += &w->slot[i] != s && w->slot[i].spec && w->slot[i].job == s->job &&
                w->slot[i].rolled && defined(w, &w->slot[i]);
    if (down > parallel_of(w, s))
        world_fail(w, "rolling", "%s is the %" PRIu32 "th of its job that a roll takes down",
                   s->spec->unit, down);
    s->rolled = true;
}

static void roll_over(struct world *w, const struct slot *s)
{
    for (size_t i = 0; i < w->room; i++)
        if (w->slot[i].job == s->job)
            w->slot[i].rolled = false;
}

/* Nobody sees to the others any more. */
static void roll_stopped(struct world *w, const struct slot *s)
{
    w->gave_up[s->job] = true;
    for (size_t i = 0; i < w->room; i++)
        if (w->slot[i].job == s->job)
            w->slot[i].anew = 0;
}

/* --- health ------------------------------------------------------------------------- */
static void unhealthy(struct world *w, struct slot *s, uint64_t number)
{
    if (number != s->bad_rounds + 1)
        world_fail(w, "health", "%s: failed round %" PRIu64 " after %" PRIu64, s->spec->unit,
                   number, s->bad_rounds);
    s->bad_rounds = number;
    s->must_go = number >= s->spec->health_failures;
}

static void about(struct world *w, struct slot *s, const struct tale *t)
{
    const struct unit *u = t->unit;
    switch (t->what) {
    case H_STARTED:
        s->bad_rounds = 0;
        s->must_go = false;
        break;
    case H_WAITING:
        s->rolled = s->rolled && u->waits != WAIT_SCHEDULE;
        break;
    case H_READY:
        s->run.was_ready = s->proven = true;
        s->rolled = false;
        s->bad_rounds = 0;
        s->beat_at = w->now;
        break;
    case H_UNHEALTHY:
        unhealthy(w, s, t->number);
        break;
    case H_HEALTHY:
        if (t->number != s->bad_rounds)
            world_fail(w, "health", "%s: well after %" PRIu64 " rounds", s->spec->unit, t->number);
        s->bad_rounds = 0;
        break;
    case H_ENDED:
        ended(w, s, u);
        break;
    case H_RUN:
        recorded(w, s, u);
        s->again = u->record.next == S_WAITING;
        break;
    case H_STOPPING:
        s->must_go = false;
        stopping(w, s, u, t->text);
        break;
    case H_BACKOFF:
        s->backoff_at = w->now + t->number;
        s->again = true;
        break;
    case H_ROLL:
        w->roll[s->job] = ROLL_ON;
        break;
    case H_STOPPED:
    case H_FAILED:
    case H_DONE:
        s->rolled = false;
        break;
    case H_ROLLED:
    case H_ROLL_STOPPED:
        roll_over(w, s);
        w->roll[s->job] = NO_ROLL;
        if (t->what == H_ROLL_STOPPED)
            roll_stopped(w, s);
        break;
    case H_IMPOSSIBLE:
        world_fail(w, "impossible", "%s: %s in %s", s->spec->unit, t->text, state_names[u->at]);
    default:
        break;
    }
}

const char *const tale_words[HAPPENINGS] = {
    [H_WAITING] = "waiting",
    [H_STARTED] = "started",
    [H_NOT_STARTED] = "not started",
    [H_READY] = "ready",
    [H_UNHEALTHY] = "unhealthy",
    [H_HEALTHY] = "healthy",
    [H_RUN] = "run",
    [H_ENDED] = "ended",
    [H_LEFTOVERS] = "leftovers",
    [H_STOPPING] = "stopping",
    [H_HELD] = "held",
    [H_RUNG] = "rung",
    [H_RUNG_FAILED] = "rung failed",
    [H_KILLED] = "killed",
    [H_STUBBORN] = "stubborn",
    [H_BLIND] = "blind",
    [H_BACKOFF] = "backoff",
    [H_DONE] = "done",
    [H_FAILED] = "failed",
    [H_STOPPED] = "stopped",
    [H_MISSED] = "missed",
    [H_CHANGED] = "changed",
    [H_REMOVED] = "removed",
    [H_ROLL] = "roll",
    [H_ROLLED] = "rolled",
    [H_ROLL_STOPPED] = "roll stopped",
    [H_IMPOSSIBLE] = "impossible",
};

void tale_told(struct world *w, const struct tale *t)
{
    struct slot *s = slot_of(w, t->unit);
    if (w->chatty)
        printf("%8" PRIu64 " %-8s %-12s %" PRIu64 " %s%s%s\n", w->now, s->spec->unit,
               tale_words[t->what], t->number, t->text ? t->text : "",
               t->what == H_ENDED ? " by " : "",
               t->what == H_ENDED ? cause_names[t->unit->last.cause] : "");
    w->hash = (w->hash ^ (w->now + world_index(w, s) + ((uint64_t)t->what << 32))) *
              UINT64_C(0x9E3779B97F4A7C15);
    w->outcome->tales[t->what]++;
    about(w, s, t);
}
