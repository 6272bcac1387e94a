/* harness_files.h - files by UTF-8 name, as tests want them: whole, and a failure ends the test. */
#ifndef JW_TESTS_E2E_HARNESS_FILES_H
#define JW_TESTS_E2E_HARNESS_FILES_H

#include "common/buf.h"

#include <wchar.h>

/* FMT is the file's name; the caller frees what is returned. */
char *path_f(const char *fmt, ...) JW_PRINTF(1, 2);
/* For a Win32 call; the caller frees it. */
wchar_t *wide_or_fail(const char *utf8);

bool file_exists(const char *path);
/* Appends what PATH holds now, also while somebody writes it; false when it cannot be opened. */
bool file_read(const char *path, struct buf *out);
void file_write(const char *path, struct str bytes);
void folder_make(const char *path);
/* PATH and everything below it; what is still in use stays. */
void tree_remove(const char *path);
/* The full path of a file given relative to this test program's folder; the caller frees it. */
char *path_beside_test(const char *relative);

#endif
