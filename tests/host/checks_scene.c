/* checks_scene.c - see checks_scene.h. */
#include "tests/host/checks_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void ring(void *ctx)
{
    uv_async_send(ctx);
}

static void on_bell(uv_async_t *bell)
{
    struct world *w = bell->data;
    struct note n;
    bool lost = false;
    if (w->once) {
        void (*once)(struct world *) = w->once;
        w->once = NULL;
        once(w);
        return;
    }
    while (queue_take(w->queue, &n, 1, &lost) > 0) {
        if (n.kind == NOTE_CHECK && !w->deaf)
            checks_packet(w->checks, n.number);
        else if (n.kind == NOTE_HOOK)
            hooks_ended(w->hooks, n.number);
    }
}

static void on_limit(uv_timer_t *t)
{
    const struct world *w = t->data;
    fail_msg("it takes too long; told so far: %zu, the last: %s", w->told_n,
             w->told_n ? w->told[w->told_n - 1].text : "");
}

static void no_line(void *ctx, enum log_level level, struct str line)
{
    (void)ctx;
    (void)level;
    (void)line;
}

static void on_answer(void *ctx, uint64_t id, uint32_t serial, bool good, const char *text);

int scene_set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    void *lab = NULL;
    assert_non_null(w);
    lab_setup(&lab);
    w->lab = lab;
    assert_int_equal(uv_loop_init(&w->loop), 0);
    assert_int_equal(uv_async_init(&w->loop, &w->bell, on_bell), 0);
    uv_timer_init(&w->loop, &w->limit);
    w->bell.data = w->limit.data = w;
    uv_timer_start(&w->limit, on_limit, LAB_LIMIT_MS, 0);
    assert_int_equal(queue_new(ring, &w->bell, &w->queue, NULL), ST_OK);
    assert_int_equal(port_open(w->queue, false, &w->port, NULL), ST_OK);
    w->logger.log = (struct log){LOG_ERROR, no_line, w};
    assert_int_equal(hooks_new(&w->loop, port_handle(w->port), &w->logger, "Fleet", w->lab->folder,
                               &w->hooks, NULL),
                     ST_OK);
    const struct checks_setup setup = {.loop = &w->loop,
                                       .port = port_handle(w->port),
                                       .hooks = w->hooks,
                                       .config_dir = w->lab->folder,
                                       .answer = on_answer,
                                       .ctx = w};
    assert_int_equal(checks_new(&setup, &w->checks, NULL), ST_OK);
    w->server = answers_open(false, 0);
    assert_non_null(w->server);
    *state = w;
    return 0;
}

void close_checks(struct world *w)
{
    checks_shut(w->checks);
    hooks_shut(w->hooks);
    uv_run(&w->loop, UV_RUN_NOWAIT);
    uv_run(&w->loop, UV_RUN_NOWAIT);
    checks_free(w->checks);
    hooks_free(w->hooks);
    w->checks = NULL;
    w->hooks = NULL;
}

int scene_tear_down(void **state)
{
    struct world *w = *state;
    void *lab = w->lab;
    queue_shut(w->queue);
    checks_shut(w->checks);
    hooks_shut(w->hooks);
    uv_close((uv_handle_t *)&w->bell, NULL);
    uv_close((uv_handle_t *)&w->limit, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&w->loop), 0);
    checks_free(w->checks);
    hooks_free(w->hooks);
    port_close(w->port);
    queue_free(w->queue);
    answers_close(w->server);
    free(w);
    return lab_teardown(&lab);
}

/* --- beginning and waiting ---------------------------------------------------------- */
enum st try_begin(struct world *w, uint64_t id, enum check_kind kind, const char *text,
                         uint64_t ms, struct err *e)
{
    const struct job_spec spec = lab_spec();
    const struct check check = {.kind = kind,
                                .serial = (uint32_t)id + 1000,
                                .port = kind == CHECK_PORT ? (uint32_t)atoi(text) : 0,
                                .text = text,
                                .timeout_ms = ms};
    return checks_begin(w->checks, id, &spec, &check, e);
}

void begin(struct world *w, uint64_t id, enum check_kind kind, const char *text, uint64_t ms)
{
    struct err e = {0};
    if (try_begin(w, id, kind, text, ms, &e) != ST_OK)
        fail_msg("%s", e.text);
}

static const char *url(const struct world *w, const char *path)
{
    static char text[128];
    snprintf(text, sizeof text, "http://127.0.0.1:%u%s", answers_port(w->server), path);
    return text;
}

void begin_http(struct world *w, uint64_t id, const char *path, uint64_t ms)
{
    begin(w, id, CHECK_HTTP, url(w, path), ms);
}

void begin_port(struct world *w, uint64_t id, unsigned port, uint64_t ms)
{
    char text[16];
    snprintf(text, sizeof text, "%u", port);
    begin(w, id, CHECK_PORT, text, ms);
}

static void on_answer(void *ctx, uint64_t id, uint32_t serial, bool good, const char *text)
{
    struct world *w = ctx;
    assert_true(w->told_n < TOLD_MAX);
    struct told *t = &w->told[w->told_n++];
    *t = (struct told){.id = id, .serial = serial, .good = good};
    snprintf(t->text, sizeof t->text, "%s", text);
    if (w->again > 0) {
        w->again--;
        begin_http(w, id, "/good", LAB_LIMIT_MS);
    }
}

void wait_until_told(struct world *w, size_t n)
{
    while (w->told_n < n)
        uv_run(&w->loop, UV_RUN_ONCE);
    assert_int_equal(w->told_n, n);
    assert_int_equal(checks_running(w->checks), 0);
}

/* The one check that was begun. */
const struct told *wait_answer(struct world *w)
{
    w->told_n = 0;
    wait_until_told(w, 1);
    return &w->told[0];
}

void expect_good(struct world *w)
{
    const struct told *t = wait_answer(w);
    if (!t->good)
        fail_msg("it should be good, but: %s", t->text);
    assert_string_equal(t->text, "");
}

void expect_bad(struct world *w, const char *words)
{
    const struct told *t = wait_answer(w);
    if (t->good)
        fail_msg("it should be bad: %s", words);
    if (!strstr(t->text, words))
        fail_msg("there is no '%s' in: %s", words, t->text);
}

void turn_until_held(struct world *w, size_t n)
{
    ULONGLONG end = GetTickCount64() + LAB_LIMIT_MS;
    while (answers_held(w->server) < n) {
        uv_run(&w->loop, UV_RUN_NOWAIT);
        SwitchToThread();
        assert_true(GetTickCount64() < end);
    }
}

unsigned find_free_port(void)
{
    struct answers *a = answers_open(false, 0);
    assert_non_null(a);
    unsigned port = answers_port(a);
    answers_close(a);
    return port;
}
