/* harness_process.c - see the header.  One thread: inheritable handles live for a moment only. */
#include "harness.h"

#include <stdlib.h>

enum { WINE_TRIES = 3 };

HANDLE killing_job(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION x = {0};
    x.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    HANDLE h = CreateJobObjectW(NULL, NULL);
    assert_non_null(h);
    assert_true(SetInformationJobObject(h, JobObjectExtendedLimitInformation, &x, sizeof x));
    return h;
}

static HANDLE open_out(const char *path)
{
    SECURITY_ATTRIBUTES sa = {.nLength = sizeof sa, .bInheritHandle = TRUE};
    wchar_t *w = wide_or_fail(path);
    HANDLE h = CreateFileW(w, FILE_APPEND_DATA | SYNCHRONIZE,
                           FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, &sa,
                           CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    free(w);
    if (h == INVALID_HANDLE_VALUE)
        fail_msg("%s cannot be made: Windows error %lu", path, GetLastError());
    return h;
}

/* Wine fails a start with 1359 once in some thousands; Windows knows no such failure. */
static bool worth_a_try(int tries, DWORD code)
{
    return tries == 0 || (code == ERROR_INTERNAL_ERROR && on_wine());
}

void program_start(const char *command, const char *folder, HANDLE job, const char *out,
                   const char *err, struct program *ret)
{
    wchar_t *line = wide_or_fail(command), *where = wide_or_fail(folder);
    STARTUPINFOW si = {.cb = sizeof si, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION pi = {0};
    si.hStdOutput = open_out(out);
    si.hStdError = open_out(err);
    BOOL made = FALSE;
    DWORD code = 0;
    for (int tries = 0; !made && tries < WINE_TRIES && worth_a_try(tries, code); tries++) {
        made = CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_NO_WINDOW | CREATE_SUSPENDED,
                              NULL, where, &si, &pi);
        code = GetLastError();
    }
    CloseHandle(si.hStdOutput);
    CloseHandle(si.hStdError);
    free(line);
    free(where);
    if (!made)
        fail_msg("%s does not start: Windows error %lu", command, code);
    BOOL inside = !job || AssignProcessToJobObject(job, pi.hProcess);
    if (!inside)
        TerminateProcess(pi.hProcess, ERROR_PROCESS_ABORTED);
    ResumeThread(pi.hThread);
    CloseHandle(pi.hThread);
    *ret = (struct program){pi.hProcess, pi.dwProcessId, path_f("%s", out), path_f("%s", err)};
    assert_true(inside);
}

bool process_gone(HANDLE process)
{
    return WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
}

DWORD process_wait(HANDLE process)
{
    DWORD code = 0;
    if (WaitForSingleObject(process, GENEROUS_MS) != WAIT_OBJECT_0)
        fail_msg("process %lu did not end", GetProcessId(process));
    assert_true(GetExitCodeProcess(process, &code));
    return code;
}

bool program_alive(const struct program *p)
{
    return p->process && !process_gone(p->process);
}

DWORD program_wait(const struct program *p)
{
    return process_wait(p->process);
}

void program_close(struct program *p)
{
    if (p->process) {
        TerminateProcess(p->process, ERROR_PROCESS_ABORTED);
        WaitForSingleObject(p->process, GENEROUS_MS);
        CloseHandle(p->process);
    }
    free(p->out);
    free(p->err);
    *p = (struct program){0};
}

DWORD program_run(const char *command, const char *folder, struct buf *out, struct buf *err)
{
    HANDLE job = killing_job();
    struct program p = {0};
    char *to = path_f("%s\\verb.out", folder), *errors = path_f("%s\\verb.err", folder);
    program_start(command, folder, job, to, errors, &p);
    DWORD code = program_wait(&p);
    assert_true(file_read(to, out));
    assert_true(file_read(errors, err));
    program_close(&p);
    CloseHandle(job);
    free(to);
    free(errors);
    return code;
}

HANDLE process_open(DWORD pid)
{
    HANDLE h = OpenProcess(PROCESS_ASKED, FALSE, pid);
    if (!h)
        fail_msg("process %lu cannot be opened: Windows error %lu", pid, GetLastError());
    return h;
}

static uint64_t number_of(FILETIME t)
{
    return (uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime;
}

uint64_t process_created(HANDLE process)
{
    FILETIME created, ended, kernel, user;
    assert_true(GetProcessTimes(process, &created, &ended, &kernel, &user));
    return number_of(created);
}

uint64_t process_ended(HANDLE process)
{
    FILETIME created, ended, kernel, user;
    assert_true(process_gone(process));
    assert_true(GetProcessTimes(process, &created, &ended, &kernel, &user));
    return number_of(ended);
}
