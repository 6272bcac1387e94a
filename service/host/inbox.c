/* inbox.c - see inbox.h. */
#include "service/host/inbox.h"

#include <stdlib.h>
#include <windows.h>

struct inbox {
    SRWLOCK lock;
    struct mail *first, **tail;
    bool lost;
    void (*ring)(void *ctx);
    void *ctx;
};

enum st inbox_new(void (*ring)(void *ctx), void *ctx, struct inbox **ret, struct err *e)
{
    struct inbox *b = calloc(1, sizeof *b);
    if (!b)
        return err_nomem(e);
    InitializeSRWLock(&b->lock);
    b->tail = &b->first;
    b->ring = ring;
    b->ctx = ctx;
    *ret = b;
    return ST_OK;
}

void inbox_free(struct inbox *b)
{
    if (!b)
        return;
    for (struct mail *m = b->first, *next; m; m = next) {
        next = m->next;
        mail_free(m);
    }
    free(b);
}

struct mail *mail_new(enum mail_kind kind, uint64_t client)
{
    struct mail *m = calloc(1, sizeof *m);
    if (m)
        *m = (struct mail){.kind = kind, .client = client};
    return m;
}

void mail_free(struct mail *m)
{
    if (!m)
        return;
    free(m->who);
    buf_free(&m->bytes);
    free(m);
}

void inbox_put(struct inbox *b, struct mail *m)
{
    AcquireSRWLockExclusive(&b->lock);
    bool first = !b->first;
    *b->tail = m;
    b->tail = &m->next;
    if (first)
        b->ring(b->ctx);
    ReleaseSRWLockExclusive(&b->lock);
}

void inbox_lose(struct inbox *b)
{
    AcquireSRWLockExclusive(&b->lock);
    b->lost = true;
    b->ring(b->ctx);
    ReleaseSRWLockExclusive(&b->lock);
}

bool inbox_take(struct inbox *b, struct mail **all)
{
    AcquireSRWLockExclusive(&b->lock);
    struct mail *first = b->first;
    bool lost = b->lost;
    b->lost = false;
    b->first = NULL;
    b->tail = &b->first;
    ReleaseSRWLockExclusive(&b->lock);
    while (*all)
        all = &(*all)->next;
    *all = first;
    return lost;
}
