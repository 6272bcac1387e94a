/* reload_impl.h - shared by reload*.c; nobody else includes it. */
#ifndef JW_HOST_RELOAD_IMPL_H
#define JW_HOST_RELOAD_IMPL_H

#include "service/host/app_impl.h"
#include "service/host/watching.h"

/* One thing that is to be done. */
struct reload_job {
    struct reload_job *next;
    uint64_t client; /* 0: nobody waits for it */
    bool dry_run;
    bool set;                  /* else the files are read */
    bool if_changed;           /* and nothing happens when they read the same as last time */
    struct arena *arena;       /* of the overrides */
    struct override *override; /* all that are to hold then */
    size_t overrides;
};

/* Definitions of before, that some unit may still go by. */
struct former {
    struct former *next;
    struct config *config;
};

struct reload {
    struct app *app;
    uv_async_t done;
    HANDLE thread;          /* NULL: nothing is being read */
    struct reload_job *job; /* the one that is */
    struct reload_job *waiting, **end;
    size_t waits;
    struct former *former;
    struct recording *read; /* what app->config was loaded from, but for overrides */
    struct watching *watching;
    /* The thread's, until it has rung. */
    const char *path;
    struct config *config;
    struct recording *read_now;
    struct diags *diags;
    struct plan plan;
    struct access *access; /* NULL: as it was */
    bool access_unknown;   /* in it an account is missing, which Windows did not find */
    bool access_stale; /* what is in force is not what app->config says: tried again each time */
    struct err error;  /* of what is no mistake in a file */
    enum st st;
};

/* --- reload_job.c --- */
/* NULL, and NO, when it cannot be made. */
struct reload_job *reload_job_new(const struct config *now, uint64_t client,
                                  const struct reload_order *order, struct no *no);
void reload_job_free(struct reload_job *j); /* NULL is allowed */

/* --- reload_take.c --- */
/* Takes r->config over and empties it; on failure nothing has changed. */
enum st reload_take(struct reload *r, struct takeover *ret, struct err *e);
/* Whether control_access reads the same in both. */
bool reload_same_access(const struct service_spec *a, const struct service_spec *b);

/* --- reload_tell.c --- */
void reload_say_refused(struct reload *r, const char *reason);
void reload_say_diags(struct reload *r, enum severity which);
void reload_say_taken(struct reload *r, const struct takeover *t);

#endif
