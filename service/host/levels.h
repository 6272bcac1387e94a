/* levels.h - fleet, groups, instances: the limits of each, and the named jobs of the upper two.
 * Loop thread only.
 *
 * The job of an instance belongs to its run (runs.h); those above are made, from the root down,
 * when the first of their members starts, and stay until the end, or until a take-over leaves them
 * without a member.  A member whose upper jobs cannot be made does not start: nothing ever runs
 * outside its limits.
 *
 * Changed definitions come in two ways: those of groups and the fleet all at once (levels_stage(),
 * levels_commit()), that of a slot whenever the supervisor says so (levels_adopt()).  A group that
 * is defined no more stays as it is until no slot is below it; whether there is a job of the fleet
 * is decided once and for all by the first definitions, for what runs cannot be put below another
 * job. */
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
    uint32_t number;               /* in the keys of its packets; nobody else's ever */
    char name[NAME_MAX_BYTES + 1]; /* of the group, or of the service */
    const struct limits *limits;   /* its own copy */
    struct level *level;
    struct job *job;  /* NULL: no member has started yet */
    char called[256]; /* "the job Global\Jobwarden.apps of group apps", once it was made */
    struct rearm rearm;
    bool defined;   /* by the newest definitions */
    bool unapplied; /* its job does not have all of its limits: to be tried again */
    size_t below;   /* slots of a group */
};

struct levels_setup {
    const char *service; /* its name; shorter than NAME_MAX_BYTES + 1 */
    const struct machine *machine;
    const struct probe *probe;
    const char *prefix; /* "Global\" or "Local\" */
    HANDLE port;
    const SECURITY_ATTRIBUTES *security;
};

/* The levels above the instances; slots come by levels_room().  Everything in SETUP must outlive
 * it, C need not.  The caller owns *ret. */
enum st levels_new(const struct levels_setup *setup, const struct config *c, struct levels **ret,
                   struct err *e);
void levels_free(struct levels *l); /* closes the upper jobs; NULL is allowed */

/* Free slots below N. */
enum st levels_room(struct levels *l, size_t n, struct err *e);
size_t levels_slots(const struct levels *l);
/* From now on SLOT is defined by SPEC, whose group has an upper; both the former spec and SPEC are
 * there to be read.  NULL: the slot is free, and its account goes to levels_gone().
 * ST_NOMEM: it is so all the same, but the sampler waits for the next run; level_relimit(). */
enum st levels_adopt(struct levels *l, size_t slot, const struct job_spec *spec);
const struct job_spec *levels_spec(const struct levels *l, size_t slot); /* NULL: free */
/* What was used by those whose slots are free, or somebody else's, by now. */
struct account levels_gone(const struct levels *l);

/* New limits for groups and the fleet, and new groups, as NEXT has them.  On success
 * levels_commit() or levels_unstage() follows; in between slots may be adopted by specs of NEXT.
 * NEXT need not outlive either.  The caller owns *ret. */
struct stage;
enum st levels_stage(struct levels *l, const struct config *next, struct stage **ret,
                     struct err *e);
void levels_unstage(struct levels *l, struct stage *s);
/* The limits hold for all but the jobs that are open already: the caller gives them theirs, where
 * uppers are `unapplied`, and those of instances below them, whose shares may depend on it. */
void levels_commit(struct levels *l, struct stage *s);
/* Closes what is neither defined nor has slots below it.  Nobody may be holding an upper. */
void levels_sweep(struct levels *l);

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
struct upper *levels_upper(const struct levels *l, size_t i); /* the groups, then the fleet */
/* Whose packets have that number; NULL: nobody's any more. */
struct upper *levels_find(const struct levels *l, uint64_t number);
struct upper *levels_fleet(const struct levels *l); /* NULL: it has no job of its own */
/* Whether SLOT is below the upper U. */
bool levels_below(const struct levels *l, const struct upper *u, size_t slot);
/* The levels of SLOT from the instance upwards; their uppers, NULL for the instance itself. */
size_t levels_chain(const struct levels *l, size_t slot, struct level *ret[UPPERS_MAX + 1],
                    struct upper *uppers[UPPERS_MAX + 1]);

/* Says for each limit key in use that this kernel does not hold who holds it instead, or that
 * nobody does; each key once. */
void levels_tell(struct levels *l, const struct log *log);
/* What the kernel is given of LIMITS, which are those of the upper U, or of the instance SLOT when
 * U is NULL.  The kernel takes a CPU rate as a share of that of the level above; ours are all of
 * the machine. */
void levels_kernel(const struct levels *l, const struct upper *u, size_t slot,
                   const struct limits *limits, struct kernel_limits *ret);
const struct levels_setup *levels_setup(const struct levels *l);

#endif
