/* origin.h - where the value of a key was written, once the files are loaded.  Pure; any thread. */
#ifndef JW_CONFIG_ORIGIN_H
#define JW_CONFIG_ORIGIN_H

#include "config/schema.h"

/* The place of a value that was set for this load alone, and stands in no file. */
#define ORIGIN_SET "set"

/* The place of F in LEVEL[0..LEVELS), the strongest first; NAME is what follows the dot of env.NAME
 * and on_limit.KEY, else NULL or "".  A variable that no section names is of the env_file.  OR_ELSE
 * where nobody wrote it. */
struct place origin_of(const struct origin *const *level, size_t levels, const struct field *f,
                       const char *name, struct place or_else);

#endif
