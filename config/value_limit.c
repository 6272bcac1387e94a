/* value_limit.c - limits that are one number: sizes, times, counts, bandwidths. */
#include "config/value.h"

/* Reads all of TEXT, in any range; ST_SYNTAX or ST_OK. */
typedef enum st reader(struct str text, uint64_t *ret);

/* `none` is 0, and 0 itself is refused: whoever writes it may mean either. */
static enum st parse_with(reader *read, const struct field *f, struct str text, uint64_t *ret,
                          struct err *e)
{
    char c[CLIP];
    uint64_t v = 0;
    if (text.n == 0)
        return value_missing(e);
    if (value_none(text)) {
        *ret = 0;
        return ST_OK;
    }
    if (read(text, &v) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' is not a %s", clip(text, c), f->type->name);
    enum st st = v == 0 ? value_zero(text, e) : value_range(f, v, text, e);
    if (st == ST_OK)
        *ret = v;
    return st;
}

static void print_with(void (*print)(uint64_t v, struct buf *out), uint64_t v, struct buf *out)
{
    if (v)
        print(v, out);
    else
        buf_z(out, "none");
}

static uint64_t u64_amount(const void *src)
{
    return *(const uint64_t *)src;
}

/* --- size --------------------------------------------------------------------------- */
static enum st size_limit_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                                struct err *e)
{
    (void)a;
    return parse_with(size_read, f, text, dst, e);
}

static void size_limit_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    print_with(size_print, *(const uint64_t *)src, out);
}

const struct value_type ty_size_limit = {
    .name = "size limit",
    .syntax = "none, a number of bytes, or one with K, M, G or T (1024-based), such as 512M",
    .parse = size_limit_parse,
    .hint = hint_syntax,
    .print = size_limit_print,
    .print_number = size_print,
    .equal = u64_equal,
    .amount = AMOUNT_BYTES,
    .amount_of = u64_amount,
};

/* --- time --------------------------------------------------------------------------- */
static enum st time_limit_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                                struct err *e)
{
    (void)a;
    return parse_with(duration_read, f, text, dst, e);
}

static void time_limit_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    print_with(duration_print, *(const uint64_t *)src, out);
}

const struct value_type ty_time_limit = {
    .name = "time limit",
    .syntax = "none, or a duration such as 500ms, 10s, 2m, 1h, 1d or 1h30m (a bare number is "
              "seconds)",
    .parse = time_limit_parse,
    .hint = hint_syntax,
    .print = time_limit_print,
    .print_number = duration_print,
    .equal = u64_equal,
    .amount = AMOUNT_MS,
    .amount_of = u64_amount,
};

/* --- count -------------------------------------------------------------------------- */
static enum st count_limit_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                                 struct err *e)
{
    (void)a;
    uint64_t v = 0;
    enum st st = parse_with(number_read, f, text, &v, e); /* every row's max fits in 32 bits */
    if (st == ST_OK)
        *(uint32_t *)dst = (uint32_t)v;
    return st;
}

static void count_limit_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    print_with(number_print, *(const uint32_t *)src, out);
}

static uint64_t u32_amount(const void *src)
{
    return *(const uint32_t *)src;
}

const struct value_type ty_count_limit = {
    .name = "count limit",
    .syntax = "none, or a whole number in decimal digits",
    .parse = count_limit_parse,
    .hint = hint_syntax,
    .print = count_limit_print,
    .print_number = number_print,
    .equal = u32_equal,
    .amount = AMOUNT_COUNT,
    .amount_of = u32_amount,
};

/* --- bandwidth ---------------------------------------------------------------------- */
static enum st bandwidth_read(struct str text, uint64_t *ret)
{
    if (!str_ends(text, "/s"))
        return ST_SYNTAX;
    return size_read((struct str){text.p, text.n - 2}, ret);
}

static void bandwidth_number(uint64_t v, struct buf *out)
{
    size_print(v, out);
    buf_z(out, "/s");
}

static enum st bandwidth_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                               struct err *e)
{
    (void)a;
    return parse_with(bandwidth_read, f, text, dst, e);
}

static void bandwidth_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    print_with(bandwidth_number, *(const uint64_t *)src, out);
}

const struct value_type ty_bandwidth = {
    .name = "bandwidth",
    .syntax = "none, or bytes a second with K, M, G or T (1024-based), such as 10M/s",
    .parse = bandwidth_parse,
    .hint = hint_syntax,
    .print = bandwidth_print,
    .print_number = bandwidth_number,
    .equal = u64_equal,
};

/* --- small numbers, of which 0 is one ------------------------------------------------- */
static enum st small_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                           struct err *e)
{
    (void)a;
    char c[CLIP];
    uint64_t v = 0;
    struct small *ret = dst;
    if (text.n == 0)
        return value_missing(e);
    if (value_none(text)) {
        *ret = (struct small){false, 0};
        return ST_OK;
    }
    if (number_read(text, &v) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' is not a %s", clip(text, c), f->type->name);
    enum st st = value_range(f, v, text, e); /* every row's max fits in 8 bits */
    if (st == ST_OK)
        *ret = (struct small){true, (uint8_t)v};
    return st;
}

static void small_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct small *s = src;
    if (s->set)
        number_print(s->value, out);
    else
        buf_z(out, "none");
}

static bool small_equal(const void *pa, const void *pb)
{
    const struct small *a = pa, *b = pb;
    return a->set == b->set && a->value == b->value;
}

const struct value_type ty_small = {
    .name = "small number",
    .syntax = "none, or a whole number in decimal digits; 0 is one like any other",
    .parse = small_parse,
    .hint = hint_syntax,
    .print = small_print,
    .print_number = number_print,
    .equal = small_equal,
};
