/* posix_source.h - the loader's view of a POSIX machine, as Windows would tell it.  One thread.
 *
 * Both separators count, and errors read "cannot be opened: ... (Windows error N)": the system's
 * own words differ from machine to machine, so they are left out of what is compared. */
#ifndef JW_TESTS_CHECK_POSIX_SOURCE_H
#define JW_TESTS_CHECK_POSIX_SOURCE_H

#include "config/load.h"

/* ENV: its variables, ended by a name of NULL; no others are known. */
struct source source_posix(const struct env_var *env);

#endif
