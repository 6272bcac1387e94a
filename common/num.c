/* num.c - numbers by hand. */
#include "common/num.h"

enum st num_digits(struct str *rest, uint64_t *ret)
{
    struct str t = *rest;
    uint64_t v = 0;
    bool over = false;
    size_t i = 0;
    for (; i < t.n && ascii_digit(t.p[i]); i++) {
        unsigned d = (unsigned)(t.p[i] - '0');
        if (v > (UINT64_MAX - d) / 10)
            over = true;
        else
            v = v * 10 + d;
    }
    if (i == 0)
        return ST_SYNTAX;
    *rest = (struct str){t.p + i, t.n - i};
    if (over)
        return ST_RANGE;
    *ret = v;
    return ST_OK;
}

enum st num_u64(struct str s, uint64_t max, uint64_t *ret)
{
    uint64_t v = 0;
    enum st st = num_digits(&s, &v);
    if (s.n != 0)
        return ST_SYNTAX;
    if (st == ST_OK && v > max)
        st = ST_RANGE;
    if (st == ST_OK)
        *ret = v;
    return st;
}

enum st num_hex(struct str s, uint64_t max, uint64_t *ret)
{
    uint64_t v = 0;
    if (s.n == 0)
        return ST_SYNTAX;
    bool over = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);
        unsigned d;
        if (ascii_digit(c))
            d = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            d = (unsigned)(c - 'a') + 10;
        else
            return ST_SYNTAX;
        over = over || v > UINT64_MAX >> 4;
        v = v << 4 | d;
    }
    if (over || v > max)
        return ST_RANGE;
    *ret = v;
    return ST_OK;
}

bool num_mul(uint64_t a, uint64_t b, uint64_t *ret)
{
    if (a != 0 && b > UINT64_MAX / a)
        return false;
    *ret = a * b;
    return true;
}

bool num_add(uint64_t a, uint64_t b, uint64_t *ret)
{
    if (a > UINT64_MAX - b)
        return false;
    *ret = a + b;
    return true;
}
