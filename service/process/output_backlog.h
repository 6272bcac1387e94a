/* output_backlog.h - log lines on their way to the output thread.
 *
 * Adding costs a short lock and no disk, from any thread. */
#ifndef JW_PROCESS_OUTPUT_BACKLOG_H
#define JW_PROCESS_OUTPUT_BACKLOG_H

#include "common/buf.h"

#include <windows.h>

enum { BACKLOG_MAX = 1 << 20, BACKLOG_KEPT = 16 << 10 };

struct backlog {
    SRWLOCK lock;
    bool open;        /* somebody will take the lines */
    bool rung;        /* the thread knows that there is something */
    struct buf lines; /* each with its line end */
    uint64_t dropped; /* lines, since the last take */
};

void backlog_init(struct backlog *b);
void backlog_free(struct backlog *b);
void backlog_open(struct backlog *b);

/* Any thread.  Past BACKLOG_MAX, or without memory, the line is only counted.  True: ring the
 * thread, and call backlog_unrung() if that fails, so that the next line tries again. */
bool backlog_add(struct backlog *b, struct str line);
void backlog_unrung(struct backlog *b);

/* Output thread: swaps what waits with OUT, which is empty.  False: there was nothing. */
bool backlog_take(struct backlog *b, struct buf *out, uint64_t *ret_dropped);

#endif
