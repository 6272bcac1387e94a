/* top_draw.c - the frame around the table. */
#include "service/view/top_impl.h"

#include "service/view/human.h"
#include "service/view/text.h"

#include <inttypes.h>
#include <string.h>

static void pen_buf(struct pen *p, enum ink ink, struct buf *b)
{
    pen_text(p, ink, buf_view(b));
    buf_free(b);
}

/* TEXT at the right end of the line, if it leaves room for what stands to the left. */
static void at_right(struct pen *p, enum ink ink, struct str text)
{
    size_t n = text_width(text);
    if (n + 2 > p->end - p->x)
        return;
    pen_to(p, p->end - (unsigned)n);
    pen_text(p, ink, text);
}

/* --- header ------------------------------------------------------------------------- */
/* How the table is sorted and filtered, and where in it: as much as there is room for. */
static void draw_order(struct top *t, struct pen *p)
{
    enum { CLOCK = 8, GAPS = 4, WORTH = 12 };
    struct buf b = {0};
    if (!t->scene || p->end - p->x < CLOCK + GAPS + WORTH)
        return;
    unsigned room = p->end - p->x - CLOCK - GAPS;
    if (*t->filter)
        buf_f(&b, "filter %s, ", t->filter);
    buf_f(&b, "by %s%s, ", sort_names[t->sort], t->reverse ? " reversed" : "");
    buf_f(&b, "%zu of %zu", t->scene->shows ? t->at + 1 : 0, t->scene->shows);
    pen_to(p, p->x + 2);
    pen_field(p, INK_PLAIN, buf_view(&b), room, true);
    buf_free(&b);
}

static void draw_name(struct top *t)
{
    struct pen p = grid_line(&t->grid, 0);
    const struct scene *s = t->scene;
    char text[HUMAN];
    if (s && s->service.n > 0) {
        pen_text(&p, INK_BOLD, s->service);
        pen_char(&p, INK_PLAIN, ' ');
        pen_text(&p, INK_PLAIN, s->version);
    } else {
        pen_z(&p, INK_BOLD, "Jobwarden");
    }
    if (s && s->uptime != NOT_KNOWN) {
        pen_z(&p, INK_PLAIN, "  up ");
        pen_z(&p, INK_PLAIN, human_time(s->uptime, text));
    }
    if (s && s->stopping)
        pen_z(&p, INK_BAD, "  is being stopped");
    if (t->paused)
        pen_z(&p, INK_WAIT, "  paused: p goes on");
    draw_order(t, &p);
    at_right(&p, INK_PLAIN, str_of(t->clock));
}

static bool stale(const struct top *t)
{
    return t->heard && t->now - t->news_at > STALE_MS;
}

static void draw_trouble(struct top *t, struct pen *p)
{
    struct buf b = {0};
    char text[HUMAN];
    p->attribute = CELL_REVERSED;
    if (t->lost) {
        buf_z(&b, t->refused ? " the service says" : " the service does not answer; trying again");
        buf_z(&b, *t->why ? ": " : "");
        buf_z(&b, t->why);
    } else if (t->heard) {
        buf_f(&b, " nothing from the service for %s; what is shown is old",
              human_time(t->now - t->news_at, text));
    } else {
        buf_z(&b, " waiting for the service");
    }
    pen_buf(p, t->heard || t->lost ? INK_BAD : INK_WAIT, &b);
    pen_to(p, p->end);
}

static void draw_counts(const struct scene *s, struct pen *p)
{
    struct buf b = {0};
    buf_f(&b, "%zu instance%s:", s->rows, s->rows == 1 ? "" : "s");
    pen_buf(p, INK_PLAIN, &b);
    const char *between = " ";
    for (unsigned i = 0; i < STATES_KNOWN; i++) {
        if (s->count[i] == 0)
            continue;
        buf_f(&b, "%s%zu ", between, s->count[i]);
        pen_buf(p, INK_PLAIN, &b);
        pen_z(p, ink_of_state(str_of(state_words[i])), state_words[i]);
        between = ", ";
    }
}

static void draw_machine(struct top *t)
{
    const struct scene *s = t->scene;
    struct pen p = grid_line(&t->grid, 2);
    unsigned bar = p.end / 5 < 40 ? p.end / 5 : 40;
    uint64_t percent = s->commit == NOT_KNOWN ? 0 : human_percent(s->commit, s->memory);
    char a[HUMAN], b[HUMAN];
    if (s->cpu != NOT_KNOWN) {
        pen_z(&p, INK_PLAIN, "CPU ");
        draw_bar(&p, s->cpu / 100, bar);
        pen_char(&p, INK_PLAIN, ' ');
        pen_field(&p, INK_PLAIN, str_of(human_share(s->cpu, a)), 5, true);
        pen_z(&p, INK_PLAIN, "  ");
    }
    if (s->commit == NOT_KNOWN)
        return;
    pen_z(&p, INK_PLAIN, "Commit ");
    if (p.end >= 60) {
        draw_bar(&p, percent, bar);
        pen_char(&p, INK_PLAIN, ' ');
    }
    pen_z(&p, INK_PLAIN, human_size(s->commit, a));
    if (s->memory > 0) {
        pen_z(&p, INK_PLAIN, " of ");
        pen_z(&p, INK_PLAIN, human_size(s->memory, b));
    }
}

