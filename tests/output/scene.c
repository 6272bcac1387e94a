/* scene.c - setting up, looking at files, waiting. */
#include "tests/output/scene.h"

#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t clock_of(void *ctx)
{
    struct scene *s = ctx;
    LONG64 utc = InterlockedCompareExchange64(&s->utc, 0, 0);
    if (utc)
        return (uint64_t)utc;
    FILETIME f;
    GetSystemTimeAsFileTime(&f);
    return (uint64_t)f.dwHighDateTime << 32 | f.dwLowDateTime;
}

void scene_sink(void *ctx, enum log_level level, struct str line)
{
    struct scene *s = ctx;
    (void)level;
    EnterCriticalSection(&s->lock);
    buf_str(&s->told, line);
    buf_char(&s->told, '\n');
    HANDLE gate = s->gate;
    bool to_log = s->to_log;
    LeaveCriticalSection(&s->lock);
    if (gate)
        WaitForSingleObject(gate, INFINITE);
    if (to_log)
        output_log_line(s->o, line);
}

static void sweep_away(const char *dir)
{
    char pattern[1024];
    snprintf(pattern, sizeof pattern, "%s\\*", dir);
    wchar_t *w = wide_at(pattern);
    WIN32_FIND_DATAW found;
    HANDLE h = FindFirstFileW(w, &found);
    free(w);
    if (h == INVALID_HANDLE_VALUE)
        return;
    do {
        char *name = utf8_of(found.cFileName);
        char path[1024];
        snprintf(path, sizeof path, "%s\\%s", dir, name);
        w = wide_at(path);
        bool folder = found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
        if (folder && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            sweep_away(path);
        else if (!folder)
            DeleteFileW(w);
        free(w);
        free(name);
    } while (FindNextFileW(h, &found));
    FindClose(h);
    w = wide_at(dir);
    RemoveDirectoryW(w);
    free(w);
}

static void folder_of(struct scene *s)
{
    static unsigned count;
    wchar_t temp[MAX_PATH];
    assert_in_range(GetTempPathW(MAX_PATH, temp), 1, MAX_PATH);
    char *z = utf8_of(temp);
    assert_non_null(z);
    snprintf(s->dir, sizeof s->dir, "%sjw-output-%lu-%u", z, GetCurrentProcessId(), ++count);
    free(z);
    sweep_away(s->dir); /* of a run that was broken off */
    wchar_t *w = wide_at(s->dir);
    assert_true(CreateDirectoryW(w, NULL));
    free(w);
}

int scene_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    if (!s)
        return -1;
    InitializeCriticalSection(&s->lock);
    folder_of(s);
    s->log = (struct log){.level = LOG_INFO, .sink = scene_sink, .ctx = s};
    struct err e = {0};
    if (output_start_by(&s->log, clock_of, s, &s->o, &e) != ST_OK) {
        print_error("%s\n", e.text);
        return -1;
    }
    *state = s;
    return 0;
}

int scene_down(void **state)
{
    struct scene *s = *state;
    if (s->gate)
        SetEvent(s->gate);
    finish(s, 100);
    sweep_away(s->dir);
    if (s->gate)
        CloseHandle(s->gate);
    buf_free(&s->told);
    DeleteCriticalSection(&s->lock);
    free(s);
    return 0;
}

const char *at(struct scene *s, const char *name)
{
    char *path = s->path[s->paths++ % 8];
    snprintf(path, sizeof s->path[0], "%s\\%s", s->dir, name);
    return path;
}

const char *at_old(struct scene *s, const char *name, unsigned k)
{
    char numbered[512];
    if (k == 0)
        return at(s, name);
    snprintf(numbered, sizeof numbered, "%s.%u", name, k);
    return at(s, numbered);
}

wchar_t *wide_at(const char *path)
{
    wchar_t *w = wide_z(path);
    assert_non_null(w);
    return w;
}

