/* window.c - see window.h. */
#include "service/process/window.h"

#include "service/win32/oserr.h"

#include <windows.h>

#include <stdbool.h>
#include <wchar.h>

struct search {
    const uint32_t *pid;
    size_t n;
    size_t found, told;
    DWORD code; /* why one could not be told */
};

static bool is_ours(const struct search *s, HWND window)
{
    DWORD pid = 0;
    GetWindowThreadProcessId(window, &pid);
    for (size_t i = 0; i < s->n; i++)
        if (s->pid[i] == pid)
            return pid != 0;
    return false;
}

/* Each thread with a window gets these two from the system; the program does not know them. */
static bool is_input_method(HWND window)
{
    wchar_t class[16];
    return GetClassNameW(window, class, sizeof class / sizeof *class) > 0 &&
           (wcscmp(class, L"IME") == 0 || wcscmp(class, L"MSCTFIME UI") == 0);
}

/* Hidden windows too: a program without a face often has one just to be told things. */
static BOOL CALLBACK look_at(HWND window, LPARAM lp)
{
    struct search *s = (struct search *)lp;
    if (!is_ours(s, window) || is_input_method(window))
        return TRUE;
    s->found++;
    if (PostMessageW(window, WM_CLOSE, 0, 0))
        s->told++;
    else
        s->code = GetLastError();
    return TRUE;
}

enum st window_close(const uint32_t *pid, size_t n, struct err *e)
{
    struct search s = {.pid = pid, .n = n};
    /* Fails on a desktop without any window, or without a desktop: then there are none. */
    EnumWindows(look_at, (LPARAM)&s);
    if (s.found == 0)
        return err_say(e, ST_NOTFOUND,
                       "no process of the worker has a window on the desktop of this program");
    if (s.told == 0)
        return err_os(e, s.code, "posting WM_CLOSE to the worker's windows");
    return ST_OK;
}
