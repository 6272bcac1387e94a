/* logger.c - one line, with its time and level. */
#include "service/host/logger.h"

#include "common/buf.h"
#include "common/moment.h"
#include "service/win32/wide.h"
#include "service/win32/zone.h"

#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static bool print_to(DWORD which, struct str text)
{
    HANDLE h = GetStdHandle(which);
    DWORD mode, done;
    if (!h || h == INVALID_HANDLE_VALUE)
        return false; /* a service has none */
    if (GetConsoleMode(h, &mode)) {
        wchar_t *wide = wide_of(text);
        bool shown = wide && WriteConsoleW(h, wide, (DWORD)wcslen(wide), &done, NULL);
        free(wide);
        return shown;
    }
    while (text.n > 0) {
        DWORD n = text.n > 1 << 20 ? 1u << 20 : (DWORD)text.n;
        if (!WriteFile(h, text.p, n, &done, NULL) || done == 0)
            return false; /* that must not stop a fleet */
        text = (struct str){text.p + done, text.n - done};
    }
    return true;
}

bool print_out(struct str text)
{
    return print_to(STD_OUTPUT_HANDLE, text);
}

bool print_err(struct str text)
{
    return print_to(STD_ERROR_HANDLE, text);
}

static void sink(void *ctx, enum log_level level, struct str line)
{
    DWORD last = GetLastError();
    struct logger *l = ctx;
    struct buf b = {0};
    char moment[MOMENT_SIZE];
    int64_t at = zone_now();
    moment_print(at, moment);
    buf_f(&b, "%s %s ", moment, log_level_names[level]);
    buf_str(&b, line);
    if (l->output)
        output_log_line(l->output, buf_view(&b));
    if (l->printer)
        printer_line(l->printer, buf_view(&b));
    if (l->chronicle)
        chronicle_add(l->chronicle, at, level, line);
    buf_free(&b);
    SetLastError(last);
}

void logger_init(struct logger *l, enum log_level level)
{
    *l = (struct logger){.log = {level, sink, l}};
}
