/* weight.h - how much of what a limit is about a process uses.  Pure. */
#ifndef JW_LIMITS_WEIGHT_H
#define JW_LIMITS_WEIGHT_H

#include "config/limits.h"
#include "service/limits/usage.h"

/* Commit, user time, user and kernel time for CPU shares, handles, threads, bytes of input or
 * output; 1 for the number of processes.  Commit for notify_net_rate: no snapshot shows what goes
 * over the net. */
uint64_t weight_of(const struct proc *p, enum limit_id limit);
/* The pid of the heaviest of PROC[0..n), the first of equals, attendants left out; 0 when none
 * weighs anything. */
uint32_t weight_largest(const struct proc *const *proc, size_t n, enum limit_id limit);

#endif
