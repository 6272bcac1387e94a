/* status.c - the instances, a line each. */
#include "service/view/human.h"
#include "service/view/member.h"
#include "service/view/table.h"
#include "service/view/view.h"

#include <inttypes.h>

static const struct column columns[] = {
    {"NAME", false, 12, 0}, {"STATE", false, 0, 0},   {"PID", true, 0, 1},
    {"UPTIME", true, 0, 4}, {"RESTARTS", true, 0, 2}, {"CPU", true, 0, 5},
    {"COMMIT", true, 0, 6}, {"LIMIT", true, 0, 3},    {"REASON", false, 24, 7},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void add_human(struct table *t, uint64_t n, const char *(*say)(uint64_t, char *))
{
    char text[HUMAN];
    table_add_z(t, INK_PLAIN, n == NOT_KNOWN ? "" : say(n, text));
}

/* "7% of 1.0G". */
static void add_limit(struct table *t, yyjson_val *instance)
{
    uint64_t limit = member_count(instance, "commit_limit");
    uint64_t used = member_number(instance, "commit");
    char size[HUMAN];
    struct buf b = {0};
    uint64_t percent = used == NOT_KNOWN ? 0 : human_percent(used, limit);
    if (limit > 0 && used != NOT_KNOWN)
        buf_f(&b, "%" PRIu64 "%% of %s", percent, human_size(limit, size));
    else if (limit > 0)
        buf_z(&b, human_size(limit, size));
    table_add_buf(t, ink_of_percent(percent), &b);
}

static void add_name(struct table *t, yyjson_val *instance)
{
    struct buf b = {0};
    buf_str(&b, member_text(instance, "name"));
    if (yyjson_arr_size(member_list(instance, "overridden")) > 0)
        buf_char(&b, '*');
    table_add_buf(t, INK_PLAIN, &b);
}

static void add_row(struct table *t, yyjson_val *instance)
{
    struct str state = member_text(instance, "state");
    struct buf why = {0};
    view_why(instance, &why);
    add_name(t, instance);
    table_add(t, ink_of_state(state), state);
    table_add_number(t, member_number(instance, "pid"));
    add_human(t, member_number(instance, "uptime_ms"), human_time);
    table_add_number(t, member_number(instance, "restarts"));
    add_human(t, member_number(instance, "cpu"), human_share);
    add_human(t, member_number(instance, "commit"), human_size);
    add_limit(t, instance);
    table_add_buf(t, str_is(state, "failed") ? INK_BAD : INK_PLAIN, &why);
}

/* --- below the table ---------------------------------------------------------------- */
static void summary(yyjson_val *list, const struct view_style *style, struct buf *out)
{
    size_t count[STATES_KNOWN + 1] = {0}, all = 0, i, n;
    yyjson_val *v;
    yyjson_arr_foreach(list, i, n, v)
    {
        count[state_rank(member_text(v, "state"))] += yyjson_is_obj(v);
        all += yyjson_is_obj(v);
    }
    buf_f(out, "%zu instance%s:", all, all == 1 ? "" : "s");
    const char *between = " ";
    /* Running first, then what most wants to be seen. */
    for (unsigned k = 0; k <= STATES_KNOWN; k++) {
        unsigned running = state_rank(STR("running"));
        unsigned s = k == 0 ? running : k <= running ? k - 1 : k;
        const char *word = s < STATES_KNOWN ? state_words[s] : "in another state";
        if (count[s] == 0)
            continue;
        buf_f(out, "%s%zu ", between, count[s]);
        paint(style, ink_of_state(str_of(word)), str_of(word), out);
        between = ", ";
    }
    buf_char(out, '\n');
}

static bool listed(struct str keys, struct str key)
{
    while (keys.p)
        if (str_eq(str_trim(str_cut(&keys, ',')), key))
            return true;
    return false;
}

/* Each key once: a thousand instances may have the same one. */
static void footnote(yyjson_val *list, const struct view_style *style, struct buf *out)
{
    struct buf keys = {0};
    size_t i, n, k, m;
    yyjson_val *v, *key;
    yyjson_arr_foreach(list, i, n, v)
    {
        yyjson_arr_foreach(member_list(v, "overridden"), k, m, key)
        {
            struct str text = value_text(key);
            if (text.n == 0 || listed(buf_view(&keys), text))
                continue;
            buf_z(&keys, keys.n > 0 ? ", " : "");
            buf_str(&keys, text);
        }
    }
    if (keys.n > 0) {
        buf_z(out, "* by 'set', not by the job file: ");
        text_clean(buf_view(&keys), style->utf8, out);
        buf_char(out, '\n');
    }
    out->failed = out->failed || !buf_ok(&keys);
    buf_free(&keys);
}

void view_status(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    yyjson_val *list = member_list(reply, "instances"), *v;
    struct table t;
    size_t i, n;
    if (yyjson_arr_size(list) == 0) {
        buf_z(out, "there are no instances\n");
        return;
    }
    table_start(&t, columns, COLUMNS);
    yyjson_arr_foreach(list, i, n, v) if (yyjson_is_obj(v)) add_row(&t, v);
    table_print(&t, style, out);
    footnote(list, style, out);
    summary(list, style, out);
    if (member_yes(member_object(reply, "service"), "stopping"))
        buf_z(out, "the service is being stopped\n");
}
