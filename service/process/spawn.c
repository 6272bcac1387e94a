/* spawn.c - creates a child suspended and in its jobs, watches it, and only then lets it run.
 * It does not own the jobs, nor the caller's standard handles.  Why a job refuses: refusal.c. */
#include "service/process/spawn.h"

#include "service/process/attributes.h"
#include "service/process/refusal.h"
#include "service/win32/oserr.h"
#include "service/win32/watch.h"
#include "service/win32/wide.h"
#include "service/win32/wine.h"

#include <stdlib.h>

/* A process that has not run ends at once; the bound is for the loop's sake. */
enum { DISCARD_MS = 10000, WINE_TRIES = 3 };

/* One attempt at creating the child. */
struct attempt {
    bool by_attribute; /* or assigned while suspended */
    bool breakaway;    /* out of the job that the service itself is in */
};

static void shut(HANDLE *h)
{
    if (*h)
        CloseHandle(*h);
    *h = NULL;
}

/* Opened for each spawn: an inheritable handle that lived longer could get into somebody else's
 * child. */
static enum st open_nul(HANDLE *ret, struct err *e)
{
    SECURITY_ATTRIBUTES inherit = {.nLength = sizeof inherit, .bInheritHandle = TRUE};
    HANDLE h = CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                           &inherit, OPEN_EXISTING, 0, NULL);
    if (h == INVALID_HANDLE_VALUE) {
        DWORD code = GetLastError();
        return err_os(e, code, "opening NUL for the worker");
    }
    *ret = h;
    return ST_OK;
}

static enum st create_failed(const struct launch *l, DWORD code, struct err *e)
{
    char *program = utf8_of(l->application), *directory = utf8_of(l->directory);
    enum st st;
    if (!program || !directory)
        st = err_nomem(e);
    else if (code == ERROR_DIRECTORY)
        st = err_os(e, code, "starting '%s' in the directory '%s'", program, directory);
    else
        st = err_os(e, code, "starting '%s'", program);
    free(program);
    free(directory);
    return st;
}

/* Wine 8 fails a start once in some thousands with an internal error, when the new process ends
 * before it has reported; the next try works.  On Windows this code would be told at once. */
static bool wine_stumbled(DWORD code)
{
    return code == ERROR_INTERNAL_ERROR && on_wine();
}

static enum st create(const struct spawn *s, const HANDLE io[3], const struct attempt *t,
                      PROCESS_INFORMATION *pi, struct err *e)
{
    const struct launch *l = s->launch;
    struct attributes a;
    enum st st = attributes_make(&a, io, s->jobs, t->by_attribute ? s->jobs_n : 0, e);
    if (st != ST_OK)
        return st;
    /* Not CREATE_DEFAULT_ERROR_MODE: our own mode shows no boxes, and a worker that waits for
     * somebody to click one away in session 0 would never end. */
    STARTUPINFOEXW si = {.StartupInfo = {.cb = sizeof si, .dwFlags = STARTF_USESTDHANDLES}};
    si.StartupInfo.hStdInput = io[0];
    si.StartupInfo.hStdOutput = io[1];
    si.StartupInfo.hStdError = io[2];
    si.lpAttributeList = a.list;
    DWORD flags = CREATE_SUSPENDED | EXTENDED_STARTUPINFO_PRESENT | CREATE_UNICODE_ENVIRONMENT |
                  (s->console == CONSOLE_NONE ? DETACHED_PROCESS : CREATE_NO_WINDOW) |
                  (t->breakaway ? CREATE_BREAKAWAY_FROM_JOB : 0);
    DWORD code = 0;
    int tries = 0;
    do
        code = CreateProcessW(l->application, l->command, NULL, NULL, TRUE, flags, l->environment,
                              l->directory, &si.StartupInfo, pi)
                   ? 0
                   : GetLastError();
    while (wine_stumbled(code) && ++tries < WINE_TRIES);
    if (code) {
        *pi = (PROCESS_INFORMATION){0};
        st = create_failed(l, code, e);
        if (t->by_attribute) /* otherwise no job of ours has been asked yet */
            refusal_explain(s, REFUSED_BY_SOME, e);
    }
    attributes_free(&a);
    return st;
}

/* Nobody has seen this process, and it has not run. */
static void discard(PROCESS_INFORMATION *pi)
{
    if (pi->hProcess) {
        TerminateProcess(pi->hProcess, ERROR_PROCESS_ABORTED);
        WaitForSingleObject(pi->hProcess, DISCARD_MS);
    }
    shut(&pi->hThread);
    shut(&pi->hProcess);
}

static enum st assign_failed(const struct spawn *s, size_t level, DWORD code, struct err *e)
{
    char *program = utf8_of(s->launch->application);
    enum st st = err_os(e, code, "putting '%s' into %s", program ? program : "the worker",
                        s->job_names ? s->job_names[level] : "its job");
    free(program);
    refusal_explain(s, level, e);
    return st;
}

