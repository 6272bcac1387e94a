/* value_cpu.c - shares of CPU time, and sets of processors. */
#include "config/value.h"

#include <inttypes.h>
#include <string.h>

/* --- shares ------------------------------------------------------------------------- */
enum { PERCENT_DECIMALS = 2, CPUS_DECIMALS = 3 };
enum { GROUP_CPUS = 64, CPUS_MAX = CPU_GROUPS_MAX * GROUP_CPUS };

static void percent_print(uint64_t v, struct buf *out)
{
    decimal_print(v, PERCENT_DECIMALS, out);
    buf_char(out, '%');
}

static bool cut_end(struct str *text, const char *end)
{
    size_t n = strlen(end);
    if (text->n < n || !str_ieq((struct str){text->p + text->n - n, n}, str_of(end)))
        return false;
    *text = str_trim((struct str){text->p, text->n - n});
    return true;
}

/* systemd's 150% are one and a half processors, and so somebody may mean it here. */
static enum st beyond_machine(uint64_t v, struct str text, struct err *e)
{
    char c[CLIP];
    struct buf cpus = {0};
    decimal_print(v / 10, CPUS_DECIMALS, &cpus);
    enum st st = err_say(e, ST_RANGE,
                         "'%s' is above the highest value, 100%%, which is the whole machine; for "
                         "%s of its processors write '%s cpus'",
                         clip(text, c), buf_text(&cpus), buf_text(&cpus));
    buf_free(&cpus);
    return st;
}

enum st share_read(const struct field *f, struct str text, struct cpu_share *ret, struct err *e)
{
    char c[CLIP];
    struct str number = text;
    uint64_t v = 0;
    bool percent = cut_end(&number, "%");
    bool known = percent || cut_end(&number, "cpus") || cut_end(&number, "cpu");
    if (!known || decimal_read(number, percent ? PERCENT_DECIMALS : CPUS_DECIMALS, &v) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' is not a share of CPU time", clip(text, c));
    if (v == 0)
        return value_zero(text, e);
    if (percent && v > f->max && v / 10 <= CPUS_MAX * 1000)
        return beyond_machine(v, text, e);
    if (!percent && v > CPUS_MAX * 1000)
        return err_say(e, ST_RANGE, "'%s' is above the highest value, %d cpus", clip(text, c),
                       (int)CPUS_MAX);
    enum st st = percent ? value_range(f, v, text, e) : ST_OK;
    if (st == ST_OK)
        *ret = (struct cpu_share){percent ? CPU_OF_MACHINE : CPU_PROCESSORS, (uint32_t)v};
    return st;
}

void share_print(const struct cpu_share *s, struct buf *out)
{
    if (s->unit == CPU_OF_MACHINE) {
        percent_print(s->value, out);
    } else if (s->unit == CPU_PROCESSORS) {
        decimal_print(s->value, CPUS_DECIMALS, out);
        buf_z(out, s->value == 1000 ? " cpu" : " cpus");
    } else {
        buf_z(out, "none");
    }
}

bool share_same(const struct cpu_share *a, const struct cpu_share *b)
{
    return a->unit == b->unit && (a->unit == CPU_UNLIMITED || a->value == b->value);
}

static enum st share_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                           struct err *e)
{
    (void)a;
    if (text.n == 0)
        return value_missing(e);
    if (!value_none(text))
        return share_read(f, text, dst, e);
    memset(dst, 0, sizeof(struct cpu_share));
    return ST_OK;
}

static void ty_share_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    share_print(src, out);
}

static bool share_equal(const void *a, const void *b)
{
    return share_same(a, b);
}

const struct value_type ty_share = {
    .name = "CPU share",
    .syntax = "none, 25% or 12.5% of the CPU time of the whole machine, or 1 cpu, 1.5 cpus",
    .parse = share_parse,
    .hint = hint_syntax,
    .print = ty_share_print,
    .print_number = percent_print,
    .equal = share_equal,
};

/* --- processors --------------------------------------------------------------------- */
struct range {
    uint64_t group, first, last;
};

/* `3`, `0-3`, or either with a group, `1:0-7`. */
static enum st read_range(struct str item, struct range *ret)
{
    struct str first = item, rest = {0};
    bool grouped = item.n && memchr(item.p, ':', item.n);
    struct str group = grouped ? str_trim(str_cut(&first, ':')) : STR("0");
    rest = first;
    first = str_trim(str_cut(&rest, '-'));
    if (number_read(group, &ret->group) != ST_OK || number_read(first, &ret->first) != ST_OK)
        return ST_SYNTAX;
    ret->last = ret->first;
    return rest.p ? number_read(str_trim(rest), &ret->last) : ST_OK;
}

