/* utf.h - UTF-8 inside, UTF-16 at the Win32 call.  Pure.
 *
 * UTF-16 is uint16_t here: wchar_t has 32 bits where the portable rooms are tested. */
#ifndef JW_COMMON_UTF_H
#define JW_COMMON_UTF_H

#include "common/str.h"

#include <stdint.h>

/* The offset of the first byte that is not valid UTF-8 (overlong forms, surrogates and values
 * above U+10FFFF are not), or s.n when all of it is. */
size_t utf8_valid(struct str s);

/* The first character of S, which is not empty: *ret is its code point and the result its length in
 * bytes.  A byte that is not valid UTF-8 is U+FFFD, with the length 1. */
size_t utf8_next(struct str s, uint32_t *ret);
/* Writes the code point C, at most U+10FFFF, as UTF-8; returns how many bytes that are. */
size_t utf8_put(uint32_t c, char out[4]);

/* Writes the units of S (no terminator) to OUT when OUT is not NULL; returns how many there are.
 * What is not valid UTF-8 becomes U+FFFD, one for each bad byte. */
size_t utf8_to_16(struct str s, uint16_t *out);

/* Writes the bytes of the N units at P (no terminator) to OUT when OUT is not NULL; returns how
 * many there are.  A lone surrogate, which file names and environments may hold, becomes U+FFFD. */
size_t utf16_to_8(const uint16_t *p, size_t n, char *out);

#endif
