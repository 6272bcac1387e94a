/* value.c - what the types of values share. */
#include "config/value.h"

#include <string.h>

const char *clip(struct str text, char out[CLIP])
{
    size_t n = text.n;
    if (n >= CLIP) {
        n = CLIP - 4;
        while (n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80)
            n--;
    }
    if (n > 0)
        memcpy(out, text.p, n);
    memcpy(out + n, n < text.n ? "..." : "", n < text.n ? 4 : 1);
    return out;
}

bool name_valid(struct str s)
{
    if (s.n == 0 || s.n > NAME_MAX_BYTES || !ascii_alnum(s.p[0]))
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (!ascii_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
            return false;
    return true;
}

enum st value_range(const struct field *f, uint64_t v, struct str text, struct err *e)
{
    if (v >= f->min && v <= f->max)
        return ST_OK;
    char c[CLIP];
    struct buf bound = {0};
    f->type->print_number(v < f->min ? f->min : f->max, &bound);
    enum st st = err_say(e, ST_RANGE, "'%s' is %s, %s", clip(text, c),
                         v < f->min ? "below the lowest value" : "above the highest value",
                         buf_text(&bound));
    buf_free(&bound);
    return st;
}

enum st value_missing(struct err *e)
{
    return err_say(e, ST_SYNTAX, "no value is given");
}

void hint_syntax(const struct field *f, struct str text, struct buf *out)
{
    (void)text;
    buf_f(out, "write %s", f->type->syntax);
}

struct str list_next(struct str *rest)
{
    return str_trim(str_cut(rest, ','));
}

bool text_equal(const void *a, const void *b)
{
    const char *const *pa = a, *const *pb = b;
    return strcmp(*pa, *pb) == 0;
}

bool u64_equal(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(uint64_t)) == 0;
}

bool u32_equal(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(uint32_t)) == 0;
}

bool value_none(struct str text)
{
    return str_ieq(text, STR("none"));
}

enum st value_zero(struct str text, struct err *e)
{
    char c[CLIP];
    return err_say(e, ST_RANGE, "'%s' is no limit; write 'none' to have none", clip(text, c));
}
