/* soak_restarts.c - jobwarden.exe holds no more after 3,400 restarts than after 2,200. */
#include "figures.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    FIRST = 2200, /* by then the lines that it keeps, caches and, under Wine, the handle table have
                     the size that they stay at */
    RESTARTS = 1200,
    INSTANCES = 4, /* of each of two jobs, so that both processors are busy */
    LEAK_BYTES = 64,
    HANDLES_NOISE = 16,    /* a pool's threads come and go */
    THREAD_BYTES = 1 << 20 /* one takes about 992 KiB under Wine, whatever its stack */
};

/* Reads on where the last call stopped, so that the whole log is read once. */
static size_t count_restarts(struct world *w)
{
    static struct { /* the rest of a line */
        struct buf text;
        uint64_t at;
        size_t n;
    } seen;
    char chunk[16 << 10];
    DWORD got;
    wchar_t *path = wide_or_fail(w->warden.out);
    HANDLE h = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                           OPEN_EXISTING, 0, NULL);
    free(path);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    LARGE_INTEGER at = {.QuadPart = (LONGLONG)seen.at};
    assert_true(SetFilePointerEx(h, at, NULL, FILE_BEGIN));
    while (ReadFile(h, chunk, sizeof chunk, &got, NULL) && got > 0) {
        seen.at += got;
        for (DWORD i = 0; i < got; i++) {
            buf_char(&seen.text, chunk[i]);
            if (chunk[i] != '\n')
                continue;
            seen.n += line_matches(buf_view(&seen.text), "job.ended");
            buf_reset(&seen.text);
        }
    }
    CloseHandle(h);
    return seen.n;
}

static struct figures after(struct world *w, size_t restarts)
{
    ULONGLONG quiet_until = GetTickCount64() + GENEROUS_MS;
    for (size_t last = 0, n; (n = count_restarts(w)) < restarts; last = n) {
        if (!program_alive(&w->warden))
            fail_msg("jobwarden.exe ended after %zu restarts", n);
        if (n > last)
            quiet_until = GetTickCount64() + GENEROUS_MS;
        if (GetTickCount64() >= quiet_until)
            fail_msg("no restart since the %zuth", n);
        Sleep(POLL_MS);
    }
    struct figures f = figures_of(w->warden.process);
    printf("after %zu restarts: %u handles, %u threads, %llu private bytes\n", count_restarts(w),
           f.handles, f.threads, f.private_bytes);
    fflush(stdout);
    return f;
}

static void jobwarden__after_thousands_of_restarts__holds_no_more_than_before(struct world *w)
{
    job_file(w,
             "log_file =\nsample_interval = 200ms\n"
             "[group:both]\njob_memory_limit = 64G\n"
             "[defaults]\ngroup = both\nguard_commit = 32G for 1m\nprocess_time_limit = 1d\n"
             "restart_delay = 0\nrestart_delay_max = 0\nstart_limit = 0\n"
             "instances = %d\n"
             "[job:silent]\ncommand = @worker --exit 0\nstdout = null\n"
             "[job:writer]\ncommand = @worker --lines 3 --stderr-lines 1 --exit 1\n"
             "stdout = ${job}.${instance}.txt\nlog_max_size = 4K\nlog_keep = 1\n",
             INSTANCES);
    service_start(w);
    struct figures first = after(w, FIRST), last = after(w, FIRST + RESTARTS);
    w->passed = true; /* its long log would say nothing about a leak */
    assert_true(last.handles <= first.handles + HANDLES_NOISE);
    unsigned came = last.threads > first.threads ? last.threads - first.threads : 0;
    assert_true(came <= 1);
    uint64_t most = first.private_bytes + RESTARTS * LEAK_BYTES + (uint64_t)came * THREAD_BYTES;
    if (last.private_bytes >= most)
        fail_msg("%llu bytes a restart have leaked",
                 (last.private_bytes - first.private_bytes) / RESTARTS);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(jobwarden__after_thousands_of_restarts__holds_no_more_than_before),
    };
    return cmocka_run_group_tests_name("a long life", tests, NULL, NULL);
}
