/* counters.c - does a little of everything and looks what of it is counted. */
#include "service/job/snapshot.h"
#include "service/limits/holder.h"
#include "service/win32/file.h"

#include <stdlib.h>
#include <windows.h>

/* Windows may count CPU time in clock ticks of 15.6 ms, Wine in 10 ms. */
enum { WORK_MS = 5, WORK_MAX_MS = 300 };

/* What cannot be read is not counted either, and io is then taken for not kept. */
static void read_something(void)
{
    char *self = path_of_self(), bytes[512];
    wchar_t *path = self ? path_wide(self) : NULL;
    DWORD n = 0;
    HANDLE h = path ? CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL)
                    : INVALID_HANDLE_VALUE;
    if (h != INVALID_HANDLE_VALUE) {
        ReadFile(h, bytes, sizeof bytes, &n, NULL);
        CloseHandle(h);
    }
    free(path);
    free(self);
}

static void burn(ULONGLONG ms)
{
    ULONGLONG until = GetTickCount64() + ms;
    volatile uint64_t x = 1;
    while (GetTickCount64() < until)
        for (int i = 0; i < 1000; i++)
            x = x * 6364136223846793005u + 1;
}

enum st snapshot_counters(struct counters *ret, struct err *e)
{
    struct snapshooter *s = snapshooter_new();
    const struct snapshot *snap = NULL;
    const struct proc *own = NULL;
    ULONGLONG until = GetTickCount64() + WORK_MAX_MS;
    enum st st = s ? ST_OK : err_nomem(e);
    bool counted = false;
    read_something();
    while (st == ST_OK && !counted) {
        st = snapshot_take(s, 0, &snap, e);
        own = st == ST_OK ? snapshot_find(snap, GetCurrentProcessId()) : NULL;
        counted = (own && own->user + own->kernel > 0) || GetTickCount64() >= until;
        if (!counted)
            burn(WORK_MS);
    }
    if (st == ST_OK && !own)
        st = err_say(e, ST_OS, "the list of processes does not have this one");
    if (st == ST_OK)
        *ret = (struct counters){own->commit > 0, own->user + own->kernel > 0,
                                 own->io.read_bytes > 0};
    snapshooter_free(s);
    return st;
}
