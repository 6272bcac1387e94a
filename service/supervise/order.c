/* order.c - jobs that others wait for: what each crew counts for, who may start, who is held. */
#include "service/supervise/fleet.h"

static unsigned standing_of(const struct unit *u)
{
    bool final = u->at == S_FAILED || u->at == S_EXITED;
    bool coming = u->want_up && !final;
    bool timed = u->at == S_WAITING && u->waits == WAIT_SCHEDULE; /* not on its way yet */
    unsigned bits = 0;
    if (coming && !u->proven && !timed && u->at != S_RUNNING)
        bits |= STANDS_PENDING;
    if (u->at == S_RUNNING && u->want_up)
        bits |= STANDS_UP;
    if (u->at == S_EXITED)
        bits |= STANDS_DONE;
    if (coming)
        bits |= STANDS_COMING;
    if (u->spawned)
        bits |= STANDS_LIVE | (u->want_up ? 0U : STANDS_LEAVING);
    if (u->held != EVENTS)
        bits |= STANDS_HELD;
    return bits;
}

static uint32_t count_of(const struct crew *c, enum standing bit)
{
    uint32_t i = 0;
    for (unsigned b = bit; b > 1; b >>= 1)
        i++;
    return c->count[i];
}

void order_touch(struct sup *s, struct crew *c)
{
    if (c->touched)
        return;
    c->touched = true;
    c->moved_link = s->moved;
    s->moved = c;
}

void order_count(struct sup *s, struct unit *u)
{
    unsigned bits = standing_of(u), changed = bits ^ u->standing;
    for (int i = 0; i < STANDINGS; i++)
        if (changed >> i & 1)
            u->crew->count[i] += bits >> i & 1 ? 1 : UINT32_MAX;
    u->standing = bits;
    if (changed || u->rolling || u->retired)
        order_touch(s, u->crew);
}

static void order_status(struct crew *c)
{
    bool doomed = false;
    for (uint32_t i = 0; i < c->needs; i++)
        doomed = doomed || (c->need[i].required && c->need[i].crew->lost);
    bool done = count_of(c, STANDS_DONE) > 0;
    c->lost = !done && (doomed || count_of(c, STANDS_COMING) == 0);
    c->settled = c->lost || count_of(c, STANDS_PENDING) == 0;
    c->up = c->settled && !c->lost && (done || count_of(c, STANDS_UP) > 0);
}

static bool status_changes(struct crew *c)
{
    bool settled = c->settled, up = c->up, lost = c->lost;
    order_status(c);
    return c->settled != settled || c->up != up || c->lost != lost;
}

/* Before anybody goes by it.  Needs have no cycles, so this ends; both ways, so that it is soon. */
void order_find_statuses(struct sup *s)
{
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < s->crews; i++)
            again = status_changes(s->crew[i]) || again;
        for (size_t i = s->crews; i-- > 0;)
            again = status_changes(s->crew[i]) || again;
    }
}

static bool need_met(const struct need *n)
{
    return n->required ? n->crew->up : n->crew->settled;
}

const struct crew *order_waits_for(const struct crew *c)
{
    for (uint32_t i = 0; i < c->needs; i++)
        if (!need_met(&c->need[i]))
            return c->need[i].crew;
    return NULL;
}

bool order_clear(const struct crew *c)
{
    return order_waits_for(c) == NULL;
}

/* --- holding back -------------------------------------------------------------------- */
/* C as a whole goes down; else those who require it stay up with the rest of it. */
static bool goes_down(const struct sup *s, const struct crew *c)
{
    bool none_left = c->lost || count_of(c, STANDS_COMING) == 0;
    return none_left && (s->stopping || count_of(c, STANDS_DONE) == 0);
}

/* Who keeps units of C from stopping: one that requires it and still runs, or comes after it and
 * stops too.  NULL: nobody. */
