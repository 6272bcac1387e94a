/* checks_wire.h - the end of a check that another thread holds: by it that thread wakes the loop,
 * for as long as the loop listens.
 *
 * It is the first member of what both threads share, which is freed by whoever lets go last.  So
 * nobody waits for a thread that is stuck in a name lookup or at a dead disk. */
#ifndef JW_HOST_CHECKS_WIRE_H
#define JW_HOST_CHECKS_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

struct wire {
    SRWLOCK lock; /* over the members below, and over whatever both threads share */
    HANDLE port;  /* NULL: the loop does not listen any more */
    uint64_t key;
    LONG holders;
};

/* Held by the loop alone. */
void wire_init(struct wire *w, HANDLE port, uint32_t number);
void wire_share(struct wire *w); /* one more holder */
/* Under the lock: wakes the loop, if it listens. */
void wire_ring(const struct wire *w);
/* From now on nobody is woken. */
void wire_cut(struct wire *w);
/* Lets go; true: that was the last one, who frees it. */
bool wire_drop(struct wire *w);

#endif
