/* style.h - what the text goes to. */
#ifndef JW_VIEW_STYLE_H
#define JW_VIEW_STYLE_H

#include <stdbool.h>

struct view_style {
    bool colour;    /* it understands VT sequences */
    unsigned width; /* columns of the terminal; 0: no terminal, nothing is clipped */
    bool utf8;      /* false: ASCII alone, with '?' for what is not */
};

#endif
