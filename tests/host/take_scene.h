/* take_scene.h - other definitions while runs go on: real jobs and workers, with no supervisor;
 * what the kernel and the supervisor are told is led through here by the linker. */
#ifndef JW_TESTS_HOST_TAKE_SCENE_H
#define JW_TESTS_HOST_TAKE_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "service/host/runs_impl.h"
#include "service/job/machine.h"

enum { SEAM_CALLS = 64, SCENE_CONFIGS = 4, GENEROUS_MS = 60000, MIB = 1 << 20 };

/* --- the seams ---------------------------------------------------------------------- */
/* Limits that were set. */
struct kernel_told {
    struct {
        HANDLE job;
        bool again; /* it had limits before */
        struct kernel_limits now;
    } call[SEAM_CALLS];
    size_t n;
    HANDLE refuse; /* this job's */
};
extern struct kernel_told kernel;
void kernel_forget(void);

/* Alarms that rang. */
struct alarms_rung {
    uint32_t slot[SEAM_CALLS];
    size_t n;
};
extern struct alarms_rung alarms;

/* --- the world ---------------------------------------------------------------------- */
struct scene {
    unsigned number; /* a name of its own: under Wine the last one's jobs linger */
    char *folder;
    struct config *config[SCENE_CONFIGS];
    size_t configs;
    uv_loop_t loop;
    HANDLE port;
    SECURITY_ATTRIBUTES security;
    struct logger logger;
    struct buf log;
    struct machine machine;
    struct probe probe;
    struct runs *runs;
    struct hands hands;
    uint64_t generation;
};

/* Fixtures of one test; *state becomes a struct scene. */
int scene_open(void **state);
int scene_close(void **state);
#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_open, scene_close)

/* TEXT continues [service]; each job runs the test worker.  The scene keeps it. */
const struct config *scene_load(struct scene *s, const char *text);
/* Makes the runs by it; the slots are those of the file, in its order. */
const struct config *scene_begin(struct scene *s, const char *text);
/* All of it by NEXT, each slot by the spec of its place there. */
void scene_take(struct scene *s, const struct config *next);

struct run *scene_run(struct scene *s, size_t slot);
void scene_spawn(struct scene *s, size_t slot);
/* Its run is terminated, and its job given back. */
void scene_end(struct scene *s, size_t slot);
/* NULL: there is none. */
struct upper *scene_group(struct scene *s, const char *name);
/* What J was told last; it must have been told something since the last kernel_forget(). */
const struct kernel_limits *kernel_last(const struct job *j);
/* Of the log so far. */
size_t scene_lines(const struct scene *s, const char *pattern);

int test_take_levels(void);

#endif
