/* fake.c - files in memory. */
#include "tests/config/fake.h"

#include <string.h>

/* Absolute, without `.` and `..`, with '/' only. */
static const char *fake_full(void *ctx, const char *path, struct arena *a)
{
    (void)ctx;
    bool absolute = *path == '/' || *path == '\\';
    char *out = arena_alloc(a, strlen(path) + 8, 1);
    size_t n = 0;
    if (!out)
        return NULL;
    if (!absolute) {
        memcpy(out, "/conf", 5);
        n = 5;
    }
    while (*path) {
        size_t len = strcspn(path, "/\\");
        if (len == 2 && memcmp(path, "..", 2) == 0) {
            while (n > 0 && out[--n] != '/')
                ;
        } else if (len > 0 && !(len == 1 && *path == '.')) {
            out[n++] = '/';
            memcpy(out + n, path, len);
            n += len;
        }
        path += len + (path[len] ? 1 : 0);
    }
    out[n] = '\0';
    return out;
}

static const struct fake_file *find(struct fake *f, const char *full, struct arena *a)
{
    for (const struct fake_file *file = f->file; file->path; file++) {
        const char *path = fake_full(NULL, file->path, a);
        if (path && strcmp(path, full) == 0)
            return file;
    }
    return NULL;
}

static enum st fake_read(void *ctx, const char *path, struct arena *a, struct str *ret,
                         struct err *e)
{
    struct fake *f = ctx;
    const char *full = fake_full(NULL, path, a);
    const struct fake_file *file = full ? find(f, full, a) : NULL;
    f->reads++;
    if (!full)
        return err_nomem(e);
    if (!file)
        return err_say(e, ST_NOTFOUND, "there is no such file");
    if (file->st != ST_OK)
        return err_say(e, file->st, "it cannot be read");
    *ret = (struct str){file->text, file->n ? file->n : strlen(file->text)};
    return ST_OK;
}

/* `*` and `?` by backtracking. */
static bool matches(const char *pattern, const char *name)
{
    if (*pattern == '*')
        return matches(pattern + 1, name) || (*name && matches(pattern, name + 1));
    if (!*pattern || !*name)
        return *pattern == *name;
    return (*pattern == '?' || *pattern == *name) && matches(pattern + 1, name + 1);
}

static enum st fake_glob(void *ctx, const char *pattern, struct arena *a, struct texts *ret,
                         struct err *e)
{
    struct fake *f = ctx;
    size_t most = 1;
    for (const struct fake_file *file = f->file; file->path; file++)
        most++;
    const char **found = arena_alloc(a, most, sizeof *found);
    const char *full = fake_full(NULL, pattern, a);
    uint32_t n = 0;
    if (!found || !full)
        return err_nomem(e);
    if (!strpbrk(pattern, "*?"))
        found[n++] = full;
    for (const struct fake_file *file = f->file; file->path && strpbrk(pattern, "*?"); file++) {
        const char *path = fake_full(NULL, file->path, a);
        if (!path)
            return err_nomem(e);
        bool same_folder = strrchr(path, '/') - path == strrchr(full, '/') - full &&
                           memcmp(path, full, (size_t)(strrchr(path, '/') - path)) == 0;
        if (!same_folder || !matches(strrchr(full, '/') + 1, strrchr(path, '/') + 1))
            continue;
        uint32_t at = n++;
        for (; at > 0 && strcmp(found[at - 1], path) > 0; at--)
            found[at] = found[at - 1];
        found[at] = path;
    }
    *ret = (struct texts){n, found};
    return ST_OK;
}

static const char *fake_env(void *ctx, const char *name)
{
    struct fake *f = ctx;
    for (const struct env_var *v = f->env; v && v->name; v++)
        if (strcmp(v->name, name) == 0)
            return v->value;
    return NULL;
}

struct source fake_source(struct fake *f)
{
    return (struct source){f, fake_read, fake_glob, fake_env, fake_full, f->machine, NULL};
}

struct buf fake_load(struct fake *f, struct config **ret)
{
    struct source source = fake_source(f);
    struct diags *d = diags_new();
    struct buf said = {0};
    assert_non_null(d);
    *ret = NULL;
    enum st st = config_load(f->file[0].path, &source, ret, d);
    assert_int_equal(st == ST_OK, diag_errors(d) == 0);
    assert_int_equal(st == ST_OK, *ret != NULL);
    diags_print(d, &said);
    diags_free(d);
    return said;
}

struct config *load_good(const char *text)
{
    const struct fake_file files[] = {{"jobs.ini", text, 0, ST_OK}, {0}};
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    assert_string_equal(buf_text(&said), "");
    buf_free(&said);
    return c;
}

void assert_files_said(const struct fake_file *files, const char *expected)
{
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    config_free(c);
    if (strcmp(buf_text(&said), expected) != 0)
        print_message("--- of\n%s\n--- was said\n%s--- and not\n%s", files->text, buf_text(&said),
                      expected);
    assert_string_equal(buf_text(&said), expected);
    buf_free(&said);
}

void assert_said(const char *text, const char *expected)
{
    const struct fake_file files[] = {{"jobs.ini", text, 0, ST_OK}, {0}};
    assert_files_said(files, expected);
}

const struct job_spec *spec_of(const struct config *c, const char *unit)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->job[i].unit, unit) == 0)
            return &c->job[i];
    fail_msg("there is no %s", unit);
    return NULL;
}
