/* runs_impl.h - shared by runs.c, helpers.c and tell.c; nobody else includes it. */
#ifndef JW_HOST_RUNS_IMPL_H
#define JW_HOST_RUNS_IMPL_H

#include "common/random.h"
#include "service/host/runs.h"
#include "service/job/job.h"
#include "service/process/spawn.h"

/* What the wait pool needs to tell the loop: values only, never a pointer to what the loop owns. */
struct ender {
    HANDLE port;
    uint64_t key;
};

struct run {
    struct runs *all;
    uint64_t id; /* 0: no run */
    struct job *job;
    bool again; /* the name of its job has been ours */
    struct child child;
    struct ender ender;
    uv_timer_t alarm;
};

/* A short-lived process that performs one stop rung. */
struct helper {
    bool used;
    uint64_t id; /* of the run it is for */
    enum rung_kind rung;
    HANDLE target;     /* whose console it is for: held, so that the pid stays that process' */
    uint64_t deadline; /* of uv_now(); then it hangs */
    struct child child;
    struct ender ender;
};

struct runs {
    struct runs_setup set;
    struct sup *sup;
    HANDLE helpers_job; /* unnamed, kill-on-close */
    size_t n;
    struct run *run;        /* one a slot; never moves, libuv and waits point into it */
    struct helper **helper; /* each allocated alone, for the same reason */
    size_t helpers;
    struct random random;
};

struct run *run_of(struct runs *r, uint64_t id); /* NULL when that run is over */
void ender_post(void *ctx);                      /* of a wait: posts the ender's key */

/* helpers.c */
enum st helper_ask(struct runs *r, struct run *run, const struct rung *rung, struct err *e);
void helpers_end(struct runs *r);

/* tell.c */
void runs_tell(void *ctx, const struct tale *t);

#endif
