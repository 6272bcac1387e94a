/* harness_log.c - see the header. */
#include "harness_log.h"

#include <string.h>

static bool ends_word(struct str line, size_t at)
{
    return at == line.n || !(ascii_alnum(line.p[at]) || line.p[at] == '.');
}

/* Where PIECE ends in LINE at or after FROM, or 0. */
static size_t find(struct str line, size_t from, struct str piece)
{
    for (size_t i = from; i + piece.n <= line.n; i++) {
        bool word = piece.n > 0 && ascii_alnum(piece.p[piece.n - 1]);
        if (memcmp(line.p + i, piece.p, piece.n) == 0 && (!word || ends_word(line, i + piece.n)))
            return i + piece.n;
    }
    return 0;
}

bool line_matches(struct str line, const char *pattern)
{
    size_t from = 0;
    for (struct str rest = str_of(pattern); rest.p;) {
        struct str piece = str_trim(str_cut(&rest, '*'));
        if (piece.n == 0)
            continue;
        from = find(line, from, piece);
        if (from == 0)
            return false;
    }
    return true;
}

bool line_next(struct str *rest, struct str *ret)
{
    if (!rest->p || rest->n == 0)
        return false;
    *ret = str_cut(rest, '\n');
    if (ret->n > 0 && ret->p[ret->n - 1] == '\r')
        ret->n--;
    return true;
}

struct str line_of(struct str text, const char *pattern, size_t nth)
{
    for (struct str line; line_next(&text, &line);)
        if (line_matches(line, pattern) && nth-- == 0)
            return line;
    return (struct str){0};
}

size_t lines_matching(struct str text, const char *pattern)
{
    size_t n = 0;
    for (struct str line; line_next(&text, &line);)
        n += line_matches(line, pattern);
    return n;
}

size_t lines_in(struct str text)
{
    return lines_matching(text, "");
}

static bool digit_of(char c, unsigned base, unsigned *ret)
{
    c = ascii_lower(c);
    *ret = ascii_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
    return (ascii_digit(c) || (c >= 'a' && c <= 'f')) && *ret < base;
}

bool line_number(struct str line, const char *key, uint64_t *ret)
{
    size_t k = strlen(key);
    for (size_t i = 0; i + k + 2 < line.n; i++) {
        if (line.p[i] != ' ' || memcmp(line.p + i + 1, key, k) != 0 || line.p[i + 1 + k] != '=')
            continue;
        size_t at = i + k + 2;
        bool hex = at + 1 < line.n && line.p[at] == '0' && line.p[at + 1] == 'x';
        unsigned base = hex ? 16 : 10, d;
        uint64_t v = 0;
        for (at += hex ? 2 : 0; at < line.n && digit_of(line.p[at], base, &d); at++)
            v = v * base + d;
        *ret = v;
        return true;
    }
    return false;
}

bool text_has(struct str text, const char *piece)
{
    size_t n = strlen(piece);
    for (size_t i = 0; i + n <= text.n; i++)
        if (memcmp(text.p + i, piece, n) == 0)
            return true;
    return false;
}
