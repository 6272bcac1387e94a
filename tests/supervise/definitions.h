/* definitions.h - definitions of jobs with several instances, written in one word. */
#ifndef JW_TEST_DEFINITIONS_H
#define JW_TEST_DEFINITIONS_H

#include "config/spec.h"

enum { DEFINITIONS_MAX = 26, INSTANCES_OF_ONE = 99 };

struct definitions {
    struct config config;
    struct job_spec *spec; /* of all jobs, in their order */
    struct definition definition[DEFINITIONS_MAX];
    struct dep dep[DEFINITIONS_MAX][DEFINITIONS_MAX];
    char name[DEFINITIONS_MAX][2];
};

/* What the loader would put where nothing is written. */
void definitions_texts(struct job_spec *s);
/* And what units of tests have: restart = always, ladder ctrl-c:10s, delays 1s x 2 up to 8s,
 * min_uptime 10s, no start limit, no jitter. */
void definitions_defaults(struct job_spec *s);

/* WHAT "a3 b1" is the jobs a, with a.0 to a.2, and b; "b0" has no instance. */
void definitions_open(struct definitions *d, const char *what);
/* Job number JOB comes after NEEDED, or requires it. */
void definitions_needs(struct definitions *d, size_t job, size_t needed, bool required);
void definitions_close(struct definitions *d);

/* MEMBER of each instance of JOB. */
#define SET_EACH(d, job, member, value)                                                            \
    for (uint32_t each_ = 0; each_ < (d)->definition[job].n; each_++)                              \
    (d)->spec[(d)->definition[job].first + each_].member = (value)

#endif
