/* crew.h - a job with test workers in it, for the tests of what is measured. */
#ifndef JW_TESTS_JOB_CREW_H
#define JW_TESTS_JOB_CREW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "service/job/job.h"
#include "service/job/snapshot.h"
#include "tests/job/ear.h"

enum { CREW_LIMIT_MS = EAR_LIMIT_MS };

struct crew {
    SECURITY_ATTRIBUTES sa;
    HANDLE port;
    struct job *job;
    struct snapshooter *shooter;
};

/* Fixtures of one test; *state becomes a struct crew. */
int crew_setup(void **state);
int crew_teardown(void **state);

struct hand {
    HANDLE process;
    DWORD pid;
    struct ear ear;
};

/* worker.exe SWITCHES in the crew's job, without a console. */
void crew_start(struct crew *c, const char *switches, struct hand *ret);
/* The same with a console of its own that has no window. */
void crew_start_with_console(struct crew *c, const char *switches, struct hand *ret);
/* Waits until it has said TEXT; returns what follows it. */
const char *crew_wait(struct hand *h, const char *text);
/* Ends it if it still runs. */
void crew_dismiss(struct hand *h);

const struct snapshot *crew_snapshot(struct crew *c);
/* Its entry in a snapshot of now. */
struct proc crew_proc(struct crew *c, DWORD pid);
/* Handles that this process has open. */
unsigned crew_handles(void);

#endif
