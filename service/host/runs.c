/* runs.c - the hands: every act of the supervisor on the world. */
#include "service/host/runs_impl.h"

#include "service/host/port.h"
#include "service/process/launch.h"
#include "service/win32/file.h"
#include "service/win32/oserr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "Global\" + service + "." + job + "." + number: three names of at most 63 bytes each. */
enum { OBJECT_NAME = 256 };

static uint32_t slot_of(uint64_t id)
{
    return (uint32_t)id;
}

struct run *run_of(struct runs *r, uint64_t id)
{
    uint32_t slot = slot_of(id);
    return slot < r->n && r->run[slot].id == id ? &r->run[slot] : NULL;
}

void ender_post(void *ctx)
{
    const struct ender *e = ctx;
    port_post(e->port, e->key);
}

/* "null" opens nothing: NULL stands for NUL in a spawn. */
static enum st open_output(struct runs *r, const struct job_spec *spec, const char *path,
                           HANDLE *ret, struct err *e)
{
    if (strcmp(path, "null") == 0)
        return ST_OK;
    char *full = path_join(r->set.config->config_dir, path);
    if (!full)
        return err_nomem(e);
    struct output_file file = {.path = full,
                               .max_size = spec->log_max_size,
                               .keep = spec->log_keep,
                               .roll = spec->log_roll,
                               .timestamps = spec->log_timestamps == YES};
    enum st st = output_pipe(r->set.output, &file, ret, e);
    free(full);
    return st;
}

static void shut(HANDLE *h)
{
    if (*h)
        CloseHandle(*h);
    *h = NULL;
}

static enum spawn_way way_of(const struct switches *s)
{
    return s->suspended ? SPAWN_SUSPENDED : s->no_suspended ? SPAWN_ATTRIBUTE : SPAWN_BEST;
}

static enum st spawn_into(struct runs *r, struct run *run, const struct job_spec *spec,
                          struct err *e)
{
    struct launch launch = {0};
    HANDLE out = NULL, err = NULL;
    enum st st = launch_prepare(spec, spec->command, r->set.config->service.name,
                                r->set.config->config_dir, NULL, &launch, e);
    if (st != ST_OK)
        return st;
    bool both = strcmp(spec->err, "stdout") == 0;
    st = open_output(r, spec, spec->out, &out, e);
    if (st == ST_OK && !both)
        st = open_output(r, spec, spec->err, &err, e);
    if (st == ST_OK) {
        struct spawn s = {.launch = &launch,
                          .job = job_handle(run->job),
                          .out = out,
                          .err = both ? out : err,
                          .console = spec->console,
                          .way = way_of(&r->set.switches),
                          .ended = ender_post,
                          .ctx = &run->ender};
        st = spawn_child(&s, &run->child, e);
    }
    shut(&out); /* the child has its own, so that the pipe ends with the worker's tree */
    shut(&err);
    launch_free(&launch);
    return st;
}

static void end_run(struct run *run)
{
    child_close(&run->child);
    job_close(run->job);
    run->job = NULL;
    run->id = 0;
}

static enum st hand_spawn(void *ctx, uint64_t id, const struct job_spec *spec, uint32_t *ret_pid,
                          struct err *e)
{
    struct runs *r = ctx;
    struct run *run = &r->run[slot_of(id)];
    char name[OBJECT_NAME];
    snprintf(name, sizeof name, "%s%s.%s", r->set.prefix, r->set.config->service.name, spec->unit);
    const struct job_request request = {name, r->set.security, r->set.port, (ULONG_PTR)id,
                                        run->again};
    enum st st = job_create(&request, &run->job, e);
    if (st != ST_OK)
        return st;
    run->again = true;
    run->id = id;
    run->ender = (struct ender){r->set.port, id | PORT_KEY_ENDED};
    st = spawn_into(r, run, spec, e);
    if (st != ST_OK) {
        end_run(run);
        return st;
    }
    *ret_pid = run->child.pid;
    return ST_OK;
}

