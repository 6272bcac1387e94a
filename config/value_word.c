/* value_word.c - one word of a list, and yes or no. */
#include "config/value.h"

#include <string.h>

/* Enums are written through memcpy, so their size must be known. */
_Static_assert(sizeof(enum restart_when) == sizeof(uint32_t), "an enum has 32 bits");

static size_t count_words(const char *const *words)
{
    size_t n = 0;
    while (words[n])
        n++;
    return n;
}

static enum st word_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                          struct err *e)
{
    (void)a;
    char c[CLIP];
    if (text.n == 0)
        return value_missing(e);
    for (uint32_t i = 0; f->words[i]; i++)
        if (str_ieq(text, str_of(f->words[i]))) {
            memcpy(dst, &i, sizeof i);
            return ST_OK;
        }
    if (str_is(text, "shared") && strcmp(f->key, "console") == 0)
        return err_say(e, ST_UNSUPPORTED, "'shared' is not supported yet; write own or none");
    return err_say(e, ST_SYNTAX, "'%s' is not one of its words", clip(text, c));
}

static void hint_words(const struct field *f, struct str text, struct buf *out)
{
    size_t n = count_words(f->words);
    const char *near = nearest_word(text, f->words, n);
    if (near) {
        buf_f(out, "did you mean '%s'?", near);
        return;
    }
    buf_z(out, "write ");
    for (size_t i = 0; i < n; i++)
        buf_f(out, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", f->words[i]);
}

static void word_print(const struct field *f, const void *src, struct buf *out)
{
    uint32_t i;
    memcpy(&i, src, sizeof i);
    buf_z(out, f->words[i]);
}

const struct value_type ty_word = {
    .name = "word",
    .syntax = "one of the words that stand with the key",
    .parse = word_parse,
    .hint = hint_words,
    .print = word_print,
    .equal = u32_equal,
};

static const struct {
    const char *word;
    enum yes_no value;
} answers[] = {{"no", NO},  {"yes", YES}, {"false", NO}, {"true", YES},
               {"off", NO}, {"on", YES},  {"0", NO},     {"1", YES}};

static enum st yes_no_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                            struct err *e)
{
    (void)f;
    (void)a;
    char c[CLIP];
    if (text.n == 0)
        return value_missing(e);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (str_ieq(text, str_of(answers[i].word))) {
            memcpy(dst, &answers[i].value, sizeof answers[i].value);
            return ST_OK;
        }
    return err_say(e, ST_SYNTAX, "'%s' is neither yes nor no", clip(text, c));
}

static void yes_no_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    uint32_t v;
    memcpy(&v, src, sizeof v);
    buf_z(out, answers[v].word);
}

const struct value_type ty_yes_no = {
    .name = "yes/no",
    .syntax = "yes or no (also true, false, on, off, 1 or 0)",
    .parse = yes_no_parse,
    .hint = hint_syntax,
    .print = yes_no_print,
    .equal = u32_equal,
};

/* --- reactions ---------------------------------------------------------------------- */

/* The words begin with the reaction behind UNSAID, which nobody can write. */
static enum st reaction_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                              struct err *e)
{
    uint32_t i = 0;
    enum st st = word_parse(f, text, a, &i, e);
    if (st != ST_OK)
        return st;
    i += REACTION_LOG;
    memcpy(dst, &i, sizeof i);
    return ST_OK;
}

static void reaction_print(const struct field *f, const void *src, struct buf *out)
{
    uint32_t i;
    memcpy(&i, src, sizeof i);
    buf_z(out, f->words[i - REACTION_LOG]);
}

const struct value_type ty_reaction = {
    .name = "reaction",
    .syntax = "log, hook, restart, stop or terminate",
    .parse = reaction_parse,
    .hint = hint_words,
    .print = reaction_print,
    .equal = u32_equal,
};
