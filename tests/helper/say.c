/* say.c - output of the test worker: straight to the handle, so that nothing is lost in a crash;
 * and what all its parts need. */
#include "tests/helper/worker.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void say_bytes(DWORD to, const char *p, size_t n)
{
    HANDLE h = GetStdHandle(to);
    DWORD done = 0;
    while (n > 0 && WriteFile(h, p, n < 1 << 20 ? (DWORD)n : 1 << 20, &done, NULL) && done > 0) {
        p += done;
        n -= done;
    }
}

void say(DWORD to, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (n > 0)
        say_bytes(to, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

void say_wide(const wchar_t *text)
{
    int units = (int)wcslen(text);
    int n = WideCharToMultiByte(CP_UTF8, 0, text, units, NULL, 0, NULL, NULL);
    char *z = malloc((size_t)n + 1);
    if (!z)
        exit(3);
    WideCharToMultiByte(CP_UTF8, 0, text, units, z, n, NULL, NULL);
    say_bytes(STD_OUTPUT_HANDLE, z, (size_t)n);
    free(z);
}

_Noreturn void usage_error(const char *what, const wchar_t *text)
{
    say(STD_ERROR_HANDLE, "worker: %s %ls; see worker --help\n", what, text);
    exit(2);
}

uint64_t number(const wchar_t *text)
{
    wchar_t *end = NULL;
    uint64_t v = (uint64_t)_wcstoui64(text, &end, wcsncmp(text, L"0x", 2) == 0 ? 16 : 10);
    if (end == text || *end)
        usage_error("not a number:", text);
    return v;
}

void start_thread(DWORD(WINAPI *fn)(void *), void *arg)
{
    HANDLE h = CreateThread(NULL, 1 << 16, fn, arg, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (!h)
        exit(3);
    CloseHandle(h);
}
