/* output.c - starting and stopping the output thread, and what is handed to it.  Its own state is
 * in output_thread.c. */
#include "service/process/output_private.h"
#include "service/process/output_thread.h"

#include "service/win32/oserr.h"

#include <process.h>
#include <stdlib.h>

enum {
    STUCK_MS = 5000, /* past the grace: a disk call that hangs is broken off */
    STUCK_AGAIN_MS = 200
};

static uint64_t system_utc(void *ctx)
{
    (void)ctx;
    FILETIME f;
    GetSystemTimeAsFileTime(&f);
    return (uint64_t)f.dwHighDateTime << 32 | f.dwLowDateTime;
}

/* After the thread, or without one. */
static void output_free(struct output *o)
{
    if (o->thread)
        CloseHandle(o->thread);
    if (o->port)
        CloseHandle(o->port);
    if (o->reader.event)
        CloseHandle(o->reader.event);
    free(o->reader.inbox);
    free(o->scribe.box);
    buf_free(&o->lines);
    backlog_free(&o->backlog);
    security_free(&o->owner);
    free(o);
}

static enum st equip(struct output *o, struct err *e)
{
    o->scribe.box = malloc(OUTBOX_BYTES);
    o->reader.inbox = malloc(PIPE_INBOX);
    if (!o->scribe.box || !o->reader.inbox)
        return err_nomem(e);
    enum st st = security_for_owner(&o->owner, e);
    if (st != ST_OK)
        return st;
    o->reader.event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!o->reader.event)
        return err_os(e, GetLastError(), "CreateEvent");
    o->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    if (!o->port)
        return err_os(e, GetLastError(), "CreateIoCompletionPort");
    o->thread = (HANDLE)_beginthreadex(NULL, 0, output_thread, o, 0, NULL);
    return o->thread ? ST_OK : err_os(e, GetLastError(), "starting the output thread");
}

enum st output_start_by(const struct log *log, uint64_t (*utc)(void *ctx), void *ctx,
                        struct output **ret, struct err *e)
{
    struct output *o = calloc(1, sizeof *o);
    if (!o)
        return err_nomem(e);
    backlog_init(&o->backlog);
    o->scribe = (struct scribe){.log = log, .utc = utc, .ctx = ctx};
    enum st st = equip(o, e);
    if (st == ST_OK)
        *ret = o;
    else
        output_free(o);
    return st;
}

enum st output_start(const struct log *log, struct output **ret, struct err *e)
{
    return output_start_by(log, system_utc, NULL, ret, e);
}

/* WHAT belongs to the thread once this has worked. */
static enum st hand_over(struct output *o, ULONG_PTR key, void *what, struct err *e)
{
    if (PostQueuedCompletionStatus(o->port, 0, key, what))
        return ST_OK;
    return err_os(e, GetLastError(), "telling the output thread");
}

enum st output_pipe(struct output *o, const struct output_file *file, HANDLE *ret, struct err *e)
{
    struct target *target = NULL;
    struct pipe *p = NULL;
    HANDLE child = NULL;
    enum st st = target_new(file, &target, e);
    if (st == ST_OK)
        st = pipe_new(++o->pipes_made, o->owner.lpSecurityDescriptor, &p, &child, e);
    if (st == ST_OK && !CreateIoCompletionPort(p->end, o->port, PACKET_READ, 0))
        st = err_os(e, GetLastError(), "CreateIoCompletionPort");
    if (st == ST_OK) {
        p->target = target;
        st = hand_over(o, PACKET_PIPE, p, e);
    }
    if (st == ST_OK) {
        *ret = child;
        return ST_OK;
    }
    if (child)
        CloseHandle(child);
    pipe_free(p);
    target_free(target);
    return st;
}

enum st output_open_log(struct output *o, const struct output_file *file, bool *ret_lost,
                        struct err *e)
{
    struct target *target = NULL;
    enum st st = target_new(file, &target, e);
    struct err why = {0};
    bool lost = st == ST_OK && target_open(target, &o->scribe, &why) != ST_OK;
    if (lost)
        target_lose(target, &o->scribe, &why);
    if (st == ST_OK)
        st = hand_over(o, PACKET_LOG, target, e);
    if (st != ST_OK) {
        target_free(target);
        return err_in(e, "log file '%s'", file->path);
    }
    backlog_open(&o->backlog);
    *ret_lost = lost;
    if (lost && e) {
        *e = why;
        err_in(e, "log file '%s'", file->path);
    }
    return ST_OK;
}

enum st output_adjust_log(struct output *o, const struct output_file *file, struct err *e)
{
    struct target *target = NULL;
    enum st st = target_new(file, &target, e);
    if (st == ST_OK)
        st = hand_over(o, PACKET_LOG, target, e); /* the younger's settings hold */
    if (st == ST_OK)
        return st;
    target_free(target);
    return err_in(e, "log file '%s'", file->path);
}

void output_log_line(struct output *o, struct str line)
{
    if (backlog_add(&o->backlog, line) &&
        !PostQueuedCompletionStatus(o->port, 0, PACKET_LINES, NULL))
        backlog_unrung(&o->backlog);
}

void output_stop(struct output *o, uint32_t grace_ms)
{
    if (!o)
        return;
    o->grace_ms = grace_ms;
    while (!PostQueuedCompletionStatus(o->port, 0, PACKET_STOP, NULL))
        Sleep(STUCK_AGAIN_MS); /* no memory for one packet; the thread must not be left behind */
    DWORD patience = grace_ms < INFINITE - 1 - STUCK_MS ? grace_ms + STUCK_MS : INFINITE - 1;
    while (WaitForSingleObject(o->thread, patience) == WAIT_TIMEOUT) {
        CancelSynchronousIo(o->thread);
        patience = STUCK_AGAIN_MS;
    }
    output_free(o);
}
