/* file.h - whole files and paths, by UTF-8 name.  Any thread.
 *
 * Names longer than MAX_PATH work everywhere here, whatever the machine's settings. */
#ifndef JW_WIN32_FILE_H
#define JW_WIN32_FILE_H

#include "common/arena.h"
#include "common/status.h"
#include "config/load.h"

#include <wchar.h>

/* The loader's view of this machine (source.ctx is not used).  One loading at a time: what env()
 * returns is kept in one place. */
struct source source_win32(void);

/* PATH made absolute against BASE (itself absolute) when it is relative; `/` becomes `\`; `.` and
 * `..` are resolved.  From malloc; NULL when out of memory. */
char *path_join(const char *base, const char *path);
/* PATH as the file functions of Windows want it: absolute (against the current folder), and with
 * `\\?\` before it when it is long.  From malloc; NULL when out of memory. */
wchar_t *path_wide(const char *path);
/* Makes every missing folder above PATH. */
enum st path_make_parents(const char *path, struct err *e);
/* The full path of the running executable, from malloc; NULL when it cannot be had. */
char *path_of_self(void);

#endif
