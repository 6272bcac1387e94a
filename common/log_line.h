/* log_line.h - a line of the log read back: what log_write() made of its fields.  Pure. */
#ifndef JW_COMMON_LOG_LINE_H
#define JW_COMMON_LOG_LINE_H

#include "common/buf.h"

/* The name of the event, with which a line begins; *rest is what follows. */
struct str log_line_event(struct str *rest);
/* The next `key=value` of *rest: its key, and the value with its quotes and escapes undone, which
 * replaces what VALUE holds.  False at the end, and where *rest is not made by log_write(). */
bool log_line_field(struct str *rest, struct str *key, struct buf *value);

#endif
