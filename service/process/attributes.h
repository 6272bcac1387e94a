/* attributes.h - the attribute list of one CreateProcess: inherited handles, and the jobs. */
#ifndef JW_PROCESS_ATTRIBUTES_H
#define JW_PROCESS_ATTRIBUTES_H

#include "common/status.h"

#include <windows.h>

#include <stddef.h>

/* The list points into this struct, and to the jobs that it was made with: neither may move between
 * make and free. */
struct attributes {
    LPPROC_THREAD_ATTRIBUTE_LIST list;
    const HANDLE *jobs;
    size_t jobs_n;
    HANDLE inherited[3];
    size_t n;
};

/* IO are the three standard handles, all of them real and inheritable; they may be the same.  JOBS
 * from the root down; with JOBS_N == 0 the list names no job.  On failure *a is empty and e->os is
 * the reason. */
enum st attributes_make(struct attributes *a, const HANDLE io[3], const HANDLE *jobs, size_t jobs_n,
                        struct err *e);
/* Empty attributes are allowed. */
void attributes_free(struct attributes *a);

#endif
