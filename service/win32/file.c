/* file.c - whole files read into memory, and the loader's view of this machine. */
#include "service/win32/file.h"
#include "service/win32/glob.h"
#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>

static enum st fill(HANDLE h, char *p, size_t cap, size_t *ret, struct err *e)
{
    size_t n = 0;
    while (n < cap) {
        DWORD got = 0;
        if (!ReadFile(h, p + n, (DWORD)(cap - n), &got, NULL)) {
            DWORD code = GetLastError();
            return err_os(e, code, "cannot be read");
        }
        if (got == 0)
            break;
        n += got;
    }
    *ret = n;
    return ST_OK;
}

static enum st read_open(HANDLE h, struct arena *a, struct str *ret, struct err *e)
{
    LARGE_INTEGER size;
    if (GetFileType(h) != FILE_TYPE_DISK)
        return err_say(e, ST_OS, "it is a device, not a file");
    if (!GetFileSizeEx(h, &size)) {
        DWORD code = GetLastError();
        return err_os(e, code, "its size cannot be read");
    }
    if (size.QuadPart > CONFIG_FILE_MAX)
        return err_say(e, ST_RANGE, "it has %lld bytes; at most %d are read", size.QuadPart,
                       CONFIG_FILE_MAX);
    size_t cap = (size_t)size.QuadPart, n = 0;
    char *p = arena_alloc(a, cap + 1, 1);
    if (!p)
        return err_nomem(e);
    enum st st = fill(h, p, cap, &n, e);
    if (st == ST_OK)
        *ret = (struct str){p, n};
    return st;
}

static enum st read_file(void *ctx, const char *path, struct arena *a, struct str *ret,
                         struct err *e)
{
    (void)ctx;
    wchar_t *w = path_wide(path);
    if (!w)
        return err_nomem(e);
    /* Sharing everything: an editor that has the file open must not stop a reload. */
    HANDLE h = CreateFileW(w, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                           NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    DWORD code = GetLastError();
    DWORD attributes = h == INVALID_HANDLE_VALUE ? GetFileAttributesW(w) : 0;
    free(w);
    if (h == INVALID_HANDLE_VALUE) {
        /* For a folder CreateFile says "access denied", which sends people the wrong way. */
        if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY))
            return err_say(e, ST_OS, "it is a folder, not a file");
        return err_os(e, code, "cannot be opened");
    }
    enum st st = read_open(h, a, ret, e);
    CloseHandle(h);
    return st;
}

static const char *env(void *ctx, const char *name)
{
    static char *last; /* valid until the next call, as the contract says */
    (void)ctx;
    free(last);
    last = NULL;
    wchar_t *w = wide_z(name), *value = NULL;
    for (DWORD cap = 256; w;) {
        free(value);
        value = malloc(cap * sizeof *value);
        if (!value)
            break;
        SetLastError(0); /* an empty value returns 0 too */
        DWORD n = GetEnvironmentVariableW(w, value, cap);
        if (n >= cap) {
            cap = n + 1;
            continue;
        }
        if (n > 0 || GetLastError() == 0)
            last = utf8_of_n(value, n);
        break;
    }
    free(value);
    free(w);
    return last;
}

static const char *full(void *ctx, const char *path, struct arena *a)
{
    (void)ctx;
    char *z = path_join("", path);
    const char *kept = z ? arena_str(a, str_of(z)) : NULL;
    free(z);
    return kept;
}

struct source source_win32(void)
{
    return (struct source){.read = read_file, .glob = file_glob, .env = env, .full = full};
}
