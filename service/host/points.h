/* points.h - the commands of a job that run at points of its life: before a start, when it is
 * ready, after a run, and when it is given up.  (hook_limit is in limit_act.c.)  Loop thread only.
 *
 * It decides nothing: the supervisor says what happens.  What each hook finds in its environment is
 * in docs/operations.md. */
#ifndef JW_HOST_POINTS_H
#define JW_HOST_POINTS_H

#include "service/host/hooks.h"
#include "service/supervise/hands.h"

struct points;

struct points_setup {
    struct hooks *hooks;
    struct logger *logger;
    /* Once for each hook_pre_start that was begun and not ended; TEXT when not OK: why. */
    void (*prepared)(void *ctx, uint64_t id, bool ok, const char *text);
    void *ctx;
};

/* What SETUP points to must outlive it.  The caller owns *ret. */
enum st points_new(const struct points_setup *setup, struct points **ret, struct err *e);
void points_free(struct points *p); /* after hooks_shut(); NULL is allowed */

/* Begins SPEC's hook_pre_start, which it has, for the run ID that is to be; prepared() follows,
 * never from inside this call.  On failure there is no answer, and e->text says why. */
enum st points_prepare(struct points *p, uint64_t id, const struct job_spec *spec, struct err *e);
/* Ends that hook, if there is one, which answers no more. */
void points_unprepare(struct points *p, uint64_t id);

/* Runs the hook for what has happened, where the unit's job has one, and waits for nobody.  P may
 * be NULL. */
void points_happened(struct points *p, const struct tale *t);

#endif
