/* value_text.c - texts, names, paths and where output goes. */
#include "config/lines.h"
#include "config/value.h"

#include <inttypes.h>
#include <string.h>

/* What no text may hold once it is substituted; a variable of the environment can bring it in. */
enum st text_check(const struct field *f, struct str t, struct err *e)
{
    if (t.n == 0 && f->min > 0)
        return value_missing(e);
    if (t.n <= f->max && text_plain(t))
        return ST_OK;
    if (utf8_valid(t) != t.n)
        return err_say(e, ST_SYNTAX, "the value is not valid UTF-8");
    for (size_t i = 0; i < t.n; i++)
        if ((unsigned char)t.p[i] < ' ' && t.p[i] != '\t')
            return err_say(e, ST_SYNTAX, "the value holds a control character (0x%02X)",
                           (unsigned)(unsigned char)t.p[i]);
    size_t units = utf8_to_16(t, NULL);
    if (units > f->max)
        return err_say(e, ST_RANGE, "the value has %zu characters, more than %" PRIu64, units,
                       f->max);
    return ST_OK;
}

enum st text_keep(struct str t, struct arena *a, void *dst, struct err *e)
{
    const char *p = arena_str(a, t);
    if (!p)
        return err_nomem(e);
    memcpy(dst, &p, sizeof p);
    return ST_OK;
}

void text_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const char *const *p = src;
    buf_z(out, *p);
}

static enum st text_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                          struct err *e)
{
    enum st st = text_check(f, text, e);
    return st == ST_OK ? text_keep(text, a, dst, e) : st;
}

const struct value_type ty_text = {
    .name = "text",
    .syntax = "anything up to the end of the line; quotes and ';' are part of it",
    .parse = text_parse,
    .print = text_print,
    .equal = text_equal,
};

/* --- name --------------------------------------------------------------------------- */
static enum st name_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                          struct err *e)
{
    (void)f;
    char c[CLIP];
    if (text.n == 0)
        return value_missing(e);
    if (!name_valid(text))
        return err_say(e, ST_SYNTAX, "'%s' is not a name", clip(text, c));
    return text_keep(text, a, dst, e);
}

const struct value_type ty_name = {
    .name = "name",
    .syntax = NAME_RULE,
    .parse = name_parse,
    .hint = hint_syntax,
    .print = text_print,
    .equal = text_equal,
};

static enum st member_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                            struct err *e)
{
    return value_none(text) ? text_keep(STR(""), a, dst, e) : name_parse(f, text, a, dst, e);
}

static void member_print(const struct field *f, const void *src, struct buf *out)
{
    const char *const *p = src;
    if (**p)
        text_print(f, src, out);
    else
        buf_z(out, "none");
}

const struct value_type ty_member = {
    .name = "name or none",
    .syntax = "none, or a name: " NAME_RULE,
    .parse = member_parse,
    .hint = hint_syntax,
    .print = member_print,
    .equal = text_equal,
};

/* --- path --------------------------------------------------------------------------- */
enum st path_check(const struct field *f, struct str t, struct err *e)
{
    enum st st = text_check(f, t, e);
    if (st != ST_OK)
        return st;
    for (size_t i = str_starts(t, "\\\\?\\") ? 4 : 0; i < t.n; i++) {
        if (t.p[i] == '"')
            return err_say(e, ST_SYNTAX,
                           "a path cannot hold a quote; leave the quotes out, blanks "
                           "need none here");
        if (memchr("<>|*?", t.p[i], 5))
            return err_say(e, ST_SYNTAX, "a path cannot hold '%c'", t.p[i]);
    }
    return ST_OK;
}

static enum st path_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                          struct err *e)
{
    enum st st = path_check(f, text, e);
    return st == ST_OK ? text_keep(text, a, dst, e) : st;
}

const struct value_type ty_path = {
    .name = "path",
    .syntax = "a path, relative to the folder of the first file or absolute, without quotes",
    .parse = path_parse,
    .print = text_print,
    .equal = text_equal,
};

/* --- output ------------------------------------------------------------------------- */
static enum st output_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                            struct err *e)
{
    /* Words of other programs, which would become files here. */
    static const char *const foreign[] = {"nul", "none", "/dev/null"};
    for (size_t i = 0; f->words[i]; i++)
        if (str_ieq(text, str_of(f->words[i])))
            return text_keep(str_of(f->words[i]), a, dst, e);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (str_ieq(text, str_of(foreign[i])))
            return err_say(e, ST_SYNTAX, "'%s' is not a file; write 'null' for no output",
                           foreign[i]);
    if (str_ieq(text, STR("stdout")))
        return err_say(e, ST_SYNTAX, "stdout cannot lead to itself; write a path or 'null'");
    if (str_ieq(text, STR("stderr")))
        return err_say(e, ST_SYNTAX,
                       "'stderr' is not a file; to have both in one file give stdout "
                       "a path and write 'stderr = stdout'");
    enum st st = path_check(f, text, e);
    if (st == ST_OK && (str_ends(text, "/") || str_ends(text, "\\")))
        return err_say(e, ST_SYNTAX, "a folder is no log file; add a file name");
    return st == ST_OK ? text_keep(text, a, dst, e) : st;
}

static void hint_output(const struct field *f, struct str text, struct buf *out)
{
    if (text.n > 0)
        return; /* the error said it already */
    buf_z(out, "write a path");
    for (size_t i = 0; f->words[i]; i++)
        buf_f(out, "%s'%s'", f->words[i + 1] ? ", " : " or ", f->words[i]);
}

const struct value_type ty_output = {
    .name = "output",
    .syntax = "a path, or one of the words that stand with the key",
    .parse = output_parse,
    .hint = hint_output,
    .print = text_print,
    .equal = text_equal,
};
