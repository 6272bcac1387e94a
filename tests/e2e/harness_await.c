/* harness_await.c - waiting for what the service logs and its workers write. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

struct str log_now(struct world *w)
{
    buf_reset(&w->log);
    if (w->warden.out)
        file_read(w->warden.out, &w->log);
    return buf_view(&w->log);
}

struct str await_n(struct world *w, const char *pattern, size_t n)
{
    ULONGLONG end = GetTickCount64() + GENEROUS_MS;
    for (;;) {
        bool alive = program_alive(&w->warden); /* before reading: then nothing is missed */
        struct str log = log_now(w);
        size_t seen = lines_matching(log, pattern);
        if (seen >= n)
            return log;
        if (!alive)
            fail_msg("the service ended with %zu of %zu lines '%s'", seen, n, pattern);
        if (GetTickCount64() >= end)
            fail_msg("%zu of %zu lines '%s' in the log", seen, n, pattern);
        Sleep(POLL_MS);
    }
}

struct str await(struct world *w, const char *pattern)
{
    return await_n(w, pattern, 1);
}

uint64_t logged(struct world *w, const char *pattern, size_t nth, const char *key)
{
    uint64_t number = 0;
    struct str line = line_of(log_now(w), pattern, nth);
    if (!line.p)
        fail_msg("there is no line %zu '%s' in the log", nth, pattern);
    if (!line_number(line, key, &number))
        fail_msg("'%.*s' has no %s", (int)line.n, line.p, key);
    return number;
}

void expect_before(struct world *w, const char *first, const char *then)
{
    struct str log = log_now(w);
    struct str a = line_of(log, first, 0), b = line_of(log, then, 0);
    if (!a.p || !b.p)
        fail_msg("there is no line '%s' in the log", a.p ? then : first);
    if (a.p >= b.p)
        fail_msg("'%s' is not before '%s'", first, then);
}

HANDLE worker_of(struct world *w, const char *unit)
{
    char *pattern = path_f("job.started job=%s", unit);
    struct str log = await(w, pattern);
    size_t n = lines_matching(log, pattern);
    HANDLE h = process_open((DWORD)logged(w, pattern, n - 1, "pid"));
    free(pattern);
    assert_in_range(w->people.n, 0, PEOPLE_MAX - 1);
    w->people.process[w->people.n++] = h;
    return h;
}

char *job_name(struct world *w, const char *unit)
{
    struct str line = line_of(await(w, "service.started"), "service.started", 0);
    const char *space = text_has(line, "namespace=Local") ? "Local" : "Global";
    return path_f("%s\\%s.%s", space, w->service, unit);
}

void await_name_gone(const char *name)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; job_exists(name); Sleep(POLL_MS))
        if (GetTickCount64() >= end)
            fail_msg("there is still a job %s", name);
}

void await_file(struct world *w, const char *name, const char *pattern, size_t n, struct buf *out)
{
    ULONGLONG end = GetTickCount64() + GENEROUS_MS;
    struct buf b = {0};
    char *path = below(w, name);
    for (;;) {
        buf_reset(&b);
        bool there = file_read(path, &b);
        size_t seen = pattern ? lines_matching(buf_view(&b), pattern) : n;
        if (there && seen >= n)
            break;
        if (GetTickCount64() >= end)
            fail_msg("%s %s; %zu of %zu lines '%s'", name, there ? "is there" : "is missing", seen,
                     n, pattern ? pattern : "");
        Sleep(POLL_MS);
    }
    if (out)
        buf_str(out, buf_view(&b));
    buf_free(&b);
    free(path);
}
