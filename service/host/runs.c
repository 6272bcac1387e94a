/* runs.c - the hands: every act of the supervisor on the world. */
#include "service/host/runs_impl.h"

#include "service/host/checks.h"
#include "service/host/points.h"
#include "service/host/port.h"
#include "service/win32/file.h"
#include "service/win32/oserr.h"
#include "service/win32/zone.h"

#include <stdlib.h>
#include <string.h>

static uint32_t slot_of(uint64_t id)
{
    return (uint32_t)id;
}

struct run *run_of(struct runs *r, uint64_t id)
{
    uint32_t slot = slot_of(id);
    return slot < r->n && r->run[slot]->id == id ? r->run[slot] : NULL;
}

static enum st hand_ask(void *ctx, uint64_t id, const struct rung *rung, struct err *e)
{
    struct run *run = run_of(ctx, id);
    if (!run)
        return err_say(e, ST_NOTFOUND, "the run is over");
    return rung_ask(ctx, run, rung, e);
}

static void hand_kill(void *ctx, uint64_t id)
{
    struct runs *r = ctx;
    struct run *run = run_of(r, id);
    struct err e = {0};
    if (run && job_terminate(run->job, &e) != ST_OK)
        log_event(&r->set.logger->log, LOG_ERROR, "job.terminate_failed",
                  LOG_TEXT("job", r->run[slot_of(id)]->spec->unit),
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

void runs_on_alarm(uv_timer_t *t)
{
    struct run *run = t->data;
    sup_alarm(run->all->sup, run->slot);
}

static void on_fleet_alarm(uv_timer_t *t)
{
    struct runs *r = t->data;
    sup_alarm(r->sup, SLOT_FLEET);
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
    uv_timer_t *t = slot == SLOT_FLEET ? &r->alarm : &r->run[slot]->alarm;
    if (at_ms == 0)
        uv_timer_stop(t);
    else
        uv_timer_start(t, slot == SLOT_FLEET ? on_fleet_alarm : runs_on_alarm,
                       at_ms > now ? at_ms - now : 0, 0);
}

static bool hand_signalled(void *ctx, uint64_t id, enum signal what)
{
    const struct run *run = run_of(ctx, id);
    return run && signals_asked(&run->signals, what);
}

static int64_t hand_wall(void *ctx)
{
    (void)ctx;
    return zone_now();
}

static int32_t hand_offset(void *ctx, int64_t utc_s)
{
    (void)ctx;
    return zone_offset(utc_s);
}

static uint32_t hand_random(void *ctx)
{
    struct runs *r = ctx;
    return (uint32_t)(random_next(&r->random) >> 32);
}

static enum st make_rooms(struct runs *r, const struct config *c, struct err *e)
{
    const struct levels_setup levels = {.service = r->set.service,
                                        .machine = r->set.machine,
                                        .probe = r->set.probe,
                                        .prefix = r->set.prefix,
                                        .port = r->set.port,
                                        .security = r->set.security};
    enum st st = levels_new(&levels, c, &r->levels, e);
    if (st != ST_OK)
        return st;
    st = hooks_new(r->set.loop, r->set.port, r->set.logger, r->set.service, r->set.config_dir,
                   &r->hooks, e);
    return st == ST_OK ? asking_new(r, e) : st;
}

enum st runs_new(const struct runs_setup *setup, const struct config *c, struct runs **ret,
                 struct err *e)
{
    struct runs *r = calloc(1, sizeof *r);
    if (!r)
        return err_nomem(e);
    r->set = *setup;
    r->random.state = uv_hrtime() ^ (uint64_t)GetCurrentProcessId() << 32;
    enum st st = job_create_unnamed(&r->helpers_job, e);
    if (st == ST_OK)
        st = make_rooms(r, c, e);
    if (st != ST_OK) {
        hooks_shut(r->hooks);
        uv_run(setup->loop, UV_RUN_NOWAIT); /* which has their timer no more then */
        runs_free(r);
        return st;
    }
    uv_timer_init(setup->loop, &r->rearm); /* cannot fail */
    uv_timer_init(setup->loop, &r->alarm);
    r->rearm.data = r->alarm.data = r;
    batch_init(r);
    *ret = r;
    return ST_OK;
}

struct hands runs_hands(struct runs *r)
{
    return (struct hands){.ctx = r,
                          .room = slots_room,
                          .adopt = slots_adopt,
                          .prepare = asking_prepare,
                          .unprepare = asking_unprepare,
                          .spawn = run_spawn,
                          .ask = hand_ask,
                          .kill = hand_kill,
                          .look = hand_look,
                          .check = asking_check,
                          .uncheck = asking_uncheck,
                          .signalled = hand_signalled,
                          .release = hand_release,
                          .alarm = hand_alarm,
                          .now = hand_now,
                          .wall = hand_wall,
                          .offset = hand_offset,
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

void runs_check_packet(struct runs *r, uint32_t number)
{
    checks_packet(r->checks, number);
}

void runs_look_at_hooks(struct runs *r)
{
    hooks_look(r->hooks, uv_now(r->set.loop));
    checks_look(r->checks);
}

bool runs_have_hooks(const struct runs *r)
{
    return hooks_running(r->hooks) > 0;
}

void runs_shut(struct runs *r)
{
    slots_shut(r);
    uv_close((uv_handle_t *)&r->rearm, NULL);
    uv_close((uv_handle_t *)&r->alarm, NULL);
    batch_shut(r);
    sampler_shut(r->sampler);
    checks_shut(r->checks);
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
    checks_free(r->checks);
    points_free(r->points);
    hooks_free(r->hooks);
    levels_free(r->levels);
    for (size_t i = 0; i < r->n; i++)
        free(r->run[i]);
    free(r->run);
    free(r);
}
