/* harness_limits.h - what the tests of limits have in common. */
#ifndef JW_TESTS_E2E_HARNESS_LIMITS_H
#define JW_TESTS_E2E_HARNESS_LIMITS_H

#include "harness.h"

/* The first line of a job file, which is then still in [service]. */
#define OFTEN "sample_interval = 200ms\n"
/* The first restart comes at once, the next one never. */
#define TWICE "restart_delay = 1h\nrestart_delay_max = 1h\n"
/* A worker that waits for the file `go` and then takes 1 MiB every 10 ms, up to 128 MiB. */
#define LEAK "@worker --wait-file go --leak 134217728 --step-wait 10 --hold"

enum { MIB = 1 << 20 };
/* Exit code of what was terminated. */
#define TERMINATED 0xE0000001u

/* Waits for the start of the service; skips the test unless its sampler holds KEY, which somebody
 * in the job file must use.  What the kernel does instead is shown by tests/enforce. */
void sampler_must_hold(struct world *w, const char *key);
/* Makes an empty file in the world's folder. */
void make_file(struct world *w, const char *name);
/* Writes a batch file; each @worker in its TEXT becomes the quoted path of the test worker. */
void make_batch(struct world *w, const char *name, const char *text);
/* Until JOB has exactly N processes, those that end not counted. */
void await_people(HANDLE job, size_t n, struct people *ret);
/* The pid of the Nth (from 0) `child PID` that a worker printed to FILE. */
DWORD child_pid(struct world *w, const char *file, size_t nth);
void expect_lines(struct world *w, const char *pattern, size_t n);

#endif
