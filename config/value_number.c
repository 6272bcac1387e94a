/* value_number.c - counts, percentages and factors. */
#include "config/value.h"

#include "common/num.h"

#include <inttypes.h>
#include <string.h>

static void print_plain(uint64_t v, struct buf *out)
{
    buf_f(out, "%" PRIu64, v);
}

/* All of TEXT as one number in the row's range; DIGITS is TEXT without its unit. */
static enum st read_number(const struct field *f, struct str digits, struct str text, uint64_t *ret,
                           struct err *e)
{
    char c[CLIP];
    uint64_t v = UINT64_MAX;
    if (text.n == 0)
        return value_missing(e);
    if (num_u64(digits, UINT64_MAX, &v) == ST_SYNTAX)
        return err_say(e, ST_SYNTAX, "'%s' is not a %s", clip(text, c), f->type->name);
    enum st st = value_range(f, v, text, e);
    if (st == ST_OK)
        *ret = v;
    return st;
}

/* --- count and number --------------------------------------------------------------- */
static enum st number_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                            struct err *e)
{
    (void)a;
    return read_number(f, text, text, dst, e);
}

static void number_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    print_plain(*(const uint64_t *)src, out);
}

const struct value_type ty_number = {
    .name = "number",
    .syntax = "a whole number in decimal digits",
    .parse = number_parse,
    .hint = hint_syntax,
    .print = number_print,
    .print_number = print_plain,
    .equal = u64_equal,
};

static enum st count_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                           struct err *e)
{
    (void)a;
    uint64_t v = 0;
    enum st st = read_number(f, text, text, &v, e); /* every row's max fits in 32 bits */
    if (st == ST_OK)
        *(uint32_t *)dst = (uint32_t)v;
    return st;
}

static void count_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    print_plain(*(const uint32_t *)src, out);
}

static bool count_equal(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(uint32_t)) == 0;
}

const struct value_type ty_count = {
    .name = "number",
    .syntax = "a whole number in decimal digits",
    .parse = count_parse,
    .hint = hint_syntax,
    .print = count_print,
    .print_number = print_plain,
    .equal = count_equal,
};

/* --- percent ------------------------------------------------------------------------ */
static enum st percent_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                             struct err *e)
{
    (void)a;
    struct str digits = text;
    if (str_ends(text, "%"))
        digits.n--;
    return read_number(f, digits, text, dst, e);
}

static void percent_number(uint64_t v, struct buf *out)
{
    buf_f(out, "%" PRIu64 "%%", v);
}

static void percent_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    percent_number(*(const uint64_t *)src, out);
}

const struct value_type ty_percent = {
    .name = "percentage",
    .syntax = "a whole number and '%', such as 25%",
    .parse = percent_parse,
    .hint = hint_syntax,
    .print = percent_print,
    .print_number = percent_number,
    .equal = u64_equal,
};

/* --- factor ------------------------------------------------------------------------- */
enum { THOUSAND = 1000, DECIMALS = 3 };

/* The digits after the point as thousandths. */
static bool read_decimals(struct str t, uint64_t *ret)
{
    if (t.n == 0 || t.n > DECIMALS)
        return false;
    uint64_t v = 0;
    for (size_t i = 0; i < DECIMALS; i++) {
        if (i < t.n && !ascii_digit(t.p[i]))
            return false;
        v = v * 10 + (i < t.n ? (uint64_t)(t.p[i] - '0') : 0);
    }
    *ret = v;
    return true;
}

static enum st factor_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                            struct err *e)
{
    (void)a;
    char c[CLIP];
    struct str rest = text, whole = str_cut(&rest, '.');
    uint64_t v = 0, decimals = 0;
    if (text.n == 0)
        return value_missing(e);
    enum st st = num_u64(whole, UINT64_MAX, &v);
    if (st == ST_SYNTAX || (rest.p && !read_decimals(rest, &decimals)))
        return err_say(e, ST_SYNTAX, "'%s' is not a factor", clip(text, c));
    if (st == ST_RANGE || !num_mul(v, THOUSAND, &v) || !num_add(v, decimals, &v))
        v = UINT64_MAX;
    st = value_range(f, v, text, e);
    if (st == ST_OK)
        *(uint64_t *)dst = v;
    return st;
}

static void factor_number(uint64_t v, struct buf *out)
{
    buf_f(out, "%" PRIu64, v / THOUSAND);
    uint64_t rest = v % THOUSAND, digit = THOUSAND / 10;
    if (rest)
        buf_char(out, '.');
    for (; rest; rest %= digit, digit /= 10)
        buf_f(out, "%" PRIu64, rest / digit);
}

static void factor_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    factor_number(*(const uint64_t *)src, out);
}

const struct value_type ty_factor = {
    .name = "factor",
    .syntax = "a number with up to three decimals, such as 2 or 1.5",
    .parse = factor_parse,
    .hint = hint_syntax,
    .print = factor_print,
    .print_number = factor_number,
    .equal = u64_equal,
};
