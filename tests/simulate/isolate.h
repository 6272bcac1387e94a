/* isolate.h - scripts in a process of their own, so that a crash of the supervisor is one more
 * verdict.  POSIX. */
#ifndef JW_SIMULATE_ISOLATE_H
#define JW_SIMULATE_ISOLATE_H

#include "tests/simulate/script.h"
#include "tests/simulate/world.h"

struct seeds {
    uint64_t from;
    uint64_t count, events; /* until so many seeds or events are done, whichever comes first */
    size_t steps;           /* a script */
};

/* Memory that both processes see. */
struct outcome *isolate_memory(void);

/* Runs one; QUIET: what a crash prints is lost.  False: V says what is broken. */
bool isolate_script(const struct script *s, struct outcome *v, bool quiet, bool chatty);
/* Runs many; false: V says what is broken, and of which seed. */
bool isolate_seeds(const struct seeds *seeds, struct outcome *v);

/* The shortest found that still breaks the same invariant as V; *s is changed. */
void shrink(struct script *s, struct outcome *v);

#endif
