/* attributes.h - the attribute list of one CreateProcess: inherited handles, and the job. */
#ifndef JW_PROCESS_ATTRIBUTES_H
#define JW_PROCESS_ATTRIBUTES_H

#include "common/status.h"

#include <windows.h>

#include <stdbool.h>

/* The list points into this struct: it must not move between make and free. */
struct attributes {
    LPPROC_THREAD_ATTRIBUTE_LIST list;
    HANDLE job;
    HANDLE inherited[3];
    size_t n;
};

/* IO are the three standard handles, all of them real and inheritable; they may be the same.  With
 * JOB == NULL the list names no job.  On failure *a is empty and e->os is the reason. */
enum st attributes_make(struct attributes *a, const HANDLE io[3], HANDLE job, struct err *e);
/* Empty attributes are allowed. */
void attributes_free(struct attributes *a);

#endif
