/* job.h - one named Job Object.  Loop thread only. */
#ifndef JW_JOB_JOB_H
#define JW_JOB_JOB_H

#include "common/status.h"
#include "service/job/kernel.h"

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

struct job;

/* Exit code of everything that was ended by job_terminate(). */
#define JOB_EXIT_CODE 0xE0000001u

struct job_request {
    const char *name; /* UTF-8, with its Global\ or Local\ */
    const SECURITY_ATTRIBUTES *security;
    HANDLE port;
    ULONG_PTR key;
    const struct kernel_limits *limits; /* NULL: kill-on-close alone */
    bool again; /* this program has held a job of that name before, and closed it */
};

/* Makes the job with all its limits, not inheritable, associated with the port under the key while
 * it is still empty.
 * ST_EXISTS: somebody holds that name; a supervisor must not adopt a job it did not configure.
 * The caller owns *ret and gives it back with job_close(). */
enum st job_create(const struct job_request *r, struct job **ret, struct err *e);

/* A job without a name that ends its members when its last handle is closed, and reports nothing:
 * for short-lived helpers.  The caller closes *ret. */
enum st job_create_unnamed(HANDLE *ret, struct err *e);

/* Ends what is still in it (kill-on-close) and frees it.  NULL is allowed. */
void job_close(struct job *j);

/* Stays the job's own. */
HANDLE job_handle(const struct job *j);

/* Every member ends with JOB_EXIT_CODE.  Asynchronous: the kernel's count falls to 0 while they are
 * still ending, so their handles are kept and job_members() goes on naming them until they are
 * gone. */
enum st job_terminate(struct job *j, struct err *e);

/* Sets other limits on the job while it runs; what it has used stays counted. */
enum st job_relimit(struct job *j, const struct kernel_limits *limits, struct err *e);

/* The pids of the members now, by the kernel's list, in the job's own memory until the next call
 * of anything here on J. */
enum st job_pids(struct job *j, const uint32_t **ret, size_t *ret_n, struct err *e);

/* The process PID, to wait for and to ask, if it is a member now; NULL when it is not.  While the
 * handle is open the pid stays that process'.  The caller closes it. */
HANDLE job_open_member(const struct job *j, DWORD pid);

/* The full path of the program that PID runs, from malloc; NULL when it is not a member, or cannot
 * be asked. */
char *job_image(const struct job *j, DWORD pid);
/* The process PID, to be ended, if it is a member now; else NULL.  The caller closes it. */
HANDLE job_open_to_end(const struct job *j, DWORD pid);

struct member {
    DWORD pid;
    bool console_host; /* of the worker's console; Wine starts it inside the job */
    char *image;       /* full path of the program, UTF-8; NULL when it could not be asked */
};

struct members {
    struct member *v;
    size_t n;
};

/* The processes of the job that still exist; asked without NAMES, image and console_host are not
 * filled, and some may have ended a moment ago.  ST_OS when the kernel did not answer: nothing is
 * known then. The caller gives *ret back with members_free(). */
enum st job_members(struct job *j, bool names, struct members *ret, struct err *e);
void members_free(struct members *m);

#endif
