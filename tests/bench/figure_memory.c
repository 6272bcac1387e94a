/* figure_memory.c - what one more idle instance costs the supervisor.
 *
 * The floor is a program that holds the least for each: a job, a process handle and a wait. */
#include "tests/bench/bench.h"

#include <psapi.h>
#include <stdio.h>

enum { FEW = 10, MANY = 200 };

/* Wine leaves PrivateUsage empty; on Windows both are the same. */
double private_kib(HANDLE process)
{
    PROCESS_MEMORY_COUNTERS m = {.cb = sizeof m};
    if (!GetProcessMemoryInfo(process, &m, sizeof m))
        die("GetProcessMemoryInfo");
    return (double)m.PagefileUsage / 1024.0;
}

static double ours_with(size_t instances)
{
    struct starts s = starts_open();
    char text[2048];
    snprintf(text, sizeof text,
             "[service]\nname = jwbench\n[job:w]\ncommand = %s\ninstances = %u\n",
             child_command(&s, true), (unsigned)instances);
    struct warden f = warden_start(text);
    starts_wait(&s, instances);
    double kib = private_kib(f.process.hProcess);
    warden_end(&f);
    starts_close(&s);
    return kib;
}

static VOID CALLBACK ended(PVOID ctx, BOOLEAN timed_out)
{
    (void)ctx;
    (void)timed_out;
}

static double floor_once(void)
{
    struct starts s = starts_open();
    HANDLE process[MANY], job[MANY], wait[MANY];
    double few = 0;
    for (size_t i = 0; i < MANY; i++) {
        job[i] = CreateJobObjectW(NULL, NULL);
        process[i] = bare_start(child_command(&s, true)).hProcess;
        AssignProcessToJobObject(job[i], process[i]);
        RegisterWaitForSingleObject(&wait[i], process[i], ended, NULL, INFINITE,
                                    WT_EXECUTEONLYONCE);
        starts_wait(&s, 1);
        if (i + 1 == FEW)
            few = private_kib(GetCurrentProcess());
    }
    double kib = (private_kib(GetCurrentProcess()) - few) / (MANY - FEW);
    for (size_t i = 0; i < MANY; i++) {
        TerminateJobObject(job[i], 0);
        UnregisterWaitEx(wait[i], INVALID_HANDLE_VALUE);
        WaitForSingleObject(process[i], WAIT_MS);
        CloseHandle(process[i]);
        CloseHandle(job[i]);
    }
    starts_close(&s);
    return kib;
}

void figure_memory(size_t samples)
{
    struct sample v[SAMPLES_MAX];
    for (size_t i = 0; i < samples; i++) {
        v[i].floor = floor_once();
        double few = ours_with(FEW);
        v[i].ours = (ours_with(MANY) - few) / (MANY - FEW);
    }
    report_ratio("private bytes an idle instance", "KiB", v, samples, false, "16 KiB, not a ratio");
}
