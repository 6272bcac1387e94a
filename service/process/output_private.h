/* output_private.h - how a test gives the thread another clock.  Nobody else includes it. */
#ifndef JW_PROCESS_OUTPUT_PRIVATE_H
#define JW_PROCESS_OUTPUT_PRIVATE_H

#include "service/process/output.h"

/* As output_start(), but days and time stamps come from UTC(CTX): 100 ns since 1601, from any
 * thread.  Delays stay real. */
enum st output_start_by(const struct log *log, uint64_t (*utc)(void *ctx), void *ctx,
                        struct output **ret, struct err *e);

#endif
