/* runs.c - the hands: every act of the supervisor on the world. */
#include "service/host/runs_impl.h"

#include "service/host/port.h"
#include "service/win32/file.h"
#include "service/win32/oserr.h"

#include <stdlib.h>
#include <string.h>

static uint32_t slot_of(uint64_t id)
{
    return (uint32_t)id;
}

struct run *run_of(struct runs *r, uint64_t id)
{
    uint32_t slot = slot_of(id);
    return slot < r->n && r->run[slot].id == id ? &r->run[slot] : NULL;
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
        run_end(ctx, run);
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

static enum st make_rooms(struct runs *r, struct err *e)
{
    const struct levels_setup levels = {.config = r->set.config,
                                        .machine = r->set.machine,
                                        .probe = r->set.probe,
                                        .prefix = r->set.prefix,
                                        .port = r->set.port,
                                        .security = r->set.security};
    enum st st = levels_new(&levels, &r->levels, e);
    if (st != ST_OK)
        return st;
    return hooks_new(r->set.loop, r->set.port, r->set.logger, r->set.config->service.name,
                     r->set.config->config_dir, &r->hooks, e);
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
    if (st == ST_OK)
        st = make_rooms(r, e);
    if (st != ST_OK) {
        runs_free(r);
        return st;
    }
    uv_timer_init(setup->loop, &r->rearm); /* cannot fail */
    r->rearm.data = r;
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
                          .spawn = run_spawn,
                          .ask = hand_ask,
                          .kill = hand_kill,
                          .look = hand_look,
                          .release = hand_release,
                          .alarm = hand_alarm,
                          .now = hand_now,
                          .random = hand_random,
                          .tell = runs_tell};
}

enum st runs_serve(struct runs *r, struct sup *s, struct err *e)
{
    r->sup = s;
    levels_tell(r->levels, &r->set.logger->log);
    return sampler_new(r, &r->sampler, e);
}

struct levels *runs_levels(struct runs *r)
{
    return r->levels;
}

void runs_hook_ended(struct runs *r, uint32_t slot)
{
    hooks_ended(r->hooks, slot);
}

void runs_look_at_hooks(struct runs *r)
{
    hooks_look(r->hooks, uv_now(r->set.loop));
}

bool runs_have_hooks(const struct runs *r)
{
    return hooks_running(r->hooks) > 0;
}

void runs_shut(struct runs *r)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->run[i].id)
            run_end(r, &r->run[i]); /* an early end of the program; kill-on-close ends the worker */
        uv_close((uv_handle_t *)&r->run[i].alarm, NULL);
    }
    uv_close((uv_handle_t *)&r->rearm, NULL);
    sampler_shut(r->sampler);
    hooks_shut(r->hooks);
    helpers_end(r);
}

void runs_free(struct runs *r)
{
    if (!r)
        return;
    if (r->helpers_job)
        CloseHandle(r->helpers_job);
    sampler_free(r->sampler);
    hooks_free(r->hooks);
    levels_free(r->levels);
    free(r->run);
    free(r);
}
