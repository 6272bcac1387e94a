/* server_accept.c - one instance always listens; a client that comes finds a slot or hears that
 * there is none. */
#include "service/pipe/server_impl.h"

#include "service/win32/oserr.h"
#include "service/win32/wine.h"

enum {
    LISTEN_AGAIN_MS = 250,
    EXISTS_MS = 1,
    REFUSED_MAX = 16 /* who are told so at a time; others are closed without a word */
};

/* Windows refuses a second FILE_FLAG_FIRST_PIPE_INSTANCE with ERROR_ACCESS_DENIED.  Wine 8 does not,
 * so there the name is looked for. */
static bool taken_under_wine(const wchar_t *name)
{
    return on_wine() && (WaitNamedPipeW(name, EXISTS_MS) || GetLastError() != ERROR_FILE_NOT_FOUND);
}

static HANDLE create(struct pipe_server *s, bool first)
{
    if (first && taken_under_wine(s->name)) {
        SetLastError(ERROR_ACCESS_DENIED);
        return INVALID_HANDLE_VALUE;
    }
    SECURITY_ATTRIBUTES sa = {.nLength = sizeof sa};
    AcquireSRWLockShared(&s->lock);
    sa.lpSecurityDescriptor = access_of_pipe(s->access);
    /* WRITE_DAC, so that the rights can be changed while it is there. */
    HANDLE pipe = CreateNamedPipeW(s->name,
                            PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | WRITE_DAC |
                                (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
                            PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT |
                                (s->setup.remote ? 0 : PIPE_REJECT_REMOTE_CLIENTS),
                            PIPE_UNLIMITED_INSTANCES, PIPE_QUOTA, READ_CHUNK, 0, &sa);
    DWORD code = GetLastError();
    ReleaseSRWLockShared(&s->lock);
    SetLastError(code);
    return pipe;
}

static enum st refusal(struct pipe_server *s, bool first, DWORD code, struct err *e)
{
    if (!first || code != ERROR_ACCESS_DENIED)
        return err_os(e, code, "making the control pipe of '%s'", s->setup.service);
    err_say(e, ST_EXISTS,
            "a service named '%s' already runs on this machine, or another program holds its "
            "control pipe \\\\.\\pipe\\%s.control; stop it, or give this one another name",
            s->setup.service, s->setup.service);
    if (e)
        e->os = code;
    return ST_EXISTS;
}

enum st server_instance(struct pipe_server *s, bool first, struct err *e)
{
    HANDLE pipe = create(s, first);
    if (pipe == INVALID_HANDLE_VALUE)
        return refusal(s, first, GetLastError(), e);
    struct connection *c = connection_new(pipe);
    if (!c) {
        CloseHandle(pipe);
        return err_nomem(e);
    }
    if (!CreateIoCompletionPort(pipe, s->port, PACKET_IO, 0)) {
        DWORD code = GetLastError();
        connection_free(c);
        return err_os(e, code, "CreateIoCompletionPort");
    }
    s->instances++;
    s->listener = c;
    AcquireSRWLockExclusive(&s->lock);
    s->listens = pipe;
    /* A further instance takes the descriptor that is there, whatever it was made with. */
    if (s->new_access &&
        SetKernelObjectSecurity(pipe, DACL_SECURITY_INFORMATION, access_of_pipe(s->access)))
        s->new_access = false;
    ReleaseSRWLockExclusive(&s->lock);
    return ST_OK;
}

static void unlisten(struct pipe_server *s)
{
    AcquireSRWLockExclusive(&s->lock);
    s->listens = NULL;
    ReleaseSRWLockExclusive(&s->lock);
    s->listener = NULL;
}

static uint32_t count(const struct connection *c)
{
    uint32_t n = 0;
    for (; c; c = c->next)
        n++;
    return n;
}

/* Who has been silent for longest, and long enough; NULL: all are at work. */
static struct connection *idlest(struct pipe_server *s, uint64_t now)
{
    struct connection *best = NULL;
    for (uint32_t i = 0; i < PIPE_CLIENTS; i++) {
        struct connection *c = s->slot[i].c;
        if (!c->replying && now - c->heard >= s->setup.times.evict_ms &&
            (!best || c->heard < best->heard))
            best = c;
    }
    return best;
}

static struct slot *free_slot(struct pipe_server *s)
{
    for (uint32_t i = 0; i < PIPE_CLIENTS; i++)
        if (!s->slot[i].c)
            return &s->slot[i];
    return NULL;
}

static void seat(struct pipe_server *s, struct slot *slot, struct connection *c)
{
    uint32_t i = (uint32_t)(slot - s->slot);
    slot->c = c;
    slot->generation++;
    c->id = (uint64_t)slot->generation << 32 | i;
    AcquireSRWLockExclusive(&s->lock);
    s->mail.order[i] = (struct order){.client = c->id};
    ReleaseSRWLockExclusive(&s->lock);
}

static void refuse(struct pipe_server *s, struct connection *c)
{
    bool many = count(s->refused) >= REFUSED_MAX;
    c->next = s->refused;
    s->refused = c;
    if (many) {
        server_close(s, c);
        return;
    }
    server_say(c, "busy", "the service already serves as many clients as it can; try again");
    c->hang_up = true;
}

/* A client has come to C, which is no listener any more. */
static void welcome(struct pipe_server *s, struct connection *c, uint64_t now)
{
    c->phase = PHASE_OPEN;
    c->heard = now;
    c->due = now + s->setup.times.request_ms;
    struct slot *slot = free_slot(s);
    struct connection *idle = slot ? NULL : idlest(s, now);
    if (idle) {
        server_close(s, idle);
        slot = free_slot(s);
    }
    if (slot)
        seat(s, slot, c);
    else
        refuse(s, c);
    if (c->phase == PHASE_OPEN)
        server_pump(s, c, now);
}

/* C, the listener until now, goes. */
static void drop(struct pipe_server *s, struct connection *c)
{
    c->phase = PHASE_CLOSING;
    c->next = s->closing;
    s->closing = c;
}

void server_accept(struct pipe_server *s, bool ok, uint64_t now)
{
    struct connection *c = s->listener;
    unlisten(s);
    if (s->stopping || !ok) {
        drop(s, c);
        s->listen_at = now + LISTEN_AGAIN_MS;
        return;
    }
    server_listen(s, now); /* first, so that the next client finds one */
    welcome(s, c, now);
}

void server_listen(struct pipe_server *s, uint64_t now)
{
    for (;;) {
        /* While none is left, the name is anybody's: then it must be ours alone once more. */
        if (!s->listener && server_instance(s, s->instances == 0, NULL) != ST_OK) {
            s->listen_at = now + LISTEN_AGAIN_MS;
            return;
        }
        struct connection *c = s->listener;
        int came = connection_listen(c);
        if (came > 0) {
            s->listen_at = 0;
            return;
        }
        unlisten(s);
        if (came < 0) {
            drop(s, c);
            s->listen_at = now + LISTEN_AGAIN_MS;
            return;
        }
        welcome(s, c, now);
    }
}

void server_unlisten(struct pipe_server *s)
{
    struct connection *c = s->listener;
    s->listen_at = 0;
    if (!c)
        return;
    unlisten(s);
    CancelIoEx(c->pipe, NULL);
    drop(s, c);
}
