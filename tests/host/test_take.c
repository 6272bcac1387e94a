/* test_take.c - other definitions while runs go on: slots, the levels above them, and what their
 * open jobs are told.  Real jobs and workers; what the kernel is given is looked at through a
 * wrapper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "config/load.h"
#include "service/host/accounts.h"
#include "service/host/loading.h"
#include "service/host/runs_impl.h"
#include "service/job/machine.h"
#include "service/win32/file.h"
#include "tests/e2e/harness_log.h"
#include "tests/win32/scratch.h"

#include <stdlib.h>
#include <string.h>

enum { CALLS = 64, CONFIGS = 4, GENEROUS_MS = 60000, MIB = 1 << 20 };

/* --- the seams ---------------------------------------------------------------------- */
static struct {
    struct {
        HANDLE job;
        bool again; /* it had limits before */
        struct kernel_limits now;
    } call[CALLS];
    size_t n;
    HANDLE refuse;
} kernel;

enum st __real_kernel_limits_set(HANDLE job, const struct kernel_limits *now,
                                 const struct kernel_limits *before, uint64_t used, struct err *e);
enum st __wrap_kernel_limits_set(HANDLE job, const struct kernel_limits *now,
                                 const struct kernel_limits *before, uint64_t used, struct err *e);
enum st __wrap_kernel_limits_set(HANDLE job, const struct kernel_limits *now,
                                 const struct kernel_limits *before, uint64_t used, struct err *e)
{
    assert_true(kernel.n < CALLS);
    kernel.call[kernel.n].job = job;
    kernel.call[kernel.n].again = before != NULL;
    kernel.call[kernel.n++].now = *now;
    if (job == kernel.refuse)
        return err_say(e, ST_OS, "the kernel refuses");
    __real_kernel_limits_set(job, now, before, used, NULL); /* Wine refuses some */
    return ST_OK;
}

static struct {
    uint32_t slot[CALLS];
    size_t n;
} alarms;

void __wrap_sup_alarm(struct sup *s, uint32_t slot);
void __wrap_sup_alarm(struct sup *s, uint32_t slot)
{
    (void)s;
    assert_true(alarms.n < CALLS);
    alarms.slot[alarms.n++] = slot;
}

/* --- the world ---------------------------------------------------------------------- */
struct scene {
    unsigned number; /* a name of its own: under Wine the last one's jobs linger */
    char *folder;
    struct config *config[CONFIGS];
    size_t configs;
    uv_loop_t loop;
    HANDLE port;
    SECURITY_ATTRIBUTES security;
    struct logger logger;
    struct buf log;
    struct machine machine;
    struct probe probe;
    struct runs *runs;
    struct hands hands;
    uint64_t generation;
};

static void on_line(void *ctx, enum log_level level, struct str line)
{
    struct scene *s = ctx;
    (void)level;
    buf_str(&s->log, line);
    buf_z(&s->log, "\n");
}

static int open_scene(void **state)
{
    static unsigned scenes;
    struct scene *s = calloc(1, sizeof *s);
    if (!s)
        return -1;
    memset(&kernel, 0, sizeof kernel);
    memset(&alarms, 0, sizeof alarms);
    s->number = ++scenes;
    s->folder = scratch_make();
    s->logger.log = (struct log){LOG_DEBUG, on_line, s};
    s->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    uv_loop_init(&s->loop);
    machine_read(&s->machine);
    for (int i = 0; i < LIMITS; i++) { /* a kernel that holds all it can */
        bool guard = i >= LIMIT_GUARD_COMMIT && i <= LIMIT_GUARD_CPU;
        s->probe.row[i].accepted = !guard;
        s->probe.holders.of[i] = guard ? HELD_BY_SAMPLER : HELD_BY_KERNEL;
    }
    *state = s;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *s = *state;
    if (s->runs)
        runs_shut(s->runs);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&s->loop), 0);
    runs_free(s->runs);
    CloseHandle(s->port);
    for (size_t i = 0; i < s->configs; i++)
        config_free(s->config[i]);
    scratch_remove(s->folder);
    buf_free(&s->log);
    free(s);
    return 0;
}

static char *worker_path(void)
{
    char *self = path_of_self();
    char *folder = path_join(self, "..");
    char *worker = path_join(folder, "..\\helper\\worker.exe");
    assert_non_null(worker);
    free(folder);
    free(self);
    return worker;
}

