/* crew.h - all instances of one job: what others wait for, and what is done to them in turn. */
#ifndef JW_SUPERVISE_CREW_H
#define JW_SUPERVISE_CREW_H

#include "service/supervise/unit.h"

/* One crew that another one waits for; or, the other way round, that waits for it. */
struct need {
    struct crew *crew;
    bool required;
};

/* What a unit counts for in its crew; bits of unit.standing. */
enum standing {
    STANDS_PENDING = 1 << 0, /* on its way up, and not ready since its order */
    STANDS_UP = 1 << 1,      /* ready */
    STANDS_DONE = 1 << 2,    /* has ended with success, and stays so */
    STANDS_COMING = 1 << 3,  /* wanted, and not given up */
    STANDS_LIVE = 1 << 4,    /* has a run */
    STANDS_LEAVING = 1 << 5, /* has a run, and is not wanted */
    STANDS_HELD = 1 << 6,    /* is to go down once nobody needs it */
    STANDINGS = 7
};

struct roll {
    bool on;
    bool more;       /* units were asked for, and nobody was told yet */
    uint32_t flying; /* taken down, and not yet ready again */
    uint32_t next;   /* place in crew.unit of the next to be looked at */
    uint64_t look_at; /* one that is ready has lived long enough by then; 0: none */
    struct crew *link;
};

struct crew {
    const char *name; /* of the definition, or of a unit's */
    const struct definition *def; /* NULL: gone */
    const struct job_spec *spec;  /* of the newest definition's first instance; NULL: it has none */
    uint32_t n, room;
    struct unit **unit; /* by their numbers, those that are retired among them */
    uint32_t needs, users;
    struct need *need, *user;
    uint32_t count[STANDINGS];
    /* what others go by; changes are passed on by fleet_settle() */
    bool settled; /* nobody is on the way who never was ready: enough for `after` */
    bool up;      /* and somebody is ready or done: enough for `requires` */
    bool lost;    /* nobody is or comes up, or can: those who require it go */
    bool review;  /* what it needs has changed */
    bool touched; /* is in sup.moved */
    bool replaced; /* by a crew of a newer definition */
    bool retiring; /* some of its units are retired */
    struct roll roll;
    /* schedules, in ms since 1970-01-01 UTC; INT64_MAX: never */
    int64_t run_nominal, run_at;         /* without and with jitter */
    int64_t restart_nominal, restart_at;
    struct crew *moved_link, *timed_link, *gone_link;
};

/* Room for N units and what it needs; NULL when out of memory. */
struct crew *crew_new(uint32_t n, uint32_t needs, uint32_t users);
void crew_free(struct crew *c); /* NULL is allowed; the units are not its own */

#endif
