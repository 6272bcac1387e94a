/* select.h - from the names of a request to instances.  Loop thread only. */
#ifndef JW_CONTROL_SELECT_H
#define JW_CONTROL_SELECT_H

#include "service/control/request.h"
#include "service/supervise/sup.h"

struct selection {
    size_t n;
    size_t *slot; /* in the order of the job file; those that it has no more come last */
    size_t jobs;  /* whose instances they are */
};

/* The instances that the N names mean; of no names all that there are.  A name is that of a job,
 * an instance, a group, `all`, or a pattern of these, upper and lower case alike.  False: a name
 * means nobody (and NO has the nearest), or memory is short.  Those of a job that is disabled or
 * has no instances are no mistake.  The caller gives *ret back with selection_free(). */
bool select_units(const struct sup *s, const char *const *name, size_t n, struct selection *ret,
                  struct no *no);
void selection_free(struct selection *x); /* an empty one is allowed */

/* Whether NAME means the instance that SPEC defines. */
bool select_matches(const char *name, const struct job_spec *spec);
/* "there is no job, instance or group 'wbe'; did you mean 'web'?" Returns false. */
bool select_unknown(const struct sup *s, const char *name, struct no *no);

#endif
