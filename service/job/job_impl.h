/* job_impl.h - what job.c, pids.c and members.c share; nobody else includes it. */
#ifndef JW_JOB_JOB_IMPL_H
#define JW_JOB_JOB_IMPL_H

#include "service/job/job.h"

struct ending {
    DWORD pid;
    HANDLE process; /* SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION */
};

struct job {
    HANDLE h;
    struct kernel_limits limits; /* as they were set last */
    void *ids;                   /* of job_pids(), with room for so many */
    size_t ids_room;
    struct ending *ending; /* members at the time of job_terminate() that may not be gone yet */
    size_t ending_n;
};

/* Adds the present members to j->ending, those not already there. */
void ending_collect(struct job *j);

#endif
