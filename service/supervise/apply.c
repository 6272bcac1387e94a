/* apply.c - one event of one unit: the step decides, the acts are done through the hands here.
 * It sets no alarm and looks at nothing. */
#include "service/supervise/fleet.h"

#include "common/num.h"

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

uint64_t fleet_random(const struct sup *s, uint64_t most)
{
    uint64_t high = s->hands.random(s->hands.ctx);
    uint64_t r = high << 32 | s->hands.random(s->hands.ctx);
    return most == UINT64_MAX ? r : r % (most + 1);
}

void fleet_tell(const struct sup *s, const struct tale *t)
{
    s->hands.tell(s->hands.ctx, t);
}

void fleet_say(const struct sup *s, const struct unit *u, enum happening what, uint64_t number,
               const char *text)
{
    fleet_tell(s, &(struct tale){.what = what, .unit = u, .number = number, .text = text});
}

static void release(struct sup *s, struct unit *u)
{
    probe_end(s, u); /* a check under way looks into the job */
    s->hands.release(s->hands.ctx, u->id);
    u->spawned = false;
    u->held = EVENTS;
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
        fleet_say(s, u, H_KILLED, 0, NULL);
}

static enum event ask(struct sup *s, struct unit *u, uint64_t now)
{
    const struct ladder *l = &u->spec->stop;
    if (u->rung >= l->n || l->rung[u->rung].kind == RUNG_TERMINATE) {
        if (u->main_ended && u->members > u->attendants)
            fleet_say(s, u, H_LEFTOVERS, u->members - u->attendants, NULL);
        kill_job(s, u, now, false);
        return EVENTS;
    }
    struct err e = {0};
    const struct rung *r = &l->rung[u->rung];
    struct tale t = {.what = H_RUNG, .unit = u, .rung = r->kind, .number = r->ms};
    enum event next = EVENTS;
    if (s->hands.ask(s->hands.ctx, u->id, r, &e) == ST_OK) {
        u->due_at = fleet_later(fleet_now(s), r->ms); /* asking may have taken a while */
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
        fleet_say(s, u, H_STUBBORN, (uint64_t)u->members + !u->main_ended, NULL);
        return EVENTS;
    }
    u->rung++;
    return ask(s, u, now);
}

void fleet_move(struct sup *s, struct unit *u, enum state to, uint64_t now)
{
    s->in_state[u->at]--;
    s->in_state[to]++;
    u->at = to;
    u->since = now;
    u->due_at = 0;
    u->waits = WAIT_NOTHING;
    u->reason = NULL;
    if (to != S_STARTING && to != S_RUNNING) {
        u->held = EVENTS;
        probe_end(s, u);
    }
}

static void enter(struct sup *s, struct unit *u, const struct step *st, uint64_t now)
{
    const struct decision *d = &st->decision;
    enum state was = u->at;
    fleet_move(s, u, st->to, now);
    u->reason = d->reason;
    if (u->at == S_BACKOFF) {
        u->again = true;
        u->due_at = fleet_later(now, d->delay_ms);
        fleet_say(s, u, H_BACKOFF, d->delay_ms, d->reason);
    } else if (u->at == S_STOPPED) {
        fleet_say(s, u, H_STOPPED, 0, NULL);
    } else if (u->at == S_EXITED) {
        fleet_say(s, u, H_DONE, 0, d->reason);
    } else if (u->at == S_FAILED) {
        bool limit = d->what == VERDICT_GIVE_UP;
        if (limit && u->spec->start_limit_action == START_LIMIT_EXIT_SERVICE)
            s->wants_exit = true;
        fleet_say(s, u, H_FAILED, limit ? policy_tally(&u->history)->window_starts : 0, d->reason);
    } else if (u->at == S_STOPPING && !u->main_ended) {
        fleet_say(s, u, H_STOPPING, 0, cause_names[u->cause]);
    } else if (u->at == S_RUNNING) {
        u->proven = true;
        u->ready_at = u->record.ready_at = now;
        fleet_say(s, u, H_READY, now - u->spawned_at, NULL);
    } else if (u->at == S_WAITING && (was == S_STOPPING || was == S_PREPARING)) {
        u->again = true; /* a start or a run was cut off, by the job that it requires or a roll */
        u->proven = false;
    } else if (u->at == S_WAITING && was == S_BACKOFF) {
        u->again = u->again || !schedule_set(&u->spec->schedule); /* rolls forget it */
    }
}

