/* check_roll.c - rolling restarts come to an end, and nobody is forgotten. */
#include "tests/simulate/world.h"

static bool at_rest(const struct unit *u)
{
    return u->at == S_RUNNING || u->at == S_FAILED || u->at == S_EXITED || !u->want_up;
}

/* Who still has a change to come is in a roll, or in one that was given up. */
static void check_pending(struct world *w, const struct slot *s, const struct unit *u)
{
    bool waits = u->next && u->spawned && u->next->schedule.kind != SCHEDULE_NONE; /* for its end */
    if (u->next && u->want_up && !waits && w->roll[s->job] == NO_ROLL && !w->gave_up[s->job])
        world_fail(w, "rolling", "%s has a change to come, and nobody sees to it", u->spec->unit);
}

/* Of a restart that was ordered: so long as the run is the same, a roll is to come to it. */
static void check_anew(struct world *w, const struct slot *s, const struct unit *u)
{
    bool same = s->run.open && s->run.id == s->anew && u->at != S_STOPPING;
    if (same && u->want_up && w->roll[s->job] == NO_ROLL)
        world_fail(w, "restart", "%s is to be restarted, and nobody sees to it", u->spec->unit);
    if (same && u->want_up != u->anew)
        world_fail(w, "restart", "%s: a restart is forgotten", u->spec->unit);
}

void check_rolls(struct world *w)
{
    uint64_t moves = 0, there = 0; /* jobs of which somebody is on the way; which have units */
    if (w->stopping)
        return;
    for (size_t i = 0; i < sup_count(w->sup); i++) {
        const struct unit *u = sup_unit(w->sup, i);
        const struct slot *s = &w->slot[i];
        if (!u->spec || !(w->held->plan.present >> s->job & 1))
            continue;
        there |= UINT64_C(1) << s->job;
        moves |= (uint64_t)(!at_rest(u) || u->held != EVENTS) << s->job;
        moves |= (uint64_t)(u->want_up ? 0 : s->run.open) << s->job; /* on its way down */
        check_pending(w, s, u);
        check_anew(w, s, u);
    }
    for (uint32_t j = 0; j < w->model.jobs; j++)
        if (w->roll[j] == ROLL_ON && there >> j & 1 && !(moves >> j & 1) && w->fleet_alarm == 0)
            world_fail(w, "rolling", "the roll of j%u waits for nobody", j);
}
