/* failure.c - the last resort for telling why there is no service. */
#include "service/host/failure.h"

#include "common/buf.h"
#include "service/win32/file.h"
#include "service/win32/wide.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>

/* ReportEvent takes 31,839 characters a string. */
enum { EVENT_CHARS = 30000, EVENT_ID = 1, FILE_MAX = 1 << 20 };

static void to_event_log(const char *service, WORD type, struct str text)
{
    wchar_t *source = wide_z(service);
    wchar_t *message = wide_of((struct str){text.p, text.n < EVENT_CHARS ? text.n : EVENT_CHARS});
    HANDLE log = source ? RegisterEventSourceW(NULL, source) : NULL;
    const wchar_t *strings[] = {message};
    if (log && message)
        ReportEventW(log, type, 0, EVENT_ID, NULL, 1, 0, strings, NULL);
    if (log)
        DeregisterEventSource(log);
    free(message);
    free(source);
}

/* "<folder of CONFIG>\logs\SERVICE.start-failed.log", from malloc. */
static wchar_t *file_name(const char *service, const char *config)
{
    struct buf path = {0};
    size_t dir = strlen(config);
    while (dir > 0 && config[dir - 1] != '\\' && config[dir - 1] != '/')
        dir--;
    buf_add(&path, config, dir);
    buf_f(&path, "logs\\%s.start-failed.log", service);
    wchar_t *wide = NULL;
    if (buf_ok(&path) && path_make_parents(buf_text(&path), NULL) == ST_OK)
        wide = wide_of(buf_view(&path));
    buf_free(&path);
    return wide;
}

static void to_file(const char *service, const char *config, struct str text)
{
    wchar_t *name = file_name(service, config);
    if (!name)
        return;
    HANDLE h = CreateFileW(name, FILE_APPEND_DATA | FILE_WRITE_DATA,
                           FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS,
                           FILE_ATTRIBUTE_NORMAL, NULL);
    free(name);
    if (h == INVALID_HANDLE_VALUE)
        return;
    LARGE_INTEGER size = {.QuadPart = 0}, start = {.QuadPart = 0};
    GetFileSizeEx(h, &size);
    if (size.QuadPart > FILE_MAX) /* recovery actions may try for days */
        SetEndOfFile(h);
    SetFilePointerEx(h, start, NULL, FILE_END);
    DWORD done;
    WriteFile(h, text.p, (DWORD)text.n, &done, NULL);
    CloseHandle(h);
}

void failure_event(const char *service, const char *text)
{
    to_event_log(service, EVENTLOG_WARNING_TYPE, str_of(text));
}

void failure_tell(const char *service, const char *config, const char *text)
{
    SYSTEMTIME t;
    struct buf b = {0};
    GetSystemTime(&t);
    buf_f(&b, "%04u-%02u-%02uT%02u:%02u:%02uZ the service '%s' could not start:\n%s\n", t.wYear,
          t.wMonth, t.wDay, t.wHour, t.wMinute, t.wSecond, service, text);
    to_event_log(service, EVENTLOG_ERROR_TYPE, buf_view(&b));
    to_file(service, config, buf_view(&b));
    buf_free(&b);
}
