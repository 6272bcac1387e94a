/* level_process.c - the limits that the sampler holds by ending single processes. */
#include "service/limits/level_impl.h"

static bool full(const struct pass *p)
{
    return p->made == REACHED_MAX;
}

static unsigned bit(enum limit_id id)
{
    return 1u << id;
}

static struct reached *end_process(struct pass *p, const struct proc *x, enum limit_id id,
                                   uint64_t measured)
{
    struct reached *r = pass_put(p, id, measured);
    r->pid = x->pid;
    r->deed = DEED_END_PROCESS;
    r->silent = true;
    asked_add(&p->v->state->asked, x, bit(id));
    return r;
}

static void new_offender(struct pass *p, const struct proc *x, enum limit_id id, uint64_t measured)
{
    struct reached *r = end_process(p, x, id, measured);
    r->silent = id != LIMIT_PROCESS_TIME && /* which is said of each process */
                !crossing_event(&p->v->state->crossing[id], true, p->at, &r->repeats);
}

/* AGAIN: those that were asked to end and are still there; else the new ones. */
static void offenders(struct pass *p, enum limit_id id, bool again)
{
    for (size_t i = 0; pass_held(p, id) && i < p->n && !full(p); i++) {
        const struct proc *x = p->proc[i];
        uint64_t measured = id == LIMIT_PROCESS_MEMORY ? x->commit : x->user / TICKS_PER_MS;
        bool asked = (asked_before(&p->v->state->asked, x) & bit(id)) != 0;
        if (x->attendant || asked != again || measured <= level_value(p->v, id))
            continue;
        if (again)
            end_process(p, x, id, measured);
        else
            new_offender(p, x, id, measured);
    }
}

static bool younger(const struct proc *a, const struct proc *b)
{
    return a->created != b->created ? a->created > b->created : a->pid > b->pid;
}

/* The youngest that nobody has asked to end and that is older than LAST; NULL: none. */
static const struct proc *youngest(const struct pass *p, const struct proc *last)
{
    const struct proc *best = NULL;
    for (size_t i = 0; i < p->n; i++) {
        const struct proc *x = p->proc[i];
        if (x->attendant || asked_now(&p->v->state->asked, x) != 0 || (last && !younger(last, x)))
            continue;
        if (!best || younger(x, best))
            best = x;
    }
    return best;
}

static uint64_t excess(const struct pass *p)
{
    uint64_t most = level_value(p->v, LIMIT_ACTIVE_PROCESS);
    bool over = pass_held(p, LIMIT_ACTIVE_PROCESS) && p->usage.processes > most;
    return over ? p->usage.processes - most : 0;
}

/* Processes that were asked to end already, for whatever limit, will make room. */
static void too_many(struct pass *p)
{
    enum limit_id id = LIMIT_ACTIVE_PROCESS;
    uint64_t left = excess(p);
    for (size_t i = 0; i < p->n && left > 0; i++)
        left -= !p->proc[i]->attendant && asked_now(&p->v->state->asked, p->proc[i]) != 0;
    const struct proc *x = NULL;
    bool first = true;
    while (left-- > 0 && !full(p) && (x = youngest(p, x)) != NULL) {
        struct reached *r = end_process(p, x, id, p->usage.processes);
        if (first) /* one case, however many it takes */
            r->silent = !crossing_event(&p->v->state->crossing[id], true, p->at, &r->repeats);
        first = false;
    }
}

static void still_too_many(struct pass *p)
{
    uint64_t left = excess(p);
    for (size_t i = 0; i < p->n && left > 0 && !full(p); i++) {
        if (!(asked_before(&p->v->state->asked, p->proc[i]) & bit(LIMIT_ACTIVE_PROCESS)))
            continue;
        end_process(p, p->proc[i], LIMIT_ACTIVE_PROCESS, p->usage.processes);
        left--;
    }
}

void pass_processes(struct pass *p)
{
    asked_look(&p->v->state->asked, p->proc, p->n);
    offenders(p, LIMIT_PROCESS_MEMORY, false);
    offenders(p, LIMIT_PROCESS_TIME, false);
    too_many(p);
    offenders(p, LIMIT_PROCESS_MEMORY, true);
    offenders(p, LIMIT_PROCESS_TIME, true);
    still_too_many(p);
}
