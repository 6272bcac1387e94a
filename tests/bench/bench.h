/* bench.h - figures beside their floors, measured in the same run, in turn.  One thread. */
#ifndef JW_TESTS_BENCH_H
#define JW_TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

enum { SAMPLES_MAX = 31, WAIT_MS = 120000 };

struct sample {
    double floor, ours;
};

/* Prints one figure: medians, and the ratio ours / floor (or floor / ours where more is better)
 * pair by pair as median, least and greatest, beside the aim. */
void report_ratio(const char *name, const char *unit, const struct sample *s, size_t n,
            bool more_is_better, const char *aim);

/* The same where what counts is the difference: medians, and ours - floor pair by pair.  AIM is
 * NULL where none is set. */
void report_more(const char *name, const char *unit, const struct sample *s, size_t n,
                 const char *aim);

double now_ms(void);
void die(const char *what);
/* Committed private memory. */
double private_kib(HANDLE process);

/* A semaphore that children release when they run. */
struct starts {
    HANDLE semaphore;
    char name[64];
};
struct starts starts_open(void);
void starts_wait(const struct starts *s, size_t n);
void starts_close(struct starts *s);

/* A jobwarden.exe in the foreground over the job file TEXT, without a console window. */
struct warden {
    PROCESS_INFORMATION process;
    wchar_t folder[MAX_PATH];
};
struct warden warden_start(const char *text);
void warden_end(struct warden *f); /* hard; kill-on-close ends the workers */

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
void figure_control(size_t samples);
void figure_status(size_t samples);
void figure_reload(size_t samples);

#endif
