/* keys.c - virtual keys and characters. */
#include "service/term/keys.h"

static const struct {
    WORD virtual_key;
    enum key_code code;
} keys[] = {
    {VK_UP, KEY_UP},          {VK_DOWN, KEY_DOWN},
    {VK_PRIOR, KEY_PAGE_UP},  {VK_NEXT, KEY_PAGE_DOWN},
    {VK_HOME, KEY_HOME},      {VK_END, KEY_END},
    {VK_RETURN, KEY_ENTER},   {VK_ESCAPE, KEY_ESCAPE},
    {VK_BACK, KEY_BACKSPACE}, {VK_CANCEL, KEY_INTERRUPT},
};

enum { CTRL_C = 3, BACKSPACE = 8, ENTER = 13, ESCAPE = 27, DELETED = 127 };

/* What comes without a virtual key: a terminal below may send characters alone. */
static bool control(WCHAR c, struct key *ret)
{
    static const struct {
        WCHAR c;
        enum key_code code;
    } controls[] = {{CTRL_C, KEY_INTERRUPT},
                    {BACKSPACE, KEY_BACKSPACE},
                    {ENTER, KEY_ENTER},
                    {ESCAPE, KEY_ESCAPE},
                    {DELETED, KEY_BACKSPACE}};
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        if (controls[i].c == c) {
            *ret = (struct key){controls[i].code, 0};
            return true;
        }
    return false;
}

bool key_of_event(const KEY_EVENT_RECORD *event, struct key *ret)
{
    const DWORD alt = LEFT_ALT_PRESSED | RIGHT_ALT_PRESSED;
    const DWORD ctrl = LEFT_CTRL_PRESSED | RIGHT_CTRL_PRESSED;
    WCHAR c = event->uChar.UnicodeChar;
    if (!event->bKeyDown)
        return false;
    if (control(c, ret))
        return true;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].virtual_key == event->wVirtualKeyCode && c < ' ') {
            *ret = (struct key){keys[i].code, 0};
            return true;
        }
    /* AltGr, which is both, makes characters; Alt alone makes none for us. */
    bool with_alt = (event->dwControlKeyState & alt) && !(event->dwControlKeyState & ctrl);
    if (c < ' ' || with_alt || (c >= 0xD800 && c <= 0xDFFF))
        return false;
    *ret = (struct key){KEY_CHAR, c};
    return true;
}
