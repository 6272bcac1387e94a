/* frame.c - a length, then so many bytes. */
#include "service/pipe/frame.h"

enum { KEPT = 16 << 10 };

void frames_init(struct frames *f, size_t limit)
{
    *f = (struct frames){.limit = limit};
}

void frames_free(struct frames *f)
{
    buf_free(&f->body);
    frames_init(f, f->limit);
}

/* False: the head is not whole yet. */
static bool take_head(struct frames *f, struct str *bytes)
{
    while (f->head_n < FRAME_HEAD && bytes->n > 0) {
        f->head[f->head_n++] = (unsigned char)*bytes->p++;
        bytes->n--;
    }
    if (f->head_n < FRAME_HEAD)
        return false;
    f->want = (uint32_t)f->head[0] | (uint32_t)f->head[1] << 8 | (uint32_t)f->head[2] << 16 |
              (uint32_t)f->head[3] << 24;
    return true;
}

enum frame_found frames_take(struct frames *f, struct str *bytes)
{
    if (f->found != FRAME_MORE || !take_head(f, bytes))
        return f->found;
    if (f->want == 0 || f->want > f->limit)
        return f->found = FRAME_BAD;
    size_t missing = f->want - f->body.n;
    size_t n = bytes->n < missing ? bytes->n : missing;
    buf_add(&f->body, bytes->p, n);
    if (!buf_ok(&f->body))
        return f->found = FRAME_NOMEM;
    if (n > 0) {
        bytes->p += n;
        bytes->n -= n;
    }
    if (f->body.n == f->want)
        f->found = FRAME_WHOLE;
    return f->found;
}

struct str frames_view(const struct frames *f)
{
    return buf_view(&f->body);
}

void frames_next(struct frames *f)
{
    if (f->body.cap > KEPT)
        buf_free(&f->body);
    else
        buf_reset(&f->body);
    f->head_n = 0;
    f->found = FRAME_MORE;
}

bool frames_begun(const struct frames *f)
{
    return f->found == FRAME_MORE && f->head_n > 0;
}

void frame_head(uint32_t n, char out[FRAME_HEAD])
{
    for (unsigned i = 0; i < FRAME_HEAD; i++)
        out[i] = (char)(unsigned char)(n >> (8 * i));
}
