/* scene.h - one test of the service: a copy of jobwarden.exe and a job file in awkward folders, and
 * a service name of its own.
 *
 * Whatever goes wrong, tear-down ends the service, removes its registration, and prints the logs of
 * a test that failed.  The test program itself keeps Wine's prefix up: without an ordinary process
 * Wine ends its services. */
#ifndef JW_TESTS_SERVICE_SCENE_H
#define JW_TESTS_SERVICE_SCENE_H

#include "tests/e2e/harness.h"

/* Below the world's folder, whose own name has spaces. */
#define PROGRAM_FOLDER "Program Files (x86) & Co!"
#define JOB_FOLDER "Müller 資料 🚀"

struct scene {
    struct world *w;
    void (*run)(struct scene *s);
    bool passed;
    char name[64]; /* of the service */
    char *exe, *ini, *log;
};

/* Rows of the table; F is a `static void F(struct scene *s)`. */
/* clang-format off */
#define SCENE(f) {#f, scene_run, scene_open, scene_close, (void *)&(const struct scene_plan){f}}
/* clang-format on */

struct scene_plan {
    void (*run)(struct scene *s);
};

void scene_run(void **state);
int scene_open(void **state);
int scene_close(void **state);

/* A path below the job file's folder, as await_file() takes it and as a full path; the caller frees
 * both. */
char *in_jobs(const char *name);
char *full_in_jobs(const struct scene *s, const char *name);
/* Writes what job_file() gathered. */
void scene_write_jobs(struct scene *s);
/* Until N lines of the service's own log match; appends the log to OUT, which may be NULL. */
void scene_await_log(struct scene *s, const char *pattern, size_t n, struct buf *out);
/* The process that wrote the pid file NAME in the job file's folder, held open by the world. */
HANDLE scene_process(struct scene *s, const char *pid_file);

/* --- the Service Control Manager -----------------------------------------------------------------
 */

/* `sc.exe WORDS`; what it printed is appended to OUT, which may be NULL. */
DWORD sc(struct scene *s, struct buf *out, const char *fmt, ...) JW_PRINTF(3, 4);
/* Registers exe and job file as the README says; JOBWARDEN_TEST of this program reaches the
 * service. */
void scene_create(struct scene *s);
/* create, `sc.exe start`, RUNNING. */
void scene_start(struct scene *s);
/* Until it is in STATE, SERVICE_RUNNING or SERVICE_STOPPED, and `sc.exe query` says so too. Waiting
 * for the former fails when the service stops. */
void scene_await_state(struct scene *s, DWORD state);
/* 0, or the Windows error of ControlService.  For pause, continue and paramchange. */
DWORD scene_control(struct scene *s, DWORD control);
/* 0, or the Windows error of StartService. */
DWORD scene_start_code(struct scene *s);
bool scene_registered(const struct scene *s);
SERVICE_STATUS_PROCESS scene_status(const struct scene *s);
/* Until it is STOPPED after a start, by its status and by the end of PROCESS. */
SERVICE_STATUS_PROCESS scene_stopped(struct scene *s, HANDLE process);
/* Its process, held open by the world. */
HANDLE scene_service_process(struct scene *s);
/* The command line that is registered; the caller frees it. */
char *scene_image_path(const struct scene *s);
/* Ends the service, if need be its process, and removes the registration; none is fine. */
void scene_remove(struct scene *s);

#endif
