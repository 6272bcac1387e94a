/* plan.c - what other definitions cost. */
#include "service/view/member.h"
#include "service/view/table.h"
#include "service/view/view.h"

#include <inttypes.h>

/* FILE:LINE: error[CODE]: TEXT, as `check` says it. */
static void print_mistake(yyjson_val *v, const struct view_style *style, struct buf *out)
{
    struct str severity = member_text(v, "severity"), file = member_text(v, "file");
    uint64_t line = member_count(v, "line");
    text_clean(file, style->utf8, out);
    if (line > 0)
        buf_f(out, ":%" PRIu64, line);
    buf_z(out, file.n > 0 || line > 0 ? ": " : "");
    struct buf word = {0};
    text_clean(severity, style->utf8, &word);
    paint(style, ink_of_level(severity), buf_view(&word), out);
    out->failed = out->failed || !buf_ok(&word);
    buf_free(&word);
    buf_char(out, '[');
    text_clean(member_text(v, "code"), style->utf8, out);
    buf_z(out, "]: ");
    text_clean(member_text(v, "text"), style->utf8, out);
    buf_char(out, '\n');
}

static void print_change(yyjson_val *v, const struct view_style *style, struct buf *out)
{
    struct str cost = member_text(v, "cost");
    struct buf line = {0};
    bool dear = str_is(cost, "respawn") || str_is(cost, "removed") || str_is(cost, "recreate");
    text_clean(member_text(v, "text"), style->utf8, &line);
    paint(style, dear ? INK_WAIT : INK_PLAIN, buf_view(&line), out);
    buf_char(out, '\n');
    out->failed = out->failed || !buf_ok(&line);
    buf_free(&line);
}

static const struct {
    const char *key, *one, *many;
} counts[] = {
    {"live", "takes its change as it runs", "take their change as they run"},
    {"relimit", "gets new limits", "get new limits"},
    {"roll", "restarts in its turn", "restart in turn"},
    {"respawn", "restarts in its turn", "restart in turn"},
    {"added", "starts", "start"},
    {"removed", "goes", "go"},
};
enum { COUNTS = sizeof counts / sizeof *counts };

/* "3 instances get new limits, 1 starts; 10 are not touched". */
static void sentence(yyjson_val *of, struct buf *out)
{
    uint64_t same = member_count(of, "same");
    bool first = true;
    for (size_t i = 0; i < COUNTS; i++) {
        uint64_t n = member_count(of, counts[i].key);
        if (n == 0)
            continue;
        buf_f(out, "%s%" PRIu64 "%s %s", first ? "" : ", ", n,
              !first   ? ""
              : n == 1 ? " instance"
                       : " instances",
              n == 1 ? counts[i].one : counts[i].many);
        first = false;
    }
    if (first)
        buf_z(out, "nothing changes for any instance");
    else if (same > 0)
        buf_f(out, "; %" PRIu64 " %s not touched", same, same == 1 ? "is" : "are");
    buf_char(out, '\n');
}

void view_changes(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    yyjson_val *plan = member_object(reply, "plan"), *taken = member_object(reply, "taken"), *v;
    yyjson_val *changes = member_list(plan, "changes");
    size_t i, n;
    yyjson_arr_foreach(member_list(reply, "mistakes"), i, n, v) print_mistake(v, style, out);
    yyjson_arr_foreach(changes, i, n, v) print_change(v, style, out);
    if ((!plan && !taken) || member_object(reply, "error"))
        return; /* refused: nothing of it is done */
    if (yyjson_arr_size(changes) == 0 && !taken) {
        buf_z(out, "nothing changes\n");
        return;
    }
    if (!taken)
        buf_z(out, "without --dry-run: ");
    sentence(taken ? taken : plan, out);
}
