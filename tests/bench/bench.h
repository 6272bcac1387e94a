/* bench.h - figures beside their floors, measured in the same run, in turn.  One thread. */
#ifndef JW_TESTS_BENCH_H
#define JW_TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

enum { SAMPLES_MAX = 15, WAIT_MS = 120000 };

struct sample {
    double floor, ours;
};

/* Prints one figure: medians, and the ratio ours / floor (or floor / ours where more is better)
 * pair by pair as median, least and greatest, beside the aim. */
void report(const char *name, const char *unit, const struct sample *s, size_t n,
            bool more_is_better, const char *aim);

double now_ms(void);
void die(const char *what);

/* A semaphore that children release when they run. */
struct starts {
    HANDLE semaphore;
    char name[64];
};
struct starts starts_open(void);
void starts_wait(const struct starts *s, size_t n);
void starts_close(struct starts *s);

/* A jobwarden.exe in the foreground over the job file TEXT, without a console window. */
struct fleet {
    PROCESS_INFORMATION process;
    wchar_t folder[MAX_PATH];
};
struct fleet fleet_start(const char *text);
void fleet_end(struct fleet *f); /* hard; kill-on-close ends the workers */

/* The command line of the child, UTF-8, in a static buffer. */
const char *child_command(const struct starts *s, bool hold);
/* Starts COMMAND like a supervisor without a supervisor would: no window, output to nowhere. */
PROCESS_INFORMATION bare_start(const char *command);

void figure_restart(size_t samples);
void figure_start(size_t samples);
void figure_packets(size_t samples);
void figure_memory(size_t samples);
void figure_limits(size_t samples);
void figure_sampler(size_t samples);
void figure_health(size_t samples);

#endif
