/* court.h - a job with limits on it as the program sets them, workers in it, and what the kernel
 * says. All of it is closed by the tear-down. */
#ifndef JW_TESTS_ENFORCE_COURT_H
#define JW_TESTS_ENFORCE_COURT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "service/job/account.h"
#include "service/job/job.h"
#include "service/job/machine.h"
#include "service/job/probe.h"
#include "tests/job/ear.h"

enum { COURT_LIMIT_MS = 60000, COURT_JOBS = 2, COURT_WORKERS = 256, COURT_MIB = 1 << 20 };

struct court {
    struct machine machine;
    struct probe probe;
    SECURITY_ATTRIBUTES sa;
    HANDLE port;
    struct job *job[COURT_JOBS]; /* from the root down; the keys of their packets are 1 and 2 */
    size_t jobs;
    struct worker {
        HANDLE process;
        DWORD pid;
        struct ear ear;
    } worker[COURT_WORKERS];
    size_t workers;
};

int court_open(void **state);
int court_close(void **state);

/* Skip the test, with the reason: unless the kernel holds ID here; for REASON. */
void court_needs(const struct court *c, enum limit_id id);
void court_skip(const char *reason);

/* One more job, below those that are there. */
struct job *court_job(struct court *c, const struct limits *l);
struct kernel_limits court_map(const struct court *c, const struct limits *l);

/* worker.exe SWITCHES, or COMMAND, inside all jobs before its first instruction. */
struct worker *court_start(struct court *c, const char *switches);
struct worker *court_run(struct court *c, const char *command);
/* Until it has said TEXT, which a number may follow; returns what follows. */
const char *court_hear(struct worker *w, const char *text);
/* Its exit code, once it has ended. */
DWORD court_end(struct worker *w);
bool court_alive(const struct worker *w);
/* Waits for job message NUMBER of the innermost job and returns its pid; others are thrown away. */
DWORD court_message(struct court *c, DWORD number);
/* Whether NUMBER was among what has been posted before the start of a process that is made for
 * this. */
bool court_said_before(struct court *c, DWORD number);

#define COURT(f) cmocka_unit_test_setup_teardown(f, court_open, court_close)

#endif
