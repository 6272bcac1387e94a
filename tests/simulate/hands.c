/* hands.c - what the supervisor does to the fake world, and what it must not do whatever the case:
 * these are held right here. */
#include "tests/simulate/world.h"

#include <stdlib.h>
#include <string.h>

enum { CALLS_MAX = 200000 };

typedef unsigned long long ull;

static struct world *called(void *ctx)
{
    struct world *w = ctx;
    if (w->calls++ > CALLS_MAX + 100 * (uint64_t)w->room)
        world_fail(w, "no-end", "one call of the supervisor has called %llu hands", (ull)w->calls);
    return w;
}

static struct slot *slot_of(struct world *w, uint64_t id, const char *hand)
{
    uint32_t i = (uint32_t)id;
    if (i >= w->room || !w->slot[i].spec)
        world_fail(w, "free-slot", "%s(%llx): nobody is there", hand, (ull)id);
    return &w->slot[i];
}

static struct slot *open_of(struct world *w, uint64_t id, const char *hand)
{
    struct slot *s = slot_of(w, id, hand);
    if (!s->run.open || s->run.id != id)
        world_fail(w, "own-run", "%s(%llx) of %s: no such run", hand, (ull)id, s->spec->unit);
    return s;
}

/* --- slots -------------------------------------------------------------------------- */
static enum st hand_room(void *ctx, size_t n, struct err *e)
{
    struct world *w = called(ctx);
    if (chance(w, NULL, w->model.fleet[F_ROOM_BAD]))
        return err_nomem(e);
    if (n <= w->room)
        return ST_OK;
    if (n > w->slots) {
        size_t more = 2 * n;
        struct slot *slot = realloc(w->slot, more * sizeof *slot);
        if (!slot)
            abort();
        memset(slot + w->slots, 0, (more - w->slots) * sizeof *slot);
        w->slot = slot;
        w->slots = more;
    }
    w->room = n;
    return ST_OK;
}

static void hand_adopt(void *ctx, uint32_t slot, const struct job_spec *spec)
{
    struct world *w = called(ctx);
    if (slot >= w->room)
        world_fail(w, "room", "adopt(%u): there is room for %zu", slot, w->room);
    struct slot *s = &w->slot[slot];
    bool other = spec && s->spec &&
                 (s->job != model_number(spec->job) || s->instance != spec->instance);
    if ((!spec || other) && (s->run.open || s->preparing || s->checking))
        world_fail(w, "free-slot", "adopt(%u): %s still has a run", slot, s->spec->unit);
    if (other)
        world_fail(w, "free-slot", "adopt(%u, %s): it was not freed", slot, spec->unit);
    if (spec && !s->spec) {
        uint32_t job = model_number(spec->job);
        const struct slot *twin = w->room < 200 ? world_find(w, job, spec->instance) : NULL;
        if (twin)
            world_fail(w, "two-runs", "adopt(%u, %s): slot %u has it", slot, spec->unit,
                       world_index(w, twin));
        *s = (struct slot){.job = job, .instance = spec->instance, .alarm = s->alarm,
                           .run = {.id = s->run.id}};
    }
    s->spec = spec;
}

/* --- starts ------------------------------------------------------------------------- */
static void begin_attempt(struct world *w, struct slot *s, uint64_t id)
{
    struct attempt *a = &s->attempt;
    if (a->id != 0 && a->told == 0 && !a->cancelled)
        world_fail(w, "one-record", "%s: a start before the record of the last one",
                   s->spec->unit);
    if (id == a->id || id == s->run.id)
        world_fail(w, "own-run", "%s: the id %llx again", s->spec->unit, (ull)id);
    *a = (struct attempt){.id = id};
}

