/* log_line.c - see log_line.h. */
#include "common/log_line.h"

#include "common/num.h"

struct str log_line_event(struct str *rest)
{
    return str_cut(rest, ' ');
}

static char escaped(char c)
{
    return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
}

/* AT is behind a backslash; returns where the text goes on. */
static size_t unescape(struct str s, size_t at, struct buf *value)
{
    uint64_t code = 0;
    if (s.p[at] == 'x' && at + 2 < s.n &&
        num_hex((struct str){s.p + at + 1, 2}, 255, &code) == ST_OK) {
        buf_char(value, (char)(unsigned char)code);
        return at + 3;
    }
    buf_char(value, escaped(s.p[at]));
    return at + 1;
}

/* *rest begins behind the opening quote. */
static bool read_quoted(struct str *rest, struct buf *value)
{
    size_t i = 0;
    while (i < rest->n && rest->p[i] != '"') {
        if (rest->p[i] != '\\')
            buf_char(value, rest->p[i++]);
        else if (i + 1 < rest->n)
            i = unescape(*rest, i + 1, value);
        else
            return false;
    }
    if (i == rest->n)
        return false;
    i += i + 1 < rest->n ? 2 : 1; /* and the blank behind it */
    *rest = (struct str){rest->p + i, rest->n - i};
    return true;
}

bool log_line_field(struct str *rest, struct str *key, struct buf *value)
{
    size_t i = 0;
    buf_reset(value);
    while (i < rest->n && rest->p[i] != '=' && rest->p[i] != ' ')
        i++;
    if (i == 0 || i == rest->n || rest->p[i] != '=')
        return false;
    *key = (struct str){rest->p, i};
    struct str after = {rest->p + i + 1, rest->n - i - 1};
    if (after.n == 0 || after.p[0] != '"') {
        buf_str(value, str_cut(&after, ' '));
        *rest = after;
        return true;
    }
    after = (struct str){after.p + 1, after.n - 1};
    if (!read_quoted(&after, value))
        return false;
    *rest = after;
    return true;
}