/* From the root down, so that each job finds the one above it as the child's own. */
static enum st assign(const struct spawn *s, PROCESS_INFORMATION *pi, struct err *e)
{
    for (size_t i = 0; i < s->jobs_n; i++) {
        if (AssignProcessToJobObject(s->jobs[i], pi->hProcess))
            continue;
        DWORD code = GetLastError();
        discard(pi); /* a child outside one of its jobs is no child */
        return assign_failed(s, i, code, e);
    }
    return ST_OK;
}

static enum st attempt(const struct spawn *s, const HANDLE io[3], struct attempt t,
                       PROCESS_INFORMATION *pi, struct err *e)
{
    enum st st = create(s, io, &t, pi, e);
    return st == ST_OK && !t.by_attribute ? assign(s, pi, e) : st;
}

/* T, and once more outside the service's own job when that may be what forbids it: nesting is tried
 * first, as it keeps the surrounding job's hold on the worker. */
static enum st attempt_both(const struct spawn *s, const HANDLE io[3], struct attempt t,
                            PROCESS_INFORMATION *pi, struct err *e)
{
    BOOL in_job = FALSE;
    enum st st = attempt(s, io, t, pi, e);
    if (st == ST_OK || e->os != ERROR_ACCESS_DENIED ||
        !IsProcessInJob(GetCurrentProcess(), NULL, &in_job) || !in_job)
        return st;
    struct err second = {0}; /* the first one says why */
    t.breakaway = true;
    return attempt(s, io, t, pi, &second) == ST_OK ? ST_OK : st;
}

/* What a system says that has no JOB_LIST (50), or refuses it for this program. */
static bool may_be_the_attribute(uint32_t code)
{
    return code == ERROR_NOT_SUPPORTED || code == ERROR_INVALID_PARAMETER ||
           code == ERROR_ACCESS_DENIED || code == ERROR_CALL_NOT_IMPLEMENTED;
}

static enum st create_in_jobs(const struct spawn *s, const HANDLE io[3], PROCESS_INFORMATION *pi,
                             struct err *e)
{
    enum st st = ST_OK;
    if (s->way != SPAWN_SUSPENDED) {
        st = attempt_both(s, io, (struct attempt){.by_attribute = true}, pi, e);
        if (st == ST_OK || s->way == SPAWN_ATTRIBUTE || !may_be_the_attribute(e->os))
            return st;
    }
    return attempt_both(s, io, (struct attempt){0}, pi, e);
}

static enum st run(const struct spawn *s, PROCESS_INFORMATION *pi, struct child *ret, struct err *e)
{
    struct child c = {.process = pi->hProcess, .pid = pi->dwProcessId};
    enum st st = ST_OK;
    if (s->ended) /* while it is suspended, so that its end cannot come before this is stored */
        st = watch_begin(c.process, WATCH_ONCE, s->ended, s->ctx, &c.watch, e);
    if (st == ST_OK && ResumeThread(pi->hThread) == (DWORD)-1) { /* nothing after it may fail */
        DWORD code = GetLastError();
        st = err_os(e, code, "ResumeThread");
    }
    if (st == ST_OK) {
        shut(&pi->hThread);
        *ret = c;
        return ST_OK;
    }
    c.process = NULL; /* still of *pi */
    child_close(&c);  /* before the process ends: nobody shall hear of it */
    discard(pi);
    return st;
}

/* An attribute list without a job would be a child without one. */
static bool has_jobs(const struct spawn *s)
{
    for (size_t i = 0; i < s->jobs_n; i++)
        if (!s->jobs[i])
            return false;
    return s->jobs_n > 0 && s->jobs_n <= SPAWN_JOBS_MAX;
}

enum st spawn_child(const struct spawn *s, struct child *ret, struct err *e)
{
    struct err own;
    struct err *said = e ? e : &own; /* the code decides what is tried next */
    PROCESS_INFORMATION pi = {0};
    HANDLE nul = NULL;
    enum st st = ST_OK;
    if (!has_jobs(s))
        return err_os(e, ERROR_INVALID_HANDLE, "putting the worker into its job");
    if (!s->in || !s->out || !s->err)
        st = open_nul(&nul, said);
    HANDLE io[3] = {s->in ? s->in : nul, s->out ? s->out : nul, s->err ? s->err : nul};
    /* A child inherits "ignore Ctrl+C", which whoever started the service may have set. */
    SetConsoleCtrlHandler(NULL, FALSE);
    if (st == ST_OK)
        st = create_in_jobs(s, io, &pi, said);
    shut(&nul);
    return st == ST_OK ? run(s, &pi, ret, said) : st;
}

void child_close(struct child *c)
{
    watch_end(c->watch);
    if (c->process)
        CloseHandle(c->process);
    *c = (struct child){0};
}

bool child_alive(const struct child *c, DWORD *ret_code)
{
    if (c->process && WaitForSingleObject(c->process, 0) == WAIT_TIMEOUT)
        return true;
    DWORD code = 0; /* 259 is a legal exit code: only the wait tells */
    if (c->process)
        GetExitCodeProcess(c->process, &code);
    *ret_code = code;
    return false;
}
