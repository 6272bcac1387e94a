/* check_take.c - what a take-over must leave alone, and what it must bring. */
#include "tests/simulate/world.h"

#include "config/diff.h"

#include <stdlib.h>
#include <string.h>

struct was {
    const struct job_spec *spec;
    uint64_t id, alarm;
    enum state at;
    bool want_up, alive, asked, killed;
    uint32_t job, instance;
    bool defined, differs; /* by the new definitions */
    enum apply cost;
    bool bound; /* others may have to do with it: jobs, a roll, a schedule that comes or goes */
};

struct before {
    size_t n;
    struct was unit[];
};

static const struct job_spec *find(const struct config *c, const struct slot *s)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->job[i].instance == s->instance && model_number(c->job[i].job) == s->job)
            return &c->job[i];
    return NULL;
}

struct before *check_before_take(struct world *w)
{
    size_t n = sup_count(w->sup);
    struct before *b = calloc(1, sizeof *b + n * sizeof *b->unit);
    if (!b)
        abort();
    b->n = n;
    for (size_t i = 0; i < n; i++) {
        const struct unit *u = sup_unit(w->sup, i);
        const struct slot *s = &w->slot[i];
        const struct run *r = &s->run;
        b->unit[i] = (struct was){.spec = u->spec, .id = u->id, .alarm = s->alarm, .at = u->at,
                                  .want_up = u->want_up, .alive = r->open && r->main_alive,
                                  .asked = r->asked, .killed = r->killed, .job = s->job,
                                  .instance = s->instance,
                                  .bound = w->held->plan.after[s->job] != 0 ||
                                           w->roll[s->job] == ROLL_ON};
    }
    return b;
}

static void check_same(struct world *w, const struct was *was, size_t i)
{
    const struct unit *u = sup_unit(w->sup, i);
    const struct run *r = &w->slot[i].run;
    bool due = was->at == S_WAITING || was->bound || w->held->plan.after[was->job] != 0;
    if (due) /* others may have changed for it */
        return;
    if (u->at != was->at || u->id != was->id || r->asked != was->asked ||
        r->killed != was->killed)
        world_fail(w, "unchanged", "%s was %s and is %s, by a reload that does not change it",
                   u->spec->unit, state_names[was->at], state_names[u->at]);
    if (!was->differs && was->at == S_BACKOFF && w->slot[i].alarm != was->alarm)
        world_fail(w, "unchanged", "%s: a reload that does not change it moves its next start",
                   u->spec->unit);
}

static void check_one(struct world *w, const struct was *was, size_t i,
                      const struct job_spec *next)
{
    const struct unit *u = sup_unit(w->sup, i);
    enum apply cost = APPLY_LIVE;
    const struct slot *s = &w->slot[i];
    if (!next) {
        bool another = s->job != was->job || s->instance != was->instance;
        if (u->spec && !another && u->want_up)
            world_fail(w, "gone", "%s has no definition and is wanted", u->spec->unit);
        return;
    }
    if (!u->spec || w->slot[i].job != was->job || w->slot[i].instance != was->instance)
        world_fail(w, "unchanged", "slot %zu has lost %s", i, next->unit);
    bool differs = was->differs;
    cost = was->cost;
    if ((!differs || cost <= APPLY_RELIMIT) && u->spec != next)
        world_fail(w, "limits", "%s is not under its new definition", next->unit);
    if (u->spec != next && u->next != next)
        world_fail(w, "limits", "%s has neither its new definition nor one to come", next->unit);
    if (was->want_up && (!differs || cost <= APPLY_RELIMIT))
        check_same(w, was, i);
}

static void check_untouched(struct world *w, const struct before *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct unit *u = sup_unit(w->sup, i);
        const struct was *was = &b->unit[i];
        bool turn = was->at == S_WAITING; /* which may come whatever becomes of the reload */
        if (u->spec != was->spec || u->want_up != was->want_up ||
            (!turn && (u->id != was->id || u->at != was->at || w->slot[i].alarm != was->alarm)))
            world_fail(w, "refused", "a reload that was refused has changed slot %zu", i);
    }
    if (sup_count(w->sup) != b->n)
        world_fail(w, "refused", "a reload that was refused has added slots");
}

static void check_added(struct world *w)
{
    const struct config *c = w->held->config;
    for (size_t i = 0; i < c->n; i++) {
        struct slot *s = world_find(w, model_number(c->job[i].job), c->job[i].instance);
        if (!s)
            world_fail(w, "added", "%s has no slot", c->job[i].unit);
    }
}

/* Before the call, with the new definitions: the old ones may be gone after it. */
void check_compare(struct before *b, const struct world *w, const struct config *next)
{
    for (size_t i = 0; i < b->n; i++) {
        struct was *was = &b->unit[i];
        const struct job_spec *spec = was->spec ? find(next, &w->slot[i]) : NULL;
        was->defined = spec != NULL;
        was->bound = was->bound || (spec && spec->schedule.kind != was->spec->schedule.kind);
        was->differs = spec && diff_jobs(was->spec, spec, &was->cost, NULL, NULL);
    }
}

void check_after_take(struct world *w, struct before *b, bool taken)
{
    if (taken) {
        for (size_t i = 0; i < b->n; i++)
            if (b->unit[i].spec)
                check_one(w, &b->unit[i], i,
                          b->unit[i].defined ? find(w->held->config, &w->slot[i]) : NULL);
        check_added(w);
    } else {
        check_untouched(w, b);
    }
    free(b);
}
