/* warden.c - starts what is measured. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

/* NAME below the folder of this executable. */
static void beside_us(const wchar_t *name, wchar_t *out, size_t cap)
{
    wchar_t self[MAX_PATH];
    if (!GetModuleFileNameW(NULL, self, MAX_PATH))
        die("GetModuleFileName");
    wchar_t *end = wcsrchr(self, L'\\');
    *end = L'\0';
    if (swprintf(out, cap, L"%ls\\%ls", self, name) < 0)
        die("the path of this program is too long");
}

struct starts starts_open(void)
{
    static unsigned count;
    struct starts s = {0};
    snprintf(s.name, sizeof s.name, "Local\\jwbench.%lu.%u", GetCurrentProcessId(), ++count);
    s.semaphore = CreateSemaphoreA(NULL, 0, 1000000, s.name);
    if (!s.semaphore)
        die("CreateSemaphore");
    return s;
}

void starts_wait(const struct starts *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (WaitForSingleObject(s->semaphore, WAIT_MS) != WAIT_OBJECT_0)
            die("a worker did not start");
}

void starts_close(struct starts *s)
{
    CloseHandle(s->semaphore);
}

const char *child_command(const struct starts *s, bool hold)
{
    static char line[MAX_PATH * 4];
    wchar_t exe[MAX_PATH];
    char narrow[MAX_PATH * 3];
    beside_us(L"bench_child.exe", exe, MAX_PATH);
    if (!WideCharToMultiByte(CP_UTF8, 0, exe, -1, narrow, sizeof narrow, NULL, NULL))
        die("WideCharToMultiByte");
    snprintf(line, sizeof line, "\"%s\" %s%s", narrow, s->name, hold ? " hold" : "");
    return line;
}

PROCESS_INFORMATION bare_start(const char *command)
{
    wchar_t line[MAX_PATH * 4];
    STARTUPINFOW si = {.cb = sizeof si};
    PROCESS_INFORMATION pi = {0};
    MultiByteToWideChar(CP_UTF8, 0, command, -1, line, sizeof line / sizeof *line);
    if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &si, &pi))
        die("CreateProcess");
    CloseHandle(pi.hThread);
    return pi;
}

static void write_file(const wchar_t *path, const char *text)
{
    DWORD done;
    HANDLE h = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (h == INVALID_HANDLE_VALUE || !WriteFile(h, text, (DWORD)strlen(text), &done, NULL))
        die("the job file could not be written");
    CloseHandle(h);
}

struct warden warden_start(const char *text)
{
    static unsigned count;
    struct warden f = {0};
    wchar_t temp[MAX_PATH], exe[MAX_PATH], path[MAX_PATH * 2], line[MAX_PATH * 4];
    GetTempPathW(MAX_PATH, temp);
    swprintf(f.folder, MAX_PATH, L"%lsjwbench-%lu-%u", temp, GetCurrentProcessId(), ++count);
    CreateDirectoryW(f.folder, NULL);
    swprintf(path, MAX_PATH * 2, L"%ls\\fleet.ini", f.folder);
    write_file(path, text);
    beside_us(L"..\\..\\service\\jobwarden.exe", exe, MAX_PATH);
    swprintf(line, MAX_PATH * 4, L"\"%ls\" run --config \"%ls\"", exe, path);
    SECURITY_ATTRIBUTES sa = {sizeof sa, NULL, TRUE};
    HANDLE nul = CreateFileW(L"NUL", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &sa,
                             OPEN_EXISTING, 0, NULL);
    STARTUPINFOW si = {.cb = sizeof si, .dwFlags = STARTF_USESTDHANDLES,
                       .hStdOutput = nul, .hStdError = nul};
    if (!CreateProcessW(exe, line, NULL, NULL, TRUE, CREATE_NO_WINDOW, NULL, NULL, &si, &f.process))
        die("jobwarden.exe could not be started");
    CloseHandle(f.process.hThread);
    CloseHandle(nul);
    return f;
}

void warden_end(struct warden *f)
{
    TerminateProcess(f->process.hProcess, 0);
    WaitForSingleObject(f->process.hProcess, WAIT_MS);
    CloseHandle(f->process.hProcess);
}
