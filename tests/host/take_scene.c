/* take_scene.c - see take_scene.h. */
#include "tests/host/take_scene.h"

#include "config/load.h"
#include "service/host/loading.h"
#include "service/win32/file.h"
#include "tests/e2e/harness_log.h"
#include "tests/win32/scratch.h"

#include <stdlib.h>
#include <string.h>

/* --- the seams ---------------------------------------------------------------------- */
struct kernel_told kernel;

enum st __real_kernel_limits_set(HANDLE job, const struct kernel_limits *now,
                                 const struct kernel_limits *before, uint64_t used, struct err *e);
enum st __wrap_kernel_limits_set(HANDLE job, const struct kernel_limits *now,
                                 const struct kernel_limits *before, uint64_t used, struct err *e);
enum st __wrap_kernel_limits_set(HANDLE job, const struct kernel_limits *now,
                                 const struct kernel_limits *before, uint64_t used, struct err *e)
{
    assert_true(kernel.n < SEAM_CALLS);
    kernel.call[kernel.n].job = job;
    kernel.call[kernel.n].again = before != NULL;
    kernel.call[kernel.n++].now = *now;
    if (job == kernel.refuse)
        return err_say(e, ST_OS, "the kernel refuses");
    __real_kernel_limits_set(job, now, before, used, NULL); /* Wine refuses some */
    return ST_OK;
}

struct alarms_rung alarms;

void __wrap_sup_alarm(struct sup *s, uint32_t slot);
void __wrap_sup_alarm(struct sup *s, uint32_t slot)
{
    (void)s;
    assert_true(alarms.n < SEAM_CALLS);
    alarms.slot[alarms.n++] = slot;
}

/* --- the world ---------------------------------------------------------------------- */
static void on_line(void *ctx, enum log_level level, struct str line)
{
    struct scene *s = ctx;
    (void)level;
    buf_str(&s->log, line);
    buf_z(&s->log, "\n");
}

int scene_open(void **state)
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

int scene_close(void **state)
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

const struct config *scene_load(struct scene *s, const char *text)
{
    struct buf b = {0}, mistakes = {0};
    char *worker = worker_path(), *ini = scratch_path(s->folder, "jobs.ini");
    buf_f(&b, "[service]\nname = take-%lu-%u\nobject_namespace = local\nsample_interval = 1h\n%s",
          GetCurrentProcessId(), s->number, text);
    buf_f(&b, "[defaults]\ncommand = \"%s\" --hold\nconsole = none\nstdout = null\n", worker);
    scratch_write(ini, b.p, b.n);
    assert_true(s->configs < SCENE_CONFIGS);
    if (load_config(ini, &s->config[s->configs], NULL, &mistakes) != ST_OK)
        fail_msg("%s", buf_text(&mistakes));
    free(ini);
    free(worker);
    buf_free(&b);
    buf_free(&mistakes);
    return s->config[s->configs++];
}

const struct config *scene_begin(struct scene *s, const char *text)
{
    const struct config *c = scene_load(s, text);
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

struct run *scene_run(struct scene *s, size_t slot)
{
    return s->runs->run[slot];
}

void scene_spawn(struct scene *s, size_t slot)
{
    struct err e = {0};
    uint32_t pid = 0;
    uint64_t id = slot | ++s->generation << 32;
    if (s->hands.spawn(s->hands.ctx, id, scene_run(s, slot)->spec, &pid, &e) != ST_OK)
        fail_msg("%s", e.text);
}

void scene_end(struct scene *s, size_t slot)
{
    uint64_t id = scene_run(s, slot)->id;
    s->hands.kill(s->hands.ctx, id);
    s->hands.release(s->hands.ctx, id);
}

void scene_take(struct scene *s, const struct config *next)
{
    struct err e = {0};
    struct stage *stage = NULL;
    assert_int_equal(runs_stage(s->runs, next, &stage, &e), ST_OK);
    assert_int_equal(s->hands.room(s->hands.ctx, next->n, &e), ST_OK);
    for (size_t i = 0; i < next->n; i++)
        s->hands.adopt(s->hands.ctx, (uint32_t)i, &next->job[i]);
    runs_commit(s->runs, stage, &next->service);
}

struct upper *scene_group(struct scene *s, const char *name)
{
    for (size_t i = 0; i < levels_uppers(s->runs->levels); i++)
        if (strcmp(levels_upper(s->runs->levels, i)->name, name) == 0)
            return levels_upper(s->runs->levels, i);
    return NULL;
}

const struct kernel_limits *kernel_last(const struct job *j)
{
    for (size_t i = kernel.n; i-- > 0;)
        if (kernel.call[i].job == job_handle(j)) {
            assert_true(kernel.call[i].again);
            return &kernel.call[i].now;
        }
    fail_msg("the job was told nothing");
    return NULL;
}

void kernel_forget(void)
{
    kernel.n = 0;
}

size_t scene_lines(const struct scene *s, const char *pattern)
{
    return lines_matching(buf_view(&s->log), pattern);
}
