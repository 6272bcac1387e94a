/* lab.h - what the tests of this area share: a folder, a job, the worker program, and waiting. */
#ifndef JW_TESTS_PROCESS_LAB_H
#define JW_TESTS_PROCESS_LAB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "service/process/spawn.h"
#include "tests/win32/scratch.h"

#include <cmocka.h>

/* Generous: a loaded machine may be slow, and only a broken one gets there. */
enum { LAB_LIMIT_MS = 60000 };

struct lab {
    char *folder; /* of this test alone */
    char *worker; /* path of worker.exe */
    char *out;    /* FOLDER\out.txt, what the worker prints */
    HANDLE job;   /* kill-on-close */
};

/* Fixtures of one test; *state becomes a struct lab. */
int lab_setup(void **state);
int lab_teardown(void **state);

/* web.1 in FOLDER, with the service's own environment. */
struct job_spec lab_spec(void);
/* `"worker.exe" SWITCHES`, from malloc. */
char *lab_command(const struct lab *l, const char *switches);
/* Opens l->out for a child. */
HANDLE lab_open_out(const struct lab *l);
/* The worker with SWITCHES, ready for spawn_child; the caller calls launch_free(). */
void lab_prepare(const struct lab *l, const char *switches, struct launch *ret);
/* Prepares and starts it with both outputs in l->out; the test fails when that does. */
void lab_start(const struct lab *l, const struct job_spec *spec, const char *command,
               struct spawn *s, struct child *ret);
/* The same for the worker with SWITCHES in the plain spec. */
void lab_start_worker(const struct lab *l, const char *switches, struct spawn *s,
                      struct child *ret);
/* Waits for its end, closes it and returns its exit code. */
DWORD lab_finish(struct child *c);
/* lab_start, lab_finish and what was printed, from malloc. */
char *lab_run(const struct lab *l, const struct job_spec *spec, const char *command,
              DWORD *ret_code);
/* The same for the worker with SWITCHES in the plain spec. */
char *lab_run_worker(const struct lab *l, const char *switches, DWORD *ret_code);
/* Waits until the file holds TEXT. */
void lab_wait_text(const char *path, const char *text);

bool lab_in_job(HANDLE job, DWORD pid);
/* Processes that this one started and that are there still, console hosts left out. */
unsigned lab_children(void);
/* Handles that this process has open. */
unsigned lab_handles(void);

int run_cmdline(void);
int run_environ(void);
int run_launch(void);
int run_arguments(void);
int run_spawn(void);
int run_handles(void);
int run_ctrl(void);
int run_rungs(void);
/* The last one: it puts this process into a job. */
int run_surrounded(void);

#endif
