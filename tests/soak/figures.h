/* figures.h - what a process holds, as the system counts it. */
#ifndef JW_TESTS_SOAK_FIGURES_H
#define JW_TESTS_SOAK_FIGURES_H

#include "tests/e2e/harness.h"

struct figures {
    uint32_t
        handles; /* under Wine the size of the handle table, which grows in steps and never falls */
    uint32_t threads;
    uint64_t private_bytes;
};

struct figures figures_of(HANDLE process);

#endif
