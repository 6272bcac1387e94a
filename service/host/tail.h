/* tail.h - reads workers' log files for clients, by a thread of its own: a disk that does not
 * answer holds up those who read log files, and nobody else.
 *
 * A file is read by its name; what was rolled away under a reader is read to its end before the new
 * one is begun.  Followed files are looked at every TAIL_LOOK_MS. */
#ifndef JW_HOST_TAIL_H
#define JW_HOST_TAIL_H

#include "common/buf.h"
#include "common/status.h"
#include "service/control/world.h"

enum {
    TAIL_LOOK_MS = 200,
    TAIL_CHUNK = 64 << 10,  /* so much is told at a time, and then not before tail_more() */
    TAIL_READ_MAX = 8 << 20 /* the last lines of a file are looked for in so much of its end */
};

struct tail;

/* What was read.  FILE and PATH are good until the reader is gone. */
struct tail_piece {
    struct tail_piece *next;
    uint64_t client;
    size_t file;     /* index of that reader's files; SIZE_MAX: none, only the end */
    struct buf text; /* whole characters, where it is UTF-8 */
    char *why;       /* NULL, or why it cannot be read; from malloc */
    bool last;
};

/* RING is called on the thread when pieces wait and none did before.  It starts with its first
 * reader.  The caller owns *ret. */
enum st tail_new(void (*ring)(void *ctx), void *ctx, struct tail **ret, struct err *e);
/* The thread ends, also out of a disk that does not answer; nobody is rung any more.  NULL is
 * allowed. */
void tail_free(struct tail *t);

/* Loop thread, all of the following.
 * For CLIENT, which has no reader, the last LINES lines of each of PATH[0..n) (absolute), then,
 * with FOLLOW, what is added.  ST_BUSY: too many readers. */
enum st tail_begin(struct tail *t, uint64_t client, const char *const *path, size_t n,
                   uint64_t lines, bool follow, struct err *e);
void tail_end(struct tail *t, uint64_t client); /* none is allowed */
/* The client has read what it was sent. */
void tail_more(struct tail *t, uint64_t client);
/* The pieces that wait, oldest first, or NULL; each goes to tail_piece_free(). */
struct tail_piece *tail_take(struct tail *t);
void tail_piece_free(struct tail_piece *p); /* NULL is allowed */

#endif
