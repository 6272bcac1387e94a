/* subst_limit.c - a limit, or a part of it, as a plain number for a worker's own settings. */
#include "config/subst_limit.h"

#include "config/value.h"

#include "common/num.h"

#include <inttypes.h>
#include <string.h>

/* What a number can be counted in; the first of each amount is what is meant without one. */
struct unit {
    enum amount of;
    const char *name;
    uint64_t worth;
};

static const struct unit units[] = {
    {AMOUNT_BYTES, "B", 1},
    {AMOUNT_BYTES, "K", UINT64_C(1) << 10},
    {AMOUNT_BYTES, "M", UINT64_C(1) << 20},
    {AMOUNT_BYTES, "G", UINT64_C(1) << 30},
    {AMOUNT_BYTES, "T", UINT64_C(1) << 40},
    {AMOUNT_MS, "s", 1000},
    {AMOUNT_MS, "ms", 1},
    {AMOUNT_COUNT, "", 1},
};
enum { UNITS = sizeof units / sizeof *units };

static const char *const unit_words[] = {[AMOUNT_NONE] = "",
                                         [AMOUNT_BYTES] = "B, K, M, G or T",
                                         [AMOUNT_MS] = "s or ms",
                                         [AMOUNT_COUNT] = ""};

/* A percentage has three decimals: thousandths of it. */
enum { DECIMALS = 3, ONE_PERCENT = 1000, WHOLE = 100 * ONE_PERCENT };

struct part {
    const struct field *limit;
    uint64_t share; /* of WHOLE */
    const struct unit *unit;
};

static enum st find_limit(struct str key, const struct field **ret, struct err *e)
{
    char c[CLIP];
    const char *near = NULL;
    const struct field *f = schema_find(SECTION_JOB, key);
    clip(key, c);
    for (int i = 0; i < LIMITS; i++)
        if (schema_limit((enum limit_id)i)->type->amount)
            near = nearer_word(key, near, schema_limit((enum limit_id)i)->key);
    if (f && f->type && f->type->amount && f->id != LIMIT_NONE)
        *ret = f;
    else if (f && f->id != LIMIT_NONE)
        return err_say(e, ST_SYNTAX,
                       "%s is not one plain number, so no ${limit:...} can stand for it; a size, a "
                       "time or a count can",
                       c);
    else if (f)
        return err_say(e, ST_SYNTAX, "%s is not a limit; docs/limits.md lists the limits", c);
    else if (near)
        return err_say(e, ST_NOTFOUND, "there is no limit '%s'; did you mean ${limit:%s}?", c,
                       near);
    else
        return err_say(e, ST_NOTFOUND, "there is no limit '%s'; docs/limits.md lists the limits",
                       c);
    return ST_OK;
}

static enum st read_share(struct str text, uint64_t *ret, struct err *e)
{
    char c[CLIP];
    uint64_t v = 0;
    if (decimal_read((struct str){text.p, text.n - 1}, DECIMALS, &v) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' is not a percentage; write it as 75%% or 12.5%%",
                       clip(text, c));
    if (v == 0 || v > WHOLE)
        return err_say(e, ST_SYNTAX, "'%s' is not above 0%% and at most 100%%", clip(text, c));
    *ret = v;
    return ST_OK;
}

static enum st read_unit(struct str text, const struct field *f, const struct unit **ret,
                         struct err *e)
{
    char c[CLIP];
    for (size_t i = 0; i < UNITS; i++) {
        const struct unit *u = &units[i];
        bool same = u->of == AMOUNT_MS ? str_is(text, u->name) : str_ieq(text, str_of(u->name));
        if (u->of == f->type->amount && *u->name && same) {
            *ret = u;
            return ST_OK;
        }
    }
    if (f->type->amount == AMOUNT_COUNT)
        return err_say(e, ST_SYNTAX, "'%s' is not a percentage, and %s is a count, without a unit",
                       clip(text, c), f->key);
    return err_say(e, ST_SYNTAX, "'%s' is neither a percentage nor a unit of %s: %s", clip(text, c),
                   f->key, unit_words[f->type->amount]);
}

/* KEY, then a share and a unit, each of which may be left out. */
static enum st read_part(struct str name, struct part *ret, struct err *e)
{
    struct part p = {NULL, WHOLE, NULL};
    struct str rest = {name.p + strlen("limit:"), name.n - strlen("limit:")};
    char c[CLIP];
    enum st st = find_limit(str_cut(&rest, ':'), &p.limit, e);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < UNITS && !p.unit; i++)
        if (units[i].of == p.limit->type->amount)
            p.unit = &units[i];
    struct str item = str_cut(&rest, ':');
    if (item.p && str_ends(item, "%")) {
        st = read_share(item, &p.share, e);
        item = str_cut(&rest, ':');
    }
    if (st == ST_OK && item.p)
        st = read_unit(item, p.limit, &p.unit, e);
    if (st == ST_OK && rest.p)
        st =
            err_say(e, ST_SYNTAX, "':%s' is too much; write ${limit:KEY:75%%:UNIT}", clip(rest, c));
    if (st == ST_OK)
        *ret = p;
    return st;
}

enum st subst_limit_scan(struct str name, struct err *e)
{
    struct part p;
    char c[CLIP];
    struct err why = {0};
    enum st st = read_part(name, &p, &why);
    return st == ST_OK ? st : err_say(e, st, "${%s}: %s", clip(name, c), why.text);
}

/* Rounded down, without going through more than 64 bits. */
static uint64_t share_of(uint64_t v, uint64_t share)
{
    return v / WHOLE * share + v % WHOLE * share / WHOLE;
}

enum st subst_limit_add(struct str name, const struct subst *s, struct buf *out, struct err *e)
{
    struct part p;
    char c[CLIP];
    enum st st = read_part(name, &p, e);
    if (st != ST_OK)
        return st;
    const struct field *f = p.limit;
    uint64_t v = s->limits ? f->type->amount_of((const char *)s->limits + f->offset) : 0;
    clip(name, c);
    if (v == 0)
        return err_say(e, ST_NOTFOUND,
                       "%s is not set for job %s, so ${%s} has no value; set it, or leave the "
                       "variable out",
                       f->key, s->job, c);
    uint64_t n = share_of(v, p.share) / p.unit->worth;
    if (n == 0)
        return err_say(e, ST_SYNTAX, "${%s} is less than 1%s for job %s; %s", c, p.unit->name,
                       s->job,
                       p.unit->worth > 1 ? "write a smaller unit behind it" : "raise the share");
    buf_f(out, "%" PRIu64, n);
    return ST_OK;
}
