/* value_ready.c - what tells that a worker is up. */
#include "config/value.h"

#include <string.h>

/* The words before the colon, in the order of their enum. */
static const char *const kinds[] = {[READY_STARTED] = "started",
                                    [READY_PORT] = "port",
                                    [READY_HTTP] = "http",
                                    [READY_FILE] = "file",
                                    [READY_EVENT] = "event"};
enum { KINDS_OF_READY = sizeof kinds / sizeof *kinds };

static enum st unknown_kind(struct str text, struct str word, struct err *e)
{
    char c[CLIP], whole[CLIP];
    const char *near = nearest_word(word, kinds, KINDS_OF_READY);
    clip(text, whole);
    if (near)
        return err_say(e, ST_SYNTAX, "'%s' tells no readiness; did you mean '%s'?", whole, near);
    if (number_read(text, &(uint64_t){0}) == ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' tells no readiness; for a port write 'port:%s'", whole,
                       clip(text, c));
    return err_say(e, ST_SYNTAX, "'%s' tells no readiness; write %s", whole, ty_ready.syntax);
}

/* started and event take nothing; what follows is likely meant for another word. */
static enum st read_bare(struct str rest, const char *word, struct err *e)
{
    return rest.p
               ? err_say(e, ST_SYNTAX, "nothing follows '%s'; leave the ':' and the rest out", word)
               : ST_OK;
}

static enum st read_url(const struct field *f, struct str text, struct str rest, struct arena *a,
                        const char **ret, struct err *e)
{
    /* http:URL, and a URL as it stands, which reads as well. */
    bool bare = str_starts(rest, "//");
    struct str url = bare ? text : rest;
    enum st st = text_check(f, url, e);
    if (st == ST_OK)
        st = url_check(url, e);
    return st == ST_OK ? text_keep(url, a, ret, e) : st;
}

static enum st read_file(const struct field *f, struct str rest, struct arena *a, const char **ret,
                         struct err *e)
{
    if (rest.n == 0)
        return err_say(e, ST_SYNTAX, "'file' names no file; write file:PATH");
    enum st st = path_check(f, rest, e);
    return st == ST_OK ? text_keep(rest, a, ret, e) : st;
}

static enum st ready_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                           struct err *e)
{
    struct ready r = {READY_STARTED, 0, ""};
    struct str rest = text, word = str_trim(str_cut(&rest, ':'));
    size_t kind = 0;
    enum st st;
    if (text.n == 0)
        return value_missing(e);
    if (rest.p)
        rest = str_trim(rest);
    while (kind < KINDS_OF_READY && !str_ieq(word, str_of(kinds[kind])))
        kind++;
    r.kind = (enum ready_kind)kind;
    if (str_ieq(word, STR("https")))
        r.kind = READY_HTTP;
    else if (kind == KINDS_OF_READY)
        return unknown_kind(text, word, e);
    if (r.kind == READY_PORT)
        st = port_read(rest, &r.port, e);
    else if (r.kind == READY_HTTP)
        st = read_url(f, text, rest, a, &r.text, e);
    else if (r.kind == READY_FILE)
        st = read_file(f, rest, a, &r.text, e);
    else
        st = read_bare(rest, kinds[r.kind], e);
    if (st == ST_OK)
        memcpy(dst, &r, sizeof r);
    return st;
}

static void ready_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct ready *r = src;
    if (r->kind != READY_HTTP) /* a URL says that itself */
        buf_z(out, kinds[r->kind]);
    if (r->kind == READY_PORT)
        buf_f(out, ":%u", (unsigned)r->port);
    else if (r->kind == READY_FILE)
        buf_f(out, ":%s", r->text);
    else
        buf_z(out, r->text);
}

static bool ready_equal(const void *pa, const void *pb)
{
    const struct ready *a = pa, *b = pb;
    return a->kind == b->kind && a->port == b->port && strcmp(a->text, b->text) == 0;
}

const struct value_type ty_ready = {
    .name = "readiness",
    .syntax = "started, port:8080, http://127.0.0.1:8080/ready (or https), file:PATH, or event",
    .parse = ready_parse,
    .print = ready_print,
    .equal = ready_equal,
};
