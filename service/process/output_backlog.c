/* output_backlog.c - one growing text under one lock. */
#include "service/process/output_backlog.h"

void backlog_init(struct backlog *b)
{
    *b = (struct backlog){0};
    InitializeSRWLock(&b->lock);
}

void backlog_free(struct backlog *b)
{
    buf_free(&b->lines);
}

void backlog_open(struct backlog *b)
{
    AcquireSRWLockExclusive(&b->lock);
    b->open = true;
    ReleaseSRWLockExclusive(&b->lock);
}

/* Half a line would be worse than none. */
static bool append(struct buf *lines, struct str line)
{
    size_t before = lines->n;
    if (line.n >= BACKLOG_MAX || before + line.n + 1 > BACKLOG_MAX)
        return false;
    buf_str(lines, line);
    buf_char(lines, '\n');
    if (buf_ok(lines))
        return true;
    lines->n = before;
    lines->failed = false;
    return false;
}

bool backlog_add(struct backlog *b, struct str line)
{
    bool ring = false;
    AcquireSRWLockExclusive(&b->lock);
    if (b->open) {
        if (!append(&b->lines, line))
            b->dropped++;
        ring = !b->rung;
        b->rung = true;
    }
    ReleaseSRWLockExclusive(&b->lock);
    return ring;
}

void backlog_unrung(struct backlog *b)
{
    AcquireSRWLockExclusive(&b->lock);
    b->rung = false;
    ReleaseSRWLockExclusive(&b->lock);
}

bool backlog_take(struct backlog *b, struct buf *out, uint64_t *ret_dropped)
{
    if (out->cap > BACKLOG_KEPT) /* the memory of a flood is not kept */
        buf_free(out);
    AcquireSRWLockExclusive(&b->lock);
    struct buf taken = b->lines;
    b->lines = *out;
    *out = taken;
    *ret_dropped = b->dropped;
    b->dropped = 0;
    b->rung = false;
    ReleaseSRWLockExclusive(&b->lock);
    return out->n > 0 || *ret_dropped > 0;
}
