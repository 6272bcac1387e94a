/* screen.c - a screen buffer of our own, and what has changed in it. */
#include "service/term/screen.h"

#include "service/term/guard.h"
#include "service/term/keys.h"
#include "service/win32/oserr.h"

#include <stdlib.h>
#include <string.h>

enum {
    CELLS_AT_ONCE = 16000, /* 64,000 bytes: older consoles refuse more than 64 KiB in one call */
    GROUND = 0xF0,
    ALL_COLOURS = 0xFF
};

struct screen {
    HANDLE in, out, own; /* out: the buffer that was there before */
    DWORD in_mode;
    WORD colours; /* of the console: ground and text */
    unsigned width, height;
    CHAR_INFO *last, *next; /* width * height cells each; what is on the screen, and will be */
    bool drawn;             /* last is what is on the screen */
    bool mode_changed;      /* in_mode is to be given back */
};

/* --- opening and closing ------------------------------------------------------------ */
static enum st open_handles(struct screen *s, struct err *e)
{
    const DWORD access = GENERIC_READ | GENERIC_WRITE, share = FILE_SHARE_READ | FILE_SHARE_WRITE;
    s->in = CreateFileW(L"CONIN$", access, share, NULL, OPEN_EXISTING, 0, NULL);
    if (s->in == INVALID_HANDLE_VALUE)
        return err_os(e, GetLastError(), "there is no console to read keys from: CONIN$");
    s->out = CreateFileW(L"CONOUT$", access, share, NULL, OPEN_EXISTING, 0, NULL);
    if (s->out == INVALID_HANDLE_VALUE)
        return err_os(e, GetLastError(), "there is no console to draw on: CONOUT$");
    s->own = CreateConsoleScreenBuffer(access, share, NULL, CONSOLE_TEXTMODE_BUFFER, NULL);
    if (s->own == INVALID_HANDLE_VALUE)
        return err_os(e, GetLastError(), "CreateConsoleScreenBuffer");
    return ST_OK;
}

/* Neither echo nor lines; Ctrl+C is a key like any other; and no selecting with the mouse, which
 * would hold up whoever draws. */
static enum st set_up(struct screen *s, struct err *e)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    const CONSOLE_CURSOR_INFO hidden = {1, FALSE};
    if (!GetConsoleScreenBufferInfo(s->out, &info))
        return err_os(e, GetLastError(), "GetConsoleScreenBufferInfo");
    s->colours = info.wAttributes & ALL_COLOURS;
    if (!GetConsoleMode(s->in, &s->in_mode) ||
        !SetConsoleMode(s->in, ENABLE_WINDOW_INPUT | ENABLE_EXTENDED_FLAGS))
        return err_os(e, GetLastError(), "SetConsoleMode");
    s->mode_changed = true;
    SetConsoleCursorInfo(s->own, &hidden);
    if (!SetConsoleActiveScreenBuffer(s->own))
        return err_os(e, GetLastError(), "SetConsoleActiveScreenBuffer");
    return ST_OK;
}

static void shut(HANDLE h)
{
    if (h && h != INVALID_HANDLE_VALUE)
        CloseHandle(h);
}

enum st screen_open(struct screen **ret, struct err *e)
{
    struct screen *s = calloc(1, sizeof *s);
    if (!s)
        return err_nomem(e);
    enum st st = open_handles(s, e);
    if (st == ST_OK)
        st = guard_begin(e);
    if (st == ST_OK)
        st = set_up(s, e);
    if (st != ST_OK) {
        screen_close(s);
        return st;
    }
    *ret = s;
    return ST_OK;
}

void screen_close(struct screen *s)
{
    if (!s)
        return;
    if (s->mode_changed)
        SetConsoleMode(s->in, s->in_mode | ENABLE_EXTENDED_FLAGS);
    if (s->out && s->out != INVALID_HANDLE_VALUE)
        SetConsoleActiveScreenBuffer(s->out);
    shut(s->own);
    shut(s->out);
    shut(s->in);
    free(s->last);
    free(s->next);
    free(s);
    guard_end();
}

/* --- size --------------------------------------------------------------------------- */
static void forget(struct screen *s)
{
    free(s->last);
    free(s->next);
    s->last = s->next = NULL;
    s->drawn = false;
}

/* Asked for again and again: the console of Windows tells of a resize by an event about the buffer,
 * Windows Terminal and Wine by none that could be relied on.  The terminal below Wine's console is
 * measured once, when the first program starts in it, and resizing it changes nothing here. */
void screen_size(struct screen *s, unsigned *width, unsigned *height)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    *width = *height = 0;
    if (!GetConsoleScreenBufferInfo(s->own, &info))
        return;
    COORD window = {(SHORT)(info.srWindow.Right - info.srWindow.Left + 1),
                    (SHORT)(info.srWindow.Bottom - info.srWindow.Top + 1)};
    /* A buffer that is larger than its window has scroll bars; and it is no larger than this when
     * the window begins where the buffer does. */
    if (window.X != info.dwSize.X || window.Y != info.dwSize.Y) {
        const SMALL_RECT all = {0, 0, (SHORT)(window.X - 1), (SHORT)(window.Y - 1)};
        SetConsoleWindowInfo(s->own, TRUE, &all);
        SetConsoleScreenBufferSize(s->own, window);
        s->drawn = false;
    }
    *width = window.X > 0 ? (unsigned)window.X : 0;
    *height = window.Y > 0 ? (unsigned)window.Y : 0;
    if (*width != s->width || *height != s->height)
        s->drawn = false;
}