/* TEXT continues [service]; each job runs the test worker. */
static const struct config *load(struct scene *s, const char *text)
{
    struct buf b = {0}, mistakes = {0};
    char *worker = worker_path(), *ini = scratch_path(s->folder, "jobs.ini");
    buf_f(&b, "[service]\nname = take-%lu-%u\nobject_namespace = local\nsample_interval = 1h\n%s",
          GetCurrentProcessId(), s->number, text);
    buf_f(&b, "[defaults]\ncommand = \"%s\" --hold\nconsole = none\nstdout = null\n", worker);
    scratch_write(ini, b.p, b.n);
    assert_true(s->configs < CONFIGS);
    if (load_config(ini, &s->config[s->configs], &mistakes) != ST_OK)
        fail_msg("%s", buf_text(&mistakes));
    free(ini);
    free(worker);
    buf_free(&b);
    buf_free(&mistakes);
    return s->config[s->configs++];
}

/* The slots are those of the file, in its order. */
static const struct config *begin(struct scene *s, const char *text)
{
    const struct config *c = load(s, text);
    struct err e = {0};
    const struct runs_setup setup = {.service = c->service.name,
                                     .config_dir = c->config_dir,
                                     .sample_interval = c->service.sample_interval,
                                     .prefix = "Local\\",
                                     .port = s->port,
                                     .security = &s->security,
                                     .logger = &s->logger,
                                     .loop = &s->loop,
                                     .machine = &s->machine,
                                     .probe = &s->probe};
    s->security.nLength = sizeof s->security;
    assert_int_equal(runs_new(&setup, c, &s->runs, &e), ST_OK);
    s->hands = runs_hands(s->runs);
    assert_int_equal(s->hands.room(s->hands.ctx, c->n, &e), ST_OK);
    for (size_t i = 0; i < c->n; i++)
        s->hands.adopt(s->hands.ctx, (uint32_t)i, &c->job[i]);
    assert_int_equal(runs_serve(s->runs, NULL, &e), ST_OK);
    return c;
}

static struct run *run_at(struct scene *s, size_t slot)
{
    return s->runs->run[slot];
}

static void spawn(struct scene *s, size_t slot)
{
    struct err e = {0};
    uint32_t pid = 0;
    uint64_t id = slot | ++s->generation << 32;
    if (s->hands.spawn(s->hands.ctx, id, run_at(s, slot)->spec, &pid, &e) != ST_OK)
        fail_msg("%s", e.text);
}

/* All of it by NEXT, each slot by the spec of its place there. */
static void take(struct scene *s, const struct config *next)
{
    struct err e = {0};
    struct stage *stage = NULL;
    assert_int_equal(runs_stage(s->runs, next, &stage, &e), ST_OK);
    assert_int_equal(s->hands.room(s->hands.ctx, next->n, &e), ST_OK);
    for (size_t i = 0; i < next->n; i++)
        s->hands.adopt(s->hands.ctx, (uint32_t)i, &next->job[i]);
    runs_commit(s->runs, stage, &next->service);
}

static struct upper *group(struct scene *s, const char *name)
{
    for (size_t i = 0; i < levels_uppers(s->runs->levels); i++)
        if (strcmp(levels_upper(s->runs->levels, i)->name, name) == 0)
            return levels_upper(s->runs->levels, i);
    return NULL;
}

/* What J was told last; it must have been told something since the last forget(). */
static const struct kernel_limits *told(const struct job *j)
{
    for (size_t i = kernel.n; i-- > 0;)
        if (kernel.call[i].job == job_handle(j)) {
            assert_true(kernel.call[i].again);
            return &kernel.call[i].now;
        }
    fail_msg("the job was told nothing");
    return NULL;
}

static void forget(void)
{
    kernel.n = 0;
}

static size_t lines(const struct scene *s, const char *pattern)
{
    return lines_matching(buf_view(&s->log), pattern);
}

/* --- slots -------------------------------------------------------------------------- */
static void room__alarms_run_while_it_grows__they_ring_all_the_same(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    begin(s, "[job:a]\n");
    const struct run *first = run_at(s, 0);
    s->hands.alarm(s->hands.ctx, 0, s->hands.now(s->hands.ctx) + 1);
    s->hands.alarm(s->hands.ctx, SLOT_FLEET, s->hands.now(s->hands.ctx) + 1);
    assert_int_equal(s->hands.room(s->hands.ctx, 1000, &e), ST_OK);
    assert_ptr_equal(run_at(s, 0), first);
    s->hands.alarm(s->hands.ctx, 999, s->hands.now(s->hands.ctx) + 1);
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; alarms.n < 3;) {
        assert_true(GetTickCount64() < end);
        uv_run(&s->loop, UV_RUN_ONCE);
    }
    uint32_t rung = 0;
    for (size_t i = 0; i < 3; i++)
        rung |= alarms.slot[i] == 0 ? 1u : alarms.slot[i] == 999 ? 2u : 4u;
    assert_int_equal(rung, 7);
}

