/* nest.h - jobs below jobs with test workers in them. */
#ifndef JW_TESTS_JOB_NEST_H
#define JW_TESTS_JOB_NEST_H

#include "tests/process/lab.h"

#include "service/job/job.h"

enum { NEST_JOBS = 16 };

struct nest {
    struct lab *lab;
    SECURITY_ATTRIBUTES sa;
    HANDLE port;
    struct job *job[NEST_JOBS]; /* closed at the end */
    size_t n;
};

/* Fixtures of one test; *state becomes a struct nest. */
int nest_setup(void **state);
int nest_teardown(void **state);

/* A named job with kill-on-close and FLAGS, on the port under KEY. */
struct job *nest_job(struct nest *t, ULONG_PTR key, DWORD flags);
void nest_close(struct nest *t, struct job *j);

/* From the root down; a level may be NULL. */
struct chain {
    struct job *root, *group, *instance;
};
/* The handles of CHAIN; returns how many. */
size_t nest_handles(const struct chain *chain, HANDLE ret[3]);

/* A worker with SWITCHES in CHAIN, without a console. */
void nest_start(struct nest *t, const struct chain *chain, enum spawn_way way,
                const char *switches, struct child *ret);
/* Waits until the last one that was started has said WORD and a number, which is returned. */
DWORD nest_said(const struct nest *t, const char *word);

/* A worker and its child, both to stay. */
struct family {
    struct child parent;
    DWORD child;
    HANDLE child_process; /* to wait for and to end */
};
void nest_family(struct nest *t, const struct chain *chain, enum spawn_way way, struct family *ret);
bool family_alive(const struct family *f);   /* both */
void family_wait_gone(const struct family *f); /* both */
void family_close(struct family *f);

bool nest_has(struct job *j, DWORD pid);
bool nest_has_family(struct job *j, const struct family *f);
size_t nest_count(struct job *j);
void nest_end_process(DWORD pid); /* and waits */

int run_refused(void);

#endif
