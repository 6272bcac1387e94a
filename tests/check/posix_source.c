/* posix_source.c - see the header. */
#define _POSIX_C_SOURCE 200809L

#include "posix_source.h"

#include "config/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- paths -------------------------------------------------------------------------- */

/* PATH with `/` only; NULL when out of memory. */
static char *slashes(const char *path, struct arena *a)
{
    char *copy = arena_str(a, str_of(path));
    for (char *p = copy; p && *p; p++)
        *p = *p == '\\' ? '/' : *p;
    return copy;
}

static const char *full(void *ctx, const char *path, struct arena *a)
{
    (void)ctx;
    char folder[4096];
    if (!getcwd(folder, sizeof folder))
        return NULL;
    char *rest = slashes(source_path_join(a, str_of(folder), str_of(path)), a);
    char *out = arena_alloc(a, rest ? strlen(rest) + 2 : 1, 1);
    size_t n = 0;
    for (struct str left = str_of(rest); out && rest && left.p;) {
        struct str part = str_cut(&left, '/');
        if (str_is(part, "..")) {
            while (n > 0 && out[--n] != '/')
                ;
        } else if (part.n > 0 && !str_is(part, ".")) {
            out[n++] = '/';
            memcpy(out + n, part.p, part.n);
            n += part.n;
        }
        out[n] = '\0';
    }
    return rest ? out : NULL;
}

/* --- reading ------------------------------------------------------------------------ */
static enum st refused(struct err *e, int code)
{
    bool missing = code == ENOENT || code == ENOTDIR;
    enum st st = missing ? ST_NOTFOUND : code == EACCES ? ST_DENIED : ST_OS;
    return err_say(e, st, "cannot be opened: ... (Windows error %d)", missing ? 2 : 5);
}

static enum st fill(int fd, const struct stat *s, struct arena *a, struct str *ret, struct err *e)
{
    if (S_ISDIR(s->st_mode))
        return err_say(e, ST_OS, "it is a folder, not a file");
    if (s->st_size > CONFIG_FILE_MAX)
        return err_say(e, ST_RANGE, "it has %lld bytes; at most %d are read", (long long)s->st_size,
                       (int)CONFIG_FILE_MAX);
    size_t size = (size_t)s->st_size, n = 0;
    char *p = arena_alloc(a, size + 1, 1);
    if (!p)
        return err_nomem(e);
    for (ssize_t got = 1; got > 0 && n < size; n += (size_t)got) {
        got = read(fd, p + n, size - n);
        if (got < 0)
            return err_say(e, ST_OS, "cannot be read: %s", strerror(errno));
    }
    *ret = (struct str){p, n};
    return ST_OK;
}

static enum st read_file(void *ctx, const char *path, struct arena *a, struct str *ret,
                         struct err *e)
{
    (void)ctx;
    struct stat s;
    const char *real = slashes(path, a);
    if (!real)
        return err_nomem(e);
    int fd = open(real, O_RDONLY);
    if (fd < 0)
        return refused(e, errno);
    enum st st = fstat(fd, &s) == 0 ? fill(fd, &s, a, ret, e) : refused(e, errno);
    close(fd);
    return st;
}

/* --- patterns ----------------------------------------------------------------------- */
static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* What is in FOLDER and matches, counted; kept in LIST too, unless that is NULL. */
static enum st look(const char *folder, const char *pattern, const char **list, uint32_t *n,
                    struct arena *a)
{
    DIR *dir = opendir(folder);
    enum st st = ST_OK;
    *n = 0;
    for (const struct dirent *d; dir && st == ST_OK && (d = readdir(dir));) {
        if (fnmatch(pattern, d->d_name, FNM_NOESCAPE) != 0)
            continue;
        const char *path = source_path_join(a, str_of(folder), str_of(d->d_name));
        if (!path)
            st = ST_NOMEM;
        else if (!is_folder(path) && list)
            list[(*n)++] = path;
        else if (!is_folder(path))
            ++*n;
    }
    if (dir)
        closedir(dir);
    return st;
}

static enum st glob_files(void *ctx, const char *pattern, struct arena *a, struct texts *ret,
                          struct err *e)
{
    const char *path = full(ctx, pattern, a);
    uint32_t n = 1;
    if (!path)
        return err_nomem(e);
    const char *last = strrchr(path, '/') + 1;
    const char *folder = arena_str(a, path_dir(str_of(path)));
    bool many = strpbrk(last, "*?");
    if (!folder || (many && look(folder, last, NULL, &n, a) != ST_OK))
        return err_nomem(e);
    const char **list = arena_alloc(a, n, sizeof *list);
    if (!list || (many && look(folder, last, list, &n, a) != ST_OK))
        return err_nomem(e);
    if (!many)
        list[0] = path;
    if (n > 0)
        qsort(list, n, sizeof *list, by_bytes);
    *ret = (struct texts){n, list};
    return ST_OK;
}

static const char *find_env(void *ctx, const char *name)
{
    for (const struct env_var *v = ctx; v->name; v++)
        if (strcmp(v->name, name) == 0)
            return v->value;
    return NULL;
}

struct source source_posix(const struct env_var *env)
{
    union {
        const struct env_var *in;
        void *out;
    } u = {env}; /* the contract's context is not const; find_env() only reads */
    return (struct source){u.out, read_file, glob_files, find_env, full, NULL, NULL};
}
