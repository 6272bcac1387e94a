/* harness.h - one end-to-end test: a fresh folder, a job file, the real jobwarden.exe, its log.
 *
 * Whatever goes wrong, tear-down ends everything that the test started, and prints the log of a
 * test that failed.  A wait is for a condition, for at most GENEROUS_MS, and fails the test. */
#ifndef JW_TESTS_E2E_HARNESS_H
#define JW_TESTS_E2E_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "harness_files.h"
#include "harness_job.h"
#include "harness_log.h"

struct world;
struct pipe_client;

enum { RINGS_MAX = 16 };

struct plan {
    void (*run)(struct world *w);
    const char *folder; /* what the folder's name ends in, or NULL */
    bool bare;          /* jobwarden.exe is in no job of the test's */
};

struct world {
    const struct plan *plan;
    bool passed;
    char *dir;       /* of this test, no separator at the end */
    char *jobwarden; /* paths of the programs */
    char *worker;
    char service[64]; /* its name, different for every test */
    struct buf ini;   /* the job file */
    HANDLE job;       /* kill-on-close, around jobwarden.exe; NULL for a bare plan */
    struct program warden;
    struct buf log; /* what await() read last */
    struct people people; /* closed with the world */
    struct pipe_client *ring[RINGS_MAX]; /* of reload_ring() */
    size_t rings;
};

/* Rows of the table for e2e_main(); F is a `static void F(struct world *w)`. */
#define E2E(f) E2E_PLAN(f, NULL, false)
#define E2E_IN(f, folder) E2E_PLAN(f, folder, false)
#define E2E_BARE(f) E2E_PLAN(f, NULL, true)
#define E2E_PLAN(f, folder, bare)                                                                  \
    {#f, world_run, world_open, world_close, &(struct plan){f, folder, bare}}

void world_run(void **state);
int world_open(void **state);
int world_close(void **state);

/* Adds to the job file, which begins with [service] and its name.  `@worker` becomes the quoted
 * path of the test worker. */
void job_file(struct world *w, const char *fmt, ...) JW_PRINTF(2, 3);
/* Writes the job file and starts `jobwarden.exe run`; does not wait for anything. */
void service_start(struct world *w);
/* Ctrl+C to it and to nobody else. */
void service_ctrl_c(struct world *w);
/* Its exit code once it has ended. */
DWORD service_wait(struct world *w);
/* Ctrl+C, then its exit code. */
DWORD service_stop(struct world *w);

/* Until N lines of the log match; returns the log, valid until the next call.  Fails at once when
 * the service has ended without them. */
struct str await_n(struct world *w, const char *pattern, size_t n);
struct str await(struct world *w, const char *pattern);
/* The log as it is now. */
struct str log_now(struct world *w);
/* In the log as it is now, the first line that matches FIRST is before the first of THEN; both are
 * there. */
void expect_before(struct world *w, const char *first, const char *then);
/* The number after KEY= in the Nth (from 0) line that matches, which must be there. */
uint64_t logged(struct world *w, const char *pattern, size_t nth, const char *key);
/* The main process of the last `job.started` of UNIT ("web.1"), held open by the world. */
HANDLE worker_of(struct world *w, const char *unit);
/* The full name of the Job Object of UNIT; the caller frees it. */
char *job_name(struct world *w, const char *unit);
/* Until no job has that name.  On Windows it goes with the last handle, that is with the service;
 * Wine keeps it for a moment longer, as it does what is left of the members. */
void await_name_gone(const char *name);

/* Ends the test, which is not failed by that. */
void skip_because(struct world *w, const char *reason);

/* A path below the world's folder; the caller frees it. */
char *below(const struct world *w, const char *name);
/* Until the file is there (and, with PATTERN, N of its lines match); appends it to OUT, which may
 * be NULL. */
void await_file(struct world *w, const char *name, const char *pattern, size_t n, struct buf *out);
/* `jobwarden.exe WORDS`, run to its end. */
DWORD verb(struct world *w, const char *words, struct buf *out, struct buf *err);

#endif
