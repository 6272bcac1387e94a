/* path.c - paths made absolute, joined and long.  Any thread. */
#include "service/win32/file.h"
#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>

/* A folder's own limit is lower than MAX_PATH: room for an 8.3 name must be left below it. */
enum { SHORT_PATH = MAX_PATH - 13 };

static bool sep(wchar_t c)
{
    return c == L'\\' || c == L'/';
}

static bool drive(const wchar_t *p)
{
    return ((p[0] >= L'a' && p[0] <= L'z') || (p[0] >= L'A' && p[0] <= L'Z')) && p[1] == L':';
}

static bool same_drive(const wchar_t *a, const wchar_t *b)
{
    return drive(a) && drive(b) && (a[0] | 0x20) == (b[0] | 0x20);
}

/* Units of `C:`, `\\server\share`, `\\?\C:` or `\\?\UNC\server\share` at the start of P. */
static size_t root_of(const wchar_t *p)
{
    size_t i = sep(p[0]) && sep(p[1]) ? 2 : 0, parts = i ? 2 : 0;
    if (i && (p[2] == L'?' || p[2] == L'.') && sep(p[3])) {
        i = 4;
        parts = _wcsnicmp(p + 4, L"UNC\\", 4) == 0 ? 3 : 1;
    }
    if (drive(p + i))
        return i + 2;
    for (; parts > 0 && p[i]; parts--) {
        i += wcscspn(p + i, L"\\/");
        i += parts > 1 && p[i];
    }
    return i;
}

/* A and B with MIDDLE between; from malloc. */
static wchar_t *concat(const wchar_t *a, size_t n, const wchar_t *middle, const wchar_t *b)
{
    size_t m = wcslen(middle), k = wcslen(b) + 1;
    wchar_t *w = malloc((n + m + k) * sizeof *w);
    if (!w)
        return NULL;
    memcpy(w, a, n * sizeof *w);
    memcpy(w + n, middle, m * sizeof *w);
    memcpy(w + n + m, b, k * sizeof *w);
    return w;
}

/* From malloc; NULL when out of memory. */
static wchar_t *full_of(const wchar_t *path)
{
    for (DWORD cap = MAX_PATH;;) {
        wchar_t *full = malloc(cap * sizeof *full);
        if (!full)
            return NULL;
        DWORD n = GetFullPathNameW(path, cap, full, NULL);
        if (n > 0 && n < cap)
            return full;
        free(full);
        if (n == 0) /* "" and names that no call takes: let that call say so */
            return _wcsdup(path);
        cap = n + 1;
    }
}

wchar_t *path_wide(const char *path)
{
    wchar_t *w = wide_z(path), *full = w ? full_of(w) : NULL;
    free(w);
    if (!full || wcslen(full) < SHORT_PATH)
        return full;
    if (!sep(full[0]))
        w = concat(L"", 0, L"\\\\?\\", full);
    else if (full[2] == L'?' || full[2] == L'.')
        return full;
    else
        w = concat(L"", 0, L"\\\\?\\UNC\\", full + 2);
    free(full);
    return w;
}

static wchar_t *joined(const wchar_t *base, const wchar_t *path)
{
    if ((drive(path) && sep(path[2])) || (sep(path[0]) && sep(path[1])))
        return _wcsdup(path);
    if (sep(path[0]))
        return concat(base, root_of(base), L"", path);
    if (same_drive(base, path))
        path += 2;
    else if (drive(path)) /* D:x has no folder to stand on but its root */
        return concat(path, 2, L"\\", path + 2);
    size_t n = wcslen(base);
    return concat(base, n, *path && n > 0 && !sep(base[n - 1]) ? L"\\" : L"", path);
}

char *path_join(const char *base, const char *path)
{
    wchar_t *b = wide_z(base), *p = wide_z(path), *w = NULL, *full = NULL;
    char *z = NULL;
    if (b && p)
        w = joined(b, p);
    if (w)
        full = full_of(w);
    if (full)
        z = utf8_of(full);
    free(b);
    free(p);
    free(w);
    free(full);
    return z;
}

static bool is_folder(const wchar_t *w)
{
    DWORD a = GetFileAttributesW(w);
    return a != INVALID_FILE_ATTRIBUTES && (a & FILE_ATTRIBUTE_DIRECTORY);
}

/* Makes each folder above PATH, from the root down; cuts PATH.  One that may not be looked at or
 * made can still hold those below it, so only the last decides; the first error tells the most. */
static DWORD make_folders(wchar_t *path)
{
    DWORD first = 0;
    size_t root = root_of(path), last = 0;
    for (size_t i = root; path[i]; i++) {
        if (!sep(path[i]) || i == root)
            continue;
        wchar_t was = path[i];
        path[i] = L'\0';
        if (!is_folder(path) && !CreateDirectoryW(path, NULL)) {
            DWORD code = GetLastError();
            first = first ? first : code;
        }
        path[i] = was;
        last = i;
    }
    if (last == 0)
        return 0; /* right below the root, which nobody can make */
    path[last] = L'\0';
    return is_folder(path) ? 0 : first ? first : ERROR_DIRECTORY;
}

enum st path_make_parents(const char *path, struct err *e)
{
    wchar_t *w = path_wide(path);
    if (!w)
        return err_nomem(e);
    DWORD code = make_folders(w);
    free(w);
    if (code == ERROR_ALREADY_EXISTS) /* it does, and is a file */
        code = ERROR_DIRECTORY;
    return code ? err_os(e, code, "making the folder of '%s'", path) : ST_OK;
}

char *path_of_self(void)
{
    for (DWORD cap = MAX_PATH; cap <= 1 << 16; cap *= 2) {
        wchar_t *w = malloc(cap * sizeof *w);
        if (!w)
            return NULL;
        DWORD n = GetModuleFileNameW(NULL, w, cap);
        char *z = n > 0 && n < cap ? utf8_of_n(w, n) : NULL;
        free(w);
        if (z || n < cap)
            return z;
    }
    return NULL;
}
