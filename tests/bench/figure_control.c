/* figure_control.c - what a service that nobody asks pays for being asked: the control room, the
 * pipe's thread, the loop's thread; and a full journal.
 *
 * The floor is two threads that wait and one instance of a pipe. */
#include "tests/bench/bench.h"
#include "tests/bench/control.h"
#include "tests/bench/simulated.h"

#include "service/control/journal.h"

#include <process.h>
#include <stdio.h>

enum { LINE_BYTES = 160 };

static unsigned __stdcall wait_for(void *event)
{
    WaitForSingleObject(event, INFINITE);
    return 0;
}

static double floor_once(void)
{
    double before = private_kib(GetCurrentProcess());
    HANDLE thread[2], end = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE pipe = CreateNamedPipeW(L"\\\\.\\pipe\\jwbench-idle", PIPE_ACCESS_DUPLEX,
                                   PIPE_TYPE_BYTE, 1, 65536, 65536, 0, NULL);
    for (int i = 0; i < 2; i++)
        thread[i] = (HANDLE)_beginthreadex(NULL, 0, wait_for, end, 0, NULL);
    if (!end || pipe == INVALID_HANDLE_VALUE || !thread[0] || !thread[1])
        die("the floor could not be made");
    Sleep(200); /* until they wait */
    double kib = private_kib(GetCurrentProcess()) - before;
    SetEvent(end);
    WaitForMultipleObjects(2, thread, TRUE, WAIT_MS);
    CloseHandle(thread[0]);
    CloseHandle(thread[1]);
    CloseHandle(pipe);
    CloseHandle(end);
    return kib;
}

static double ours_once(struct sup *s)
{
    double before = private_kib(GetCurrentProcess());
    struct bench_control *c = bench_control_start("jwbench-control", s);
    Sleep(200);
    double kib = private_kib(GetCurrentProcess()) - before;
    bench_control_stop(c);
    return kib;
}

static double journal_once(void)
{
    char line[LINE_BYTES];
    for (size_t i = 0; i < sizeof line; i++)
        line[i] = 'x';
    double before = private_kib(GetCurrentProcess());
    struct journal *j = journal_new();
    for (int i = 0; j && i < JOURNAL_LINES; i++)
        journal_add(j, i, LOG_INFO, (struct str){line, sizeof line});
    double kib = private_kib(GetCurrentProcess()) - before;
    journal_free(j);
    return kib;
}

void figure_control(size_t samples)
{
    struct sample v[SAMPLES_MAX];
    struct buf text = {0};
    struct simulated fleet;
    buf_z(&text, "[service]\nname = Bench\n[job:a]\ncommand = a.exe\n");
    struct simulated_load holds = simulated_load(&text);
    simulated_start(&fleet, holds.config);
    double journal = journal_once();
    for (size_t i = 0; i < samples; i++) {
        v[i].floor = floor_once();
        v[i].ours = ours_once(fleet.sup);
    }
    report_more("private bytes of pipe and control", "KiB", v, samples, NULL);
    printf("%-34s %12.0f KiB of %d lines\n", "  and of a full journal", journal,
           (int)JOURNAL_LINES);
    sup_free(fleet.sup);
    simulated_unload(&holds);
    buf_free(&text);
}
