/* console.h - Ctrl+C and the console's end, in the foreground. */
#ifndef JW_HOST_CONSOLE_H
#define JW_HOST_CONSOLE_H

#include "service/host/app.h"

/* From now on Ctrl+C stops the fleet and a second one ends it at once; closing the console, log-off and
 * shutdown stop it within the few seconds that Windows gives.  One app at a time. */
enum st console_attach(struct app *a, struct err *e);
/* The fleet is down: lets a handler return that Windows is waiting for.  Before app_close(). */
void console_detach(void);

#endif
