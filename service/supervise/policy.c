/* policy.c - the table of endings and restart modes, the growing delay, the start limits. */
#include "service/supervise/policy.h"

#include "common/exit_code.h"
#include "common/num.h"

const char *const cause_names[CAUSES] = {
    [CAUSE_NONE] = "none",
    [CAUSE_EXIT] = "exit",
    [CAUSE_NOT_STARTED] = "not-started",
    [CAUSE_OPERATOR] = "operator",
    [CAUSE_MAX_RUNTIME] = "max-runtime",
    [CAUSE_LIMIT] = "limit",
    [CAUSE_SHUTDOWN] = "shutdown",
};

enum kind { SUCCEEDED, ENDED_BADLY, CRASHED, NOT_STARTED, RAN_OUT, LIMITED, KINDS };
enum { MODES = RESTART_NEVER + 1 };

struct rule {
    bool again;
    const char *reason;
};

static const struct rule rules[KINDS][MODES] = {
    [SUCCEEDED] = {
        [RESTART_ALWAYS] = {true, "restart = always"},
        [RESTART_ON_FAILURE] = {false, "succeeded, restart = on-failure"},
        [RESTART_ON_ABNORMAL] = {false, "succeeded, restart = on-abnormal"},
        [RESTART_NEVER] = {false, "restart = never"},
    },
    [ENDED_BADLY] = {
        [RESTART_ALWAYS] = {true, "restart = always"},
        [RESTART_ON_FAILURE] = {true, "restart = on-failure"},
        [RESTART_ON_ABNORMAL] = {false, "ended by an ordinary exit code, restart = on-abnormal"},
        [RESTART_NEVER] = {false, "restart = never"},
    },
    [CRASHED] = {
        [RESTART_ALWAYS] = {true, "restart = always"},
        [RESTART_ON_FAILURE] = {true, "restart = on-failure"},
        [RESTART_ON_ABNORMAL] = {true, "restart = on-abnormal"},
        [RESTART_NEVER] = {false, "restart = never"},
    },
    [NOT_STARTED] = {
        [RESTART_ALWAYS] = {true, "could not be started"},
        [RESTART_ON_FAILURE] = {true, "could not be started"},
        [RESTART_ON_ABNORMAL] = {false, "could not be started, restart = on-abnormal"},
        [RESTART_NEVER] = {false, "could not be started, restart = never"},
    },
    [RAN_OUT] = {
        [RESTART_ALWAYS] = {true, "max_runtime reached"},
        [RESTART_ON_FAILURE] = {true, "max_runtime reached"},
        [RESTART_ON_ABNORMAL] = {true, "max_runtime reached"},
        [RESTART_NEVER] = {false, "max_runtime reached, restart = never"},
    },
    [LIMITED] = {
        [RESTART_ALWAYS] = {true, "ended by a limit"},
        [RESTART_ON_FAILURE] = {true, "ended by a limit"},
        [RESTART_ON_ABNORMAL] = {true, "ended by a limit"},
        [RESTART_NEVER] = {false, "ended by a limit, restart = never"},
    },
};

static bool among(const struct codes *codes, uint32_t code)
{
    for (uint32_t i = 0; i < codes->n; i++)
        if (codes->code[i] == code)
            return true;
    return false;
}

bool policy_success(const struct job_spec *spec, const struct ending *end)
{
    return end->cause == CAUSE_EXIT &&
           (end->code == 0 || among(&spec->success_exit_codes, end->code));
}

static enum kind kind_of(const struct job_spec *spec, const struct ending *end)
{
    if (end->cause == CAUSE_NOT_STARTED)
        return NOT_STARTED;
    if (end->cause == CAUSE_MAX_RUNTIME)
        return RAN_OUT;
    if (end->cause == CAUSE_LIMIT)
        return LIMITED;
    if (policy_success(spec, end))
        return SUCCEEDED;
    return exit_code_abnormal(end->code) ? CRASHED : ENDED_BADLY;
}

static struct rule rule_for(const struct job_spec *spec, const struct ending *end)
{
    if (end->cause == CAUSE_OPERATOR)
        return (struct rule){true, "stopped and wanted again"};
    if (end->cause == CAUSE_SHUTDOWN)
        return (struct rule){false, "the whole fleet stops"};
    if (end->cause == CAUSE_LIMIT && end->reaction == REACTION_RESTART)
        return (struct rule){true, "on_limit = restart"};
    if (end->cause == CAUSE_LIMIT && end->reaction == REACTION_STOP)
        return (struct rule){false, "stopped by on_limit"};
    if (end->cause == CAUSE_EXIT) {
        if (among(&spec->restart_prevent_exit_codes, end->code))
            return (struct rule){false, "exit code in restart_prevent_exit_codes"};
        if (among(&spec->restart_force_exit_codes, end->code))
            return (struct rule){true, "exit code in restart_force_exit_codes"};
    }
    return rules[kind_of(spec, end)][spec->restart];
}

