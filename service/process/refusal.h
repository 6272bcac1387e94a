/* refusal.h - why a job did not take a process, for the operator.  Loop thread only. */
#ifndef JW_PROCESS_REFUSAL_H
#define JW_PROCESS_REFUSAL_H

#include "service/process/spawn.h"

#define REFUSED_BY_SOME SIZE_MAX

/* *e says that starting S failed; adds the reason and what to do, where the jobs show one.  LEVEL:
 * index of the job that refused, or REFUSED_BY_SOME when that is not known.  Errors that come
 * neither from a limit nor from nesting are left as they are. */
void refusal_explain(const struct spawn *s, size_t level, struct err *e);

#endif
