/* hooks_queue.c - hooks that wait for their turn: those that somebody waits for, and the patient
 * ones of the others.  Only the loop itself starts them, so nobody hears of a failure from inside
 * his own call. */
#include "service/host/hooks_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t most[HOOKS_KINDS] = {
    [HOOKS_WAITED] = HOOKS_WAITED_MAX, [HOOKS_OTHER] = HOOKS_MAX};

/* --- a task ------------------------------------------------------------------------- */
enum st task_new(const struct hooks *h, const struct hook *hook, struct task **ret, struct err *e)
{
    struct task *t = calloc(1, sizeof *t);
    if (!t)
        return err_nomem(e);
    enum st st = ST_OK;
    t->key = hook->key;
    t->timeout_ms = hook->timeout_ms;
    t->done = hook->done;
    t->ctx = hook->ctx;
    t->tag = hook->tag;
    t->quiet = hook->quiet;
    if (snprintf(t->owner, sizeof t->owner, "%s", hook->owner) >= (int)sizeof t->owner)
        st = err_say(e, ST_RANGE, "the name is too long");
    if (st == ST_OK)
        st = launch_prepare(hook->spec, hook->command, h->service, h->config_dir, hook->extra,
                            &t->launch, e);
    if (st == ST_OK)
        *ret = t;
    else
        task_free(t);
    return st;
}

void task_free(struct task *t)
{
    if (t)
        launch_free(&t->launch);
    free(t);
}

enum hooks_kind task_kind(const struct task *t)
{
    return t->done ? HOOKS_WAITED : HOOKS_OTHER;
}

/* --- the queues --------------------------------------------------------------------- */
bool hooks_full(const struct hooks *h, enum hooks_kind kind)
{
    return h->running[kind] >= most[kind] || h->queue[kind].n > 0;
}

void hooks_queue(struct hooks *h, struct task *t)
{
    struct turns *q = &h->queue[task_kind(t)];
    if (!q->first)
        q->end = &q->first;
    *q->end = t;
    q->end = &t->next;
    q->n++;
}

/* The one that *AT leads to. */
static struct task *take(struct turns *q, struct task **at)
{
    struct task *t = *at;
    *at = t->next;
    if (!t->next)
        q->end = at;
    t->next = NULL;
    q->n--;
    return t;
}

struct task *hooks_queued(const struct hooks *h, const char *key, const char *owner)
{
    for (struct task *t = h->queue[HOOKS_OTHER].first; t; t = t->next)
        if (strcmp(t->key, key) == 0 && strcmp(t->owner, owner) == 0)
            return t;
    return NULL;
}

struct task *hooks_unqueue(struct hooks *h, const char *key, uint64_t tag)
{
    struct turns *q = &h->queue[HOOKS_WAITED];
    for (struct task **at = &q->first; *at; at = &(*at)->next)
        if ((*at)->tag == tag && strcmp((*at)->key, key) == 0)
            return take(q, at);
    return NULL;
}

void hooks_forget_queue(struct hooks *h)
{
    for (int kind = 0; kind < HOOKS_KINDS; kind++)
        while (h->queue[kind].first)
            task_free(take(&h->queue[kind], &h->queue[kind].first));
}

/* --- their turn --------------------------------------------------------------------- */
/* Nobody who asked is there any more to be given an error. */
static void tell_failure(const struct hooks *h, const struct task *t, const struct err *e)
{
    if (t->done)
        t->done(t->ctx, t->tag, false, e->text);
    else
        log_event(&h->logger->log, LOG_ERROR, "hook.failed", LOG_TEXT("hook", t->key),
                  LOG_TEXT("owner", t->owner), LOG_TEXT("error", e->text));
}

static void on_turn(uv_timer_t *timer)
{
    struct hooks *h = timer->data;
    for (int kind = 0; kind < HOOKS_KINDS; kind++)
        while (h->queue[kind].first && h->running[kind] < most[kind]) {
            struct err e = {0};
            struct task *t = take(&h->queue[kind], &h->queue[kind].first);
            if (slot_start(h, t, &e) == ST_OK)
                continue;
            tell_failure(h, t, &e); /* may queue or cancel others */
            task_free(t);
        }
}

void hooks_next_turn(struct hooks *h)
{
    if (h->queue[HOOKS_WAITED].n + h->queue[HOOKS_OTHER].n > 0)
        uv_timer_start(&h->turn, on_turn, 0, 0);
}