static enum st check_range(struct str item, const struct range *r, struct err *e)
{
    char c[CLIP];
    clip(item, c);
    if (r->group >= CPU_GROUPS_MAX)
        return err_say(e, ST_RANGE, "'%s' is in a group above the highest number, %d", c,
                       CPU_GROUPS_MAX - 1);
    if (r->first >= GROUP_CPUS || r->last >= GROUP_CPUS)
        return err_say(e, ST_RANGE,
                       "'%s': a group has the processors 0 to %d; those of the next group are "
                       "written %" PRIu64 ":0-%d",
                       c, GROUP_CPUS - 1, r->group + 1, GROUP_CPUS - 1);
    if (r->first > r->last)
        return err_say(e, ST_RANGE, "'%s' ends before it begins; write the lower number first", c);
    return ST_OK;
}

static uint64_t mask_of(const struct range *r)
{
    uint64_t up_to_last = r->last == GROUP_CPUS - 1 ? UINT64_MAX : (UINT64_C(2) << r->last) - 1;
    return up_to_last & ~((UINT64_C(1) << r->first) - 1);
}

static enum st keep_cpus(const uint64_t mask[CPU_GROUPS_MAX], struct arena *a, struct cpu_set *ret,
                         struct err *e)
{
    uint32_t n = 0;
    for (int i = 0; i < CPU_GROUPS_MAX; i++)
        n += mask[i] != 0;
    struct cpu_group *group = arena_alloc(a, n, sizeof *group);
    if (!group)
        return err_nomem(e);
    n = 0;
    for (int i = 0; i < CPU_GROUPS_MAX; i++)
        if (mask[i])
            group[n++] = (struct cpu_group){(uint16_t)i, mask[i]};
    *ret = (struct cpu_set){n, group};
    return ST_OK;
}

static enum st cpus_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                          struct err *e)
{
    (void)f;
    char c[CLIP];
    uint64_t mask[CPU_GROUPS_MAX] = {0};
    if (text.n == 0)
        return value_missing(e);
    for (struct str rest = text; rest.p && !value_none(text);) {
        struct str item = list_next(&rest);
        struct range r = {0};
        if (item.n == 0)
            return err_say(e, ST_SYNTAX, "an entry is missing beside a comma");
        if (read_range(item, &r) != ST_OK)
            return err_say(e, ST_SYNTAX, "'%s' is not a processor, nor a range of them",
                           clip(item, c));
        enum st st = check_range(item, &r, e);
        if (st != ST_OK)
            return st;
        mask[r.group] |= mask_of(&r);
    }
    return keep_cpus(mask, a, dst, e);
}

static void print_group(const struct cpu_group *g, bool *begun, struct buf *out)
{
    for (unsigned first = 0, next; first < GROUP_CPUS; first = next) {
        next = first + 1;
        if (!(g->mask >> first & 1))
            continue;
        while (next < GROUP_CPUS && g->mask >> next & 1)
            next++;
        buf_z(out, *begun ? ", " : "");
        if (g->group)
            buf_f(out, "%u:", (unsigned)g->group);
        buf_f(out, "%u", first);
        if (next - first > 1)
            buf_f(out, "-%u", next - 1);
        *begun = true;
    }
}

static void cpus_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct cpu_set *s = src;
    bool begun = false;
    for (uint32_t i = 0; i < s->n; i++)
        print_group(&s->group[i], &begun, out);
    if (s->n == 0)
        buf_z(out, "none");
}

static bool cpus_equal(const void *pa, const void *pb)
{
    const struct cpu_set *a = pa, *b = pb;
    bool same = a->n == b->n;
    for (uint32_t i = 0; same && i < a->n; i++)
        same = a->group[i].group == b->group[i].group && a->group[i].mask == b->group[i].mask;
    return same;
}

const struct value_type ty_cpus = {
    .name = "processors",
    .syntax = "none, or processors and ranges of them separated by commas, such as 0-3, 8; with "
              "more than 64 processors 1:0-7 are the first eight of group 1",
    .parse = cpus_parse,
    .hint = hint_syntax,
    .print = cpus_print,
    .equal = cpus_equal,
};
