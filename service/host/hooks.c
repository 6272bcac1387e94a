/* hooks.c - see hooks.h. */
#include "service/host/hooks.h"

#include "common/exit_code.h"
#include "service/host/port.h"
#include "service/job/job.h"
#include "service/process/spawn.h"
#include "service/win32/oserr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After its time a hook is terminated, and so long later once more. */
enum { ONCE_MORE_MS = 5000 };

struct slot {
    struct hooks *all;
    bool used, over_time;
    const char *key;
    char owner[HOOK_OWNER_SIZE];
    uint64_t started, deadline; /* of uv_now() */
    uint64_t skipped;           /* not started because this one runs */
    HANDLE job;                 /* of it alone, kill-on-close */
    struct child child;
    struct ender ender;
    uv_timer_t timer;
};

struct hooks {
    uv_loop_t *loop;
    HANDLE port;
    struct logger *logger;
    const char *service, *config_dir;
    struct slot slot[HOOKS_MAX]; /* never moves: libuv and waits point into it */
};

enum st hooks_new(uv_loop_t *loop, HANDLE port, struct logger *logger, const char *service,
                  const char *config_dir, struct hooks **ret, struct err *e)
{
    struct hooks *h = calloc(1, sizeof *h);
    if (!h)
        return err_nomem(e);
    h->loop = loop;
    h->port = port;
    h->logger = logger;
    h->service = service;
    h->config_dir = config_dir;
    for (size_t i = 0; i < HOOKS_MAX; i++) {
        h->slot[i].all = h;
        h->slot[i].ender = (struct ender){port, PORT_KEY_HOOK | i};
        uv_timer_init(loop, &h->slot[i].timer); /* cannot fail */
        h->slot[i].timer.data = &h->slot[i];
    }
    *ret = h;
    return ST_OK;
}

/* --- its end ------------------------------------------------------------------------ */
static void close_slot(struct slot *s)
{
    uv_timer_stop(&s->timer);
    child_close(&s->child);
    if (s->job)
        CloseHandle(s->job); /* and with it whatever the hook has left behind */
    s->job = NULL;
    s->used = false;
}

static void tell_end(const struct slot *s, DWORD code, const char *cause)
{
    const struct log *log = &s->all->logger->log;
    struct buf text = {0};
    bool failed = code != 0 && !cause; /* of another cause there was a line already */
    bool known = !child_alive(&s->child, &(DWORD){0});
    exit_code_print(code, &text);
    log_event(log, failed ? LOG_WARNING : LOG_INFO, "hook.ended", LOG_TEXT("hook", s->key),
              LOG_TEXT("owner", s->owner), LOG_NUM("pid", s->child.pid),
              LOG_TEXT("code", known ? buf_text(&text) : NULL),
              LOG_TEXT("name", known ? exit_code_name(code) : NULL),
              LOG_TEXT("meaning", known ? exit_code_meaning(code) : NULL),
              LOG_TEXT("cause", cause),
              LOG_NUM("ran_ms", uv_now(s->all->loop) - s->started));
    buf_free(&text);
    if (s->skipped > 0)
        log_event(log, LOG_WARNING, "hook.skipped", LOG_TEXT("hook", s->key),
                  LOG_TEXT("owner", s->owner), LOG_NUM("times", s->skipped),
                  LOG_TEXT("reason", "the one before was still running"));
}

void hooks_ended(struct hooks *h, uint32_t slot)
{
    DWORD code = 0;
    if (slot >= HOOKS_MAX || !h->slot[slot].used)
        return;
    struct slot *s = &h->slot[slot];
    if (child_alive(&s->child, &code))
        return; /* a packet of the slot's last user */
    tell_end(s, code, s->over_time ? "timeout" : NULL);
    close_slot(s);
}

static void terminate(struct slot *s)
{
    struct err e = {0};
    if (TerminateJobObject(s->job, JOB_EXIT_CODE))
        return;
    err_os(&e, GetLastError(), "TerminateJobObject");
    log_event(&s->all->logger->log, LOG_ERROR, "hook.terminate_failed", LOG_TEXT("hook", s->key),
              LOG_TEXT("owner", s->owner), LOG_TEXT("error", e.text));
}

