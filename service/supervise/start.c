/* start.c - the way to a run: what a unit has to wait for, hook_pre_start, the spawn. */
#include "service/supervise/fleet.h"

enum { GENERATION_MAX = 0x0FFFFFFF }; /* the four top bits of an id belong to the port */

static void wait_for(struct sup *s, struct unit *u, enum wait what, uint64_t ms, const char *text)
{
    bool news = u->waits != what;
    u->waits = what;
    u->reason = wait_names[what];
    order_count(s, u);
    if (news && what != WAIT_TURN) /* that is over in a moment, as a rule */
        fleet_say(s, u, H_WAITING, ms, text);
}

static uint64_t delay_of(struct sup *s, const struct unit *u)
{
    uint64_t jitter = s->config->service.start_jitter;
    return u->spec->start_delay + (jitter ? fleet_random(s, jitter) : 0);
}

/* A restart has had its delay, and an order does not wait. */
static bool delayed(struct sup *s, struct unit *u, uint64_t now)
{
    if (u->waits == WAIT_DELAY && u->due_at > now && !u->hurry)
        return true;
    if (u->waits >= WAIT_DELAY || u->hurry || u->again)
        return false;
    uint64_t ms = delay_of(s, u);
    if (ms == 0)
        return false;
    wait_for(s, u, WAIT_DELAY, ms, wait_names[WAIT_DELAY]);
    u->due_at = fleet_later(now, ms);
    return true;
}

enum event start_line_up(struct sup *s, struct unit *u, uint64_t now)
{
    bool timed = schedule_set(&u->spec->schedule);
    if (timed && !u->due && !u->hurry && !u->again) {
        u->due_at = 0; /* of a delay that it had before it had a schedule */
        wait_for(s, u, WAIT_SCHEDULE, 0, wait_names[WAIT_SCHEDULE]);
        return EVENTS;
    }
    const struct crew *first = order_waits_for(u->crew);
    if (first) {
        u->due_at = 0;
        wait_for(s, u, WAIT_JOB, 0, first->name);
        return EVENTS;
    }
    if (delayed(s, u, now))
        return EVENTS;
    u->due_at = 0;
    wait_for(s, u, WAIT_TURN, 0, NULL);
    turn_queue(s, u);
    return EVENTS;
}

static uint64_t next_id(uint64_t id)
{
    uint64_t generation = (id >> 32) + 1;
    if (generation > GENERATION_MAX)
        generation = 1;
    return (id & UINT32_MAX) | generation << 32;
}

void start_take_next(struct sup *s, struct unit *u)
{
    if (!u->next)
        return;
    u->spec = u->next;
    u->next = NULL;
    u->asked = u->rolling || u->anew;
    s->hands.adopt(s->hands.ctx, (uint32_t)u->id, u->spec);
    bool timed = schedule_set(&u->spec->schedule);
    fleet_say(s, u, H_CHANGED, 0,
              timed ? "from its next start on" : "restarted with the new definition");
}

static void forget_run(struct sup *s, struct unit *u, uint64_t now)
{
    u->id = next_id(u->id);
    u->main_ended = u->killed = u->slain = u->blind = false;
    u->rung = u->members = u->attendants = u->pid = u->main_pid = 0;
    unit_ends_by(u, CAUSE_NONE, LIMIT_NONE, REACTION_UNSAID);
    u->blame = (struct blame){.limit = LIMIT_NONE};
    u->ordered = u->hurry = u->due = u->missed = u->again = false;
    u->probe = (struct probing){.serial = u->probe.serial};
    u->spawned_at = now;
    u->ready_at = u->ended_at = 0;
    u->record = (struct record){.start = u->starts + 1,
                                .started = s->hands.wall(s->hands.ctx),
                                .spawned_at = now,
                                .end = {.limit = LIMIT_NONE},
                                .reason = ""};
}

static enum event refused(struct sup *s, struct unit *u, enum cause cause, enum event ev,
                          const char *why)
{
    u->pid = 0;
    u->cause = cause;
    u->last = (struct ending){.cause = cause, .limit = LIMIT_NONE};
    fleet_say(s, u, H_NOT_STARTED, 0, why);
    return ev;
}

enum event start_prepare(struct sup *s, struct unit *u, uint64_t now)
{
    struct err e = {0};
    forget_run(s, u, now);
    u->renewed = u->rolling;
    if (u->anew && !u->rolling)
        u->asked = u->next != NULL; /* before its turn, but it is another run all the same */
    u->anew = false;
    policy_started(u->spec, &u->history, now);
    if (u->spec->hook_pre_start[0] == '\0')
        return E_PREPARED;
    if (s->hands.prepare(s->hands.ctx, u->id, u->spec, &e) == ST_OK)
        return EVENTS;
    return refused(s, u, CAUSE_HOOK, E_NOT_PREPARED, e.text);
}

void sup_prepared(struct sup *s, uint64_t id, bool ok, const char *text)
{
    size_t slot = (uint32_t)id;
    struct unit *u = slot < s->n ? s->unit[slot] : NULL;
    if (!u || !u->spec || u->id != id || u->at != S_PREPARING)
        return;
    apply_event(s, u, ok ? E_PREPARED : refused(s, u, CAUSE_HOOK, E_NOT_PREPARED, text));
    watch_arm(s, u);
    fleet_settle(s);
}

enum event start_spawn(struct sup *s, struct unit *u, uint64_t now)
{
    struct err e = {0};
    u->spawned_at = u->record.spawned_at = now; /* the hook took its time */
    if (s->hands.spawn(s->hands.ctx, u->id, u->spec, &u->pid, &e) != ST_OK)
        return refused(s, u, CAUSE_NOT_STARTED, E_NOT_SPAWNED, e.text);
    u->spawned = true;
    u->main_pid = u->record.pid = u->pid;
    u->starts++;
    fleet_say(s, u, H_STARTED, 0, NULL);
    return E_SPAWNED;
}
