/* harness_files.c - see the header.  One thread. */
#include "harness.h"

#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHUNK = 64 << 10 };

char *path_f(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    assert_true(n >= 0);
    char *z = malloc((size_t)n + 1);
    assert_non_null(z);
    va_start(args, fmt);
    vsnprintf(z, (size_t)n + 1, fmt, args);
    va_end(args);
    return z;
}

wchar_t *wide_or_fail(const char *utf8)
{
    wchar_t *w = wide_z(utf8);
    assert_non_null(w);
    return w;
}

bool file_exists(const char *path)
{
    wchar_t *w = wide_or_fail(path);
    DWORD attributes = GetFileAttributesW(w);
    free(w);
    return attributes != INVALID_FILE_ATTRIBUTES;
}

bool file_read(const char *path, struct buf *out)
{
    static char chunk[CHUNK];
    wchar_t *w = wide_or_fail(path);
    DWORD n = 0;
    HANDLE h = CreateFileW(w, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                           NULL, OPEN_EXISTING, 0, NULL);
    free(w);
    if (h == INVALID_HANDLE_VALUE)
        return false;
    while (ReadFile(h, chunk, CHUNK, &n, NULL) && n > 0)
        buf_add(out, chunk, n);
    CloseHandle(h);
    assert_true(buf_ok(out));
    return true;
}

void file_write(const char *path, struct str bytes)
{
    wchar_t *w = wide_or_fail(path);
    DWORD done = 0;
    HANDLE h = CreateFileW(w, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS,
                           FILE_ATTRIBUTE_NORMAL, NULL);
    free(w);
    if (h == INVALID_HANDLE_VALUE)
        fail_msg("%s cannot be written: Windows error %lu", path, GetLastError());
    bool written = WriteFile(h, bytes.p, (DWORD)bytes.n, &done, NULL) && done == bytes.n;
    CloseHandle(h);
    assert_true(written);
}

void folder_make(const char *path)
{
    wchar_t *w = wide_or_fail(path);
    if (!CreateDirectoryW(w, NULL) && GetLastError() != ERROR_ALREADY_EXISTS)
        fail_msg("the folder %s cannot be made: Windows error %lu", path, GetLastError());
    free(w);
}

static void remove_children(const wchar_t *path)
{
    wchar_t pattern[MAX_PATH * 2], child[MAX_PATH * 2];
    WIN32_FIND_DATAW found;
    if (swprintf(pattern, MAX_PATH * 2, L"%ls\\*", path) < 0)
        return;
    HANDLE h = FindFirstFileW(pattern, &found);
    if (h == INVALID_HANDLE_VALUE)
        return;
    do {
        if (wcscmp(found.cFileName, L".") == 0 || wcscmp(found.cFileName, L"..") == 0 ||
            swprintf(child, MAX_PATH * 2, L"%ls\\%ls", path, found.cFileName) < 0)
            continue;
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
            remove_children(child);
            RemoveDirectoryW(child);
        } else {
            DeleteFileW(child);
        }
    } while (FindNextFileW(h, &found));
    FindClose(h);
}

void tree_remove(const char *path)
{
    wchar_t *w = wide_or_fail(path);
    remove_children(w);
    RemoveDirectoryW(w);
    free(w);
}

char *path_beside_test(const char *relative)
{
    wchar_t self[MAX_PATH * 2], joined[MAX_PATH * 4], full[MAX_PATH * 4];
    wchar_t *w = wide_or_fail(relative);
    DWORD n = GetModuleFileNameW(NULL, self, MAX_PATH * 2);
    assert_in_range(n, 1, MAX_PATH * 2 - 1);
    *wcsrchr(self, L'\\') = L'\0';
    assert_true(swprintf(joined, MAX_PATH * 4, L"%ls\\%ls", self, w) > 0);
    free(w);
    n = GetFullPathNameW(joined, MAX_PATH * 4, full, NULL);
    assert_in_range(n, 1, MAX_PATH * 4 - 1);
    char *path = utf8_of(full);
    assert_non_null(path);
    return path;
}
