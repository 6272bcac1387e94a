/* port_world.c - see port_world.h. */
#include "tests/host/port_world.h"

static void ring(void *ctx)
{
    uv_async_send(ctx);
}

static void on_limit(uv_timer_t *t)
{
    fail_msg("it takes too long; so far: %s", buf_text(&((struct world *)t->data)->said));
}

static void record(void *ctx, enum log_level level, struct str line)
{
    struct world *w = ctx;
    buf_f(&w->said, "%s %.*s\n", log_level_names[level], (int)line.n, line.p);
}

void world_open(struct world *w, uv_async_cb on_bell, void *ctx)
{
    void *lab = NULL;
    lab_setup(&lab);
    w->lab = lab;
    assert_int_equal(uv_loop_init(&w->loop), 0);
    assert_int_equal(uv_async_init(&w->loop, &w->bell, on_bell), 0);
    uv_timer_init(&w->loop, &w->limit);
    w->bell.data = ctx;
    w->limit.data = w;
    uv_timer_start(&w->limit, on_limit, LAB_LIMIT_MS, 0);
    assert_int_equal(queue_new(ring, &w->bell, &w->queue, NULL), ST_OK);
    assert_int_equal(port_open(w->queue, false, &w->port, NULL), ST_OK);
    w->logger.log = (struct log){LOG_DEBUG, record, w};
    assert_int_equal(hooks_new(&w->loop, port_handle(w->port), &w->logger, "Fleet", w->lab->folder,
                               &w->hooks, NULL),
                     ST_OK);
}

void world_shut(struct world *w)
{
    queue_shut(w->queue);
    hooks_shut(w->hooks);
    uv_close((uv_handle_t *)&w->bell, NULL);
    uv_close((uv_handle_t *)&w->limit, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&w->loop), 0);
}

int world_free(struct world *w)
{
    void *lab = w->lab;
    hooks_free(w->hooks);
    port_close(w->port);
    queue_free(w->queue);
    buf_free(&w->said);
    return lab_teardown(&lab);
}
