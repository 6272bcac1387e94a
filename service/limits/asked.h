/* asked.h - the processes that are to be ended, as long as they are still there.
 * Pure but for its memory.  Pid and creation time together are a process. */
#ifndef JW_LIMITS_ASKED_H
#define JW_LIMITS_ASKED_H

#include "service/limits/usage.h"

struct asked_one {
    uint32_t pid;
    unsigned before, now; /* bits of the limits for which; before: this sample */
    uint64_t created;
};

struct asked {
    struct asked_one *one;
    size_t n, cap;
};

/* A new sample: forgets those that are not among PROC. */
void asked_look(struct asked *a, const struct proc *const *proc, size_t n);
/* For which limits at an earlier sample, and at this one too. */
unsigned asked_before(const struct asked *a, const struct proc *p);
unsigned asked_now(const struct asked *a, const struct proc *p);
/* When out of memory P is not remembered, and is a new case at the next sample. */
void asked_add(struct asked *a, const struct proc *p, unsigned bit);
void asked_free(struct asked *a); /* and it is empty */

#endif
