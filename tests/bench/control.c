/* control.c - see control.h.  Measuring processes is not in it: figure_sampler.c has that. */
#include "tests/bench/control.h"

#include "service/control/control.h"
#include "service/host/inbox.h"
#include "service/pipe/server.h"
#include "tests/bench/bench.h"

#include <stdlib.h>
#include <uv.h>

struct bench_control {
    struct sup *sup;
    struct journal *journal;
    struct control *control;
    struct pipe_server *server;
    struct inbox *inbox;
    uv_loop_t loop;
    uv_async_t bell, end;
    uv_thread_t thread;
    struct log log;
};

/* --- the world -------------------------------------------------------------------------- */
static void facts(void *ctx, struct facts *ret)
{
    (void)ctx;
    *ret = (struct facts){.name = "Bench",
                          .version = "0",
                          .config = "C:\\bench\\fleet.ini",
                          .pid = GetCurrentProcessId(),
                          .processors = 2,
                          .memory = UINT64_C(1) << 34};
}

static uint64_t now(void *ctx)
{
    (void)ctx;
    return GetTickCount64();
}

static void give(void *ctx, uint64_t client, struct buf *frame, bool last)
{
    struct bench_control *c = ctx;
    pipe_server_reply(c->server, client, frame, last);
    buf_free(frame);
}

static void measure(void *ctx, const size_t *slot, size_t n, struct measure *ret)
{
    (void)ctx;
    for (size_t i = 0; i < n; i++)
        ret[i] = (struct measure){.known = true,
                                  .now = {.at = GetTickCount64(),
                                          .processes = 2,
                                          .threads = 14,
                                          .handles = 310,
                                          .commit = 73400320 + 4096 * slot[i]},
                                  .run = {.user = 46000000, .kernel = 1000000}};
}

static void no_line(void *ctx, enum log_level level, struct str line)
{
    (void)ctx;
    (void)level;
    (void)line;
}

/* --- the pipe's thread ---------------------------------------------------------------------- */
static void ring(void *ctx)
{
    uv_async_send(ctx);
}

static void put(struct bench_control *c, enum mail_kind kind, uint64_t client, bool may_command,
                struct str bytes)
{
    struct mail *m = mail_new(kind, client);
    if (!m)
        die("out of memory");
    m->may_command = may_command;
    buf_str(&m->bytes, bytes);
    inbox_put(c->inbox, m);
}

static void on_request(void *ctx, uint64_t client, enum role role, const struct pipe_caller *who,
                       struct str bytes)
{
    (void)who;
    put(ctx, MAIL_REQUEST, client, role == ROLE_COMMAND, bytes);
}

static void on_gone(void *ctx, uint64_t client)
{
    put(ctx, MAIL_GONE, client, false, (struct str){NULL, 0});
}

static void on_sent(void *ctx, uint64_t client)
{
    put(ctx, MAIL_SENT, client, false, (struct str){NULL, 0});
}

/* --- the loop's thread ----------------------------------------------------------------------- */
static void on_bell(uv_async_t *bell)
{
    struct bench_control *c = bell->data;
    struct mail *all = NULL;
    if (inbox_take(c->inbox, &all))
        die("a letter of a client was lost");
    for (struct mail *m = all, *next; m; m = next) {
        const struct caller caller = {m->client, m->may_command, m->who, m->pid};
        next = m->next;
        if (m->kind == MAIL_REQUEST)
            control_request(c->control, &caller, buf_view(&m->bytes));
        else if (m->kind == MAIL_SENT)
            control_sent(c->control, m->client);
        else
            control_gone(c->control, m->client);
        mail_free(m);
    }
}

static void on_end(uv_async_t *end)
{
    struct bench_control *c = end->data;
    uv_close((uv_handle_t *)&c->bell, NULL);
    uv_close((uv_handle_t *)&c->end, NULL);
}

static void run(void *ctx)
{
    struct bench_control *c = ctx;
    uv_run(&c->loop, UV_RUN_DEFAULT);
}

/* --- its life --------------------------------------------------------------------------- */
static void start_server(struct bench_control *c, const char *service)
{
    static const char *const look[] = {"Authenticated Users"}, *const command[] = {
                                                                   "Administrators"};
    const struct access_setup who = {.look = look, .looks = 1, .command = command, .commands = 1};
    struct access *access = NULL;
    struct err e = {0};
    if (access_new(&who, &access, &e) != ST_OK)
        die(e.text);
    const struct pipe_setup setup = {.service = service,
                                     .access = access,
                                     .request = on_request,
                                     .gone = on_gone,
                                     .sent = on_sent,
                                     .ctx = c};
    if (pipe_server_start(&setup, &c->server, &e) != ST_OK)
        die(e.text);
}

struct bench_control *bench_control_start(const char *service, struct sup *s)
{
    struct bench_control *c = calloc(1, sizeof *c);
    struct err e = {0};
    if (!c || uv_loop_init(&c->loop) != 0 || uv_async_init(&c->loop, &c->bell, on_bell) != 0 ||
        uv_async_init(&c->loop, &c->end, on_end) != 0)
        die("the loop could not be made");
    c->bell.data = c->end.data = c;
    c->sup = s;
    c->log = (struct log){LOG_ERROR, no_line, NULL};
    c->journal = journal_new();
    /* Only what `status` asks for. */
    const struct world world = {.ctx = c,
                                .sup = s,
                                .log = &c->log,
                                .facts = facts,
                                .now = now,
                                .send = give,
                                .measure = measure};
    if (!c->journal || inbox_new(ring, &c->bell, &c->inbox, &e) != ST_OK ||
        control_new(&world, c->journal, &c->control, &e) != ST_OK)
        die("the control room could not be made");
    start_server(c, service);
    if (uv_thread_create(&c->thread, run, c) != 0)
        die("the loop's thread could not be made");
    return c;
}

void bench_control_stop(struct bench_control *c)
{
    pipe_server_stop(c->server, 1000);
    uv_async_send(&c->end);
    uv_thread_join(&c->thread);
    uv_loop_close(&c->loop);
    control_free(c->control);
    inbox_free(c->inbox);
    journal_free(c->journal);
    free(c);
}
