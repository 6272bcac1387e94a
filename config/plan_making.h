/* plan_making.h - what the files of the plan share.  Private to config/. */
#ifndef JW_CONFIG_PLAN_MAKING_H
#define JW_CONFIG_PLAN_MAKING_H

#include "config/diff.h"
#include "config/names.h"
#include "config/plan.h"

/* One key that has changed, in one instance or in many. */
struct found {
    struct change change;  /* its cost the dearest of all */
    const char *from, *to; /* of the first */
    uint32_t instances;
    bool next_run; /* it waits for the next run by a schedule */
};

/* A section whose changes are being gathered. */
struct changed {
    enum section owner;
    const void *was, *is; /* the specs being compared */
    const char *subject;
    struct place at;
    const struct origin *const *level;
    size_t levels;
};

struct making {
    struct plan plan;
    bool nomem;
    const struct config *was, *is;
    struct plan_line *line;
    size_t cap;
    struct found *found; /* of the section at hand */
    size_t founds, founds_cap, near;
    const struct changed *now;
    const char *file, *own_file; /* the name that was copied last, and its copy */
};

/* --- plan_line.c: lines ------------------------------------------------------------------- */
/* A copy in the plan; NULL and m->nomem when out of memory. */
const char *plan_keep(struct making *m, struct str s);
/* Adds a line, with copies of its place and what BUF holds, which it empties. */
void plan_add(struct making *m, struct plan_line line, struct buf *text);
/* A visitor of diffs; CTX is the making, whose `now` is set. */
void plan_found(void *ctx, const struct change *c);
/* One line for each change found, and none are left. */
void plan_tell(struct making *m);

/* --- plan_job.c ------------------------------------------------------------------------ */
void plan_job(struct making *m, const struct definition *was, const struct definition *is);
void plan_job_added(struct making *m, const struct definition *d);
void plan_job_removed(struct making *m, const struct definition *d);

/* --- plan_print.c: words --------------------------------------------------------------- */
/* The value that SPEC has for the key of C; false: none. */
bool plan_print_value(enum section owner, const void *spec, const struct change *c,
                      struct buf *out);
/* "job_memory_limit", "env.PATH". */
void plan_print_key(const struct change *c, struct buf *out);
/* "jobs.ini:3: job web: " */
void plan_print_head(struct place at, const char *subject, struct buf *out);
/* "job_memory_limit 512M -> 1G", or that it changed. */
void plan_print_change(const struct found *f, const char *key, struct buf *out);
/* "relimit, no restart" */
void plan_print_cost(const struct found *f, enum section owner, struct buf *out);
/* "1 instance" */
void plan_print_count(uint32_t n, struct buf *out);

#endif
