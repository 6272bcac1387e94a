/* model.c - from numbers to definitions. */
#include "tests/simulate/model.h"

#include "common/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void model_init(struct model *m)
{
    *m = (struct model){0};
    for (int j = 0; j < JOBS_MAX; j++)
        for (int p = 0; p < PARAMS; p++)
            m->job[j][p] = params[p].choice[0];
    for (int p = 0; p < FLEET_PARAMS; p++)
        m->fleet[p] = fleet_params[p].choice[0];
}

uint32_t model_number(const char *name)
{
    return (uint32_t)strtoul(name + 1, NULL, 10);
}

static const char *text(struct arena *a, const char *head, int64_t n)
{
    char buf[64];
    snprintf(buf, sizeof buf, "%s%lld", head, (long long)n);
    return arena_str(a, str_of(buf));
}

/* --- what is allowed ---------------------------------------------------------------- */
static bool scheduled(const int64_t *p)
{
    return p[P_SCHEDULE] != 0;
}

static void make_plan(const struct model *m, struct plan *ret)
{
    *ret = (struct plan){0};
    for (uint32_t i = 0; i < m->jobs; i++) {
        if (!m->job[i][P_PRESENT])
            continue;
        ret->present |= UINT64_C(1) << i;
        ret->instances[i] = (uint32_t)m->job[i][P_INSTANCES];
    }
    for (uint32_t i = 0; i < m->jobs; i++)
        for (uint32_t k = 0; ret->present >> i & 1 && k < m->jobs; k++) {
            const int64_t *a = m->job[i], *b = m->job[k];
            uint64_t bit = UINT64_C(1) << k;
            bool lower = b[P_RANK] < a[P_RANK] || (b[P_RANK] == a[P_RANK] && k < i);
            bool named = ((uint64_t)a[P_AFTER] | (uint64_t)a[P_REQUIRES]) & bit;
            if (!lower || !named || !(ret->present & bit) || scheduled(b))
                continue;
            ret->after[i] |= bit;
            if ((uint64_t)a[P_REQUIRES] & bit && ret->instances[k] > 0)
                ret->requires[i] |= bit;
        }
}

/* --- values ------------------------------------------------------------------------- */
static struct ladder ladder_of(int64_t n)
{
    static const struct ladder ladders[] = {
        {0},
        {1, {{RUNG_CTRL_C, 1000}}},
        {3, {{RUNG_CTRL_C, 500}, {RUNG_EVENT, 500}, {RUNG_COMMAND, 1000}}},
        {1, {{RUNG_COMMAND, 100}}},
        {4,
         {{RUNG_CLOSE_WINDOW, 200}, {RUNG_STDIN_EOF, 200}, {RUNG_CTRL_BREAK, 300},
          {RUNG_CTRL_C, 400}}},
        {2, {{RUNG_EVENT, 3000}, {RUNG_CTRL_C, 10000}}},
    };
    return ladders[(uint64_t)n % (sizeof ladders / sizeof *ladders)];
}

/* Cron of a few kinds that differ in what daylight saving does to them. */
static struct schedule schedule_of(int64_t n)
{
    const uint32_t hours = 0xffffff, days = 0xfffffffe, months = 0x1ffe, week = 0x7f;
    const struct schedule all[] = {
        {.kind = SCHEDULE_NONE, .text = ""},
        {.kind = SCHEDULE_EVERY, .every_ms = 5000, .text = "every 5s"},
        {SCHEDULE_CRON, (UINT64_C(1) << 60) - 1, hours, days, months, week, true, true, true, 0,
         "* * * * *"},
        {.kind = SCHEDULE_EVERY, .every_ms = 1000, .text = "every 1s"},
        {SCHEDULE_CRON, UINT64_C(1) << 30, 1u << 2, days, months, week, false, true, true, 0,
         "30 2 * * *"},
        {SCHEDULE_CRON, UINT64_C(1) << 0, hours, days, months, week, true, true, true, 0,
         "0 * * * *"},
    };
    return all[(uint64_t)n % (sizeof all / sizeof *all)];
}

