/* ini.c - inih between our own lines and our own events.
 *
 * inih cuts a section's name at 49 bytes, takes no notice of what follows the ']', and names only
 * the first line that it cannot read.  So the reader below, which hands it the lines one by one,
 * keeps each line for itself: the section is taken from there, and a line that had something to
 * say, but for which the handler was never called, is the line that inih could not read. */
#include "config/ini.h"

#include "config/lines.h"

#include <ini.h>

#include <string.h>

/* A line with its LF must fit, or inih would drop the rest of it. */
_Static_assert(CONFIG_LINE_MAX + 2 <= INI_MAX_LINE, "every line that we let pass fits into inih");

struct feed {
    const struct ini_events *events;
    struct lines lines;
    struct str line;  /* the present one, trimmed */
    size_t given;     /* how much of it has been handed out */
    bool handing_out; /* it was not yet handed out to its end */
    bool expected;    /* the handler must be called for it */
};

static void report_unread(struct feed *f)
{
    if (!f->expected)
        return;
    f->expected = false;
    bool header = f->line.p[0] == '[';
    f->events->refused(f->events->ctx, f->lines.line, header, CODE_SYNTAX,
                       header ? "the section has no ']'; write it as [job:NAME]"
                              : "neither KEY = VALUE nor [section]; begin comments with ';', and "
                                "write each value on one line");
}

static bool next_line(struct feed *f)
{
    enum diag_code code = CODE_SYNTAX;
    struct err e; /* large, so it is not cleared for each line */
    if (!text_lines_next(&f->lines, &f->line))
        return false;
    bool ok = line_ok(f->line, &code, &e);
    f->line = str_trim(f->line);
    if (!ok) {
        bool header = f->line.n > 0 && f->line.p[0] == '[';
        f->events->refused(f->events->ctx, f->lines.line, header, code, e.text);
        f->line.n = 0;
    }
    f->expected = f->line.n > 0 && f->line.p[0] != ';' && f->line.p[0] != '#';
    f->given = 0;
    return true;
}

/* As fgets(): at most NUM - 1 bytes of the line and its LF. */
static char *hand_out(char *out, int num, void *stream)
{
    struct feed *f = stream;
    if (num < 2)
        return NULL;
    if (!f->handing_out) {
        report_unread(f);
        if (!next_line(f))
            return NULL;
    }
    size_t room = (size_t)num - 1, left = f->line.n - f->given;
    size_t n = left < room ? left : room;
    if (n > 0)
        memcpy(out, f->line.p + f->given, n);
    f->given += n;
    f->handing_out = n == room;
    if (!f->handing_out)
        out[n++] = '\n';
    out[n] = '\0';
    return out;
}

static void hand_section(struct feed *f)
{
    struct str after = {f->line.p + 1, f->line.n - 1};
    struct str name = str_trim(str_cut(&after, ']'));
    f->events->section(f->events->ctx, f->lines.line, name, str_trim(after));
}

/* inih takes a ':' for a '='; then `env.A:B = C` would set another variable than it says. */
static bool colon_first(struct str line)
{
    size_t i = 0;
    while (i < line.n && line.p[i] != '=' && line.p[i] != ':')
        i++;
    return i < line.n && line.p[i] == ':';
}

/* From the line itself, as it stays where it is. */
static void hand_key(struct feed *f)
{
    struct str value = f->line, key = str_trim(str_cut(&value, '='));
    f->events->key(f->events->ctx, f->lines.line, key, str_trim(value));
}

static int handle(void *user, const char *section, const char *name, const char *value, int line)
{
    struct feed *f = user;
    (void)section;
    (void)value;
    (void)line; /* the same as ours */
    f->expected = false;
    if (!name)
        hand_section(f);
    else if (colon_first(f->line))
        f->events->refused(f->events->ctx, f->lines.line, false, CODE_SYNTAX,
                           "a ':' stands where '=' belongs; write KEY = VALUE");
    else
        hand_key(f);
    return 1;
}

enum st ini_read(struct str bytes, const struct ini_events *events)
{
    struct feed f = {.events = events, .lines = text_lines_of(bytes)};
    return ini_parse_stream(hand_out, &f, handle, &f) == -2 ? ST_NOMEM : ST_OK;
}
