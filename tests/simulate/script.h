/* script.h - what happens in one simulation, step by step: made from a seed, read from a file, cut
 * down by the shrinker.  A step that makes no sense when its turn comes does nothing. */
#ifndef JW_SIMULATE_SCRIPT_H
#define JW_SIMULATE_SCRIPT_H

#include "common/buf.h"
#include "common/random.h"

#include <stdbool.h>
#include <stdint.h>

enum step_kind {
    STEP_SET,     /* JOB PARAM VALUE */
    STEP_FLEET,   /* PARAM VALUE */
    STEP_BEGIN,   /* START: the supervisor is made; 1: and ordered up */
    STEP_TAKE,    /* a take-over of what is set by now */
    STEP_ADVANCE, /* MS: the clock moves, and what is due on the way happens at its time */
    STEP_LATE,    /* MS: the clock moves, and the loop was busy meanwhile */
    STEP_WALL,    /* MS: somebody sets the clock on the wall */
    STEP_START,   /* JOB INSTANCE WIDE: it alone, 1: its job, 2: all */
    STEP_STOP,
    STEP_RESTART,
    STEP_KILL, /* JOB INSTANCE */
    STEP_START_ALL,
    STEP_EXIT,    /* JOB INSTANCE CODE LEAVES NOTES: its main process ends */
    STEP_MEMBERS, /* JOB INSTANCE N HOSTS */
    STEP_NOTE,    /* JOB INSTANCE OLD: a note, maybe about an earlier run */
    STEP_SIGNAL,  /* JOB INSTANCE WHICH */
    STEP_ANSWER,  /* JOB INSTANCE GOOD OLD: of the check */
    STEP_PREPARED, /* JOB INSTANCE OK OLD */
    STEP_RING,    /* JOB INSTANCE: an alarm that nobody set */
    STEP_LIMIT,   /* JOB INSTANCE LIMIT REACTION HOW */
    STEP_RUNG_FAILED, /* JOB INSTANCE RUNG */
    STEP_LOOK_ALL,
    STEP_STOP_ALL,   /* BUDGET */
    STEP_STOP_BEGIN, /* BUDGET */
    STEP_STOP_NEXT,  /* TIMES */
    STEP_END_NOW,
    STEPS
};

enum { ARGS_MAX = 5 };
struct step_row {
    const char *name;
    uint32_t args;
    uint32_t weight; /* of the generator's, among the steps after begin */
};
extern const struct step_row step_rows[STEPS];

struct script_step {
    enum step_kind kind;
    int64_t arg[ARGS_MAX];
};

struct script {
    struct script_step *step;
    size_t n, cap;
};

/* Out of memory ends the program: this is a tool. */
void script_add(struct script *s, struct script_step step);
void script_copy(struct script *to, const struct script *from);
void script_free(struct script *s);

void script_print(const struct script *s, struct buf *out);
/* False, and which line is wrong. */
bool script_parse(const char *text, struct script *ret, size_t *ret_line);

/* orders.c: START, STOP and RESTART of the slot S or more; KILL. */
struct world;
struct slot;
void orders_give(struct world *w, const struct slot *s, enum step_kind kind, int64_t wide);
void orders_kill(struct world *w, struct slot *s);

/* A random script of about STEPS steps. */
void script_generate(uint64_t seed, size_t steps, struct script *ret);

#endif
