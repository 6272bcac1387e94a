/* hooks.c - see hooks.h: who is started at once, who has to wait, who is refused; and the end of
 * all. */
#include "service/host/hooks_impl.h"

#include <stdlib.h>
#include <string.h>

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
    uv_timer_init(loop, &h->turn); /* cannot fail */
    h->turn.data = h;
    *ret = h;
    return ST_OK;
}

/* Of those that nobody waits for: the one that runs or queues up already, or NULL. */
static struct task *find_same(const struct hooks *h, const struct hook *hook)
{
    for (size_t i = 0; i < HOOKS_SLOTS; i++) {
        const struct slot *s = h->slot[i];
        if (s && s->task && s->kind == HOOKS_OTHER && strcmp(s->task->key, hook->key) == 0 &&
            strcmp(s->task->owner, hook->owner) == 0)
            return s->task;
    }
    return hooks_queued(h, hook->key, hook->owner);
}

/* Now or later. */
static enum st begin(struct hooks *h, const struct hook *hook, bool later, struct err *e)
{
    struct task *t = NULL;
    enum st st = task_new(h, hook, &t, e);
    if (st != ST_OK)
        return st;
    if (later) {
        hooks_queue(h, t);
        return ST_OK;
    }
    st = slot_start(h, t, e);
    if (st != ST_OK)
        task_free(t);
    return st;
}

enum st hooks_run(struct hooks *h, const struct hook *hook, struct err *e)
{
    struct task *same = hook->done ? NULL : find_same(h, hook);
    bool full = hooks_full(h, hook->done ? HOOKS_WAITED : HOOKS_OTHER);
    if (same) {
        same->skipped++;
        return ST_OK;
    }
    if (full && !hook->done && !hook->patient)
        return err_say(e, ST_BUSY,
                       "%s of %s: not run, for %d hooks run already; give the hooks a shorter time "
                       "or make them faster",
                       hook->key, hook->owner, (int)HOOKS_MAX);
    enum st st = begin(h, hook, full, e);
    if (st != ST_OK)
        err_in(e, "%s of %s", hook->key, hook->owner);
    return st;
}

void hooks_cancel(struct hooks *h, const char *key, uint64_t tag)
{
    task_free(hooks_unqueue(h, key, tag));
    for (size_t i = 0; i < HOOKS_SLOTS; i++) {
        struct slot *s = h->slot[i];
        DWORD code = 0;
        if (!s || !s->task || !s->task->done || s->task->tag != tag ||
            strcmp(s->task->key, key) != 0)
            continue;
        child_alive(&s->child, &code);
        slot_end(s, code, "cancelled", false);
    }
}

size_t hooks_running(const struct hooks *h)
{
    size_t n = 0;
    for (int kind = 0; kind < HOOKS_KINDS; kind++)
        n += h->running[kind] + h->queue[kind].n;
    return n;
}

void hooks_shut(struct hooks *h)
{
    if (!h)
        return;
    hooks_forget_queue(h);
    for (size_t i = 0; i < HOOKS_SLOTS; i++) {
        struct slot *s = h->slot[i];
        DWORD code = 0;
        if (!s)
            continue;
        if (s->task) {
            bool alive = child_alive(&s->child, &code);
            slot_end(s, code, alive ? "stop" : NULL, false);
        }
        uv_close((uv_handle_t *)&s->timer, NULL);
    }
    uv_close((uv_handle_t *)&h->turn, NULL);
}

void hooks_free(struct hooks *h)
{
    for (size_t i = 0; h && i < HOOKS_SLOTS; i++)
        free(h->slot[i]);
    free(h);
}
