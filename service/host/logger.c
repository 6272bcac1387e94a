/* logger.c - one line, with its time and level. */
#include "service/host/logger.h"

#include "common/buf.h"
#include "service/win32/wide.h"

#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static void print_to(DWORD which, struct str text)
{
    HANDLE h = GetStdHandle(which);
    DWORD mode, done;
    if (!h || h == INVALID_HANDLE_VALUE)
        return; /* a service has none */
    if (GetConsoleMode(h, &mode)) {
        wchar_t *wide = wide_of(text);
        if (wide)
            WriteConsoleW(h, wide, (DWORD)wcslen(wide), &done, NULL);
        free(wide);
        return;
    }
    while (text.n > 0) {
        DWORD n = text.n > 1 << 20 ? 1u << 20 : (DWORD)text.n;
        if (!WriteFile(h, text.p, n, &done, NULL) || done == 0)
            return; /* nobody reads any more; that must not stop a fleet */
        text = (struct str){text.p + done, text.n - done};
    }
}

void print_out(struct str text)
{
    print_to(STD_OUTPUT_HANDLE, text);
}

void print_err(struct str text)
{
    print_to(STD_ERROR_HANDLE, text);
}

static void sink(void *ctx, enum log_level level, struct str line)
{
    DWORD last = GetLastError();
    struct logger *l = ctx;
    SYSTEMTIME t;
    struct buf b = {0};
    GetSystemTime(&t);
    buf_f(&b, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ %s ", t.wYear, t.wMonth, t.wDay, t.wHour,
          t.wMinute, t.wSecond, t.wMilliseconds, log_level_names[level]);
    buf_str(&b, line);
    if (l->output)
        output_log_line(l->output, buf_view(&b));
    if (l->printer)
        printer_line(l->printer, buf_view(&b));
    buf_free(&b);
    SetLastError(last);
}

void logger_init(struct logger *l, enum log_level level)
{
    *l = (struct logger){.log = {level, sink, l}};
}
