/* orders.c - how far an order is, and what became of it. */
#include "service/view/member.h"
#include "service/view/table.h"
#include "service/view/view.h"

#include <inttypes.h>
#include <string.h>

static void say_names(yyjson_val *list, struct buf *out)
{
    yyjson_val *v;
    size_t i, n;
    yyjson_arr_foreach(list, i, n, v)
    {
        buf_z(out, i > 0 ? ", " : "");
        buf_str(out, value_text(v));
    }
}

void view_progress(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    yyjson_val *waiting = member_list(reply, "waiting");
    struct buf line = {0};
    buf_f(&line, "%" PRIu64 " of %" PRIu64, member_count(reply, "done"), member_count(reply, "of"));
    if (yyjson_arr_size(waiting) > 0)
        buf_z(&line, "; waiting for ");
    say_names(waiting, &line);
    text_clip(buf_view(&line), style->width ? style->width - 1 : SIZE_MAX / 2, style->utf8, out);
    out->failed = out->failed || !buf_ok(&line);
    buf_free(&line);
}

static void print_failed(yyjson_val *v, const struct view_style *style, struct buf *out)
{
    struct str reason = member_text(v, "reason");
    struct buf line = {0};
    text_clean(member_text(v, "name"), style->utf8, &line);
    buf_z(&line, ": ");
    text_clean(member_text(v, "state"), style->utf8, &line);
    buf_z(&line, reason.n > 0 ? "; " : "");
    text_clean(reason, style->utf8, &line);
    paint(style, INK_BAD, buf_view(&line), out);
    buf_char(out, '\n');
    out->failed = out->failed || !buf_ok(&line);
    buf_free(&line);
}

static const char *past(const char *verb)
{
    static const char *const words[][2] = {
        {"start", "started"}, {"stop", "stopped"}, {"restart", "restarted"}, {"kill", "killed"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], verb) == 0)
            return words[i][1];
    return "done";
}

void view_done(yyjson_val *reply, const char *verb, const struct view_style *style, struct buf *out)
{
    yyjson_val *meant = member_list(reply, "instances"), *v;
    uint64_t done = member_number(reply, "done"), of = member_count(reply, "of");
    uint64_t jobs = member_count(reply, "jobs");
    size_t i, n;
    yyjson_arr_foreach(member_list(reply, "failed"), i, n, v) print_failed(v, style, out);
    n = yyjson_arr_size(meant);
    struct str one = n == 1 ? value_text(yyjson_arr_get_first(meant)) : (struct str){0};
    if (done != NOT_KNOWN && done < of)
        buf_f(out, "%" PRIu64 " of %" PRIu64 " %s", done, of, past(verb));
    else {
        if (one.n > 0)
            text_clean(one, style->utf8, out);
        else
            buf_f(out, "%zu instance%s of %" PRIu64 " job%s", n, n == 1 ? "" : "s", jobs,
                  jobs == 1 ? "" : "s");
        buf_f(out, done == NOT_KNOWN ? ": %s ordered" : " %s",
              done == NOT_KNOWN ? verb : past(verb));
    }
    buf_char(out, '\n');
}

void view_error(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    struct str text = member_text(member_object(reply, "error"), "text");
    if (text.n == 0)
        text = STR("the service gave an answer that this program does not understand; is it of "
                   "another version?");
    text_clean(text, style->utf8, out);
}
