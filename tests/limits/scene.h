/* scene.h - one level, the processes in its Job Object, and what a step said of them. */
#ifndef JW_TEST_LIMITS_SCENE_H
#define JW_TEST_LIMITS_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/limits/level.h"

enum { SCENE_PROCS = 200, SCENE_CPUS = 4, SCENE_MS = 10000 /* ticks of 100 ns */ };

struct scene {
    struct limits limits;
    struct holders holders;
    enum level_kind kind;
    struct level *level; /* NULL until scene_ready() */
    struct proc proc[SCENE_PROCS];
    size_t n;
    struct reached out[REACHED_MAX + 1]; /* the last is never to be touched */
    size_t made;
};

/* An instance: no limit set, every one held by WHO. */
void scene_open(struct scene *s, enum holder who);
/* From here on another level of KIND, which knows nothing of what was; processes stay. */
void scene_level(struct scene *s, enum level_kind kind);
/* The level as the limits are now, a Job Object begun; the steps below do it if it is not done. */
void scene_ready(struct scene *s);
void scene_close(struct scene *s);

/* A process of 1 thread and 1 handle is added; pid and creation time are NUMBER. */
struct proc *scene_proc(struct scene *s, uint32_t number);
/* The one of that pid, which must be there; it is gone. */
struct proc *scene_find(struct scene *s, uint32_t number);
void scene_gone(struct scene *s, uint32_t number);

/* These return how many were said, which are out[0..made); `silent` ones count. */
size_t scene_sample(struct scene *s, uint64_t at);
size_t scene_message(struct scene *s, uint32_t number, uint32_t pid, uint64_t now);
size_t scene_violation(struct scene *s, struct violation x, uint64_t now);
/* Of what the last step said of LIMIT the one after SKIP others; NULL: none. */
const struct reached *scene_reached(const struct scene *s, enum limit_id limit, size_t skip);

#endif
