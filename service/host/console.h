/* console.h - Ctrl+C and the console's end, in the foreground. */
#ifndef JW_HOST_CONSOLE_H
#define JW_HOST_CONSOLE_H

#include "service/host/app.h"

/* From now on Ctrl+C stops the fleet and a second one ends it at once; Ctrl+Break reads the job
 * file again; closing the console stops it
 * within the few seconds that Windows gives.  Log-off and shutdown are told only to programs
 * without user32, which we are not: Windows then ends us, and kill-on-close the workers.  One app
 * at a time. */
enum st console_attach(struct app *a, struct err *e);
/* No more orders.  Before app_close(). */
void console_detach(void);
/* All is written: lets a handler return that Windows is waiting for, and then ends us.  After
 * app_close(). */
void console_release(void);

#endif
