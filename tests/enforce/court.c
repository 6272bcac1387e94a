/* court.c - see court.h. */
#include "tests/enforce/court.h"

#include "config/schema.h"
#include "service/win32/file.h"
#include "service/win32/security.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int court_open(void **state)
{
    struct court *c = calloc(1, sizeof *c);
    struct err e = {0};
    assert_non_null(c);
    machine_read(&c->machine);
    if (probe_run(&c->machine, &c->probe, &e) != ST_OK)
        fail_msg("%s", e.text);
    c->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    assert_non_null(c->port);
    assert_int_equal(security_for_objects(&c->sa, NULL), ST_OK);
    *state = c;
    return 0;
}

int court_close(void **state)
{
    struct court *c = *state;
    for (size_t i = 0; i < c->workers; i++) {
        TerminateProcess(c->worker[i].process, 0);
        WaitForSingleObject(c->worker[i].process, COURT_LIMIT_MS);
        CloseHandle(c->worker[i].process);
        CloseHandle(c->worker[i].ear.out);
    }
    while (c->jobs > 0)
        job_close(c->job[--c->jobs]);
    CloseHandle(c->port);
    security_free(&c->sa);
    free(c);
    return 0;
}

void court_skip(const char *reason)
{
    print_message("skipped: %s\n", reason);
    skip();
}

void court_needs(const struct court *c, enum limit_id id)
{
    char reason[128];
    snprintf(reason, sizeof reason, "%s is held by %s here, not by the kernel",
             schema_limit(id)->key, holder_names[c->probe.holders.of[id]]);
    if (!c->probe.row[id].kernel)
        court_skip(reason);
}

struct kernel_limits court_map(const struct court *c, const struct limits *l)
{
    struct kernel_limits k;
    struct limits whole = *l;
    whole.kill_on_job_close = YES;
    kernel_limits_map(&whole, &c->machine, NULL, &k);
    return k;
}

struct job *court_job(struct court *c, const struct limits *l)
{
    static unsigned count;
    char name[64];
    struct err e = {0};
    const struct kernel_limits k = court_map(c, l);
    assert_in_range(c->jobs, 0, COURT_JOBS - 1);
    snprintf(name, sizeof name, "Local\\jwcourt.%lu.%u", GetCurrentProcessId(), ++count);
    const struct job_request r = {
        .name = name, .security = &c->sa, .port = c->port, .key = c->jobs + 1, .limits = &k};
    if (job_create(&r, &c->job[c->jobs], &e) != ST_OK)
        fail_msg("%s", e.text);
    return c->job[c->jobs++];
}

static wchar_t *worker_line(const char *switches)
{
    char *self = path_of_self();
    char *folder = path_join(self, "..");
    char *worker = path_join(folder, "..\\helper\\worker.exe");
    size_t n = strlen(worker) + strlen(switches) + 4;
    char *z = malloc(n);
    assert_non_null(z);
    snprintf(z, n, "\"%s\" %s", worker, switches);
    wchar_t *w = wide_z(z);
    assert_non_null(w);
    free(z);
    free(worker);
    free(folder);
    free(self);
    return w;
}

static struct worker *start(struct court *c, wchar_t *line)
{
    STARTUPINFOW si = {.cb = sizeof si, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION pi = {0};
    assert_in_range(c->workers, 0, COURT_WORKERS - 1);
    struct worker *w = &c->worker[c->workers];
    si.hStdOutput = ear_open(&w->ear);
    si.hStdError = si.hStdOutput;
    assert_true(CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_SUSPENDED | DETACHED_PROCESS,
                               NULL, NULL, &si, &pi));
    free(line);
    CloseHandle(si.hStdOutput);
    w->process = pi.hProcess;
    w->pid = pi.dwProcessId;
    c->workers++;
    for (size_t i = 0; i < c->jobs; i++)
        assert_true(AssignProcessToJobObject(job_handle(c->job[i]), pi.hProcess));
    assert_int_not_equal(ResumeThread(pi.hThread), (DWORD)-1);
    CloseHandle(pi.hThread);
    return w;
}

struct worker *court_start(struct court *c, const char *switches)
{
    return start(c, worker_line(switches));
}

struct worker *court_run(struct court *c, const char *command)
{
    wchar_t *line = wide_z(command);
    assert_non_null(line);
    return start(c, line);
}

const char *court_hear(struct worker *w, const char *text)
{
    return ear_wait(&w->ear, text);
}

DWORD court_end(struct worker *w)
{
    DWORD code = 0;
    assert_int_equal(WaitForSingleObject(w->process, COURT_LIMIT_MS), WAIT_OBJECT_0);
    assert_true(GetExitCodeProcess(w->process, &code));
    return code;
}

bool court_alive(const struct worker *w)
{
    return WaitForSingleObject(w->process, 0) == WAIT_TIMEOUT;
}

/* The next packet of the innermost job. */
static DWORD next(struct court *c, DWORD *ret_pid)
{
    DWORD number = 0;
    ULONG_PTR key = 0;
    OVERLAPPED *about = NULL;
    do {
        if (!GetQueuedCompletionStatus(c->port, &number, &key, &about, COURT_LIMIT_MS))
            fail_msg("no packet came: Windows error %lu", GetLastError());
    } while (key != c->jobs);
    *ret_pid = (DWORD)(ULONG_PTR)about;
    return number;
}

DWORD court_message(struct court *c, DWORD number)
{
    DWORD pid = 0;
    while (next(c, &pid) != number)
        ;
    return pid;
}

bool court_said_before(struct court *c, DWORD number)
{
    struct worker *mark = court_start(c, "--hold");
    DWORD pid = 0, seen;
    bool found = false;
    while ((seen = next(c, &pid)) != JOB_OBJECT_MSG_NEW_PROCESS || pid != mark->pid)
        found = found || seen == number;
    return found;
}
