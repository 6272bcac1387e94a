/* connection.c - reads and writes of one instance, in pieces. */
#include "service/pipe/connection.h"

#include <stdlib.h>
#include <string.h>

struct connection *connection_new(HANDLE pipe)
{
    struct connection *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->in.whose = c->out.whose = c;
    c->pipe = pipe;
    frames_init(&c->frames, FRAME_REQUEST_MAX);
    return c;
}

void parcel_free(struct parcel *p)
{
    buf_free(&p->bytes);
    free(p);
}

void connection_free(struct connection *c)
{
    while (c->first) {
        struct parcel *p = c->first;
        c->first = p->next;
        parcel_free(p);
    }
    caller_free(&c->caller);
    frames_free(&c->frames);
    CloseHandle(c->pipe); /* and not DisconnectNamedPipe(): the client may still read the rest */
    free(c);
}

int connection_listen(struct connection *c)
{
    c->in.io = (OVERLAPPED){0};
    DWORD code = ConnectNamedPipe(c->pipe, &c->in.io) ? ERROR_IO_PENDING : GetLastError();
    c->in.pending = code == ERROR_IO_PENDING;
    if (c->in.pending)
        return 1;
    /* ERROR_NO_DATA: one came and went.  Reading finds that out. */
    return code == ERROR_PIPE_CONNECTED || code == ERROR_NO_DATA ? 0 : -1;
}

bool connection_read(struct connection *c)
{
    c->in.io = (OVERLAPPED){0};
    c->in.pending = ReadFile(c->pipe, c->read, READ_CHUNK, NULL, &c->in.io) ||
                    GetLastError() == ERROR_IO_PENDING;
    return c->in.pending;
}

void connection_was_read(struct connection *c, DWORD n)
{
    c->rest = (struct str){c->read, n};
}

void connection_queue(struct connection *c, struct parcel *p)
{
    p->next = NULL;
    if (c->end)
        c->end->next = p;
    else
        c->first = p;
    c->end = p;
    c->backlog += p->bytes.n;
}

bool connection_has_more(const struct connection *c)
{
    return c->first != NULL;
}

/* Copies what fits of P, head first; true when all of it has been copied. */
static bool copy_out(struct parcel *p, char *out, size_t cap, size_t *used)
{
    char head[FRAME_HEAD];
    frame_head((uint32_t)p->bytes.n, head);
    while (p->at < FRAME_HEAD && *used < cap)
        out[(*used)++] = head[p->at++];
    if (p->at < FRAME_HEAD)
        return false;
    size_t left = FRAME_HEAD + p->bytes.n - p->at;
    size_t n = left < cap - *used ? left : cap - *used;
    memcpy(out + *used, p->bytes.p + (p->at - FRAME_HEAD), n);
    *used += n;
    p->at += n;
    return n == left;
}

/* Fills `write`; the end of a reply is the end of a piece, so that one is known to be written. */
static size_t fill(struct connection *c)
{
    size_t used = 0;
    while (c->first && !c->last_out && copy_out(c->first, c->write, WRITE_CHUNK, &used)) {
        struct parcel *p = c->first;
        c->first = p->next;
        if (!c->first)
            c->end = NULL;
        c->backlog -= p->bytes.n;
        c->last_out = p->last;
        parcel_free(p);
    }
    return used;
}

bool connection_write(struct connection *c)
{
    c->last_out = false;
    DWORD n = (DWORD)fill(c);
    c->out.io = (OVERLAPPED){0};
    c->out.pending =
        WriteFile(c->pipe, c->write, n, NULL, &c->out.io) || GetLastError() == ERROR_IO_PENDING;
    return c->out.pending;
}

bool connection_deaf(const struct connection *c)
{
    return c->rest.n > 0 && !c->in.pending;
}

/* FILE_PIPE_LOCAL_INFORMATION, which not every SDK shows, is ten ULONGs; one is the state. */
enum { LOCAL_ULONGS = 10, STATE_AT = 8, FILE_PIPE_LOCAL = 24, STATE_CLOSING = 4 };

bool connection_deserted(const struct connection *c)
{
    union {
        FARPROC found;
        LONG(NTAPI *call)(HANDLE, void *, void *, ULONG, ULONG);
    } query = {NULL};
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    if (ntdll)
        query.found = GetProcAddress(ntdll, "NtQueryInformationFile");
    void *status[2];
    ULONG info[LOCAL_ULONGS] = {0};
    return query.found && query.call(c->pipe, status, info, sizeof info, FILE_PIPE_LOCAL) >= 0 &&
           info[STATE_AT] == STATE_CLOSING;
}
