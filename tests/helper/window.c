/* window.c - a window of the test worker, and the worker that lets nothing move it. */
#include "tests/helper/worker.h"

#include <wchar.h>

static struct worker *mine; /* a window procedure gets no context */

void set_ignore_wm_close(struct worker *w, wchar_t **v)
{
    (void)v;
    w->close_ignore = TRUE;
}

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM wp, LPARAM lp)
{
    if (message == WM_DESTROY)
        PostQuitMessage(0);
    if (message != WM_CLOSE)
        return DefWindowProcW(window, message, wp, lp);
    say(STD_OUTPUT_HANDLE, "%s wm-close\n", mine->close_ignore ? "ignored" : "got");
    if (!mine->close_ignore)
        DestroyWindow(window);
    return 0;
}

/* Returns once the window is closed, or at once when there can be none. */
static void live_with_window(void)
{
    const WNDCLASSW class = {.lpfnWndProc = on_message,
                             .hInstance = GetModuleHandleW(NULL),
                             .lpszClassName = L"JobwardenTestWorker"};
    MSG m;
    RegisterClassW(&class);
    HWND window = CreateWindowExW(0, class.lpszClassName, L"worker", WS_OVERLAPPEDWINDOW, 0, 0, 200,
                                  100, NULL, NULL, class.hInstance, NULL);
    DWORD code = GetLastError();
    if (!window) {
        say(STD_OUTPUT_HANDLE, "window error %lu\n", code);
        return;
    }
    say(STD_OUTPUT_HANDLE, "window open\n");
    while (GetMessageW(&m, NULL, 0, 0) > 0)
        DispatchMessageW(&m);
}

void act_window(struct worker *w, wchar_t **v)
{
    (void)v;
    mine = w;
    live_with_window();
}

static DWORD WINAPI window_thread(void *nothing)
{
    (void)nothing;
    live_with_window();
    return 0;
}

static DWORD WINAPI stdin_thread(void *w)
{
    wchar_t *none[2] = {NULL, NULL};
    act_read_stdin(w, none);
    return 0;
}

static DWORD WINAPI event_thread(void *w)
{
    wchar_t name[] = L"JOBWARDEN_STOP_EVENT", *one[2] = {name, NULL};
    act_wait_event(w, one);
    return 0;
}

void act_ignore_everything(struct worker *w, wchar_t **v)
{
    mine = w;
    w->close_ignore = TRUE;
    set_ignore_ctrl_c(w, v);
    start_thread(window_thread, NULL);
    start_thread(event_thread, w);
    start_thread(stdin_thread, w);
    act_hold(w, v);
}
