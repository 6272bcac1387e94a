/* test_walk.c - a seeded random walk: orders, ends, limits, answers, time and a world that loses,
 * doubles and mixes up its notes and fails by chance; what must always hold is checked after every
 * step.  That a slot never has two runs, and that only an empty job is given back, the hands of
 * fake.c check. */
#include "tests/supervise/walk.h"

#include <string.h>

enum { STEPS = 200000, EPISODE = 400, UNITS = 8, BUDGET_MS = 5000 };

/* What was seen of a unit after the step before. */
struct before {
    uint64_t id;
    enum cause cause;
    enum limit_id limit;
    bool spawned, by_limit; /* failed by on_limit = stop, and not ordered since */
    uint32_t spawns;
};

struct walk {
    struct fake f;
    struct random chance;
    struct before before[UNITS];
    uint32_t stopped, recycled; /* ends by limits that led to it */
    uint32_t spawns_at_stop; /* of all slots, when the fleet began to stop */
    bool stopping;
};

static uint64_t below(struct walk *w, uint64_t bound)
{
    return random_below(&w->chance, bound);
}

static uint32_t spawns(const struct walk *w)
{
    uint32_t n = 0;
    for (size_t i = 0; i < UNITS; i++)
        n += w->f.job[i].spawns;
    return n;
}

static bool has_run(const struct unit *u)
{
    return u->at == S_STARTING || u->at == S_RUNNING || u->at == S_STOPPING;
}

static void check_unit(const struct walk *w, size_t slot)
{
    const struct unit *u = fake_unit(&w->f, slot);
    const struct fake_job *j = &w->f.job[slot];
    assert_true(u->spawned == j->open && u->spawned == has_run(u));
    assert_true(!u->spawned || u->id == j->id);
    assert_true(sup_find(w->f.sup, j->id) == (u->spawned ? u : NULL));
    assert_true(u->alarm_at == j->alarm_at);
    assert_true((u->at != S_BACKOFF && u->at != S_STOPPING) || u->alarm_at != 0);
    assert_true((u->at != S_BACKOFF && u->at != S_RUNNING) || u->want_up || u->held != EVENTS);
    assert_true(u->at != S_STOPPED || !u->want_up);
    bool final = u->at == S_FAILED || u->at == S_EXITED;
    bool has_reason = final || u->at == S_BACKOFF || u->at == S_WAITING;
    assert_true((u->reason != NULL) == has_reason);
    assert_true(u->at != S_PREPARING || (j->preparing && j->preparing_id == u->id));
    assert_true(u->at == S_PREPARING || !j->preparing);
    assert_true(u->at != S_STARTING || u->alarm_at != 0); /* ready_timeout */
    assert_true(has_run(u) || j->check.serial == 0);
    assert_true((u->held == EVENTS) || u->at == S_STARTING || u->at == S_RUNNING);
    assert_true((u->pid != 0) == (u->spawned && !u->main_ended));
    assert_true(j->releases + (uint32_t)j->open == u->starts);
    assert_true(u->at != S_RUNNING || (!u->main_ended && !u->killed && u->cause == CAUSE_NONE));
    bool waits = u->at == S_BACKOFF || (u->at == S_WAITING && u->waits == WAIT_DELAY);
    assert_true(u->spawned || waits == (u->alarm_at != 0));
    assert_true(!w->stopping || !u->want_up);
}

/* Of the slot's needs one keeps it from starting. */
static bool needs_wait(const struct walk *w, size_t slot)
{
    const struct deps *d = &w->f.definition[slot].deps;
    for (uint32_t i = 0; i < d->n; i++) {
        const struct unit *u = fake_unit(&w->f, d->dep[i].job);
        if (u->at != S_RUNNING || u->held != EVENTS)
            return true;
    }
    return false;
}

/* A wait is one for something that is going to come. */
static void check_wait(const struct walk *w, size_t slot, size_t starting)
{
    const struct unit *u = fake_unit(&w->f, slot);
    uint64_t most = w->f.config.service.max_concurrent_starts;
    bool full = most != 0 && starting >= most;
    if (u->at != S_WAITING)
        return;
    assert_true(u->waits != WAIT_NOTHING && u->waits != WAIT_SCHEDULE);
    assert_true(u->waits != WAIT_TURN || full || w->f.fleet_alarm != 0);
    assert_true(u->waits != WAIT_JOB || needs_wait(w, slot));
}

/* Nobody stays up without what it requires, but a fleet that stops has its own order. */
static void check_requires(const struct walk *w, size_t slot)
{
    const struct unit *u = fake_unit(&w->f, slot);
    const struct deps *d = &w->f.definition[slot].deps;
    for (uint32_t i = 0; i < d->n && !w->stopping; i++) {
        const struct unit *needed = fake_unit(&w->f, d->dep[i].job);
        bool gone = needed->at == S_FAILED || needed->at == S_STOPPED;
        bool upright = u->at == S_STARTING || u->at == S_RUNNING || u->at == S_PREPARING;
        assert_true(!d->dep[i].required || !gone || !upright || u->held != EVENTS);
    }
}

