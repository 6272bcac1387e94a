/* clients.c - see clients.h.  clients_world.c is what the control room sees of the service. */
#include "service/host/clients_impl.h"

#include <stdlib.h>
#include <string.h>

/* However many ask at once, the fleet has its turn after so long, and one request more. */
enum { GRACE_MS = 1000, TURN_NS = 5000000 };

/* --- the pipe's thread ------------------------------------------------------------------ */
static void ring(void *ctx)
{
    uv_async_send(ctx);
}

static void on_request(void *ctx, uint64_t client, enum role role, const struct pipe_caller *who,
                       struct str bytes)
{
    struct clients *c = ctx;
    struct mail *m = mail_new(MAIL_REQUEST, client);
    if (m) {
        m->may_command = role == ROLE_COMMAND;
        m->pid = who->pid;
        m->who = who->account && who->account[0] ? _strdup(who->account) : NULL;
        buf_str(&m->bytes, bytes);
    }
    if (m && buf_ok(&m->bytes)) {
        inbox_put(c->inbox, m);
        return;
    }
    mail_free(m);
    inbox_lose(c->inbox);
    pipe_server_hang_up(c->server, client);
}

static void put(struct clients *c, enum mail_kind kind, uint64_t client)
{
    struct mail *m = mail_new(kind, client);
    if (m)
        inbox_put(c->inbox, m);
    else
        inbox_lose(c->inbox);
}

static void on_gone(void *ctx, uint64_t client)
{
    put(ctx, MAIL_GONE, client);
}

static void on_sent(void *ctx, uint64_t client)
{
    put(ctx, MAIL_SENT, client);
}

/* --- the loop ---------------------------------------------------------------------------- */
static void on_tick(uv_timer_t *t)
{
    struct clients *c = t->data;
    control_tick(c->control);
    if (!control_busy(c->control))
        uv_timer_stop(t);
}

static void tick_if_busy(struct clients *c)
{
    if (control_busy(c->control) && !uv_is_active((uv_handle_t *)&c->tick))
        uv_timer_start(&c->tick, on_tick, CONTROL_TICK_MS, CONTROL_TICK_MS);
}

static void deliver(struct clients *c, const struct mail *m)
{
    const struct caller caller = {m->client, m->may_command, m->who, m->pid};
    if (m->kind == MAIL_REQUEST)
        control_request(c->control, &caller, buf_view(&m->bytes));
    else if (m->kind == MAIL_SENT)
        control_sent(c->control, m->client);
    else
        control_gone(c->control, m->client);
}

static void on_bell(uv_async_t *bell)
{
    struct clients *c = bell->data;
    uint64_t end = uv_hrtime() + TURN_NS;
    bool lost = inbox_take(c->inbox, &c->mail);
    do {
        struct mail *m = c->mail;
        if (!m)
            break;
        c->mail = m->next;
        deliver(c, m);
        mail_free(m);
    } while (uv_hrtime() < end);
    if (c->mail)
        uv_async_send(bell);
    if (lost)
        control_end(c->control, REFUSAL_FAILED, "the service is out of memory; ask again");
    clients_read(c);
    tick_if_busy(c);
}

void clients_happened(struct clients *c)
{
    control_happened(c->control);
}

struct control *clients_control(struct clients *c)
{
    return c->control;
}

/* --- who may what -------------------------------------------------------------------------- */
struct lookup {
    struct log log;
    bool unknown;
};

static void say_unknown(void *ctx, const char *account, const struct err *why)
{
    struct lookup *l = ctx;
    l->unknown = true;
    log_event(&l->log, LOG_WARNING, "control.account_unknown", LOG_TEXT("account", account),
              LOG_TEXT("error", why->text));
}

enum st clients_access(const struct service_spec *service, bool remote, const struct log *log,
                       struct access **ret, bool *ret_unknown, struct err *e)
{
    struct lookup l = {*log, false};
    const struct access_setup setup = {.look = service->control_access.look.text,
                                       .looks = service->control_access.look.n,
                                       .command = service->control_access.command.text,
                                       .commands = service->control_access.command.n,
                                       .remote = remote,
                                       .unknown = say_unknown,
                                       .ctx = &l};
    enum st st = access_new(&setup, ret, e);
    *ret_unknown = l.unknown;
    return st;
}

bool clients_adopt(struct clients *c, struct access *access)
{
    struct err e = {0};
    if (pipe_server_access(c->server, access, &e) == ST_OK)
        return true;
    access_free(access);
    log_event(&c->app->logger.log, LOG_ERROR, "control.access_unchanged",
              LOG_TEXT("error", e.text));
    return false;
}

/* --- its life ------------------------------------------------------------------------------- */
static enum st start_server(struct clients *c, struct err *e)
{
    struct app *a = c->app;
    const struct service_spec *s = &a->config->service;
    bool remote = s->control_remote == YES;
    struct access *access = NULL;
    bool unknown = false;
    enum st st = clients_access(s, remote, &a->logger.log, &access, &unknown, e);
    if (st != ST_OK)
        return st;
    const struct pipe_setup setup = {.service = a->service,
                                     .remote = remote,
                                     .access = access,
                                     .request = on_request,
                                     .gone = on_gone,
                                     .sent = on_sent,
                                     .ctx = c};
    st = pipe_server_start(&setup, &c->server, e);
    if (st != ST_OK)
        access_free(access);
    if (unknown)
        reload_access_again(a->reload);
    return st;
}

static enum st open_handles(struct clients *c, struct err *e)
{
    if (uv_async_init(&c->app->loop, &c->bell, on_bell) != 0)
        return err_say(e, ST_OS, "the event loop's bell for clients could not be made");
    c->bell.data = c->tick.data = c;
    uv_timer_init(&c->app->loop, &c->tick); /* cannot fail */
    c->handles_open = true;
    return ST_OK;
}

static enum st open_all(struct clients *c, struct err *e)
{
    enum st st = open_handles(c, e);
    if (st == ST_OK)
        st = measuring_new(c->app->runs, &c->measuring, e);
    if (st == ST_OK)
        st = inbox_new(ring, &c->bell, &c->inbox, e);
    if (st == ST_OK)
        st = tail_new(ring, &c->bell, &c->tail, e);
    const struct world world = clients_world(c);
    if (st == ST_OK)
        st = control_new(&world, c->app->journal, &c->control, e);
    return st == ST_OK ? start_server(c, e) : st;
}

enum st clients_new(struct app *a, struct clients **ret, struct err *e)
{
    struct clients *c = calloc(1, sizeof *c);
    if (!c)
        return err_nomem(e);
    c->app = a;
    *ret = c; /* what was opened of it is for clients_shut() and clients_free(), also on failure */
    return open_all(c, e);
}

void clients_shut(struct clients *c)
{
    if (!c)
        return;
    if (c->control && c->server)
        control_end(c->control, REFUSAL_STOPPING, "the service has stopped");
    pipe_server_stop(c->server, GRACE_MS);
    c->server = NULL;
    tail_free(c->tail);
    c->tail = NULL;
    if (!c->handles_open)
        return;
    uv_close((uv_handle_t *)&c->bell, NULL);
    uv_close((uv_handle_t *)&c->tick, NULL);
    c->handles_open = false;
}

void clients_free(struct clients *c)
{
    if (!c)
        return;
    control_free(c->control);
    for (struct mail *m = c->mail, *next; m; m = next) {
        next = m->next;
        mail_free(m);
    }
    inbox_free(c->inbox);
    measuring_free(c->measuring);
    for (size_t i = 0; i < CLIENTS_READING; i++)
        clients_forget(&c->reading[i]);
    free(c);
}
