/* grid.c - cells, and writing into them. */
#include "service/view/grid.h"

#include "service/view/text.h"

#include <stdlib.h>
#include <string.h>

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

bool grid_size(struct grid *g, unsigned width, unsigned height)
{
    width = least(width, GRID_WIDTH_MAX);
    height = least(height, GRID_HEIGHT_MAX);
    size_t n = (size_t)width * height;
    free(g->cell);
    g->cell = n > 0 ? calloc(n, sizeof *g->cell) : NULL;
    g->width = g->cell ? width : 0;
    g->height = g->cell ? height : 0;
    grid_clear(g);
    return g->cell || n == 0;
}

void grid_free(struct grid *g)
{
    free(g->cell);
    *g = (struct grid){0};
}

void grid_clear(struct grid *g)
{
    for (size_t i = 0; i < (size_t)g->width * g->height; i++)
        g->cell[i] = (struct cell_of_grid){' ', INK_PLAIN};
}

struct pen grid_line(struct grid *g, unsigned y)
{
    return (struct pen){.g = g, .y = y, .end = y < g->height ? g->width : 0};
}

static void put(struct pen *p, enum ink ink, struct glyph glyph)
{
    if (p->x >= p->end || glyph.cells > p->end - p->x) {
        p->x = p->end > p->x ? p->end : p->x;
        return;
    }
    if (p->flat)
        ink = INK_PLAIN;
    struct cell_of_grid *cell = &p->g->cell[(size_t)p->y * p->g->width + p->x];
    for (unsigned i = 0; i < glyph.cells; i++)
        cell[i] = (struct cell_of_grid){i == 0 ? glyph.c : 0, (uint8_t)(ink | p->attribute)};
    if (!p->g->utf8 && glyph.c >= 0x80)
        for (unsigned i = 0; i < glyph.cells; i++)
            cell[i].c = '?';
    p->x += glyph.cells;
}

void pen_text(struct pen *p, enum ink ink, struct str text)
{
    struct glyph g;
    while (p->x < p->end && text_next(&text, &g))
        put(p, ink, g);
}

void pen_z(struct pen *p, enum ink ink, const char *text)
{
    pen_text(p, ink, str_of(text));
}

void pen_char(struct pen *p, enum ink ink, uint32_t c)
{
    put(p, ink, (struct glyph){c, 1});
}

void pen_to(struct pen *p, unsigned x)
{
    while (p->x < x && p->x < p->end)
        pen_char(p, INK_PLAIN, ' ');
}

void pen_field(struct pen *p, enum ink ink, struct str text, unsigned width, bool right)
{
    unsigned end = p->end, begin = p->x, stop = least(begin + width, end);
    size_t wide = text_width(text);
    if (wide > width) {
        p->end = stop > begin ? stop - 1 : stop;
        pen_text(p, ink, text);
        pen_to(p, p->end); /* where half of a wide character would have been */
        p->end = end;
        pen_char(p, ink, text_mark(p->g->utf8));
        return;
    }
    if (right)
        pen_to(p, begin + width - (unsigned)wide);
    pen_text(p, ink, text);
    pen_to(p, stop);
}
