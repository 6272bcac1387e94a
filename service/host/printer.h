/* printer.h - log lines to the console, by a thread of their own.
 *
 * A console whose text is being selected, or a pipe that nobody reads, blocks whoever writes to it;
 * that must not be the loop. */
#ifndef JW_HOST_PRINTER_H
#define JW_HOST_PRINTER_H

#include "common/status.h"
#include "common/str.h"

struct printer;

enum st printer_start(struct printer **ret, struct err *e);
/* Any thread; never blocks.  When more than a mebibyte waits, lines are dropped and that is printed
 * later. */
void printer_line(struct printer *p, struct str line);
/* Prints what waits, for at most WAIT_MS; when it is still blocked then, it is left to the end of
 * the program. NULL is allowed. */
void printer_stop(struct printer *p, unsigned wait_ms);

#endif
