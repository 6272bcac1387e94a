/* guard.h - Ctrl+C, Ctrl+Break and the console's end, as one event.  One at a time. */
#ifndef JW_TERM_GUARD_H
#define JW_TERM_GUARD_H

#include "common/status.h"

#include <windows.h>

/* From now on none of them ends the program by itself. */
enum st guard_begin(struct err *e);
/* All is put back: Windows may end the program, if it was waiting for that.  May be called without
 * guard_begin(). */
void guard_end(void);
/* Signalled from the first of them on; NULL before guard_begin(). */
HANDLE guard_event(void);

#endif
