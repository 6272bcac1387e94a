/* subst.c - ${...} in values. */
#include "config/subst.h"

#include "config/subst_limit.h"
#include "config/value.h"

#include <string.h>

static const char *const variables[] = {"job",        "instance", "service",
                                        "config_dir", "env:",     "limit:"};
static const unsigned needed[] = {NEEDS_JOB, NEEDS_INSTANCE, NEEDS_SERVICE, NEEDS_WORLD};
enum { PLAIN = sizeof needed / sizeof *needed };

enum piece { PIECE_TEXT, PIECE_DOLLARS, PIECE_VARIABLE, PIECE_UNCLOSED };

static size_t find(struct str t, char c)
{
    const char *at = t.n > 0 ? memchr(t.p, c, t.n) : NULL;
    return at ? (size_t)(at - t.p) : t.n;
}

/* Takes the next piece off *rest, which is not empty.  *ret is the text, or the variable's name. */
static enum piece take_piece(struct str *rest, struct str *ret)
{
    struct str t = *rest;
    enum piece kind = PIECE_TEXT;
    size_t used = find(t, '$');
    *ret = (struct str){t.p, used ? used : 1};
    if (used == 0 && t.n > 1 && t.p[1] == '$') {
        kind = PIECE_DOLLARS;
        used = 2;
    } else if (used == 0 && t.n > 1 && t.p[1] == '{') {
        size_t end = find(t, '}');
        kind = end < t.n ? PIECE_VARIABLE : PIECE_UNCLOSED;
        used = end < t.n ? end + 1 : t.n;
        *ret = end < t.n ? (struct str){t.p + 2, end - 2} : t;
    } else if (used == 0) {
        used = 1;
    }
    *rest = (struct str){t.p + used, t.n - used};
    return kind;
}

static enum st unknown_variable(struct str name, struct err *e)
{
    char c[CLIP];
    const char *near = nearest_word(name, variables, PLAIN);
    if (near)
        return err_say(e, ST_NOTFOUND, "there is no ${%s}; did you mean ${%s}?", clip(name, c),
                       near);
    return err_say(e, ST_NOTFOUND,
                   "there is no ${%s}; write ${job}, ${instance}, ${service}, "
                   "${config_dir}, ${env:NAME} or ${limit:KEY}, and $${ for a plain ${",
                   clip(name, c));
}

static enum st not_here(struct str name, unsigned need, unsigned allowed, struct err *e)
{
    char c[CLIP];
    if (need == NEEDS_LIMIT && allowed & NEEDS_JOB)
        return err_say(e, ST_SYNTAX,
                       "${%s} cannot stand here, as no limit is made from another one; write the "
                       "value itself",
                       clip(name, c));
    const char *where =
        need & (NEEDS_JOB | NEEDS_INSTANCE | NEEDS_LIMIT) ? "a job" : "the values of other keys";
    return err_say(e, ST_SYNTAX, "${%s} is not known here; it is known in %s only", clip(name, c),
                   where);
}

static enum st scan_variable(struct str name, unsigned allowed, unsigned *needs, struct err *e)
{
    char c[CLIP];
    if (name.n == 0 || str_is(name, "env:") || str_is(name, "limit:"))
        return err_say(e, ST_SYNTAX, "${%s} names nothing; write $${ for a plain ${",
                       clip(name, c));
    if (memchr(name.p, '$', name.n) || memchr(name.p, '{', name.n))
        return err_say(e, ST_SYNTAX, "${%s} is nested or not closed; a ${...} holds no other",
                       clip(name, c));
    unsigned need = str_starts(name, "env:")     ? NEEDS_WORLD
                    : str_starts(name, "limit:") ? NEEDS_LIMIT
                                                 : 0;
    for (size_t i = 0; i < PLAIN; i++)
        if (str_is(name, variables[i]))
            need = needed[i];
    if (!need)
        return unknown_variable(name, e);
    if (need & ~allowed)
        return not_here(name, need, allowed, e);
    *needs |= need;
    return need == NEEDS_LIMIT ? subst_limit_scan(name, e) : ST_OK;
}

enum st subst_scan(struct str text, unsigned allowed, unsigned *needs, struct err *e)
{
    struct str piece;
    unsigned got = NEEDS_NOTHING;
    while (text.n > 0) {
        char c[CLIP];
        enum piece kind = take_piece(&text, &piece);
        enum st st = ST_OK;
        if (kind == PIECE_UNCLOSED)
            st = err_say(e, ST_SYNTAX, "'%s' is not closed; add '}', or write $${ for a plain ${",
                         clip(piece, c));
        else if (kind == PIECE_VARIABLE)
            st = scan_variable(piece, allowed, &got, e);
        else if (kind == PIECE_DOLLARS)
            got |= NEEDS_READING;
        if (st != ST_OK)
            return st;
    }
    *needs = got;
    return ST_OK;
}

static enum st add_environment(struct str name, const struct subst *s, struct buf *out,
                               struct err *e)
{
    char c[CLIP];
    struct buf wanted = {0};
    buf_str(&wanted, (struct str){name.p + 4, name.n - 4});
    const char *value = buf_ok(&wanted) ? s->src->env(s->src->ctx, buf_text(&wanted)) : NULL;
    bool nomem = !buf_ok(&wanted);
    buf_free(&wanted);
    if (nomem)
        return err_nomem(e);
    if (!value)
        return err_say(e, ST_NOTFOUND,
                       "${%s}: there is no such environment variable; set it for the "
                       "account that runs the service",
                       clip(name, c));
    buf_z(out, value);
    return ST_OK;
}

/* The commonest of all. */
static void add_number(uint32_t v, struct buf *out)
{
    char digits[10];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + v % 10);
    while ((v /= 10) > 0);
    buf_add(out, digits + at, sizeof digits - at);
}

static enum st add_variable(struct str name, const struct subst *s, struct buf *out, struct err *e)
{
    if (str_is(name, "job"))
        buf_z(out, s->job);
    else if (str_is(name, "instance"))
        add_number(s->instance, out);
    else if (str_is(name, "service"))
        buf_z(out, s->service);
    else if (str_is(name, "config_dir"))
        buf_z(out, s->config_dir);
    if (str_starts(name, "env:"))
        return add_environment(name, s, out, e);
    return str_starts(name, "limit:") ? subst_limit_add(name, s, out, e) : ST_OK;
}

enum st subst_expand(struct str text, const struct subst *s, struct buf *out, struct err *e)
{
    struct str piece;
    size_t begin = out->n;
    while (text.n > 0) {
        enum st st = ST_OK;
        if (take_piece(&text, &piece) == PIECE_VARIABLE)
            st = add_variable(piece, s, out, e);
        else
            buf_str(out, piece);
        if (st != ST_OK)
            return st;
        if (out->n - begin > CONFIG_LINE_MAX)
            return err_say(e, ST_RANGE, "the value has more than %d bytes with its ${...} replaced",
                           (int)CONFIG_LINE_MAX);
    }
    return buf_ok(out) ? ST_OK : err_nomem(e);
}
