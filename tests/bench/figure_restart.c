/* figure_restart.c - from a worker's start to its next start, for one that exits at once. */
#include "tests/bench/bench.h"

#include <stdio.h>

enum { RESTARTS = 60 };

static double floor_once(void)
{
    struct starts s = starts_open();
    double began = 0;
    for (size_t i = 0; i <= RESTARTS; i++) {
        PROCESS_INFORMATION pi = bare_start(child_command(&s, false));
        starts_wait(&s, 1);
        if (i == 0)
            began = now_ms();
        WaitForSingleObject(pi.hProcess, WAIT_MS);
        CloseHandle(pi.hProcess);
    }
    double ms = (now_ms() - began) / RESTARTS;
    starts_close(&s);
    return ms;
}

static double ours_once(const char *more)
{
    struct starts s = starts_open();
    char text[2048];
    snprintf(text, sizeof text,
             "[service]\nname = jwbench\n[job:w]\ncommand = %s\nrestart_delay = 0\n"
             "start_limit = 0\n%s",
             child_command(&s, false), more);
    struct warden f = warden_start(text);
    starts_wait(&s, 1);
    double began = now_ms();
    starts_wait(&s, RESTARTS);
    double ms = (now_ms() - began) / RESTARTS;
    warden_end(&f);
    starts_close(&s);
    return ms;
}

void figure_restart(size_t samples)
{
    struct sample logged[SAMPLES_MAX], quiet[SAMPLES_MAX];
    for (size_t i = 0; i < samples; i++) {
        logged[i].floor = quiet[i].floor = floor_once();
        logged[i].ours = ours_once("");
        quiet[i].ours = ours_once("stdout = null\n");
    }
    report_ratio("restart, output to a log file", "ms", logged, samples, false, "1.15");
    report_ratio("restart, output to null", "ms", quiet, samples, false, "1.15");
}
