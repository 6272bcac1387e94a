/* grow.c - what the test worker does too much of.  Each grows by steps and then goes on to the next
 * action with all that it has got. */
#include "tests/helper/worker.h"

#include <stdlib.h>

void set_step(struct worker *w, wchar_t **v)
{
    w->step = number(v[0]);
}

void set_step_wait(struct worker *w, wchar_t **v)
{
    w->step_wait = number(v[0]);
}

/* What the next step takes when DONE of TOTAL are there; waits first, but not for the first one. */
static uint64_t next_step(const struct worker *w, uint64_t done, uint64_t total, uint64_t step)
{
    uint64_t left = total - done;
    if (done > 0 && w->step_wait > 0)
        Sleep((DWORD)w->step_wait);
    return step > 0 && step < left ? step : left;
}

/* N more bytes, every page of them written.  0 or the Windows error. */
static DWORD commit(uint64_t n)
{
    volatile char *p = VirtualAlloc(NULL, (SIZE_T)n, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!p)
        return GetLastError();
    for (uint64_t i = 0; i < n; i += 4096)
        p[i] = 1;
    return 0;
}

static DWORD open_handles(uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        if (!CreateEventW(NULL, TRUE, FALSE, NULL))
            return GetLastError();
    return 0;
}

static DWORD WINAPI stay(void *nothing)
{
    (void)nothing;
    Sleep(INFINITE);
    return 0;
}

static DWORD start_threads(uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        HANDLE h = CreateThread(NULL, 1 << 16, stay, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
        if (!h)
            return GetLastError();
        CloseHandle(h);
    }
    return 0;
}

static DWORD start_children(uint64_t n)
{
    DWORD code = 0;
    for (uint64_t i = 0; i < n && !code; i++)
        code = start_child(L"--hold", 0);
    return code;
}

static void grow(const struct worker *w, const char *name, const wchar_t *text, uint64_t step,
                 DWORD (*more)(uint64_t))
{
    uint64_t total = number(text), done = 0;
    while (done < total) {
        uint64_t n = next_step(w, done, total, step);
        DWORD code = more(n);
        if (code) {
            say(STD_OUTPUT_HANDLE, "%s error %lu after %llu\n", name, code,
                (unsigned long long)done);
            return;
        }
        done += n;
    }
    say(STD_OUTPUT_HANDLE, "%s ok %llu\n", name, (unsigned long long)done);
}

void act_leak(struct worker *w, wchar_t **v)
{
    grow(w, "leak", v[0], w->step ? w->step : 1 << 20, commit);
}

void act_handles(struct worker *w, wchar_t **v)
{
    grow(w, "handles", v[0], w->step ? w->step : 100, open_handles);
}

void act_threads(struct worker *w, wchar_t **v)
{
    grow(w, "threads", v[0], w->step ? w->step : 1, start_threads);
}

void act_fork(struct worker *w, wchar_t **v)
{
    grow(w, "fork", v[0], w->step ? w->step : 1, start_children);
}

/* By its own clock: on a busy machine MS of CPU time take longer than MS. */
void act_burn(struct worker *w, wchar_t **v)
{
    FILETIME created, ended, kernel, user;
    ULARGE_INTEGER used = {.QuadPart = 0};
    uint64_t want = number(v[0]) * 10000, from = 0;
    volatile uint64_t x = 1;
    (void)w;
    for (BOOL first = TRUE; first || used.QuadPart - from < want; first = FALSE) {
        for (int i = 0; i < 100000 && !first; i++)
            x = x * 6364136223846793005u + 1;
        if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user))
            exit(3);
        used.LowPart = user.dwLowDateTime;
        used.HighPart = user.dwHighDateTime;
        from = first ? used.QuadPart : from;
    }
    say(STD_OUTPUT_HANDLE, "burn ok %ls\n", v[0]);
}
