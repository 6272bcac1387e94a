/* apply.c - one event of one unit: the step decides, the acts are done through the hands here.
 * It sets no alarm and looks at nothing. */
#include "service/supervise/fleet.h"

#include "common/num.h"

enum { GENERATION_MAX = 0x0FFFFFFF }; /* the four top bits of an id belong to the port */

uint64_t fleet_now(const struct sup *s)
{
    return s->hands.now(s->hands.ctx);
}

uint64_t fleet_later(uint64_t at, uint64_t ms)
{
    uint64_t later;
    if (!num_add(at, ms, &later))
        return UINT64_MAX;
    return later ? later : 1;
}

void fleet_tell(const struct sup *s, const struct tale *t)
{
    s->hands.tell(s->hands.ctx, t);
}

static void tell(const struct sup *s, const struct unit *u, enum happening what, uint64_t number,
                 const char *text)
{
    fleet_tell(s, &(struct tale){.what = what, .unit = u, .number = number, .text = text});
}

static uint64_t next_id(uint64_t id)
{
    uint64_t generation = (id >> 32) + 1;
    if (generation > GENERATION_MAX)
        generation = 1;
    return (id & UINT32_MAX) | generation << 32;
}

static enum event spawn(struct sup *s, struct unit *u, uint64_t now)
{
    struct err e = {0};
    u->id = next_id(u->id);
    u->main_ended = u->killed = u->blind = false;
    u->rung = u->members = u->attendants = u->pid = u->main_pid = 0;
    unit_ends_by(u, CAUSE_NONE, LIMIT_NONE, REACTION_UNSAID);
    u->blame = (struct blame){.limit = LIMIT_NONE};
    u->ordered = false;
    u->spawned_at = now;
    u->ended_at = 0;
    policy_started(u->spec, &u->history, now);
    if (s->hands.spawn(s->hands.ctx, u->id, u->spec, &u->pid, &e) != ST_OK) {
        u->pid = 0;
        u->cause = CAUSE_NOT_STARTED;
        u->last = (struct ending){.cause = CAUSE_NOT_STARTED, .limit = LIMIT_NONE};
        tell(s, u, H_NOT_STARTED, 0, e.text);
        return E_NOT_SPAWNED;
    }
    u->spawned = true;
    u->main_pid = u->pid;
    u->starts++;
    tell(s, u, H_STARTED, 0, NULL);
    return E_SPAWNED;
}

static void release(struct sup *s, struct unit *u)
{
    s->hands.release(s->hands.ctx, u->id);
    u->spawned = false;
}

static void kill_job(struct sup *s, struct unit *u, uint64_t now, bool silently)
{
    s->hands.kill(s->hands.ctx, u->id);
    if (u->killed)
        return;
    u->killed = true;
    u->killed_at = now;
    u->due_at = fleet_later(now, STUBBORN_MS);
    u->look_at = 0; /* a wait that has grown long starts anew */
    u->looks = 0;
    if (!silently)
        tell(s, u, H_KILLED, 0, NULL);
}

static enum event ask(struct sup *s, struct unit *u, uint64_t now)
{
    const struct ladder *l = &u->spec->stop;
    if (u->rung >= l->n || l->rung[u->rung].kind == RUNG_TERMINATE) {
        if (u->main_ended && u->members > u->attendants)
            tell(s, u, H_LEFTOVERS, u->members - u->attendants, NULL);
        kill_job(s, u, now, false);
        return EVENTS;
    }
    struct err e = {0};
    const struct rung *r = &l->rung[u->rung];
    struct tale t = {.what = H_RUNG, .unit = u, .rung = r->kind, .number = r->ms};
    enum event next = EVENTS;
    if (s->hands.ask(s->hands.ctx, u->id, r, &e) == ST_OK) {
        u->due_at = fleet_later(now, r->ms);
    } else {
        t.what = H_RUNG_FAILED;
        t.text = e.text;
        next = E_RUNG_FAILED;
    }
    fleet_tell(s, &t);
    return next;
}

static enum event next_rung(struct sup *s, struct unit *u, uint64_t now)
{
    if (u->killed) {
        kill_job(s, u, now, true);
        u->due_at = fleet_later(now, STUBBORN_MS);
        tell(s, u, H_STUBBORN, (uint64_t)u->members + !u->main_ended, NULL);
        return EVENTS;
    }
    u->rung++;
    return ask(s, u, now);
}

static void enter(struct sup *s, struct unit *u, const struct step *st, uint64_t now)
{
    const struct decision *d = &st->decision;
    s->in_state[u->at]--;
    s->in_state[st->to]++;
    u->at = st->to;
    u->since = now;
    u->due_at = 0;
    u->reason = d->reason;
    if (u->at == S_BACKOFF) {
        u->due_at = fleet_later(now, d->delay_ms);
        tell(s, u, H_BACKOFF, d->delay_ms, d->reason);
    } else if (u->at == S_STOPPED) {
        tell(s, u, H_STOPPED, 0, NULL);
    } else if (u->at == S_EXITED) {
        tell(s, u, H_DONE, 0, d->reason);
    } else if (u->at == S_FAILED) {
        bool limit = d->what == VERDICT_GIVE_UP;
        if (limit && u->spec->start_limit_action == START_LIMIT_EXIT_SERVICE)
            s->wants_exit = true;
        tell(s, u, H_FAILED, limit ? policy_tally(&u->history)->window_starts : 0, d->reason);
    } else if (u->at == S_STOPPING && !u->main_ended) {
        tell(s, u, H_STOPPING, 0, cause_names[u->cause]);
    }
}

/* The event that an act brings about, or EVENTS. */
static enum event act(struct sup *s, struct unit *u, unsigned acts, uint64_t now)
{
    if (acts & A_RUNTIME && u->spec->max_runtime != 0)
        u->due_at = fleet_later(now, u->spec->max_runtime);
    if (acts & A_LEFTOVERS) /* before they are gone, so that they can be named */
        tell(s, u, H_LEFTOVERS, u->members - u->attendants, NULL);
    if (acts & A_SWEEP && !u->killed)
        kill_job(s, u, now, true);
    if (acts & A_KILL)
        kill_job(s, u, now, false);
    if (acts & A_SPAWN)
        return spawn(s, u, now);
    if (acts & A_ASK)
        return ask(s, u, now);
    return acts & A_NEXT_RUNG ? next_rung(s, u, now) : EVENTS;
}

/* The ladder is finite and a start succeeds or fails once, so this ends. */
void apply_event(struct sup *s, struct unit *u, enum event ev)
{
    while (ev != EVENTS) {
        uint64_t now = fleet_now(s);
        struct ending end = u->last;
        end.cause = u->ordered ? CAUSE_OPERATOR : u->cause; /* orders may have come after the end */
        struct step st = unit_step(u, ev, &end, now, s->hands.random(s->hands.ctx), &u->history);
        if (st.impossible) {
            tell(s, u, H_IMPOSSIBLE, 0, event_names[ev]);
            return;
        }
        if (st.acts & A_RELEASE)
            release(s, u);
        if (st.acts & A_FORGET)
            policy_forget(&u->history);
        if (st.to != u->at)
            enter(s, u, &st, now);
        ev = act(s, u, st.acts, now);
    }
}
