/* model.h - the job file of a simulated fleet, as numbers; and struct config made of it.
 * What `check` refuses is not made: a value that would be is left out. */
#ifndef JW_SIMULATE_MODEL_H
#define JW_SIMULATE_MODEL_H

#include "config/spec.h"
#include "tests/simulate/params.h"

struct model {
    uint32_t jobs; /* numbers below it are used */
    int64_t job[JOBS_MAX][PARAMS];
    int64_t fleet[FLEET_PARAMS];
};

/* Who waits for whom in one struct config, by the numbers of the model. */
struct plan {
    uint64_t present;
    uint64_t after[JOBS_MAX]; /* required ones among them */
    uint64_t requires[JOBS_MAX];
    uint32_t instances[JOBS_MAX];
};

void model_init(struct model *m);
/* The caller owns it, and frees it by arena_free(c->arena).  NULL when out of memory. */
struct config *model_config(const struct model *m, struct plan *ret_plan);
/* "j12" -> 12. */
uint32_t model_number(const char *name);

#endif
