/* plan.h - what a reload will do, by the definitions alone.  Pure; one thread. */
#ifndef JW_CONFIG_PLAN_H
#define JW_CONFIG_PLAN_H

#include "config/schema.h"

enum plan_kind { PLAN_CHANGED, PLAN_ADDED, PLAN_REMOVED };

/* No value is longer than this, nor is a command of this length lost on a terminal. */
enum { PLAN_VALUE_MAX = 1024 };

struct plan_line {
    enum plan_kind kind; /* ADDED, REMOVED: the whole section */
    struct place at; /* of the value that holds now, else of its section; REMOVED: of the file */
    const char *subject; /* "service", "group apps", "job web" */
    const char *key;     /* "job_memory_limit", "env.PATH", "on_limit.guard_commit"; NULL: whole */
    /* Values as a job file has them, cut with "..." beyond PLAN_VALUE_MAX bytes; NULL: there was,
     * or is, none.  Of instances with different values those of the first. */
    const char *from, *to;
    enum apply cost;
    uint32_t instances; /* that it concerns; 0: none of them */
    /* The line in words, its place first.  Values of environment variables are not in it, so that
     * it can be written to logs. */
    const char *text;
};

struct plan {
    struct arena *arena;
    size_t n;
    const struct plan_line
        *line; /* [service], groups, jobs in the order of the new file; removed */
    /* Instances, as a take-over counts them when every instance runs: that stay as they are, change
     * without a restart, get new limits without one, are restarted with their new definition, are
     * new, are in no definition any more. */
    uint32_t same, live, relimit, respawn, added, removed;
};

/* Compares two configurations, which may go afterwards.  On ST_OK the caller gives *ret back with
 * plan_free(); otherwise, ST_NOMEM, it is untouched.  Jobs and groups are known by their names,
 * upper and lower case alike; instances by their numbers. */
enum st plan_make(const struct config *was, const struct config *is, struct plan *ret,
                  struct err *e);
/* What is empty ({0}) is allowed. */
void plan_free(struct plan *p);

#endif
