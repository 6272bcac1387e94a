/* term.c - console or not, width and colours. */
#include "service/term/term.h"

#include "service/win32/wine.h"

#include <wchar.h>

#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 4
#endif

bool term_is_console(HANDLE h)
{
    DWORD mode;
    return h && h != INVALID_HANDLE_VALUE && GetConsoleMode(h, &mode);
}

unsigned term_width(HANDLE h)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!term_is_console(h) || !GetConsoleScreenBufferInfo(h, &info))
        return 0;
    int columns = info.srWindow.Right - info.srWindow.Left + 1;
    return columns > 0 ? (unsigned)columns : 0;
}

/* https://no-color.org: set to anything but nothing. */
static bool colours_unwanted(void)
{
    wchar_t first[2];
    return GetEnvironmentVariableW(L"NO_COLOR", first, 2) > 0;
}

/* Wine's console takes the mode but counts each character of a sequence as a cell, so that lines
 * would break too early.  Windows counts none. */
static bool switch_colours_on(struct term *t)
{
    if (on_wine() || !GetConsoleMode(t->h, &t->mode))
        return false;
    if (t->mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING)
        return true;
    t->changed = SetConsoleMode(t->h, t->mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING |
                                          ENABLE_PROCESSED_OUTPUT) != 0;
    return t->changed;
}

void term_open(struct term *t, HANDLE h)
{
    unsigned columns = term_width(h);
    *t = (struct term){.style = {.utf8 = true}, .h = h};
    if (!term_is_console(h))
        return;
    t->style.width = columns > 1 ? columns - 1 : 1;
    t->style.colour = !colours_unwanted() && switch_colours_on(t);
}

void term_close(struct term *t)
{
    if (t->changed)
        SetConsoleMode(t->h, t->mode);
    t->changed = false;
}
