/* hooks_world.c - see hooks_world.h. */
#include "tests/host/hooks_world.h"

#include <tlhelp32.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int hooks_world_open(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    world_open(w, on_bell, w);
    *state = w;
    return 0;
}

int hooks_world_close(void **state)
{
    struct world *w = *state;
    world_shut(w);
    int left = world_free(w);
    free(w);
    return left;
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

size_t said_lines(const struct world *w, const char *words)
{
    size_t n = 0;
    for (const char *at = buf_text(&w->said); (at = strstr(at, words)) != NULL; at++)
        n++;
    return n;
}

void put_file(const struct world *w, const char *name)
{
    char *path = scratch_path(w->lab->folder, name);
    scratch_write(path, "", 0);
    free(path);
}

bool has_file(const struct world *w, const char *name)
{
    char *path = scratch_path(w->lab->folder, name), *text = scratch_read(path);
    bool there = text != NULL;
    free(text);
    free(path);
    return there;
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
