/* wild.h - names by pattern.  Pure. */
#ifndef JW_COMMON_WILD_H
#define JW_COMMON_WILD_H

#include "common/str.h"

/* NAME fits PATTERN: `*` any text, `?` one byte; upper and lower case of ASCII alike.  Takes at
 * most a time of |PATTERN| * |NAME|, whatever they hold. */
bool wild_match(struct str pattern, struct str name);
/* PATTERN has a `*` or `?`. */
bool wild_is(struct str pattern);

#endif
