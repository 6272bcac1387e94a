/* status.c - the sentence that goes with a failure. */
#include "common/status.h"

#include <stdio.h>
#include <string.h>

static void say(char *out, size_t cap, const char *fmt, va_list args)
{
    int n = vsnprintf(out, cap, fmt, args);
    if (n < 0)
        out[0] = '\0';
    else if ((size_t)n >= cap)
        memcpy(out + cap - 4, "...", 4); /* cut, and seen to be */
}

enum st err_say(struct err *e, enum st st, const char *fmt, ...)
{
    if (!e)
        return st;
    va_list args;
    va_start(args, fmt);
    e->st = st;
    e->os = 0;
    say(e->text, sizeof e->text, fmt, args);
    va_end(args);
    return st;
}

enum st err_in(struct err *e, const char *fmt, ...)
{
    if (!e)
        return ST_OS;
    char was[ERR_TEXT], context[ERR_TEXT];
    memcpy(was, e->text, sizeof was);
    va_list args;
    va_start(args, fmt);
    say(context, sizeof context, fmt, args);
    va_end(args);
    if (snprintf(e->text, sizeof e->text, "%s: %s", context, was) >= (int)sizeof e->text)
        memcpy(e->text + sizeof e->text - 4, "...", 4);
    return e->st;
}

enum st err_nomem(struct err *e)
{
    return err_say(e, ST_NOMEM, "out of memory");
}
