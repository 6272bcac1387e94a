/* glob.c - files by pattern.  The matching is our own: Windows' would also look at 8.3 names, by
 * which `*.ini` finds `web.ini~` and `old.ini_disabled`. */
#include "service/win32/glob.h"
#include "service/win32/file.h"
#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include "common/buf.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>

struct found {
    char **path;
    size_t n, cap;
};

static void found_free(struct found *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->path[i]);
    free(f->path);
}

/* Takes PATH, which is NULL when there was no memory for it. */
static enum st found_add(struct found *f, char *path, struct err *e)
{
    if (path && f->n == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 16;
        char **p = realloc(f->path, cap * sizeof *p);
        if (p) {
            f->path = p;
            f->cap = cap;
        }
    }
    if (!path || f->n == f->cap) {
        free(path);
        return err_nomem(e);
    }
    f->path[f->n++] = path;
    return ST_OK;
}

static size_t character(const wchar_t *p)
{
    return p[0] >= 0xD800 && p[0] <= 0xDBFF && p[1] >= 0xDC00 && p[1] <= 0xDFFF ? 2 : 1;
}

bool glob_match(const wchar_t *pattern, const wchar_t *name)
{
    const wchar_t *star = NULL, *from = NULL;
    for (;;) {
        if (*pattern == L'*') {
            star = ++pattern;
            from = name;
        } else if (*name && *pattern == L'?') {
            pattern++;
            name += character(name);
        } else if (*name && CompareStringOrdinal(pattern, 1, name, 1, TRUE) == CSTR_EQUAL) {
            pattern++;
            name++;
        } else if (!*name && !*pattern) {
            return true;
        } else if (star && *from) { /* the last star takes one more */
            pattern = star;
            from += character(from);
            name = from;
        } else {
            return false;
        }
    }
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum st hand_over(struct found *f, struct arena *a, struct texts *ret, struct err *e)
{
    if (f->n > UINT32_MAX)
        return err_say(e, ST_RANGE, "too many files");
    if (f->n > 0)
        qsort(f->path, f->n, sizeof *f->path, by_bytes);
    const char **text = arena_alloc(a, f->n, sizeof *text);
    if (!text)
        return err_nomem(e);
    for (size_t i = 0; i < f->n; i++) {
        text[i] = arena_str(a, str_of(f->path[i]));
        if (!text[i])
            return err_nomem(e);
    }
    *ret = (struct texts){.n = (uint32_t)f->n, .text = text};
    return ST_OK;
}

static enum st add_match(struct found *f, const char *folder, const wchar_t *name, struct err *e)
{
    char *z = utf8_of(name);
    char *path = z ? path_join(folder, z) : NULL;
    free(z);
    return found_add(f, path, e);
}

static enum st look(const char *folder, const wchar_t *pattern, struct found *f, struct err *e)
{
    char *all = path_join(folder, "*");
    wchar_t *w = all ? path_wide(all) : NULL;
    free(all);
    if (!w)
        return err_nomem(e);
    WIN32_FIND_DATAW d;
    HANDLE h = FindFirstFileW(w, &d);
    DWORD code = GetLastError();
    free(w);
    if (h == INVALID_HANDLE_VALUE) {
        if (code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND)
            return ST_OK; /* no folder, no match */
        return err_os(e, code, "looking through the folder '%s'", folder);
    }
    enum st st = ST_OK;
    do {
        if (!(d.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) && glob_match(pattern, d.cFileName))
            st = add_match(f, folder, d.cFileName, e);
    } while (st == ST_OK && FindNextFileW(h, &d));
    code = st == ST_OK ? GetLastError() : ERROR_NO_MORE_FILES;
    FindClose(h);
    return code == ERROR_NO_MORE_FILES ? st
                                       : err_os(e, code, "looking through the folder '%s'", folder);
}

/* Where the last part of PATTERN starts. */
static size_t last_part(const char *pattern)
{
    size_t n = strlen(pattern);
    while (n > 0 && pattern[n - 1] != '\\' && pattern[n - 1] != '/')
        n--;
    return n;
}

static enum st collect(const char *pattern, struct found *f, struct err *e)
{
    size_t at = last_part(pattern), skip = strncmp(pattern, "\\\\?\\", 4) == 0 ? 4 : 0;
    if (!strpbrk(pattern + skip, "*?"))
        return found_add(f, path_join("", pattern), e);
    if (strcspn(pattern + skip, "*?") + skip < at)
        return err_say(e, ST_SYNTAX, "'%s' has a * or ? before the last \\; only file names may",
                       pattern);
    struct buf cut = {0};
    buf_add(&cut, pattern, at);
    char *folder = buf_ok(&cut) ? path_join(".", buf_text(&cut)) : NULL;
    wchar_t *name = wide_z(pattern + at);
    enum st st = folder && name ? look(folder, name, f, e) : err_nomem(e);
    buf_free(&cut);
    free(folder);
    free(name);
    return st;
}

enum st file_glob(void *ctx, const char *pattern, struct arena *a, struct texts *ret, struct err *e)
{
    (void)ctx;
    struct found f = {0};
    enum st st = collect(pattern, &f, e);
    if (st == ST_OK)
        st = hand_over(&f, a, ret, e);
    found_free(&f);
    return st;
}
