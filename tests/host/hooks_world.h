/* hooks_world.h - hooks in a port's world, with real processes. */
#ifndef JW_TESTS_HOST_HOOKS_WORLD_H
#define JW_TESTS_HOST_HOOKS_WORLD_H

#include "tests/host/port_world.h"

#include "service/win32/file.h"

/* Fixtures of one test; *state becomes a struct world.  The end of all runs the loop dry. */
int hooks_world_open(void **state);
int hooks_world_close(void **state);

void wait_until_running(struct world *w, size_t n);
void expect_said(const struct world *w, const char *words);
/* How often. */
size_t said_lines(const struct world *w, const char *words);
/* Of the hook started first. */
DWORD pid_said(const struct world *w);

/* An empty file in the lab's folder. */
void put_file(const struct world *w, const char *name);
bool has_file(const struct world *w, const char *name);
/* Its content, once it holds TEXT. */
char *wait_file(const struct world *w, const char *name, const char *text);

/* A worker that can be taken away: its command line, from malloc. */
char *copy_of_worker(const struct world *w, const char *name);
void remove_file(const struct world *w, const char *name);

/* A worker that PID started, to wait for; NULL when there is none. */
HANDLE find_child_of(DWORD pid);
void expect_gone(HANDLE process); /* waits for it, and closes it */

#endif
