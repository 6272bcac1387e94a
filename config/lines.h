/* lines.h - a file's bytes as lines, and what no line may hold.  Pure. */
#ifndef JW_CONFIG_LINES_H
#define JW_CONFIG_LINES_H

#include "config/codes.h"
#include "config/load.h"

struct lines {
    struct str rest;
    uint32_t line; /* number of the line last taken, from 1 */
};

/* Behind the UTF-8 byte order mark, where there is one. */
struct lines text_lines_of(struct str bytes);
/* The next line without LF or CRLF; false after the last. */
bool text_lines_next(struct lines *l, struct str *ret);

/* False: *code and e->text say why the file as a whole is no text file. */
bool text_lines_readable(struct str bytes, enum diag_code *code, struct err *e);
/* Printable ASCII alone, as most lines and values are: nothing is wrong with its bytes, and each is one
 * character. */
bool text_plain(struct str s);
/* False: *code and e->text say what the line holds that it must not. */
bool line_ok(struct str line, enum diag_code *code, struct err *e);

#endif
