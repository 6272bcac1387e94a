/* harness_limits.c - see the header. */
#include "harness_limits.h"

#include <stdlib.h>
#include <string.h>

void sampler_must_hold(struct world *w, const char *key)
{
    char *pattern = path_f("limit.not_by_kernel limit=%s by=sampler", key);
    struct str log = await(w, "service.started");
    size_t n = lines_matching(log, pattern);
    free(pattern);
    if (n == 0 && on_wine())
        fail_msg("the sampler does not hold %s", key);
    if (n == 0)
        skip_because(w, "the kernel holds the limit here, see tests/enforce");
}

void make_file(struct world *w, const char *name)
{
    char *path = below(w, name);
    file_write(path, STR(""));
    free(path);
}

void make_batch(struct world *w, const char *name, const char *text)
{
    struct buf b = {0};
    char *path = below(w, name);
    for (const char *at; (at = strstr(text, "@worker")) != NULL; text = at + strlen("@worker")) {
        buf_add(&b, text, (size_t)(at - text));
        buf_f(&b, "\"%s\"", w->worker);
    }
    buf_z(&b, text);
    assert_true(buf_ok(&b));
    file_write(path, buf_view(&b));
    buf_free(&b);
    free(path);
}

void await_people(HANDLE job, size_t n, struct people *ret)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        people_close(ret);
        job_people(job, ret);
        if (ret->n == n)
            return;
        if (GetTickCount64() >= end)
            fail_msg("there are %zu processes, not %zu", ret->n, n);
    }
}

DWORD child_pid(struct world *w, const char *file, size_t nth)
{
    struct buf text = {0};
    await_file(w, file, "child ", nth + 1, &text);
    struct str line = line_of(buf_view(&text), "child ", nth);
    DWORD pid = (DWORD)strtoul(line.p + sizeof "child", NULL, 10);
    buf_free(&text);
    return pid;
}

void expect_lines(struct world *w, const char *pattern, size_t n)
{
    size_t seen = lines_matching(log_now(w), pattern);
    if (seen != n)
        fail_msg("%zu lines, not %zu: %s", seen, n, pattern);
}
