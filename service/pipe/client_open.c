/* client_open.c - the way to the service. */
#include "service/pipe/client_impl.h"

#include "service/pipe/name.h"
#include "service/pipe/trust.h"
#include "service/win32/oserr.h"

#include <stdlib.h>

enum { BUSY_MS = 2000, BUSY_STEP_MS = 100 };

static HANDLE open_once(const wchar_t *name)
{
    /* GENERIC_WRITE would ask for the right to make instances, which nobody is given. */
    return CreateFileW(name, GENERIC_READ | FILE_WRITE_DATA, 0, NULL, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                       NULL);
}

/* 0, or the Windows error.  All instances are taken for a moment whenever a client comes. */
static DWORD open_patiently(const wchar_t *name, HANDLE *ret)
{
    uint64_t start = GetTickCount64();
    for (;;) {
        HANDLE pipe = open_once(name);
        if (pipe != INVALID_HANDLE_VALUE) {
            *ret = pipe;
            return 0;
        }
        DWORD code = GetLastError();
        if (code != ERROR_PIPE_BUSY || GetTickCount64() - start >= BUSY_MS)
            return code;
        /* It may fail at once; that it works says only that trying again is worth it. */
        if (!WaitNamedPipeW(name, BUSY_STEP_MS) && GetLastError() != ERROR_SEM_TIMEOUT)
            Sleep(1);
    }
}

static enum st explain(DWORD code, const char *host, const char *service, struct err *e)
{
    const char *on = host ? host : "this machine";
    switch (code) {
    case ERROR_FILE_NOT_FOUND:
        err_say(e, ST_NOTFOUND, "no service named '%s' runs on %s", service, on);
        break;
    case ERROR_PIPE_BUSY:
        err_say(e, ST_BUSY, "the service '%s' on %s is too busy to answer; try again", service, on);
        break;
    case ERROR_ACCESS_DENIED:
        err_say(e, ST_DENIED,
                "the service '%s' on %s does not let this account in; use an elevated prompt, or "
                "name the account in control_access (over the network, and in ssh or WinRM "
                "sessions, only with control_remote = yes)",
                service, on);
        break;
    default:
        return err_os(e, code, "connecting to the service '%s' on %s", service, on);
    }
    if (e)
        e->os = code;
    return code == ERROR_FILE_NOT_FOUND ? ST_NOTFOUND
           : code == ERROR_PIPE_BUSY    ? ST_BUSY
                                        : ST_DENIED;
}

static enum st connect_to(struct pipe_client *c, const char *host, const char *service,
                          struct err *e)
{
    wchar_t *name = pipe_name(host, service);
    if (!name)
        return err_nomem(e);
    DWORD code = open_patiently(name, &c->pipe);
    free(name);
    return code ? explain(code, host, service, e) : pipe_trust(c->pipe, service, !host, e);
}

enum st pipe_client_open(const char *host, const char *service, struct pipe_client **ret,
                         struct err *e)
{
    struct pipe_client *c = calloc(1, sizeof *c);
    if (!c)
        return err_nomem(e);
    c->pipe = INVALID_HANDLE_VALUE;
    frames_init(&c->frames, FRAME_REPLY_MAX);
    c->read.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    c->write.hEvent = c->read.hEvent ? CreateEventW(NULL, TRUE, FALSE, NULL) : NULL;
    enum st st = c->write.hEvent ? connect_to(c, host, service, e)
                                 : err_os(e, GetLastError(), "CreateEvent");
    if (st == ST_OK)
        *ret = c;
    else
        pipe_client_close(c);
    return st;
}
