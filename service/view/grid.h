/* grid.h - a screen as cells.  One thread at a time. */
#ifndef JW_VIEW_GRID_H
#define JW_VIEW_GRID_H

#include "common/str.h"
#include "service/view/ink.h"

#include <stdint.h>

enum { GRID_WIDTH_MAX = 400, GRID_HEIGHT_MAX = 200 };

/* Beside the ink: the colours of text and ground change places. */
enum { CELL_REVERSED = 0x80, CELL_INK = 0x0F };

struct cell_of_grid {
    uint32_t c;        /* code point; 0: the second half of the wide one before it */
    uint8_t attribute; /* enum ink, CELL_REVERSED */
};

struct grid {
    unsigned width, height;    /* at most the numbers above; what is beyond is not drawn */
    bool utf8;                 /* false: only ASCII is put into it */
    struct cell_of_grid *cell; /* height rows of width cells; NULL: no memory could be had */
};

/* Another size, all blank; a failure leaves an empty grid and is false. */
bool grid_size(struct grid *g, unsigned width, unsigned height);
void grid_free(struct grid *g);
/* All blanks. */
void grid_clear(struct grid *g);

/* A place to write at: from x on, up to and without `end`, in one line. */
struct pen {
    struct grid *g;
    unsigned x, y, end;
    uint8_t attribute;
    bool flat; /* no ink but the plain one: a reversed line would be motley */
};
/* The line Y from its first to its last cell. */
struct pen grid_line(struct grid *g, unsigned y);
/* Cleaned, clipped at the pen's end without a mark; the pen moves on. */
void pen_text(struct pen *p, enum ink ink, struct str text);
void pen_z(struct pen *p, enum ink ink, const char *text);
/* One character that needs one cell. */
void pen_char(struct pen *p, enum ink ink, uint32_t c);
/* TEXT in exactly WIDTH cells, clipped with a mark, to the left or right of them. */
void pen_field(struct pen *p, enum ink ink, struct str text, unsigned width, bool right);
/* Blanks up to X, if the pen is before it. */
void pen_to(struct pen *p, unsigned x);

#endif