static const struct crew *needed_by(const struct sup *s, const struct crew *c)
{
    bool all = goes_down(s, c);
    for (uint32_t i = 0; i < c->users; i++) {
        const struct crew *user = c->user[i].crew;
        bool required = all && c->user[i].required;
        if (count_of(user, required ? STANDS_LIVE : STANDS_LEAVING) > 0)
            return user;
    }
    return NULL;
}

bool order_keeps(const struct unit *u)
{
    enum cause cause = u->cause;
    return u->slain || cause == CAUSE_EXIT || cause == CAUSE_CRASH || cause == CAUSE_NOT_READY ||
           cause == CAUSE_LIMIT || cause == CAUSE_WATCHDOG || cause == CAUSE_HEALTH ||
           cause == CAUSE_MAX_RUNTIME;
}

static void go_down(struct sup *s, struct unit *u, enum event ev, enum cause cause)
{
    if (u->spawned && !order_keeps(u)) /* which stays; the want says the rest */
        u->cause = cause;
    apply_event(s, u, ev);
    watch_arm(s, u);
}

void order_down(struct sup *s, struct unit *u, enum event ev, enum cause cause)
{
    order_count(s, u); /* an order has changed what is wanted */
    const struct crew *user = needed_by(s, u->crew);
    bool upright = u->at == S_STARTING || u->at == S_RUNNING;
    if (!upright || !user) {
        u->held = EVENTS;
        go_down(s, u, ev, cause);
        order_count(s, u);
        return;
    }
    bool news = u->held == EVENTS;
    u->held = ev;
    u->held_cause = cause;
    if (news)
        fleet_say(s, u, H_HELD, 0, user->name);
    order_count(s, u);
    watch_arm(s, u);
}

static void release_held(struct sup *s, struct crew *c)
{
    bool needed = needed_by(s, c) != NULL;
    bool stays = !c->lost && !s->stopping; /* what it required has come back */
    for (uint32_t i = 0; i < c->n && count_of(c, STANDS_HELD) > 0; i++) {
        struct unit *u = c->unit[i];
        enum event ev = u->held;
        if (ev == EVENTS)
            continue;
        if (ev == E_DEPENDENCY && stays) {
            u->held = EVENTS;
            order_count(s, u);
        } else if (!needed) {
            u->held = EVENTS;
            go_down(s, u, ev, u->held_cause);
            order_count(s, u);
        }
    }
}

/* --- what follows -------------------------------------------------------------------- */
static void review_units(struct sup *s, struct crew *c, bool clear, bool doomed)
{
    for (uint32_t i = 0; i < c->n; i++) {
        struct unit *u = c->unit[i];
        if (clear && u->at == S_WAITING && u->waits == WAIT_JOB) {
            apply_event(s, u, E_LINE_UP);
            watch_arm(s, u);
        } else if (doomed && u->want_up && u->held == EVENTS && u->at != S_STOPPING) {
            order_down(s, u, E_DEPENDENCY, CAUSE_DEPENDENCY);
        }
    }
}

static bool requires_lost(const struct crew *c)
{
    for (uint32_t i = 0; i < c->needs; i++)
        if (c->need[i].required && c->need[i].crew->lost)
            return true;
    return false;
}

void order_settle(struct sup *s, struct crew *c)
{
    bool settled = c->settled, up = c->up, lost = c->lost;
    order_status(c);
    if (c->settled != settled || c->up != up || c->lost != lost)
        for (uint32_t i = 0; i < c->users; i++) {
            c->user[i].crew->review = true;
            order_touch(s, c->user[i].crew);
        }
    for (uint32_t i = 0; i < c->needs; i++) /* they may be free to stop now */
        if (count_of(c->need[i].crew, STANDS_HELD) > 0)
            order_touch(s, c->need[i].crew);
    if (count_of(c, STANDS_HELD) > 0)
        release_held(s, c);
    if (!c->review || s->stopping)
        return;
    c->review = false;
    bool doomed = requires_lost(c);
    review_units(s, c, order_clear(c), doomed);
}
