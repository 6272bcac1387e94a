/* top_table.c - the instances, as many columns of them as fit. */
#include "service/view/top_impl.h"

#include "service/view/human.h"

#include <inttypes.h>
#include <string.h>

enum which {
    C_NAME,
    C_STATE,
    C_PID,
    C_UPTIME,
    C_RESTARTS,
    C_CPU,
    C_CPU_PAST,
    C_COMMIT,
    C_COMMIT_PAST,
    C_BAR,
    C_PERCENT,
    C_WHY,
    COLUMNS
};

/* As they stand; those that matter more are taken first, and a wide window makes some wider. */
static const struct {
    const char *title;
    unsigned least;
    unsigned turn;
    bool right;
} columns[COLUMNS] = {
    [C_NAME] = {"NAME", 14, 0, false},   [C_STATE] = {"STATE", 8, 1, false},
    [C_PID] = {"PID", 6, 10, true},      [C_UPTIME] = {"UPTIME", 8, 9, true},
    [C_RESTARTS] = {"RST", 4, 8, true},  [C_CPU] = {"CPU", 6, 2, true},
    [C_CPU_PAST] = {"", 6, 6, false},    [C_COMMIT] = {"COMMIT", 6, 3, true},
    [C_COMMIT_PAST] = {"", 6, 7, false}, [C_BAR] = {"LIMIT", 8, 5, false},
    [C_PERCENT] = {"%", 4, 4, true},     [C_WHY] = {"REASON", 16, 11, false},
};

enum { NAME_MOST = 32, GRAPH_MORE = 18, BAR_MORE = 8 };

struct widths {
    unsigned of[COLUMNS]; /* 0: not shown */
};

static unsigned take(unsigned *spare, unsigned wanted)
{
    unsigned n = wanted < *spare ? wanted : *spare;
    *spare -= n;
    return n;
}

static unsigned longest_name(const struct scene *s)
{
    size_t most = strlen(columns[C_NAME].title);
    for (size_t i = 0; i < s->rows; i++) {
        size_t n = strlen(s->row[i].name) + s->row[i].overridden;
        if (n > most)
            most = n;
    }
    return most < NAME_MOST ? (unsigned)most : NAME_MOST;
}

/* The same for all rows that there are, whichever are seen: scrolling moves no column. */
static struct widths fit(const struct scene *s, unsigned width)
{
    struct widths w = {{0}};
    unsigned name = longest_name(s), spare = width, more = 0;
    for (unsigned turn = 0; turn < COLUMNS; turn++) {
        unsigned c = 0;
        while (columns[c].turn != turn)
            c++;
        unsigned least = c == C_NAME && name < columns[c].least ? name : columns[c].least;
        unsigned gap = turn > 0;
        if (least + gap > spare)
            break;
        w.of[c] = least;
        spare -= least + gap;
    }
    w.of[C_NAME] += take(&spare, name - w.of[C_NAME]);
    if (w.of[C_WHY] == 0 && w.of[C_COMMIT_PAST] > 0)
        more = spare / 2;
    else if (w.of[C_WHY] > 0)
        more = spare / 4 < GRAPH_MORE ? spare / 4 : GRAPH_MORE;
    if (more > 0) {
        w.of[C_CPU_PAST] += take(&spare, more);
        w.of[C_COMMIT_PAST] += take(&spare, more);
    }
    if (w.of[C_WHY] > 0) {
        w.of[C_BAR] += take(&spare, spare / 4 < BAR_MORE ? spare / 4 : BAR_MORE);
        w.of[C_WHY] += take(&spare, spare);
    }
    return w;
}

static void draw_number(struct pen *p, enum ink ink, uint64_t n, unsigned width)
{
    struct buf b = {0};
    if (n != NOT_KNOWN)
        buf_f(&b, "%" PRIu64, n);
    pen_field(p, ink, buf_view(&b), width, true);
    buf_free(&b);
}

static void draw_human(struct pen *p, enum ink ink, uint64_t n,
                       const char *(*say)(uint64_t, char *), unsigned width)
{
    char text[HUMAN];
    pen_field(p, ink, str_of(n == NOT_KNOWN ? "" : say(n, text)), width, true);
}

/* "93%", or blanks where there is no limit or nothing to measure. */
static void draw_share(struct pen *p, const struct top_row *r, enum which c, unsigned width,
                       bool old)
{
    struct buf b = {0};
    if (r->commit == NOT_KNOWN || r->commit_limit == 0) {
        pen_field(p, INK_PLAIN, STR(""), width, false);
        return;
    }
    uint64_t percent = human_percent(r->commit, r->commit_limit);
    if (c == C_BAR && !old)
        draw_bar(p, percent, width);
    else if (c == C_BAR)
        pen_field(p, INK_PLAIN, STR(""), width, false);
    else {
        buf_f(&b, "%" PRIu64 "%%", percent);
        pen_field(p, old ? INK_DIM : ink_of_percent(percent), buf_view(&b), width, true);
    }
    buf_free(&b);
}

static void draw_cell(struct pen *p, const struct top_row *r, enum which c, unsigned width,
                      bool old)
{
    enum ink ink = old ? INK_DIM : INK_PLAIN;
    struct buf b = {0};
    switch (c) {
    case C_NAME:
        buf_f(&b, "%s%s", r->name, r->overridden ? "*" : "");
        pen_field(p, ink, buf_view(&b), width, false);
        buf_free(&b);
        return;
    case C_STATE:
        pen_field(p, old ? INK_DIM : ink_of_state(r->state), r->state, width, false);
        return;
    case C_PID:
        draw_number(p, ink, r->pid, width);
        return;
    case C_UPTIME:
        draw_human(p, ink, r->uptime, human_time, width);
        return;
    case C_RESTARTS:
        draw_number(p, ink, r->restarts, width);
        return;
    case C_CPU:
        draw_human(p, ink, r->cpu, human_share, width);
        return;
    case C_COMMIT:
        draw_human(p, ink, r->commit, human_size, width);
        return;
    case C_CPU_PAST:
    case C_COMMIT_PAST:
        draw_graph(p, r, c == C_COMMIT_PAST, width);
        return;
    case C_BAR:
    case C_PERCENT:
        draw_share(p, r, c, width, old);
        return;
    default:
        pen_field(p, ink, r->why, width, false);
        return;
    }
}

static void draw_titles(struct pen *p, const struct widths *w)
{
    p->attribute = CELL_REVERSED;
    for (unsigned c = 0; c < COLUMNS; c++) {
        if (w->of[c] == 0)
            continue;
        pen_field(p, INK_PLAIN, str_of(columns[c].title), w->of[c], columns[c].right);
        pen_char(p, INK_PLAIN, ' ');
    }
    pen_to(p, p->end);
}

void draw_table(struct top *t, const struct layout *l, bool old)
{
    const struct scene *s = t->scene;
    struct widths w = fit(s, t->grid.width);
    struct pen p = grid_line(&t->grid, l->table - 1);
    draw_titles(&p, &w);
    for (size_t i = 0; i < l->rows && t->first + i < s->shows; i++) {
        const struct top_row *r = &s->row[s->shown[t->first + i]];
        p = grid_line(&t->grid, l->table + (unsigned)i);
        p.flat = t->first + i == t->at;
        p.attribute = p.flat ? CELL_REVERSED : 0;
        for (unsigned c = 0; c < COLUMNS; c++) {
            if (w.of[c] == 0)
                continue;
            draw_cell(&p, r, (enum which)c, w.of[c], old);
            pen_char(&p, INK_PLAIN, ' ');
        }
        pen_to(&p, p.end);
    }
}
