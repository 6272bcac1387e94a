/* signals.c - events that the test worker sets and waits for.  Each is named by the environment
 * variable that it is given. */
#include "tests/helper/worker.h"

#include <stdlib.h>
#include <wchar.h>

/* NULL: 'NAME is not set' or 'NAME error E' was printed. */
static HANDLE open_named(const wchar_t *variable, DWORD access)
{
    wchar_t name[1024];
    DWORD n = GetEnvironmentVariableW(variable, name, 1024);
    HANDLE h = n > 0 && n < 1024 ? OpenEventW(access, FALSE, name) : NULL;
    DWORD code = GetLastError();
    if (h)
        return h;
    say_wide(variable);
    if (n == 0)
        say(STD_OUTPUT_HANDLE, " is not set\n");
    else
        say(STD_OUTPUT_HANDLE, " error %lu\n", code);
    return NULL;
}

void act_signal(struct worker *w, wchar_t **v)
{
    HANDLE h = open_named(v[0], EVENT_MODIFY_STATE);
    (void)w;
    if (h && SetEvent(h)) {
        say(STD_OUTPUT_HANDLE, "signal ");
        act_echo(w, v);
    }
    if (h)
        CloseHandle(h);
}

void set_signal_for(struct worker *w, wchar_t **v)
{
    w->signal_for = number(v[0]);
}

void set_signal_until(struct worker *w, wchar_t **v)
{
    w->signal_until = v[0];
}

struct beat {
    const struct worker *w;
    const wchar_t *variable;
    HANDLE event;
    DWORD every;
};

static DWORD WINAPI beat(void *arg)
{
    const struct beat *b = arg;
    ULONGLONG from = GetTickCount64();
    while ((!b->w->signal_for || GetTickCount64() - from < b->w->signal_for) &&
           (!b->w->signal_until ||
            GetFileAttributesW(b->w->signal_until) == INVALID_FILE_ATTRIBUTES)) {
        SetEvent(b->event);
        Sleep(b->every);
    }
    say(STD_OUTPUT_HANDLE, "silent ");
    say_wide(b->variable);
    say(STD_OUTPUT_HANDLE, "\n");
    return 0;
}

void act_signal_every(struct worker *w, wchar_t **v)
{
    struct beat *b = calloc(1, sizeof *b); /* the thread's, to the end */
    HANDLE h = open_named(v[0], EVENT_MODIFY_STATE);
    if (!b)
        exit(3);
    *b = (struct beat){w, v[0], h, (DWORD)number(v[1])};
    if (h)
        start_thread(beat, b);
}

void act_wait_event(struct worker *w, wchar_t **v)
{
    HANDLE h = open_named(v[0], SYNCHRONIZE);
    (void)w;
    if (!h)
        return;
    WaitForSingleObject(h, INFINITE);
    say(STD_OUTPUT_HANDLE, "got event ");
    act_echo(w, v);
    CloseHandle(h);
}
