/* loader.c - what every step of loading needs. */
#include "config/loader.h"

#include <stdio.h>

static void say(struct loader *l, enum diag_code code, struct place at, const char *fmt,
                va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    char *text = n < 0 ? NULL : take(l, l->scratch, (size_t)n + 1, 1);
    if (text)
        vsnprintf(text, (size_t)n + 1, fmt, args);
    const struct code_row *row = &diag_codes[code];
    diag_add(l->diags, row->severity, at, row->name, "%s", text ? text : row->brief);
}

void report(struct loader *l, enum diag_code code, struct place at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(l, code, at, fmt, args);
    va_end(args);
}

void report_entry(struct loader *l, enum diag_code code, struct entry *e, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (!e->bad)
        say(l, code, e->at, fmt, args);
    e->bad = true;
    va_end(args);
}

void *take(struct loader *l, struct arena *a, size_t count, size_t size)
{
    void *p = arena_alloc(a, count, size);
    l->nomem = l->nomem || !p;
    return p;
}

const char *take_str(struct loader *l, struct arena *a, struct str s)
{
    const char *p = arena_str(a, s);
    l->nomem = l->nomem || !p;
    return p;
}

bool noted(struct loader *l, enum st st)
{
    l->nomem = l->nomem || st == ST_NOMEM;
    return st == ST_OK;
}
