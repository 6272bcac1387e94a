/* ink.h - what a text means, for its colour.  Pure. */
#ifndef JW_VIEW_INK_H
#define JW_VIEW_INK_H

#include "common/str.h"

#include <stdint.h>

enum ink {
    INK_PLAIN,
    INK_BOLD,
    INK_DIM,
    INK_GOOD,
    INK_WAIT, /* on its way, or nearly too much */
    INK_BAD,
    INKS
};

/* Of an instance's state; a word that is none is plain. */
enum ink ink_of_state(struct str state);
/* Of a log line's level. */
enum ink ink_of_level(struct str level);
/* Of what is used of a limit, in percent. */
enum ink ink_of_percent(uint64_t percent);

/* The VT sequence that switches it on, "" for plain text, and the one that ends each. */
const char *ink_on(enum ink ink);
extern const char ink_off[];

/* All states, the one that most wants to be seen first; STATES when it is none of them. */
enum { STATES_KNOWN = 8 };
extern const char *const state_words[STATES_KNOWN];
unsigned state_rank(struct str state);

#endif
