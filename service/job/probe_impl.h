/* probe_impl.h - the probe by a seam, for its tests. */
#ifndef JW_JOB_PROBE_IMPL_H
#define JW_JOB_PROBE_IMPL_H

#include "service/job/kernel_impl.h"
#include "service/job/probe.h"

/* The row of each limit by what C answers. */
enum st probe_rows(const struct kernel_calls *c, const struct machine *m,
                   struct probe_row ret[LIMITS], struct err *e);
/* Definitions that set one limit, with what it needs beside it, for M. */
void probe_sample(enum limit_id id, const struct machine *m, struct limits *ret);

#endif
