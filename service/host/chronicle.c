/* chronicle.c - see chronicle.h: one buffer that is filled while the other one is read. */
#include "service/host/chronicle.h"

#include "common/buf.h"
#include "service/control/journal.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>

/* Before each line in the buffer. */
struct head {
    int64_t time;
    size_t n;
    enum log_level level;
};

struct chronicle {
    SRWLOCK lock;
    struct buf filling, reading;
    void (*ring)(void *ctx);
    void *ctx;
};

enum st chronicle_new(void (*ring)(void *ctx), void *ctx, struct chronicle **ret, struct err *e)
{
    struct chronicle *c = calloc(1, sizeof *c);
    if (!c)
        return err_nomem(e);
    InitializeSRWLock(&c->lock);
    c->ring = ring;
    c->ctx = ctx;
    *ret = c;
    return ST_OK;
}

void chronicle_free(struct chronicle *c)
{
    if (!c)
        return;
    buf_free(&c->filling);
    buf_free(&c->reading);
    free(c);
}

void chronicle_add(struct chronicle *c, int64_t time, enum log_level level, struct str line)
{
    const struct head h = {time, line.n, level};
    AcquireSRWLockExclusive(&c->lock);
    bool first = c->filling.n == 0;
    if (c->filling.n + sizeof h + line.n <= JOURNAL_BYTES) {
        size_t before = c->filling.n;
        buf_add(&c->filling, (const char *)&h, sizeof h);
        buf_str(&c->filling, line);
        if (!buf_ok(&c->filling)) { /* a head without its line is no good */
            c->filling.n = before;
            c->filling.failed = false;
        }
    }
    if (first && c->filling.n > 0 && c->ring)
        c->ring(c->ctx); /* under the lock, so never after chronicle_mute() */
    ReleaseSRWLockExclusive(&c->lock);
}

void chronicle_mute(struct chronicle *c)
{
    AcquireSRWLockExclusive(&c->lock);
    c->ring = NULL;
    ReleaseSRWLockExclusive(&c->lock);
}

bool chronicle_fetch(struct chronicle *c, struct journal *j)
{
    AcquireSRWLockExclusive(&c->lock);
    struct buf full = c->filling;
    c->filling = c->reading;
    c->reading = full;
    ReleaseSRWLockExclusive(&c->lock);
    for (size_t at = 0; at < full.n;) {
        struct head h;
        memcpy(&h, full.p + at, sizeof h);
        at += sizeof h;
        journal_add(j, h.time, h.level, (struct str){full.p + at, h.n});
        at += h.n;
    }
    buf_reset(&c->reading);
    return full.n > 0;
}
