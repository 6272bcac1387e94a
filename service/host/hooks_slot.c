/* hooks_slot.c - one hook that runs: its job, its process, its time and its end. */
#include "service/host/hooks_impl.h"

#include "common/exit_code.h"
#include "service/job/job.h"
#include "service/win32/oserr.h"

#include <stdlib.h>

/* After its time a hook is terminated, and so long later once more. */
enum { ONCE_MORE_MS = 5000 };

/* --- its end ------------------------------------------------------------------------ */
static void close_slot(struct slot *s)
{
    uv_timer_stop(&s->timer);
    child_close(&s->child);
    if (s->job)
        CloseHandle(s->job); /* and with it whatever the hook has left behind */
    s->job = NULL;
    s->task = NULL;
}

static void log_end(const struct slot *s, DWORD code, const char *cause)
{
    const struct log *log = &s->all->logger->log;
    const struct task *t = s->task;
    struct buf text = {0};
    bool failed = code != 0 && !cause; /* of another cause there was a line already */
    bool known = !child_alive(&s->child, &(DWORD){0});
    enum log_level level = failed ? LOG_WARNING : t->quiet && !s->over_time ? LOG_DEBUG : LOG_INFO;
    exit_code_print(code, &text);
    log_event(log, level, "hook.ended", LOG_TEXT("hook", t->key), LOG_TEXT("owner", t->owner),
              LOG_NUM("pid", s->child.pid), LOG_TEXT("code", known ? buf_text(&text) : NULL),
              LOG_TEXT("name", known ? exit_code_name(code) : NULL),
              LOG_TEXT("meaning", known ? exit_code_meaning(code) : NULL),
              LOG_TEXT("cause", cause),
              LOG_NUM("ran_ms", uv_now(s->all->loop) - s->started));
    buf_free(&text);
    if (t->skipped > 0)
        log_event(log, LOG_WARNING, "hook.skipped", LOG_TEXT("hook", t->key),
                  LOG_TEXT("owner", t->owner), LOG_NUM("times", t->skipped),
                  LOG_TEXT("reason", "the one before was still running"));
}

/* "exit code 3"; "exit code 0xC0000005 (STATUS_ACCESS_VIOLATION: ...)". */
static void say_code(DWORD code, struct buf *out)
{
    buf_z(out, "exit code ");
    exit_code_print(code, out);
    if (exit_code_name(code))
        buf_f(out, " (%s: %s)", exit_code_name(code), exit_code_meaning(code));
}

/* Once: whoever waited does so no longer. */
static void answer(struct task *t, bool over_time, DWORD code)
{
    void (*done)(void *, uint64_t, bool, const char *) = t->done;
    struct buf text = {0};
    bool ok = !over_time && code == 0;
    if (over_time)
        buf_f(&text, "it took longer than %llu ms and was terminated",
              (unsigned long long)t->timeout_ms);
    else if (!ok)
        say_code(code, &text);
    t->done = NULL;
    if (done)
        done(t->ctx, t->tag, ok, buf_ok(&text) ? buf_text(&text) : "it failed; memory is short");
    buf_free(&text);
}

void slot_end(struct slot *s, DWORD code, const char *cause, bool told)
{
    struct hooks *h = s->all;
    struct task *t = s->task;
    bool over_time = s->over_time;
    log_end(s, code, cause);
    close_slot(s);
    h->running[s->kind]--;
    hooks_next_turn(h);
    if (told)
        answer(t, over_time, code);
    task_free(t);
}

void hooks_ended(struct hooks *h, uint32_t slot)
{
    DWORD code = 0;
    struct slot *s = slot < HOOKS_SLOTS ? h->slot[slot] : NULL;
    if (!s || !s->task || child_alive(&s->child, &code))
        return; /* a packet of the slot's last user */
    slot_end(s, code, s->over_time ? "timeout" : NULL, true);
}

