/* spawn.h - one child, straight into its job.  Loop thread only. */
#ifndef JW_PROCESS_SPAWN_H
#define JW_PROCESS_SPAWN_H

#include "service/process/launch.h"

#include <windows.h>

enum spawn_way {
    SPAWN_BEST, /* the attribute list, and suspended where the system refuses that */
    SPAWN_ATTRIBUTE,
    SPAWN_SUSPENDED /* create suspended, assign, resume */
};

struct spawn {
    const struct launch *launch; /* its environment may be NULL: the service's own */
    HANDLE job;                  /* needs JOB_OBJECT_ASSIGN_PROCESS */
    HANDLE in, out, err;         /* inheritable; NULL: NUL.  The caller keeps and closes them */
    enum console_kind console;
    enum spawn_way way;
    /* Called once, on a thread of the wait pool, when the process has ended; may be NULL.  It must
     * be short, may touch only what CTX leads to, and child_close() waits for it. */
    void (*ended)(void *ctx);
    void *ctx;
};

struct child {
    HANDLE process, wait;
    DWORD pid;
    void *watch; /* of the wait */
};

/* The child is in the job before its first instruction, and only in, out and err are inherited.
 * On failure no process is left.  e->text names the program and the Windows error. */
enum st spawn_child(const struct spawn *s, struct child *ret, struct err *e);

/* Ends the wait (a running callback is waited for: never call it from there) and closes the
 * handles; the process itself is left alone.  Empty children are allowed. */
void child_close(struct child *c);

/* False once the process has ended; then *ret_code is its exit code. */
bool child_alive(const struct child *c, DWORD *ret_code);

#endif
