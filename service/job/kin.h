/* kin.h - which of some processes are whose children.  Pure, but for its own memory. */
#ifndef JW_JOB_KIN_H
#define JW_JOB_KIN_H

#include "common/status.h"
#include "service/limits/usage.h"

struct kin {
    size_t index; /* in the processes given */
    size_t depth; /* 0: without a parent among them */
};

/* Fills RET (N of them): every process once, parents before their children, brothers by their time
 * of creation, then by pid.  A parent that was created after its child is none: that pid was used
 * again.  PROC in any order, each pid once.  ST_NOMEM. */
enum st kin_order(const struct proc *proc, size_t n, struct kin *ret);

#endif
