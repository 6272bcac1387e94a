/* hands.h - everything that the supervisor does to the world.  Production fills it with Win32,
 * tests with a fake world and a fake clock.  Called on the loop's thread only; none may block, and
 * none may call the supervisor back other than to read (sup_unit, sup_find). */
#ifndef JW_SUPERVISE_HANDS_H
#define JW_SUPERVISE_HANDS_H

#include "service/supervise/unit.h"

/* What the kernel says about a run at this moment. */
struct look {
    bool main_alive;
    uint32_t code;      /* exit code of the main process once it is not alive */
    uint32_t members;   /* living members of the job besides the main process */
    uint32_t attendants; /* of these: console hosts, which exist only for the worker's console */
};

/* One look at whether a worker is ready, or well. */
enum check_kind { CHECK_PORT, CHECK_HTTP, CHECK_FILE, CHECK_COMMAND };
struct check {
    enum check_kind kind;
    uint32_t serial;     /* of this check; the answer carries it */
    uint32_t port;       /* of CHECK_PORT */
    const char *text;    /* URL, path or command line; lives as long as the unit's definition */
    uint64_t timeout_ms; /* then the answer is bad */
    bool readiness;      /* of `ready`; else of health */
};

/* Events of the kernel that a worker sets. */
enum signal { SIGNAL_READY, SIGNAL_WATCHDOG };

/* Something worth a line in the log; the hands' `tell` writes it. */
enum happening {
    H_WAITING,      /* not started yet; text: what for, number: ms it may take, 0: not known */
    H_STARTED,      /* the unit's pid */
    H_NOT_STARTED,  /* text: why */
    H_READY,        /* number: ms since it was started */
    H_UNHEALTHY,    /* a check failed; number: how many in a row, text: why */
    H_HEALTHY,      /* the first good one after those; number: how many they were */
    H_RUN,          /* a run is over and what follows is decided: the unit's record */
    H_ENDED,        /* the main process: the unit's pid and last */
    H_LEFTOVERS,    /* number: how many outlive the main process; the hands name them */
    H_STOPPING,     /* text: the cause's name; the unit's limit */
    H_HELD,         /* to be stopped once those that need it are down; text: the name of one */
    H_RUNG,         /* rung, number: ms it may take */
    H_RUNG_FAILED,  /* rung, text: why; the ladder goes on at once */
    H_KILLED,       /* the job was terminated; once a run */
    H_STUBBORN,     /* terminated long ago, and once more now; number: processes still there */
    H_BLIND,        /* text: why the kernel does not answer; once until it does again */
    H_BACKOFF,      /* number: ms until the next start; text: the reason */
    H_DONE,         /* exited; text: the reason */
    H_FAILED,       /* text: the reason; number: starts in the window if that is full, else 0;
                     * the unit's last, unless it could not be started */
    H_STOPPED,
    H_MISSED,       /* its schedule was due while it ran; once a run; with
                     * overlap, all ran, and each time.  text: what follows */
    H_CHANGED,      /* the unit has another definition now; text: how it was taken */
    H_REMOVED,      /* no definition has it any more, and it is down */
    H_ROLL,         /* of its job a rolling restart begins; number: how many; text: why */
    H_ROLLED,       /* and has ended well */
    H_ROLL_STOPPED, /* and is given up: this unit did not come up; number: how many are left as they
                     * were, text: their names */
    H_IMPOSSIBLE,   /* text: an event that this state cannot have: a defect of ours */
    HAPPENINGS
};

struct tale {
    enum happening what;
    const struct unit *unit;
    enum rung_kind rung; /* of H_RUNG and H_RUNG_FAILED */
    uint64_t number;
    const char *text;
};

#define SLOT_FLEET UINT32_MAX /* the alarm of the fleet itself; no int, so no enumerator */

struct hands {
    void *ctx;
    /* Room for slots below N, before any of them is used; on failure nothing has changed. */
    enum st (*room)(void *ctx, size_t n, struct err *e);
    /* From now on SLOT is defined by SPEC: a first one, or another for the same NAME.N, maybe while
     * a run exists, which then is to be put under SPEC's limits; NULL: the slot is free.  Cannot
     * fail: what does not work is told by the hands and tried again with the next run. */
    void (*adopt)(void *ctx, uint32_t slot, const struct job_spec *spec);
    /* Begins hook_pre_start for the run ID that is to be; sup_prepared() answers, later. */
    enum st (*prepare)(void *ctx, uint64_t id, const struct job_spec *spec, struct err *e);
    /* Ends that hook, which answers no more. */
    void (*unprepare)(void *ctx, uint64_t id);
    /* Makes the job of run ID, puts SPEC's process into it and lets it run.  On failure nothing is
     * left, and e->text says why, with the file's name. */
    enum st (*spawn)(void *ctx, uint64_t id, const struct job_spec *spec, uint32_t *ret_pid,
                     struct err *e);
    /* Begins one rung.  ST_OK: it is under way (a failure may still come as a note);
     * anything else: it cannot work, and e->text says why. */
    enum st (*ask)(void *ctx, uint64_t id, const struct rung *rung, struct err *e);
    /* Terminates every member; again if called again. */
    void (*kill)(void *ctx, uint64_t id);
    /* ST_OS when the kernel did not answer: nothing is known, ask again later. */
    enum st (*look)(void *ctx, uint64_t id, struct look *ret, struct err *e);
    /* Begins one check of run ID; sup_checked() answers, later, in its time or a little after.  A
     * unit has at most one at a time. */
    enum st (*check)(void *ctx, uint64_t id, const struct check *check, struct err *e);
    /* Ends the check of run ID, if there is one; it answers no more. */
    void (*uncheck)(void *ctx, uint64_t id);
    /* Whether the worker has set the event since the last question; asking resets it. */
    bool (*signalled)(void *ctx, uint64_t id, enum signal what);
    /* Gives back the job and handles of a run that is empty; packets about it find nobody. */
    void (*release)(void *ctx, uint64_t id);
    /* One alarm a slot, and one for SLOT_FLEET, replaced by the next; AT_MS 0 clears it. */
    void (*alarm)(void *ctx, uint32_t slot, uint64_t at_ms);
    uint64_t (*now)(void *ctx);
    /* ms since 1970-01-01 UTC, by a clock that can be set; and the local time's offset from UTC at
     * UTC_S, in seconds. */
    int64_t (*wall)(void *ctx);
    int32_t (*offset)(void *ctx, int64_t utc_s);
    uint32_t (*random)(void *ctx);
    void (*tell)(void *ctx, const struct tale *t);
};

#endif
