/* term.h - what standard output is, for those who print on it.  Main thread. */
#ifndef JW_TERM_TERM_H
#define JW_TERM_TERM_H

#include "service/view/style.h"

#include <windows.h>

/* False for a pipe, a file, NUL and for no handle at all. */
bool term_is_console(HANDLE h);
/* The columns of a console's window, 0 where it is none. */
unsigned term_width(HANDLE h);

struct term {
    struct view_style style;
    HANDLE h;
    DWORD mode;   /* as it was */
    bool changed; /* the mode is to be given back */
};

/* How to write to H.  A console is clipped to its width, less one: a line that fills the last
 * column would be followed by an empty one.  It has colours unless NO_COLOR is set and not empty,
 * and if it understands VT sequences, which are switched on.  Anything else is plain and unlimited.
 */
void term_open(struct term *t, HANDLE h);
/* The console's mode as it was. */
void term_close(struct term *t);

#endif
