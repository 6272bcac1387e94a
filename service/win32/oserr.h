/* oserr.h - Windows errors in words.  Any thread. */
#ifndef JW_WIN32_OSERR_H
#define JW_WIN32_OSERR_H

#include "common/status.h"

/* Fills *e (may be NULL) with "CALL: <Windows' sentence> (Windows error N)" and returns the kind:
 * ST_DENIED for 5, ST_NOTFOUND for 2 and 3, and so on.  CODE is GetLastError() taken on the line
 * after the call. Words that Wine or a stripped system cannot give are filled in for the errors a
 * user is likely to meet. */
enum st err_os(struct err *e, uint32_t code, const char *call, ...) JW_PRINTF(3, 4);

/* Windows' sentence for CODE in English where there is one, without the final stop, into BUF. */
void os_words(uint32_t code, char *buf, size_t cap);

#endif
