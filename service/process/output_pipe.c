/* output_pipe.c - reading what workers write, in lines where lines matter. */
#include "service/process/output_pipe.h"

#include "service/win32/oserr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PIPE_QUOTA = 64 << 10, /* so much a worker writes without waiting for us */
    NAME_UNITS = 96,
    NAME_TRIES = 8
};

static void name_of(uint64_t id, int attempt, wchar_t *out)
{
    LARGE_INTEGER t;
    QueryPerformanceCounter(&t);
    /* Taken names are refused and the pipe lets no stranger in, so this need not be a secret. */
    swprintf(out, NAME_UNITS, L"\\\\.\\pipe\\jobwarden.output.%lu.%llx.%llx%d",
             (unsigned long)GetCurrentProcessId(), (unsigned long long)id,
             (unsigned long long)t.QuadPart, attempt);
}

static HANDLE our_end(const wchar_t *name, PSECURITY_DESCRIPTOR owner)
{
    SECURITY_ATTRIBUTES sa = {.nLength = sizeof sa, .lpSecurityDescriptor = owner};
    return CreateNamedPipeW(
        name, PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
        PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, 0,
        PIPE_QUOTA, 0, &sa);
}

/* Runtimes look at the pipe's state before they write to it, so attributes must be readable. */
static HANDLE child_end(const wchar_t *name)
{
    SECURITY_ATTRIBUTES sa = {.nLength = sizeof sa, .bInheritHandle = TRUE};
    return CreateFileW(name, GENERIC_WRITE | FILE_READ_ATTRIBUTES, 0, &sa, OPEN_EXISTING,
                       SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
}

/* A stranger may sit on a name, or be the first to connect: another name then. */
static DWORD both_ends(uint64_t id, PSECURITY_DESCRIPTOR owner, HANDLE *ret_ours, HANDLE *ret_child)
{
    DWORD code = 0;
    for (int attempt = 0; attempt < NAME_TRIES; attempt++) {
        wchar_t name[NAME_UNITS];
        name_of(id, attempt, name);
        HANDLE ours = our_end(name, owner);
        if (ours == INVALID_HANDLE_VALUE) {
            code = GetLastError();
            continue;
        }
        HANDLE child = child_end(name);
        if (child != INVALID_HANDLE_VALUE) {
            *ret_ours = ours;
            *ret_child = child;
            return 0;
        }
        code = GetLastError();
        CloseHandle(ours);
    }
    return code;
}

enum st pipe_new(uint64_t id, PSECURITY_DESCRIPTOR owner, struct pipe **ret, HANDLE *ret_child,
                 struct err *e)
{
    struct pipe *p = calloc(1, sizeof *p);
    if (!p)
        return err_nomem(e);
    DWORD code = both_ends(id, owner, &p->end, ret_child);
    if (code) {
        free(p);
        return err_os(e, code, "making a pipe for a worker's output");
    }
    p->id = id;
    *ret = p;
    return ST_OK;
}

void pipe_free(struct pipe *p)
{
    if (!p)
        return;
    CloseHandle(p->end);
    buf_free(&p->held);
    free(p);
}

bool pipe_ask(struct pipe *p)
{
    p->io = (OVERLAPPED){0};
    return ReadFile(p->end, p->first, PIPE_FIRST, NULL, &p->io) ||
           GetLastError() == ERROR_IO_PENDING;
}

/* What waits already, at most CAP; never waits itself. */
static size_t read_waiting(struct pipe *p, const struct reader *r, char *out, size_t cap)
{
    DWORD waiting = 0, n = 0;
    if (!PeekNamedPipe(p->end, NULL, 0, NULL, &waiting, NULL) || waiting == 0)
        return 0;
    /* The low bit keeps this read away from the completion port. */
    OVERLAPPED io = {.hEvent = (HANDLE)((ULONG_PTR)r->event | 1)};
    DWORD want = waiting < cap ? waiting : (DWORD)cap;
    if (!ReadFile(p->end, out, want, NULL, &io) && GetLastError() != ERROR_IO_PENDING)
        return 0;
    return GetOverlappedResult(p->end, &io, &n, TRUE) ? n : 0;
}

static void flush_held(struct pipe *p, struct scribe *s)
{
    target_write(p->target, s, p->id, buf_view(&p->held));
    buf_free(&p->held);
}

/* Keeps BYTES, which hold no line end, until their line is whole. */
static void hold(struct pipe *p, struct scribe *s, struct str bytes)
{
    if (bytes.n == 0)
        return;
    if (p->held.n + bytes.n <= PIPE_HELD_MAX)
        buf_str(&p->held, bytes);
    else
        p->held.failed = true;
    if (buf_ok(&p->held))
        return;
    flush_held(p, s); /* too long, or no memory: it goes out in pieces */
    target_write(p->target, s, p->id, bytes);
}

/* A file of one pipe is written as the bytes come, so that an unfinished line can be seen at once.
 * In a file of several, a line waits until it is whole. */
static void give(struct pipe *p, struct scribe *s, struct str bytes)
{
    bool shared = p->target->writers > 1;
    size_t whole = shared ? lines_whole(bytes) : bytes.n;
    if (whole > 0) {
        flush_held(p, s);
        target_write(p->target, s, p->id, (struct str){bytes.p, whole});
    }
    hold(p, s, (struct str){bytes.p + whole, bytes.n - whole});
}

void pipe_take(struct pipe *p, const struct reader *r, struct scribe *s, size_t n)
{
    if (n < PIPE_FIRST) {
        give(p, s, (struct str){p->first, n});
        return;
    }
    memcpy(r->inbox, p->first, n);
    n += read_waiting(p, r, r->inbox + n, PIPE_INBOX - n);
    give(p, s, (struct str){r->inbox, n});
}

void pipe_drain(struct pipe *p, const struct reader *r, struct scribe *s)
{
    for (size_t all = 0, n; all < PIPE_DRAIN_MAX; all += n) {
        n = read_waiting(p, r, r->inbox, PIPE_INBOX);
        if (n == 0)
            break;
        give(p, s, (struct str){r->inbox, n});
    }
    flush_held(p, s);
}
