/* limit.c - what limits do to runs: who is to blame for an end, and what follows.
 * It measures nothing and logs nothing: the host knows that a limit was reached and says so. */
#include "service/supervise/fleet.h"

enum { NOT_ENOUGH_QUOTA = 1816 }; /* the exit code that a time limit of the kernel leaves behind */

static bool succeeded(const struct unit *u, uint32_t code)
{
    return policy_success(u->spec, &(struct ending){.cause = CAUSE_EXIT, .code = code});
}

static bool blamed(const struct unit *u, uint32_t code, uint64_t ended_at)
{
    const struct blame *b = &u->blame;
    return b->until != 0 && ended_at <= b->until && (b->sure || !succeeded(u, code));
}

static void blame(struct unit *u, enum limit_id limit, enum reaction what, bool sure, uint64_t now)
{
    struct blame *b = &u->blame;
    if (b->until != 0 && now <= b->until && b->sure && !sure)
        return;
    *b = (struct blame){limit, what, sure, fleet_later(now, BLAME_MS)};
}

/* Of a level's limits, one that ends processes when their time is used up. */
static bool time_limit(const struct limits *l, enum limit_id id)
{
    if (!l || !limits_have(l, id))
        return false;
    return id != LIMIT_JOB_TIME || l->job_time_action == TIME_TERMINATE;
}

/* That of the job comes first: of the end of a process's time the kernel sends word. */
static bool silent_limit(const struct sup *s, struct unit *u)
{
    static const enum limit_id ids[] = {LIMIT_JOB_TIME, LIMIT_PROCESS_TIME};
    const struct limits *const level[] = {
        &u->spec->limits, u->spec->group ? &u->spec->group->limits : NULL,
        s->config->service.capped ? &s->config->service.limits : NULL};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        for (size_t k = 0; k < sizeof level / sizeof *level; k++)
            if (time_limit(level[k], ids[i])) {
                unit_ends_by(u, CAUSE_LIMIT, ids[i], limits_reaction(level[k], ids[i]));
                return true;
            }
    return false;
}

void limit_judge(const struct sup *s, struct unit *u, uint32_t code)
{
    if (blamed(u, code, u->ended_at))
        unit_ends_by(u, CAUSE_LIMIT, u->blame.limit, u->blame.what);
    else if (code != NOT_ENOUGH_QUOTA || succeeded(u, code) || !silent_limit(s, u))
        unit_ends_by(u, unit_exit_cause(u->spec, code), LIMIT_NONE, REACTION_UNSAID);
}

/* The end was seen before what led to it. */
static void judge_again(struct sup *s, struct unit *u)
{
    bool itself = u->cause == CAUSE_EXIT || u->cause == CAUSE_CRASH;
    if (!u->main_ended || !itself || fleet_now(s) - u->ended_at > BLAME_MS)
        return;
    limit_judge(s, u, u->last.code);
    u->last.cause = u->cause;
    u->last.limit = u->limit;
    u->last.reaction = u->reaction;
}

/* Looks first: a run that has ended by itself must not be said to have ended by a limit. */
static void react(struct sup *s, uint64_t id, enum limit_id limit, enum reaction what,
                  enum event ev)
{
    struct unit *u = fleet_find(s, id);
    if (!u)
        return;
    watch_look(s, u);
    u = fleet_find(s, id);
    /* While the fleet stops, or it is held until others are down, its turn will come. */
    if (u && (ev != E_LIMIT || u->want_up)) {
        if (u->cause == CAUSE_NONE)
            unit_ends_by(u, CAUSE_LIMIT, limit, what);
        apply_event(s, u, ev);
        watch_arm(s, u);
    }
    fleet_settle(s);
}

static void follow(struct sup *s, uint64_t id, enum limit_id limit, enum reaction what)
{
    if (what == REACTION_RESTART || what == REACTION_STOP)
        react(s, id, limit, what, E_LIMIT);
    else if (what == REACTION_TERMINATE)
        react(s, id, limit, what, E_KILL);
}

/* The unit that ID is about, with one more limit to its account; NULL when that run is over. */
static struct unit *count(struct sup *s, uint64_t id, enum limit_id limit)
{
    struct unit *u = fleet_find(s, id);
    if (!u)
        return NULL;
    u->limit_times++;
    u->record.limit_events++;
    u->limit_last = limit;
    return u;
}

void sup_limit(struct sup *s, uint64_t id, enum limit_id limit, enum reaction what)
{
    if (count(s, id, limit))
        follow(s, id, limit, what);
}

void sup_limit_kill(struct sup *s, uint64_t id, enum limit_id limit, enum reaction what)
{
    if (count(s, id, limit))
        react(s, id, limit, what, E_KILL);
}

static void suspect(struct sup *s, struct unit *u, enum limit_id limit, enum reaction what)
{
    blame(u, limit, what, false, fleet_now(s));
    judge_again(s, u);
    follow(s, u->id, limit, what);
}

void sup_limit_blame(struct sup *s, uint64_t id, enum limit_id limit, enum reaction what)
{
    struct unit *u = fleet_find(s, id);
    if (!u)
        return;
    blame(u, limit, what, false, fleet_now(s));
    judge_again(s, u);
}

void sup_limit_refused(struct sup *s, uint64_t id, enum limit_id limit, enum reaction what)
{
    struct unit *u = count(s, id, limit);
    if (u)
        suspect(s, u, limit, what);
}

void sup_limit_ended(struct sup *s, uint64_t id, uint32_t pid, enum limit_id limit,
                     enum reaction what)
{
    struct unit *u = count(s, id, limit);
    if (!u)
        return;
    /* All of them: when the main process was gone already, it had ended by itself. */
    if (pid != u->main_pid && (pid != 0 || u->main_ended)) {
        suspect(s, u, limit, what);
        return;
    }
    blame(u, limit, what, true, fleet_now(s));
    judge_again(s, u);
    watch_look(s, u);
    fleet_settle(s);
}
