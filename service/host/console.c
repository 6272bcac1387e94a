/* console.c - the control handler.  It runs on a thread of its own and only leaves notes.
 *
 * The handler gets no context, hence the file's state. */
#include "service/host/console.h"

#include "service/win32/oserr.h"

#include <windows.h>

/* Once the handler of a close event returns, Windows ends the process; it does so by itself after
 * about 5 s (close) or 20 s (shutdown). */
enum { CLOSE_WAIT_MS = 20000, CLOSE_BUDGET_MS = 3500 };

static struct {
    SRWLOCK lock; /* app is not closed while a handler uses it */
    struct app *app;
    HANDLE down;
    int asked;
} front = {.lock = SRWLOCK_INIT};

static void leave_note(bool closing)
{
    AcquireSRWLockExclusive(&front.lock);
    if (front.app) {
        if (closing)
            app_stop(front.app, CAUSE_SHUTDOWN, CLOSE_BUDGET_MS);
        else if (front.asked++ == 0)
            app_stop(front.app, CAUSE_OPERATOR, 0);
        else
            app_stop_now(front.app);
    }
    ReleaseSRWLockExclusive(&front.lock);
}

static void reload(void)
{
    AcquireSRWLockExclusive(&front.lock);
    if (front.app)
        app_reload(front.app);
    ReleaseSRWLockExclusive(&front.lock);
}

static BOOL WINAPI on_ctrl(DWORD event)
{
    bool closing = event == CTRL_CLOSE_EVENT || event == CTRL_LOGOFF_EVENT ||
                   event == CTRL_SHUTDOWN_EVENT;
    if (event == CTRL_BREAK_EVENT)
        reload();
    else
        leave_note(closing);
    if (closing)
        WaitForSingleObject(front.down, CLOSE_WAIT_MS);
    return TRUE;
}

enum st console_attach(struct app *a, struct err *e)
{
    front.down = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!front.down)
        return err_os(e, GetLastError(), "CreateEvent");
    AcquireSRWLockExclusive(&front.lock);
    front.app = a;
    ReleaseSRWLockExclusive(&front.lock);
    /* Whoever started us may have switched Ctrl+C off, which children inherit. */
    SetConsoleCtrlHandler(NULL, FALSE);
    if (!SetConsoleCtrlHandler(on_ctrl, TRUE))
        return err_os(e, GetLastError(), "SetConsoleCtrlHandler");
    return ST_OK;
}

void console_detach(void)
{
    AcquireSRWLockExclusive(&front.lock);
    front.app = NULL;
    ReleaseSRWLockExclusive(&front.lock);
}

void console_release(void)
{
    if (front.down)
        SetEvent(front.down); /* stays open: a handler may be waiting for it until we end */
}
