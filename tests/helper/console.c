/* console.c - how the test worker takes Ctrl+C, and how it sends it. */
#include "tests/helper/worker.h"

#include <stddef.h>

static struct worker *mine; /* a handler gets no context */

static BOOL WINAPI on_ctrl(DWORD event)
{
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        return FALSE;
    const char *name = event == CTRL_C_EVENT ? "ctrl-c" : "ctrl-break";
    say(STD_OUTPUT_HANDLE, "%s %s\n", mine->ctrl_ignore ? "ignored" : "got", name);
    if (mine->ctrl_ignore)
        return TRUE;
    Sleep((DWORD)mine->ctrl_wait);
    ExitProcess(mine->ctrl_exits ? mine->ctrl_exit_code : mine->exit_code);
}

/* The pointer first: the handler may be called at once. */
static void take(struct worker *w)
{
    BOOL first = !mine;
    mine = w;
    if (first)
        SetConsoleCtrlHandler(on_ctrl, TRUE);
}

void set_ignore_ctrl_c(struct worker *w, wchar_t **v)
{
    (void)v;
    w->ctrl_ignore = TRUE;
    take(w);
}

void set_on_ctrl_c_exit(struct worker *w, wchar_t **v)
{
    w->ctrl_exits = TRUE;
    w->ctrl_exit_code = (uint32_t)number(v[0]);
    take(w);
}

void set_on_ctrl_c_wait(struct worker *w, wchar_t **v)
{
    w->ctrl_wait = number(v[0]);
    take(w);
}

void act_send_ctrl_c_to_all(struct worker *w, wchar_t **v)
{
    (void)w;
    (void)v;
    if (GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0))
        say(STD_OUTPUT_HANDLE, "sent ctrl-c\n");
    else
        say(STD_OUTPUT_HANDLE, "send error %lu\n", GetLastError());
}