static bool is_whole(enum cause cause, enum limit_id limit, enum reaction what)
{
    if (cause == CAUSE_LIMIT)
        return limit < LIMIT_REACHABLE && what > REACTION_UNSAID && what < REACTIONS;
    return limit == LIMIT_NONE && what == REACTION_UNSAID;
}

/* A limit that ends a run stays the cause of it, to its end and beyond. */
static void check_cause(struct walk *w, size_t slot)
{
    const struct unit *u = fake_unit(&w->f, slot);
    struct before *b = &w->before[slot];
    assert_true(is_whole(u->cause, u->limit, u->reaction));
    assert_true(is_whole(u->last.cause, u->last.limit, u->last.reaction));
    if (b->spawned && b->cause == CAUSE_LIMIT) {
        /* Between two steps it may have started again, and not ended twice. */
        const struct ending *end = &u->last;
        bool same = u->id == b->id;
        assert_true(!same || (u->cause == CAUSE_LIMIT && u->limit == b->limit));
        if (same && u->main_ended)
            assert_true(end->cause == CAUSE_LIMIT && end->limit == b->limit);
    }
    bool ended = b->spawned && !u->spawned && u->last.cause == CAUSE_LIMIT && u->id == b->id;
    w->stopped += ended && u->at == S_FAILED && u->last.reaction == REACTION_STOP;
    w->recycled += ended && u->at == S_BACKOFF && u->last.reaction == REACTION_RESTART;
    if (u->at == S_BACKOFF && u->last.cause == CAUSE_LIMIT && u->cause == CAUSE_LIMIT)
        assert_true(u->ordered || u->last.reaction != REACTION_STOP);
}

static void check_stays_down(struct walk *w, size_t slot)
{
    const struct unit *u = fake_unit(&w->f, slot);
    struct before *b = &w->before[slot];
    if (b->by_limit)
        assert_true(u->at == S_FAILED && w->f.job[slot].spawns == b->spawns);
    *b = (struct before){u->id, u->cause, u->limit, u->spawned,
                         u->at == S_FAILED && u->cause == CAUSE_LIMIT &&
                             u->reaction == REACTION_STOP,
                         w->f.job[slot].spawns};
}

static void check(struct walk *w)
{
    size_t down = 0, final = 0, starting = 0;
    for (size_t i = 0; i < UNITS; i++) {
        enum state at = fake_unit(&w->f, i)->at;
        starting += at == S_PREPARING || at == S_STARTING;
    }
    uint64_t most = w->f.config.service.max_concurrent_starts;
    assert_true(most == 0 || starting <= most);
    for (size_t i = 0; i < UNITS; i++) {
        const struct unit *u = fake_unit(&w->f, i);
        check_unit(w, i);
        check_cause(w, i);
        check_stays_down(w, i);
        check_wait(w, i, starting);
        check_requires(w, i);
        final += u->at == S_FAILED || u->at == S_EXITED;
        down += u->at == S_STOPPED;
    }
    assert_true(sup_all_final(w->f.sup) == (final == UNITS));
    assert_true(sup_all_down(w->f.sup) == (final + down == UNITS));
    assert_true(!w->stopping || spawns(w) == w->spawns_at_stop);
}

static enum reaction some_reaction(struct walk *w)
{
    return (enum reaction)(REACTION_LOG + below(w, REACTIONS - REACTION_LOG));
}

static void begin(struct walk *w)
{
    fake_open(&w->f, UNITS);
    w->f.quiet = true;
    w->f.chance = &w->chance;
    w->f.kill_ms = below(w, 60);
    w->f.kills_ignored = (uint32_t)below(w, 3);
    w->stopping = false;
    memset(w->before, 0, sizeof w->before);
    walk_vary(&w->f, &w->chance);
    fake_supervise(&w->f);
    sup_start_all(w->f.sup);
}

static uint64_t some_id(struct walk *w, size_t slot)
{
    return w->f.job[slot].id - (below(w, 4) == 0 ? UINT64_C(1) << 32 : 0);
}

static void world_step(struct walk *w, struct fake_job *j, size_t slot)
{
    static const uint32_t codes[] = {0, 0, 1, 3, 4, 1816, UINT32_C(0xC0000005)};
    if (!j->open || (!j->main_alive && j->members == 0))
        return;
    if (below(w, 3) == 0 && j->main_alive)
        fake_end(&w->f, slot, codes[below(w, sizeof codes / sizeof *codes)]);
    j->members = (uint32_t)below(w, 3);
    j->attendants = (uint32_t)below(w, j->members + 1);
    for (uint64_t notes = below(w, 3); notes > 0; notes--)
        fake_note(&w->f, slot);
}

static void time_step(struct walk *w)
{
    static const uint64_t ms[] = {0, 1, 7, 100, 1000, 4000};
    uint64_t at = w->f.now + ms[below(w, sizeof ms / sizeof *ms)];
    if (below(w, 4) == 0)
        w->f.now = at; /* the alarms ring late */
    else
        fake_until(&w->f, at);
}

