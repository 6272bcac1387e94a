/* program.c - the search for a program.  Windows' own is never used: it looks into the service's
 * folder and the current one first, and at the service's PATH in place of the worker's. */
#include "service/process/program.h"

#include "service/process/environ.h"
#include "service/win32/file.h"
#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include "common/buf.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>

static const char *const endings[] = {".exe", ".com", ".cmd", ".bat"};
static const char endings_text[] = ".exe, .com, .cmd, .bat";

/* Of the attempts at one program: the error that says most. */
struct search {
    DWORD code; /* 0: nothing was looked at */
    bool folder;
};

static void remember(struct search *s, DWORD code)
{
    bool absent = code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND;
    if (s->code == 0 || !absent)
        s->code = code;
}

static enum st is_file(const char *path, bool *ret, struct search *s, struct err *e)
{
    wchar_t *w = path_wide(path);
    if (!w)
        return err_nomem(e);
    DWORD a = GetFileAttributesW(w);
    DWORD code = a == INVALID_FILE_ATTRIBUTES ? GetLastError() : 0;
    free(w);
    bool folder = code == 0 && (a & FILE_ATTRIBUTE_DIRECTORY);
    s->folder = s->folder || folder;
    if (code)
        remember(s, code);
    *ret = code == 0 && !folder;
    return ST_OK;
}

static bool has_ending(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && !strpbrk(dot, "\\/");
}

static enum st try_name(struct buf *name, const char *ending, char **ret, struct search *s,
                        struct err *e)
{
    size_t n = name->n;
    bool found = false;
    buf_z(name, ending);
    if (!buf_ok(name))
        return err_nomem(e);
    enum st st = is_file(buf_text(name), &found, s, e);
    if (st == ST_OK && found) {
        *ret = path_join("", buf_text(name));
        st = *ret ? ST_OK : err_nomem(e);
    }
    name->n = n;
    name->p[n] = '\0';
    return st;
}

/* FULL itself and with each ending.  A name without one is tried last: `tool` means tool.exe where
 * both are there.  *ret stays NULL when nothing is found. */
static enum st try_path(const char *full, char **ret, struct search *s, struct err *e)
{
    struct buf name = {0};
    bool first = has_ending(full);
    enum st st = ST_OK;
    buf_z(&name, full);
    if (first)
        st = try_name(&name, "", ret, s, e);
    for (size_t i = 0; st == ST_OK && !*ret && i < sizeof endings / sizeof *endings; i++)
        st = try_name(&name, endings[i], ret, s, e);
    if (st == ST_OK && !*ret && !first)
        st = try_name(&name, "", ret, s, e);
    buf_free(&name);
    return st;
}

static enum st find_at(const char *word, const char *directory, char **ret, struct err *e)
{
    struct search s = {0};
    char *full = path_join(directory, word);
    enum st st = full ? try_path(full, ret, &s, e) : err_nomem(e);
    if (st == ST_OK && !*ret) {
        if (s.folder)
            st = err_say(e, ST_NOTFOUND, "'%s' is a folder, not a program", full);
        else if (has_ending(full))
            st = err_os(e, s.code, "the program '%s'", full);
        else
            st = err_os(e, s.code, "the program '%s' (also with %s)", full, endings_text);
    }
    free(full);
    return st;
}

/* One folder of PATH: quotes may stand round it; a relative one starts at the worker's folder. */
static enum st try_folder(struct str folder, const char *word, const char *directory, char **ret,
                          struct err *e)
{
    struct search s = {0};
    struct buf b = {0};
    enum st st = ST_OK;
    for (size_t i = 0; i < folder.n; i++)
        if (folder.p[i] != '"')
            buf_char(&b, folder.p[i]);
    buf_z(&b, "\\");
    buf_z(&b, word);
    char *full = buf_ok(&b) ? path_join(directory, buf_text(&b)) : NULL;
    st = full ? try_path(full, ret, &s, e) : err_nomem(e);
    free(full);
    buf_free(&b);
    return st;
}

/* The next folder of PATH; a `;` between quotes belongs to it.  p == NULL ends *rest. */
static struct str next_folder(struct str *rest)
{
    struct str s = *rest;
    bool quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            quoted = !quoted;
        if (s.p[i] != ';' || quoted)
            continue;
        *rest = (struct str){s.p + i + 1, s.n - i - 1};
        return (struct str){s.p, i};
    }
    *rest = (struct str){0};
    return s;
}

static enum st find_on_path(const char *word, const char *directory, const char *path, char **ret,
                            struct err *e)
{
    enum st st = ST_OK;
    for (struct str rest = str_of(path); st == ST_OK && !*ret && rest.p;) {
        struct str folder = str_trim(next_folder(&rest));
        if (folder.n > 0)
            st = try_folder(folder, word, directory, ret, e);
    }
    if (st != ST_OK || *ret)
        return st;
    struct search s = {0};
    char *here = path_join(directory, word), *found = NULL;
    st = here ? try_path(here, &found, &s, e) : err_nomem(e);
    if (st == ST_OK && found)
        st = err_say(e, ST_NOTFOUND,
                     "the program '%s' is in no folder of the worker's PATH; for the one in its "
                     "directory write .\\%s",
                     word, word);
    else if (st == ST_OK)
        st = err_say(e, ST_NOTFOUND,
                     "the program '%s'%s%s%s is in no folder of the worker's PATH; give its full "
                     "path, or set env.PATH; PATH is %s",
                     word, has_ending(word) ? "" : " (with ", has_ending(word) ? "" : endings_text,
                     has_ending(word) ? "" : ")", *path ? path : "empty");
    free(here);
    free(found);
    return st;
}

enum st program_find(struct str word, const char *directory, const wchar_t *environment, char **ret,
                     struct err *e)
{
    struct buf name = {0};
    const wchar_t *path = environ_get(environment, L"PATH");
    char *folders = utf8_of(path ? path : L""), *found = NULL;
    enum st st;
    buf_str(&name, word);
    if (!buf_ok(&name) || !folders)
        st = err_nomem(e);
    else if (strpbrk(buf_text(&name), "\\/:"))
        st = find_at(buf_text(&name), directory, &found, e);
    else
        st = find_on_path(buf_text(&name), directory, folders, &found, e);
    if (st == ST_OK)
        *ret = found;
    buf_free(&name);
    free(folders);
    return st;
}
