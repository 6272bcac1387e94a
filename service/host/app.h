/* app.h - the program: joins the rooms, owns the loop.
 *
 * app_open, app_run and app_close belong to one thread, the loop's.  app_stop, app_stop_now and
 * app_reload may be called from any thread between app_open and app_close. */
#ifndef JW_HOST_APP_H
#define JW_HOST_APP_H

#include "config/recording.h"
#include "config/spec.h"
#include "service/supervise/policy.h"

#include <stdbool.h>

struct app;

/* Who is told how far the program is; each member may be NULL.  Called on the loop's thread. */
struct app_front {
    void *ctx;
    void (*running)(void *ctx);
    /* Once a second while the fleet stops; HINT_MS: the longest that it may still take. */
    void (*stopping)(void *ctx, uint32_t hint_ms);
};

struct app_options {
    bool console; /* log to the console, and end when nothing will run again */
    struct app_front front;
    const char *warnings;   /* of the job file, one a line, for the log; NULL: none */
    struct recording *read; /* what C was loaded from; NULL: `set` is refused */
};

/* Takes C and what it was loaded from over, also when it fails.  Takes the service's name (a second
 * one of the same name is ST_EXISTS), opens the log and makes the port and its thread; starts no
 * worker. */
enum st app_open(struct config *c, const struct app_options *o, struct app **ret, struct err *e);

/* Starts the fleet and returns when all of it is down.  The exit code of the program: 0, or 1 when
 * a unit with start_limit_action = exit-service gave up, or, in the foreground, when any failed or,
 * once terminated, does not end. */
int app_run(struct app *a);

/* Ends threads, closes everything and frees A.  NULL is allowed. */
void app_close(struct app *a);

/* BUDGET_MS 0, or more than it: stop_timeout. */
void app_stop(struct app *a, enum cause cause, uint64_t budget_ms);
void app_stop_now(struct app *a);

/* Reads the job file again and takes over what has changed; the log says how it went. */
void app_reload(struct app *a);
/* The same if there is anything new in it.  As app_reload(). */
void app_reload_changed(struct app *a);

#endif
