/* table.h - rows of cells as aligned text.  One thread at a time.
 *
 * On a terminal that is too narrow, elastic columns give way first, then columns are left out by
 * their rank.  Out of memory is sticky and ends as a failed OUT of table_print(). */
#ifndef JW_VIEW_TABLE_H
#define JW_VIEW_TABLE_H

#include "service/view/ink.h"
#include "service/view/text.h"

struct column {
    const char *title;
    bool right;     /* aligned to the right: numbers */
    unsigned least; /* may be clipped down to this many cells; 0: never clipped */
    unsigned rank;  /* left out in the order of these; 0: never */
};

enum { TABLE_COLUMNS = 16 };

struct cell {
    size_t at, n; /* in text */
    enum ink ink;
};

struct table {
    const struct column *column; /* the caller's, until it is printed */
    size_t columns;
    struct buf text; /* of all cells */
    struct cell *cell;
    size_t cells, cap;
    bool failed;
};

/* COLUMNS is at most TABLE_COLUMNS. */
void table_start(struct table *t, const struct column *column, size_t columns);
/* The next cell of the row; "-" for an empty text, which keeps the columns countable. */
void table_add(struct table *t, enum ink ink, struct str text);
void table_add_z(struct table *t, enum ink ink, const char *text);
/* A plain number; NOT_KNOWN is an empty text. */
void table_add_number(struct table *t, uint64_t n);
/* The text of B, which is empty afterwards and holds no memory. */
void table_add_buf(struct table *t, enum ink ink, struct buf *b);
/* A line of its own between rows, in bold: the text of B, as above. */
void table_heading(struct table *t, struct buf *b);
/* Titles and rows; then the table is empty and holds no memory. */
void table_print(struct table *t, const struct view_style *style, struct buf *out);

/* TEXT in its colour, if STYLE has colours. */
void paint(const struct view_style *style, enum ink ink, struct str text, struct buf *out);

#endif
