/* params.h - what a simulated fleet is made of: one row for each thing that a script can set, of a
 * job's definition, of the nature of its workers, or of the fleet and its world.  Read-only.
 *
 * All values are numbers, so that a script is numbers and can be shrunk. */
#ifndef JW_SIMULATE_PARAMS_H
#define JW_SIMULATE_PARAMS_H

#include <stdint.h>

enum { JOBS_MAX = 64 };

enum param {
    /* Of the definition; they hold from the next take-over on. */
    P_PRESENT,
    P_INSTANCES,
    P_FIRST,
    P_RANK,     /* who may wait for whom: only higher ones for lower ones */
    P_AFTER,    /* bit N: the job N */
    P_REQUIRES, /* the same */
    P_GROUP,
    P_COMMAND,
    P_START_DELAY,
    P_PARALLEL,
    P_READY,
    P_READY_TIMEOUT,
    P_RESTART,
    P_SUCCESS_CODE,
    P_PREVENT_CODE,
    P_FORCE_CODE,
    P_PREVENT_CAUSES,
    P_FORCE_CAUSES,
    P_MIN_UPTIME,
    P_FIRST_DELAY,
    P_DELAY,
    P_DELAY_MAX,
    P_STEP,
    P_FACTOR,
    P_JITTER,
    P_START_LIMIT,
    P_START_LIMIT_INTERVAL,
    P_EXIT_SERVICE,
    P_MAX_RUNTIME,
    P_LADDER,
    P_WATCHDOG,
    P_HEALTH,
    P_HEALTH_INTERVAL,
    P_HEALTH_TIMEOUT,
    P_HEALTH_FAILURES,
    P_HOOK,
    P_SCHEDULE,
    P_RESTART_SCHEDULE,
    P_SCHEDULE_JITTER,
    P_OVERLAP,
    P_MEMORY,
    P_JOB_TIME,
    P_ON_LIMIT,
    P_ON_LIMIT_INTERVAL,
    P_LOG_KEEP,
    P_SPEC_END,
    /* Of the nature of its workers; they hold at once, for what begins from now on. */
    P_LIFE = P_SPEC_END, /* ms until it ends by itself; 0: never */
    P_CODE,              /* with which */
    P_READY_MS,          /* until it is ready; -1: never */
    P_OBEYS,             /* bit N: the main process ends when asked by rung N */
    P_TREE_OBEYS,        /* the same for the others of its tree */
    P_OBEYS_MS,          /* after so long */
    P_MEMBERS,           /* others of its tree */
    P_HOSTS,             /* and hosts of its console */
    P_LEAVES,            /* percent of ends that leave the tree behind */
    P_KILL_MS,           /* until a terminated job is empty */
    P_DEAF,              /* so many terminations have no effect */
    P_BEAT_MS,           /* between two signals for the watchdog; 0: none */
    P_CHECK_MS,          /* until a check has its answer */
    P_CHECK_BAD,         /* percent of bad answers */
    P_CHECK_LOST,        /* percent of none at all */
    P_HOOK_MS,
    P_HOOK_BAD, /* percent */
    P_SPAWN_BAD,
    P_ASK_BAD,
    PARAMS
};

enum fleet_param {
    F_CONCURRENT,
    F_START_JITTER,
    F_JOB_TIME, /* of the whole fleet */
    F_SPEC_END,
    F_SALT = F_SPEC_END, /* of all chances */
    F_NOTES_LOST,        /* percent */
    F_NOTES_DOUBLE,
    F_NOTES_LATE, /* ms at most */
    F_LOOK_BAD,   /* percent of looks without an answer */
    F_HAND_BAD,   /* percent of prepare and check that cannot begin */
    F_ROOM_BAD,   /* percent of room without memory */
    F_WALL,       /* where the clock on the wall begins: one of a few moments */
    FLEET_PARAMS
};

/* What a value is drawn from: mostly the first, which is also what holds when nothing is set. */
enum { CHOICES_MAX = 8 };
struct param_row {
    const char *name;
    uint32_t n;
    int64_t choice[CHOICES_MAX];
};

extern const struct param_row params[PARAMS];
extern const struct param_row fleet_params[FLEET_PARAMS];

#endif
