/* crew.c - see crew.h. */
#include "tests/job/crew.h"

#include "service/win32/file.h"
#include "service/win32/security.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int crew_setup(void **state)
{
    static unsigned count;
    struct crew *c = calloc(1, sizeof *c);
    struct err e = {0};
    char name[64];
    assert_non_null(c);
    snprintf(name, sizeof name, "Local\\jwcrew.%lu.%u", GetCurrentProcessId(), ++count);
    c->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    c->shooter = snapshooter_new();
    assert_non_null(c->port);
    assert_non_null(c->shooter);
    assert_int_equal(security_for_objects(&c->sa, NULL), ST_OK);
    const struct job_request r = {
        .name = name, .security = &c->sa, .port = c->port, .key = 1};
    if (job_create(&r, &c->job, &e) != ST_OK)
        fail_msg("%s", e.text);
    *state = c;
    return 0;
}

int crew_teardown(void **state)
{
    struct crew *c = *state;
    job_close(c->job);
    CloseHandle(c->port);
    snapshooter_free(c->shooter);
    security_free(&c->sa);
    free(c);
    return 0;
}

static wchar_t *command_line(const char *switches)
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

static void start(struct crew *c, const char *switches, DWORD console, struct hand *ret)
{
    STARTUPINFOW si = {.cb = sizeof si, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION pi = {0};
    wchar_t *line = command_line(switches);
    *ret = (struct hand){0};
    si.hStdOutput = ear_open(&ret->ear);
    si.hStdError = si.hStdOutput;
    assert_true(CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_SUSPENDED | console, NULL, NULL,
                               &si, &pi));
    assert_true(AssignProcessToJobObject(job_handle(c->job), pi.hProcess));
    assert_int_not_equal(ResumeThread(pi.hThread), (DWORD)-1);
    CloseHandle(pi.hThread);
    CloseHandle(si.hStdOutput);
    free(line);
    ret->process = pi.hProcess;
    ret->pid = pi.dwProcessId;
}

void crew_start(struct crew *c, const char *switches, struct hand *ret)
{
    start(c, switches, DETACHED_PROCESS, ret);
}

void crew_start_with_console(struct crew *c, const char *switches, struct hand *ret)
{
    start(c, switches, CREATE_NO_WINDOW, ret);
}

const char *crew_wait(struct hand *h, const char *text)
{
    return ear_wait(&h->ear, text);
}

void crew_dismiss(struct hand *h)
{
    TerminateProcess(h->process, 0);
    assert_int_equal(WaitForSingleObject(h->process, CREW_LIMIT_MS), WAIT_OBJECT_0);
    CloseHandle(h->process);
    CloseHandle(h->ear.out);
}

const struct snapshot *crew_snapshot(struct crew *c)
{
    const struct snapshot *s = NULL;
    struct err e = {0};
    if (snapshot_take(c->shooter, 1, &s, &e) != ST_OK)
        fail_msg("%s", e.text);
    return s;
}

struct proc crew_proc(struct crew *c, DWORD pid)
{
    const struct proc *p = snapshot_find(crew_snapshot(c), pid);
    if (!p)
        fail_msg("process %lu is not in the snapshot", pid);
    return *p;
}

unsigned crew_handles(void)
{
    /* By hand: GetProcessHandleCount gives the size of the table under Wine. */
    unsigned n = 0;
    DWORD flags;
    for (uintptr_t i = 4; i < 0x10000; i += 4)
        n += GetHandleInformation((HANDLE)i, &flags) != 0;
    return n;
}
