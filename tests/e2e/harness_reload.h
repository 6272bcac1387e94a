/* harness_reload.h - a job file that changes under the service. */
#ifndef JW_TESTS_E2E_HARNESS_RELOAD_H
#define JW_TESTS_E2E_HARNESS_RELOAD_H

#include "harness.h"

/* Begins the job file anew, with [service] and its name; job_file() goes on. */
void file_anew(struct world *w);
/* Replaces the file on the disk in one step, as a service may be reading it. */
void file_replace(struct world *w);
/* Asks for a reload and does not wait for its end. */
void reload_ring(struct world *w);
/* Replaces the file, runs `jobwarden.exe reload` and waits for the take-over, whose line must have
 * COUNTS: "same=1 live=0 ...", or a pattern. */
void reload_expect(struct world *w, const char *counts);

/* Fails unless the instance UNIT was started N times in all. */
void expect_starts(struct world *w, const char *unit, size_t n);
/* Fails unless the first line that matches BEFORE comes before the last that matches AFTER; both
 * must be there. */
void expect_order(struct world *w, const char *before, const char *after);

#endif
