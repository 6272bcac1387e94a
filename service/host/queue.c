/* queue.c - a ring under a short lock. */
#include "service/host/queue.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

struct queue {
    uv_mutex_t lock;
    void (*ring)(void *ctx);
    void *ctx;
    size_t head, n;
    bool lost, shut;
    struct note note[QUEUE_CAPACITY];
};

enum st queue_new(void (*ring)(void *ctx), void *ctx, struct queue **ret, struct err *e)
{
    struct queue *q = calloc(1, sizeof *q);
    if (!q || uv_mutex_init(&q->lock) != 0) {
        free(q);
        return err_nomem(e);
    }
    q->ring = ring;
    q->ctx = ctx;
    *ret = q;
    return ST_OK;
}

void queue_free(struct queue *q)
{
    if (!q)
        return;
    uv_mutex_destroy(&q->lock);
    free(q);
}

void queue_push(struct queue *q, const struct note *notes, size_t n)
{
    uv_mutex_lock(&q->lock);
    if (!q->shut && n > 0) {
        /* Once empty is once rung: the loop takes all, and it looks at `n` under this lock. */
        bool ring = q->n == 0;
        for (size_t i = 0; i < n; i++) {
            bool hint = notes[i].kind == NOTE_JOB || notes[i].kind == NOTE_LEVEL;
            size_t room = QUEUE_CAPACITY - (hint ? QUEUE_RESERVED : 0);
            if (q->n < room)
                q->note[(q->head + q->n++) % QUEUE_CAPACITY] = notes[i];
            else
                q->lost = true;
        }
        if (ring)
            q->ring(q->ctx); /* under the lock, so never after queue_shut() */
    }
    uv_mutex_unlock(&q->lock);
}

void queue_shut(struct queue *q)
{
    uv_mutex_lock(&q->lock);
    q->shut = true;
    uv_mutex_unlock(&q->lock);
}

size_t queue_take(struct queue *q, struct note *out, size_t cap, bool *ret_lost)
{
    uv_mutex_lock(&q->lock);
    size_t n = q->n < cap ? q->n : cap;
    size_t first = QUEUE_CAPACITY - q->head < n ? QUEUE_CAPACITY - q->head : n;
    memcpy(out, q->note + q->head, first * sizeof *out);
    memcpy(out + first, q->note, (n - first) * sizeof *out);
    q->head = (q->head + n) % QUEUE_CAPACITY;
    q->n -= n;
    *ret_lost = q->lost;
    q->lost = false;
    uv_mutex_unlock(&q->lock);
    return n;
}
