/* keys.h - key events of the console as keys.  Pure. */
#ifndef JW_TERM_KEYS_H
#define JW_TERM_KEYS_H

#include "service/view/key.h"

#include <stdbool.h>
#include <windows.h>

/* False for what is no key that means anything here: releases, Shift alone. */
bool key_of_event(const KEY_EVENT_RECORD *event, struct key *ret);

#endif