uint64_t policy_delay(const struct job_spec *spec, uint32_t nth)
{
    uint64_t max, us;
    if (nth <= 1)
        return 0;
    if (!num_mul(spec->restart_delay_max, 1000, &max))
        max = UINT64_MAX;
    if (!num_mul(spec->restart_delay, 1000, &us))
        us = max;
    /* In microseconds, so that a small factor is not rounded away; a delay that no longer changes
     * ends the loop whatever N is. */
    for (uint32_t i = 2; i < nth && us < max; i++) {
        uint64_t next;
        if (!num_mul(us, spec->restart_factor, &next))
            next = max;
        else
            next /= 1000;
        if (next == us)
            break;
        us = next;
    }
    return (us < max ? us : max) / 1000;
}

/* X * RANDOM / 2^32, without going through 96 bits. */
static uint64_t part(uint64_t x, uint32_t random)
{
    return (x >> 32) * random + (((x & UINT32_MAX) * random) >> 32);
}

/* DELAY comes from policy_delay(), which never exceeds 2^64 / 1000, so nothing overflows. */
static uint64_t spread(uint64_t delay, uint64_t percent, uint32_t random)
{
    if (percent > 100)
        percent = 100;
    uint64_t span = delay / 100 * percent + delay % 100 * percent / 100;
    return delay - span + part(2 * span + 1, random);
}

static uint64_t later(uint64_t at, uint64_t ms)
{
    uint64_t sum;
    return num_add(at, ms, &sum) ? sum : UINT64_MAX;
}

static bool limited(const struct job_spec *spec)
{
    return spec->start_limit != 0 && spec->start_limit_interval != 0;
}

static bool window_open(const struct job_spec *spec, const struct tally *t, uint64_t at)
{
    return t->window_starts != 0 && at - t->window_start < spec->start_limit_interval;
}

void policy_started(const struct job_spec *spec, struct history *h, uint64_t now)
{
    struct tally *t = &h->of[h->now];
    if (h->recycling)
        h->recycle_at = later(now, spec->on_limit_interval);
    if (!limited(spec))
        return;
    if (!window_open(spec, t, now)) {
        t->window_start = now;
        t->window_starts = 0;
    }
    if (t->window_starts < UINT32_MAX)
        t->window_starts++;
}

void policy_forget(struct history *h)
{
    *h = (struct history){.recycle_at = h->recycle_at};
}

const struct tally *policy_tally(const struct history *h)
{
    return &h->of[h->now];
}

/* Neither delays nor the start limits look back past a good run.  With min_uptime = 0 every run is
 * one, and then the limits have to hold by themselves. */
static void good_run(const struct job_spec *spec, struct history *h)
{
    for (int i = 0; i < TROUBLES; i++) {
        h->of[i].restarts = 0;
        if (spec->min_uptime > 0)
            h->of[i].window_starts = 0;
    }
}

static uint64_t delay_of(const struct job_spec *spec, const struct history *h, uint64_t now,
                         uint32_t random)
{
    uint64_t delay =
        spread(policy_delay(spec, policy_tally(h)->restarts), spec->restart_jitter, random);
    if (h->recycling && h->recycle_at > now && h->recycle_at - now > delay)
        delay = h->recycle_at - now;
    return delay;
}

/* One more restart of the present trouble, or one too many. */
static struct decision again(const struct job_spec *spec, struct history *h, uint64_t now,
                             uint32_t random, const char *reason)
{
    struct tally *t = &h->of[h->now];
    if (t->restarts < UINT32_MAX)
        t->restarts++;
    uint64_t delay = delay_of(spec, h, now, random);
    if (limited(spec) && t->window_starts >= spec->start_limit &&
        window_open(spec, t, later(now, delay)))
        return (struct decision){VERDICT_GIVE_UP, 0,
                                 h->now == TROUBLE_LIMIT ? "start limit reached by limits"
                                                         : "start limit reached"};
    return (struct decision){VERDICT_RESTART, delay, reason};
}

struct decision policy_decide(const struct job_spec *spec, struct history *h,
                              const struct ending *end, uint64_t now, uint32_t random)
{
    struct rule rule = rule_for(spec, end);
    bool by_limit = end->cause == CAUSE_LIMIT;
    h->now = by_limit ? TROUBLE_LIMIT : TROUBLE_FAILURE;
    h->recycling = by_limit && end->reaction == REACTION_RESTART;
    if (!rule.again)
        return (struct decision){VERDICT_DONE, 0, rule.reason};
    if (end->cause == CAUSE_OPERATOR || end->cause == CAUSE_MAX_RUNTIME) {
        policy_forget(h);
        return (struct decision){VERDICT_RESTART, 0, rule.reason};
    }
    if ((end->cause == CAUSE_EXIT || by_limit) && end->ran_ms >= spec->min_uptime)
        good_run(spec, h);
    return again(spec, h, now, random, rule.reason);
}
