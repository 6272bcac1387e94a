/* value_command.c - Windows command lines: closed quotes, a program, a length that the system
 * takes. */
#include "config/value.h"

#include <string.h>

/* The end of the program word.  A backslash escapes nothing in it. */
static size_t skip_program(struct str t, size_t *opened)
{
    bool quoted = false;
    size_t i = 0;
    for (; i < t.n && (quoted || !ascii_blank(t.p[i])); i++)
        if (t.p[i] == '"') {
            quoted = !quoted;
            *opened = i + 1;
        }
    if (!quoted)
        *opened = 0;
    return i;
}

/* Where the quote that is never closed stands, from 1; 0: all are closed.  In the arguments a quote
 * after an odd number of backslashes is an ordinary character; *plain: there is one behind it. */
static size_t find_unclosed(struct str t, bool *plain)
{
    size_t opened = 0, slashes = 0;
    *plain = false;
    for (size_t i = skip_program(t, &opened); i < t.n; i++) {
        if (t.p[i] == '"' && slashes % 2 == 0)
            opened = opened ? 0 : i + 1;
        if (t.p[i] == '"')
            *plain = slashes % 2 != 0;
        slashes = t.p[i] == '\\' ? slashes + 1 : 0;
    }
    return opened;
}

/* The program is quoted whole or not at all; anything else Windows would cut in two. */
static bool quoted_in_part(struct str t)
{
    size_t i = t.p[0] == '"' ? 1 : 0;
    char end = i ? '"' : ' ';
    for (; i < t.n && t.p[i] != end && (end == '"' || !ascii_blank(t.p[i])); i++)
        if (t.p[i] == '"')
            return true;
    return end == '"' && i + 1 < t.n && !ascii_blank(t.p[i + 1]);
}

static enum st command_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                             struct err *e)
{
    enum st st = text_check(f, text, e);
    if (st != ST_OK || text.n == 0)
        return st == ST_OK ? text_keep(text, a, dst, e) : st;
    bool plain = false;
    size_t at = find_unclosed(text, &plain);
    if (at)
        return err_say(e, ST_SYNTAX, "the quote at character %zu is not closed; %s",
                       utf8_to_16((struct str){text.p, at}, NULL),
                       plain ? "\\\" is no end of it, write \\\\\"" : "add the other one");
    if (str_starts(text, "\"\""))
        return err_say(e, ST_SYNTAX, "the program's name is empty");
    if (quoted_in_part(text))
        return err_say(e, ST_SYNTAX,
                       "the program is quoted in part; put the quotes around the whole of it");
    return text_keep(text, a, dst, e);
}

const struct value_type ty_command = {
    .name = "command",
    .syntax = "a Windows command line: the program, in quotes if its path has blanks, then its "
              "arguments; at most 32766 characters",
    .parse = command_parse,
    .print = text_print,
    .equal = text_equal,
};

static enum st hook_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                          struct err *e)
{
    return value_none(text) ? text_keep(STR(""), a, dst, e) : command_parse(f, text, a, dst, e);
}

static void hook_print(const struct field *f, const void *src, struct buf *out)
{
    const char *const *p = src;
    if (**p)
        text_print(f, src, out);
    else
        buf_z(out, "none");
}

const struct value_type ty_hook = {
    .name = "hook",
    .syntax = "none or nothing, or a Windows command line as of a command",
    .parse = hook_parse,
    .print = hook_print,
    .equal = text_equal,
};
