/* ctrl.c - both halves of the sender: starting it, and being it. */
#include "service/process/ctrl.h"

#include "service/win32/file.h"
#include "service/win32/oserr.h"
#include "service/win32/wide.h"
#include "service/win32/wine.h"

#include "common/buf.h"

#include <stdlib.h>

/* How long the helper stays: until its own handler was called (the console tells all its processes
 * in one go), and then a moment for those that come after it. */
enum { DELIVERY_MS = 1000, AFTER_MS = 50, ATTACH_TRIES = 20, ATTACH_MS = 50 };

static enum st make_launch(DWORD pid, bool brk, struct launch *l, struct err *e)
{
    wchar_t system[MAX_PATH];
    UINT n = GetSystemDirectoryW(system, MAX_PATH);
    char *self = path_of_self();
    struct buf command = {0};
    if (n > 0 && n < MAX_PATH)
        l->directory = _wcsdup(system); /* any folder that always exists */
    buf_f(&command, "\"%s\" %s %s %lu", self ? self : "", CTRL_VERB, brk ? "break" : "c",
          (unsigned long)pid);
    l->application = self ? path_wide(self) : NULL;
    l->command = buf_ok(&command) ? wide_of(buf_view(&command)) : NULL;
    free(self);
    buf_free(&command);
    return l->application && l->command && l->directory ? ST_OK : err_nomem(e);
}

enum st ctrl_send(DWORD pid, bool brk, HANDLE job, void (*ended)(void *), void *ctx,
                  struct child *ret, struct err *e)
{
    struct launch l = {0};
    /* Wine's GenerateConsoleCtrlEvent refuses it; Windows sends it like Ctrl+C, and no program can
     * have switched it off. */
    if (brk && on_wine())
        return err_say(e, ST_UNSUPPORTED, "not available: Wine cannot send Ctrl+Break");
    enum st st = make_launch(pid, brk, &l, e);
    const struct spawn s = {.launch = &l,
                            .jobs = &job,
                            .jobs_n = 1,
                            .console = CONSOLE_NONE,
                            .ended = ended,
                            .ctx = ctx};
    if (st == ST_OK)
        st = spawn_child(&s, ret, e);
    launch_free(&l);
    return st;
}

/* A handler gets no context. */
static HANDLE delivered;

static BOOL WINAPI swallow(DWORD event)
{
    (void)event;
    SetEvent(delivered);
    return TRUE;
}

/* A worker that has only just been started may not have its console yet, so "none" is asked again a
 * few times. */
static DWORD attach(DWORD pid)
{
    DWORD code = 0;
    for (int tries = 0; tries < ATTACH_TRIES; tries++) {
        if (AttachConsole(pid))
            return 0;
        code = GetLastError();
        if (code != ERROR_INVALID_HANDLE && code != ERROR_GEN_FAILURE)
            break;
        Sleep(ATTACH_MS);
    }
    return code;
}

static DWORD send_event(DWORD pid, DWORD event)
{
    FreeConsole(); /* fails when there is none, which is the rule */
    DWORD code = attach(pid);
    if (code)
        return code;
    /* After attaching, which empties the list of handlers. */
    if (!SetConsoleCtrlHandler(swallow, TRUE) || !GenerateConsoleCtrlEvent(event, 0))
        return GetLastError();
    WaitForSingleObject(delivered, DELIVERY_MS);
    Sleep(AFTER_MS);
    return 0;
}

int ctrl_helper_main(int argc, wchar_t **argv)
{
    if (argc != 4)
        return ERROR_BAD_ARGUMENTS;
    wchar_t *end = argv[3];
    DWORD pid = wcstoul(argv[3], &end, 10);
    bool brk = wcscmp(argv[2], L"break") == 0;
    if (*end || pid == 0 || (!brk && wcscmp(argv[2], L"c") != 0))
        return ERROR_BAD_ARGUMENTS;
    delivered = CreateEventW(NULL, TRUE, FALSE, NULL);
    DWORD code =
        delivered ? send_event(pid, brk ? CTRL_BREAK_EVENT : CTRL_C_EVENT) : GetLastError();
    /* `delivered` stays open: a late call of the handler may still come until the process has gone.
     */
    return (int)code;
}
