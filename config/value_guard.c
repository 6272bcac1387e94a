/* value_guard.c - `VALUE` or `VALUE for DURATION`. */
#include "config/value.h"

#include <string.h>

#define GUARD_TIME_MAX UINT64_C(2592000000) /* 30 days */

/* Cuts ` for DURATION` off *text; *time has no p where there is none. */
static void cut_time(struct str *text, struct str *time)
{
    *time = (struct str){0};
    for (size_t i = 1; i + 3 <= text->n; i++) {
        bool ends = i + 3 == text->n || ascii_blank(text->p[i + 3]);
        if (!ends || !ascii_blank(text->p[i - 1]) ||
            !str_ieq((struct str){text->p + i, 3}, STR("for")))
            continue;
        *time = str_trim((struct str){text->p + i + 3, text->n - i - 3});
        *text = str_trim((struct str){text->p, i});
        return;
    }
}

static enum st read_time(struct str time, uint64_t *ret, struct err *e)
{
    char c[CLIP];
    if (!time.p) {
        *ret = 0;
        return ST_OK;
    }
    if (time.n == 0)
        return err_say(e, ST_SYNTAX, "no duration follows 'for'");
    if (duration_read(time, ret) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' is not a duration", clip(time, c));
    if (*ret == 0)
        return err_say(e, ST_RANGE, "'for %s' is no time; leave it out to act at one sample",
                       clip(time, c));
    if (*ret > GUARD_TIME_MAX)
        return err_say(e, ST_RANGE, "'for %s' is longer than 30d", clip(time, c));
    return ST_OK;
}

static void print_time(uint64_t ms, struct buf *out)
{
    if (ms == 0)
        return;
    buf_z(out, " for ");
    duration_print(ms, out);
}

/* --- of sizes and counts ------------------------------------------------------------ */
static enum st parse_with(enum st (*read)(struct str text, uint64_t *ret), const struct field *f,
                          struct str text, struct guard *ret, struct err *e)
{
    char c[CLIP];
    struct guard g = {0};
    struct str time;
    if (text.n == 0)
        return value_missing(e);
    if (value_none(text)) {
        *ret = g;
        return ST_OK;
    }
    cut_time(&text, &time);
    if (read(text, &g.value) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' is not a value of a %s", clip(text, c), f->type->name);
    enum st st = g.value == 0 ? value_zero(text, e) : value_range(f, g.value, text, e);
    if (st == ST_OK)
        st = read_time(time, &g.for_ms, e);
    if (st == ST_OK)
        *ret = g;
    return st;
}

static void print_guard(const struct field *f, const void *src, struct buf *out)
{
    const struct guard *g = src;
    if (g->value)
        f->type->print_number(g->value, out);
    else
        buf_z(out, "none");
    print_time(g->for_ms, out);
}

static bool guard_equal(const void *pa, const void *pb)
{
    const struct guard *a = pa, *b = pb;
    return a->value == b->value && a->for_ms == b->for_ms;
}

static uint64_t guard_amount(const void *src)
{
    const struct guard *g = src;
    return g->value;
}

static enum st size_guard_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                                struct err *e)
{
    (void)a;
    return parse_with(size_read, f, text, dst, e);
}

const struct value_type ty_guard_size = {
    .name = "size guard",
    .syntax = "none, or a size such as 1G, or with a time, 1G for 5m",
    .parse = size_guard_parse,
    .hint = hint_syntax,
    .print = print_guard,
    .print_number = size_print,
    .equal = guard_equal,
    .amount = AMOUNT_BYTES,
    .amount_of = guard_amount,
};

static enum st count_guard_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                                 struct err *e)
{
    (void)a;
    return parse_with(number_read, f, text, dst, e);
}

const struct value_type ty_guard_count = {
    .name = "count guard",
    .syntax = "none, or a whole number such as 5000, or with a time, 5000 for 5m",
    .parse = count_guard_parse,
    .hint = hint_syntax,
    .print = print_guard,
    .print_number = number_print,
    .equal = guard_equal,
    .amount = AMOUNT_COUNT,
    .amount_of = guard_amount,
};

/* --- of CPU time -------------------------------------------------------------------- */
static enum st share_guard_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                                 struct err *e)
{
    (void)a;
    struct cpu_guard g = {0};
    struct str time = {0};
    enum st st = ST_OK;
    if (text.n == 0)
        return value_missing(e);
    if (!value_none(text)) {
        cut_time(&text, &time);
        st = share_read(f, text, &g.share, e);
    }
    if (st == ST_OK)
        st = read_time(time, &g.for_ms, e);
    if (st == ST_OK)
        memcpy(dst, &g, sizeof g);
    return st;
}

static void share_guard_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct cpu_guard *g = src;
    share_print(&g->share, out);
    print_time(g->for_ms, out);
}

static void share_number(uint64_t v, struct buf *out)
{
    const struct cpu_share s = {CPU_OF_MACHINE, (uint32_t)v}; /* a bound of a row is small */
    share_print(&s, out);
}

static bool share_guard_equal(const void *pa, const void *pb)
{
    const struct cpu_guard *a = pa, *b = pb;
    return share_same(&a->share, &b->share) && a->for_ms == b->for_ms;
}

const struct value_type ty_guard_share = {
    .name = "CPU guard",
    .syntax = "none, or a share of CPU time such as 80% or 1.5 cpus, or with a time, 80% for 10m",
    .parse = share_guard_parse,
    .hint = hint_syntax,
    .print = share_guard_print,
    .print_number = share_number,
    .equal = share_guard_equal,
};
