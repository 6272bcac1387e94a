/* table.c - measuring, fitting and printing. */
#include "service/view/table.h"

#include "service/view/member.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2 };

/* A heading is a cell in front of the next row's; its ink says so. */
enum { INK_HEADING = INKS };

void table_start(struct table *t, const struct column *column, size_t columns)
{
    *t = (struct table){.column = column, .columns = columns};
}

static void push(struct table *t, unsigned ink, struct str text)
{
    if (t->cells == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 64;
        struct cell *grown = realloc(t->cell, cap * sizeof *grown);
        if (!grown) {
            t->failed = true;
            return;
        }
        t->cell = grown;
        t->cap = cap;
    }
    t->cell[t->cells++] = (struct cell){t->text.n, text.n, (enum ink)ink};
    buf_str(&t->text, text);
}

void table_add(struct table *t, enum ink ink, struct str text)
{
    push(t, ink, text.n > 0 ? text : STR("-"));
}

void table_add_z(struct table *t, enum ink ink, const char *text)
{
    table_add(t, ink, str_of(text));
}

void table_add_buf(struct table *t, enum ink ink, struct buf *b)
{
    t->failed = t->failed || !buf_ok(b);
    table_add(t, ink, buf_view(b));
    buf_free(b);
}

void table_add_number(struct table *t, uint64_t n)
{
    struct buf b = {0};
    if (n != NOT_KNOWN)
        buf_f(&b, "%" PRIu64, n);
    table_add_buf(t, INK_PLAIN, &b);
}

void table_heading(struct table *t, struct buf *b)
{
    t->failed = t->failed || !buf_ok(b);
    push(t, INK_HEADING, buf_view(b));
    buf_free(b);
}

void paint(const struct view_style *style, enum ink ink, struct str text, struct buf *out)
{
    bool colour = style->colour && ink != INK_PLAIN;
    if (colour)
        buf_z(out, ink_on(ink));
    buf_str(out, text);
    if (colour)
        buf_z(out, ink_off);
}

static struct str text_at(const struct table *t, size_t i)
{
    return (struct str){t->text.p + t->cell[i].at, t->cell[i].n};
}

/* --- fitting ------------------------------------------------------------------------ */
struct fit {
    size_t width[TABLE_COLUMNS];
    bool shown[TABLE_COLUMNS];
};

static void measure(const struct table *t, struct fit *f)
{
    for (size_t c = 0; c < t->columns; c++) {
        f->width[c] = strlen(t->column[c].title);
        f->shown[c] = true;
    }
    size_t c = 0;
    for (size_t i = 0; i < t->cells; i++) {
        if ((unsigned)t->cell[i].ink == INK_HEADING)
            continue;
        size_t width = text_width(text_at(t, i));
        if (width > f->width[c])
            f->width[c] = width;
        c = (c + 1) % t->columns;
    }
}

/* The cells of a line, with each elastic column as narrow as it may be when LEAST. */
static size_t total(const struct table *t, const struct fit *f, bool least)
{
    size_t sum = 0;
    for (size_t c = 0; c < t->columns; c++) {
        size_t floor = t->column[c].least;
        if (f->shown[c])
            sum += (sum ? GAP : 0) + (least && floor && f->width[c] > floor ? floor : f->width[c]);
    }
    return sum;
}

static void leave_out(const struct table *t, struct fit *f, size_t width)
{
    while (total(t, f, true) > width) {
        size_t next = t->columns;
        for (size_t c = 0; c < t->columns; c++)
            if (f->shown[c] && t->column[c].rank > 0 &&
                (next == t->columns || t->column[c].rank < t->column[next].rank))
                next = c;
        if (next == t->columns)
            return;
        f->shown[next] = false;
    }
}

/* The widest elastic column gives way until all fit, or none can any more. */
static void squeeze(const struct table *t, struct fit *f, size_t width)
{
    for (size_t over = total(t, f, false); over > width; over--) {
        size_t widest = t->columns;
        for (size_t c = 0; c < t->columns; c++)
            if (f->shown[c] && t->column[c].least && f->width[c] > t->column[c].least &&
                (widest == t->columns || f->width[c] > f->width[widest]))
                widest = c;
        if (widest == t->columns)
            return;
        f->width[widest]--;
    }
}

/* --- printing ----------------------------------------------------------------------- */
struct line {
    const struct view_style *style;
    struct buf *out, *scratch;
    size_t left; /* cells up to the terminal's edge */
    size_t pad;  /* blanks that are due before the next text: none at the end of a line */
};

static void pad(struct line *l)
{
    for (; l->pad > 0; l->pad--)
        buf_char(l->out, ' ');
}

static void print_text(struct line *l, enum ink ink, struct str text, size_t width, bool right)
{
    buf_reset(l->scratch);
    size_t room = l->pad < l->left ? l->left - l->pad : 0;
    size_t used = text_clip(text, width < room ? width : room, l->style->utf8, l->scratch);
    size_t fill = width > used ? width - used : 0;
    if (right)
        l->pad += fill;
    size_t padded = l->pad;
    if (used > 0) {
        pad(l);
        paint(l->style, ink, buf_view(l->scratch), l->out);
    }
    l->left -= padded + used < l->left ? padded + used : l->left;
    l->pad = (used > 0 ? 0 : padded) + (right ? 0 : fill) + GAP;
    l->out->failed = l->out->failed || !buf_ok(l->scratch);
}

static void end_line(struct line *l)
{
    buf_char(l->out, '\n');
    l->left = l->style->width ? l->style->width : SIZE_MAX / 2;
    l->pad = 0;
}

static void print_titles(const struct table *t, const struct fit *f, struct line *l)
{
    for (size_t c = 0; c < t->columns; c++)
        if (f->shown[c])
            print_text(l, INK_BOLD, str_of(t->column[c].title), f->width[c], t->column[c].right);
    end_line(l);
}

static void print_rows(const struct table *t, const struct fit *f, struct line *l)
{
    size_t c = 0;
    for (size_t i = 0; i < t->cells; i++) {
        if ((unsigned)t->cell[i].ink == INK_HEADING) {
            print_text(l, INK_BOLD, text_at(t, i), t->cell[i].n, false);
            end_line(l);
            continue;
        }
        if (f->shown[c])
            print_text(l, t->cell[i].ink, text_at(t, i), f->width[c], t->column[c].right);
        c = (c + 1) % t->columns;
        if (c == 0)
            end_line(l);
    }
}

void table_print(struct table *t, const struct view_style *style, struct buf *out)
{
    struct fit f;
    struct buf scratch = {0};
    struct line l = {style, out, &scratch, style->width ? style->width : SIZE_MAX / 2, 0};
    if (t->failed || !buf_ok(&t->text)) {
        out->failed = true;
    } else {
        measure(t, &f);
        if (style->width) {
            leave_out(t, &f, style->width);
            squeeze(t, &f, style->width);
        }
        print_titles(t, &f, &l);
        print_rows(t, &f, &l);
    }
    buf_free(&scratch);
    buf_free(&t->text);
    free(t->cell);
    *t = (struct table){0};
}
