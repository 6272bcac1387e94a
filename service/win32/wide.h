/* wide.h - the crossing between UTF-8 and UTF-16.  Any thread. */
#ifndef JW_WIN32_WIDE_H
#define JW_WIN32_WIDE_H

#include "common/str.h"

#include <wchar.h>

/* NUL-terminated copies from malloc; NULL when out of memory.  The caller frees them. */
wchar_t *wide_of(struct str s);
wchar_t *wide_z(const char *utf8);
char *utf8_of(const wchar_t *w);
char *utf8_of_n(const wchar_t *w, size_t n);

#endif