HANDLE pipe_to(struct scene *s, struct output_file file)
{
    HANDLE h = NULL;
    struct err e = {0};
    if (output_pipe(s->o, &file, &h, &e) != ST_OK)
        fail_msg("%s", e.text);
    return h;
}

void say_n(HANDLE h, const char *p, size_t n)
{
    while (n > 0) {
        DWORD done = 0;
        assert_true(WriteFile(h, p, (DWORD)n, &done, NULL));
        p += done;
        n -= done;
    }
}

void say(HANDLE h, const char *text)
{
    say_n(h, text, strlen(text));
}

void finish(struct scene *s, uint32_t grace_ms)
{
    output_stop(s->o, grace_ms);
    s->o = NULL;
}

struct buf content(const char *path)
{
    struct buf b = {0};
    wchar_t *w = wide_at(path);
    HANDLE h = CreateFileW(w, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                           NULL, OPEN_EXISTING, 0, NULL);
    free(w);
    if (h == INVALID_HANDLE_VALUE)
        return b;
    static char part[64 << 10];
    for (DWORD n; ReadFile(h, part, sizeof part, &n, NULL) && n > 0;)
        buf_add(&b, part, n);
    CloseHandle(h);
    assert_true(buf_ok(&b));
    return b;
}

bool there(const char *path)
{
    wchar_t *w = wide_at(path);
    DWORD a = GetFileAttributesW(w);
    free(w);
    return a != INVALID_FILE_ATTRIBUTES;
}

void assert_content(const char *path, const char *want)
{
    struct buf b = content(path);
    assert_string_equal(buf_text(&b), want);
    buf_free(&b);
}

bool holds(const char *path, const char *needle)
{
    struct buf b = content(path);
    bool yes = strstr(buf_text(&b), needle) != NULL;
    buf_free(&b);
    return yes;
}

struct buf all_content(struct scene *s, const char *name, unsigned *ret_files)
{
    unsigned oldest = 0;
    while (there(at_old(s, name, oldest + 1)))
        oldest++;
    struct buf all = {0};
    for (unsigned k = oldest + 1; k-- > 0;) {
        struct buf b = content(at_old(s, name, k));
        buf_str(&all, buf_view(&b));
        buf_free(&b);
    }
    assert_true(buf_ok(&all));
    *ret_files = oldest + 1;
    return all;
}

void put_file(const char *path, const char *text)
{
    wchar_t *w = wide_at(path);
    HANDLE h = CreateFileW(w, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    free(w);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    say(h, text);
    CloseHandle(h);
}

unsigned count_of(const char *text, const char *needle)
{
    unsigned n = 0;
    for (const char *p = text; (p = strstr(p, needle)) != NULL; p++)
        n++;
    return n;
}

unsigned told(struct scene *s, const char *needle)
{
    EnterCriticalSection(&s->lock);
    unsigned n = count_of(buf_text(&s->told), needle);
    LeaveCriticalSection(&s->lock);
    return n;
}

uint64_t told_number(struct scene *s, const char *needle, const char *key)
{
    uint64_t value = UINT64_MAX;
    EnterCriticalSection(&s->lock);
    for (const char *p = buf_text(&s->told); (p = strstr(p, needle)) != NULL; p++) {
        const char *k = strstr(p, key);
        if (k)
            value = strtoull(k + strlen(key) + 1, NULL, 10);
    }
    LeaveCriticalSection(&s->lock);
    return value;
}

/* Wine counts none, but gives every new handle the lowest free number; where holes are, it moves a
 * little. */
DWORD handles(void)
{
    DWORD n = 0;
    if (GetProcessHandleCount(GetCurrentProcess(), &n) && n > 0)
        return n;
    HANDLE h = CreateEventW(NULL, TRUE, FALSE, NULL);
    n = (DWORD)((uintptr_t)h / 4);
    CloseHandle(h);
    return n;
}
