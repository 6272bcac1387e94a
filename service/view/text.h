/* text.h - somebody else's text, made fit for a terminal.  Pure.
 *
 * Reasons, images, command lines and log lines may hold anything.  Whatever would steer a terminal
 * is taken out: control characters (so ESC) become '?', blanks where they separate (tab, line end),
 * and marks that have no width or turn the direction of writing are left out. */
#ifndef JW_VIEW_TEXT_H
#define JW_VIEW_TEXT_H

#include "common/buf.h"
#include "service/view/style.h"

#include <stdint.h>

/* The next character to show, and its cells: 1, or 2 for a wide one.  False at the end. */
struct glyph {
    uint32_t c;
    unsigned cells;
};
bool text_next(struct str *rest, struct glyph *ret);

/* The cells of all of it. */
size_t text_width(struct str s);
/* All of it; without UTF8 what is not ASCII is a '?' a cell. */
void text_clean(struct str s, bool utf8, struct buf *out);
/* At most CELLS of it, the last one a mark where something is missing; returns how many it took. */
size_t text_clip(struct str s, size_t cells, bool utf8, struct buf *out);
/* The mark: U+2026, or '~'. */
uint32_t text_mark(bool utf8);

#endif
