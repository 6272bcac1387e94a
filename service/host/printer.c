/* printer.c - the thread that may be blocked by the console. */
#include "service/host/printer.h"

#include "service/host/logger.h"
#include "service/process/output_backlog.h"

#include <process.h>
#include <stdlib.h>

struct printer {
    struct backlog backlog;
    HANDLE thread, ring;
    volatile LONG stopping;
};

static void print_waiting(struct printer *p)
{
    struct buf lines = {0};
    uint64_t dropped = 0;
    while (backlog_take(&p->backlog, &lines, &dropped)) {
        if (dropped > 0)
            buf_f(&lines, "(%llu lines were not printed: the console did not take them)\n",
                  (unsigned long long)dropped);
        print_out(buf_view(&lines));
        buf_reset(&lines);
    }
    buf_free(&lines);
}

static unsigned __stdcall printer_thread(void *arg)
{
    struct printer *p = arg;
    while (!InterlockedCompareExchange(&p->stopping, 0, 0)) {
        WaitForSingleObject(p->ring, INFINITE);
        print_waiting(p);
    }
    print_waiting(p);
    return 0;
}

static void printer_free(struct printer *p)
{
    if (p->thread)
        CloseHandle(p->thread);
    if (p->ring)
        CloseHandle(p->ring);
    backlog_free(&p->backlog);
    free(p);
}

enum st printer_start(struct printer **ret, struct err *e)
{
    struct printer *p = calloc(1, sizeof *p);
    if (!p)
        return err_nomem(e);
    backlog_init(&p->backlog);
    backlog_open(&p->backlog);
    p->ring = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (p->ring)
        p->thread = (HANDLE)_beginthreadex(NULL, 0, printer_thread, p, 0, NULL);
    if (!p->thread) {
        printer_free(p);
        return err_say(e, ST_OS, "the console's thread could not be started");
    }
    *ret = p;
    return ST_OK;
}

void printer_line(struct printer *p, struct str line)
{
    if (backlog_add(&p->backlog, line) && !SetEvent(p->ring))
        backlog_unrung(&p->backlog);
}

void printer_stop(struct printer *p, unsigned wait_ms)
{
    if (!p)
        return;
    InterlockedExchange(&p->stopping, 1);
    SetEvent(p->ring);
    if (WaitForSingleObject(p->thread, wait_ms) == WAIT_OBJECT_0)
        printer_free(p); /* else it still writes: the end of the program frees it */
}
