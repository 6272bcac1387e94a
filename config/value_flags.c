/* value_flags.c - lists of words that are bits, and the tolerance and interval of a rate. */
#include "config/value.h"

#include <string.h>

static size_t count_words(const char *const *words)
{
    size_t n = 0;
    while (words[n])
        n++;
    return n;
}

/* The number of WORD; the number of all of them: reported, as no WHAT. */
static size_t find_word(struct str word, const char *const *words, const char *what, struct err *e)
{
    char c[CLIP];
    size_t n = count_words(words), i = 0;
    while (i < n && !str_ieq(word, str_of(words[i])))
        i++;
    if (i < n)
        return i;
    const char *near = nearest_word(word, words, n);
    struct buf all = {0};
    for (size_t k = 0; k < n && !near; k++)
        buf_f(&all, "%s%s", k == 0 ? "write " : k + 1 == n ? " or " : ", ", words[k]);
    if (near)
        buf_f(&all, "did you mean '%s'?", near);
    err_say(e, ST_SYNTAX, "'%s' is not %s; %s", clip(word, c), what, buf_text(&all));
    buf_free(&all);
    return n;
}

/* --- flags -------------------------------------------------------------------------- */
static enum st flags_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                           struct err *e)
{
    (void)a;
    uint32_t bits = 0;
    if (text.n == 0)
        return value_missing(e);
    for (struct str rest = text; rest.p && !value_none(text);) {
        struct str item = list_next(&rest);
        if (item.n == 0)
            return err_say(e, ST_SYNTAX, "an entry is missing beside a comma");
        size_t i = find_word(item, f->words, "one of its words", e);
        if (!f->words[i])
            return ST_SYNTAX;
        bits |= UINT32_C(1) << i;
    }
    memcpy(dst, &bits, sizeof bits);
    return ST_OK;
}

static void flags_print(const struct field *f, const void *src, struct buf *out)
{
    uint32_t bits;
    memcpy(&bits, src, sizeof bits);
    const char *before = "";
    for (size_t i = 0; f->words[i]; i++)
        if (bits >> i & 1) {
            buf_f(out, "%s%s", before, f->words[i]);
            before = ", ";
        }
    if (bits == 0)
        buf_z(out, "none");
}

const struct value_type ty_flags = {
    .name = "words",
    .syntax = "none, or words separated by commas, of those that stand with the key",
    .parse = flags_parse,
    .print = flags_print,
    .equal = u32_equal,
};

/* --- tolerance ---------------------------------------------------------------------- */
static const char *const tolerances[] = {"low", "medium", "high", NULL};
static const char *const intervals[] = {"short", "medium", "long", NULL};
_Static_assert(sizeof tolerances / sizeof *tolerances == TOLERANCE_HIGH + 1, "NONE has no word");
_Static_assert(sizeof intervals / sizeof *intervals == INTERVAL_LONG + 1, "NONE has no word");

static struct str cut_word(struct str *rest)
{
    size_t n = 0;
    while (n < rest->n && !ascii_blank(rest->p[n]))
        n++;
    struct str word = {rest->p, n};
    *rest = str_trim((struct str){rest->p + n, rest->n - n});
    return word;
}

static enum st tolerance_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                               struct err *e)
{
    (void)f;
    (void)a;
    char c[CLIP];
    struct rate_notice r = {TOLERANCE_NONE, INTERVAL_NONE};
    struct str rest = text;
    if (text.n == 0)
        return value_missing(e);
    if (!value_none(text)) {
        size_t t = find_word(cut_word(&rest), tolerances, "a tolerance", e), i = 0;
        if (!tolerances[t])
            return ST_SYNTAX;
        if (rest.n > 0)
            i = find_word(cut_word(&rest), intervals, "an interval", e);
        if (!intervals[i])
            return ST_SYNTAX;
        r = (struct rate_notice){(enum tolerance)(t + 1), (enum interval)(i + 1)};
    }
    if (rest.n > 0 && r.tolerance)
        return err_say(e, ST_SYNTAX, "'%s' follows the interval; leave it out", clip(rest, c));
    memcpy(dst, &r, sizeof r);
    return ST_OK;
}

static void tolerance_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct rate_notice *r = src;
    if (r->tolerance == TOLERANCE_NONE)
        buf_z(out, "none");
    else
        buf_f(out, "%s %s", tolerances[r->tolerance - 1], intervals[r->interval - 1]);
}

static bool tolerance_equal(const void *pa, const void *pb)
{
    const struct rate_notice *a = pa, *b = pb;
    return a->tolerance == b->tolerance && a->interval == b->interval;
}

const struct value_type ty_tolerance = {
    .name = "tolerance",
    .syntax = "none, or for how much of the interval the rate may be exceeded: low (20 %), medium "
              "(40 %) or high (60 %), then the interval: short (10 s), medium (1 min) or long "
              "(10 min); short may be left out",
    .parse = tolerance_parse,
    .print = tolerance_print,
    .equal = tolerance_equal,
};
