/* arena.h - memory that is given back all at once.  One thread at a time.
 *
 * Everything that a configuration holds lives in one arena, so that swapping configurations frees
 * nothing piece by piece. */
#ifndef JW_COMMON_ARENA_H
#define JW_COMMON_ARENA_H

#include "common/str.h"

struct arena;

/* NULL when out of memory. */
struct arena *arena_new(void);
/* Frees everything that came from it.  NULL is allowed. */
void arena_free(struct arena *a);

/* Zeroed, aligned for any type; NULL when out of memory or when count * size overflows.
 * size 0 gives a valid pointer that must not be read. */
void *arena_alloc(struct arena *a, size_t count, size_t size);
/* A NUL-terminated copy, NULL when out of memory. */
char *arena_str(struct arena *a, struct str s);
/* Bytes handed out so far, for the figures of `check` and tests. */
size_t arena_used(const struct arena *a);

#endif
