/* nature.c - what workers do, by the numbers of their job. */
#include "tests/simulate/world.h"

enum { ABNORMAL = 0x40000000, BY_KILL = 0xE0000 };

static const int64_t *nature_of(const struct world *w, const struct slot *s)
{
    return w->model.job[s->job];
}

static void put(struct world *w, struct slot *s, enum due_kind kind, uint64_t ms, uint64_t arg)
{
    queue_put(&w->queue, (struct due){.at = w->now + ms, .kind = kind, .arg = arg,
                                      .slot = world_index(w, s), .id = s->run.id});
}

static uint32_t code_of(int64_t code)
{
    return code == ABNORMAL ? UINT32_C(0xC0000005) : (uint32_t)code;
}

void nature_born(struct world *w, struct slot *s)
{
    const int64_t *p = nature_of(w, s);
    uint64_t life = (uint64_t)p[P_LIFE], ready = (uint64_t)p[P_READY_MS];
    s->run.members = (uint32_t)(p[P_MEMBERS] + p[P_HOSTS]);
    s->run.hosts = (uint32_t)p[P_HOSTS];
    s->run.deaf = (uint32_t)p[P_DEAF];
    s->run.ready_at = p[P_READY_MS] < 0 ? UINT64_MAX : w->now + ready;
    if (life)
        put(w, s, DUE_END, life + chance_below(w, s, life), 0);
    if (p[P_READY_MS] >= 0)
        put(w, s, DUE_READY, ready, 0);
    if (p[P_BEAT_MS] > 0)
        put(w, s, DUE_BEAT, (uint64_t)p[P_BEAT_MS], 0);
}

/* --- notes -------------------------------------------------------------------------- */
static void send(struct world *w, struct slot *s)
{
    uint64_t late = (uint64_t)w->model.fleet[F_NOTES_LATE];
    put(w, s, DUE_NOTE, late && !w->calm ? chance_below(w, s, late + 1) : 0, 0);
}

void nature_note(struct world *w, struct slot *s)
{
    if (chance(w, s, w->model.fleet[F_NOTES_LOST]))
        return;
    send(w, s);
    if (chance(w, s, w->model.fleet[F_NOTES_DOUBLE]))
        send(w, s);
}

/* --- ends --------------------------------------------------------------------------- */
static void main_gone(struct world *w, struct slot *s, uint32_t code, bool by_itself)
{
    struct run *r = &s->run;
    if (!r->main_alive)
        return;
    r->main_alive = false;
    r->code = code;
    r->ended_at = w->now;
    r->by_itself = by_itself;
    if (by_itself)
        r->may |= 1u << CAUSE_EXIT | 1u << CAUSE_CRASH;
    if (code == 1816)
        r->may |= 1u << CAUSE_LIMIT;
}

void nature_end(struct world *w, struct slot *s, uint32_t code, bool leaves, int64_t notes)
{
    if (!s->run.open || !s->run.main_alive)
        return;
    main_gone(w, s, code, true);
    if (!leaves)
        s->run.members = s->run.hosts; /* which live on a little */
    for (; notes > 0; notes--)
        send(w, s);
    if (notes < 0)
        nature_note(w, s);
}

void nature_asked(struct world *w, struct slot *s, enum rung_kind kind)
{
    const int64_t *p = nature_of(w, s);
    uint64_t main = (uint64_t)p[P_OBEYS] >> kind & 1, tree = (uint64_t)p[P_TREE_OBEYS] >> kind & 1;
    uint64_t bits = main | tree << 1;
    if (bits)
        put(w, s, DUE_OBEY, (uint64_t)p[P_OBEYS_MS], bits);
}

static void obey(struct world *w, struct slot *s, uint64_t bits)
{
    if (bits & 1)
        main_gone(w, s, 0, !s->run.asked);
    if (bits & 2)
        s->run.members = s->run.hosts;
    nature_note(w, s);
}

static void die(struct world *w, struct slot *s)
{
    main_gone(w, s, BY_KILL, false);
    s->run.members = s->run.hosts = 0;
    nature_note(w, s);
}