/* --- below the table ---------------------------------------------------------------- */
static void draw_detail(struct top *t, unsigned y)
{
    struct pen p = grid_line(&t->grid, y);
    const struct scene *s = t->scene;
    struct buf b = {0};
    if (s->shows == 0) {
        pen_z(&p, INK_DIM, s->rows ? "no instance fits the filter" : "there are no instances");
        return;
    }
    const struct top_row *r = &s->row[s->shown[t->at]];
    pen_z(&p, INK_BOLD, r->name);
    pen_z(&p, INK_PLAIN, " ");
    pen_text(&p, ink_of_state(r->state), r->state);
    if (r->group.n > 0) {
        pen_z(&p, INK_PLAIN, ", group ");
        pen_text(&p, INK_PLAIN, r->group);
    }
    if (r->pid != NOT_KNOWN)
        buf_f(&b, ", pid %" PRIu64, r->pid);
    pen_buf(&p, INK_PLAIN, &b);
    if (r->why.n > 0) {
        pen_z(&p, INK_PLAIN, ": ");
        pen_text(&p, INK_PLAIN, r->why);
    }
}

static void draw_ticker(struct top *t, const struct layout *l)
{
    uint64_t kept = t->ticker_end < TICKER ? t->ticker_end : TICKER;
    uint64_t n = kept < l->ticker_rows ? kept : l->ticker_rows;
    for (uint64_t i = 0; i < n; i++) {
        const struct ticker_line *line = &t->ticker[(t->ticker_end - n + i) % TICKER];
        struct pen p = grid_line(&t->grid, l->ticker + (unsigned)i);
        pen_z(&p, line->ink == INK_PLAIN ? INK_DIM : line->ink, line->text);
    }
}

static void draw_bottom(struct top *t, unsigned y)
{
    struct pen p = grid_line(&t->grid, y);
    if (t->mode == MODE_QUESTION) {
        p.attribute = CELL_REVERSED;
        pen_z(&p, INK_BOLD, top_do_names[t->asked]);
        pen_z(&p, INK_BOLD, " ");
        pen_z(&p, INK_BOLD, t->asked_name);
        pen_z(&p, INK_BOLD, "? (y/n)");
    } else if (t->mode == MODE_FILTER) {
        pen_z(&p, INK_BOLD, "filter: ");
        pen_z(&p, INK_PLAIN, t->filter);
        pen_z(&p, INK_DIM, "_  (Enter keeps it, Esc drops it)");
    } else if (*t->said && t->now < t->said_until) {
        pen_z(&p, INK_BOLD, t->said);
    } else {
        pen_z(&p, INK_DIM,
              "? help  q quit  s sort  / filter  p pause  "
              "R restart  S stop  A start  K kill");
    }
}

static void draw_too_small(struct top *t)
{
    struct pen p = grid_line(&t->grid, 0);
    struct buf b = {0};
    pen_z(&p, INK_PLAIN, "terminal too small");
    p = grid_line(&t->grid, 1);
    buf_f(&b, "(%ux%u of %dx%d)", t->width, t->height, TOP_WIDTH_LEAST, TOP_HEIGHT_LEAST);
    pen_buf(&p, INK_PLAIN, &b);
}

const struct grid *top_draw(struct top *t)
{
    struct layout l = layout_of(t->height);
    struct grid *g = &t->grid;
    if (g->width != t->width || g->height != t->height)
        grid_size(g, t->width, t->height);
    grid_clear(g);
    if (top_too_small(t)) {
        draw_too_small(t);
        return g;
    }
    bool old = t->lost || stale(t) || !t->heard;
    struct pen p = grid_line(g, 1);
    draw_name(t);
    if (old)
        draw_trouble(t, &p);
    else if (t->scene)
        draw_counts(t->scene, &p);
    if (t->scene) {
        draw_machine(t);
        draw_table(t, &l, old);
        draw_detail(t, l.detail);
    }
    draw_ticker(t, &l);
    draw_bottom(t, l.help);
    if (t->mode == MODE_HELP)
        draw_help(t);
    return g;
}
