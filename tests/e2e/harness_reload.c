/* harness_reload.c - see the header. */
#include "harness_reload.h"

#include "service/pipe/client.h"

#include <stdlib.h>

void file_anew(struct world *w)
{
    buf_reset(&w->ini);
    job_file(w, "[service]\nname = %s\n", w->service);
}

void file_replace(struct world *w)
{
    char *now = below(w, "jobs.ini"), *next = below(w, "jobs.new");
    wchar_t *to = wide_or_fail(now), *from = wide_or_fail(next);
    file_write(next, buf_view(&w->ini));
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;
         !MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING); Sleep(POLL_MS))
        if (GetTickCount64() >= end) /* somebody reads it for so long? */
            fail_msg("%s cannot be replaced: Windows error %lu", now, GetLastError());
    free(from);
    free(to);
    free(next);
    free(now);
}

void reload_ring(struct world *w)
{
    struct err e = {0};
    struct pipe_client *c = NULL;
    await(w, "service.started");
    if (pipe_client_open(NULL, w->service, &c, &e) != ST_OK ||
        pipe_client_send(c, STR("{\"protocol\":1,\"do\":\"reload\"}"), &e) != ST_OK)
        fail_msg("%s", e.text);
    assert_in_range(w->rings, 0, RINGS_MAX - 1);
    w->ring[w->rings++] = c; /* one that leaves at once may not be heard */
}

void reload_expect(struct world *w, const char *counts)
{
    struct buf out = {0}, err = {0};
    size_t n = lines_matching(log_now(w), "config.taken");
    file_replace(w);
    DWORD code = verb(w, "reload --config jobs.ini", &out, &err);
    if (code != 0)
        fail_msg("reload ended with %lu:\n%s%s", code, buf_text(&out), buf_text(&err));
    buf_free(&out);
    buf_free(&err);
    struct str line = line_of(await_n(w, "config.taken", n + 1), "config.taken", n);
    if (!line_matches(line, counts))
        fail_msg("not '%s': %.*s", counts, (int)line.n, line.p);
}

void expect_starts(struct world *w, const char *unit, size_t n)
{
    char *pattern = path_f("job.started job=%s", unit);
    size_t seen = lines_matching(log_now(w), pattern);
    if (seen != n)
        fail_msg("%s was started %zu times, not %zu", unit, seen, n);
    free(pattern);
}

void expect_order(struct world *w, const char *before, const char *after)
{
    struct str log = log_now(w);
    size_t n = lines_matching(log, after);
    struct str a = line_of(log, before, 0), b = line_of(log, after, n ? n - 1 : 0);
    if (!a.p || !b.p)
        fail_msg("there is no line '%s'", a.p ? after : before);
    if (a.p >= b.p)
        fail_msg("'%s' does not come before '%s'", before, after);
}
