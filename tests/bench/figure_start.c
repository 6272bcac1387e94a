/* figure_start.c - until 100 instances run, from the start of the program. */
#include "tests/bench/bench.h"

#include <stdio.h>

enum { INSTANCES = 100 };

static double floor_once(void)
{
    struct starts s = starts_open();
    HANDLE process[INSTANCES];
    double began = now_ms();
    for (size_t i = 0; i < INSTANCES; i++)
        process[i] = bare_start(child_command(&s, true)).hProcess;
    starts_wait(&s, INSTANCES);
    double ms = now_ms() - began;
    for (size_t i = 0; i < INSTANCES; i++)
        TerminateProcess(process[i], 0);
    for (size_t i = 0; i < INSTANCES; i++) {
        WaitForSingleObject(process[i], WAIT_MS);
        CloseHandle(process[i]);
    }
    starts_close(&s);
    return ms;
}

static double ours_once(void)
{
    struct starts s = starts_open();
    char text[2048];
    snprintf(text, sizeof text,
             "[service]\nname = jwbench\n[job:w]\ncommand = %s\ninstances = %d\n",
             child_command(&s, true), INSTANCES);
    double began = now_ms();
    struct warden f = warden_start(text);
    starts_wait(&s, INSTANCES);
    double ms = now_ms() - began;
    warden_end(&f);
    starts_close(&s);
    return ms;
}

void figure_start(size_t samples)
{
    struct sample v[SAMPLES_MAX];
    for (size_t i = 0; i < samples; i++) {
        v[i].floor = floor_once();
        v[i].ours = ours_once();
    }
    report_ratio("100 instances running", "ms", v, samples, false, "1.15");
}
