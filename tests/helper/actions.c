/* actions.c - what the test worker does alone. */
#include "tests/helper/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void act_after(struct worker *w, wchar_t **v)
{
    (void)w;
    Sleep((DWORD)number(v[0]));
}

void act_hold(struct worker *w, wchar_t **v)
{
    (void)w;
    (void)v;
    for (;;)
        Sleep(INFINITE);
}

void act_alloc(struct worker *w, wchar_t **v)
{
    SIZE_T n = (SIZE_T)number(v[0]);
    volatile char *p = VirtualAlloc(NULL, n, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD code = GetLastError();
    (void)w;
    for (SIZE_T i = 0; p && i < n; i += 4096)
        p[i] = 1;
    if (p)
        say(STD_OUTPUT_HANDLE, "alloc ok\n");
    else
        say(STD_OUTPUT_HANDLE, "alloc error %lu\n", code);
}

static void lines(DWORD to, const char *word, uint64_t n, uint64_t bytes)
{
    char text[64];
    char *line = malloc(sizeof text + (size_t)bytes);
    if (!line)
        exit(3);
    for (uint64_t i = 1; i <= n; i++) {
        size_t k = (size_t)snprintf(text, sizeof text, "%s %llu", word, (unsigned long long)i);
        memcpy(line, text, k);
        if (k + 1 < bytes)
            line[k++] = ' ';
        while (k + 1 < bytes)
            line[k++] = 'x';
        line[k++] = '\n';
        say_bytes(to, line, k);
    }
    free(line);
}

void act_lines(struct worker *w, wchar_t **v)
{
    lines(STD_OUTPUT_HANDLE, "line", number(v[0]), w->line_bytes);
}

void act_stderr_lines(struct worker *w, wchar_t **v)
{
    lines(STD_ERROR_HANDLE, "error line", number(v[0]), w->line_bytes);
}

void act_echo(struct worker *w, wchar_t **v)
{
    (void)w;
    say_wide(v[0]);
    say(STD_OUTPUT_HANDLE, "\n");
}

void act_print_args(struct worker *w, wchar_t **v)
{
    (void)v;
    for (int i = 0; i < w->argc; i++) {
        say(STD_OUTPUT_HANDLE, "arg[%d]=", i);
        act_echo(w, &w->argv[i]);
    }
}

void act_print_env(struct worker *w, wchar_t **v)
{
    wchar_t *block = GetEnvironmentStringsW();
    size_t n = v[0] ? wcslen(v[0]) : 0;
    BOOL found = !v[0];
    for (wchar_t *at = block; at && *at; at += wcslen(at) + 1) {
        if (v[0] && (_wcsnicmp(at, v[0], n) != 0 || at[n] != L'='))
            continue;
        act_echo(w, &at);
        found = TRUE;
    }
    FreeEnvironmentStringsW(block);
    if (!found) {
        say_wide(v[0]);
        say(STD_OUTPUT_HANDLE, " is not set\n");
    }
}

void act_print_cwd(struct worker *w, wchar_t **v)
{
    DWORD n = GetCurrentDirectoryW(0, NULL);
    wchar_t *path = calloc((size_t)n + 1, sizeof *path);
    (void)v;
    if (!path || GetCurrentDirectoryW(n + 1, path) == 0)
        exit(3);
    say(STD_OUTPUT_HANDLE, "cwd=");
    act_echo(w, &path);
    free(path);
}

void act_print_handles(struct worker *w, wchar_t **v)
{
    static const struct {
        const char *name;
        DWORD id;
    } std[] = {
        {"stdin", STD_INPUT_HANDLE}, {"stdout", STD_OUTPUT_HANDLE}, {"stderr", STD_ERROR_HANDLE}};
    (void)w;
    (void)v;
    for (int i = 0; i < 3; i++) {
        HANDLE h = GetStdHandle(std[i].id);
        DWORD flags = 0;
        say(STD_OUTPUT_HANDLE, "%s=0x%llX %s type %lu\n", std[i].name,
            (unsigned long long)(uintptr_t)h, GetHandleInformation(h, &flags) ? "valid" : "invalid",
            GetFileType(h));
    }
    /* An inherited handle stays inheritable, which those that a program opens itself seldom are. */
    for (uintptr_t i = 4; i < 0x10000; i += 4) {
        DWORD flags = 0;
        if (GetHandleInformation((HANDLE)i, &flags) && (flags & HANDLE_FLAG_INHERIT))
            say(STD_OUTPUT_HANDLE, "inheritable 0x%llX type %lu\n", (unsigned long long)i,
                GetFileType((HANDLE)i));
    }
}

void act_set_event(struct worker *w, wchar_t **v)
{
    (void)w;
    if (SetEvent((HANDLE)(uintptr_t)number(v[0])))
        say(STD_OUTPUT_HANDLE, "set-event ok\n");
    else
        say(STD_OUTPUT_HANDLE, "set-event error %lu\n", GetLastError());
}

void act_read_stdin(struct worker *w, wchar_t **v)
{
    char text[4096];
    unsigned long long total = 0;
    DWORD n = 0, code = 0;
    (void)w;
    (void)v;
    do {
        total += n;
        if (!ReadFile(GetStdHandle(STD_INPUT_HANDLE), text, sizeof text, &n, NULL)) {
            code = GetLastError();
            n = 0;
        }
    } while (n > 0);
    if (code && code != ERROR_BROKEN_PIPE)
        say(STD_OUTPUT_HANDLE, "stdin error %lu\n", code);
    else
        say(STD_OUTPUT_HANDLE, "stdin %llu bytes\n", total);
}

void act_crash(struct worker *w, wchar_t **v)
{
    volatile int *volatile nowhere = NULL;
    (void)v;
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    w->exit_code = (uint32_t)*nowhere;
}

/* Several workers write to one file, each alone: Windows appends in one step, but Wine looks for
 * the end and then writes there, and a line of two would be lost. */
static void write_line(const wchar_t *path, DWORD access, DWORD how, const char *text)
{
    DWORD done = 0;
    HANDLE h;
    while ((h = CreateFileW(path, access, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, how,
                            FILE_ATTRIBUTE_NORMAL, NULL)) == INVALID_HANDLE_VALUE &&
           GetLastError() == ERROR_SHARING_VIOLATION)
        SwitchToThread();
    if (h == INVALID_HANDLE_VALUE || !WriteFile(h, text, (DWORD)strlen(text), &done, NULL))
        usage_error("cannot write", path);
    CloseHandle(h);
}

void act_touch(struct worker *w, wchar_t **v)
{
    char text[64];
    (void)w;
    snprintf(text, sizeof text, "%lu %llu\n", GetCurrentProcessId(), GetTickCount64());
    write_line(v[0], FILE_APPEND_DATA, OPEN_ALWAYS, text);
}

void act_pid_file(struct worker *w, wchar_t **v)
{
    char text[32];
    size_t n = wcslen(v[0]) + sizeof ".tmp";
    wchar_t *tmp = calloc(n, sizeof *tmp);
    (void)w;
    if (!tmp)
        exit(3);
    wcscat(wcscpy(tmp, v[0]), L".tmp");
    snprintf(text, sizeof text, "%lu\n", GetCurrentProcessId());
    write_line(tmp, GENERIC_WRITE, CREATE_ALWAYS, text);
    if (!MoveFileExW(tmp, v[0], MOVEFILE_REPLACE_EXISTING))
        usage_error("cannot write", v[0]);
    free(tmp);
}

void act_wait_file(struct worker *w, wchar_t **v)
{
    (void)w;
    while (GetFileAttributesW(v[0]) == INVALID_FILE_ATTRIBUTES)
        Sleep(20);
}
