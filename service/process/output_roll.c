/* output_roll.c - opening a file for appending, and moving full ones out of the way.  Output
 * thread. */
#include "service/process/output_target.h"

#include "service/win32/file.h"
#include "service/win32/oserr.h"

#include <stdlib.h>
#include <wchar.h>

enum { SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

/* INVALID_HANDLE_VALUE on failure.  Without FILE_WRITE_DATA every write goes to the end, whoever
 * else writes.  Reading is for the last byte alone, and may be refused. */
static HANDLE append_to(const wchar_t *wide)
{
    const DWORD access = FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE;
    HANDLE h = CreateFileW(wide, access | FILE_READ_DATA, SHARE_ALL, NULL, OPEN_ALWAYS,
                           FILE_ATTRIBUTE_NORMAL, NULL);
    if (h == INVALID_HANDLE_VALUE && GetLastError() == ERROR_ACCESS_DENIED)
        h = CreateFileW(wide, access, SHARE_ALL, NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    return h;
}

static enum st refused(const wchar_t *wide, DWORD code, struct err *e)
{
    DWORD a = GetFileAttributesW(wide);
    if (a != INVALID_FILE_ATTRIBUTES && (a & FILE_ATTRIBUTE_DIRECTORY))
        return err_say(e, ST_DENIED, "there is a folder of that name; name a file");
    if (a != INVALID_FILE_ATTRIBUTES && (a & FILE_ATTRIBUTE_READONLY) &&
        code == ERROR_ACCESS_DENIED)
        return err_say(e, ST_DENIED, "the file is marked read-only");
    return err_os(e, code, "opening it for appending");
}

static bool ends_mid_line(HANDLE h, uint64_t size)
{
    if (size == 0)
        return false;
    OVERLAPPED at = {.Offset = (DWORD)(size - 1), .OffsetHigh = (DWORD)((size - 1) >> 32)};
    char last;
    DWORD n = 0;
    return ReadFile(h, &last, 1, &n, &at) && n == 1 && last != '\n';
}

/* Takes over what the file at H holds already. */
static void adopt(struct target *t, HANDLE h, const struct scribe *s)
{
    LARGE_INTEGER size = {0};
    FILETIME written = {0};
    if (!GetFileSizeEx(h, &size))
        size.QuadPart = 0; /* a device */
    uint64_t utc = GetFileTime(h, NULL, NULL, &written)
                       ? (uint64_t)written.dwHighDateTime << 32 | written.dwLowDateTime
                       : s->utc(s->ctx);
    struct moment day = moment_local(utc);
    t->file = h;
    t->writer = 0;
    t->look = GetTickCount64() + TARGET_LOOK_MS;
    t->lines.size = (uint64_t)size.QuadPart;
    t->lines.line = 0;
    t->lines.mid_line = ends_mid_line(h, t->lines.size);
    t->lines.day = moment_day(&day);
}

enum st target_open(struct target *t, const struct scribe *s, struct err *e)
{
    if (t->file)
        return ST_OK;
    HANDLE h = append_to(t->wide);
    DWORD code = h == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    if (code == ERROR_PATH_NOT_FOUND) {
        enum st st = path_make_parents(t->path, e);
        if (st != ST_OK)
            return st;
        h = append_to(t->wide);
        code = h == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    }
    if (code)
        return refused(t->wide, code, e);
    adopt(t, h, s);
    return ST_OK;
}

/* Units of `.K`, and of what may follow it. */
enum { NUMBER_UNITS = 22, ASIDE_UNITS = 8 };

/* NAME.K, and NAME itself for 0, into OUT. */
static void name_of(const struct target *t, uint64_t k, wchar_t *out)
{
    size_t n = wcslen(t->wide);
    wmemcpy(out, t->wide, n + 1);
    if (k == 0)
        return;
    wchar_t digits[NUMBER_UNITS];
    size_t i = NUMBER_UNITS;
    digits[--i] = L'\0';
    for (; k > 0; k /= 10)
        digits[--i] = (wchar_t)(L'0' + k % 10);
    out[n] = L'.';
    wmemcpy(out + n + 1, digits + i, NUMBER_UNITS - i);
}

/* A file that is open cannot be replaced, even where its reader shares everything; it can be
 * renamed, and deleted under its new name.  ASIDE has room for a longer name. */
static bool push_aside(const wchar_t *w, wchar_t *aside)
{
    size_t n = wcslen(w);
    wmemcpy(aside, w, n);
    wmemcpy(aside + n, L".gone", 6);
    return MoveFileExW(w, aside, 0) && DeleteFileW(aside);
}

static DWORD move(const wchar_t *from, const wchar_t *to, wchar_t *aside)
{
    if (MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING))
        return 0;
    DWORD code = GetLastError();
    if (code == ERROR_FILE_NOT_FOUND) /* somebody else took it away: as good as moved */
        return 0;
    bool busy = code == ERROR_ACCESS_DENIED || code == ERROR_SHARING_VIOLATION ||
                code == ERROR_USER_MAPPED_FILE;
    if (!busy || GetFileAttributesW(to) == INVALID_FILE_ATTRIBUTES || !push_aside(to, aside))
        return code;
    return MoveFileExW(from, to, 0) ? 0 : GetLastError();
}

/* Each old file up to the first gap moves up by one, the oldest first; the last one kept is
 * replaced. Whatever fails in between leaves a gap, which the next attempt fills: nothing is lost
 * by it. NAMES: room for three. */
static DWORD move_up(const struct target *t, wchar_t *names, size_t units)
{
    wchar_t *from = names, *to = names + units, *aside = names + 2 * units;
    uint64_t k = 1;
    for (; k < t->keep; k++) {
        name_of(t, k, to);
        if (GetFileAttributesW(to) == INVALID_FILE_ATTRIBUTES)
            break;
    }
    DWORD code = 0;
    for (; k > 0 && code == 0; k--) {
        name_of(t, k - 1, from);
        name_of(t, k, to);
        code = move(from, to, aside);
    }
    return code;
}

static enum st empty(const struct target *t, struct err *e)
{
    HANDLE h = CreateFileW(t->wide, GENERIC_WRITE, SHARE_ALL, NULL, TRUNCATE_EXISTING,
                           FILE_ATTRIBUTE_NORMAL, NULL);
    if (h == INVALID_HANDLE_VALUE)
        return err_os(e, GetLastError(), "emptying it");
    CloseHandle(h);
    return ST_OK;
}

static enum st replace(struct target *t, const struct scribe *s, wchar_t *names, size_t units,
                       struct err *e)
{
    DWORD code = move_up(t, names, units);
    if (code)
        return err_os(e, code, "renaming it");
    HANDLE old = t->file, h = append_to(t->wide);
    if (h == INVALID_HANDLE_VALUE) { /* no room for one more file, perhaps: go on in the old one */
        code = GetLastError();
        name_of(t, 1, names);
        MoveFileExW(names, t->wide, 0);
        return err_os(e, code, "making a new file");
    }
    uint64_t writer = t->writer;
    bool mid_line = t->lines.mid_line;
    adopt(t, h, s);
    t->writer = writer; /* a line that had to be cut goes on in the new file */
    t->lines.mid_line = mid_line;
    CloseHandle(old);
    return ST_OK;
}

enum st target_roll(struct target *t, const struct scribe *s, struct err *e)
{
    if (t->keep == 0)
        return empty(t, e);
    size_t units = wcslen(t->wide) + NUMBER_UNITS + ASIDE_UNITS;
    wchar_t *names = malloc(3 * units * sizeof *names);
    enum st st = names ? replace(t, s, names, units, e) : err_nomem(e);
    free(names);
    return st;
}
