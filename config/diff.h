/* diff.h - what has changed between two definitions, and what the change costs.  Pure. */
#ifndef JW_CONFIG_DIFF_H
#define JW_CONFIG_DIFF_H

#include "config/schema.h"

struct change {
    const struct field *field;
    const char *name;     /* env.NAME, on_limit.KEY: what follows the dot; else NULL */
    enum apply cost;
};

/* The dearest cost of the differences between two specs of the same job and instance number, and
 * false when there is none.  A member of a value's kind is compared by its type, so two texts at
 * two addresses are the same when they read the same.  What only tells how many instances there are
 * (instances, first_instance, enabled) is no difference of an instance; neither is its place, nor
 * after and requires, which are the job's and cost nothing by themselves.  The limits of its group
 * are the group's; another group, or none, is a difference.
 * VISIT, which may be NULL, is called for each difference in the order of the schema. */
bool diff_jobs(const struct job_spec *was, const struct job_spec *is, enum apply *ret_cost,
               void (*visit)(void *ctx, const struct change *c), void *ctx);
/* The same for the limits of a group and for [service]. */
bool diff_groups(const struct group_spec *was, const struct group_spec *is, enum apply *ret_cost,
                 void (*visit)(void *ctx, const struct change *c), void *ctx);
bool diff_services(const struct service_spec *was, const struct service_spec *is,
                   enum apply *ret_cost, void (*visit)(void *ctx, const struct change *c),
                   void *ctx);

#endif
