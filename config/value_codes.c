/* value_codes.c - lists of exit codes. */
#include "config/value.h"

#include "common/exit_code.h"
#include "common/num.h"

#include <string.h>

static enum st read_code(struct str t, uint32_t *ret)
{
    uint64_t v = 0;
    enum st st;
    if (exit_code_by_name(t, ret))
        return ST_OK;
    if (t.n > 2 && t.p[0] == '0' && ascii_lower(t.p[1]) == 'x')
        st = num_hex((struct str){t.p + 2, t.n - 2}, UINT32_MAX, &v);
    else if (t.n > 1 && t.p[0] == '-')
        st = num_u64((struct str){t.p + 1, t.n - 1}, UINT64_C(1) << 31, &v);
    else
        st = num_u64(t, UINT32_MAX, &v);
    if (st != ST_OK)
        return st;
    *ret = t.p[0] == '-' ? (uint32_t)(0 - v) : (uint32_t)v;
    return ST_OK;
}

static uint32_t count_items(struct str t)
{
    uint32_t n = 1;
    for (size_t i = 0; i < t.n; i++)
        n += t.p[i] == ',';
    return n;
}

static enum st codes_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                           struct err *e)
{
    (void)f;
    char c[CLIP];
    struct codes got = {0};
    if (text.n == 0) {
        memcpy(dst, &got, sizeof got);
        return ST_OK;
    }
    uint32_t *code = arena_alloc(a, count_items(text), sizeof *code);
    if (!code)
        return err_nomem(e);
    for (struct str rest = text; rest.p;) {
        struct str item = list_next(&rest);
        if (item.n == 0)
            return err_say(e, ST_SYNTAX, "an entry is missing beside a comma");
        enum st st = read_code(item, &code[got.n]);
        if (st == ST_RANGE)
            return err_say(e, st, "'%s' does not fit in 32 bits", clip(item, c));
        if (st != ST_OK)
            return err_say(e, st, "'%s' is not an exit code", clip(item, c));
        got.n++;
    }
    got.code = code;
    memcpy(dst, &got, sizeof got);
    return ST_OK;
}

static void codes_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct codes *codes = src;
    for (uint32_t i = 0; i < codes->n; i++) {
        const char *name = exit_code_name(codes->code[i]);
        buf_z(out, i ? ", " : "");
        if (name)
            buf_z(out, name);
        else
            exit_code_print(codes->code[i], out);
    }
}

static bool codes_equal(const void *pa, const void *pb)
{
    const struct codes *a = pa, *b = pb;
    return a->n == b->n && (a->n == 0 || memcmp(a->code, b->code, a->n * sizeof *a->code) == 0);
}

const struct value_type ty_codes = {
    .name = "exit codes",
    .syntax = "exit codes separated by commas, each decimal, negative, 0x... or a name such as "
              "STATUS_ACCESS_VIOLATION",
    .parse = codes_parse,
    .hint = hint_syntax,
    .print = codes_print,
    .equal = codes_equal,
};
