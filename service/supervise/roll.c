/* roll.c - a rolling restart: restart_parallel instances of a job at a time, the lowest number
 * first, each waited for until it is ready. */
#include "service/supervise/fleet.h"

#include "common/buf.h"

/* A worker that is ready by being started has to live so long before the next one is taken. */
enum { SETTLE_MS = 1000, NAMES_MAX = 400 };

static uint32_t parallel(const struct crew *c)
{
    const struct job_spec *spec = c->spec;
    return spec && spec->restart_parallel > 0 ? spec->restart_parallel : 1;
}

void roll_drop(struct sup *s, struct crew *c)
{
    struct crew **at = &s->rolls;
    if (!c->roll.on)
        return;
    while (*at != c)
        at = &(*at)->roll.link;
    *at = c->roll.link;
    c->roll = (struct roll){.on = false};
    for (uint32_t i = 0; i < c->n; i++)
        c->unit[i]->rolling = c->unit[i]->asked = c->unit[i]->anew = false;
}

void roll_begin(struct sup *s, struct crew *c, const char *why)
{
    uint32_t n = 0;
    const struct unit *first = NULL;
    c->roll.more = false;
    for (uint32_t i = 0; i < c->n; i++)
        if (c->unit[i]->asked) {
            first = first ? first : c->unit[i];
            n++;
        }
    if (n == 0)
        return;
    if (!c->roll.on) {
        c->roll.on = true;
        c->roll.link = s->rolls;
        s->rolls = c;
    }
    c->roll.next = 0;
    fleet_say(s, first, H_ROLL, n, why);
    order_touch(s, c);
}

uint64_t fleet_settled_at(const struct unit *u)
{
    uint64_t ms = u->spec->min_uptime < SETTLE_MS ? u->spec->min_uptime : SETTLE_MS;
    return u->spec->ready.kind == READY_STARTED ? fleet_later(u->since, ms) : u->since;
}

/* Another definition or another run is owed to it, whatever it is now. */
static bool owed(const struct unit *u)
{
    return u->next || u->anew;
}

/* What has become of one that was taken down. */
enum fate { ON_ITS_WAY, CAME_UP, FAILED_TO, AS_BEFORE };
static enum fate fate_of(const struct unit *u, uint64_t now)
{
    bool down = u->at == S_FAILED || u->at == S_BACKOFF, done = u->at == S_EXITED;
    if (!u->want_up)
        return u->spawned ? ON_ITS_WAY : CAME_UP; /* others have ordered it down */
    if (u->at == S_WAITING && u->waits == WAIT_SCHEDULE && !u->next) /* it has one now, and its */
        return u->anew ? AS_BEFORE : CAME_UP; /* next run is none of the roll's, but for an order */
    if (!u->renewed || owed(u)) {
        bool up = u->renewed && u->at == S_RUNNING; /* but once more, since */
        return down || done ? AS_BEFORE : up ? CAME_UP : ON_ITS_WAY;
    }
    if (u->at == S_RUNNING)
        return now >= fleet_settled_at(u) ? CAME_UP : ON_ITS_WAY;
    return down ? FAILED_TO : done ? CAME_UP : ON_ITS_WAY; /* it has done its work */
}

static bool left_alone(const struct unit *u)
{
    return u->asked && !u->rolling;
}

/* When a roll is given up; also one that is on its way down still: it comes back by what it was. */
static bool stays_as_it_was(const struct unit *u)
{
    return left_alone(u) || (u->rolling && !u->renewed && u->next);
}

static void name_rest(const struct crew *c, struct buf *out, uint32_t *ret_n)
{
    bool cut = false;
    *ret_n = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        if (!stays_as_it_was(c->unit[i]))
            continue;
        (*ret_n)++;
        if (out->n < NAMES_MAX)
            buf_f(out, "%s%s", *ret_n > 1 ? " " : "", c->unit[i]->spec->unit);
        else
            cut = true;
    }
    if (cut)
        buf_z(out, " ...");
}

