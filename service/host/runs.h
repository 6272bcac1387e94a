/* runs.h - the living side of the fleet: for each slot its job, process, alarm; and the helpers
 * that perform stop rungs.  These are the hands of the supervisor.  Loop thread only. */
#ifndef JW_HOST_RUNS_H
#define JW_HOST_RUNS_H

#include "config/spec.h"
#include "service/host/logger.h"
#include "service/host/switches.h"
#include "service/supervise/sup.h"

#include <uv.h>
#include <windows.h>

struct runs;

struct runs_setup {
    const struct config *config;
    const char *prefix; /* "Global\" or "Local\" */
    HANDLE port;
    const SECURITY_ATTRIBUTES *security;
    struct logger *logger;
    struct output *output;
    uv_loop_t *loop;
    struct switches switches;
};

/* Everything in SETUP must outlive it.  The caller owns *ret. */
enum st runs_new(const struct runs_setup *setup, struct runs **ret, struct err *e);
/* The hands; the supervisor to be told of alarms is set once it exists. */
struct hands runs_hands(struct runs *r);
void runs_serve(struct runs *r, struct sup *s);
/* A helper (the slot of its packet) has ended: its rung has worked, or the supervisor is told. */
void runs_helper_ended(struct runs *r, uint32_t helper);
/* Ends helpers that hang; for a slow timer. */
void runs_look_at_helpers(struct runs *r);
/* Every run over: ends helpers, closes the alarms.  Then the loop is to be run dry before
 * runs_free(). */
void runs_shut(struct runs *r);
void runs_free(struct runs *r); /* NULL is allowed */

#endif
