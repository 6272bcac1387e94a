/* runs_impl.h - shared by runs.c, helpers.c and tell*.c; nobody else includes it. */
#ifndef JW_HOST_RUNS_IMPL_H
#define JW_HOST_RUNS_IMPL_H

#include "common/random.h"
#include "service/host/batch.h"
#include "service/host/hooks.h"
#include "service/host/port.h"
#include "service/host/runs.h"
#include "service/host/sampler.h"
#include "service/host/seat.h"
#include "service/host/signals.h"
#include "service/job/job.h"
#include "service/process/spawn.h"

struct checks;
struct points;

/* Of one slot. */
struct run {
    struct runs *all;
    uint32_t slot;
    const struct job_spec *spec; /* by which the slot is defined now; NULL: it is free */
    uint64_t id;                 /* 0: no run */
    struct job *job;
    bool again;                /* the name of its job has been ours */
    uint64_t processes_before; /* in that job object, of earlier runs (Wine); else 0 */
    struct child child;
    struct ender ender;
    uv_timer_t alarm;
    struct rearm rearm;     /* of its notification limits */
    struct signals signals; /* stay from run to run */
    HANDLE stdin_write;     /* closing it ends the worker's input; NULL: there is none to end */
    struct batch batch;
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

/* A limit's message that came a short time ago (limit_whose.c). */
struct echo {
    bool upper; /* of the upper whose number is ID, else of the run ID */
    uint64_t id;
    uint32_t number, pid;
    uint64_t first, last; /* of uv_now(): when it was news; when it came last */
};
enum { ECHOES = 64 };

struct runs {
    struct runs_setup set;
    struct sup *sup;
    HANDLE helpers_job; /* unnamed, kill-on-close */
    size_t n;
    struct run **run;       /* one a slot, each alone: libuv and waits point into it */
    bool any_gone;          /* a slot has become free, so a name may be in another slot now */
    uv_timer_t alarm;       /* of SLOT_FLEET */
    struct helper **helper; /* each allocated alone, for the same reason */
    size_t helpers;
    struct random random;
    struct levels *levels;
    struct hooks *hooks;
    struct points *points; /* NULL: none are run */
    struct checks *checks;
    struct sampler *sampler; /* NULL until there is a supervisor */
    struct echo echo[ECHOES];
    size_t echo_turn;
    uv_timer_t rearm;   /* for violation records that were asked too soon */
    uv_timer_t batches; /* batch.c; runs while one is watched */
};

struct run *run_of(struct runs *r, uint64_t id); /* NULL when that run is over */

/* helpers.c */
enum st rung_ask(struct runs *r, struct run *run, const struct rung *rung, struct err *e);
void helpers_end(struct runs *r);

/* slots.c: hands; and what closes the alarms and the signals of all slots. */
enum st slots_room(void *ctx, size_t n, struct err *e);
void slots_adopt(void *ctx, uint32_t slot, const struct job_spec *spec);
void slots_shut(struct runs *r);
/* Gives the open job of AT its limits as they are now; what does not work is an event, and
 * false. */
bool seat_relimit(struct runs *r, const struct seat *at);
/* Tries again what could not be set on the uppers of SLOT, of which a new run begins. */
void slots_apply_uppers(struct runs *r, size_t slot);

/* asking.c: hands, and what they ask. */
enum st asking_new(struct runs *r, struct err *e);
enum st asking_prepare(void *ctx, uint64_t id, const struct job_spec *spec, struct err *e);
void asking_unprepare(void *ctx, uint64_t id);
enum st asking_check(void *ctx, uint64_t id, const struct check *check, struct err *e);
void asking_uncheck(void *ctx, uint64_t id);

/* run.c: a hand; and what ends a run for good, which keeps its account. */
enum st run_spawn(void *ctx, uint64_t id, const struct job_spec *spec, uint32_t *ret_pid,
                  struct err *e);
void run_end(struct runs *r, struct run *run);
/* What the kernel says that this run has used; false where it does not answer. */
bool run_account(const struct run *run, struct account *ret);

/* runs.c */
void runs_on_alarm(uv_timer_t *t);

/* limit_events.c */
void runs_on_rearm(uv_timer_t *t);

/* tell.c */
void runs_tell(void *ctx, const struct tale *t);

#endif
