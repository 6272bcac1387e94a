/* client.c - requests and replies. */
#include "service/pipe/client_impl.h"

#include "service/win32/oserr.h"

#include <stdlib.h>

enum { SEND_MS = 10000 };

void pipe_client_close(struct pipe_client *c)
{
    if (!c)
        return;
    if (c->reading) {
        DWORD n;
        CancelIoEx(c->pipe, &c->read);
        GetOverlappedResult(c->pipe, &c->read, &n, TRUE);
    }
    if (c->pipe != INVALID_HANDLE_VALUE)
        CloseHandle(c->pipe);
    if (c->read.hEvent)
        CloseHandle(c->read.hEvent);
    if (c->write.hEvent)
        CloseHandle(c->write.hEvent);
    frames_free(&c->frames);
    free(c);
}

static bool means_closed(DWORD code)
{
    return code == ERROR_BROKEN_PIPE || code == ERROR_NO_DATA || code == ERROR_PIPE_NOT_CONNECTED;
}

/* 0, or the Windows error. */
static DWORD write_all(struct pipe_client *c, const char *p, size_t n)
{
    DWORD done = 0;
    HANDLE event = c->write.hEvent;
    c->write = (OVERLAPPED){.hEvent = event};
    if (!WriteFile(c->pipe, p, (DWORD)n, NULL, &c->write) && GetLastError() != ERROR_IO_PENDING)
        return GetLastError();
    if (WaitForSingleObject(event, SEND_MS) != WAIT_OBJECT_0)
        CancelIoEx(c->pipe, &c->write);
    return GetOverlappedResult(c->pipe, &c->write, &done, TRUE) ? 0 : GetLastError();
}

enum st pipe_client_send(struct pipe_client *c, struct str json, struct err *e)
{
    if (json.n == 0 || json.n > FRAME_REQUEST_MAX)
        return err_say(e, ST_RANGE, "a request has 1 byte to 1 MiB, this one has %zu bytes",
                       json.n);
    struct buf b = {0};
    char head[FRAME_HEAD];
    frame_head((uint32_t)json.n, head);
    buf_add(&b, head, sizeof head);
    buf_str(&b, json);
    DWORD code = buf_ok(&b) ? write_all(c, b.p, b.n) : ERROR_OUTOFMEMORY;
    buf_free(&b);
    if (code == 0 || means_closed(code))
        return ST_OK;
    if (code == ERROR_OPERATION_ABORTED)
        return err_say(e, ST_BUSY, "the service has not taken the request within %d s",
                       SEND_MS / 1000);
    return err_os(e, code, "sending a request to the service");
}

/* The next frame out of what is here; FRAME_MORE: there is none. */
static enum frame_found next_frame(struct pipe_client *c, struct buf *frame)
{
    enum frame_found found = frames_take(&c->frames, &c->rest);
    if (found != FRAME_WHOLE)
        return found;
    buf_free(frame);
    *frame = c->frames.body;
    c->frames.body = (struct buf){0};
    frames_next(&c->frames);
    return FRAME_WHOLE;
}

static enum pipe_got closed(const struct pipe_client *c, DWORD code, struct err *e)
{
    if (!means_closed(code)) {
        err_os(e, code, "reading the service's reply");
        return PIPE_GOT_FAILED;
    }
    err_say(e, ST_NOTFOUND, "the service has closed the connection%s",
            frames_begun(&c->frames) ? " in the middle of a reply" : "");
    return PIPE_GOT_CLOSED;
}

/* 0, or the Windows error; ERROR_IO_PENDING: not yet. */
static DWORD read_more(struct pipe_client *c)
{
    DWORD n = 0;
    if (!c->reading) {
        HANDLE event = c->read.hEvent;
        c->read = (OVERLAPPED){.hEvent = event};
        if (!ReadFile(c->pipe, c->bytes, sizeof c->bytes, NULL, &c->read) &&
            GetLastError() != ERROR_IO_PENDING)
            return GetLastError();
        c->reading = true;
    }
    if (!GetOverlappedResult(c->pipe, &c->read, &n, FALSE)) {
        DWORD code = GetLastError();
        c->reading = code == ERROR_IO_INCOMPLETE;
        return c->reading ? ERROR_IO_PENDING : code;
    }
    c->reading = false;
    c->rest = (struct str){c->bytes, n};
    return 0;
}

static DWORD patience(uint64_t start, uint64_t wait_ms)
{
    if (wait_ms == UINT64_MAX)
        return INFINITE;
    uint64_t gone = GetTickCount64() - start;
    uint64_t left = wait_ms > gone ? wait_ms - gone : 0;
    return left < INFINITE - 1 ? (DWORD)left : INFINITE - 1;
}

enum pipe_got pipe_client_receive(struct pipe_client *c, struct buf *frame, uint64_t wait_ms,
                                  HANDLE other, struct err *e)
{
    const HANDLE handles[] = {c->read.hEvent, other};
    uint64_t start = GetTickCount64();
    for (;;) {
        enum frame_found found = next_frame(c, frame);
        if (found == FRAME_WHOLE)
            return PIPE_GOT_FRAME;
        if (found != FRAME_MORE) {
            if (found == FRAME_NOMEM)
                err_nomem(e);
            else
                err_say(e, ST_SYNTAX, "what came from the service is no reply of this protocol");
            return PIPE_GOT_FAILED;
        }
        DWORD code = read_more(c);
        if (code == 0)
            continue;
        if (code != ERROR_IO_PENDING)
            return closed(c, code, e);
        DWORD w = WaitForMultipleObjects(other ? 2 : 1, handles, FALSE, patience(start, wait_ms));
        if (w == WAIT_TIMEOUT)
            return PIPE_GOT_NOTHING;
        if (w == WAIT_OBJECT_0 + 1)
            return PIPE_GOT_OTHER;
        if (w != WAIT_OBJECT_0) {
            err_os(e, GetLastError(), "waiting for the service's reply");
            return PIPE_GOT_FAILED;
        }
    }
}
