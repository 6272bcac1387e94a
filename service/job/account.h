/* account.h - what the kernel itself has counted of a job, and what it says after a notification.
 * Loop thread only. */
#ifndef JW_JOB_ACCOUNT_H
#define JW_JOB_ACCOUNT_H

#include "common/status.h"
#include "service/limits/usage.h"
#include "service/limits/violation.h"

#include <windows.h>

/* Classes 8 (or 1) and 9; a field that this kernel does not keep is 0 (Wine: nearly all). */
enum st job_account(HANDLE job, struct account *ret, struct err *e);

/* What the members commit now, by class 28, which Microsoft does not document (hcsshim uses it);
 * where the kernel does not know it, PEAK. */
uint64_t job_memory(HANDLE job, uint64_t peak);

/* Class 34, or 13 where that is not known.  It must be called after every notification message, or
 * Windows sends no further one.  ST_UNSUPPORTED where the kernel knows neither (Wine).  A seam: the
 * host calls it through a pointer, which a test replaces. */
enum st job_violation(HANDLE job, struct violation *ret, struct err *e);

#endif
