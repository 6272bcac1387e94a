/* path.h - paths as text; both separators count.  Pure. */
#ifndef JW_CONFIG_PATH_H
#define JW_CONFIG_PATH_H

#include "config/load.h"

/* `\x`, `/x`, `C:...`: nothing is put before it. */
bool path_absolute(struct str path);
/* What is before the last separator, which stays only where it is a root; "" without one. */
struct str path_dir(struct str path);
/* What is behind the last separator. */
struct str path_base(struct str path);
/* PATH as seen from DIR; NULL when out of memory. */
const char *source_path_join(struct arena *a, struct str dir, struct str path);
/* The same text for every way to write PATH (but links): absolute, small letters, one separator.
 * NULL when out of memory. */
const char *path_key(const struct source *src, const char *path, struct arena *a);

#endif