static enum st hand_ask(void *ctx, uint64_t id, const struct rung *rung, struct err *e)
{
    struct run *run = run_of(ctx, id);
    if (!run)
        return err_say(e, ST_NOTFOUND, "the run is over");
    return helper_ask(ctx, run, rung, e);
}

static void hand_kill(void *ctx, uint64_t id)
{
    struct runs *r = ctx;
    struct run *run = run_of(r, id);
    struct err e = {0};
    if (run && job_terminate(run->job, &e) != ST_OK)
        log_event(&r->set.logger->log, LOG_ERROR, "job.terminate_failed",
                  LOG_TEXT("job", r->set.config->job[slot_of(id)].unit),
                  LOG_TEXT("error", e.text));
}

static enum st hand_look(void *ctx, uint64_t id, struct look *ret, struct err *e)
{
    struct run *run = run_of(ctx, id);
    struct members m = {0};
    struct look look = {0};
    DWORD code = 0;
    if (!run)
        return err_say(e, ST_NOTFOUND, "the run is over");
    look.main_alive = child_alive(&run->child, &code);
    look.code = code;
    enum st st = job_members(run->job, !look.main_alive, &m, e);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < m.n; i++)
        if (m.v[i].pid != run->child.pid) {
            look.members++;
            look.attendants += m.v[i].console_host;
        }
    members_free(&m);
    *ret = look;
    return ST_OK;
}

static void hand_release(void *ctx, uint64_t id)
{
    struct run *run = run_of(ctx, id);
    if (run)
        end_run(run);
}

static void on_alarm(uv_timer_t *t)
{
    struct run *run = t->data;
    sup_alarm(run->all->sup, (uint32_t)(run - run->all->run));
}

static uint64_t hand_now(void *ctx)
{
    struct runs *r = ctx;
    uv_update_time(r->set.loop); /* the same clock that the timers go by */
    return uv_now(r->set.loop);
}

static void hand_alarm(void *ctx, uint32_t slot, uint64_t at_ms)
{
    struct runs *r = ctx;
    uint64_t now = hand_now(r);
    if (at_ms == 0)
        uv_timer_stop(&r->run[slot].alarm);
    else
        uv_timer_start(&r->run[slot].alarm, on_alarm, at_ms > now ? at_ms - now : 0, 0);
}

static uint32_t hand_random(void *ctx)
{
    struct runs *r = ctx;
    return (uint32_t)(random_next(&r->random) >> 32);
}

enum st runs_new(const struct runs_setup *setup, struct runs **ret, struct err *e)
{
    struct runs *r = calloc(1, sizeof *r);
    if (!r)
        return err_nomem(e);
    r->set = *setup;
    r->random.state = uv_hrtime() ^ (uint64_t)GetCurrentProcessId() << 32;
    r->n = setup->config->n;
    r->run = calloc(r->n + 1, sizeof *r->run);
    enum st st = r->run ? job_create_unnamed(&r->helpers_job, e) : err_nomem(e);
    if (st != ST_OK) {
        free(r->run);
        free(r);
        return st;
    }
    for (size_t i = 0; i < r->n; i++) {
        r->run[i].all = r;
        uv_timer_init(setup->loop, &r->run[i].alarm); /* cannot fail */
        r->run[i].alarm.data = &r->run[i];
    }
    *ret = r;
    return ST_OK;
}

struct hands runs_hands(struct runs *r)
{
    return (struct hands){.ctx = r,
                          .spawn = hand_spawn,
                          .ask = hand_ask,
                          .kill = hand_kill,
                          .look = hand_look,
                          .release = hand_release,
                          .alarm = hand_alarm,
                          .now = hand_now,
                          .random = hand_random,
                          .tell = runs_tell};
}

void runs_serve(struct runs *r, struct sup *s)
{
    r->sup = s;
}

void runs_shut(struct runs *r)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->run[i].id)
            end_run(&r->run[i]); /* an early end of the program; kill-on-close ends the worker */
        uv_close((uv_handle_t *)&r->run[i].alarm, NULL);
    }
    helpers_end(r);
}

void runs_free(struct runs *r)
{
    if (!r)
        return;
    CloseHandle(r->helpers_job);
    free(r->run);
    free(r);
}
