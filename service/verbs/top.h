/* top.h - the live view on a console, over any connection to the service.  Main thread. */
#ifndef JW_VERBS_TOP_H
#define JW_VERBS_TOP_H

#include "common/buf.h"
#include "service/view/top.h"

#include <windows.h>

enum link_news {
    LINK_NOTHING,
    LINK_FRAME, /* *frame is a reply of `status`; whoever takes it frees it */
    LINK_LOST,  /* the connection is; text says why.  It is tried again without being asked */
    LINK_SAID   /* text is what became of an order */
};

/* The connection: whoever runs the view brings it. */
struct top_link {
    void *ctx;
    HANDLE ready; /* signalled while take() may have something */
    /* The next piece of news; never waits.  Called until it says LINK_NOTHING, after which READY is
     * no longer signalled.  TEXT is empty when it is called. */
    enum link_news (*take)(void *ctx, yyjson_doc **frame, struct buf *text);
    /* Sends an order about one instance; never waits.  Its result comes as LINK_SAID. */
    void (*order)(void *ctx, enum top_do what, const char *name);
};

/* Runs until the person at the keys quits, or the console ends; then the console is as it was
 * before.  UTF8: draw with block characters. */
enum st top_run(const struct top_link *link, bool utf8, struct err *e);

#endif
