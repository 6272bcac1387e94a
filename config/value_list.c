/* value_list.c - lists of names and of file patterns. */
#include "config/value.h"

#include <string.h>

static enum st list_parse(struct str text, bool names, struct arena *a, void *dst, struct err *e)
{
    char c[CLIP];
    uint32_t n = 0, max = 1;
    for (size_t i = 0; i < text.n; i++)
        max += text.p[i] == ',';
    const char **item = arena_alloc(a, max, sizeof *item);
    if (!item)
        return err_nomem(e);
    for (struct str rest = text; rest.p && text.n > 0; n++) {
        struct str one = list_next(&rest);
        if (one.n == 0)
            return err_say(e, ST_SYNTAX, "an entry is missing beside a comma");
        if (names && !name_valid(one))
            return err_say(e, ST_SYNTAX, "'%s' is not a name; names have " NAME_RULE, clip(one, c));
        item[n] = arena_str(a, one);
        if (!item[n])
            return err_nomem(e);
    }
    struct texts got = {n, item};
    memcpy(dst, &got, sizeof got);
    return ST_OK;
}

static enum st names_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                           struct err *e)
{
    (void)f;
    return list_parse(text, true, a, dst, e);
}

static enum st patterns_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                              struct err *e)
{
    enum st st = text_check(f, text, e);
    if (st != ST_OK)
        return st;
    if (memchr(text.p, '"', text.n))
        return err_say(e, ST_SYNTAX, "a path cannot hold a quote; leave the quotes out");
    return list_parse(text, false, a, dst, e);
}

static void list_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct texts *list = src;
    for (uint32_t i = 0; i < list->n; i++)
        buf_f(out, "%s%s", i ? ", " : "", list->text[i]);
}

static bool list_equal(const void *pa, const void *pb)
{
    const struct texts *a = pa, *b = pb;
    bool same = a->n == b->n;
    for (uint32_t i = 0; same && i < a->n; i++)
        same = strcmp(a->text[i], b->text[i]) == 0;
    return same;
}

const struct value_type ty_names = {
    .name = "names",
    .syntax = "names separated by commas",
    .parse = names_parse,
    .print = list_print,
    .equal = list_equal,
};

const struct value_type ty_patterns = {
    .name = "files",
    .syntax = "paths separated by commas, relative to the file they stand in; '*' and '?' in the "
              "last part match many",
    .parse = patterns_parse,
    .print = list_print,
    .equal = list_equal,
};
