/* check_unit.c - what must hold of each unit by itself after every call. */
#include "tests/simulate/world.h"

#include <inttypes.h>

static bool has_run(const struct unit *u)
{
    return u->at == S_STARTING || u->at == S_RUNNING || u->at == S_STOPPING;
}

static bool final(const struct unit *u)
{
    return u->at == S_FAILED || u->at == S_EXITED;
}

static void check_free(struct world *w, uint32_t slot, const struct unit *u)
{
    const struct slot *s = &w->slot[slot];
    if (s->spec || s->run.open || s->preparing || s->alarm || u->spawned || u->want_up)
        world_fail(w, "free-slot", "slot %u is free and not empty", slot);
}

static void check_run(struct world *w, const struct slot *s, const struct unit *u)
{
    const struct run *r = &s->run;
    const char *name = u->spec->unit;
    if (u->spawned != r->open || u->spawned != has_run(u) || (r->open && u->id != r->id))
        world_fail(w, "own-run", "%s is %s and its job is %s", name, state_names[u->at],
                   r->open ? "open" : "closed");
    if ((u->at == S_PREPARING) != (s->preparing != 0))
        world_fail(w, "hook", "%s is %s, its hook %s", name, state_names[u->at],
                   s->preparing ? "runs" : "does not run");
    if (r->id != 0 && sup_find(w->sup, r->id) != (r->open ? u : NULL))
        world_fail(w, "own-run", "%s is not found by its id", name);
    if ((u->pid != 0) != (u->spawned && !u->main_ended))
        world_fail(w, "own-run", "%s has the pid %" PRIu32, name, u->pid);
    if (s->attempt.id && !r->open && !s->preparing && s->attempt.told != 1 && !s->attempt.cancelled)
        world_fail(w, "one-record", "%s: %" PRIu32 " records of its last run", name,
                   s->attempt.told);
    if (u->at == S_RUNNING && (!r->ready_shown || !r->was_ready))
        world_fail(w, "ready", "%s is running and never was ready", name);
    if (s->must_go && u->at == S_RUNNING && u->held == EVENTS)
        world_fail(w, "health", "%s runs on after %" PRIu64 " failed rounds", name, s->bad_rounds);
    if (s->checking && u->at != S_STARTING && u->at != S_RUNNING)
        world_fail(w, "checks", "%s is %s with a check under way", name, state_names[u->at]);
}

static void check_want(struct world *w, const struct unit *u)
{
    const char *name = u->spec->unit;
    if (u->want_up && u->at == S_STOPPED)
        world_fail(w, "wanted", "%s is wanted and stopped", name);
    if (!u->want_up && (u->at == S_BACKOFF || u->at == S_WAITING || u->at == S_PREPARING))
        world_fail(w, "wanted", "%s is not wanted and %s", name, state_names[u->at]);
    if (!u->want_up && !w->stopping && u->held == EVENTS &&
        (u->at == S_STARTING || u->at == S_RUNNING))
        world_fail(w, "wanted", "%s is not wanted and %s", name, state_names[u->at]);
    if (w->stopping && u->want_up)
        world_fail(w, "start-while-stopping", "%s is wanted", name);
    bool needs = final(u) || u->at == S_BACKOFF || u->at == S_WAITING;
    if (needs && (!u->reason || u->reason[0] == '\0'))
        world_fail(w, "wanted", "%s is %s without a reason", name, state_names[u->at]);
}

/* What came of orders is never both, and what is said to come is what the alarm is set for. */
static void check_answers(struct world *w, uint32_t slot, const struct unit *u)
{
    const char *name = u->spec->unit;
    uint64_t next = sup_next_start(w->sup, slot);
    enum sup_outcome up = sup_outcome_of(w->sup, slot, SUP_ORDER_UP, 0);
    enum sup_outcome anew = sup_outcome_of(w->sup, slot, SUP_ORDER_ANEW, u->starts);
    if (up == SUP_REACHED && u->at != S_RUNNING && u->at != S_EXITED)
        world_fail(w, "outcome", "%s is said to be up and is %s", name, state_names[u->at]);
    if (up == SUP_PENDING && (final(u) || !u->want_up))
        world_fail(w, "outcome", "%s is said to come up and is %s", name, state_names[u->at]);
    if (anew == SUP_REACHED)
        world_fail(w, "outcome", "%s is said to be restarted by the same run", name);
    if (anew == SUP_PENDING && u->at == S_RUNNING && w->roll[w->slot[slot].job] == NO_ROLL)
        world_fail(w, "outcome", "%s is said to be about to be restarted", name);
    if ((u->at == S_WAITING && u->waits == WAIT_JOB) != (sup_waits_for(w->sup, slot) != NULL))
        world_fail(w, "outcome", "%s waits for a job without a name, or for none", name);
    if (u->at == S_BACKOFF && (next == 0 || next > w->slot[slot].backoff_at))
        world_fail(w, "outcome", "%s is said to start at %" PRIu64, name, next);
}

void check_unit(struct world *w, uint32_t slot)
{
    const struct unit *u = sup_unit(w->sup, slot);
    struct slot *s = &w->slot[slot];
    if ((uint32_t)u->id != slot)
        world_fail(w, "own-run", "slot %u has the id %" PRIx64, slot, u->id);
    if (!u->spec) {
        check_free(w, slot, u);
        return;
    }
    if (u->spec != s->spec)
        world_fail(w, "limits", "%s has another definition than the one it is held by",
                   u->spec->unit);
    if (!u->want_up && u->at != S_RUNNING && u->at != S_STARTING)
        s->proven = false;
    if (final(u) || u->at == S_STOPPED || u->at == S_RUNNING)
        s->rolled = false;
    check_run(w, s, u);
    check_time(w, s, u);
    check_want(w, u);
    check_answers(w, slot, u);
}
