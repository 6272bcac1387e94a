/* hooks_world.h - hooks with the real port, a real loop and real processes. */
#ifndef JW_TESTS_HOST_HOOKS_WORLD_H
#define JW_TESTS_HOST_HOOKS_WORLD_H

#include "tests/process/lab.h"

#include "service/host/hooks.h"
#include "service/host/port.h"
#include "service/win32/file.h"

struct world {
    struct lab *lab;
    uv_loop_t loop;
    uv_async_t bell;
    uv_timer_t limit;
    bool deaf; /* packets are lost */
    struct queue *queue;
    struct port *port;
    struct logger logger;
    struct buf said; /* "LEVEL line\n" each */
    struct hooks *hooks;
};

/* Fixtures of one test; *state becomes a struct world.  The end of all runs the loop dry. */
int hooks_world_open(void **state);
int hooks_world_close(void **state);

void wait_until_running(struct world *w, size_t n);
void expect_said(const struct world *w, const char *words);
/* Of the hook started first. */
DWORD pid_said(const struct world *w);

/* An empty file in the lab's folder. */
void put_file(const struct world *w, const char *name);
/* Its content, once it holds TEXT. */
char *wait_file(const struct world *w, const char *name, const char *text);

/* A worker that can be taken away: its command line, from malloc. */
char *copy_of_worker(const struct world *w, const char *name);
void remove_file(const struct world *w, const char *name);

/* A worker that PID started, to wait for; NULL when there is none. */
HANDLE find_child_of(DWORD pid);
void expect_gone(HANDLE process); /* waits for it, and closes it */

#endif
