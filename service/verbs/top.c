/* top.c - the live view's loop: the console on one side, the service on the other. */
#include "service/verbs/top.h"

#include "service/term/screen.h"

#include <stdio.h>

/* Between two looks at the clock and at the window's size. */
enum { TICK_MS = 250 };

static void tell_time(struct top *t)
{
    SYSTEMTIME now;
    char clock[16];
    GetLocalTime(&now);
    snprintf(clock, sizeof clock, "%02u:%02u:%02u", now.wHour % 24u, now.wMinute % 60u,
             now.wSecond % 60u);
    top_tick(t, GetTickCount64(), clock);
}

static void take_news(struct top *t, const struct top_link *link)
{
    struct buf text = {0};
    yyjson_doc *frame = NULL;
    for (enum link_news news; (news = link->take(link->ctx, &frame, &text)) != LINK_NOTHING;) {
        if (news == LINK_FRAME) {
            top_frame(t, yyjson_doc_get_root(frame));
            yyjson_doc_free(frame);
            frame = NULL;
        } else if (news == LINK_LOST) {
            top_lost(t, buf_view(&text));
        } else {
            top_said(t, buf_view(&text));
        }
        buf_reset(&text);
    }
    buf_free(&text);
}

/* False when it is time to quit. */
static bool take_keys(struct top *t, struct screen *s, const struct top_link *link)
{
    struct key key;
    while (screen_key(s, &key)) {
        struct top_act act = top_key(t, key);
        if (act.what == TOP_QUIT)
            return false;
        if (act.what != TOP_NOTHING)
            link->order(link->ctx, act.what, act.name);
    }
    return true;
}

/* False when it is time to quit; the console's end comes before all else. */
static bool wait_and_take(struct top *t, struct screen *s, const struct top_link *link)
{
    const HANDLE handles[] = {screen_ended(s), screen_input(s), link->ready};
    DWORD n = sizeof handles / sizeof *handles;
    DWORD woken = WaitForMultipleObjects(n, handles, FALSE, TICK_MS);
    if (woken == WAIT_OBJECT_0 || woken == WAIT_FAILED)
        return false;
    tell_time(t);
    take_news(t, link);
    return take_keys(t, s, link);
}

enum st top_run(const struct top_link *link, bool utf8, struct err *e)
{
    struct screen *s = NULL;
    struct top *t = top_new(utf8);
    unsigned width, height;
    if (!t)
        return err_nomem(e);
    enum st st = screen_open(&s, e);
    if (st == ST_OK) {
        tell_time(t);
        do {
            screen_size(s, &width, &height);
            top_resize(t, width, height);
            screen_draw(s, top_draw(t));
        } while (wait_and_take(t, s, link));
    }
    screen_close(s);
    top_free(t);
    return st;
}