static void adopt__a_run_exists__its_job_gets_the_new_limits(void **state)
{
    struct scene *s = *state;
    begin(s, "[job:a]\ninstances = 2\njob_memory_limit = 64M\n");
    spawn(s, 0);
    spawn(s, 1);
    forget();
    const struct config *next = load(s, "[job:a]\ninstances = 2\njob_memory_limit = 96M\n"
                                        "active_process_limit = 7\n");
    s->hands.adopt(s->hands.ctx, 0, &next->job[0]);
    const struct kernel_limits *k = told(run_at(s, 0)->job);
    assert_int_equal(k->extended.JobMemoryLimit, 96 * MIB);
    assert_int_equal(k->extended.BasicLimitInformation.ActiveProcessLimit, 7);
    assert_int_equal(kernel.n, 1); /* and nobody else's */
    assert_ptr_equal(level_limits(levels_instance(s->runs->levels, 0)), &next->job[0].limits);
}

static void adopt__the_kernel_refuses__is_told_and_the_next_run_has_them(void **state)
{
    struct scene *s = *state;
    begin(s, "[job:a]\njob_memory_limit = 64M\n");
    spawn(s, 0);
    forget();
    kernel.refuse = job_handle(run_at(s, 0)->job);
    const struct config *next = load(s, "[job:a]\njob_memory_limit = 96M\n");
    take(s, next);
    assert_int_equal(lines(s, "limit.not_applied level=instance job=a.1 error=\"the kernel refuses"
                              "\""),
                     1);
    assert_true(run_at(s, 0)->id != 0);
    kernel.refuse = NULL;
    s->hands.kill(s->hands.ctx, run_at(s, 0)->id);
    s->hands.release(s->hands.ctx, run_at(s, 0)->id);
    spawn(s, 0);
    assert_int_equal(kernel.call[kernel.n - 1].now.extended.JobMemoryLimit, 96 * MIB);
}

static void free_slot__goes_to_somebody_else__its_account_stays_the_fleets(void **state)
{
    struct scene *s = *state;
    const struct config *c = begin(s, "[job:a]\ninstances = 2\n");
    spawn(s, 0);
    level_terminated(levels_instance(s->runs->levels, 0), 3);
    s->hands.kill(s->hands.ctx, run_at(s, 0)->id);
    s->hands.release(s->hands.ctx, run_at(s, 0)->id);
    s->hands.adopt(s->hands.ctx, 0, NULL);
    assert_null(run_at(s, 0)->spec);
    assert_int_equal(account_of_fleet(s->runs).terminated, 3);
    s->hands.adopt(s->hands.ctx, 0, &c->job[1]);
    assert_int_equal(account_at(s->runs, &(struct seat){.slot = 0}).terminated, 0);
    assert_int_equal(account_of_fleet(s->runs).terminated, 3);
}

/* --- groups and the fleet ------------------------------------------------------------- */
static void group__is_kept__keeps_job_key_and_account_and_gets_its_new_limits(void **state)
{
    struct scene *s = *state;
    begin(s, "[group:x]\n[group:apps]\njob_memory_limit = 1G\n"
             "[job:a]\ngroup = apps\n[job:b]\ngroup = x\n");
    spawn(s, 0);
    struct upper *u = group(s, "apps");
    const struct job *job = u->job;
    uint32_t number = u->number;
    level_terminated(u->level, 2);
    forget();
    take(s, load(s, "[group:apps]\njob_memory_limit = 2G\n[group:x]\n"
                    "[job:a]\ngroup = apps\n[job:b]\ngroup = x\n"));
    assert_ptr_equal(group(s, "apps"), u);
    assert_ptr_equal(u->job, job);
    assert_int_equal(u->number, number);
    assert_ptr_equal(levels_find(s->runs->levels, number), u);
    assert_int_equal(told(u->job)->extended.JobMemoryLimit, UINT64_C(2) << 30);
    assert_false(u->unapplied);
    assert_int_equal(account_at(s->runs, &(struct seat){.upper = u}).terminated, 2);
    config_free(s->config[0]); /* nobody points there any more */
    s->config[0] = NULL;
    assert_int_equal(level_limits(u->level)->job_memory, UINT64_C(2) << 30);
    assert_string_equal(u->name, "apps");
}

