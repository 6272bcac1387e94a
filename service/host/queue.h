/* queue.h - notes from every other thread to the loop.
 *
 * A producer never blocks on anything but a short lock, never allocates and never looks at a unit.
 * Rings coalesce: one ring means "take all".  When the queue is full a flag is set, and the loop
 * then asks the kernel about everything. */
#ifndef JW_HOST_QUEUE_H
#define JW_HOST_QUEUE_H

#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

enum note_kind {
    NOTE_JOB,      /* message `number` of run `id`, about process `pid` */
    NOTE_LEVEL,    /* message `number` of the group or fleet `id`, about process `pid` */
    NOTE_ENDED,    /* the main process of run `id` ended */
    NOTE_HELPER,   /* helper process `number` (a slot) ended */
    NOTE_HOOK,     /* the hook in slot `number` ended */
    NOTE_CHECK,    /* the check in slot `number` has something to tell */
    NOTE_RELOAD,   /* read the job file again; `number` 1: it matters only if it has changed */
    NOTE_STOP,     /* stop the fleet; `number`: enum cause, `id`: budget in ms, 0: stop_timeout */
    NOTE_STOP_NOW  /* stop without asking */
};

struct note {
    enum note_kind kind;
    uint32_t number;
    uint64_t id;
    uint32_t pid;
};

/* Job messages leave the last places to the others: a message can be made up for by looking, an
 * order to stop cannot, and there is room for the end of every process of the largest fleet
 * besides. */
enum { QUEUE_CAPACITY = 32768, QUEUE_RESERVED = 24576 };

/* RING is called under the lock whenever an empty queue gets notes; it must be safe from any thread
 * (uv_async_send).  The caller owns *ret. */
enum st queue_new(void (*ring)(void *ctx), void *ctx, struct queue **ret, struct err *e);
void queue_free(struct queue *q); /* after every producer has ended */

/* Any thread. */
void queue_push(struct queue *q, const struct note *notes, size_t n);
/* Later pushes do nothing and ring nothing; for the end, before the bell is closed. */
void queue_shut(struct queue *q);

/* Loop thread: moves at most CAP notes to OUT, oldest first.  *ret_lost: notes were lost since the
 * last call.  Returns how many; fewer than CAP means that the queue was empty for a moment. */
size_t queue_take(struct queue *q, struct note *out, size_t cap, bool *ret_lost);

#endif
