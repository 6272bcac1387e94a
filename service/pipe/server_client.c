/* server_client.c - one client's life: request, reply, request; and its end. */
#include "service/pipe/server_impl.h"

#include <stdlib.h>

struct connection *server_find(struct pipe_server *s, uint64_t client)
{
    struct connection *c = s->slot[(uint32_t)client % PIPE_CLIENTS].c;
    return c && c->id == client ? c : NULL;
}

void server_say(struct connection *c, const char *code, const char *text)
{
    struct parcel *p = calloc(1, sizeof *p);
    if (p)
        buf_f(&p->bytes,
              "{\"protocol\":1,\"id\":0,\"ok\":false,\"error\":{\"code\":\"%s\",\"text\":\"%s\"}}",
              code, text);
    if (!p || !buf_ok(&p->bytes)) {
        if (p)
            parcel_free(p);
        c->hang_up = true;
        return;
    }
    p->last = true;
    c->replying = c->last_here = true;
    connection_queue(c, p);
}

static void leave_slot(struct pipe_server *s, struct connection *c)
{
    uint32_t i = (uint32_t)c->id % PIPE_CLIENTS;
    s->slot[i].c = NULL;
    AcquireSRWLockExclusive(&s->lock);
    s->mail.order[i] = (struct order){0};
    ReleaseSRWLockExclusive(&s->lock);
}

void server_close(struct pipe_server *s, struct connection *c)
{
    if (c->phase != PHASE_OPEN)
        return;
    if (c->id) {
        leave_slot(s, c);
    } else {
        for (struct connection **at = &s->refused; *at; at = &(*at)->next)
            if (*at == c) {
                *at = c->next;
                break;
            }
    }
    c->phase = PHASE_CLOSING;
    c->next = s->closing;
    s->closing = c;
    CancelIoEx(c->pipe, NULL);
    if (c->known)
        s->setup.gone(s->setup.ctx, c->id);
}

/* The role is worked out anew for each request: rights change, and so may the client's token. */
static enum role role_of(struct pipe_server *s, struct connection *c)
{
    HANDLE token = caller_token(c->pipe);
    if (!token)
        return ROLE_NONE;
    AcquireSRWLockShared(&s->lock);
    enum role role = access_role(s->access, token);
    ReleaseSRWLockShared(&s->lock);
    if (role != ROLE_NONE)
        caller_learn(&c->caller, c->pipe, token, role == ROLE_COMMAND);
    CloseHandle(token);
    return role;
}

/* Whom a reply is owed and who may not command.  They must not keep those out who may. */
static uint32_t lookers(const struct pipe_server *s)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < PIPE_CLIENTS; i++)
        n += s->slot[i].c && s->slot[i].c->replying && s->slot[i].c->looks;
    return n;
}

static void ask(struct pipe_server *s, struct connection *c, uint64_t now)
{
    enum role role = role_of(s, c);
    c->heard = now;
    if (role == ROLE_NONE) {
        server_say(c, "denied", "control_access does not let this account do anything here");
    } else if (role == ROLE_LOOK && lookers(s) >= PIPE_LOOKERS) {
        server_say(c, "busy", "the service answers as many who may only look as it can; try again");
        c->hang_up = true;
    } else {
        c->known = c->replying = true;
        c->last_here = false;
        c->looks = role == ROLE_LOOK;
        const char *account = c->caller.account ? c->caller.account : "";
        struct pipe_caller who = {account, c->caller.pid};
        s->setup.request(s->setup.ctx, c->id, role, &who, frames_view(&c->frames));
    }
    frames_next(&c->frames);
}

static void feed(struct connection *c)
{
    if (c->rest.n > 0)
        frames_take(&c->frames, &c->rest);
}

static void answer(struct pipe_server *s, struct connection *c, uint64_t now)
{
    switch (c->frames.found) {
    case FRAME_WHOLE:
        ask(s, c, now);
        feed(c);
        break;
    case FRAME_BAD:
        server_say(c, "bad-request", "a request has 1 to 1048576 bytes; its length says otherwise");
        c->hang_up = true; /* where the next one would begin is not known */
        break;
    case FRAME_NOMEM:
        c->hang_up = true;
        break;
    default:
        break;
    }
}

void server_pump(struct pipe_server *s, struct connection *c, uint64_t now)
{
    if (c->phase != PHASE_OPEN)
        return;
    feed(c);
    if (!c->replying && !c->hang_up)
        answer(s, c, now);
    if (!c->out.pending && connection_has_more(c)) {
        if (!connection_write(c)) {
            server_close(s, c);
            return;
        }
        c->write_due = now + s->setup.times.write_ms;
    }
    bool over = c->hang_up && !c->out.pending && !connection_has_more(c);
    if (over || (!c->in.pending && !connection_deaf(c) && !connection_read(c)))
        server_close(s, c);
}

void server_was_written(struct pipe_server *s, struct connection *c, uint64_t now)
{
    if (c->phase != PHASE_OPEN)
        return;
    if (c->last_out) {
        c->last_out = c->replying = c->last_here = false;
        c->due = now + s->setup.times.request_ms;
    }
    if (c->owed && !connection_has_more(c)) {
        c->owed = false;
        s->setup.sent(s->setup.ctx, c->id);
    }
    server_pump(s, c, now);
}

void server_deliver(struct pipe_server *s, struct parcel *p)
{
    struct connection *c = server_find(s, p->client);
    if (!c || !c->replying || c->last_here) {
        parcel_free(p);
        return;
    }
    if (c->backlog > 0 && c->backlog + p->bytes.n > BACKLOG_MAX) {
        parcel_free(p);
        server_close(s, c);
        return;
    }
    c->last_here = p->last;
    c->owed = true;
    connection_queue(c, p);
}
