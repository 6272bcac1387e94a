/* server_thread.c - the thread: it waits for the pipe, for mail and for what is due next. */
#include "service/pipe/server_impl.h"

enum {
    BATCH = 32,
    DESERTED_MS = 1000 /* between two looks at the deaf */
};

/* Calls FN for every open connection, which it may close. */
static void each(struct pipe_server *s, uint64_t now,
                 void (*fn)(struct pipe_server *s, struct connection *c, uint64_t now))
{
    for (uint32_t i = 0; i < PIPE_CLIENTS; i++)
        if (s->slot[i].c)
            fn(s, s->slot[i].c, now);
    for (struct connection *c = s->refused, *after; c; c = after) {
        after = c->next;
        fn(s, c, now);
    }
}

static void sooner(uint64_t *next, uint64_t at)
{
    if (at < *next)
        *next = at;
}

static bool waits_for_request(const struct connection *c)
{
    return !c->replying && !c->hang_up;
}

static void consider(const struct pipe_server *s, const struct connection *c, uint64_t *next)
{
    if (waits_for_request(c))
        sooner(next, c->due);
    if (c->out.pending)
        sooner(next, c->write_due);
    if (connection_deaf(c))
        sooner(next, s->deserted_at);
}

/* How long nothing is due. */
static DWORD idle_time(const struct pipe_server *s, uint64_t now)
{
    uint64_t next = UINT64_MAX;
    for (uint32_t i = 0; i < PIPE_CLIENTS; i++)
        if (s->slot[i].c)
            consider(s, s->slot[i].c, &next);
    for (const struct connection *c = s->refused; c; c = c->next)
        consider(s, c, &next);
    if (s->listen_at)
        sooner(&next, s->listen_at);
    if (s->stopping)
        sooner(&next, s->deadline);
    if (next == UINT64_MAX)
        return INFINITE;
    return next > now ? (DWORD)(next - now) : 0;
}

static void check_times(struct pipe_server *s, struct connection *c, uint64_t now)
{
    if ((waits_for_request(c) && now >= c->due) || (c->out.pending && now >= c->write_due) ||
        (connection_deaf(c) && now >= s->deserted_at && connection_deserted(c)))
        server_close(s, c);
}

static void sweep(struct pipe_server *s, uint64_t now)
{
    each(s, now, check_times);
    if (now >= s->deserted_at)
        s->deserted_at = now + DESERTED_MS;
    if (s->listen_at && now >= s->listen_at && !s->stopping)
        server_listen(s, now);
}

static void hang_up(struct pipe_server *s, struct connection *c, uint64_t now)
{
    c->hang_up = true;
    server_pump(s, c, now);
}

static void begin_stop(struct pipe_server *s, uint32_t grace_ms, uint64_t now)
{
    s->stopping = true;
    s->deadline = now + grace_ms;
    server_unlisten(s);
    each(s, now, hang_up);
}

static void obey(struct pipe_server *s, const struct order *o, uint64_t now)
{
    struct connection *c = o->client ? server_find(s, o->client) : NULL;
    if (!c)
        return;
    if (o->lost)
        server_close(s, c);
    if (o->hang_up)
        c->hang_up = true;
    server_pump(s, c, now);
}

/* Frames first, then what ends the client: a hang-up comes after what was given before it. */
static void take_mail(struct pipe_server *s, uint64_t now)
{
    struct order order[PIPE_CLIENTS];
    AcquireSRWLockExclusive(&s->lock);
    struct parcel *first = s->mail.first;
    bool stop = s->mail.stop && !s->stopping;
    uint32_t grace_ms = s->mail.grace_ms;
    s->mail.first = s->mail.end = NULL;
    s->mail.rung = false;
    for (uint32_t i = 0; i < PIPE_CLIENTS; i++) {
        order[i] = s->mail.order[i];
        s->mail.order[i] = (struct order){.client = order[i].client};
    }
    ReleaseSRWLockExclusive(&s->lock);
    for (struct parcel *p = first, *after; p; p = after) {
        after = p->next;
        server_deliver(s, p);
    }
    for (uint32_t i = 0; i < PIPE_CLIENTS; i++)
        obey(s, &order[i], now);
    if (stop)
        begin_stop(s, grace_ms, now);
}

static void io_done(struct pipe_server *s, struct operation *op, uint64_t now)
{
    struct connection *c = op->whose;
    DWORD n = 0;
    bool ok = GetOverlappedResult(c->pipe, &op->io, &n, FALSE);
    op->pending = false;
    if (c->phase == PHASE_LISTENING) {
        server_accept(s, ok, now);
    } else if (c->phase == PHASE_OPEN && !ok) {
        server_close(s, c); /* the client has gone */
    } else if (c->phase == PHASE_OPEN && op == &c->in) {
        connection_was_read(c, n);
        server_pump(s, c, now);
    } else {
        server_was_written(s, c, now);
    }
}

/* Frees the connections whose last operation has ended. */
static void reap(struct pipe_server *s)
{
    for (struct connection **at = &s->closing; *at;) {
        struct connection *c = *at;
        if (c->in.pending || c->out.pending) {
            at = &c->next;
            continue;
        }
        *at = c->next;
        connection_free(c);
        s->instances--;
    }
}

/* False: the port is broken, and nothing more will come from it. */
static bool wait_and_handle(struct pipe_server *s, DWORD ms)
{
    OVERLAPPED_ENTRY entries[BATCH];
    ULONG n = 0;
    if (!GetQueuedCompletionStatusEx(s->port, entries, BATCH, &n, ms, FALSE)) {
        if (GetLastError() != WAIT_TIMEOUT)
            return false;
        n = 0; /* Wine 8 says 1 here, and the entry is an old one */
    }
    uint64_t now = GetTickCount64();
    for (ULONG i = 0; i < n; i++)
        if (entries[i].lpCompletionKey == PACKET_IO)
            io_done(s, (struct operation *)entries[i].lpOverlapped, now);
    take_mail(s, now);
    sweep(s, now);
    reap(s);
    return true;
}

static bool any_open(const struct pipe_server *s)
{
    for (uint32_t i = 0; i < PIPE_CLIENTS; i++)
        if (s->slot[i].c)
            return true;
    return s->refused;
}

static void close_now(struct pipe_server *s, struct connection *c, uint64_t now)
{
    (void)now;
    server_close(s, c);
}

unsigned __stdcall server_thread(void *arg)
{
    struct pipe_server *s = arg;
    server_listen(s, GetTickCount64());
    for (;;) {
        uint64_t now = GetTickCount64();
        if (s->stopping && (!any_open(s) || now >= s->deadline))
            break;
        if (!wait_and_handle(s, idle_time(s, now)))
            break;
    }
    each(s, 0, close_now);
    reap(s);
    while (s->closing && wait_and_handle(s, INFINITE))
        ;
    take_mail(s, 0); /* frees what is for nobody any more */
    return 0;
}
