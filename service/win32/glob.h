/* glob.h - files by pattern, as the loader's source wants them.  Any thread. */
#ifndef JW_WIN32_GLOB_H
#define JW_WIN32_GLOB_H

#include "common/arena.h"
#include "config/spec.h"

#include <wchar.h>

/* The contract is `glob` of struct source in config/load.h. */
enum st file_glob(void *ctx, const char *pattern, struct arena *a, struct texts *ret,
                  struct err *e);

/* NAME fits PATTERN: `*` any text, `?` one character; upper and lower case alike, as file names
 * are. */
bool glob_match(const wchar_t *pattern, const wchar_t *name);

#endif