static void order_step(struct walk *w, size_t slot)
{
    uint64_t what = below(w, 8);
    w->before[slot].by_limit = false;
    if (what < 4)
        sup_start(w->f.sup, slot);
    else if (what < 6)
        sup_stop(w->f.sup, slot);
    else if (what == 6)
        sup_restart(w->f.sup, &slot, 1);
    else
        sup_kill(w->f.sup, slot);
}

static void limit_step(struct walk *w, size_t slot)
{
    struct sup *s = w->f.sup;
    const uint32_t pids[] = {0, 100 + (uint32_t)slot, 7};
    uint64_t id = some_id(w, slot);
    enum limit_id limit = (enum limit_id)below(w, LIMIT_REACHABLE);
    enum reaction what = some_reaction(w);
    switch (below(w, 4)) {
    case 0:
        sup_limit(s, id, limit, what);
        break;
    case 1:
        sup_limit_kill(s, id, limit, what);
        break;
    case 2:
        sup_limit_refused(s, id, limit, what);
        break;
    default:
        sup_limit_ended(s, id, pids[below(w, 3)], limit, what);
        break;
    }
}

/* Hooks and checks answer, also of runs that are over, twice or never. */
static void answer_step(struct walk *w, size_t slot)
{
    struct fake *f = &w->f;
    struct fake_job *j = &f->job[slot];
    bool good = below(w, 4) != 0;
    if (j->preparing && below(w, 4) != 0)
        fake_prepared(f, slot, good);
    else
        sup_prepared(f->sup, some_id(w, slot), good, "by chance");
    if (j->open && j->check.serial != 0 && below(w, 4) != 0)
        fake_answer(f, slot, good);
    else
        sup_checked(f->sup, some_id(w, slot), (uint32_t)below(w, 9) + 1000000, good, "by chance");
    if (j->open && below(w, 2) == 0)
        fake_signal(f, slot, below(w, 2) == 0 ? SIGNAL_READY : SIGNAL_WATCHDOG);
}

static void step(struct walk *w)
{
    size_t slot = (size_t)below(w, UNITS);
    struct fake *f = &w->f;
    switch (below(w, 18)) {
    case 0:
    case 1:
    case 2:
        world_step(w, &f->job[slot], slot);
        break;
    case 3:
    case 4:
    case 5:
        time_step(w);
        break;
    case 6:
        sup_note(f->sup, some_id(w, slot));
        break;
    case 7:
        sup_note_rung_failed(f->sup, some_id(w, slot), (enum rung_kind)below(w, 3), "by chance");
        break;
    case 8:
        order_step(w, slot);
        break;
    case 9:
        sup_alarm(f->sup, below(w, 4) == 0 ? SLOT_FLEET : (uint32_t)slot);
        break;
    case 10:
        f->obeys = (unsigned)below(w, 1u << RUNG_KINDS);
        f->tree_obeys = (unsigned)below(w, 1u << RUNG_KINDS);
        break;
    case 11:
    case 12:
        limit_step(w, slot);
        break;
    case 13:
        sup_look_all(f->sup);
        break;
    default:
        answer_step(w, slot);
        break;
    }
}

static void stop(struct walk *w)
{
    struct fake *f = &w->f;
    sup_stop_all(f->sup, CAUSE_SHUTDOWN, BUDGET_MS);
    w->stopping = true;
    w->spawns_at_stop = spawns(w);
    check(w);
    if (below(w, 4) == 0)
        sup_end_now(f->sup);
}

/* In a world that heeds a termination, everything is down when the budget, the termination and the
 * longest wait between two looks are over. */
static void finish(struct walk *w, uint64_t end)
{
    struct fake *f = &w->f;
    f->chance = NULL;
    f->kills_ignored = 0;
    for (size_t i = 0; i < UNITS; i++)
        if (f->job[i].kills > 0 && !f->job[i].killed && f->job[i].open)
            end = f->now + STUBBORN_MS; /* it was ignored: next time */
    fake_until(f, end + f->kill_ms + 2 * LOOK_LATE_MS);
    check(w);
    assert_true(sup_all_down(f->sup));
    for (size_t i = 0; i < UNITS; i++)
        assert_int_equal(f->job[i].alarm_at, 0);
    fake_close(f);
}

static void walk(uint64_t seed)
{
    struct walk w = {.chance = {seed}};
    uint32_t seen[STATES] = {0};
    for (int i = 0; i < STEPS; i += EPISODE) {
        begin(&w);
        for (int j = 0; j < EPISODE; j++) {
            if (j == EPISODE - 20)
                stop(&w);
            step(&w);
            check(&w);
            seen[fake_unit(&w.f, 0)->at]++;
        }
        finish(&w, w.f.now + BUDGET_MS);
    }
    for (int s = 0; s < STATES; s++) /* else the walk would prove little */
        assert_true(seen[s] > 100);
    assert_true(w.stopped > 100 && w.recycled > 100);
}

static void sup__two_hundred_thousand_random_steps__what_must_hold_holds(void **state)
{
    (void)state;
    walk(20240229);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup__two_hundred_thousand_random_steps__what_must_hold_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
