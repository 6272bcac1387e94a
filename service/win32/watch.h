/* watch.h - a call when a handle is signalled, by the system's wait pool.  Any thread. */
#ifndef JW_WIN32_WATCH_H
#define JW_WIN32_WATCH_H

#include "common/status.h"

#include <windows.h>

struct watch;

enum watch_how {
    WATCH_ONCE,  /* the first time; what does not become unsignalled, such as a process */
    WATCH_ALWAYS /* each time; the wait must reset H */
};

/* F(CTX) is called on a thread of the pool when H, which must stay open, is signalled.  It must be
 * short, and may touch only what CTX leads to. */
enum st watch_begin(HANDLE h, enum watch_how how, void (*f)(void *ctx), void *ctx,
                    struct watch **ret, struct err *e);
/* F is not called any more once this returns; a call that goes on is waited for, so it must not
 * come from F.  NULL is allowed. */
void watch_end(struct watch *w);

#endif
