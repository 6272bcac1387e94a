/* gather.c - reads the first file, and every file as sections and entries. */
#include "config/loader.h"

#include "config/ini.h"
#include "config/lines.h"
#include "config/path.h"

static void on_section(void *ctx, uint32_t line, struct str name, struct str after)
{
    section_begin(ctx, line, name, after);
}

static void on_key(void *ctx, uint32_t line, struct str key, struct str value)
{
    struct reading *r = ctx;
    struct entry *e = section_key(r, line, key, value);
    if (e && e->field->section == SECTION_INCLUDE)
        include_files(r, e);
}

/* A program, or a text in another encoding, is one mistake and not one for each line. */
enum { GARBLED_MAX = 20 };

static void report_line(struct reading *r, uint32_t line, enum diag_code code, const char *text)
{
    struct place at = {r->file->shown, line};
    bool garbled = code == CODE_NUL_BYTE || code == CODE_NOT_UTF8 || code == CODE_CONTROL_CHARACTER;
    r->garbled += garbled;
    if (!garbled || r->garbled <= GARBLED_MAX)
        report(r->l, code, at, "%s", text);
    else if (r->garbled == GARBLED_MAX + 1)
        report(r->l, code, at,
               "more lines of this file are not UTF-8 text; they are left out here");
}

static void on_refused(void *ctx, uint32_t line, bool header, enum diag_code code, const char *text)
{
    struct reading *r = ctx;
    report_line(r, line, code, text);
    if (r->now)
        r->now->damaged = true;
    if (header) {
        r->now = NULL;
        r->refused = true;
    }
}

void gather_file(struct loader *l, const struct file *f, struct str bytes)
{
    enum diag_code code = CODE_UNREADABLE_FILE;
    struct err e = {0};
    struct reading r = {.l = l, .file = f};
    const struct ini_events events = {&r, on_section, on_key, on_refused};
    if (!text_lines_readable(bytes, &code, &e)) {
        report(l, code, (struct place){f->shown, 0}, "%s", e.text);
        return;
    }
    r.key = take(l, l->scratch, schema_count, sizeof *r.key);
    r.next = take(l, l->scratch, schema_count, sizeof *r.next);
    r.dotted = names_new();
    l->nomem = l->nomem || !r.dotted;
    if (!l->nomem)
        noted(l, ini_read(bytes, &events));
    names_free(r.dotted);
}

void gather_main(struct loader *l)
{
    struct err e = {0};
    struct str bytes = {0};
    struct place at = {l->path, 0};
    enum st st = l->src->read(l->src->ctx, l->path, l->scratch, &bytes, &e);
    if (st == ST_NOMEM) {
        l->nomem = true;
        return;
    }
    if (st != ST_OK) {
        report(l, st == ST_RANGE ? CODE_FILE_TOO_LARGE : CODE_UNREADABLE_FILE, at, "%s%s", e.text,
               st == ST_NOTFOUND ? "; write a job file there, or name another one" : "");
        return;
    }
    struct file *f = take(l, l->scratch, 1, sizeof *f);
    const char *key = f ? path_key(l->src, l->path, l->scratch) : NULL;
    l->nomem = l->nomem || !key;
    if (l->nomem)
        return;
    *f = (struct file){.shown = l->path, .from = at, .key = str_of(key)};
    l->files = 1;
    if (noted(l, names_add(l->file_keys, f->key, f)))
        gather_file(l, f, bytes);
}
