/* walk_jobs.h - job files by chance, and what they mean: what every instance has by them, and what
 * a change from one to another costs each.  It is told from the generated values alone, so that it
 * can be held against what the service says and does.  Pure. */
#ifndef JW_TESTS_E2E_WALK_JOBS_H
#define JW_TESTS_E2E_WALK_JOBS_H

#include "common/buf.h"
#include "common/random.h"

#include <stdint.h>

enum { WALK_JOBS = 8, WALK_SPAN = 4, WALK_GROUPS = 2, WALK_TEMPLATES = 2, WALK_NAME = 16 };

enum walk_cost { WALK_SAME, WALK_LIVE, WALK_RELIMIT, WALK_RESPAWN, WALK_ADDED, WALK_REMOVED };

/* Keys that may stand in a job, in [defaults] and in a template; limits come first, of which the
 * first may stand in a group too. */
enum walk_key {
    WALK_JOB_MEMORY,
    WALK_ACTIVE,
    WALK_OF_GROUPS,
    WALK_PROCESS_MEMORY = WALK_OF_GROUPS,
    WALK_JOB_TIME,
    WALK_GUARD_COMMIT,
    WALK_GUARD_HANDLES,
    WALK_GUARD_THREADS,
    WALK_LIMITS,
    WALK_DELAY = WALK_LIMITS,
    WALK_KEEP,
    WALK_ENV,
    WALK_KEYS
};

struct walk_row {
    const char *key, *unit; /* what is written after the number */
    enum walk_cost cost;
    uint32_t least, choices; /* numbers are LEAST, LEAST + 1, ... */
    uint64_t scale;          /* of a limit: a number in what `limits` tells */
};
extern const struct walk_row walk_rows[WALK_KEYS];

struct walk_values {
    uint32_t of[WALK_KEYS]; /* numbers; 0: not written */
};

struct walk_job {
    bool there, enabled, env_file;
    uint32_t instances, first, command;
    uint32_t group, extends; /* from 1; 0: none */
    struct walk_values own, set; /* `set`: by command, above all that is written */
};

struct walk_jobs {
    struct walk_job job[WALK_JOBS]; /* named a, b, ... */
    uint32_t order[WALK_JOBS];      /* of their sections */
    bool uppers_last;               /* [defaults], templates and groups stand below the jobs */
    uint32_t sample_s, env_file;
    struct walk_values defaults, template[WALK_TEMPLATES], group[WALK_GROUPS];
};

void walk_begin(struct walk_jobs *j, struct random *chance);
/* A few changes, sometimes none; no job has set values any more, as after a reload.  With REGROUP
 * what runs may change its group. */
void walk_change(struct walk_jobs *j, struct random *chance, bool regroup);
/* The job file after [service] and its name, `@worker` for the worker; and the file walk.env. */
void walk_print(const struct walk_jobs *j, struct buf *out);
void walk_print_env(const struct walk_jobs *j, struct buf *out);

/* Whether instance NUMBER (from 0, below WALK_SPAN) of JOB runs. */
bool walk_runs(const struct walk_jobs *j, size_t job, uint32_t number);
bool walk_group_runs(const struct walk_jobs *j, size_t group);
/* What KEY of JOB is in the end; 0: nobody says. */
uint32_t walk_value(const struct walk_jobs *j, size_t job, enum walk_key key);
/* From WAS to IS, of one that runs by either. */
enum walk_cost walk_cost_of(const struct walk_jobs *was, const struct walk_jobs *is, size_t job,
                            uint32_t number);
/* Whether a plan has lines about that job, group, or [service]. */
bool walk_tells_job(const struct walk_jobs *was, const struct walk_jobs *is, size_t job);
bool walk_tells_group(const struct walk_jobs *was, const struct walk_jobs *is, size_t group);
bool walk_tells_service(const struct walk_jobs *was, const struct walk_jobs *is);

/* "c.2" of the job with index 2 */
void walk_name(size_t job, uint32_t number, char out[WALK_NAME]);

#endif
