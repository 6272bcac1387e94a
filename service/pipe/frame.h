/* frame.h - the framing of the control pipe: 4 bytes of length, little-endian, then so many bytes.
 * Pure. */
#ifndef JW_PIPE_FRAME_H
#define JW_PIPE_FRAME_H

#include "common/buf.h"

#include <stdint.h>

enum {
    FRAME_HEAD = 4,
    FRAME_REQUEST_MAX = 1 << 20, /* bytes after the head */
    FRAME_REPLY_MAX = 64 << 20
};

enum frame_found {
    FRAME_MORE,  /* nothing is whole yet */
    FRAME_WHOLE, /* frames_view() has it */
    FRAME_BAD,   /* a length of 0, or above the limit: what follows cannot be told apart any more */
    FRAME_NOMEM
};

/* Takes bytes as they come.  Memory grows with the bytes that are there, not with what a length
 * promises. */
struct frames {
    size_t limit;
    enum frame_found found;
    uint32_t want; /* bytes of the body, once the head is whole */
    uint32_t head_n;
    unsigned char head[FRAME_HEAD];
    struct buf body;
};

/* LIMIT: the longest body, FRAME_REQUEST_MAX or FRAME_REPLY_MAX. */
void frames_init(struct frames *f, size_t limit);
void frames_free(struct frames *f);

/* Takes what it can use from the front of *bytes and moves *bytes past it.  It takes nothing while
 * a whole frame waits, and nothing ever again after FRAME_BAD and FRAME_NOMEM. */
enum frame_found frames_take(struct frames *f, struct str *bytes);
/* The frame that is whole, without its head; good until frames_next(). */
struct str frames_view(const struct frames *f);
/* On to the next.  The memory of a small frame is kept, that of a large one given back. */
void frames_next(struct frames *f);
/* Something has been taken of a frame that is not whole. */
bool frames_begun(const struct frames *f);

/* The head of a frame of N bytes. */
void frame_head(uint32_t n, char out[FRAME_HEAD]);

#endif
