/* scene.h - a fleet that is given other definitions while it runs, in a world that obeys. */
#ifndef JW_TEST_SCENE_H
#define JW_TEST_SCENE_H

#include "tests/supervise/fake.h"

enum { SCENE_SETS = 4 };

struct scene {
    struct fake f;
    struct definitions set[SCENE_SETS];
    struct takeover done; /* by the last take-over */
};

/* Sets of definitions, each written as for definitions_open(); NULL: no more.  The first one is to
 * be the fleet's. */
void scene_open(struct scene *s, const char *a, const char *b, const char *c);
/* N (2 or 3) sets of the same jobs, the first job with a command of its own in each. */
void scene_versions(struct scene *s, const char *jobs, size_t n);
/* Makes the fleet by the first set and runs it, a minute; the log is empty then. */
void scene_run(struct scene *s);
/* Set number I takes over. */
void scene_take(struct scene *s, size_t i);
/* An order to restart NAME; NULL: all slots. */
void scene_restart(struct scene *s, const char *name);
/* What the last take-over has counted. */
void scene_counts(const struct scene *s, struct takeover want);
/* The first job of set I runs another command. */
void scene_command(struct scene *s, size_t i, const char *command);
/* How many units go by a definition of set I. */
size_t scene_with(const struct scene *s, size_t i);
/* Time goes by, and the kernel tells about every end. */
void scene_live(struct scene *s, uint64_t ms);
void scene_close(struct scene *s);

/* The slot of the unit NAME; SIZE_MAX: no unit has it. */
size_t scene_slot(const struct scene *s, const char *name);
const struct unit *scene_unit(const struct scene *s, const char *name); /* it must be there */
void scene_is(const struct scene *s, const char *name, enum state at);
/* How many units are so. */
size_t scene_count(const struct scene *s, enum state at);

#endif
