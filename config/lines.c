/* lines.c - bytes to lines. */
#include "config/lines.h"

#include "common/utf.h"

#include <string.h>

struct lines text_lines_of(struct str bytes)
{
    while (str_starts(bytes, "\xEF\xBB\xBF")) /* some editors put one before another's */
        bytes = (struct str){bytes.p + 3, bytes.n - 3};
    return (struct lines){bytes, 0};
}

bool text_lines_next(struct lines *l, struct str *ret)
{
    if (l->rest.n == 0)
        return false;
    *ret = str_cut(&l->rest, '\n');
    if (ret->n > 0 && ret->p[ret->n - 1] == '\r')
        ret->n--;
    l->line++;
    return true;
}

/* Without a byte order mark: every second byte of the beginning is NUL, and no other. */
static bool looks_like_utf16(struct str s)
{
    size_t nul[2] = {0, 0}, n = s.n < 64 ? s.n & ~(size_t)1 : 64;
    for (size_t i = 0; i < n; i++)
        nul[i & 1] += s.p[i] == '\0';
    return n >= 4 && (nul[0] == 0 || nul[1] == 0) && (nul[0] + nul[1]) * 4 >= n / 2 * 3;
}

bool text_lines_readable(struct str bytes, enum diag_code *code, struct err *e)
{
    if (bytes.n > CONFIG_FILE_MAX) {
        *code = CODE_FILE_TOO_LARGE;
        err_say(e, ST_RANGE, "the file has %zu bytes, more than %d; split it and use [include]",
                bytes.n, (int)CONFIG_FILE_MAX);
        return false;
    }
    bool mark = str_starts(bytes, "\xFF\xFE") || str_starts(bytes, "\xFE\xFF");
    if (!mark && !looks_like_utf16(bytes))
        return true;
    *code = CODE_UTF16;
    err_say(e, ST_SYNTAX, "the file is UTF-16 text (Notepad calls it Unicode); save it as UTF-8");
    return false;
}

static bool control(unsigned char c)
{
    return (c < ' ' && c != '\t') || c == 0x7F;
}

/* From 1, in characters, as editors count. */
static size_t column(struct str line, size_t at)
{
    size_t n = 1;
    for (size_t i = 0; i < at; i++)
        n += ((unsigned char)line.p[i] & 0xC0) != 0x80;
    return n;
}

static bool find_control(struct str line, enum diag_code *code, struct err *e)
{
    size_t i = 0;
    while (i < line.n && !control((unsigned char)line.p[i]))
        i++;
    if (i == line.n)
        return false;
    unsigned c = (unsigned char)line.p[i];
    *code = c ? CODE_CONTROL_CHARACTER : CODE_NUL_BYTE;
    if (c == 0)
        err_say(e, ST_SYNTAX, "a NUL byte at column %zu; the file is damaged or not text",
                column(line, i));
    else if (c == '\r')
        err_say(e, ST_SYNTAX, "a carriage return at column %zu; end lines with LF or CRLF",
                column(line, i));
    else
        err_say(e, ST_SYNTAX, "a control character (0x%02X) at column %zu; remove it", c,
                column(line, i));
    return true;
}

/* Eight bytes at a time: one is below ' ', above '~', or none is. */
static bool plain_word(uint64_t v)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t low = (v - ones * ' ') & ~v, top = v + ones;
    return ((low | top | v) & high) == 0;
}

bool text_plain(struct str s)
{
    uint64_t v;
    while (s.n >= sizeof v) {
        memcpy(&v, s.p, sizeof v);
        if (!plain_word(v))
            return false;
        s.p += sizeof v;
        s.n -= sizeof v;
    }
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~')
            return false;
    return true;
}

bool line_ok(struct str line, enum diag_code *code, struct err *e)
{
    if (line.n > CONFIG_LINE_MAX) {
        *code = CODE_LINE_TOO_LONG;
        err_say(e, ST_RANGE, "the line has %zu bytes, more than %d", line.n, (int)CONFIG_LINE_MAX);
        return false;
    }
    if (text_plain(line))
        return true;
    size_t bad = utf8_valid(line);
    if (find_control(line, code, e))
        return false;
    if (bad == line.n)
        return true;
    *code = CODE_NOT_UTF8;
    err_say(e, ST_SYNTAX, "byte 0x%02X at column %zu is not UTF-8; save the file as UTF-8",
            (unsigned)(unsigned char)line.p[bad], column(line, bad));
    return false;
}
