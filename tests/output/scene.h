/* scene.h - a folder of its own, an output thread and its warnings, for one test. */
#ifndef JW_TESTS_OUTPUT_SCENE_H
#define JW_TESTS_OUTPUT_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/buf.h"
#include "service/process/output_private.h"

#include <windows.h>

/* Waited for at most; never expected. */
enum { GENEROUS_MS = 60000 };

struct scene {
    struct output *o;
    struct log log;
    char dir[512];     /* UTF-8, absolute */
    char path[8][640]; /* handed out in turn by at() */
    unsigned paths;
    LONG64 volatile utc; /* what the thread takes for the time; 0: the real one */

    CRITICAL_SECTION lock; /* for what follows, which the sink adds to */
    struct buf told;       /* the warnings, one a line */
    HANDLE gate;           /* not NULL: the sink waits for it */
    bool to_log;           /* warnings go to the log file too, as in the service */
};

int scene_up(void **state);
int scene_down(void **state);
#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_up, scene_down)

/* The path of NAME in the scene's folder; stays valid for eight calls. */
const char *at(struct scene *s, const char *name);
/* `NAME.K`, or NAME itself for 0. */
const char *at_old(struct scene *s, const char *name, unsigned k);
wchar_t *wide_at(const char *path); /* the caller frees it */

/* The other end of a pipe to a file of these settings. */
HANDLE pipe_to(struct scene *s, struct output_file file);
void say(HANDLE h, const char *text);
void say_n(HANDLE h, const char *p, size_t n);
/* Ends the thread after everything was written; pipes must be closed, or GRACE_MS passes. */
void finish(struct scene *s, uint32_t grace_ms);

/* The bytes of a file; empty when there is none.  The caller frees. */
struct buf content(const char *path);
bool there(const char *path);
void assert_content(const char *path, const char *want);
/* What stands in NAME.K ... NAME.1, NAME, one after the other, the files from the oldest on;
 * *ret_files counts them. */
struct buf all_content(struct scene *s, const char *name, unsigned *ret_files);
void put_file(const char *path, const char *text);

/* How often NEEDLE stands in the warnings so far. */
unsigned told(struct scene *s, const char *needle);
/* The number after `KEY=` behind the last NEEDLE in the warnings. */
uint64_t told_number(struct scene *s, const char *needle, const char *key);
unsigned count_of(const char *text, const char *needle);

/* Waits until ASK is true; fails the test when it never is. */
#define WAIT_FOR(ask)                                                                              \
    do {                                                                                           \
        for (uint64_t begun_ = GetTickCount64(); !(ask); Sleep(10))                                \
            if (GetTickCount64() - begun_ > GENEROUS_MS)                                           \
                fail_msg("never came true: %s", #ask);                                             \
    } while (0)
bool holds(const char *path, const char *needle);

/* Handles in use by this program, give or take HANDLES_SLACK. */
DWORD handles(void);
enum { HANDLES_SLACK = 8 };

/* Warnings go here; CTX is the scene. */
void scene_sink(void *ctx, enum log_level level, struct str line);

int test_bytes(void);
int test_roll(void);
int test_trouble(void);
int test_log(void);

#endif
