/* checks_scene.c - see checks_scene.h. */
#include "tests/host/checks_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_bell(uv_async_t *bell)
{
    struct scene *s = bell->data;
    struct note n;
    bool lost = false;
    if (s->once) {
        void (*once)(struct scene *) = s->once;
        s->once = NULL;
        once(s);
        return;
    }
    while (queue_take(s->world.queue, &n, 1, &lost) > 0) {
        if (n.kind == NOTE_CHECK && !s->world.deaf)
            checks_packet(s->checks, n.number);
        else if (n.kind == NOTE_HOOK)
            hooks_ended(s->world.hooks, n.number);
    }
}

static void on_answer(void *ctx, uint64_t id, uint32_t serial, bool good, const char *text);

int scene_set_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    assert_non_null(s);
    world_open(&s->world, on_bell, s);
    const struct checks_setup setup = {.loop = &s->world.loop,
                                       .port = port_handle(s->world.port),
                                       .hooks = s->world.hooks,
                                       .config_dir = s->world.lab->folder,
                                       .answer = on_answer,
                                       .ctx = s};
    assert_int_equal(checks_new(&setup, &s->checks, NULL), ST_OK);
    s->server = answers_open(false, 0);
    assert_non_null(s->server);
    *state = s;
    return 0;
}

void close_checks(struct scene *s)
{
    checks_shut(s->checks);
    hooks_shut(s->world.hooks);
    uv_run(&s->world.loop, UV_RUN_NOWAIT);
    uv_run(&s->world.loop, UV_RUN_NOWAIT);
    checks_free(s->checks);
    hooks_free(s->world.hooks);
    s->checks = NULL;
    s->world.hooks = NULL;
}

int scene_tear_down(void **state)
{
    struct scene *s = *state;
    checks_shut(s->checks);
    world_shut(&s->world);
    checks_free(s->checks);
    answers_close(s->server);
    int left = world_free(&s->world);
    free(s);
    return left;
}

/* --- beginning and waiting ---------------------------------------------------------- */
enum st try_begin(struct scene *s, uint64_t id, enum check_kind kind, const char *text, uint64_t ms,
                  struct err *e)
{
    const struct job_spec spec = lab_spec();
    const struct check check = {.kind = kind,
                                .serial = (uint32_t)id + 1000,
                                .port = kind == CHECK_PORT ? (uint32_t)atoi(text) : 0,
                                .text = text,
                                .timeout_ms = ms};
    return checks_begin(s->checks, id, &spec, &check, e);
}

void begin(struct scene *s, uint64_t id, enum check_kind kind, const char *text, uint64_t ms)
{
    struct err e = {0};
    if (try_begin(s, id, kind, text, ms, &e) != ST_OK)
        fail_msg("%s", e.text);
}

static const char *url(const struct scene *s, const char *path)
{
    static char text[128];
    snprintf(text, sizeof text, "http://127.0.0.1:%u%s", answers_port(s->server), path);
    return text;
}

void begin_http(struct scene *s, uint64_t id, const char *path, uint64_t ms)
{
    begin(s, id, CHECK_HTTP, url(s, path), ms);
}

void begin_port(struct scene *s, uint64_t id, unsigned port, uint64_t ms)
{
    char text[16];
    snprintf(text, sizeof text, "%u", port);
    begin(s, id, CHECK_PORT, text, ms);
}

static void on_answer(void *ctx, uint64_t id, uint32_t serial, bool good, const char *text)
{
    struct scene *s = ctx;
    assert_true(s->told_n < TOLD_MAX);
    struct told *t = &s->told[s->told_n++];
    *t = (struct told){.id = id, .serial = serial, .good = good};
    snprintf(t->text, sizeof t->text, "%s", text);
    buf_f(&s->world.said, "answer good=%d %s\n", good, text);
    if (s->again > 0) {
        s->again--;
        begin_http(s, id, "/good", LAB_LIMIT_MS);
    }
}

void wait_until_told(struct scene *s, size_t n)
{
    while (s->told_n < n)
        uv_run(&s->world.loop, UV_RUN_ONCE);
    assert_int_equal(s->told_n, n);
    assert_int_equal(checks_running(s->checks), 0);
}

/* The one check that was begun. */
const struct told *wait_answer(struct scene *s)
{
    s->told_n = 0;
    wait_until_told(s, 1);
    return &s->told[0];
}

void expect_good(struct scene *s)
{
    const struct told *t = wait_answer(s);
    if (!t->good)
        fail_msg("it should be good, but: %s", t->text);
    assert_string_equal(t->text, "");
}

void expect_bad(struct scene *s, const char *words)
{
    const struct told *t = wait_answer(s);
    if (t->good)
        fail_msg("it should be bad: %s", words);
    if (!strstr(t->text, words))
        fail_msg("there is no '%s' in: %s", words, t->text);
}

void turn_until_held(struct scene *s, size_t n)
{
    ULONGLONG end = GetTickCount64() + LAB_LIMIT_MS;
    while (answers_held(s->server) < n) {
        uv_run(&s->world.loop, UV_RUN_NOWAIT);
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
