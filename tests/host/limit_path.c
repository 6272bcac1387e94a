/* limit_path.c - see limit_path.h. */
#include "tests/host/limit_path.h"

#include "service/host/loading.h"
#include "service/win32/file.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POLL_MS = 2, MARK = 0x7777 };

/* --- the seam ----------------------------------------------------------------------- */
struct fake_kernel fake_kernel;

static enum st fake_violation(HANDLE job, struct violation *ret, struct err *e)
{
    fake_kernel.calls++;
    fake_kernel.last = job;
    if (fake_kernel.st != ST_OK)
        return err_say(e, fake_kernel.st, "there is no record");
    *ret = fake_kernel.record;
    fake_kernel.record.violated = 0; /* reading it arms the limits again */
    return ST_OK;
}

/* --- the world ---------------------------------------------------------------------- */
static void on_line(void *ctx, enum log_level level, struct str line)
{
    struct way *p = ctx;
    buf_f(&p->log, "%s ", log_level_names[level]);
    buf_str(&p->log, line);
    buf_z(&p->log, "\n");
}

int way_open(void **state)
{
    struct way *p = calloc(1, sizeof *p);
    if (!p)
        return -1;
    memset(&fake_kernel, 0, sizeof fake_kernel);
    p->folder = scratch_make();
    *state = p;
    return 0;
}

void way_unload(struct way *p)
{
    app_close(p->app);
    p->app = NULL;
}

int way_close(void **state)
{
    struct way *p = *state;
    way_unload(p);
    scratch_remove(p->folder);
    buf_free(&p->log);
    free(p);
    return 0;
}

static char *worker_path(void)
{
    char *self = path_of_self();
    char *folder = path_join(self, "..");
    char *worker = path_join(folder, "..\\helper\\worker.exe");
    assert_non_null(worker);
    free(folder);
    free(self);
    return worker;
}

/* `@worker` becomes the quoted path of the test worker. */
static void write_jobs(const char *path, const char *text)
{
    static unsigned count;
    struct buf b = {0};
    char *worker = worker_path();
    buf_f(&b,
          "[service]\nname = path-%lu-%u\nobject_namespace = local\nlog_file =\n"
          "log_level = debug\nsample_interval = 1h\n",
          GetCurrentProcessId(), ++count);
    for (const char *at; (at = strstr(text, "@worker")) != NULL; text = at + strlen("@worker")) {
        buf_add(&b, text, (size_t)(at - text));
        buf_f(&b, "\"%s\"", worker);
    }
    buf_z(&b, text);
    assert_true(buf_ok(&b));
    scratch_write(path, b.p, b.n);
    buf_free(&b);
    free(worker);
}

/* TEXT continues [service].  Nothing is started yet. */
void way_load(struct way *p, const char *text)
{
    struct config *config = NULL;
    struct recording *read = NULL;
    struct buf mistakes = {0};
    struct err e = {0};
    char *ini = scratch_path(p->folder, "jobs.ini");
    write_jobs(ini, text);
    if (load_config(ini, &config, &read, &mistakes) != ST_OK)
        fail_msg("%s", buf_text(&mistakes));
    free(ini);
    buf_free(&mistakes);
    const struct app_options options = {.console = false, .read = read};
    if (app_open(config, &options, &p->app, &e) != ST_OK)
        fail_msg("%s", e.text);
    p->app->logger.log = (struct log){LOG_DEBUG, on_line, p};
    p->app->runs->set.violation = fake_violation;
}

void way_turn(struct way *p)
{
    uv_run(&p->app->loop, UV_RUN_NOWAIT);
    Sleep(POLL_MS);
}

void way_await(struct way *p, const char *pattern, size_t n)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; way_turn(p)) {
        size_t seen = lines_matching(buf_view(&p->log), pattern);
        if (seen >= n)
            return;
        if (GetTickCount64() >= end)
            fail_msg("%zu of %zu lines '%s' in\n%s", seen, n, pattern, buf_text(&p->log));
    }
}

void way_expect(struct way *p, const char *pattern, size_t n)
{
    size_t seen = lines_matching(buf_view(&p->log), pattern);
    if (seen != n)
        fail_msg("%zu lines, not %zu, '%s' in\n%s", seen, n, pattern, buf_text(&p->log));
}

/* Opens it and starts all workers. */
void way_start(struct way *p, const char *text)
{
    way_load(p, text);
    sup_start_all(p->app->sup);
    way_await(p, "info job.started", p->app->config->n);
}

const struct unit *way_unit(const struct way *p, size_t slot)
{
    return sup_unit(p->app->sup, slot);
}

ULONG_PTR way_key(const struct way *p, size_t slot)
{
    return (ULONG_PTR)way_unit(p, slot)->id;
}

void way_post(const struct way *p, ULONG_PTR key, DWORD message, uint32_t pid)
{
    OVERLAPPED *about = (OVERLAPPED *)(ULONG_PTR)pid; /* as Windows gives a pid */
    assert_true(PostQueuedCompletionStatus(port_handle(p->app->port), message, key, about));
}

/* Until all that was posted before has been dealt with. */
void way_drain(struct way *p)
{
    way_post(p, way_key(p, 0), MARK, 0);
    way_await(p, "debug port.packet message=30583", ++p->marks);
}

void way_forget_lines(struct way *p)
{
    buf_reset(&p->log);
    p->marks = 0;
}

bool way_wrote(const struct way *p, const char *name, const char *text)
{
    char bytes[512];
    DWORD n = 0;
    char *path = path_join(p->folder, name);
    wchar_t *wide = path ? wide_z(path) : NULL;
    assert_non_null(wide);
    HANDLE h = CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                           OPEN_EXISTING, 0, NULL);
    bool read = h != INVALID_HANDLE_VALUE && ReadFile(h, bytes, sizeof bytes - 1, &n, NULL);
    if (h != INVALID_HANDLE_VALUE)
        CloseHandle(h);
    bytes[read ? n : 0] = '\0';
    free(wide);
    free(path);
    return strstr(bytes, text) != NULL;
}
