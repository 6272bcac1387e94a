/* server.c - starting and stopping the pipe's thread, and what is handed to it. */
#include "service/pipe/server_impl.h"

#include "service/pipe/name.h"
#include "service/win32/oserr.h"

#include <process.h>
#include <stdlib.h>

enum { AGAIN_MS = 50 };

/* Mail that the thread does not get by a packet it finds when it wakes up the next time. */
bool pipe_server_ring(struct pipe_server *s)
{
    if (!s->mail.rung)
        s->mail.rung = PostQueuedCompletionStatus(s->port, 0, PACKET_MAIL, NULL);
    return s->mail.rung;
}

/* After the thread, or without one. */
static void server_free(struct pipe_server *s)
{
    if (s->listener)
        connection_free(s->listener);
    if (s->thread)
        CloseHandle(s->thread);
    if (s->port)
        CloseHandle(s->port);
    free(s->name);
    free(s);
}

static enum st equip(struct pipe_server *s, struct err *e)
{
    s->name = pipe_name(NULL, s->setup.service);
    if (!s->name)
        return err_nomem(e);
    s->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    if (!s->port)
        return err_os(e, GetLastError(), "CreateIoCompletionPort");
    enum st st = server_instance(s, true, e);
    if (st != ST_OK)
        return st;
    s->thread = (HANDLE)_beginthreadex(NULL, 0, server_thread, s, 0, NULL);
    return s->thread ? ST_OK : err_os(e, GetLastError(), "starting the control pipe's thread");
}

static void with_defaults(struct pipe_times *t)
{
    t->request_ms = t->request_ms ? t->request_ms : PIPE_REQUEST_MS;
    t->write_ms = t->write_ms ? t->write_ms : PIPE_WRITE_MS;
    t->evict_ms = t->evict_ms ? t->evict_ms : PIPE_EVICT_MS;
}

enum st pipe_server_start(const struct pipe_setup *setup, struct pipe_server **ret, struct err *e)
{
    struct pipe_server *s = calloc(1, sizeof *s);
    if (!s)
        return err_nomem(e);
    s->setup = *setup;
    s->access = setup->access;
    with_defaults(&s->setup.times);
    InitializeSRWLock(&s->lock);
    *ret = s;
    enum st st = equip(s, e);
    if (st != ST_OK) {
        *ret = NULL;
        server_free(s);
    }
    return st;
}

static struct parcel *pack(uint64_t client, struct buf *bytes, bool last)
{
    if (!buf_ok(bytes) || bytes->n == 0 || bytes->n > FRAME_REPLY_MAX)
        return NULL;
    struct parcel *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->client = client;
    p->bytes = *bytes;
    p->last = last;
    *bytes = (struct buf){0};
    return p;
}

/* Under the lock. */
static struct order *order_for(struct pipe_server *s, uint64_t client)
{
    struct order *o = &s->mail.order[(uint32_t)client % PIPE_CLIENTS];
    return o->client == client ? o : NULL;
}

void pipe_server_reply(struct pipe_server *s, uint64_t client, struct buf *bytes, bool last)
{
    struct parcel *p = pack(client, bytes, last);
    AcquireSRWLockExclusive(&s->lock);
    struct order *o = order_for(s, client);
    if (o && !p)
        o->lost = true;
    if (o && p) {
        if (s->mail.end)
            s->mail.end->next = p;
        else
            s->mail.first = p;
        s->mail.end = p;
        p = NULL;
    }
    if (o)
        pipe_server_ring(s);
    ReleaseSRWLockExclusive(&s->lock);
    if (p)
        buf_free(&p->bytes);
    free(p);
    buf_free(bytes);
}

void pipe_server_hang_up(struct pipe_server *s, uint64_t client)
{
    AcquireSRWLockExclusive(&s->lock);
    struct order *o = order_for(s, client);
    if (o) {
        o->hang_up = true;
        pipe_server_ring(s);
    }
    ReleaseSRWLockExclusive(&s->lock);
}

enum st pipe_server_access(struct pipe_server *s, struct access *takes_over, struct err *e)
{
    struct access *was = NULL;
    DWORD code = 0;
    AcquireSRWLockExclusive(&s->lock);
    /* All instances have one descriptor. */
    if (s->listens &&
        !SetKernelObjectSecurity(s->listens, DACL_SECURITY_INFORMATION, access_of_pipe(takes_over)))
        code = GetLastError();
    if (code == 0) {
        was = s->access;
        s->access = takes_over;
        s->new_access = !s->listens;
    }
    ReleaseSRWLockExclusive(&s->lock);
    access_free(was);
    return code ? err_os(e, code, "changing who may open the control pipe") : ST_OK;
}

void pipe_server_stop(struct pipe_server *s, uint32_t grace_ms)
{
    if (!s)
        return;
    bool told = false;
    while (!told) {
        AcquireSRWLockExclusive(&s->lock);
        s->mail.stop = true;
        s->mail.grace_ms = grace_ms;
        told = pipe_server_ring(s);
        ReleaseSRWLockExclusive(&s->lock);
        if (!told)
            Sleep(AGAIN_MS); /* no memory for one packet */
    }
    WaitForSingleObject(s->thread, INFINITE);
    access_free(s->access);
    server_free(s);
}
