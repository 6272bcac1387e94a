/* buf.h - text that grows.  One thread at a time.
 *
 * Out of memory is sticky: adding goes on without effect and buf_ok() says so at the end, so a
 * writer tests once. */
#ifndef JW_COMMON_BUF_H
#define JW_COMMON_BUF_H

#include "common/status.h"
#include "common/str.h"

struct buf {
    char *p; /* NUL-terminated once anything was added; NULL before */
    size_t n, cap;
    bool failed;
};

void buf_add(struct buf *b, const char *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_z(struct buf *b, const char *z);
void buf_char(struct buf *b, char c);
void buf_f(struct buf *b, const char *fmt, ...) JW_PRINTF(2, 3);
bool buf_ok(const struct buf *b);
/* "" when nothing was added. */
const char *buf_text(const struct buf *b);
struct str buf_view(const struct buf *b);
/* Empties it and keeps the memory. */
void buf_reset(struct buf *b);
/* Gives the memory back; the buffer can be used again. */
void buf_free(struct buf *b);

#endif
