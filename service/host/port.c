/* port.c - the one thread that blocks on the completion port.
 * It owns no job and frees nothing: it copies packets into the queue, which rings the loop. */
#include "service/host/port.h"

#include "service/win32/oserr.h"

#include <stdlib.h>
#include <uv.h>

enum { BATCH = 256 };
#define KEY_STOP UINT64_MAX

struct port {
    HANDLE h;
    struct queue *queue;
    bool drop_job_packets;
    uv_thread_t thread;
};

/* False for a packet that makes no note. */
static bool note_of(const struct port *p, const OVERLAPPED_ENTRY *x, struct note *n)
{
    uint64_t key = x->lpCompletionKey;
    if (key & PORT_KEY_ENDED) {
        *n = (struct note){.kind = NOTE_ENDED, .id = key & ~PORT_KEY_ENDED};
        return true;
    }
    if (key & PORT_KEY_HELPER) {
        *n = (struct note){.kind = NOTE_HELPER, .number = (uint32_t)key};
        return true;
    }
    if ((key & PORT_KEY_CHECK) == PORT_KEY_CHECK) {
        *n = (struct note){.kind = NOTE_CHECK, .number = (uint32_t)key};
        return true;
    }
    if (key & PORT_KEY_HOOK) {
        *n = (struct note){.kind = NOTE_HOOK, .number = (uint32_t)key};
        return true;
    }
    if (p->drop_job_packets)
        return false;
    /* Of a job packet the OVERLAPPED pointer is a process id, or NULL; never an OVERLAPPED. */
    *n = (struct note){.kind = key & PORT_KEY_LEVEL ? NOTE_LEVEL : NOTE_JOB,
                       .number = x->dwNumberOfBytesTransferred,
                       .id = key & ~PORT_KEY_LEVEL,
                       .pid = (uint32_t)(ULONG_PTR)x->lpOverlapped};
    return true;
}

static void port_thread(void *arg)
{
    struct port *p = arg;
    OVERLAPPED_ENTRY entry[BATCH];
    struct note note[BATCH];
    for (;;) {
        ULONG n = 0;
        size_t notes = 0;
        bool stop = false;
        if (!GetQueuedCompletionStatusEx(p->h, entry, BATCH, &n, INFINITE, FALSE))
            return; /* the port is closed only after this thread, so this is a broken handle */
        for (ULONG i = 0; i < n; i++) {
            if (entry[i].lpCompletionKey == KEY_STOP)
                stop = true;
            else
                notes += note_of(p, &entry[i], &note[notes]);
        }
        queue_push(p->queue, note, notes);
        if (stop)
            return;
    }
}

enum st port_open(struct queue *q, bool drop_job_packets, struct port **ret, struct err *e)
{
    struct port *p = calloc(1, sizeof *p);
    if (!p)
        return err_nomem(e);
    p->queue = q;
    p->drop_job_packets = drop_job_packets;
    p->h = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    if (!p->h) {
        enum st st = err_os(e, GetLastError(), "CreateIoCompletionPort");
        free(p);
        return st;
    }
    if (uv_thread_create(&p->thread, port_thread, p) != 0) {
        CloseHandle(p->h);
        free(p);
        return err_say(e, ST_OS, "the port thread could not be started");
    }
    *ret = p;
    return ST_OK;
}

HANDLE port_handle(const struct port *p)
{
    return p->h;
}

void port_post(HANDLE port, uint64_t key)
{
    /* Fails only without non-paged pool; the slow look-again makes up for it. */
    PostQueuedCompletionStatus(port, 0, (ULONG_PTR)key, NULL);
}

void ender_post(void *ctx)
{
    const struct ender *e = ctx;
    port_post(e->port, e->key);
}

void port_close(struct port *p)
{
    if (!p)
        return;
    /* Closing the handle would wake the thread on Windows only, and the number may be reused. */
    if (PostQueuedCompletionStatus(p->h, 0, (ULONG_PTR)KEY_STOP, NULL))
        uv_thread_join(&p->thread);
    CloseHandle(p->h);
    free(p);
}
