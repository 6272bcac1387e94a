/* scratch.h - a folder of its own for a test, in a script that no code page holds whole. */
#ifndef JW_TESTS_WIN32_SCRATCH_H
#define JW_TESTS_WIN32_SCRATCH_H

#include <stddef.h>

/* "Müller 資料 🚀" in UTF-8. */
#define ODD_NAME "M\xC3\xBCller \xE8\xB3\x87\xE6\x96\x99 \xF0\x9F\x9A\x80"

/* Makes it below TEMP; every call gives another one.  Its path is from malloc.  These fail the
 * test. */
char *scratch_make(void);
/* Removes it with all that is in it, and frees the path. */
void scratch_remove(char *path);

/* FOLDER\NAME, from malloc. */
char *scratch_path(const char *folder, const char *name);
void scratch_write(const char *path, const char *text, size_t n);
/* The whole file, NUL-terminated, from malloc; NULL when there is none. */
char *scratch_read(const char *path);

#endif
