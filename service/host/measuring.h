/* measuring.h - what instances, groups and the fleet use, when somebody asks.  Loop thread only.
 *
 * One snapshot of the system serves all that is asked at about the same time, and so does what was
 * measured with it: on a machine with thousands of processes both take a moment, and however many
 * clients look, at most a twentieth of the loop's time goes into them. */
#ifndef JW_HOST_MEASURING_H
#define JW_HOST_MEASURING_H

#include "service/control/world.h"
#include "service/host/runs.h"

struct measuring;

/* R must outlive it.  The caller owns *ret. */
enum st measuring_new(struct runs *r, struct measuring **ret, struct err *e);
void measuring_free(struct measuring *m); /* NULL is allowed */

/* The contracts of struct world: measure, level, list, unlist. */
void measuring_slots(struct measuring *m, const size_t *slot, size_t n, struct measure *ret);
bool measuring_level(struct measuring *m, size_t slot, uint32_t upper, struct level_facts *ret,
                     struct measure *used);
enum st measuring_list(struct measuring *m, size_t slot, bool commands, struct process_list *ret,
                       struct err *e);
void measuring_unlist(struct process_list *x);

#endif
