/* harness_golden.c - see the header. */
#include "harness_golden.h"

#include "harness_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

enum { CELLS_MAX = 16 };

/* The next cell of a line; false: there is none. */
static bool cell(struct str *rest, struct str *ret)
{
    size_t i = 0;
    while (rest->n > 0 && rest->p[0] == ' ')
        *rest = (struct str){rest->p + 1, rest->n - 1};
    while (i < rest->n && !(rest->p[i] == ' ' && i + 1 < rest->n && rest->p[i + 1] == ' '))
        i++;
    *ret = (struct str){rest->p, i};
    *rest = (struct str){rest->p + i, rest->n - i};
    return i > 0;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool word_char(char c)
{
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}

/* The length of a time or a percentage at the beginning of P; 0: it is none. */
static size_t amount(const char *p, size_t n)
{
    static const char *const units[] = {"ms", "s", "m", "h", "d", "%"};
    size_t i = 0;
    while (i < n && (digit(p[i]) || (i > 0 && p[i] == '.')))
        i++;
    for (size_t u = 0; i > 0 && u < sizeof units / sizeof *units; u++) {
        size_t k = strlen(units[u]);
        if (n - i >= k && memcmp(p + i, units[u], k) == 0 && (n - i == k || !word_char(p[i + k])))
            return i + k;
    }
    return 0;
}

/* "1m 2s" is one. */
static void add_masked(struct str s, struct buf *out)
{
    for (size_t i = 0; i < s.n;) {
        size_t n = i == 0 || !word_char(s.p[i - 1]) ? amount(s.p + i, s.n - i) : 0;
        if (n == 0) {
            buf_char(out, s.p[i++]);
            continue;
        }
        bool again = out->n >= 2 && memcmp(out->p + out->n - 2, "# ", 2) == 0;
        if (again)
            out->n--; /* the blank */
        else
            buf_char(out, '#');
        i += n;
    }
}

static bool listed(const char *columns, struct str name)
{
    size_t n = strlen(columns);
    for (size_t i = 0; i + name.n + 2 <= n; i++)
        if (columns[i] == ' ' && memcmp(columns + i + 1, name.p, name.n) == 0 &&
            columns[i + 1 + name.n] == ' ')
            return true;
    return false;
}

void golden_table(struct str text, const char *columns, const char *hidden, struct buf *out)
{
    struct str heads[CELLS_MAX] = {{NULL, 0}}, one;
    size_t columns_n = 0;
    for (struct str line; line_next(&text, &line);) {
        bool head = str_starts(line, "NAME ") || str_starts(line, "KEY ");
        size_t i = 0;
        for (struct str rest = line; i < CELLS_MAX && cell(&rest, &one); i++) {
            if (head)
                heads[columns_n = i] = one;
            buf_z(out, i ? " | " : "");
            bool known = !head && i > 0 && i <= columns_n;
            bool none = str_eq(one, STR("-"));
            if (known && (listed(hidden, heads[i]) || (listed(columns, heads[i]) && !none)))
                buf_char(out, '#');
            else
                add_masked(one, out);
        }
        buf_char(out, '\n');
    }
    assert_true(buf_ok(out));
}

void expect_golden(struct str is, const char *shall)
{
    if (!str_eq(is, str_of(shall)))
        fail_msg("----- is:\n%.*s----- and should be:\n%s-----", (int)is.n, is.p, shall);
}
