/* output_thread.c - the thread: it waits for pipes, log lines and orders, and blocks on disks.
 *
 * Other threads hand over whole pipes and targets by packets to its port, and log lines through the
 * backlog; everything else here is the thread's alone. */
#include "service/process/output_thread.h"

enum {
    BATCH = 64,
    LINGER_MS = 3000, /* a file waits so long for its worker's next run */
    LINGER_MAX = 16   /* files that wait at a time */
};

static const uint64_t LOG_WRITER = UINT64_MAX;

/* The thread's target of that name; TARGET itself if there was none.  Takes TARGET over. */
static struct target *adopt(struct output *o, struct target *target)
{
    struct target *t = o->targets;
    while (t && !target_same(t, target))
        t = t->next;
    if (t) {
        target_adjust(t, target);
        target_free(target);
    } else {
        t = target;
        t->next = o->targets;
        o->targets = t;
    }
    if (t->writers == 0 && t->linger > 0)
        o->lingering--;
    t->linger = 0;
    t->writers++;
    return t;
}

static void forget(struct output *o, struct target *t)
{
    for (struct target **at = &o->targets; *at; at = &(*at)->next)
        if (*at == t) {
            *at = t->next;
            break;
        }
    target_free(t);
}

/* A worker that restarts at once finds its file still open. */
static void release(struct output *o, struct target *t)
{
    if (--t->writers > 0)
        return;
    if (o->lingering == LINGER_MAX) {
        forget(o, t);
        return;
    }
    t->linger = GetTickCount64() + LINGER_MS;
    if (o->lingering++ == 0 || t->linger < o->sweep_at)
        o->sweep_at = t->linger;
}

/* Gives up what nobody came back for. */
static void sweep(struct output *o, uint64_t now)
{
    if (o->lingering == 0 || now < o->sweep_at)
        return;
    o->sweep_at = UINT64_MAX;
    for (struct target *t = o->targets, *after; t; t = after) {
        after = t->next;
        if (t->writers > 0)
            continue;
        if (t->linger <= now) {
            o->lingering--;
            forget(o, t);
        } else if (t->linger < o->sweep_at) {
            o->sweep_at = t->linger;
        }
    }
}

/* How long nothing is due. */
static DWORD idle_time(const struct output *o, uint64_t now)
{
    uint64_t next = o->lingering > 0 ? o->sweep_at : UINT64_MAX;
    if (o->stopping && o->deadline < next)
        next = o->deadline;
    if (next == UINT64_MAX)
        return INFINITE;
    return next > now ? (DWORD)(next - now) : 0;
}

static void end_pipe(struct output *o, struct pipe *p)
{
    pipe_drain(p, &o->reader, &o->scribe);
    if (p->prev)
        p->prev->next = p->next;
    else
        o->pipes = p->next;
    if (p->next)
        p->next->prev = p->prev;
    release(o, p->target);
    pipe_free(p);
}

static void begin_pipe(struct output *o, struct pipe *p)
{
    p->target = adopt(o, p->target);
    p->next = o->pipes;
    if (o->pipes)
        o->pipes->prev = p;
    o->pipes = p;
    struct err e;
    if (!p->target->lost && target_open(p->target, &o->scribe, &e) != ST_OK)
        target_lose(p->target, &o->scribe, &e);
    if (!pipe_ask(p))
        end_pipe(o, p);
}

static void read_done(struct output *o, struct pipe *p)
{
    DWORD n = 0;
    bool ok = GetOverlappedResult(p->end, &p->io, &n, FALSE);
    if (ok)
        pipe_take(p, &o->reader, &o->scribe, n);
    if (!ok || o->ending || !pipe_ask(p))
        end_pipe(o, p);
}

static void tell_dropped(struct output *o, uint64_t lines)
{
    log_event(o->scribe.log, LOG_WARNING, "output.log_dropped", LOG_NUM("lines", lines),
              LOG_TEXT("hint", "more was logged than the disk takes"));
    if (o->scribe.log)
        return;
    struct buf b = {0};
    buf_f(&b, "output.log_dropped lines=%llu\n", (unsigned long long)lines);
    target_write(o->log_target, &o->scribe, LOG_WRITER, buf_view(&b));
    buf_free(&b);
}

/* False: nothing waits any more. */
static bool write_lines(struct output *o)
{
    uint64_t dropped;
    if (!o->log_target || !backlog_take(&o->backlog, &o->lines, &dropped))
        return false;
    target_write(o->log_target, &o->scribe, LOG_WRITER, buf_view(&o->lines));
    buf_reset(&o->lines);
    if (dropped > 0)
        tell_dropped(o, dropped);
    return true;
}

static void handle(struct output *o, const OVERLAPPED_ENTRY *entry)
{
    void *what = entry->lpOverlapped;
    switch (entry->lpCompletionKey) {
    case PACKET_READ:
        read_done(o, what);
        break;
    case PACKET_PIPE:
        begin_pipe(o, what);
        break;
    case PACKET_LOG:
        if (o->log_target)
            release(o, o->log_target);
        o->log_target = adopt(o, what);
        write_lines(o);
        break;
    case PACKET_LINES:
        write_lines(o);
        break;
    case PACKET_STOP:
        o->stopping = true;
        o->deadline = GetTickCount64() + o->grace_ms;
        break;
    default:
        break;
    }
}

/* False: the port is broken, and nothing more will come from it. */
static bool wait_and_handle(struct output *o, DWORD ms)
{
    OVERLAPPED_ENTRY entries[BATCH];
    ULONG n = 0;
    if (!GetQueuedCompletionStatusEx(o->port, entries, BATCH, &n, ms, FALSE))
        return GetLastError() == WAIT_TIMEOUT;
    for (ULONG i = 0; i < n; i++)
        handle(o, &entries[i]);
    return true;
}

/* Somebody still holds these pipes: breaks off the reads and takes what waits. */
static void end_all_pipes(struct output *o)
{
    o->ending = true;
    for (struct pipe *p = o->pipes; p; p = p->next)
        CancelIoEx(p->end, &p->io);
    while (o->pipes && wait_and_handle(o, INFINITE))
        ;
}

unsigned __stdcall output_thread(void *arg)
{
    struct output *o = arg;
    for (;;) {
        uint64_t now = GetTickCount64();
        sweep(o, now);
        if (o->stopping && (!o->pipes || now >= o->deadline))
            break;
        if (!wait_and_handle(o, idle_time(o, now)))
            break;
    }
    end_all_pipes(o);
    while (write_lines(o))
        ;
    while (o->targets)
        forget(o, o->targets);
    return 0;
}
