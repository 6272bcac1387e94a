/* key.h - a key that was pressed, without a word of the system it was pressed on. */
#ifndef JW_VIEW_KEY_H
#define JW_VIEW_KEY_H

#include <stdint.h>

enum key_code {
    KEY_CHAR, /* key.c is its character */
    KEY_UP,
    KEY_DOWN,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_ENTER,
    KEY_ESCAPE,
    KEY_BACKSPACE,
    KEY_INTERRUPT, /* Ctrl+C */
};

struct key {
    enum key_code code;
    uint32_t c;
};

#endif
