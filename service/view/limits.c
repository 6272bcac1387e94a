/* limits.c - each level with its limits. */
#include "service/view/human.h"
#include "service/view/member.h"
#include "service/view/table.h"
#include "service/view/view.h"

#include <inttypes.h>

static const struct column columns[] = {
    {"KEY", false, 16, 0},     {"CONFIGURED", false, 10, 0}, {"HELD BY", false, 0, 2},
    {"USED", true, 0, 0},      {"PEAK", true, 0, 1},         {"%", true, 0, 0},
    {"REACTION", false, 0, 3},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void add_amount(struct table *t, uint64_t n, struct str unit)
{
    char text[HUMAN];
    if (n != NOT_KNOWN && str_is(unit, "bytes"))
        table_add_z(t, INK_PLAIN, human_size(n, text));
    else if (n != NOT_KNOWN && str_is(unit, "ms"))
        table_add_z(t, INK_PLAIN, human_time(n, text));
    else if (n != NOT_KNOWN && str_is(unit, "share"))
        table_add_z(t, INK_PLAIN, human_share(n, text));
    else
        table_add_number(t, n);
}

static void add_percent(struct table *t, uint64_t used, uint64_t value)
{
    struct buf b = {0};
    bool known = used != NOT_KNOWN && value != NOT_KNOWN;
    uint64_t percent = known ? human_percent(used, value) : 0;
    if (known)
        buf_f(&b, "%" PRIu64 "%%", percent);
    table_add_buf(t, ink_of_percent(percent), &b);
}

static void add_limit(struct table *t, yyjson_val *limit, bool *overridden)
{
    struct str unit = member_text(limit, "unit"), holder = member_text(limit, "held_by");
    uint64_t used = member_number(limit, "used");
    bool own = member_yes(limit, "overridden");
    struct buf key = {0};
    buf_str(&key, member_text(limit, "key"));
    buf_z(&key, own ? "*" : "");
    *overridden = *overridden || own;
    table_add_buf(t, INK_PLAIN, &key);
    table_add(t, INK_PLAIN, member_text(limit, "configured"));
    table_add(t, str_is(holder, "nobody") ? INK_BAD : INK_PLAIN, holder);
    add_amount(t, used, unit);
    add_amount(t, member_number(limit, "peak"), unit);
    add_percent(t, used, member_number(limit, "value"));
    table_add(t, INK_PLAIN, member_text(limit, "reaction"));
}

static void add_level(struct table *t, yyjson_val *level, bool *overridden)
{
    yyjson_val *list = member_list(level, "limits"), *v;
    size_t i, n;
    struct buf b = {0};
    buf_str(&b, member_text(level, "level"));
    buf_char(&b, ' ');
    buf_str(&b, member_text(level, "name"));
    buf_z(&b, member_yes(level, "running") ? "" : " (not running)");
    buf_z(&b, yyjson_arr_size(list) > 0 ? "" : ": no limits");
    table_heading(t, &b);
    yyjson_arr_foreach(list, i, n, v) add_limit(t, v, overridden);
}

void view_limits(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    yyjson_val *list = member_list(reply, "levels"), *v;
    struct table t;
    bool overridden = false;
    size_t i, n;
    if (yyjson_arr_size(list) == 0) {
        buf_z(out, "there are no limits\n");
        return;
    }
    table_start(&t, columns, COLUMNS);
    yyjson_arr_foreach(list, i, n, v) add_level(&t, v, &overridden);
    table_print(&t, style, out);
    if (overridden)
        buf_z(out, "* by 'set', not by the job file\n");
}
