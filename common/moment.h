/* moment.h - a moment in UTC as text.  Pure. */
#ifndef JW_COMMON_MOMENT_H
#define JW_COMMON_MOMENT_H

#include <stdint.h>

enum { MOMENT_SIZE = 40 };

/* MS since 1970-01-01 UTC as 2026-11-22T16:31:04.120Z. */
void moment_print(int64_t ms, char out[MOMENT_SIZE]);

#endif
