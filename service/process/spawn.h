/* spawn.h - one child, straight into its jobs.  Loop thread only. */
#ifndef JW_PROCESS_SPAWN_H
#define JW_PROCESS_SPAWN_H

#include "service/process/launch.h"

#include <windows.h>

enum spawn_way {
    SPAWN_BEST, /* the attribute list, and suspended where the system refuses that */
    SPAWN_ATTRIBUTE,
    SPAWN_SUSPENDED /* create suspended, assign, resume */
};

enum { SPAWN_JOBS_MAX = 3 };

struct spawn {
    const struct launch *launch; /* its environment may be NULL: the service's own */
    /* 1 to SPAWN_JOBS_MAX, from the root down: fleet, group, instance.  With its first child each
     * becomes the parent of the next.  They need JOB_OBJECT_ASSIGN_PROCESS, and JOB_OBJECT_QUERY
     * for an error that says more. */
    const HANDLE *jobs;
    size_t jobs_n;
    const char *const *job_names; /* as many, "the group's job Local\J.web"; NULL: "its job" */
    HANDLE in, out, err;          /* inheritable; NULL: NUL.  The caller keeps and closes them */
    enum console_kind console;
    enum spawn_way way;
    /* Called once, on a thread of the wait pool, when the process has ended; may be NULL.  It must
     * be short, may touch only what CTX leads to, and child_close() waits for it. */
    void (*ended)(void *ctx);
    void *ctx;
};

struct child {
    HANDLE process;
    DWORD pid;
    struct watch *watch; /* of its end */
};

/* The child is in all its jobs before its first instruction, and only in, out and err are
 * inherited.  On failure no process is left, though jobs above the one that refused it may have
 * counted one.  e->text names the program, the Windows error and, where a job is the reason, which
 * one and why. */
enum st spawn_child(const struct spawn *s, struct child *ret, struct err *e);

/* Ends the wait (a running callback is waited for: never call it from there) and closes the
 * handles; the process itself is left alone.  Empty children are allowed. */
void child_close(struct child *c);

/* False once the process has ended; then *ret_code is its exit code. */
bool child_alive(const struct child *c, DWORD *ret_code);

#endif