void nature_killed(struct world *w, struct slot *s)
{
    struct run *r = &s->run;
    if (r->deaf > 0 && !w->calm) {
        r->deaf--;
        return;
    }
    if (r->dying)
        return;
    r->dying = true;
    uint64_t ms = (uint64_t)nature_of(w, s)[P_KILL_MS];
    if (ms == 0)
        die(w, s);
    else
        put(w, s, DUE_DEATH, ms, 0);
}

/* --- checks and hooks --------------------------------------------------------------- */
void nature_checked(struct world *w, struct slot *s, const struct check *check)
{
    const int64_t *p = nature_of(w, s);
    uint64_t ms = (uint64_t)p[P_CHECK_MS];
    bool good = !chance(w, s, p[P_CHECK_BAD]);
    if (chance(w, s, p[P_CHECK_LOST])) {
        s->run.bad_checks++;
        return;
    }
    if (ms > check->timeout_ms) {
        ms = check->timeout_ms + 3;
        good = false;
    }
    put(w, s, DUE_CHECKED, ms, (uint64_t)check->serial << 1 | good);
}

void nature_answer(struct world *w, struct slot *s, uint32_t serial, bool good)
{
    struct run *r = &s->run;
    bool counts = s->checking && s->serial == serial;
    if (counts && s->check_ready && good)
        r->ready_shown = true;
    if (counts && !s->check_ready && !good) {
        r->bad_checks++;
        r->may |= 1u << CAUSE_HEALTH;
    }
    if (counts)
        s->checking = false;
    world_enter(w);
    sup_checked(w->sup, r->id, serial, good, good ? "" : "it is not well");
    world_leave(w);
}

void nature_prepared(struct world *w, struct slot *s, uint64_t id, bool ok)
{
    bool counts = s->preparing == id;
    if (counts) {
        s->preparing = 0;
        s->prepared = ok ? id : 0;
        s->attempt.failed = !ok;
    }
    world_enter(w);
    sup_prepared(w->sup, id, ok, ok ? "" : "it ended with exit code 1");
    world_leave(w);
}

/* --- what is due -------------------------------------------------------------------- */
static void beat(struct world *w, struct slot *s)
{
    int64_t ms = nature_of(w, s)[P_BEAT_MS];
    s->signal[SIGNAL_WATCHDOG] = true;
    s->beat_at = w->now;
    if (ms > 0)
        put(w, s, DUE_BEAT, (uint64_t)ms, 0);
}

static void answer_due(struct world *w, struct slot *s, uint64_t arg)
{
    uint32_t serial = (uint32_t)(arg >> 1);
    bool good = arg & 1;
    if (!s->checking || s->serial != serial)
        return; /* it was ended */
    if (s->check_ready)
        good = good && w->now >= s->run.ready_at;
    nature_answer(w, s, serial, good);
}

static void of_run(struct world *w, struct slot *s, const struct due *d)
{
    const int64_t *p = nature_of(w, s);
    switch (d->kind) {
    case DUE_END:
        nature_end(w, s, code_of(p[P_CODE]), chance(w, s, p[P_LEAVES]), -1);
        break;
    case DUE_OBEY:
        obey(w, s, d->arg);
        break;
    case DUE_DEATH:
        die(w, s);
        break;
    case DUE_READY:
        s->signal[SIGNAL_READY] = s->run.main_alive;
        break;
    case DUE_BEAT:
        if (s->run.main_alive)
            beat(w, s);
        break;
    case DUE_CHECKED:
        answer_due(w, s, d->arg);
        break;
    default:
        break;
    }
}

void nature_due(struct world *w, const struct due *d)
{
    struct slot *s = &w->slot[d->slot];
    if (d->kind == DUE_PREPARED) {
        if (s->preparing == d->id)
            nature_prepared(w, s, d->id, d->arg != 0);
    } else if (d->kind == DUE_NOTE) { /* also about what is long over */
        world_enter(w);
        sup_note(w->sup, d->id);
        world_leave(w);
    } else if (s->run.open && s->run.id == d->id) {
        of_run(w, s, d);
    }
}
