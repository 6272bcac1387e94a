/* ear.c - see ear.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/job/ear.h"

#include <string.h>

enum { POLL_MS = 2 };

HANDLE ear_open(struct ear *e)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE theirs = NULL;
    assert_true(CreatePipe(&e->out, &theirs, &inherit, 0));
    assert_true(SetHandleInformation(e->out, HANDLE_FLAG_INHERIT, 0));
    return theirs;
}

static void hear(struct ear *e)
{
    DWORD ready = 0, n = 0, room = (DWORD)(sizeof e->said - 1 - e->n);
    if (!PeekNamedPipe(e->out, NULL, 0, NULL, &ready, NULL) || ready == 0) {
        Sleep(POLL_MS);
        return;
    }
    assert_true(ready <= room);
    assert_true(ReadFile(e->out, e->said + e->n, ready, &n, NULL));
    e->n += n;
    e->said[e->n] = '\0';
}

const char *ear_wait(struct ear *e, const char *text)
{
    ULONGLONG until = GetTickCount64() + EAR_LIMIT_MS;
    const char *at;
    while ((at = strstr(e->said, text)) == NULL || !strchr(at, '\n')) {
        if (GetTickCount64() > until)
            fail_msg("'%s' did not come; the worker said: %s", text, e->said);
        hear(e);
    }
    return at + strlen(text);
}
