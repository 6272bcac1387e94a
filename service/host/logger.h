/* logger.h - where the service's own lines go: the log file, and in the foreground the console.
 *
 * Any thread may log.  The file is written by the output thread, so that a slow disk does not hold
 * the loop. */
#ifndef JW_HOST_LOGGER_H
#define JW_HOST_LOGGER_H

#include "common/log.h"
#include "service/host/chronicle.h"
#include "service/host/printer.h"
#include "service/process/output.h"

struct logger {
    struct log log;              /* give &logger.log to whoever logs */
    struct output *output;       /* may be NULL: no file (yet) */
    struct printer *printer;     /* not NULL: lines go to standard output too */
    struct chronicle *chronicle; /* not NULL: and to the journal that `events` reads */
};

/* The logger must not move: log.ctx points to it. */
void logger_init(struct logger *l, enum log_level level);

/* UTF-8 to standard output (or standard error): by WriteConsoleW on a console, else as bytes.
 * False: nobody reads it (any more). */
bool print_out(struct str text);
bool print_err(struct str text);

#endif
