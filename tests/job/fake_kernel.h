/* fake_kernel.h - a kernel that keeps what Windows keeps, refuses what Windows refuses, and
 * remembers how it was asked.  Real processes it has none. */
#ifndef JW_TESTS_JOB_FAKE_KERNEL_H
#define JW_TESTS_JOB_FAKE_KERNEL_H

#include "service/job/kernel_impl.h"

enum { FAKE_CALLS = 64, FAKE_JOBS = 8, FAKE_CLASSES = 40 };

struct fake_call {
    HANDLE job;
    int class;
    DWORD n;
    unsigned char bytes[sizeof(struct kernel_limits)];
};

struct fake_job {
    bool open;
    struct kernel_limits has;
    uint64_t time_at, notify_at; /* used CPU time at which they are reached; 0: none */
};

struct fake_kernel {
    struct fake_call call[FAKE_CALLS]; /* those on the first job, since the last fake_forget() */
    size_t calls, scratches;           /* how many scratch jobs were ever made */
    struct fake_job job[FAKE_JOBS];
    uint64_t used;
    /* To be refused: a class at all; these flags of class 9; or the Nth call on the first job. */
    DWORD refuse[FAKE_CLASSES], refuse_flags, refuse_flags_with;
    size_t refuse_call; /* counted from 1; 0: none */
    bool only_first;    /* refuses on the first job alone */
};

/* Fixtures of one test; *state becomes a struct fake_kernel.  No scratch job of it may be left. */
int fake_set_up(void **state);
int fake_tear_down(void **state);
/* For a machine of one group of processors, or where L names processors of one of two. */
struct kernel_limits fake_map(const struct limits *l);

/* The first job is there and open. */
void fake_start(struct fake_kernel *f);
HANDLE fake_job(void); /* the first */
struct kernel_calls fake_calls(struct fake_kernel *f);
void fake_forget(struct fake_kernel *f);
/* kernel_write() on the first job, with what it has used; earlier calls are forgotten. */
enum st fake_write(struct fake_kernel *f, const struct kernel_limits *now,
                   const struct kernel_limits *before, struct err *e);
size_t fake_open(const struct fake_kernel *f); /* jobs beside the first */

#endif
