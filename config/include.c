/* include.c - files that a file includes, read where they are named. */
#include "config/loader.h"

#include "config/path.h"
#include "config/value.h"

#include <string.h>

/* "a.ini -> b.ini -> a.ini", from the first mention of KEY on. */
static void print_chain(const struct file *f, struct str key, struct buf *out)
{
    if (!str_eq(f->key, key) && f->up)
        print_chain(f->up, key, out);
    buf_f(out, "%s -> ", f->shown);
}

static void report_seen(struct loader *l, const struct file *f, const struct file *first,
                        struct place at)
{
    for (const struct file *up = f->up; up; up = up->up)
        if (up == first) {
            struct buf chain = {0};
            print_chain(f->up, f->key, &chain);
            report(l, CODE_INCLUDE_CYCLE, at, "the file includes itself: %s%s", buf_text(&chain),
                   f->shown);
            buf_free(&chain);
            return;
        }
    report(l, CODE_REPEATED_INCLUDE, at, "'%s' is included already, at %s:%u; include it once",
           f->shown, first->from.file, (unsigned)first->from.line);
}

static void read_file(struct loader *l, struct file *f, const char *path)
{
    struct err e = {0};
    struct str bytes = {0};
    enum st st = l->src->read(l->src->ctx, path, l->scratch, &bytes, &e);
    if (st == ST_OK)
        gather_file(l, f, bytes);
    else if (st == ST_NOMEM)
        l->nomem = true;
    else if (st == ST_NOTFOUND)
        report(l, CODE_MISSING_INCLUDE, f->from, "'%s' does not exist; included files are %s",
               f->shown, "named relative to the file that includes them");
    else if (st == ST_RANGE)
        report(l, CODE_FILE_TOO_LARGE, f->from, "'%s': %s", f->shown, e.text);
    else
        report(l, CODE_UNREADABLE_FILE, f->from, "'%s': %s", f->shown, e.text);
}

static void include_one(struct reading *r, struct place at, const char *path, const char *shown)
{
    struct loader *l = r->l;
    const char *key = path_key(l->src, path, l->scratch);
    struct file *f = take(l, l->scratch, 1, sizeof *f);
    l->nomem = l->nomem || !key;
    if (l->nomem)
        return;
    *f = (struct file){shown, at, r->file, r->file->depth + 1, str_of(key)};
    const struct file *first = names_find(l->file_keys, f->key);
    if (first) {
        report_seen(l, f, first, at);
        return;
    }
    if (f->depth > CONFIG_DEPTH_MAX) {
        report(l, CODE_INCLUDE_DEPTH, at, "'%s' is included more than %d levels deep", shown,
               (int)CONFIG_DEPTH_MAX);
        return;
    }
    if (l->files == CONFIG_FILES_MAX) {
        report(l, CODE_TOO_MANY_FILES, at, "more than %d files", (int)CONFIG_FILES_MAX);
        return;
    }
    l->files++;
    if (noted(l, names_add(l->file_keys, f->key, f)))
        read_file(l, f, path);
}

static bool wildcard(struct str s)
{
    return s.n > 0 && (memchr(s.p, '*', s.n) || memchr(s.p, '?', s.n));
}

/* PATTERN as seen from the including file; every match is shown in the way that file was named. */
static void include_pattern(struct reading *r, struct entry *e, struct str text)
{
    struct loader *l = r->l;
    struct texts found = {0};
    struct err err = {0};
    const char *shown = source_path_join(l->keep, path_dir(str_of(r->file->shown)), text);
    l->nomem = l->nomem || !shown;
    if (l->nomem)
        return;
    struct str dir = path_dir(str_of(shown));
    if (wildcard(dir)) {
        report(l, CODE_BAD_VALUE, e->at,
               "files: '%s' has a wildcard in a folder's name; only the "
               "last part may have one",
               shown);
        return;
    }
    enum st st = l->src->glob(l->src->ctx, shown, l->scratch, &found, &err);
    if (st != ST_OK && st != ST_NOMEM)
        report(l, CODE_UNREADABLE_FILE, e->at, "files: '%s': %s", shown, err.text);
    if (!noted(l, st))
        return;
    if (found.n == 0)
        report(l, wildcard(text) ? CODE_EMPTY_INCLUDE : CODE_MISSING_INCLUDE, e->at,
               wildcard(text) ? "no file matches '%s'" : "'%s' does not exist", shown);
    for (uint32_t i = 0; i < found.n && !l->nomem; i++) {
        const char *name = wildcard(text)
                               ? source_path_join(l->keep, dir, path_base(str_of(found.text[i])))
                               : shown;
        l->nomem = l->nomem || !name;
        if (name)
            include_one(r, e->at, found.text[i], name);
    }
}

void include_files(struct reading *r, struct entry *e)
{
    struct texts list = {0};
    struct subst s = subst_for(r->l, "", 0);
    if (!evaluate(r->l, e, &s, &list))
        return;
    for (uint32_t i = 0; i < list.n && !r->l->nomem; i++)
        include_pattern(r, e, str_of(list.text[i]));
}
