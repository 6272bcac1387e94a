/* harness.c - the world of one test, from its folder to the end of its processes. */
#include "harness.h"

#include "service/pipe/client.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *make_folder(const char *tail)
{
    static unsigned count;
    wchar_t temp[MAX_PATH];
    DWORD n = GetTempPathW(MAX_PATH, temp);
    assert_in_range(n, 1, MAX_PATH - 1);
    temp[n - 1] = L'\0'; /* the separator */
    char *base = utf8_of(temp);
    assert_non_null(base);
    char *dir = path_f("%s\\jw e2e %lu.%u%s", base, GetCurrentProcessId(), ++count, tail);
    free(base);
    tree_remove(dir);
    folder_make(dir);
    return dir;
}

int world_open(void **state)
{
    static unsigned count;
    struct world *w = calloc(1, sizeof *w);
    if (!w)
        return -1;
    w->plan = *state;
    *state = w;
    w->dir = make_folder(w->plan->folder ? w->plan->folder : "");
    w->jobwarden = path_beside_test(E2E_JOBWARDEN);
    w->worker = path_beside_test(E2E_WORKER);
    snprintf(w->service, sizeof w->service, "e2e-%lu-%u", GetCurrentProcessId(), ++count);
    w->job = w->plan->bare ? NULL : killing_job();
    job_file(w, "[service]\nname = %s\n", w->service);
    return 0;
}

void world_run(void **state)
{
    struct world *w = *state;
    w->plan->run(w);
    w->passed = true;
}

void skip_because(struct world *w, const char *reason)
{
    print_message("skipped: %s\n", reason);
    w->passed = true;
    skip();
}

static void print_file(const char *title, const char *path)
{
    struct buf b = {0};
    if (path && file_read(path, &b) && b.n > 0)
        fprintf(stderr, "----- %s:\n%s", title, buf_text(&b));
    buf_free(&b);
}

static void print_failure(const struct world *w)
{
    fprintf(stderr, "----- job file:\n%s", buf_text(&w->ini));
    print_file("log", w->warden.out);
    print_file("error output", w->warden.err);
    fprintf(stderr, "-----\n");
}

int world_close(void **state)
{
    struct world *w = *state;
    if (!w->passed)
        print_failure(w);
    for (size_t i = 0; i < w->rings; i++)
        pipe_client_close(w->ring[i]);
    program_close(&w->warden);
    if (w->job)
        CloseHandle(w->job);
    for (size_t i = 0; i < w->people.n; i++)
        WaitForSingleObject(w->people.process[i], w->job ? GENEROUS_MS : 0);
    people_close(&w->people);
    tree_remove(w->dir);
    buf_free(&w->ini);
    buf_free(&w->log);
    free(w->dir);
    free(w->jobwarden);
    free(w->worker);
    free(w);
    return 0;
}

void job_file(struct world *w, const char *fmt, ...)
{
    static char text[64 << 10];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    assert_in_range(n, 0, sizeof text - 1);
    char *from = text;
    for (char *at; (at = strstr(from, "@worker")) != NULL; from = at + strlen("@worker")) {
        buf_add(&w->ini, from, (size_t)(at - from));
        buf_f(&w->ini, "\"%s\"", w->worker);
    }
    buf_z(&w->ini, from);
    assert_true(buf_ok(&w->ini));
}

char *below(const struct world *w, const char *name)
{
    return path_f("%s\\%s", w->dir, name);
}

void service_start(struct world *w)
{
    char *ini = below(w, "jobs.ini");
    char *out = below(w, "service.out"), *err = below(w, "service.err");
    char *command = path_f("\"%s\" run --config \"%s\"", w->jobwarden, ini);
    file_write(ini, buf_view(&w->ini));
    program_close(&w->warden);
    program_start(command, w->dir, w->job, out, err, &w->warden);
    free(command);
    free(ini);
    free(out);
    free(err);
}

DWORD verb(struct world *w, const char *words, struct buf *out, struct buf *err)
{
    char *command = path_f("\"%s\" %s", w->jobwarden, words);
    DWORD code = program_run(command, w->dir, out, err);
    free(command);
    return code;
}

/* The Windows error of the sender. */
static DWORD send_ctrl_c(struct world *w)
{
    struct buf out = {0}, err = {0};
    char *words = path_f("--send-ctrl c %lu", w->warden.pid);
    DWORD code = verb(w, words, &out, &err);
    free(words);
    buf_free(&out);
    buf_free(&err);
    return code;
}

void service_ctrl_c(struct world *w)
{
    DWORD code = 0;
    if (w->job)
        job_settle(w->job);
    /* Under load Wine's console is sometimes not to be had at once; then nothing was sent. */
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        code = send_ctrl_c(w);
        if (code == 0 || !on_wine() || !program_alive(&w->warden) || GetTickCount64() >= end)
            break;
    }
    /* Wine's sender may also lose the console of one that has got it and ends. */
    if (code != 0 && (!on_wine() || program_alive(&w->warden)))
        fail_msg("Ctrl+C could not be sent: Windows error %lu", code);
}

DWORD service_wait(struct world *w)
{
    return program_wait(&w->warden);
}

DWORD service_stop(struct world *w)
{
    service_ctrl_c(w);
    return service_wait(w);
}
