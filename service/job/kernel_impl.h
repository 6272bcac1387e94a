/* kernel_impl.h - what kernel*.c and probe*.c share, and the seam that their tests use; nobody else
 * includes it. */
#ifndef JW_JOB_KERNEL_IMPL_H
#define JW_JOB_KERNEL_IMPL_H

#include "service/job/kernel.h"

/* What is asked of Windows. */
struct kernel_calls {
    void *ctx;
    /* SetInformationJobObject; the Windows error, 0 when it went well. */
    DWORD (*set)(void *ctx, HANDLE job, int class, const void *info, DWORD n);
    /* QueryInformationJobObject, likewise; *ret_n: how much was given. */
    DWORD (*query)(void *ctx, HANDLE job, int class, void *info, DWORD cap, DWORD *ret_n);
    HANDLE (*scratch)(void *ctx); /* a new job without a name; NULL when none can be made */
    void (*close)(void *ctx, HANDLE job);
};
extern const struct kernel_calls kernel_calls_windows;

/* The first class that was refused; code 0: none. */
struct refusal {
    int class;
    DWORD code;
};

/* Writes the classes of NOW in their order, and clears those of BEFORE (NULL: none) that are no
 * more, up to the first refusal. */
struct refusal kernel_put(const struct kernel_calls *c, HANDLE job, const struct kernel_limits *now,
                          const struct kernel_limits *before, uint64_t used_100ns);
/* kernel_limits_set() by C. */
enum st kernel_write(const struct kernel_calls *c, HANDLE job, const struct kernel_limits *now,
                     const struct kernel_limits *before, uint64_t used_100ns, struct err *e);
/* What to tell of a refusal of K; returns e->st. */
enum st kernel_fault(const struct kernel_calls *c, const struct kernel_limits *k, struct refusal r,
                     struct err *e);

/* Where a limit is in the structs. */
struct kernel_row {
    int class;   /* 0: no kernel knows it (guards) */
    DWORD flags; /* in the struct of that class; of class 15 those of the mode */
};
extern const struct kernel_row kernel_rows[LIMITS];

/* The class by which K sets the limit; 0: it does not. */
int kernel_class(const struct kernel_limits *k, enum limit_id id);
/* Back from K, as a job file says them; shares are of the machine.  The set of processors is in
 * GROUP.  What a job file says beside its limits is left 0. */
void kernel_limits_back(const struct kernel_limits *k, struct limits *ret,
                        struct cpu_group group[CPU_GROUPS_MAX]);
DWORD kernel_priority(enum priority p);

/* The limit alone, with what it needs beside it (a rate for its notification). */
void kernel_only(const struct kernel_limits *k, enum limit_id id, struct kernel_limits *ret);

#endif