static void group__has_a_share_that_changes__members_jobs_get_theirs_anew(void **state)
{
    struct scene *s = *state;
    begin(s, "[group:apps]\ncpu_rate_cap = 50%\n[job:a]\ngroup = apps\ncpu_rate_cap = 10%\n");
    spawn(s, 0);
    forget();
    take(s,
         load(s, "[group:apps]\ncpu_rate_cap = 25%\n[job:a]\ngroup = apps\ncpu_rate_cap = 10%\n"));
    assert_int_equal(told(group(s, "apps")->job)->cpu.u.rate, 2500);
    assert_int_equal(told(run_at(s, 0)->job)->cpu.u.rate, 4000);
}

static void group__is_new__has_a_number_that_nobody_had(void **state)
{
    struct scene *s = *state;
    begin(s, "job_memory_limit = 4G\n[group:apps]\n[job:a]\ngroup = apps\n");
    uint32_t fleet = levels_fleet(s->runs->levels)->number;
    take(s, load(s, "job_memory_limit = 4G\n[group:apps]\n[group:more]\n"
                    "[job:a]\ngroup = more\n[job:b]\ngroup = apps\n"));
    assert_non_null(group(s, "more"));
    assert_true(group(s, "more")->number != fleet && group(s, "more")->number != 0);
    assert_int_equal(levels_fleet(s->runs->levels)->number, fleet);
    assert_true(levels_below(s->runs->levels, group(s, "more"), 0));
    assert_false(levels_below(s->runs->levels, group(s, "apps"), 0));
    size_t n = levels_uppers(s->runs->levels);
    assert_ptr_equal(levels_upper(s->runs->levels, n - 1), levels_fleet(s->runs->levels));
}

static void group__is_defined_no_more__stays_until_no_slot_is_below_it(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    struct stage *stage = NULL;
    begin(s, "[group:apps]\njob_memory_limit = 1G\n[job:a]\ngroup = apps\n");
    spawn(s, 0);
    uint32_t number = group(s, "apps")->number;
    const struct config *next = load(s, "[job:a]\n");
    assert_int_equal(runs_stage(s->runs, next, &stage, &e), ST_OK);
    runs_commit(s->runs, stage, &next->service); /* the slot still has its old definition */
    runs_sweep(s->runs);
    struct upper *u = levels_find(s->runs->levels, number);
    assert_non_null(u);
    assert_non_null(u->job);
    assert_int_equal(level_limits(u->level)->job_memory, 1 << 30);
    s->hands.kill(s->hands.ctx, run_at(s, 0)->id);
    s->hands.release(s->hands.ctx, run_at(s, 0)->id);
    s->hands.adopt(s->hands.ctx, 0, &next->job[0]);
    runs_sweep(s->runs);
    assert_null(levels_find(s->runs->levels, number));
    assert_int_equal(levels_uppers(s->runs->levels), 0);
}

static void group__the_kernel_refuses__is_told_and_tried_again_with_a_members_start(void **state)
{
    struct scene *s = *state;
    const char *was = "[group:apps]\njob_memory_limit = 1G\n[job:a]\ninstances = 2\ngroup = apps\n";
    const char *is = "[group:apps]\njob_memory_limit = 2G\n[job:a]\ninstances = 2\ngroup = apps\n";
    begin(s, was);
    spawn(s, 0);
    struct upper *u = group(s, "apps");
    kernel.refuse = job_handle(u->job);
    take(s, load(s, is));
    assert_true(u->unapplied);
    assert_int_equal(lines(s, "limit.not_applied level=group name=apps"), 1);
    kernel.refuse = NULL;
    forget();
    spawn(s, 1);
    assert_false(u->unapplied);
    assert_int_equal(told(u->job)->extended.JobMemoryLimit, UINT64_C(2) << 30);
}

static void stage__is_given_up__all_is_as_it_was(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    struct stage *stage = NULL;
    begin(s, "[group:apps]\njob_memory_limit = 1G\n[job:a]\ngroup = apps\n");
    spawn(s, 0);
    forget();
    const struct config *next = load(s, "[group:apps]\njob_memory_limit = 2G\n[group:more]\n"
                                        "[job:a]\ngroup = apps\n[job:b]\ngroup = more\n");
    assert_int_equal(runs_stage(s->runs, next, &stage, &e), ST_OK);
    runs_unstage(s->runs, stage);
    assert_int_equal(kernel.n, 0);
    assert_null(group(s, "more"));
    assert_int_equal(level_limits(group(s, "apps")->level)->job_memory, 1 << 30);
}

