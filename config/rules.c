/* rules.c - what one key says against another, within a job and over all jobs. */
#include "config/rules_job.h"

#include "config/value.h"

#include <inttypes.h>
#include <string.h>

const char *duration_text(uint64_t ms, char out[DURATION_TEXT])
{
    struct buf b = {0};
    duration_print(ms, &b);
    size_t n = b.n < DURATION_TEXT ? b.n : DURATION_TEXT - 1;
    memcpy(out, buf_text(&b), n);
    out[n] = '\0';
    buf_free(&b);
    return out;
}

/* The first of two keys that was written by somebody: a default is nobody's mistake. */
static const char *written(const struct view *v, const char *a, const char *b)
{
    return view_entry(v, a) ? a : b;
}

/* --- restarting --------------------------------------------------------------------- */
static void rule_delay_order(struct loader *l, const struct view *v, const char *key,
                             uint64_t delay, uint64_t max)
{
    char a[DURATION_TEXT], b[DURATION_TEXT];
    if (delay <= max || !view_good(v, key) || !view_good(v, "restart_delay_max"))
        return;
    report(l, CODE_DELAY_ORDER, view_place(v, written(v, key, "restart_delay_max")),
           "%s %s is longer than restart_delay_max %s; raise restart_delay_max", key,
           duration_text(delay, a), duration_text(max, b));
}

/* How long a job that fails at once takes to reach its start limit: the delays of as many restarts,
 * each as short as chance makes it. */
static uint64_t time_to_limit(const struct job_spec *s)
{
    uint64_t most = s->restart_delay_max, left = s->start_limit - 1, delay = s->restart_delay;
    uint64_t sum = s->restart_first_delay < most ? s->restart_first_delay : most;
    for (; left > 0 && delay < most; left--) {
        sum += delay;
        /* A day by a hundred, and a day: far below 64 bits. */
        uint64_t next = delay * s->restart_factor / 1000 + s->restart_step;
        if (next == delay)
            most = delay;
        delay = next;
    }
    sum += left * (delay < most ? delay : most);
    return sum / 100 * (100 - s->restart_jitter);
}

static void rule_start_limit(struct loader *l, const struct view *v, const struct job_spec *s)
{
    static const char *const keys[] = {"start_limit_interval", "start_limit",  "restart_delay_max",
                                       "restart_delay",        "restart_step", "restart_factor",
                                       "restart_first_delay"};
    char a[DURATION_TEXT], b[DURATION_TEXT];
    const char *key = NULL;
    if (s->start_limit == 0 || s->restart == RESTART_NEVER ||
        s->restart_delay > s->restart_delay_max || s->restart_first_delay > s->restart_delay_max)
        return;
    uint64_t takes = time_to_limit(s);
    if (takes < s->start_limit_interval)
        return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!view_good(v, keys[i]))
            return;
        if (!key && view_entry(v, keys[i]))
            key = keys[i];
    }
    if (key)
        report(l, CODE_START_LIMIT_UNREACHABLE, view_place(v, key),
               "with its delays %" PRIu64
               " restarts take at least %s, so a start_limit_interval of %s never "
               "sees them; raise it, or lower start_limit or restart_delay_max",
               s->start_limit, duration_text(takes / 1000 * 1000, a),
               duration_text(s->start_limit_interval, b));
}

static void rule_runtime(struct loader *l, const struct view *v, const struct job_spec *s)
{
    char a[DURATION_TEXT], b[DURATION_TEXT];
    if (s->max_runtime == 0 || s->max_runtime >= s->min_uptime || !view_good(v, "max_runtime") ||
        !view_good(v, "min_uptime"))
        return;
    report(l, CODE_SHORT_RUNTIME, view_place(v, "max_runtime"),
           "max_runtime %s ends every run before min_uptime %s is reached, so no run "
           "ever counts as a good one; lower min_uptime",
           duration_text(s->max_runtime, a), duration_text(s->min_uptime, b));
}

