/* walk.h - the definitions of a random walk, by chance. */
#ifndef JW_TEST_WALK_H
#define JW_TEST_WALK_H

#include "tests/supervise/fake.h"

/* How the units of F end and come back, how they come up and are looked after, and who needs whom;
 * some max_concurrent_starts and start_jitter. */
void walk_vary(struct fake *f, struct random *chance);

#endif
