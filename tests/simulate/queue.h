/* queue.h - what is to happen in the fake world, by its time; what has the same time, in the order
 * in which it was put in. */
#ifndef JW_SIMULATE_QUEUE_H
#define JW_SIMULATE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum due_kind {
    DUE_ALARM,
    DUE_NOTE,
    DUE_END,   /* the main process ends by itself */
    DUE_OBEY,  /* what was asked for happens; arg: bit 0 main, bit 1 the others */
    DUE_DEATH, /* a terminated job is empty */
    DUE_READY,
    DUE_BEAT,
    DUE_CHECKED,
    DUE_PREPARED,
    DUE_LOOK /* the slow look at everything */
};

struct due {
    uint64_t at, seq;
    enum due_kind kind;
    uint32_t slot;
    uint64_t id;  /* of the run, if it is about one */
    uint64_t arg; /* whatever the kind needs */
};

struct queue {
    struct due *heap;
    size_t n, cap;
    uint64_t seq;
};

/* Out of memory ends the program. */
void queue_put(struct queue *q, struct due d);
/* False: none until AT. */
bool queue_take(struct queue *q, uint64_t at, struct due *ret);
void queue_free(struct queue *q);

#endif