static enum st hand_prepare(void *ctx, uint64_t id, const struct job_spec *spec, struct err *e)
{
    struct world *w = called(ctx);
    struct slot *s = slot_of(w, id, "prepare");
    const int64_t *p = w->model.job[s->job];
    if (s->run.open || s->preparing)
        world_fail(w, "two-runs", "prepare of %s, which is there already", spec->unit);
    if (spec != s->spec || spec->hook_pre_start[0] == '\0')
        world_fail(w, "limits", "prepare of %s by another definition", spec->unit);
    check_start(w, (uint32_t)id);
    begin_attempt(w, s, id);
    if (chance(w, s, w->model.fleet[F_HAND_BAD])) {
        s->attempt.failed = true;
        return err_say(e, ST_OS, "the hook cannot be started");
    }
    s->preparing = id;
    s->prepared = 0;
    queue_put(&w->queue, (struct due){.at = w->now + (uint64_t)p[P_HOOK_MS], .kind = DUE_PREPARED,
                                      .slot = (uint32_t)id, .id = id,
                                      .arg = !chance(w, s, p[P_HOOK_BAD])});
    return ST_OK;
}

static void hand_unprepare(void *ctx, uint64_t id)
{
    struct world *w = called(ctx);
    struct slot *s = slot_of(w, id, "unprepare");
    if (s->preparing != id)
        return;
    s->preparing = 0;
    s->attempt.cancelled = true;
}

static enum st hand_spawn(void *ctx, uint64_t id, const struct job_spec *spec, uint32_t *ret_pid,
                          struct err *e)
{
    struct world *w = called(ctx);
    struct slot *s = slot_of(w, id, "spawn");
    if (s->run.open || s->preparing)
        world_fail(w, "two-runs", "spawn of %s, whose job is open", spec->unit);
    if (spec != s->spec)
        world_fail(w, "limits", "spawn of %s by another definition than was adopted", spec->unit);
    if (spec->hook_pre_start[0] && s->prepared != id)
        world_fail(w, "hook", "spawn of %s without its hook", spec->unit);
    if (s->attempt.id != id) {
        check_start(w, (uint32_t)id);
        begin_attempt(w, s, id);
    }
    s->prepared = 0;
    if (chance(w, s, w->model.job[s->job][P_SPAWN_BAD])) {
        s->attempt.failed = true;
        return err_say(e, ST_NOTFOUND, "there is no such program");
    }
    s->attempt.spawned = true;
    s->signal[0] = s->signal[1] = false;
    s->run = (struct run){.id = id, .open = true, .main_alive = true, .pid = 4 * ++w->pids,
                          .spawned_at = w->now, .may = world_may(w, s)};
    s->run.ready_shown = spec->ready.kind == READY_STARTED;
    nature_born(w, s);
    *ret_pid = s->run.pid;
    return ST_OK;
}

/* --- ends --------------------------------------------------------------------------- */
static enum st hand_ask(void *ctx, uint64_t id, const struct rung *rung, struct err *e)
{
    struct world *w = called(ctx);
    struct slot *s = open_of(w, id, "ask");
    check_asked(w, (uint32_t)id);
    if (w->ended)
        world_fail(w, "end-now", "%s is asked after the budget's end", s->spec->unit);
    s->run.asked = true;
    if (chance(w, s, w->model.job[s->job][P_ASK_BAD]))
        return err_say(e, ST_UNSUPPORTED, "it cannot be asked so");
    nature_asked(w, s, rung->kind);
    return ST_OK;
}

static void hand_kill(void *ctx, uint64_t id)
{
    struct world *w = called(ctx);
    struct slot *s = open_of(w, id, "kill");
    if (s->run.main_alive)
        check_asked(w, (uint32_t)id);
    s->run.killed = true;
    nature_killed(w, s);
}

static enum st hand_look(void *ctx, uint64_t id, struct look *ret, struct err *e)
{
    struct world *w = called(ctx);
    struct slot *s = open_of(w, id, "look");
    const struct run *r = &s->run;
    if (chance(w, s, w->model.fleet[F_LOOK_BAD])) {
        ret->members = 77; /* must not be read */
        return err_say(e, ST_OS, "no answer");
    }
    *ret = (struct look){r->main_alive, r->main_alive ? 259 : r->code, r->members, r->hosts};
    return ST_OK;
}

