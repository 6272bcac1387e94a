/* scale.h - how fast the supervisor is with many units. */
#ifndef JW_SIMULATE_SCALE_H
#define JW_SIMULATE_SCALE_H

#include "tests/simulate/world.h"

/* Prints events a second for fleets of growing size; the exit code. */
int scale(struct outcome *v);

#endif
