/* tail_rolled.c - see tail_rolled.h. */
#include "service/host/tail_rolled.h"

#include <stdlib.h>
#include <wchar.h>

enum { NUMBER_UNITS = 12, NUMBER_MAX = 1000 }; /* log_keep goes so far */

HANDLE rolled_open(const wchar_t *name, unsigned number)
{
    size_t units = wcslen(name) + NUMBER_UNITS;
    wchar_t *path = malloc(units * sizeof *path);
    if (!path) {
        SetLastError(ERROR_OUTOFMEMORY);
        return NULL;
    }
    if (number == 0)
        wcscpy(path, name);
    else
        swprintf(path, units, L"%ls.%u", name, number);
    HANDLE h =
        CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD code = GetLastError();
    free(path);
    SetLastError(code);
    return h == INVALID_HANDLE_VALUE ? NULL : h;
}

bool rolled_same(HANDLE a, HANDLE b)
{
    BY_HANDLE_FILE_INFORMATION x, y;
    return GetFileInformationByHandle(a, &x) && GetFileInformationByHandle(b, &y) &&
           x.dwVolumeSerialNumber == y.dwVolumeSerialNumber &&
           x.nFileIndexHigh == y.nFileIndexHigh && x.nFileIndexLow == y.nFileIndexLow;
}

static bool is_at(const wchar_t *name, unsigned number, HANDLE file)
{
    HANDLE h = rolled_open(name, number);
    bool same = h && rolled_same(h, file);
    if (h)
        CloseHandle(h);
    return same;
}

static bool is_later(HANDLE a, HANDLE than)
{
    FILETIME x, y;
    return GetFileTime(a, NULL, NULL, &x) && GetFileTime(than, NULL, NULL, &y) &&
           CompareFileTime(&x, &y) > 0;
}

/* Numbers only rise.  One may be missing in the midst of a roll.  0: it is not among them. */
static unsigned find(const wchar_t *name, HANDLE file, unsigned from)
{
    unsigned missing = 0;
    for (unsigned k = from ? from : 1; k <= NUMBER_MAX + 1 && missing < 2; k++) {
        HANDLE h = rolled_open(name, k);
        bool same = h && rolled_same(h, file);
        missing = h ? 0 : missing + 1;
        if (h)
            CloseHandle(h);
        if (same)
            return k;
    }
    return 0;
}

/* The oldest that was written to after FILE was; what was rolled before it is no news. */
static HANDLE oldest_later(const wchar_t *name, HANDLE file, struct rolled *r, bool *ret_lost)
{
    HANDLE found = rolled_open(name, 0), h;
    for (unsigned k = 1; found && k <= NUMBER_MAX && (h = rolled_open(name, k)) != NULL; k++) {
        if (!is_later(h, file)) {
            CloseHandle(h);
            break;
        }
        CloseHandle(found);
        found = h;
        r->at = k;
        *ret_lost = true;
    }
    return found;
}

HANDLE rolled_next(const wchar_t *name, HANDLE file, struct rolled *r, bool *ret_lost)
{
    unsigned k = find(name, file, r->at), next = k;
    HANDLE h = NULL;
    *ret_lost = false;
    if (k == 0) {
        *r = (struct rolled){0, false};
        return oldest_later(name, file, r, ret_lost);
    }
    while (!h && next > 0 && (next == k || r->gap)) /* one that somebody took away is passed over */
        h = rolled_open(name, --next);
    /* Where it is still the same number, nothing behind it has moved meanwhile. */
    if (h && is_at(name, k, file)) {
        *r = (struct rolled){next, false};
        return h;
    }
    *r = (struct rolled){k, !h};
    if (h)
        CloseHandle(h);
    return NULL;
}
