/* top.c - what is told, and the way to a frame. */
#include "service/view/top_impl.h"

#include "common/utf.h"

#include <stdlib.h>
#include <string.h>

const char *const top_do_names[] = {"", "quit", "start", "stop", "restart", "kill"};

void copy_text(struct str text, char *out, size_t cap)
{
    size_t n = 0;
    uint32_t c;
    while (n < text.n) {
        size_t len = utf8_next((struct str){text.p + n, text.n - n}, &c);
        if (n + len >= cap)
            break;
        n += len;
    }
    if (n > 0)
        memcpy(out, text.p, n);
    out[n] = '\0';
}

struct top *top_new(bool utf8)
{
    struct top *t = calloc(1, sizeof *t);
    if (t)
        t->grid.utf8 = utf8;
    return t;
}

void top_free(struct top *t)
{
    if (!t)
        return;
    scene_free(t->scene);
    grid_free(&t->grid);
    free(t);
}

void top_resize(struct top *t, unsigned width, unsigned height)
{
    t->width = width < GRID_WIDTH_MAX ? width : GRID_WIDTH_MAX;
    t->height = height < GRID_HEIGHT_MAX ? height : GRID_HEIGHT_MAX;
    top_select(t, t->at); /* stays in sight */
}

void top_tick(struct top *t, uint64_t now_ms, const char *clock)
{
    t->now = now_ms;
    copy_text(str_of(clock), t->clock, sizeof t->clock);
}

/* --- news --------------------------------------------------------------------------- */
/* "16:31:09 job.ready job=web.1": of the time, what a person at the screen needs. */
static void remember_event(struct top *t, yyjson_val *event)
{
    struct ticker_line *line = &t->ticker[t->events % TICKER];
    struct str time = member_text(event, "time"), day = str_cut(&time, 'T');
    struct buf b = {0};
    if (!time.p)
        time = day;
    buf_add(&b, time.p, time.n < 8 ? time.n : 8);
    buf_char(&b, ' ');
    buf_str(&b, member_text(event, "line"));
    if (buf_ok(&b)) {
        copy_text(buf_view(&b), line->text, sizeof line->text);
        line->ink = ink_of_level(member_text(event, "level"));
        t->events++;
    }
    buf_free(&b);
    /* While paused the lines on the screen stay, as long as they are remembered. */
    if (!t->paused || t->events - t->ticker_end > TICKER / 2)
        t->ticker_end = t->events;
}

void top_frame(struct top *t, yyjson_val *reply)
{
    yyjson_val *v;
    size_t i, n;
    struct str error = member_text(member_object(reply, "error"), "text");
    if (error.n > 0) {
        top_lost(t, error);
        t->refused = true;
    }
    if (!member_list(reply, "instances"))
        return;
    t->heard = true;
    t->lost = t->refused = false;
    t->news_at = t->now;
    yyjson_arr_foreach(member_list(reply, "events"), i, n, v) remember_event(t, v);
    if (t->paused)
        return;
    struct scene *next = scene_of(reply, t->scene);
    if (!next)
        return;
    scene_free(t->scene);
    t->scene = next;
    top_arrange(t);
}

void top_lost(struct top *t, struct str why)
{
    t->lost = true;
    t->refused = false;
    if (t->mode == MODE_QUESTION)
        t->mode = MODE_TABLE;
    copy_text(why, t->why, sizeof t->why);
}

void top_said(struct top *t, struct str text)
{
    copy_text(text, t->said, sizeof t->said);
    t->said_until = t->now + SAID_MS;
}

bool top_too_small(const struct top *t)
{
    return t->width < TOP_WIDTH_LEAST || t->height < TOP_HEIGHT_LEAST;
}

/* --- selection ---------------------------------------------------------------------- */
struct layout layout_of(unsigned height)
{
    enum { HEADER = 3, TITLES = 1, DETAIL = 1, HELP = 1 };
    unsigned ticker = height >= 50 ? 8 : height >= 30 ? 5 : height >= 20 ? 3 : height >= 14 ? 2 : 0;
    unsigned other = HEADER + TITLES + DETAIL + HELP + ticker;
    struct layout l = {.table = HEADER + TITLES, .ticker_rows = ticker};
    l.rows = height > other ? height - other : 0;
    l.detail = l.table + l.rows;
    l.ticker = l.detail + DETAIL;
    l.help = l.ticker + ticker;
    return l;
}

void top_select(struct top *t, size_t at)
{
    const struct scene *s = t->scene;
    size_t rows = layout_of(t->height).rows;
    if (!s || s->shows == 0) {
        t->at = t->first = 0; /* t->selected stays: it may come back */
        return;
    }
    t->at = at < s->shows ? at : s->shows - 1;
    copy_text(str_of(s->row[s->shown[t->at]].name), t->selected, sizeof t->selected);
    if (rows == 0)
        return;
    if (t->first + rows > s->shows)
        t->first = s->shows > rows ? s->shows - rows : 0;
    if (t->at < t->first)
        t->first = t->at;
    if (t->at >= t->first + rows)
        t->first = t->at - rows + 1;
}

void top_arrange(struct top *t)
{
    struct scene *s = t->scene;
    size_t at = t->at;
    if (!s)
        return;
    scene_arrange(s, t->sort, t->reverse, t->filter);
    for (size_t i = 0; i < s->shows; i++)
        if (strcmp(s->row[s->shown[i]].name, t->selected) == 0)
            at = i;
    top_select(t, at);
}
