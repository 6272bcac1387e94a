/* children.c - processes that the test worker starts, mostly this program once more. */
#include "tests/helper/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

/* Inherits everything, as most programs' children do.  0 or the Windows error. */
static DWORD start(const wchar_t *switches, DWORD flags, DWORD *ret_pid)
{
    wchar_t self[32768], command[33500];
    STARTUPINFOW si = {.cb = sizeof si};
    PROCESS_INFORMATION pi;
    if (!GetModuleFileNameW(NULL, self, 32768))
        return GetLastError();
    _snwprintf(command, sizeof command / sizeof *command, L"\"%ls\" %ls", self, switches);
    if (!CreateProcessW(self, command, NULL, NULL, TRUE, flags, NULL, NULL, &si, &pi))
        return GetLastError();
    *ret_pid = pi.dwProcessId;
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    return 0;
}

DWORD start_child(const wchar_t *switches, DWORD flags)
{
    DWORD pid = 0, code = start(switches, flags, &pid);
    if (code)
        say(STD_OUTPUT_HANDLE, "child error %lu\n", code);
    else
        say(STD_OUTPUT_HANDLE, "child %lu\n", pid);
    return code;
}

void act_spawn(struct worker *w, wchar_t **v)
{
    uint64_t n = number(v[0]);
    wchar_t switches[128];
    if (w->spawn_depth > 1)
        _snwprintf(switches, 128, L"--spawn %ls --spawn-depth %llu --hold", v[0],
                   (unsigned long long)(w->spawn_depth - 1));
    else
        _snwprintf(switches, 128, L"--hold");
    for (uint64_t i = 0; i < n; i++)
        start_child(switches, 0);
}

void act_detach_child(struct worker *w, wchar_t **v)
{
    (void)w;
    (void)v;
    start_child(L"--hold", DETACHED_PROCESS);
}

void act_breakaway(struct worker *w, wchar_t **v)
{
    DWORD pid = 0;
    DWORD code = start(L"--after 10000", CREATE_BREAKAWAY_FROM_JOB | DETACHED_PROCESS, &pid);
    (void)w;
    (void)v;
    if (code)
        say(STD_OUTPUT_HANDLE, "breakaway error %lu\n", code);
    else
        say(STD_OUTPUT_HANDLE, "breakaway ok %lu\n", pid);
}

void act_run(struct worker *w, wchar_t **v)
{
    wchar_t command[4096];
    STARTUPINFOW si = {.cb = sizeof si};
    PROCESS_INFORMATION pi;
    DWORD n = ExpandEnvironmentStringsW(v[0], command, 4096), code = 0;
    (void)w;
    if (n == 0 || n > 4096 ||
        !CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &si, &pi)) {
        say(STD_OUTPUT_HANDLE, "run error %lu\n", GetLastError());
        return;
    }
    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &code);
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    say(STD_OUTPUT_HANDLE, "ran %lu\n", code);
}