static bool among(const struct codes *list, uint32_t code)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (list->code[i] == code)
            return true;
    return false;
}

static void rule_codes(struct loader *l, const struct view *v, const struct job_spec *s)
{
    const struct codes *prevent = &s->restart_prevent_exit_codes;
    struct codes one = {.n = 1};
    for (uint32_t i = 0; i < prevent->n; i++) {
        if (!among(&s->restart_force_exit_codes, prevent->code[i]))
            continue;
        struct buf name = {0};
        one.code = &prevent->code[i];
        ty_codes.print(NULL, &one, &name);
        report(
            l, CODE_CONTRADICTING_CODES, view_place(v, "restart_force_exit_codes"),
            "%s is in restart_prevent_exit_codes and in restart_force_exit_codes; take it out of "
            "one",
            buf_text(&name));
        buf_free(&name);
        return;
    }
}

/* --- stopping ----------------------------------------------------------------------- */
static void rule_stop_command(struct loader *l, const struct view *v, const struct job_spec *s)
{
    bool rung = false, command = *s->stop_command;
    for (uint32_t i = 0; i < s->stop.n; i++)
        rung = rung || s->stop.rung[i].kind == RUNG_COMMAND;
    if (rung == command || !view_good(v, "stop") || !view_good(v, "stop_command"))
        return;
    if (rung && !command)
        report(l, CODE_STOP_COMMAND, view_place(v, "stop"),
               "stop has the rung 'command', but there is no stop_command; add it");
    /* Said further away than the ladder, it is what others use. */
    if (command && !rung && view_rank(v, "stop_command") <= view_rank(v, "stop"))
        report(l, CODE_STOP_COMMAND, view_place(v, "stop_command"),
               "stop_command is never run; add its rung, such as 'stop = command:30s'");
}

void rules_job(struct loader *l, const struct view *v, const struct job_spec *s)
{
    rule_delay_order(l, v, "restart_first_delay", s->restart_first_delay, s->restart_delay_max);
    rule_delay_order(l, v, "restart_delay", s->restart_delay, s->restart_delay_max);
    rule_start_limit(l, v, s);
    rule_runtime(l, v, s);
    rule_codes(l, v, s);
    rule_stop_command(l, v, s);
    rules_up(l, v, s);
    rules_limits(l, v, s);
}

/* --- all jobs ----------------------------------------------------------------------- */
static uint64_t stop_time(const struct job_spec *s)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < s->stop.n; i++)
        sum += s->stop.rung[i].ms;
    return sum;
}

static void rule_stop_timeout(struct loader *l, const struct config *c)
{
    const struct job_spec *longest = NULL;
    struct entry *e = l->service ? l->service->entry : NULL;
    char a[DURATION_TEXT], b[DURATION_TEXT];
    for (size_t i = 0; i < c->n; i++)
        if (!longest || stop_time(&c->job[i]) > stop_time(longest))
            longest = &c->job[i];
    while (e && strcmp(e->field->key, "stop_timeout") != 0)
        e = e->next;
    if (!longest || stop_time(longest) <= c->service.stop_timeout || (e && e->bad))
        return;
    report(l, CODE_STOP_TIMEOUT, e ? e->at : longest->at,
           "job '%s' may take %s to stop, and the service's stop_timeout is %s; raise stop_timeout",
           longest->job, duration_text(stop_time(longest), a),
           duration_text(c->service.stop_timeout, b));
}

void rules_fleet(struct loader *l, const struct config *c)
{
    bool clean = diag_errors(l->diags) == 0;
    if (c->jobs == 0 && clean)
        report(l, CODE_NOTHING_TO_RUN, (struct place){l->path, 0},
               "there is nothing to run; add a [job:NAME] section with a command");
    if (c->jobs > 0 && c->n == 0 && clean)
        report(l, CODE_NO_INSTANCES, (struct place){l->path, 0},
               "nothing will run: every job is disabled or has no instances");
    rule_stop_timeout(l, c);
    rules_limits_fleet(l, c);
}
