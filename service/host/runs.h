/* runs.h - the living side of the fleet: for each slot its job, process, alarm; and the helpers
 * that perform stop rungs.  These are the hands of the supervisor.  Loop thread only. */
#ifndef JW_HOST_RUNS_H
#define JW_HOST_RUNS_H

#include "config/spec.h"
#include "service/host/levels.h"
#include "service/host/logger.h"
#include "service/host/switches.h"
#include "service/supervise/sup.h"

#include <uv.h>
#include <windows.h>

struct runs;

struct runs_setup {
    const char *service, *config_dir; /* the service's name, and the folder of the job file */
    uint64_t sample_interval;         /* until runs_commit() */
    const char *prefix; /* "Global\" or "Local\" */
    HANDLE port;
    const SECURITY_ATTRIBUTES *security;
    struct logger *logger;
    struct output *output;
    uv_loop_t *loop;
    const struct machine *machine;
    const struct probe *probe;
    /* job_violation(), or what a test puts in its place. */
    enum st (*violation)(HANDLE job, struct violation *ret, struct err *e);
    struct switches switches;
};

/* Groups and the fleet are as C says; slots come by the hands.  Everything in SETUP must outlive
 * it, C need not.  The caller owns *ret. */
enum st runs_new(const struct runs_setup *setup, const struct config *c, struct runs **ret,
                 struct err *e);
/* The hands.  The supervisor, which is to be told of alarms and limits, is set once it exists; from
 * then on the sampler works. */
struct hands runs_hands(struct runs *r);
enum st runs_serve(struct runs *r, struct sup *s, struct err *e);
struct levels *runs_levels(struct runs *r);
/* A take-over: before sup_take(), which adopts specs of NEXT; and after it, as it went. */
enum st runs_stage(struct runs *r, const struct config *next, struct stage **ret, struct err *e);
void runs_unstage(struct runs *r, struct stage *s);
void runs_commit(struct runs *r, struct stage *s, const struct service_spec *service);
/* For a slow timer: closes what no definition and no slot needs any more. */
void runs_sweep(struct runs *r);
/* A hook (the slot of its packet) has ended. */
void runs_hook_ended(struct runs *r, uint32_t slot);
void runs_check_packet(struct runs *r, uint32_t number); /* of a check has come */
void runs_look_at_hooks(struct runs *r); /* for a slow timer */
bool runs_have_hooks(const struct runs *r); /* that run at the moment */
/* A helper (the slot of its packet) has ended: its rung has worked, or the supervisor is told. */
void runs_helper_ended(struct runs *r, uint32_t helper);
/* Ends helpers that hang; for a slow timer. */
void runs_look_at_helpers(struct runs *r);
/* Every run over: ends helpers, closes the alarms.  Then the loop is to be run dry before
 * runs_free(). */
void runs_shut(struct runs *r);
void runs_free(struct runs *r); /* NULL is allowed */

#endif