static void give_up(struct sup *s, struct crew *c, const struct unit *u)
{
    struct buf names = {0};
    uint32_t n;
    name_rest(c, &names, &n);
    fleet_say(s, u, H_ROLL_STOPPED, n, buf_text(&names));
    buf_free(&names);
    roll_drop(s, c);
}

static void come_up(struct crew *c, struct unit *u)
{
    u->rolling = false;
    u->asked = owed(u);
    if (u->asked)
        c->roll.next = 0; /* its turn comes once more */
}

/* A roll may be for all of them. */
static enum cause cause_of(const struct unit *u)
{
    return u->anew ? CAUSE_OPERATOR : u->next ? CAUSE_CHANGE : CAUSE_SCHEDULE;
}

/* What others need first goes down when its own order lets it; if that is taken back, then here. */
static void renew_run(struct sup *s, struct crew *c, struct unit *u)
{
    if (u->held != EVENTS)
        return;
    u->hurry = u->hurry || u->anew;
    if (!u->spawned)
        start_take_next(s, u);
    else if (u->cause == CAUSE_NONE)
        u->cause = cause_of(u);
    if (!u->spawned && !u->want_up) { /* failed or done, and ordered to stay down since */
        order_touch(s, c);
        return;
    }
    apply_event(s, u, E_RENEW);
    watch_arm(s, u);
}

/* False: the roll was given up. */
static bool judge(struct sup *s, struct crew *c)
{
    uint64_t now = fleet_now(s);
    c->roll.flying = 0;
    c->roll.look_at = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        struct unit *u = c->unit[i];
        enum fate fate = u->rolling ? fate_of(u, now) : CAME_UP;
        if (fate == FAILED_TO) {
            give_up(s, c, u);
            return false;
        }
        if (fate == AS_BEFORE) /* its end was decided before the roll took it */
            renew_run(s, c, u);
        if (fate == CAME_UP && u->rolling)
            come_up(c, u);
        if (u->rolling && owed(u) && u->at == S_STARTING)
            u->renewed = false; /* once more, and it may never be ready: again, in its place */
        if (fate == ON_ITS_WAY && !u->renewed && (u->at == S_RUNNING || u->at == S_STARTING))
            renew_run(s, c, u);
        if (fate == ON_ITS_WAY && u->at == S_RUNNING && u->renewed && u->want_up)
            c->roll.look_at = watch_earlier(c->roll.look_at, fleet_settled_at(u));
        c->roll.flying += u->rolling;
    }
    return true;
}

static void take_down(struct sup *s, struct crew *c, struct unit *u)
{
    u->rolling = true;
    u->renewed = false;
    c->roll.flying++;
    renew_run(s, c, u);
}

static struct unit *next_of(struct crew *c)
{
    for (; c->roll.next < c->n; c->roll.next++)
        if (left_alone(c->unit[c->roll.next]))
            return c->unit[c->roll.next++];
    return NULL;
}

void roll_settle(struct sup *s, struct crew *c)
{
    if (!c->roll.on)
        return;
    if (s->stopping) {
        roll_drop(s, c);
        return;
    }
    if (!judge(s, c))
        return;
    while (c->roll.flying < parallel(c)) {
        struct unit *u = next_of(c);
        if (!u)
            break;
        take_down(s, c, u);
    }
    if (c->roll.flying > 0)
        return;
    fleet_say(s, c->unit[0], H_ROLLED, 0, NULL);
    roll_drop(s, c);
}

uint64_t roll_next(const struct sup *s)
{
    uint64_t at = 0;
    for (const struct crew *c = s->rolls; c; c = c->roll.link)
        at = watch_earlier(at, c->roll.look_at);
    return at;
}

void roll_wake(struct sup *s)
{
    uint64_t now = fleet_now(s);
    for (struct crew *c = s->rolls; c; c = c->roll.link)
        if (c->roll.look_at != 0 && now >= c->roll.look_at)
            order_touch(s, c);
}