static struct codes code_of(struct arena *a, int64_t code)
{
    uint32_t *one = code ? arena_alloc(a, 1, sizeof *one) : NULL;
    if (!one)
        return (struct codes){0};
    *one = (uint32_t)code;
    return (struct codes){1, one};
}

/* --- a definition ------------------------------------------------------------------- */
static void put_restart(struct job_spec *s, const int64_t *p, struct arena *a)
{
    s->restart = (enum restart_when)((uint64_t)p[P_RESTART] % 4);
    s->success_exit_codes = code_of(a, p[P_SUCCESS_CODE]);
    s->restart_prevent_exit_codes = code_of(a, p[P_PREVENT_CODE]);
    s->restart_force_exit_codes = code_of(a, p[P_FORCE_CODE]);
    s->restart_prevent_causes.of = (uint32_t)p[P_PREVENT_CAUSES];
    s->restart_force_causes.of = (uint32_t)p[P_FORCE_CAUSES];
    s->min_uptime = (uint64_t)p[P_MIN_UPTIME];
    s->restart_first_delay = (uint64_t)p[P_FIRST_DELAY];
    s->restart_delay = (uint64_t)p[P_DELAY];
    s->restart_delay_max = (uint64_t)p[P_DELAY_MAX];
    s->restart_step = (uint64_t)p[P_STEP];
    s->restart_factor = (uint64_t)p[P_FACTOR];
    s->restart_jitter = (uint64_t)p[P_JITTER];
    s->start_limit = (uint64_t)p[P_START_LIMIT];
    s->start_limit_interval = (uint64_t)p[P_START_LIMIT_INTERVAL];
    s->start_limit_action = p[P_EXIT_SERVICE] ? START_LIMIT_EXIT_SERVICE : START_LIMIT_FAIL;
    s->max_runtime = (uint64_t)p[P_MAX_RUNTIME];
}

static void put_care(struct job_spec *s, const int64_t *p)
{
    s->ready.kind = (enum ready_kind)((uint64_t)p[P_READY] % 5);
    s->ready.port = s->ready.kind == READY_PORT ? 8080 : 0;
    s->ready.text = s->ready.kind == READY_HTTP   ? "http://127.0.0.1/"
                    : s->ready.kind == READY_FILE ? "ready.txt"
                                                  : "";
    s->ready_timeout = (uint64_t)p[P_READY_TIMEOUT];
    s->watchdog = (uint64_t)p[P_WATCHDOG];
    s->health_command = p[P_HEALTH] & 1 ? "probe.exe" : "";
    s->health_port = p[P_HEALTH] & 2 ? 8081 : 0;
    s->health_http = p[P_HEALTH] & 4 ? "http://127.0.0.1/well" : "";
    s->health_interval = (uint64_t)p[P_HEALTH_INTERVAL];
    s->health_timeout = (uint64_t)p[P_HEALTH_TIMEOUT];
    s->health_failures = (uint64_t)p[P_HEALTH_FAILURES];
    s->hook_pre_start = p[P_HOOK] ? "prepare.exe" : "";
    s->hook_post_start = s->hook_exit = s->hook_failed = "";
    s->schedule = schedule_of(p[P_SCHEDULE]);
    s->restart_schedule = schedule_of(scheduled(p) ? 0 : p[P_RESTART_SCHEDULE]);
    s->schedule_jitter = (uint64_t)p[P_SCHEDULE_JITTER];
    s->overlap = p[P_OVERLAP] && scheduled(p) && p[P_INSTANCES] >= 2 ? YES : NO;
}

static void put_limits(struct job_spec *s, const int64_t *p)
{
    s->limits.job_memory = (uint64_t)p[P_MEMORY];
    s->limits.job_time = (uint64_t)p[P_JOB_TIME];
    s->limits.on_limit = (enum reaction)p[P_ON_LIMIT];
    s->limits.hook_limit = "";
    s->limits.kill_on_job_close = YES;
    s->on_limit_interval = (uint64_t)p[P_ON_LIMIT_INTERVAL];
    s->log_keep = (uint64_t)p[P_LOG_KEEP];
}

