/* value_number.c - counts, percentages and factors. */
#include "config/value.h"

#include "common/num.h"

#include <inttypes.h>
#include <string.h>

void number_print(uint64_t v, struct buf *out)
{
    buf_f(out, "%" PRIu64, v);
}

enum st number_read(struct str text, uint64_t *ret)
{
    uint64_t v = UINT64_MAX;
    if (num_u64(text, UINT64_MAX, &v) == ST_SYNTAX)
        return ST_SYNTAX;
    *ret = v;
    return ST_OK;
}

/* All of TEXT as one number in the row's range; DIGITS is TEXT without its unit. */
static enum st read_number(const struct field *f, struct str digits, struct str text, uint64_t *ret,
                           struct err *e)
{
    char c[CLIP];
    uint64_t v = 0;
    if (text.n == 0)
        return value_missing(e);
    if (number_read(digits, &v) != ST_OK)
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

static void ty_number_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    number_print(*(const uint64_t *)src, out);
}

const struct value_type ty_number = {
    .name = "number",
    .syntax = "a whole number in decimal digits",
    .parse = number_parse,
    .hint = hint_syntax,
    .print = ty_number_print,
    .print_number = number_print,
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
    number_print(*(const uint32_t *)src, out);
}

const struct value_type ty_count = {
    .name = "number",
    .syntax = "a whole number in decimal digits",
    .parse = count_parse,
    .hint = hint_syntax,
    .print = count_print,
    .print_number = number_print,
    .equal = u32_equal,
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

/* --- decimals ----------------------------------------------------------------------- */
enum st decimal_read(struct str text, unsigned decimals, uint64_t *ret)
{
    struct str rest = text, whole = str_cut(&rest, '.');
    uint64_t v = 0;
    enum st st = num_u64(whole, UINT64_MAX, &v);
    bool fits = st == ST_OK;
    if (st == ST_SYNTAX || (rest.p && (rest.n == 0 || rest.n > decimals)))
        return ST_SYNTAX;
    for (size_t i = 0; i < decimals; i++) {
        if (i < rest.n && !ascii_digit(rest.p[i]))
            return ST_SYNTAX;
        uint64_t digit = i < rest.n ? (uint64_t)(rest.p[i] - '0') : 0;
        fits = fits && num_mul(v, 10, &v) && num_add(v, digit, &v);
    }
    *ret = fits ? v : UINT64_MAX;
    return ST_OK;
}

void decimal_print(uint64_t v, unsigned decimals, struct buf *out)
{
    uint64_t one = 1;
    for (unsigned i = 0; i < decimals; i++)
        one *= 10;
    buf_f(out, "%" PRIu64, v / one);
    if (v % one)
        buf_char(out, '.');
    for (v %= one; v; v %= one) {
        one /= 10;
        buf_f(out, "%" PRIu64, v / one);
    }
}

/* --- factor ------------------------------------------------------------------------- */
static enum st factor_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                            struct err *e)
{
    (void)a;
    char c[CLIP];
    uint64_t v = 0;
    if (text.n == 0)
        return value_missing(e);
    if (decimal_read(text, 3, &v) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' is not a factor", clip(text, c));
    enum st st = value_range(f, v, text, e);
    if (st == ST_OK)
        *(uint64_t *)dst = v;
    return st;
}

static void factor_number(uint64_t v, struct buf *out)
{
    decimal_print(v, 3, out);
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
