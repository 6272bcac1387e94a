/* violation.h - the kernel's two violation records in our one form.  Pure. */
#ifndef JW_JOB_VIOLATION_H
#define JW_JOB_VIOLATION_H

#include "service/job/abi.h"
#include "service/limits/violation.h"

/* Class 34. */
struct violation violation_from_34(const struct jw_violation_2 *v);
/* Class 13, which knows no lower bound of memory and no network: its memory limit is the upper
 * bound, its one rate that of the CPU; the bits have the same numbers. */
struct violation violation_from_13(const JOBOBJECT_LIMIT_VIOLATION_INFORMATION *v);

#endif
