/* level_impl.h - what the files of a level share; nobody else includes it. */
#ifndef JW_LIMITS_LEVEL_IMPL_H
#define JW_LIMITS_LEVEL_IMPL_H

#include "service/limits/asked.h"
#include "service/limits/level.h"

enum { LEVEL_TOTALS = 3 }; /* notify_job_time and both notify_io_* */

/* What has been reached in the present Job Object. */
struct level_state {
    struct asked asked;
    struct crossing crossing[LIMIT_REACHABLE];
    struct crossing_pids timed;       /* told of process_time_limit by the kernel */
    uint64_t threshold[LEVEL_TOTALS]; /* as of the last level_thresholds(); 0: as configured */
    bool by_kernel[LEVEL_TOTALS];     /* the kernel said that it was reached */
};

/* Most of a large fleet set no limit that can be reached, so what only those need is apart. */
struct level {
    enum level_kind kind;
    uint32_t cpus;
    const struct limits *limits;
    const struct holders *holders;
    struct level_state *state; /* NULL: no limit that can be reached was set so far */
    struct meter *meter;       /* NULL: no Job Object, or nothing for the sampler to hold so far */
    bool begun;                /* there is a Job Object */
    uint64_t terminated;       /* in it, by the sampler */
    struct account past;       /* of the Job Objects before */
};

/* What has been reached in a Job Object that was just made: nothing. */
void level_forget(struct level_state *s);
/* Which of `threshold` is that of ID; LEVEL_TOTALS: none. */
size_t level_total(enum limit_id id);
/* What is set for ID, 0 for no limit. */
uint64_t level_value(const struct level *v, enum limit_id id);
/* The Job Object commits so much: re-arms what was on the other side. */
void level_memory_seen(struct level *v, uint64_t commit);

/* One sample on its way through the limits. */
struct pass {
    struct level *v;
    const struct proc *const *proc;
    size_t n;
    uint64_t at;
    bool metered; /* else out of memory: cpu is not known, the account that of an earlier sample */
    struct usage usage;
    struct account account;
    struct reached *out;
    size_t made;
};

/* Whether the sampler holds ID, and it is set. */
bool pass_held(const struct pass *p, enum limit_id id);
/* One more in `out`, where the caller has made sure of the room. */
struct reached *pass_put(struct pass *p, enum limit_id id, uint64_t measured);
void pass_processes(struct pass *p);

#endif
