/* policy.c - the table of endings and restart modes, the good runs, the start limits. */
#include "service/supervise/policy.h"

#include "common/exit_code.h"
#include "common/num.h"

enum kind {
    SUCCEEDED,
    ENDED_BADLY,
    CRASHED,
    NOT_STARTED,
    HOOK_FAILED,
    NOT_READY,
    SILENT,
    NOT_WELL,
    RAN_OUT,
    LIMITED,
    KINDS
};
enum { MODES = RESTART_NEVER + 1 };

struct rule {
    enum verdict what;
    const char *reason;
};
#define AGAIN(text) {VERDICT_RESTART, text}
#define NOT(text) {VERDICT_DONE, text}

static const struct rule rules[KINDS][MODES] = {
    [SUCCEEDED] = {
        [RESTART_ALWAYS] = AGAIN("restart = always"),
        [RESTART_ON_FAILURE] = NOT("succeeded, restart = on-failure"),
        [RESTART_ON_ABNORMAL] = NOT("succeeded, restart = on-abnormal"),
        [RESTART_NEVER] = NOT("restart = never"),
    },
    [ENDED_BADLY] = {
        [RESTART_ALWAYS] = AGAIN("restart = always"),
        [RESTART_ON_FAILURE] = AGAIN("restart = on-failure"),
        [RESTART_ON_ABNORMAL] = NOT("ended by an ordinary exit code, restart = on-abnormal"),
        [RESTART_NEVER] = NOT("restart = never"),
    },
    [CRASHED] = {
        [RESTART_ALWAYS] = AGAIN("restart = always"),
        [RESTART_ON_FAILURE] = AGAIN("restart = on-failure"),
        [RESTART_ON_ABNORMAL] = AGAIN("restart = on-abnormal"),
        [RESTART_NEVER] = NOT("restart = never"),
    },
    [NOT_STARTED] = {
        [RESTART_ALWAYS] = AGAIN("could not be started"),
        [RESTART_ON_FAILURE] = AGAIN("could not be started"),
        [RESTART_ON_ABNORMAL] = NOT("could not be started, restart = on-abnormal"),
        [RESTART_NEVER] = NOT("could not be started, restart = never"),
    },
    [HOOK_FAILED] = {
        [RESTART_ALWAYS] = AGAIN("hook_pre_start failed"),
        [RESTART_ON_FAILURE] = AGAIN("hook_pre_start failed"),
        [RESTART_ON_ABNORMAL] = NOT("hook_pre_start failed, restart = on-abnormal"),
        [RESTART_NEVER] = NOT("hook_pre_start failed, restart = never"),
    },
    [NOT_READY] = {
        [RESTART_ALWAYS] = AGAIN("not ready in time"),
        [RESTART_ON_FAILURE] = AGAIN("not ready in time"),
        [RESTART_ON_ABNORMAL] = AGAIN("not ready in time"),
        [RESTART_NEVER] = NOT("not ready in time, restart = never"),
    },
    [SILENT] = {
        [RESTART_ALWAYS] = AGAIN("watchdog not signalled in time"),
        [RESTART_ON_FAILURE] = AGAIN("watchdog not signalled in time"),
        [RESTART_ON_ABNORMAL] = AGAIN("watchdog not signalled in time"),
        [RESTART_NEVER] = NOT("watchdog not signalled in time, restart = never"),
    },
    [NOT_WELL] = {
        [RESTART_ALWAYS] = AGAIN("health checks failed"),
        [RESTART_ON_FAILURE] = AGAIN("health checks failed"),
        [RESTART_ON_ABNORMAL] = AGAIN("health checks failed"),
        [RESTART_NEVER] = NOT("health checks failed, restart = never"),
    },
    [RAN_OUT] = {
        [RESTART_ALWAYS] = AGAIN("max_runtime reached"),
        [RESTART_ON_FAILURE] = AGAIN("max_runtime reached"),
        [RESTART_ON_ABNORMAL] = AGAIN("max_runtime reached"),
        [RESTART_NEVER] = NOT("max_runtime reached, restart = never"),
    },
    [LIMITED] = {
        [RESTART_ALWAYS] = AGAIN("ended by a limit"),
        [RESTART_ON_FAILURE] = AGAIN("ended by a limit"),
        [RESTART_ON_ABNORMAL] = AGAIN("ended by a limit"),
        [RESTART_NEVER] = NOT("ended by a limit, restart = never"),
    },
};

/* What an order, or something like one, ended: neither the lists nor the mode are asked. */
static const struct rule ordered[CAUSES] = {
    [CAUSE_SCHEDULE] = AGAIN("restart_schedule was due"),
    [CAUSE_OPERATOR] = AGAIN("stopped and wanted again"),
    [CAUSE_CHANGE] = AGAIN("its definition has changed"),
    [CAUSE_DEPENDENCY] = {VERDICT_WAIT, "waits for a job that it requires"},
    [CAUSE_SHUTDOWN] = NOT("the whole fleet stops"),
};

