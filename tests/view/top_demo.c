/* top_demo.c - the live view of a made-up fleet, to be looked at, and for the tests in a terminal.
 *
 * usage: top_demo [INSTANCES]
 * Orders do something that can be seen: S loses the connection for a while, A makes the window
 * smaller from inside, the others are only answered. */
#include "service/verbs/top.h"

#include "fleet.h"

#include <stdio.h>
#include <stdlib.h>

enum { FRAME_MS = 200, LOST_FRAMES = 20, SMALL_WIDTH = 60, SMALL_HEIGHT = 15 };

struct demo {
    HANDLE timer;
    unsigned frame, instances, lost;
    char said[256];
};

static void make_small(void)
{
    HANDLE out = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE,
                             FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    SMALL_RECT window = {0, 0, SMALL_WIDTH - 1, SMALL_HEIGHT - 1};
    SetConsoleWindowInfo(out, TRUE, &window);
    CloseHandle(out);
}

static void order(void *ctx, enum top_do what, const char *name)
{
    struct demo *d = ctx;
    snprintf(d->said, sizeof d->said, "%s: %s ordered", name, top_do_names[what]);
    if (what == TOP_STOP)
        d->lost = LOST_FRAMES;
    if (what == TOP_START)
        make_small();
}

/* Signalled until it is set again. */
static bool wait_for_next(struct demo *d, LONGLONG ms)
{
    LARGE_INTEGER due = {.QuadPart = -ms * 10000};
    return SetWaitableTimer(d->timer, &due, 0, NULL, NULL, FALSE) != 0;
}

static enum link_news take(void *ctx, yyjson_doc **frame, struct buf *text)
{
    struct demo *d = ctx;
    struct buf json = {0};
    if (d->said[0]) {
        buf_z(text, d->said);
        d->said[0] = '\0';
        return LINK_SAID;
    }
    if (WaitForSingleObject(d->timer, 0) != WAIT_OBJECT_0 || !wait_for_next(d, FRAME_MS))
        return LINK_NOTHING;
    if (d->lost > 0) {
        d->lost--;
        buf_z(text, "the pipe is closed");
        return LINK_LOST;
    }
    fleet_frame(d->frame++, d->instances, &json);
    *frame = yyjson_read(buf_text(&json), json.n, 0);
    buf_free(&json);
    return *frame ? LINK_FRAME : LINK_NOTHING;
}

int main(int argc, char **argv)
{
    struct demo d = {.instances = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 30};
    struct top_link link = {&d, NULL, take, order};
    struct err e = {0};
    printf("marker one\nmarker two, which must be here afterwards\n");
    fflush(stdout);
    link.ready = d.timer = CreateWaitableTimerW(NULL, TRUE, NULL);
    if (!d.timer || !wait_for_next(&d, 0))
        return 1;
    if (top_run(&link, true, &e) != ST_OK) {
        fprintf(stderr, "%s\n", e.text);
        return 1;
    }
    printf("it ended\n");
    return 0;
}
