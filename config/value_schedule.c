/* value_schedule.c - times of the day as cron writes them, and `every`. */
#include "config/value.h"

#include "common/civil.h"
#include "common/num.h"

#include <string.h>

enum { MINUTE, HOUR, DAY, MONTH, WEEKDAY, PARTS };

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                     "jul", "aug", "sep", "oct", "nov", "dec"};
static const char *const weekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

static const struct part {
    const char *what, *allowed;
    uint32_t min, max;
    const char *const *name; /* that of MIN first */
    uint32_t names;
} parts[PARTS] = {
    [MINUTE] = {"minute", "0-59", 0, 59, NULL, 0},
    [HOUR] = {"hour", "0-23", 0, 23, NULL, 0},
    [DAY] = {"day of the month", "1-31", 1, 31, NULL, 0},
    [MONTH] = {"month", "1-12 or jan-dec", 1, 12, months, 12},
    [WEEKDAY] = {"day of the week", "0-7 or sun-sat", 0, 7, weekdays, 7},
};

#define FIELDS "minute, hour, day of the month, month, day of the week"
#define FORMS "'30 4 * * mon-fri', '@daily' or 'every 10m'"

static const struct {
    const char *word, *fields;
} nicknames[] = {{"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
                 {"@weekly", "0 0 * * 0"},  {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"},
                 {"@annually", "0 0 1 1 *"}};
enum { NICKNAMES = sizeof nicknames / sizeof *nicknames };

/* --- one field ------------------------------------------------------------------------ */

static enum st read_one(const struct part *p, struct str t, uint32_t *ret, struct err *e)
{
    char c[CLIP];
    uint64_t v = 0;
    for (uint32_t i = 0; i < p->names; i++)
        if (str_ieq(t, str_of(p->name[i]))) {
            *ret = p->min + i;
            return ST_OK;
        }
    if (t.n == 0)
        return err_say(e, ST_SYNTAX, "a range of the %s lacks an end; write %s", p->what,
                       p->allowed);
    enum st st = num_u64(t, p->max, &v);
    if (st == ST_OK && v >= p->min) {
        *ret = (uint32_t)v;
        return ST_OK;
    }
    return err_say(e, st == ST_OK ? ST_RANGE : st, "'%s' cannot be the %s; write %s", clip(t, c),
                   p->what, p->allowed);
}

/* `4`, `mon-fri`, `*`. */
static enum st read_range(const struct part *p, struct str t, uint32_t *from, uint32_t *to,
                          struct err *e)
{
    char c[CLIP];
    struct str rest = t, first = str_cut(&rest, '-');
    if (str_is(t, "*")) {
        *from = p->min;
        *to = p == &parts[WEEKDAY] ? 6 : p->max;
        return ST_OK;
    }
    enum st st = read_one(p, first, from, e);
    *to = *from;
    if (st == ST_OK && rest.p)
        st = read_one(p, rest, to, e);
    /* Sunday begins the week and ends it. */
    if (st == ST_OK && p == &parts[WEEKDAY] && *to == 0 && *from > 0)
        *to = 7;
    if (st == ST_OK && *to < *from)
        return err_say(e, ST_SYNTAX, "'%s' as the %s runs backwards; write two ranges, such as %s",
                       clip(t, c), p->what, p == &parts[HOUR] ? "22-23,0-4" : "5-6,1-2");
    return st;
}

static enum st read_step(const struct part *p, struct str item, struct str step, uint32_t from,
                         uint32_t to, uint32_t *ret, struct err *e)
{
    char c[CLIP];
    uint64_t v = 0;
    enum st st = num_u64(step, UINT32_MAX, &v);
    clip(item, c);
    if (from == to)
        return err_say(e, ST_SYNTAX,
                       "'%s' as the %s has a step but no range; write such as */2 or "
                       "%u-%u/2",
                       c, p->what, (unsigned)p->min, (unsigned)p->max);
    if (st == ST_SYNTAX || (st == ST_OK && v == 0))
        return err_say(e, ST_SYNTAX, "'%s' as the %s has no step; write such as */2", c, p->what);
    if (st != ST_OK || v > to - from)
        return err_say(e, ST_RANGE, "the step of '%s' leaves but one %s; write %u alone", c,
                       p->what, (unsigned)from);
    *ret = (uint32_t)v;
    return ST_OK;
}

/* One entry of a list, added to *SET. */
static enum st read_item(const struct part *p, struct str item, uint64_t *set, struct err *e)
{
    uint32_t from = 0, to = 0, by = 1;
    struct str step = item, range = str_cut(&step, '/');
    if (item.n == 0)
        return err_say(e, ST_SYNTAX, "the %s has an empty entry beside a comma", p->what);
    enum st st = read_range(p, range, &from, &to, e);
    if (st == ST_OK && step.p)
        st = read_step(p, item, step, from, to, &by, e);
    for (; st == ST_OK && from <= to; from += by)
        *set |= UINT64_C(1) << (p == &parts[WEEKDAY] ? from % 7 : from);
    return st;
}

/* --- five fields ---------------------------------------------------------------------- */

static uint32_t split(struct str text, struct str field[PARTS])
{
    uint32_t n = 0;
    for (size_t i = 0; i < text.n;) {
        size_t from = i;
        while (i < text.n && !ascii_blank(text.p[i]))
            i++;
        if (i > from && n < PARTS)
            field[n] = (struct str){text.p + from, i - from};
        n += i > from;
        while (i < text.n && ascii_blank(text.p[i]))
            i++;
    }
    return n;
}

/* A day of the week comes in every month; a day of the month perhaps in none of those asked for. */
static bool ever_comes(const struct schedule *s)
{
    if (!s->any_day && !s->any_weekday)
        return true;
    for (uint32_t month = 1; month <= 12; month++)
        for (uint32_t day = 1; day <= civil_month_days(2000, month); day++)
            if ((s->months >> month & 1) && (s->days >> day & 1))
                return true;
    return false;
}

static enum st read_cron(struct str text, struct str fields, struct schedule *s, struct err *e)
{
    char c[CLIP];
    struct str field[PARTS] = {{0}};
    uint64_t set[PARTS] = {0};
    uint32_t n = split(fields, field);
    clip(text, c);
    if (n != PARTS)
        return err_say(e, ST_SYNTAX,
                       "'%s' has %u field%s and not the five " FIELDS "; write such as " FORMS, c,
                       (unsigned)n, n == 1 ? "" : "s");
    for (uint32_t i = 0; i < PARTS; i++)
        for (struct str rest = field[i]; rest.p;) {
            enum st st = read_item(&parts[i], list_next(&rest), &set[i], e);
            if (st != ST_OK)
                return st;
        }
    *s = (struct schedule){.kind = SCHEDULE_CRON,
                           .minutes = set[MINUTE],
                           .hours = (uint32_t)set[HOUR],
                           .days = (uint32_t)set[DAY],
                           .months = (uint32_t)set[MONTH],
                           .weekdays = (uint32_t)set[WEEKDAY],
                           .any_hour = field[HOUR].p[0] == '*',
                           .any_day = field[DAY].p[0] == '*',
                           .any_weekday = field[WEEKDAY].p[0] == '*'};
    if (!ever_comes(s))
        return err_say(e, ST_RANGE, "'%s' never comes: none of its months has such a day", c);
    return ST_OK;
}

/* --- the other forms ------------------------------------------------------------------ */

static enum st read_nickname(struct str text, struct schedule *s, struct err *e)
{
    char c[CLIP];
    const char *near = NULL;
    for (size_t i = 0; i < NICKNAMES; i++) {
        if (str_ieq(text, str_of(nicknames[i].word)))
            return read_cron(text, str_of(nicknames[i].fields), s, e);
        near = nearer_word(text, near, nicknames[i].word);
    }
    if (str_ieq(text, STR("@reboot")))
        return err_say(e, ST_SYNTAX,
                       "'@reboot' is not a time of the day; a job without a schedule "
                       "starts with the service, so leave the key out");
    if (near)
        return err_say(e, ST_SYNTAX, "'%s' is not known; did you mean '%s'?", clip(text, c), near);
    return err_say(e, ST_SYNTAX,
                   "'%s' is not known; write @hourly, @daily, @weekly, @monthly or "
                   "@yearly",
                   clip(text, c));
}

enum { EVERY_MIN = 1000 };
#define EVERY_MAX (UINT64_C(36500) * 86400000)

static enum st read_every(struct str text, struct str time, struct schedule *s, struct err *e)
{
    char c[CLIP];
    uint64_t ms = 0;
    if (duration_read(time, &ms) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' has no duration; write such as 'every 10m'",
                       clip(text, c));
    if (ms < EVERY_MIN || ms > EVERY_MAX)
        return err_say(e, ST_RANGE, "'%s' is too %s; write 'every 1s' to 'every 36500d'",
                       clip(text, c), ms < EVERY_MIN ? "often" : "seldom");
    *s = (struct schedule){.kind = SCHEDULE_EVERY, .every_ms = ms};
    return ST_OK;
}

static enum st schedule_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                              struct err *e)
{
    (void)f;
    static const struct str every = {"every", 5};
    struct schedule s = {.kind = SCHEDULE_NONE};
    bool none = text.n == 0 || value_none(text);
    enum st st = ST_OK;
    if (!none && text.n > every.n && str_ieq((struct str){text.p, every.n}, every) &&
        ascii_blank(text.p[every.n]))
        st = read_every(text, str_trim((struct str){text.p + every.n, text.n - every.n}), &s, e);
    else if (!none)
        st = text.p[0] == '@' ? read_nickname(text, &s, e) : read_cron(text, text, &s, e);
    if (st != ST_OK)
        return st;
    s.text = arena_str(a, none ? STR("none") : text);
    if (!s.text)
        return err_nomem(e);
    memcpy(dst, &s, sizeof s);
    return ST_OK;
}

static void schedule_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct schedule *s = src;
    buf_z(out, s->kind == SCHEDULE_NONE ? "none" : s->text);
}

/* Of two ways to write the same, neither is a change. */
static bool schedule_equal(const void *pa, const void *pb)
{
    const struct schedule *a = pa, *b = pb;
    return a->kind == b->kind && a->minutes == b->minutes && a->hours == b->hours &&
           a->days == b->days && a->months == b->months && a->weekdays == b->weekdays &&
           a->any_hour == b->any_hour && a->any_day == b->any_day &&
           a->any_weekday == b->any_weekday && a->every_ms == b->every_ms;
}

const struct value_type ty_schedule = {
    .name = "schedule",
    .syntax = "the five fields " FIELDS ", each *, a number, a range, a list or a step, such as "
              "'30 4 * * mon-fri' or '*/15 8-17 * * *'; or @hourly, @daily, @midnight, @weekly, "
              "@monthly, @yearly, @annually; or 'every 10m'; or none",
    .parse = schedule_parse,
    .print = schedule_print,
    .equal = schedule_equal,
};