static void hand_release(void *ctx, uint64_t id)
{
    struct world *w = called(ctx);
    struct slot *s = open_of(w, id, "release");
    const struct run *r = &s->run;
    if (r->main_alive || r->members > 0)
        world_fail(w, "release-empty", "release of %s with %u processes", s->spec->unit,
                   r->members + r->main_alive);
    if (s->checking)
        world_fail(w, "checks", "release of %s with a check under way", s->spec->unit);
    if (r->ended_told != 1)
        world_fail(w, "cause", "release of %s, whose end was told %u times", s->spec->unit,
                   r->ended_told);
    s->run.open = false;
}

/* --- looks at workers --------------------------------------------------------------- */
static enum st hand_check(void *ctx, uint64_t id, const struct check *check, struct err *e)
{
    struct world *w = called(ctx);
    struct slot *s = open_of(w, id, "check");
    const struct unit *u = sup_find(w->sup, id);
    if (s->checking)
        world_fail(w, "checks", "a second check of %s at a time", s->spec->unit);
    if (!u || (u->at != S_STARTING && u->at != S_RUNNING))
        world_fail(w, "checks", "a check of %s, which is not up", s->spec->unit);
    if (check->readiness != (u->at == S_STARTING) || check->serial == s->serial)
        world_fail(w, "checks", "%s: not its check, or a serial for the second time",
                   s->spec->unit);
    s->serial = check->serial;
    s->check_ready = check->readiness;
    /* An answer that is lost is given up a little later; a command may have to wait for others. */
    s->check_until = w->now + check->timeout_ms + (check->kind == CHECK_COMMAND ? 600000 : 2000);
    if (!check->readiness)
        s->run.may |= 1u << CAUSE_HEALTH; /* a check that is lost counts too */
    if (chance(w, s, w->model.fleet[F_HAND_BAD])) {
        s->run.bad_checks++;
        return err_say(e, ST_OS, "the check cannot begin");
    }
    s->checking = true;
    nature_checked(w, s, check);
    return ST_OK;
}

static void hand_uncheck(void *ctx, uint64_t id)
{
    struct world *w = called(ctx);
    open_of(w, id, "uncheck")->checking = false;
}

static bool hand_signalled(void *ctx, uint64_t id, enum signal what)
{
    struct world *w = called(ctx);
    struct slot *s = open_of(w, id, "signalled");
    bool set = s->signal[what];
    s->signal[what] = false;
    if (set && what == SIGNAL_READY)
        s->run.ready_shown = true;
    return set;
}

/* --- clocks ------------------------------------------------------------------------- */
static void hand_alarm(void *ctx, uint32_t slot, uint64_t at_ms)
{
    struct world *w = called(ctx);
    if (slot != SLOT_FLEET && slot >= w->room)
        world_fail(w, "room", "alarm(%u): there is room for %zu", slot, w->room);
    *(slot == SLOT_FLEET ? &w->fleet_alarm : &w->slot[slot].alarm) = at_ms;
    if (at_ms != 0 && at_ms != UINT64_MAX)
        queue_put(&w->queue,
                  (struct due){.at = at_ms, .kind = DUE_ALARM, .slot = slot, .arg = at_ms});
}

static uint64_t hand_now(void *ctx)
{
    return called(ctx)->now;
}

static int64_t hand_wall(void *ctx)
{
    return world_wall(called(ctx));
}

static int32_t hand_offset(void *ctx, int64_t utc_s)
{
    (void)called(ctx);
    return world_offset(utc_s);
}

static uint32_t hand_random(void *ctx)
{
    return (uint32_t)random_next(&called(ctx)->random);
}

static void hand_tell(void *ctx, const struct tale *t)
{
    tale_told(called(ctx), t);
}

const struct hands world_hands = {
    .room = hand_room,       .adopt = hand_adopt,         .prepare = hand_prepare,
    .unprepare = hand_unprepare, .spawn = hand_spawn,     .ask = hand_ask,
    .kill = hand_kill,       .look = hand_look,           .check = hand_check,
    .uncheck = hand_uncheck, .signalled = hand_signalled, .release = hand_release,
    .alarm = hand_alarm,     .now = hand_now,             .wall = hand_wall,
    .offset = hand_offset,   .random = hand_random,       .tell = hand_tell,
};
