/* scratch.c - by the plain calls of Windows and \\?\ throughout, so that it tests, not repeats,
 * ours. */
#include "tests/win32/scratch.h"

#include "tests/win32/groups.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static wchar_t *wide(const char *path)
{
    static const wchar_t prefix[] = L"\\\\?\\";
    int n = MultiByteToWideChar(CP_UTF8, 0, path, -1, NULL, 0);
    wchar_t *w = calloc((size_t)n + 4, sizeof *w);
    assert_non_null(w);
    memcpy(w, prefix, sizeof prefix);
    MultiByteToWideChar(CP_UTF8, 0, path, -1, w + 4, n);
    return w;
}

static char *narrow(const wchar_t *w)
{
    int n = WideCharToMultiByte(CP_UTF8, 0, w, -1, NULL, 0, NULL, NULL);
    char *z = calloc((size_t)n + 1, 1);
    assert_non_null(z);
    WideCharToMultiByte(CP_UTF8, 0, w, -1, z, n, NULL, NULL);
    return z;
}

char *scratch_path(const char *folder, const char *name)
{
    size_t n = strlen(folder) + strlen(name) + 2;
    char *z = malloc(n);
    assert_non_null(z);
    snprintf(z, n, "%s\\%s", folder, name);
    return z;
}

char *scratch_make(void)
{
    static unsigned count;
    wchar_t temp[MAX_PATH + 1];
    char name[64];
    assert_true(GetTempPathW(MAX_PATH + 1, temp) > 0);
    temp[wcslen(temp) - 1] = L'\0';
    char *base = narrow(temp);
    for (;;) {
        snprintf(name, sizeof name, "jw-%lu-%u " ODD_NAME, GetCurrentProcessId(), ++count);
        char *path = scratch_path(base, name);
        wchar_t *w = wide(path);
        BOOL made = CreateDirectoryW(w, NULL);
        DWORD code = GetLastError();
        free(w);
        if (made) {
            free(base);
            return path;
        }
        free(path);
        assert_int_equal(code, ERROR_ALREADY_EXISTS); /* of a run that was cut short */
    }
}

static void remove_tree(const char *path)
{
    WIN32_FIND_DATAW d;
    char *all = scratch_path(path, "*");
    wchar_t *w = wide(all);
    HANDLE h = FindFirstFileW(w, &d);
    free(w);
    free(all);
    while (h != INVALID_HANDLE_VALUE) {
        char *name = narrow(d.cFileName), *below = scratch_path(path, name);
        if (!(d.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)) {
            w = wide(below);
            DeleteFileW(w);
            free(w);
        } else if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            remove_tree(below);
        }
        free(name);
        free(below);
        if (!FindNextFileW(h, &d))
            break;
    }
    if (h != INVALID_HANDLE_VALUE)
        FindClose(h);
    w = wide(path);
    RemoveDirectoryW(w);
    free(w);
}

void scratch_remove(char *path)
{
    if (path)
        remove_tree(path);
    free(path);
}

void scratch_write(const char *path, const char *text, size_t n)
{
    wchar_t *w = wide(path);
    /* A console host may hold a worker's output a little longer than the worker. */
    HANDLE h = CreateFileW(w, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                           NULL, CREATE_ALWAYS, 0, NULL);
    DWORD done = 0;
    free(w);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    assert_true(WriteFile(h, text, (DWORD)n, &done, NULL) && done == n);
    CloseHandle(h);
}

char *scratch_read(const char *path)
{
    wchar_t *w = wide(path);
    HANDLE h = CreateFileW(w, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                           NULL, OPEN_EXISTING, 0, NULL);
    LARGE_INTEGER size;
    DWORD done = 0;
    free(w);
    if (h == INVALID_HANDLE_VALUE)
        return NULL;
    assert_true(GetFileSizeEx(h, &size));
    char *text = calloc((size_t)size.QuadPart + 1, 1);
    assert_non_null(text);
    assert_true(ReadFile(h, text, (DWORD)size.QuadPart, &done, NULL));
    CloseHandle(h);
    return text;
}
