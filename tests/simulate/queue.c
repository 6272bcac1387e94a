/* queue.c - a binary heap. */
#include "tests/simulate/queue.h"

#include <stdlib.h>

static bool before(const struct due *a, const struct due *b)
{
    return a->at != b->at ? a->at < b->at : a->seq < b->seq;
}

void queue_put(struct queue *q, struct due d)
{
    if (q->n == q->cap) {
        size_t cap = q->cap ? 2 * q->cap : 64;
        struct due *more = realloc(q->heap, cap * sizeof *more);
        if (!more)
            abort();
        q->heap = more;
        q->cap = cap;
    }
    d.seq = q->seq++;
    size_t i = q->n++;
    for (; i > 0 && before(&d, &q->heap[(i - 1) / 2]); i = (i - 1) / 2)
        q->heap[i] = q->heap[(i - 1) / 2];
    q->heap[i] = d;
}

static void sink(struct queue *q, struct due d)
{
    size_t i = 0;
    for (;;) {
        size_t k = 2 * i + 1;
        if (k >= q->n)
            break;
        if (k + 1 < q->n && before(&q->heap[k + 1], &q->heap[k]))
            k++;
        if (!before(&q->heap[k], &d))
            break;
        q->heap[i] = q->heap[k];
        i = k;
    }
    q->heap[i] = d;
}

bool queue_take(struct queue *q, uint64_t at, struct due *ret)
{
    if (q->n == 0 || q->heap[0].at > at)
        return false;
    *ret = q->heap[0];
    struct due last = q->heap[--q->n];
    if (q->n > 0)
        sink(q, last);
    return true;
}

void queue_free(struct queue *q)
{
    free(q->heap);
    *q = (struct queue){0};
}