static enum event act_down(struct sup *s, struct unit *u, unsigned acts, uint64_t now)
{
    if (acts & A_LEFTOVERS) /* before they are gone, so that they can be named */
        fleet_say(s, u, H_LEFTOVERS, u->members - u->attendants, NULL);
    if (acts & A_SWEEP && !u->killed)
        kill_job(s, u, now, true);
    if (acts & A_KILL)
        kill_job(s, u, now, false);
    if (acts & A_ASK)
        return ask(s, u, now);
    return acts & A_NEXT_RUNG ? next_rung(s, u, now) : EVENTS;
}

/* The event that an act brings about, or EVENTS. */
static enum event act(struct sup *s, struct unit *u, unsigned acts, uint64_t now)
{
    if (acts & A_RUNTIME) {
        if (u->spec->max_runtime != 0)
            u->due_at = fleet_later(u->spawned_at, u->spec->max_runtime);
        probe_begin_health(s, u, now);
    }
    if (acts & A_UNPREPARE)
        s->hands.unprepare(s->hands.ctx, u->id);
    if (acts & A_LINE_UP)
        return start_line_up(s, u, now);
    if (acts & A_PREPARE)
        return start_prepare(s, u, now);
    if (acts & A_SPAWN)
        return start_spawn(s, u, now);
    if (acts & A_AWAIT)
        return probe_await_ready(s, u, now);
    return act_down(s, u, acts, now);
}

/* Before the run's job is given back, so that what it has used can still be read. */
static void record(struct sup *s, struct unit *u, const struct step *st)
{
    struct record *r = &u->record;
    r->ended_at = u->ended_at;
    r->end = u->last;
    r->next = st->to;
    r->next_ms = st->to == S_BACKOFF ? st->decision.delay_ms : 0;
    r->reason = st->decision.reason ? st->decision.reason : "";
    fleet_say(s, u, H_RUN, 0, NULL);
}

static void forget(struct unit *u)
{
    policy_forget(&u->history);
    u->proven = u->again = false;
}

/* A restart by itself is spread out, as the first starts are. */
static void spread(struct sup *s, struct unit *u, struct step *st)
{
    bool by_itself = !policy_ordered(&u->last) && !u->ordered;
    uint64_t jitter = s->config->service.start_jitter;
    if (st->to == S_BACKOFF && by_itself && jitter != 0)
        st->decision.delay_ms = fleet_later(st->decision.delay_ms, fleet_random(s, jitter));
}

static bool over(const struct unit *u, enum event ev, const struct step *st)
{
    return st->acts & A_RELEASE || (ev == E_NOT_SPAWNED && u->at == S_STARTING) ||
           ev == E_NOT_PREPARED;
}

/* What a run's end brings besides the next state. */
static enum event after_end(struct sup *s, struct unit *u)
{
    bool waited = u->next && (schedule_set(&u->spec->schedule) || schedule_set(&u->next->schedule));
    bool cut_off = u->asked && u->at == S_WAITING; /* it comes back by what the roll would bring */
    if (waited || cut_off || (u->rolling && !u->renewed))
        start_take_next(s, u);
    if (!u->missed || (u->at != S_EXITED && u->at != S_FAILED))
        return EVENTS;
    u->missed = false;
    u->due = true;
    return E_DUE;
}

/* The ladder is finite, a start succeeds or fails once, and who waits for a turn is queued, so this
 * ends. */
void apply_event(struct sup *s, struct unit *u, enum event ev)
{
    while (ev != EVENTS) {
        uint64_t now = fleet_now(s);
        struct ending end = u->last;
        end.cause = u->ordered ? CAUSE_OPERATOR : u->cause; /* orders may have come after the end */
        end.slain = u->slain && !u->ordered;
        struct step st = unit_step(u, ev, &end, now, s->hands.random(s->hands.ctx), &u->history);
        if (st.impossible) {
            fleet_say(s, u, H_IMPOSSIBLE, 0, event_names[ev]);
            return;
        }
        bool ended = over(u, ev, &st);
        spread(s, u, &st);
        if (ended)
            record(s, u, &st);
        if (st.acts & A_RELEASE)
            release(s, u);
        if (st.acts & A_FORGET)
            forget(u);
        if (st.to != u->at)
            enter(s, u, &st, now);
        ev = act(s, u, st.acts, now);
        if (ended && ev == EVENTS)
            ev = after_end(s, u);
        order_count(s, u);
    }
}