static bool among(const struct codes *codes, uint32_t code)
{
    for (uint32_t i = 0; i < codes->n; i++)
        if (codes->code[i] == code)
            return true;
    return false;
}

bool policy_ordered(const struct ending *end)
{
    return ordered[end->cause].reason && !end->slain;
}

static bool by_itself(const struct ending *end)
{
    return end->cause == CAUSE_EXIT || end->cause == CAUSE_CRASH;
}

bool policy_success(const struct job_spec *spec, const struct ending *end)
{
    return by_itself(end) && (end->code == 0 || among(&spec->success_exit_codes, end->code));
}

/* The code tells it too, where the cause only says that it ended by itself. */
static bool crashed(const struct ending *end)
{
    return end->cause == CAUSE_CRASH || end->slain ||
           (end->cause == CAUSE_EXIT && exit_code_abnormal(end->code));
}

static enum kind kind_of(const struct job_spec *spec, const struct ending *end)
{
    static const enum kind kinds[CAUSES] = {
        [CAUSE_NOT_STARTED] = NOT_STARTED, [CAUSE_HOOK] = HOOK_FAILED,
        [CAUSE_NOT_READY] = NOT_READY,     [CAUSE_LIMIT] = LIMITED,
        [CAUSE_WATCHDOG] = SILENT,         [CAUSE_HEALTH] = NOT_WELL,
        [CAUSE_MAX_RUNTIME] = RAN_OUT,
    };
    if (policy_success(spec, end))
        return SUCCEEDED;
    if (by_itself(end) || end->slain)
        return crashed(end) ? CRASHED : ENDED_BADLY;
    return kinds[end->cause] == SUCCEEDED ? ENDED_BADLY : kinds[end->cause];
}

static struct rule rule_for(const struct job_spec *spec, const struct ending *end)
{
    enum cause cause = crashed(end) ? CAUSE_CRASH : end->cause;
    if (ordered[cause].reason)
        return ordered[cause];
    if (cause == CAUSE_LIMIT && end->reaction == REACTION_RESTART)
        return (struct rule)AGAIN("on_limit = restart");
    if (cause == CAUSE_LIMIT && end->reaction == REACTION_STOP)
        return (struct rule)NOT("stopped by on_limit");
    if (causes_have(&spec->restart_prevent_causes, cause, end->limit))
        return (struct rule)NOT("cause in restart_prevent_causes");
    if (by_itself(end) && among(&spec->restart_prevent_exit_codes, end->code))
        return (struct rule)NOT("exit code in restart_prevent_exit_codes");
    if (causes_have(&spec->restart_force_causes, cause, end->limit))
        return (struct rule)AGAIN("cause in restart_force_causes");
    if (by_itself(end) && among(&spec->restart_force_exit_codes, end->code))
        return (struct rule)AGAIN("exit code in restart_force_exit_codes");
    if (schedule_set(&spec->schedule) && policy_success(spec, end))
        return (struct rule)NOT("succeeded, until schedule is due");
    return rules[kind_of(spec, end)][spec->restart];
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
    uint64_t delay = policy_spread(policy_delay(spec, policy_tally(h)->restarts),
                                   spec->restart_jitter, random);
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

/* A run that got as far as working, and then did for a while. */
static bool was_good(const struct job_spec *spec, const struct ending *end)
{
    switch (end->slain ? CAUSE_CRASH : end->cause) {
    case CAUSE_EXIT:
    case CAUSE_CRASH:
    case CAUSE_LIMIT:
    case CAUSE_WATCHDOG:
    case CAUSE_HEALTH:
        return end->ran_ms >= spec->min_uptime;
    default:
        return false;
    }
}

struct decision policy_decide(const struct job_spec *spec, struct history *h,
                              const struct ending *end, uint64_t now, uint32_t random)
{
    struct rule rule = rule_for(spec, end);
    bool by_limit = end->cause == CAUSE_LIMIT;
    h->now = by_limit ? TROUBLE_LIMIT : TROUBLE_FAILURE;
    h->recycling = by_limit && end->reaction == REACTION_RESTART;
    if (rule.what == VERDICT_DONE)
        return (struct decision){rule.what, 0, rule.reason};
    /* No run is longer than max_runtime, so one of that length is good whatever min_uptime is. */
    bool order = policy_ordered(end);
    if (order || end->cause == CAUSE_MAX_RUNTIME)
        policy_forget(h);
    if (order)
        return (struct decision){rule.what, 0, rule.reason};
    if (was_good(spec, end))
        good_run(spec, h);
    return again(spec, h, now, random, rule.reason);
}
