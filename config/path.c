/* path.c - paths as text. */
#include "config/path.h"

#include <string.h>

static bool separator(char c)
{
    return c == '/' || c == '\\';
}

static bool drive(struct str p)
{
    return p.n >= 2 && p.p[1] == ':' && ascii_alnum(p.p[0]) && !ascii_digit(p.p[0]);
}

bool path_absolute(struct str path)
{
    return (path.n > 0 && separator(path.p[0])) || drive(path);
}

struct str path_base(struct str path)
{
    size_t i = path.n;
    size_t least = drive(path) ? 2 : 0;
    while (i > least && !separator(path.p[i - 1]))
        i--;
    return (struct str){path.p + i, path.n - i};
}

struct str path_dir(struct str path)
{
    size_t n = path.n - path_base(path).n;
    size_t root = drive(path) ? 3 : 1;
    while (n > root && separator(path.p[n - 1]))
        n--;
    return (struct str){path.p, n};
}

const char *source_path_join(struct arena *a, struct str dir, struct str path)
{
    if (dir.n == 0 || path_absolute(path))
        return arena_str(a, path);
    char *p = arena_alloc(a, dir.n + path.n + 2, 1);
    if (!p)
        return NULL;
    size_t n = dir.n;
    memcpy(p, dir.p, n);
    if (!separator(dir.p[n - 1]))
        p[n++] = memchr(dir.p, '\\', dir.n) ? '\\' : '/';
    if (path.n > 0)
        memcpy(p + n, path.p, path.n);
    return p;
}

const char *path_key(const struct source *src, const char *path, struct arena *a)
{
    const char *full = src->full(src->ctx, path, a);
    char *key = full ? arena_str(a, str_of(full)) : NULL;
    for (char *p = key; p && *p; p++)
        *p = *p == '/' ? '\\' : ascii_lower(*p);
    return key;
}
