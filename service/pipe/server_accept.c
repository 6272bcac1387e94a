/* server_accept.c - one instance always listens; a client that comes finds a slot or hears that
 * there is none. */
#include "service/pipe/server_impl.h"

enum {
    LISTEN_AGAIN_MS = 250,
    REFUSED_MAX = 16 /* who are told so at a time; others are closed without a word */
};

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
