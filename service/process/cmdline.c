/* cmdline.c - one scanner for the C runtime's rules, the quoting that it undoes, and cmd.exe's. */
#include "service/process/cmdline.h"

#include <string.h>

static struct str after(struct str s, size_t n)
{
    return (struct str){s.p + n, s.n - n};
}

static struct str skip_blanks(struct str s)
{
    while (s.n > 0 && ascii_blank(s.p[0]))
        s = after(s, 1);
    return s;
}

static void repeat(struct buf *out, char c, size_t n)
{
    for (; out && n > 0; n--)
        buf_char(out, c);
}

/* Reads a run of backslashes and, after it, one more character; returns how many bytes that was.
 * 2n backslashes and a quote are n backslashes and a quote that opens or closes; 2n+1 are n and a
 * plain quote; elsewhere backslashes are themselves.  A doubled quote between quotes is a plain
 * one. */
static size_t unit(struct str s, bool *quoted, struct buf *out)
{
    size_t n = 0;
    while (n < s.n && s.p[n] == '\\')
        n++;
    if (n == s.n || s.p[n] != '"') {
        repeat(out, '\\', n);
        if (n > 0)
            return n;
        repeat(out, s.p[0], 1);
        return 1;
    }
    repeat(out, '\\', n / 2);
    if (n % 2 == 1) {
        repeat(out, '"', 1);
    } else if (*quoted && n + 1 < s.n && s.p[n + 1] == '"') {
        repeat(out, '"', 1);
        return n + 2;
    } else {
        *quoted = !*quoted;
    }
    return n + 1;
}

/* OUT may be NULL; *ret_open: the text ended between quotes. */
static bool next(struct str *rest, struct buf *out, bool *ret_open)
{
    struct str s = skip_blanks(*rest);
    bool quoted = false, any = s.n > 0;
    while (s.n > 0 && (quoted || !ascii_blank(s.p[0])))
        s = after(s, unit(s, &quoted, out));
    *rest = skip_blanks(s);
    *ret_open = quoted;
    return any;
}

bool cmdline_next(struct str *rest, struct buf *out)
{
    bool open;
    return next(rest, out, &open);
}

/* How many bytes of S to show: whole characters. */
static int some(struct str s)
{
    size_t n = s.n < 200 ? s.n : 200;
    while (n < s.n && n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return (int)n;
}

static enum st unclosed(struct err *e)
{
    return err_say(e, ST_SYNTAX,
                   "a quote (\") in the command is not closed; a quote that belongs "
                   "to an argument is written \\\"");
}

/* The program's word has simpler rules than the arguments: backslashes are never special. */
static enum st first_word(struct str s, struct str *ret_word, struct str *ret_rest, struct err *e)
{
    size_t n = 0;
    if (s.p[0] != '"') {
        while (n < s.n && !ascii_blank(s.p[n]))
            n++;
        *ret_word = (struct str){s.p, n};
        *ret_rest = after(s, n);
        if (memchr(s.p, '"', n))
            return err_say(e, ST_SYNTAX, "the quotes must stand around the whole program name");
        return ST_OK;
    }
    const char *end = memchr(s.p + 1, '"', s.n - 1);
    if (!end)
        return unclosed(e);
    n = (size_t)(end - s.p);
    *ret_word = (struct str){s.p + 1, n - 1};
    *ret_rest = after(s, n + 1);
    if (ret_rest->n > 0 && !ascii_blank(ret_rest->p[0]))
        return err_say(e, ST_SYNTAX, "a blank is missing after the quoted program name '%.*s'",
                       some(*ret_word), ret_word->p);
    return ST_OK;
}

enum st cmdline_split(struct str text, struct str *ret_program, struct str *ret_rest, struct err *e)
{
    struct str word = {0}, rest = {0};
    struct str s = skip_blanks(text);
    if (s.n == 0)
        return err_say(e, ST_SYNTAX, "the command is empty");
    enum st st = first_word(s, &word, &rest, e);
    if (st != ST_OK)
        return st;
    if (word.n == 0)
        return err_say(e, ST_SYNTAX, "the command begins with an empty program name");
    rest = skip_blanks(rest);
    bool open = false;
    for (struct str r = rest; next(&r, NULL, &open);)
        if (open)
            return unclosed(e);
    *ret_program = word;
    *ret_rest = rest;
    return ST_OK;
}

static bool plain(struct str arg)
{
    for (size_t i = 0; i < arg.n; i++)
        if (strchr(" \t\n\v\"", arg.p[i]))
            return false;
    return arg.n > 0;
}

void cmdline_quote(struct str arg, struct buf *out)
{
    if (plain(arg)) {
        buf_str(out, arg);
        return;
    }
    size_t slashes = 0;
    buf_char(out, '"');
    for (size_t i = 0; i < arg.n; i++) {
        if (arg.p[i] == '"')
            repeat(out, '\\', slashes + 1);
        slashes = arg.p[i] == '\\' ? slashes + 1 : 0;
        buf_char(out, arg.p[i]);
    }
    repeat(out, '\\', slashes);
    buf_char(out, '"');
}

bool cmdline_is_batch(struct str program)
{
    while (program.n > 0 && (program.p[program.n - 1] == '.' || program.p[program.n - 1] == ' '))
        program.n--;
    if (program.n < 4)
        return false;
    struct str end = after(program, program.n - 4);
    return str_ieq(end, STR(".bat")) || str_ieq(end, STR(".cmd"));
}

/* The first character of S that is among BAD or a control character; 0: none. */
static char bad_of(struct str s, const char *bad)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < ' ' || c == 0x7F || strchr(bad, c))
            return s.p[i];
    }
    return 0;
}

static enum st refuse(const char *what, struct str s, char bad, struct err *e)
{
    unsigned char c = (unsigned char)bad;
    bool control = c < ' ' || c == 0x7F;
    const char shown[] = {bad, '\0'};
    return err_say(
        e, ST_SYNTAX,
        "the %s '%.*s' holds a %s character, which cmd.exe would interpret; a batch file "
        "can be given no \" %% ! ^ & | < > ( ): write that into the batch file itself, "
        "or start its program directly",
        what, control ? 0 : some(s), s.p, control ? "control" : shown);
}

static enum st batch_arg(struct str arg, struct buf *out, struct err *e)
{
    char bad = bad_of(arg, "\"%!^&|<>()");
    if (bad)
        return refuse("argument", arg, bad, e);
    buf_z(out, " \"");
    buf_str(out, arg);
    /* Batch files hand %1 or %* on to programs, for which \" would not close. */
    for (size_t i = arg.n; i > 0 && arg.p[i - 1] == '\\'; i--)
        buf_char(out, '\\');
    buf_char(out, '"');
    return ST_OK;
}

enum st cmdline_batch(struct str program, struct str rest, struct buf *out, struct err *e)
{
    /* ( and ) are harmless between quotes, and "C:\Program Files (x86)" is a common place. */
    char bad = bad_of(program, "\"%!^&|<>");
    if (bad)
        return refuse("path", program, bad, e);
    struct buf arg = {0};
    enum st st = ST_OK;
    buf_z(out, "/d /s /c \"\"");
    buf_str(out, program);
    buf_char(out, '"');
    while (st == ST_OK && cmdline_next(&rest, &arg)) {
        st = buf_ok(&arg) ? batch_arg(buf_view(&arg), out, e) : err_nomem(e);
        buf_reset(&arg);
    }
    buf_free(&arg);
    buf_char(out, '"');
    return st == ST_OK && !buf_ok(out) ? err_nomem(e) : st;
}
