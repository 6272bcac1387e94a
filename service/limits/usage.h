/* usage.h - what processes use: one snapshot of the system, and what a level makes of its part of
 * it.  Portable; plain data.  Times are in units of 100 ns, memory in bytes of commit. */
#ifndef JW_LIMITS_USAGE_H
#define JW_LIMITS_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TICKS_PER_MS = 10000 }; /* of 100 ns */

struct io {
    uint64_t read_ops, write_ops, other_ops;
    uint64_t read_bytes, write_bytes, other_bytes;
};

/* One process.  A counter that the system does not keep (Wine leaves some out) is 0. */
struct proc {
    uint32_t pid, parent;
    uint64_t created; /* 100 ns since 1601; pid and created together name a process for good */
    uint64_t user, kernel;
    uint64_t commit, peak_commit;
    uint64_t page_faults;
    uint32_t threads, handles;
    struct io io;
    bool attendant; /* a console host inside a job, which no limit is meant for (Wine) */
};

/* Every process of the machine at one moment. */
struct snapshot {
    uint64_t at;       /* ms of the loop's clock */
    size_t n;
    struct proc *proc; /* sorted by pid; the snapshot's own */
};

const struct proc *snapshot_find(const struct snapshot *s, uint32_t pid); /* NULL: not there */

/* What accumulates; never falls, and is kept over the restarts of an instance. */
struct account {
    uint64_t user, kernel;
    uint64_t period_user, period_kernel; /* since a job time limit was last set (kernel only) */
    uint64_t page_faults;
    uint64_t processes;  /* ever */
    uint64_t terminated; /* by a limit: the kernel's count, and those that the sampler ended */
    struct io io;
    uint64_t peak_process_commit, peak_commit; /* of one process; of the whole */
};

/* What is so at the moment. */
struct usage {
    uint64_t at; /* ms of the loop's clock; 0: never measured */
    uint64_t commit;
    uint32_t processes, threads, handles; /* attendants are not counted */
    uint32_t cpu; /* since the sample before, hundredths of a percent of the machine; 0 at first */
};

/* What the processes PROC[0..n) hold at the moment, without the attendants among them; `at` and
 * `cpu` are 0, which one look cannot tell. */
struct usage usage_sum(const struct proc *const *proc, size_t n);

/* A = A + B, peaks by the larger. */
void account_add(struct account *a, const struct account *b);
/* Field by field the larger: two lower bounds of one truth (the kernel's own count, where it keeps
 * one, and what was sampled). */
void account_best(struct account *a, const struct account *b);

#endif