static struct job_spec definition_of(const int64_t *p, struct arena *a, const char *name)
{
    struct job_spec s = {.job = name, .directory = "", .out = "null", .err = "null",
                         .stop_command = "stop.exe", .enabled = YES};
    s.command = text(a, "worker.exe ", p[P_COMMAND]);
    s.instances = (uint32_t)p[P_INSTANCES];
    s.first_instance = (uint32_t)p[P_FIRST];
    s.start_delay = (uint64_t)p[P_START_DELAY];
    s.restart_parallel = (uint32_t)p[P_PARALLEL];
    s.stop = ladder_of(p[P_LADDER]);
    put_restart(&s, p, a);
    put_care(&s, p);
    put_limits(&s, p);
    return s;
}

/* --- the whole ---------------------------------------------------------------------- */
static struct deps deps_of(struct arena *a, const struct plan *plan, uint32_t job)
{
    struct dep *dep = arena_alloc(a, JOBS_MAX, sizeof *dep);
    uint32_t n = 0, index = 0;
    for (uint32_t k = 0; dep && k < JOBS_MAX; k++) {
        uint64_t bit = UINT64_C(1) << k;
        if (plan->after[job] & bit)
            dep[n++] = (struct dep){index, (plan->requires[job] & bit) != 0};
        index += (plan->present & bit) != 0;
    }
    return (struct deps){n, dep};
}

static struct group_spec *groups_of(struct config *c)
{
    struct group_spec *g = arena_alloc(c->arena, 2, sizeof *g);
    for (int i = 0; g && i < 2; i++)
        g[i] = (struct group_spec){.name = i ? "g2" : "g1",
                                   .limits = {.on_limit = REACTION_LOG, .hook_limit = ""}};
    return g;
}

static void add_job(struct config *c, const struct model *m, const struct plan *plan, uint32_t i,
                    struct definition *d, struct job_spec *job, const struct group_spec *groups)
{
    const int64_t *p = m->job[i];
    d->name = text(c->arena, "j", i);
    d->first = (uint32_t)c->n;
    d->n = plan->instances[i];
    d->deps = deps_of(c->arena, plan, i);
    struct job_spec s = definition_of(p, c->arena, d->name);
    int64_t g = p[P_GROUP] % 3;
    s.group = g ? &groups[g - 1] : NULL;
    for (uint32_t k = 0; k < d->n; k++) {
        s.instance = s.first_instance + k;
        snprintf(s.unit, sizeof s.unit, "%s.%u", d->name, s.instance);
        job[c->n++] = s;
    }
}

struct config *model_config(const struct model *m, struct plan *ret_plan)
{
    struct arena *a = arena_new();
    struct config *c = a ? arena_alloc(a, 1, sizeof *c) : NULL;
    size_t n = 0;
    if (!c)
        return NULL;
    make_plan(m, ret_plan);
    for (uint32_t i = 0; i < m->jobs; i++)
        n += ret_plan->instances[i];
    struct job_spec *job = arena_alloc(a, n, sizeof *job);
    struct definition *d = arena_alloc(a, m->jobs, sizeof *d);
    c->arena = a;
    c->path = "fleet.ini";
    c->config_dir = "C:\\";
    c->group = groups_of(c);
    c->groups = 2;
    c->job = job;
    c->definition = d;
    for (uint32_t i = 0; i < m->jobs; i++)
        if (ret_plan->present >> i & 1)
            add_job(c, m, ret_plan, i, &d[c->jobs++], job, c->group);
    c->service = (struct service_spec){
        .name = "simulated",
        .log_file = "",
        .stop_timeout = 30000,
        .sample_interval = 5000,
        .max_concurrent_starts = (uint64_t)m->fleet[F_CONCURRENT],
        .start_jitter = (uint64_t)m->fleet[F_START_JITTER],
        .limits = {.job_time = (uint64_t)m->fleet[F_JOB_TIME], .on_limit = REACTION_LOG,
                   .hook_limit = ""},
        .capped = m->fleet[F_JOB_TIME] != 0,
    };
    return c;
}
