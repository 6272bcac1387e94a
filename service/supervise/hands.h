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

/* Something worth a line in the log; the hands' `tell` writes it. */
enum happening {
    H_STARTED,      /* the unit's pid */
    H_NOT_STARTED,  /* text: why */
    H_ENDED,        /* the main process: the unit's pid and last */
    H_LEFTOVERS,    /* number: how many outlive the main process; the hands name them */
    H_STOPPING,     /* by an order, max_runtime, a limit or the fleet's end; text: the cause's name;
                     * the unit's limit */
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

struct hands {
    void *ctx;
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
    /* Gives back the job and handles of a run that is empty; packets about it find nobody. */
    void (*release)(void *ctx, uint64_t id);
    /* One alarm a slot, replaced by the next; AT_MS 0 clears it. */
    void (*alarm)(void *ctx, uint32_t slot, uint64_t at_ms);
    uint64_t (*now)(void *ctx);
    uint32_t (*random)(void *ctx);
    void (*tell)(void *ctx, const struct tale *t);
};

#endif
