/* ini.h - the lines of one INI file as events, in their order.  Pure; inih does the parsing, and no
 * other file knows of it. */
#ifndef JW_CONFIG_INI_H
#define JW_CONFIG_INI_H

#include "config/codes.h"

struct ini_events {
    void *ctx;
    /* `[NAME]AFTER`, both trimmed. */
    void (*section)(void *ctx, uint32_t line, struct str name, struct str after);
    /* `KEY = VALUE`, both trimmed; the texts are gone when it returns. */
    void (*key)(void *ctx, uint32_t line, struct str key, struct str value);
    /* A line that was refused.  HEADER: it begins with '[', so what follows belongs to no one knows
     * which section. */
    void (*refused)(void *ctx, uint32_t line, bool header, enum diag_code code, const char *text);
};

/* BYTES passed text_lines_readable().  Comes back after the last line, whatever is in them; ST_OK
 * or ST_NOMEM. */
enum st ini_read(struct str bytes, const struct ini_events *events);

#endif
