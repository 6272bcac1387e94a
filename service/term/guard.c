/* guard.c - the control handler, on a thread of its own.  It gets no context, hence the file's
 * state. */
#include "service/term/guard.h"

#include "service/win32/oserr.h"

#include <stdbool.h>

/* Windows ends the program when the handler of a close event returns, or after about 5 s. */
enum { CLOSE_WAIT_MS = 4000 };

static struct {
    HANDLE ended, restored; /* stay open: a handler may be waiting until the program ends */
    bool on;
} guard;

/* Wine's console gives a Ctrl+C to this handler even when it is to be read as a key; Windows does
 * so only with ENABLE_PROCESSED_INPUT.  Both come to the same. */
static BOOL WINAPI on_ctrl(DWORD event)
{
    SetEvent(guard.ended);
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        WaitForSingleObject(guard.restored, CLOSE_WAIT_MS);
    return TRUE;
}

enum st guard_begin(struct err *e)
{
    if (!guard.ended)
        guard.ended = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!guard.restored)
        guard.restored = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!guard.ended || !guard.restored)
        return err_os(e, GetLastError(), "CreateEvent");
    ResetEvent(guard.ended);
    ResetEvent(guard.restored);
    if (!SetConsoleCtrlHandler(on_ctrl, TRUE))
        return err_os(e, GetLastError(), "SetConsoleCtrlHandler");
    guard.on = true;
    return ST_OK;
}

void guard_end(void)
{
    if (!guard.on)
        return;
    SetEvent(guard.restored); /* first: taking a handler away may wait for it */
    SetConsoleCtrlHandler(on_ctrl, FALSE);
    guard.on = false;
}

HANDLE guard_event(void)
{
    return guard.ended;
}
