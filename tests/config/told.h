/* told.h - what a diff says, as a text. */
#ifndef JW_TESTS_CONFIG_TOLD_H
#define JW_TESTS_CONFIG_TOLD_H

#include "config/diff.h"

struct told {
    struct buf text; /* "restart_delay:live env.A:respawn " */
};

/* Compares two specs of the kind OWNER; T may be NULL. */
bool diff_specs(enum section owner, const void *was, const void *is, enum apply *cost,
                struct told *t);

#endif
