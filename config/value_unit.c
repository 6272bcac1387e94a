/* value_unit.c - durations and sizes: numbers with units. */
#include "config/value.h"

#include "common/num.h"

#include <inttypes.h>
#include <string.h>

struct unit {
    const char *name;
    uint64_t worth;
};

static const struct unit times[] = {
    {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
enum { TIMES = sizeof times / sizeof *times };

static const struct unit sizes[] = {{"T", UINT64_C(1) << 40},
                                    {"G", UINT64_C(1) << 30},
                                    {"M", UINT64_C(1) << 20},
                                    {"K", UINT64_C(1) << 10}};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* --- duration ----------------------------------------------------------------------- */

/* The unit's letters at the start of *rest, from times[from] on; TIMES when there is none. */
static size_t take_unit(struct str *rest, size_t from)
{
    size_t n = 0;
    while (n < rest->n && !ascii_digit(rest->p[n]))
        n++;
    struct str letters = {rest->p, n};
    *rest = (struct str){rest->p + n, rest->n - n};
    while (from < TIMES && !str_is(letters, times[from].name))
        from++;
    return from;
}

/* `1h30m`: each unit once, the larger ones first.  ST_RANGE: beyond 64 bits. */
static enum st read_joined(struct str t, uint64_t *ret)
{
    uint64_t sum = 0, v = 0;
    enum st worst = ST_OK;
    for (size_t unit = 0; t.n > 0; unit++) {
        enum st st = num_digits(&t, &v);
        if (st == ST_SYNTAX)
            return ST_SYNTAX;
        bool bare = unit == 0 && t.n == 0;
        unit = bare ? 3 : take_unit(&t, unit);
        if (unit >= TIMES)
            return ST_SYNTAX;
        if (st == ST_RANGE || !num_mul(v, times[unit].worth, &v) || !num_add(sum, v, &sum))
            worst = ST_RANGE;
    }
    *ret = sum;
    return worst;
}

enum st duration_read(struct str text, uint64_t *ret)
{
    uint64_t ms = 0;
    enum st st = text.n ? read_joined(text, &ms) : ST_SYNTAX;
    if (st == ST_SYNTAX)
        return st;
    *ret = st == ST_RANGE ? UINT64_MAX : ms;
    return ST_OK;
}

enum st duration_parse(const struct field *f, struct str text, uint64_t *ret, struct err *e)
{
    char c[CLIP];
    uint64_t ms = 0;
    if (text.n == 0)
        return value_missing(e);
    if (duration_read(text, &ms) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' is not a duration", clip(text, c));
    enum st st = value_range(f, ms, text, e);
    if (st == ST_OK)
        *ret = ms;
    return st;
}

void duration_print(uint64_t ms, struct buf *out)
{
    if (ms == 0)
        buf_z(out, "0s");
    for (size_t i = 0; i < TIMES; ms %= times[i].worth, i++)
        if (ms / times[i].worth)
            buf_f(out, "%" PRIu64 "%s", ms / times[i].worth, times[i].name);
}

static enum st ty_duration_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                                 struct err *e)
{
    (void)a;
    return duration_parse(f, text, dst, e);
}

static void ty_duration_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    duration_print(*(const uint64_t *)src, out);
}

const struct value_type ty_duration = {
    .name = "duration",
    .syntax = "500ms, 10s, 2m, 1h, 1d, or joined as 1h30m (a bare number is seconds)",
    .parse = ty_duration_parse,
    .hint = hint_syntax,
    .print = ty_duration_print,
    .print_number = duration_print,
    .equal = u64_equal,
};

/* --- size --------------------------------------------------------------------------- */
enum st size_read(struct str text, uint64_t *ret)
{
    uint64_t v = 0, worth = 1;
    enum st st = num_digits(&text, &v);
    for (size_t i = 0; i < SIZES && text.n > 0; i++)
        if (str_ieq(text, str_of(sizes[i].name))) {
            worth = sizes[i].worth;
            text.n = 0;
        }
    if (st == ST_SYNTAX || text.n > 0)
        return ST_SYNTAX;
    if (st == ST_RANGE || !num_mul(v, worth, &v))
        v = UINT64_MAX;
    *ret = v;
    return ST_OK;
}

static enum st ty_size_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                             struct err *e)
{
    (void)a;
    char c[CLIP];
    uint64_t v = 0;
    if (text.n == 0)
        return value_missing(e);
    if (size_read(text, &v) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' is not a size", clip(text, c));
    enum st st = value_range(f, v, text, e);
    if (st == ST_OK)
        *(uint64_t *)dst = v;
    return st;
}

void size_print(uint64_t bytes, struct buf *out)
{
    size_t i = 0;
    while (i < SIZES && (bytes == 0 || bytes % sizes[i].worth))
        i++;
    if (i < SIZES)
        buf_f(out, "%" PRIu64 "%s", bytes / sizes[i].worth, sizes[i].name);
    else
        buf_f(out, "%" PRIu64, bytes);
}

static void ty_size_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    size_print(*(const uint64_t *)src, out);
}

const struct value_type ty_size = {
    .name = "size",
    .syntax = "a number of bytes, or one with K, M, G or T (1024-based), such as 10M",
    .parse = ty_size_parse,
    .hint = hint_syntax,
    .print = ty_size_print,
    .print_number = size_print,
    .equal = u64_equal,
};