/* The end then comes as any other. */
static void on_deadline(uv_timer_t *t)
{
    struct slot *s = t->data;
    DWORD code;
    if (!child_alive(&s->child, &code)) { /* just in time */
        hooks_ended(s->all, (uint32_t)(s - s->all->slot));
        return;
    }
    s->over_time = true;
    log_event(&s->all->logger->log, LOG_WARNING, "hook.timeout", LOG_TEXT("hook", s->key),
              LOG_TEXT("owner", s->owner), LOG_NUM("pid", s->child.pid),
              LOG_NUM("timeout_ms", s->deadline - s->started));
    terminate(s);
}

void hooks_look(struct hooks *h, uint64_t now)
{
    for (uint32_t i = 0; i < HOOKS_MAX; i++) {
        struct slot *s = &h->slot[i];
        hooks_ended(h, i);
        if (s->used && s->over_time && now > s->deadline + ONCE_MORE_MS)
            terminate(s);
    }
}

/* --- its start ---------------------------------------------------------------------- */
static struct slot *find(struct hooks *h, const struct hook *hook)
{
    for (size_t i = 0; i < HOOKS_MAX; i++)
        if (h->slot[i].used && strcmp(h->slot[i].key, hook->key) == 0 &&
            strcmp(h->slot[i].owner, hook->owner) == 0)
            return &h->slot[i];
    return NULL;
}

static struct slot *find_free(struct hooks *h)
{
    for (size_t i = 0; i < HOOKS_MAX; i++)
        if (!h->slot[i].used)
            return &h->slot[i];
    return NULL;
}

static enum st start(struct slot *s, const struct hook *hook, struct err *e)
{
    const struct hooks *h = s->all;
    struct launch launch = {0};
    enum st st = launch_prepare(hook->spec, hook->command, h->service, h->config_dir, hook->extra,
                                &launch, e);
    if (st == ST_OK)
        st = job_create_unnamed(&s->job, e);
    if (st == ST_OK) {
        const char *const name = "the hook's own job";
        const struct spawn spawn = {.launch = &launch,
                                    .jobs = &s->job,
                                    .jobs_n = 1,
                                    .job_names = &name,
                                    .console = CONSOLE_OWN,
                                    .ended = ender_post,
                                    .ctx = &s->ender};
        st = spawn_child(&spawn, &s->child, e);
    }
    launch_free(&launch);
    return st;
}

static void arm(struct slot *s, uint64_t timeout_ms)
{
    uv_update_time(s->all->loop); /* the start has taken a moment */
    s->started = uv_now(s->all->loop);
    s->deadline = s->started + timeout_ms;
    uv_timer_start(&s->timer, on_deadline, timeout_ms, 0);
}

enum st hooks_run(struct hooks *h, const struct hook *hook, struct err *e)
{
    struct slot *s = find(h, hook);
    if (s) {
        s->skipped++;
        return ST_OK;
    }
    s = find_free(h);
    if (!s)
        return err_say(e, ST_BUSY,
                       "%s of %s: not run, for %d hooks run already; give the hooks a shorter time "
                       "or make them faster",
                       hook->key, hook->owner, (int)HOOKS_MAX);
    if (snprintf(s->owner, sizeof s->owner, "%s", hook->owner) >= (int)sizeof s->owner)
        return err_say(e, ST_RANGE, "%s of %s: the name is too long", hook->key, hook->owner);
    s->key = hook->key;
    s->skipped = 0;
    s->over_time = false;
    enum st st = start(s, hook, e);
    if (st != ST_OK) {
        close_slot(s);
        err_in(e, "%s of %s", hook->key, hook->owner);
        return st;
    }
    s->used = true;
    arm(s, hook->timeout_ms);
    log_event(&h->logger->log, LOG_DEBUG, "hook.started", LOG_TEXT("hook", s->key),
              LOG_TEXT("owner", s->owner), LOG_NUM("pid", s->child.pid),
              LOG_NUM("timeout_ms", hook->timeout_ms));
    return ST_OK;
}

size_t hooks_running(const struct hooks *h)
{
    size_t n = 0;
    for (size_t i = 0; i < HOOKS_MAX; i++)
        n += h->slot[i].used;
    return n;
}

/* --- the end of all ----------------------------------------------------------------- */
void hooks_shut(struct hooks *h)
{
    for (size_t i = 0; h && i < HOOKS_MAX; i++) {
        struct slot *s = &h->slot[i];
        DWORD code = 0;
        bool alive = s->used && child_alive(&s->child, &code);
        if (s->used)
            tell_end(s, code, alive ? "stop" : NULL);
        close_slot(s);
        uv_close((uv_handle_t *)&s->timer, NULL);
    }
}

void hooks_free(struct hooks *h)
{
    free(h);
}
