/* simulated.h - definitions from a text in memory, and a fleet of them in which everything starts
 * at once and never ends: no process, no Job Object.  One thread. */
#ifndef JW_TESTS_BENCH_SIMULATED_H
#define JW_TESTS_BENCH_SIMULATED_H

#include "config/recording.h"
#include "service/supervise/sup.h"

/* As a reload does it, through a recording, which is freed with the configuration's text. */
struct simulated_load {
    struct config *config;
    struct recording *recording;
};
/* TEXT must live as long as *ret; simulated_unload() is for both. */
struct simulated_load simulated_load(const struct buf *text);
void simulated_unload(struct simulated_load *l);

struct simulated {
    struct sup *sup;
    bool due; /* the alarm of the fleet */
};
/* All of C's instances run then; F stays where it is until sup_free() of its sup. */
void simulated_start(struct simulated *f, const struct config *c);

#endif