static void fleet__its_limits_change__only_where_it_had_some_from_the_beginning(void **state)
{
    struct scene *s = *state;
    begin(s, "job_memory_limit = 4G\n[job:a]\n");
    spawn(s, 0);
    struct upper *fleet = levels_fleet(s->runs->levels);
    forget();
    take(s, load(s, "job_memory_limit = 5G\n[job:a]\n"));
    assert_int_equal(told(fleet->job)->extended.JobMemoryLimit, UINT64_C(5) << 30);
    take(s, load(s, "[job:a]\n"));
    assert_ptr_equal(levels_fleet(s->runs->levels), fleet);
    assert_int_equal(level_limits(fleet->level)->job_memory, UINT64_C(5) << 30);
}

static void fleet__gets_limits_for_the_first_time__waits_for_the_next_start(void **state)
{
    struct scene *s = *state;
    begin(s, "[job:a]\n");
    spawn(s, 0);
    take(s, load(s, "job_memory_limit = 5G\n[job:a]\n"));
    assert_null(levels_fleet(s->runs->levels));
}

/* --- the sampler -------------------------------------------------------------------- */
static void sampler__what_needs_it_comes_and_goes__it_starts_and_stops(void **state)
{
    struct scene *s = *state;
    begin(s, "[job:a]\n");
    assert_false(sampler_active(s->runs->sampler));
    const struct config *guarded = load(s, "[job:a]\nguard_handles = 1000\n");
    s->hands.adopt(s->hands.ctx, 0, &guarded->job[0]); /* by itself, as in a rolling restart */
    assert_true(sampler_active(s->runs->sampler));
    take(s, guarded);
    assert_true(sampler_active(s->runs->sampler));
    take(s, load(s, "[job:a]\n"));
    assert_false(sampler_active(s->runs->sampler));
}

static void sampler__its_interval_changes__the_timer_goes_by_the_new_one(void **state)
{
    struct scene *s = *state;
    begin(s, "[job:a]\nguard_handles = 1000\n");
    spawn(s, 0);
    struct config *next = (struct config *)load(s, "[job:a]\nguard_handles = 1000\n");
    next->service.sample_interval = 1;
    take(s, next);
    struct level *v = levels_instance(s->runs->levels, 0);
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; level_usage(v).processes == 0;) {
        assert_true(GetTickCount64() < end);
        uv_run(&s->loop, UV_RUN_ONCE);
    }
}

static void limits__used_for_the_first_time__it_is_said_who_holds_them(void **state)
{
    struct scene *s = *state;
    s->probe.holders.of[LIMIT_NET_DSCP_TAG] = HELD_BY_NOBODY;
    begin(s, "[job:a]\n");
    assert_int_equal(lines(s, "limit.not_by_kernel"), 0);
    const struct config *next = load(s, "[job:a]\nnet_dscp_tag = 8\n");
    take(s, next);
    take(s, next);
    assert_int_equal(lines(s, "limit.not_by_kernel limit=net_dscp_tag by=nobody first=a.1"), 1);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(room__alarms_run_while_it_grows__they_ring_all_the_same),
        SCENE(adopt__a_run_exists__its_job_gets_the_new_limits),
        SCENE(adopt__the_kernel_refuses__is_told_and_the_next_run_has_them),
        SCENE(free_slot__goes_to_somebody_else__its_account_stays_the_fleets),
        SCENE(group__is_kept__keeps_job_key_and_account_and_gets_its_new_limits),
        SCENE(group__has_a_share_that_changes__members_jobs_get_theirs_anew),
        SCENE(group__is_new__has_a_number_that_nobody_had),
        SCENE(group__is_defined_no_more__stays_until_no_slot_is_below_it),
        SCENE(group__the_kernel_refuses__is_told_and_tried_again_with_a_members_start),
        SCENE(stage__is_given_up__all_is_as_it_was),
        SCENE(fleet__its_limits_change__only_where_it_had_some_from_the_beginning),
        SCENE(fleet__gets_limits_for_the_first_time__waits_for_the_next_start),
        SCENE(sampler__what_needs_it_comes_and_goes__it_starts_and_stops),
        SCENE(sampler__its_interval_changes__the_timer_goes_by_the_new_one),
        SCENE(limits__used_for_the_first_time__it_is_said_who_holds_them),
    };
    return cmocka_run_group_tests_name("take", tests, NULL, NULL);
}
