/* events.c - lines of the service's log, and of a worker's. */
#include "service/view/member.h"
#include "service/view/table.h"
#include "service/view/view.h"

#include <inttypes.h>

static void event_line(yyjson_val *event, const struct view_style *style, struct buf *out)
{
    struct str level = member_text(event, "level");
    struct buf line = {0};
    text_clean(member_text(event, "time"), style->utf8, &line);
    buf_char(&line, ' ');
    text_clean(level, style->utf8, &line);
    buf_char(&line, ' ');
    text_clean(member_text(event, "line"), style->utf8, &line);
    paint(style, ink_of_level(level), buf_view(&line), out);
    buf_char(out, '\n');
    out->failed = out->failed || !buf_ok(&line);
    buf_free(&line);
}

void view_events(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    uint64_t lost = member_count(reply, "lost");
    yyjson_val *v;
    size_t i, n;
    if (lost > 0)
        buf_f(out, "(%" PRIu64 " event%s left out: they came faster than they were read)\n", lost,
              lost == 1 ? " was" : "s were");
    yyjson_arr_foreach(member_list(reply, "events"), i, n, v) event_line(v, style, out);
}

void view_logs(yyjson_val *reply, bool heading, const struct view_style *style, struct buf *out)
{
    struct str text = member_text(reply, "text"), file = member_text(reply, "file");
    struct str problem = member_text(reply, "problem");
    uint64_t lost = member_count(reply, "lost");
    struct buf title = {0};
    if (heading) {
        buf_z(&title, "==> ");
        text_clean(member_text(reply, "name"), style->utf8, &title);
        buf_char(&title, ' ');
        text_clean(member_text(reply, "stream"), style->utf8, &title);
        buf_z(&title, file.n > 0 ? ": " : "");
        text_clean(file, style->utf8, &title);
        buf_z(&title, " <==");
        paint(style, INK_BOLD, buf_view(&title), out);
        buf_char(out, '\n');
        out->failed = out->failed || !buf_ok(&title);
        buf_free(&title);
    }
    if (lost > 0)
        buf_f(out, "(%" PRIu64 " bytes were left out: they came faster than they were read)\n",
              lost);
    if (problem.n > 0) {
        buf_char(out, '(');
        text_clean(problem, style->utf8, out);
        buf_z(out, ")\n");
    }
    if (style->width == 0) {
        buf_str(out, text);
        return;
    }
    while (text.n > 0) {
        struct str line = str_cut(&text, '\n');
        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        text_clean(line, style->utf8, out);
        if (text.p)
            buf_char(out, '\n');
    }
}
