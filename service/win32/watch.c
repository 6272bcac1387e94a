/* watch.c - see watch.h. */
#include "service/win32/watch.h"

#include "service/win32/oserr.h"
#include "service/win32/wine.h"

#include <stdlib.h>

struct watch {
    struct watch *next;
    HANDLE wait;
    void (*f)(void *); /* NULL: nobody watches any more */
    void *ctx;
};

/* On Windows no callback comes once UnregisterWaitEx() has returned.  Under Wine 8 one may, when
 * the handle is signalled at that moment: so a watch is used again but never freed, and the lock
 * keeps whoever it was for from going while it is told. */
static struct {
    SRWLOCK lock;
    struct watch *unused;
} watches = {.lock = SRWLOCK_INIT};

static void CALLBACK on_signal(void *ctx, BOOLEAN timed_out)
{
    const struct watch *w = ctx;
    (void)timed_out;
    AcquireSRWLockShared(&watches.lock);
    if (w->f)
        w->f(w->ctx);
    ReleaseSRWLockShared(&watches.lock);
}

static struct watch *take(void (*f)(void *), void *ctx)
{
    AcquireSRWLockExclusive(&watches.lock);
    struct watch *w = watches.unused;
    if (w)
        watches.unused = w->next;
    else
        w = malloc(sizeof *w);
    if (w)
        *w = (struct watch){.f = f, .ctx = ctx};
    ReleaseSRWLockExclusive(&watches.lock);
    return w;
}

static void give_back(struct watch *w)
{
    AcquireSRWLockExclusive(&watches.lock);
    *w = (struct watch){.next = watches.unused};
    watches.unused = w;
    ReleaseSRWLockExclusive(&watches.lock);
}

/* A callback is so short that the waiting thread can make the call itself.  Wine 8 crashes when
 * such a wait is unregistered while its thread is about to make it. */
static ULONG flags_of(enum watch_how how)
{
    return (how == WATCH_ONCE ? WT_EXECUTEONLYONCE : 0) |
           (on_wine() ? WT_EXECUTEDEFAULT : WT_EXECUTEINWAITTHREAD);
}

enum st watch_begin(HANDLE h, enum watch_how how, void (*f)(void *ctx), void *ctx,
                    struct watch **ret, struct err *e)
{
    HANDLE wait = NULL;
    struct watch *w = take(f, ctx);
    if (!w)
        return err_nomem(e);
    if (!RegisterWaitForSingleObject(&wait, h, on_signal, w, INFINITE, flags_of(how))) {
        DWORD code = GetLastError();
        give_back(w);
        return err_os(e, code, "RegisterWaitForSingleObject");
    }
    w->wait = wait;
    *ret = w;
    return ST_OK;
}

void watch_end(struct watch *w)
{
    if (!w)
        return;
    UnregisterWaitEx(w->wait, INVALID_HANDLE_VALUE);
    give_back(w);
}
