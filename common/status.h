/* status.h - what a function reports.  Any thread; nothing here is shared.
 *
 * A function that can fail returns an `enum st` and, where the caller gave one, fills a `struct
 * err` with the sentence that a user will read.  Its outputs are written only on ST_OK. */
#ifndef JW_COMMON_STATUS_H
#define JW_COMMON_STATUS_H

#include <stdarg.h>
#include <stdint.h>

#if defined __MINGW32__
#define JW_PRINTF(fmt, args) __attribute__((format(gnu_printf, fmt, args)))
#elif defined __GNUC__
#define JW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define JW_PRINTF(fmt, args)
#endif

enum st {
    ST_OK,
    ST_NOMEM,       /* memory could not be had */
    ST_SYNTAX,      /* text that does not read as what it should be */
    ST_RANGE,       /* a value outside its range */
    ST_EXISTS,      /* somebody else already holds that name */
    ST_NOTFOUND,    /* no such file, program, name */
    ST_DENIED,      /* the system refuses it to this account */
    ST_UNSUPPORTED, /* this system, or this version, does not do it */
    ST_BUSY,        /* in use; may work later */
    ST_OS,          /* any other failure of the operating system */
    ST_COUNT
};

enum { ERR_TEXT = 640 };

struct err {
    enum st st;
    uint32_t os;         /* the operating system's code, 0 if none */
    char text[ERR_TEXT]; /* UTF-8, one sentence without a final stop; cut with "..." if too long */
};

/* Fills *e (which may be NULL) and returns ST, so that `return err_say(...)` reads well. */
enum st err_say(struct err *e, enum st st, const char *fmt, ...) JW_PRINTF(3, 4);

/* Puts "CONTEXT: " before the text that *e already has; keeps st and os.  Returns e->st. */
enum st err_in(struct err *e, const char *fmt, ...) JW_PRINTF(2, 3);

/* "out of memory", the one sentence for ST_NOMEM. */
enum st err_nomem(struct err *e);

#endif
