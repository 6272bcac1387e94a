/* top_help.c - what the keys do. */
#include "service/view/top_impl.h"

#include <string.h>

static const char *const lines[] = {
    "arrows PgUp PgDn Home End j k   select",
    "s  next order       r  the other way",
    "/  filter by name, state or group",
    "p  pause, and go on",
    "R  restart   S  stop",
    "A  start     K  kill: each asks first",
    "q  quit, as do Esc and Ctrl+C",
    "any key closes this",
};
enum { LINES = sizeof lines / sizeof *lines, INNER = 38 };

void draw_help(struct top *t)
{
    unsigned x = (t->grid.width - INNER - 2) / 2, y = (t->grid.height - LINES) / 2;
    for (unsigned i = 0; i < LINES; i++) {
        struct pen p = grid_line(&t->grid, y + i);
        p.x = x;
        p.end = x + INNER + 2;
        p.attribute = CELL_REVERSED;
        pen_char(&p, INK_PLAIN, ' ');
        pen_z(&p, INK_PLAIN, lines[i]);
        pen_to(&p, p.end);
    }
}
