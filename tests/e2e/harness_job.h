/* harness_job.h - Job Objects as an outsider sees them: by name. */
#ifndef JW_TESTS_E2E_HARNESS_JOB_H
#define JW_TESTS_E2E_HARNESS_JOB_H

#include "harness_process.h"

enum { PEOPLE_MAX = 256 };

/* Processes that the test holds open, so that their ids and exit codes stay theirs. */
struct people {
    size_t n;
    HANDLE process[PEOPLE_MAX];
};

/* A handle that may only ask; the test fails when there is no job of that name. */
HANDLE job_open(const char *name);
bool job_exists(const char *name);
/* Its processes now, but for console hosts, which Wine puts into the job. */
void job_people(HANDLE job, struct people *add);
/* Until none of them is in its first moments, when an end by force can bring down Wine 8's server:
 * it takes a descriptor that such a process sent for one of a thread that is gone. */
void job_settle(HANDLE job);
bool job_has(HANDLE job, HANDLE process);

bool people_all_gone(const struct people *p);
bool people_all_alive(const struct people *p);
/* The test fails if one of them does not end. */
void people_wait_gone(const struct people *p);
void people_close(struct people *p);

#endif