static bool fit(struct screen *s, const struct grid *g)
{
    if (s->next && s->last && s->width == g->width && s->height == g->height)
        return true;
    forget(s);
    s->width = g->width;
    s->height = g->height;
    s->last = calloc((size_t)g->width * g->height, sizeof *s->last);
    s->next = calloc((size_t)g->width * g->height, sizeof *s->next);
    return s->last && s->next;
}

/* --- drawing ------------------------------------------------------------------------ */
/* Upon the console's own ground, bright where that is dark. */
static WORD colours_of(const struct screen *s, uint8_t attribute)
{
    static const WORD text[INKS] = {
        [INK_DIM] = FOREGROUND_INTENSITY,
        [INK_GOOD] = FOREGROUND_GREEN,
        [INK_WAIT] = FOREGROUND_RED | FOREGROUND_GREEN,
        [INK_BAD] = FOREGROUND_RED,
    };
    enum ink ink = (enum ink)(attribute & CELL_INK);
    WORD ground = s->colours & GROUND, colours = s->colours;
    bool dark = !(ground & BACKGROUND_INTENSITY) && ground != 0x70;
    if (ink == INK_BOLD && dark)
        colours |= FOREGROUND_INTENSITY;
    else if (ink < INKS && text[ink])
        colours = (WORD)(ground | text[ink] | (dark ? FOREGROUND_INTENSITY : 0));
    if (attribute & CELL_REVERSED)
        colours = (WORD)((colours & 0x0F) << 4 | (colours & 0xF0) >> 4);
    return colours;
}

/* A wide character stands in both of its cells.  One beyond the first plane does not fit into a
 * cell.  Wine's console writes both halves, so a line with one is shifted there. */
static void convert(const struct screen *s, const struct grid *g)
{
    size_t n = (size_t)g->width * g->height;
    for (size_t i = 0; i < n; i++) {
        const struct cell_of_grid *cell = &g->cell[i];
        bool second = cell->c == 0 && i > 0, first = i + 1 < n && cell[1].c == 0;
        uint32_t c = second ? cell[-1].c : cell->c;
        WORD colours = colours_of(s, cell->attribute);
        colours |= second ? COMMON_LVB_TRAILING_BYTE : first ? COMMON_LVB_LEADING_BYTE : 0;
        s->next[i] = (CHAR_INFO){{.UnicodeChar = (WCHAR)(c < 0x10000 ? c : 0xFFFD)}, colours};
    }
}

/* The rectangle that holds all that has changed; false when nothing has. */
static bool changed(const struct screen *s, SMALL_RECT *ret)
{
    SMALL_RECT r = {SHRT_MAX, SHRT_MAX, -1, -1};
    for (unsigned y = 0; y < s->height; y++)
        for (unsigned x = 0; x < s->width; x++) {
            size_t i = (size_t)y * s->width + x;
            if (s->drawn && memcmp(&s->last[i], &s->next[i], sizeof *s->next) == 0)
                continue;
            r.Left = (SHORT)x < r.Left ? (SHORT)x : r.Left;
            r.Top = (SHORT)y < r.Top ? (SHORT)y : r.Top;
            r.Right = (SHORT)x > r.Right ? (SHORT)x : r.Right;
            r.Bottom = (SHORT)y;
        }
    *ret = r;
    return r.Bottom >= 0;
}

static bool write_cells(struct screen *s, SMALL_RECT r)
{
    const COORD size = {(SHORT)s->width, (SHORT)s->height};
    SHORT lines = (SHORT)(CELLS_AT_ONCE / (r.Right - r.Left + 1));
    for (SHORT y = r.Top; y <= r.Bottom; y = (SHORT)(y + lines)) {
        SHORT end = (SHORT)(y + lines - 1);
        SMALL_RECT strip = {r.Left, y, r.Right, end < r.Bottom ? end : r.Bottom};
        if (!WriteConsoleOutputW(s->own, s->next, size, (COORD){r.Left, y}, &strip))
            return false;
    }
    return true;
}

void screen_draw(struct screen *s, const struct grid *g)
{
    SMALL_RECT r;
    if (g->width == 0 || g->height == 0 || !fit(s, g))
        return;
    convert(s, g);
    if (!changed(s, &r))
        return;
    /* What fails, since the window is just being resized, is drawn whole the next time. */
    s->drawn = write_cells(s, r);
    CHAR_INFO *drawn = s->next;
    s->next = s->last;
    s->last = drawn;
}

/* --- keys --------------------------------------------------------------------------- */
HANDLE screen_input(const struct screen *s)
{
    return s->in;
}

HANDLE screen_ended(const struct screen *s)
{
    (void)s;
    return guard_event();
}

bool screen_key(struct screen *s, struct key *ret)
{
    INPUT_RECORD record;
    DWORD n;
    while (GetNumberOfConsoleInputEvents(s->in, &n) && n > 0) {
        if (!ReadConsoleInputW(s->in, &record, 1, &n) || n == 0)
            return false;
        if (record.EventType == KEY_EVENT && key_of_event(&record.Event.KeyEvent, ret))
            return true;
    }
    return false;
}
