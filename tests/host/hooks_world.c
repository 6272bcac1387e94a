/* hooks_world.c - see hooks_world.h. */
#include "tests/host/hooks_world.h"

#include <tlhelp32.h>

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
    while (queue_take(w->queue, &n, 1, &lost) > 0) {
        assert_int_equal(n.kind, NOTE_HOOK);
        if (!w->deaf)
            hooks_ended(w->hooks, n.number);
    }
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

int hooks_world_open(void **state)
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
    w->logger.log = (struct log){LOG_DEBUG, record, w};
    assert_int_equal(hooks_new(&w->loop, port_handle(w->port), &w->logger, "Fleet", w->lab->folder,
                               &w->hooks, NULL),
                     ST_OK);
    *state = w;
    return 0;
}

int hooks_world_close(void **state)
{
    struct world *w = *state;
    void *lab = w->lab;
    queue_shut(w->queue);
    hooks_shut(w->hooks);
    uv_close((uv_handle_t *)&w->bell, NULL);
    uv_close((uv_handle_t *)&w->limit, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&w->loop), 0);
    hooks_free(w->hooks);
    port_close(w->port);
    queue_free(w->queue);
    buf_free(&w->said);
    free(w);
    return lab_teardown(&lab);
}

void wait_until_running(struct world *w, size_t n)
{
    while (hooks_running(w->hooks) > n)
        uv_run(&w->loop, UV_RUN_ONCE);
    assert_int_equal(hooks_running(w->hooks), n);
}

void expect_said(const struct world *w, const char *words)
{
    if (!strstr(buf_text(&w->said), words))
        fail_msg("there is no '%s' in: %s", words, buf_text(&w->said));
}

void put_file(const struct world *w, const char *name)
{
    char *path = scratch_path(w->lab->folder, name);
    scratch_write(path, "", 0);
    free(path);
}

char *wait_file(const struct world *w, const char *name, const char *text)
{
    char *path = scratch_path(w->lab->folder, name);
    lab_wait_text(path, text);
    char *got = scratch_read(path);
    free(path);
    return got;
}

char *copy_of_worker(const struct world *w, const char *name)
{
    struct buf command = {0};
    char *path = scratch_path(w->lab->folder, name);
    wchar_t *from = path_wide(w->lab->worker), *to = path_wide(path);
    assert_true(CopyFileW(from, to, TRUE));
    buf_f(&command, "\"%s\" --exit 0", path);
    assert_true(buf_ok(&command));
    free(from);
    free(to);
    free(path);
    return command.p;
}

void remove_file(const struct world *w, const char *name)
{
    char *path = scratch_path(w->lab->folder, name);
    wchar_t *wide = path_wide(path);
    assert_true(DeleteFileW(wide));
    free(wide);
    free(path);
}

DWORD pid_said(const struct world *w)
{
    const char *at = strstr(buf_text(&w->said), " pid=");
    assert_non_null(at);
    return (DWORD)strtoul(at + 5, NULL, 10);
}

HANDLE find_child_of(DWORD pid)
{
    PROCESSENTRY32W p = {.dwSize = sizeof p};
    HANDLE found = NULL, h = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    for (BOOL more = Process32FirstW(h, &p); more && !found; more = Process32NextW(h, &p))
        if (p.th32ParentProcessID == pid && _wcsicmp(p.szExeFile, L"worker.exe") == 0)
            found = OpenProcess(SYNCHRONIZE, FALSE, p.th32ProcessID);
    CloseHandle(h);
    return found;
}

void expect_gone(HANDLE process)
{
    assert_int_equal(WaitForSingleObject(process, LAB_LIMIT_MS), WAIT_OBJECT_0);
    CloseHandle(process);
}
