/* watch.c - what a unit waits for: the kernel's word about its run, and the time.
 * The alarm is always worked out from the unit's fields, so none can be forgotten. */
#include "service/supervise/fleet.h"

static void main_gone(struct sup *s, struct unit *u, uint32_t code)
{
    if (u->main_ended)
        return;
    u->main_ended = true;
    u->ended_at = fleet_now(s);
    if (u->cause == CAUSE_NONE)
        limit_judge(s, u, code);
    u->last = (struct ending){.cause = u->cause,
                              .code = code,
                              .ran_ms = u->ended_at - u->spawned_at,
                              .limit = u->limit,
                              .reaction = u->reaction,
                              .slain = u->slain};
    fleet_tell(s, &(struct tale){.what = H_ENDED, .unit = u});
    u->pid = 0;
}

static enum event seen(const struct unit *u)
{
    if (!u->main_ended)
        return EVENTS;
    if (u->members == 0)
        return E_EMPTY;
    return u->attendants == u->members ? E_ONLY_ATTENDANTS : E_MAIN_ENDED;
}

static void learn(struct sup *s, struct unit *u, const struct look *l)
{
    u->blind = false;
    u->members = l->members;
    u->attendants = l->attendants < l->members ? l->attendants : l->members;
    if (!l->main_alive)
        main_gone(s, u, l->code);
    apply_event(s, u, seen(u));
}

void watch_look(struct sup *s, struct unit *u)
{
    struct look l = {0};
    struct err e = {0};
    if (fleet_now(s) >= u->look_at)
        u->look_at = 0; /* this is that look */
    if (s->hands.look(s->hands.ctx, u->id, &l, &e) == ST_OK) {
        learn(s, u, &l);
    } else if (!u->blind) {
        u->blind = true; /* which says nothing about the run */
        fleet_tell(s, &(struct tale){.what = H_BLIND, .unit = u, .text = e.text});
    }
    watch_arm(s, u);
}

static uint64_t wait_ms(uint32_t looks)
{
    uint64_t ms = LOOK_SOON_MS;
    for (uint32_t i = 0; i < looks && ms < LOOK_LATE_MS; i++)
        ms *= 2;
    return ms < LOOK_LATE_MS ? ms : LOOK_LATE_MS;
}

uint64_t watch_earlier(uint64_t a, uint64_t b)
{
    return b != 0 && (a == 0 || b < a) ? b : a;
}

void watch_arm(struct sup *s, struct unit *u)
{
    bool owed = u->spawned && (u->blind || u->killed || u->main_ended); /* an end, or an answer */
    if (!owed) {
        u->look_at = 0;
        u->looks = 0;
    } else if (u->look_at == 0) {
        u->look_at = fleet_later(fleet_now(s), wait_ms(u->looks));
        if (u->looks < UINT32_MAX)
            u->looks++;
    }
    uint64_t at = watch_earlier(watch_earlier(u->due_at, u->look_at), probe_next(u));
    if (u->spawned && !s->ended)
        at = watch_earlier(at, s->end_at);
    if (at == u->alarm_at)
        return;
    u->alarm_at = at;
    s->hands.alarm(s->hands.ctx, (uint32_t)u->id, at);
}

void watch_wake(struct sup *s, struct unit *u)
{
    uint64_t due = u->due_at;
    enum state at = u->at;
    if (u->spawned)
        watch_look(s, u);
    bool same = u->at == at && u->due_at == due; /* else the look has overtaken it */
    if (same && due != 0 && fleet_now(s) >= due) {
        if (u->cause == CAUSE_NONE && (at == S_RUNNING || at == S_STARTING))
            u->cause = at == S_RUNNING ? CAUSE_MAX_RUNTIME : CAUSE_NOT_READY;
        apply_event(s, u, E_TIMER);
    }
    probe_wake(s, u);
    watch_arm(s, u);
}
