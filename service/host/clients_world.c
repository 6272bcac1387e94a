/* clients_world.c - the service as the control room sees it. */
#include "service/host/clients_impl.h"

static void facts(void *ctx, struct facts *ret)
{
    const struct clients *c = ctx;
    const struct app *a = c->app;
    MEMORYSTATUSEX m = {.dwLength = sizeof m};
    *ret = (struct facts){.name = a->service,
                          .version = JOBWARDEN_VERSION,
                          .config = a->config->path,
                          .pid = GetCurrentProcessId(),
                          .processors = a->machine.cpus,
                          .started = a->started_at,
                          .uptime_ms = uv_now(&a->loop) - a->started_ms,
                          .memory = GlobalMemoryStatusEx(&m) ? m.ullTotalPageFile : 0};
}

static uint64_t now(void *ctx)
{
    struct clients *c = ctx;
    uv_update_time(&c->app->loop);
    return uv_now(&c->app->loop);
}

static void give(void *ctx, uint64_t client, struct buf *frame, bool last)
{
    struct clients *c = ctx;
    if (frame->n > 0 && buf_ok(frame))
        pipe_server_reply(c->server, client, frame, last);
    else
        pipe_server_hang_up(c->server, client);
    buf_free(frame);
}

static void measure(void *ctx, const size_t *slot, size_t n, struct measure *ret)
{
    struct clients *c = ctx;
    measuring_slots(c->measuring, slot, n, ret);
}

static bool level(void *ctx, size_t slot, uint32_t upper, struct level_facts *ret,
                  struct measure *used)
{
    struct clients *c = ctx;
    return measuring_level(c->measuring, slot, upper, ret, used);
}

static enum st list(void *ctx, size_t slot, bool commands, struct process_list *ret, struct err *e)
{
    struct clients *c = ctx;
    return measuring_list(c->measuring, slot, commands, ret, e);
}

static void unlist(void *ctx, struct process_list *x)
{
    (void)ctx;
    measuring_unlist(x);
}

static bool reload(void *ctx, uint64_t client, const struct reload_order *order, struct no *no)
{
    struct clients *c = ctx;
    return reload_order(c->app->reload, client, order, no);
}

struct world clients_world(struct clients *c)
{
    return (struct world){.ctx = c,
                          .sup = c->app->sup,
                          .log = &c->app->logger.log,
                          .facts = facts,
                          .now = now,
                          .send = give,
                          .measure = measure,
                          .level = level,
                          .list = list,
                          .unlist = unlist,
                          .reload = reload,
                          .tail = clients_tail,
                          .untail = clients_untail,
                          .tail_more = clients_tail_more};
}