/* --- its time ----------------------------------------------------------------------- */
static void terminate(struct slot *s)
{
    struct err e = {0};
    if (TerminateJobObject(s->job, JOB_EXIT_CODE))
        return;
    err_os(&e, GetLastError(), "TerminateJobObject");
    log_event(&s->all->logger->log, LOG_ERROR, "hook.terminate_failed",
              LOG_TEXT("hook", s->task->key), LOG_TEXT("owner", s->task->owner),
              LOG_TEXT("error", e.text));
}

/* The end then comes as any other. */
static void on_deadline(uv_timer_t *t)
{
    struct slot *s = t->data;
    DWORD code;
    if (!child_alive(&s->child, &code)) { /* just in time */
        hooks_ended(s->all, s->index);
        return;
    }
    s->over_time = true;
    log_event(&s->all->logger->log, LOG_WARNING, "hook.timeout", LOG_TEXT("hook", s->task->key),
              LOG_TEXT("owner", s->task->owner), LOG_NUM("pid", s->child.pid),
              LOG_NUM("timeout_ms", s->task->timeout_ms));
    terminate(s);
}

/* One that a driver holds may never end: nobody is to wait for that. */
static void insist(struct slot *s)
{
    terminate(s);
    answer(s->task, true, 0);
}

void hooks_look(struct hooks *h, uint64_t now)
{
    for (uint32_t i = 0; i < HOOKS_SLOTS; i++) {
        struct slot *s = h->slot[i];
        hooks_ended(h, i);
        if (s && s->task && s->over_time && now > s->deadline + ONCE_MORE_MS)
            insist(s);
    }
}

/* --- its start ---------------------------------------------------------------------- */
static struct slot *new_slot(struct hooks *h, uint32_t index)
{
    struct slot *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->all = h;
    s->index = index;
    s->ender = (struct ender){h->port, PORT_KEY_HOOK | index};
    uv_timer_init(h->loop, &s->timer); /* cannot fail */
    s->timer.data = s;
    return s;
}

/* There is always one: as many of each kind run as may, at most. */
static struct slot *free_slot(struct hooks *h)
{
    uint32_t i = 0;
    while (i < HOOKS_SLOTS - 1 && h->slot[i] && h->slot[i]->task)
        i++;
    if (!h->slot[i])
        h->slot[i] = new_slot(h, i);
    return h->slot[i];
}

static enum st spawn(struct slot *s, const struct task *t, struct err *e)
{
    const char *const name = "the hook's own job";
    enum st st = job_create_unnamed(&s->job, e);
    if (st != ST_OK)
        return st;
    const struct spawn how = {.launch = &t->launch,
                              .jobs = &s->job,
                              .jobs_n = 1,
                              .job_names = &name,
                              .console = CONSOLE_OWN,
                              .ended = ender_post,
                              .ctx = &s->ender};
    return spawn_child(&how, &s->child, e);
}

static void arm(struct slot *s, uint64_t timeout_ms)
{
    uv_update_time(s->all->loop); /* the start has taken a moment */
    s->started = uv_now(s->all->loop);
    s->deadline = s->started + timeout_ms;
    uv_timer_start(&s->timer, on_deadline, timeout_ms, 0);
}

enum st slot_start(struct hooks *h, struct task *t, struct err *e)
{
    struct slot *s = free_slot(h);
    enum st st = s ? spawn(s, t, e) : err_nomem(e);
    if (st != ST_OK) {
        if (s)
            close_slot(s);
        return st;
    }
    launch_free(&t->launch);
    s->task = t;
    s->kind = task_kind(t);
    s->over_time = false;
    h->running[s->kind]++;
    arm(s, t->timeout_ms);
    log_event(&h->logger->log, LOG_DEBUG, "hook.started", LOG_TEXT("hook", t->key),
              LOG_TEXT("owner", t->owner), LOG_NUM("pid", s->child.pid),
              LOG_NUM("timeout_ms", t->timeout_ms));
    return ST_OK;
}
