/* levels.h - fleet, groups, instances: the limits of each, and the named jobs of the upper two.
 * Loop thread only.
 *
 * The job of an instance belongs to its run (runs.h); those above are made, from the root down,
 * when the first of their members starts, and stay until the end.  A member whose upper jobs cannot
 * be made does not start: nothing ever runs outside its limits. */
#ifndef JW_HOST_LEVELS_H
#define JW_HOST_LEVELS_H

#include "common/log.h"
#include "config/spec.h"
#include "service/job/job.h"
#include "service/job/probe.h"
#include "service/limits/level.h"

struct levels;

enum { UPPERS_MAX = 2 }; /* above one instance */

/* After a notification limit the kernel is asked at once, but at most once in REARM_MS: until then
 * it sends no further one, so a total that stays exceeded cannot make a storm. */
enum { REARM_MS = 1000 };
struct rearm {
    uint64_t asked_at; /* 0: never */
    bool owed;         /* asked again when that time is over */
    uint32_t pid;      /* of the message */
};

struct upper {
    enum level_kind kind;
    const char *name; /* of the group, or of the service */
    const struct limits *limits;
    struct level *level;
    struct job *job; /* NULL: no member has started yet */
    char called[256]; /* "the job Global\Jobwarden.apps of group apps", once it was made */
    struct rearm rearm;
};

struct levels_setup {
    const struct config *config;
    const struct machine *machine;
    const struct probe *probe;
    const char *prefix; /* "Global\" or "Local\" */
    HANDLE port;
    const SECURITY_ATTRIBUTES *security;
};

/* Everything in SETUP must outlive it.  The caller owns *ret. */
enum st levels_new(const struct levels_setup *setup, struct levels **ret, struct err *e);
void levels_free(struct levels *l); /* closes the upper jobs; NULL is allowed */

/* Jobs from the root down, and what an error calls them. */
struct nest {
    HANDLE job[UPPERS_MAX + 1];
    const char *called[UPPERS_MAX + 1];
    size_t n;
};
/* The open upper jobs of SLOT, made where they are not there yet; there is room for its own. */
enum st levels_open(struct levels *l, size_t slot, struct nest *ret, struct err *e);

struct level *levels_instance(const struct levels *l, size_t slot);
size_t levels_uppers(const struct levels *l);
struct upper *levels_upper(const struct levels *l, size_t i);
/* Whether SLOT is below the upper U. */
bool levels_below(const struct levels *l, const struct upper *u, size_t slot);
/* The levels of SLOT from the instance upwards; their uppers, NULL for the instance itself. */
size_t levels_chain(const struct levels *l, size_t slot, struct level *ret[UPPERS_MAX + 1],
                    struct upper *uppers[UPPERS_MAX + 1]);

/* Says once for each limit key in use that this kernel does not hold who holds it instead, or that
 * nobody does. */
void levels_tell(const struct levels *l, const struct log *log);
/* What the kernel is given of LIMITS, which are those of the upper U, or of the instance SLOT when
 * U is
 * NULL.  The kernel takes a CPU rate as a share of that of the level above; ours are all of the
 * machine. */
void levels_kernel(const struct levels *l, const struct upper *u, size_t slot,
                   const struct limits *limits, struct kernel_limits *ret);
const struct levels_setup *levels_setup(const struct levels *l);

#endif
