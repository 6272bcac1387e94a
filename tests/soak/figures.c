/* figures.c - one snapshot of the system, as Wine is wrong about handles asked for by process. */
#include "figures.h"

#include <psapi.h>
#include <stdlib.h>
#include <winternl.h>

enum { SNAPSHOT_BYTES = 4 << 20, ALL_PROCESSES = 5 };

/* The beginning of SYSTEM_PROCESS_INFORMATION; SDKs differ in what they show of it. */
struct process_row {
    ULONG next;
    ULONG threads;
    LARGE_INTEGER reserved[3];
    LARGE_INTEGER created, user, kernel;
    UNICODE_STRING image;
    LONG priority;
    HANDLE pid;
    HANDLE parent;
    ULONG handles;
};

static void count(DWORD pid, struct figures *f)
{
    char *snapshot = malloc(SNAPSHOT_BYTES);
    ULONG used = 0;
    assert_non_null(snapshot);
    NTSTATUS st = NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)ALL_PROCESSES, snapshot,
                                           SNAPSHOT_BYTES, &used);
    if (st != 0)
        fail_msg("NtQuerySystemInformation: 0x%08lX", (unsigned long)st);
    const struct process_row *row = (const void *)snapshot;
    while ((DWORD)(uintptr_t)row->pid != pid && row->next != 0)
        row = (const void *)((const char *)row + row->next);
    assert_int_equal((DWORD)(uintptr_t)row->pid, pid);
    f->handles = row->handles;
    f->threads = row->threads;
    free(snapshot);
}

struct figures figures_of(HANDLE process)
{
    struct figures f = {0};
    /* Wine leaves PrivateUsage empty; PagefileUsage is the same number on Windows. */
    PROCESS_MEMORY_COUNTERS m = {.cb = sizeof m};
    assert_true(GetProcessMemoryInfo(process, &m, sizeof m));
    f.private_bytes = m.PagefileUsage;
    count(GetProcessId(process), &f);
    return f;
}
