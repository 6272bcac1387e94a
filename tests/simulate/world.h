/* world.h - the fake world around one supervisor: kernel, workers, clocks, and what is known here
 * about each run whatever the supervisor believes.
 *
 * It knows the truth; the files check_*.c compare it with the supervisor.  One world is one thread
 * and one script; a broken invariant leaves through world_fail(). */
#ifndef JW_SIMULATE_WORLD_H
#define JW_SIMULATE_WORLD_H

#include "common/random.h"
#include "common/status.h"
#include "service/supervise/sup.h"
#include "tests/simulate/model.h"
#include "tests/simulate/queue.h"

#include <setjmp.h>

/* From the order to start to H_RUN; ID 0: there was none. */
struct attempt {
    uint64_t id;
    bool spawned;   /* there was a process */
    bool failed;    /* it could not be prepared or spawned */
    bool cancelled; /* its hook was ended */
    uint32_t told;  /* how often H_RUN was */
};

/* The kernel's side of the present or the last run of a slot. */
struct run {
    uint64_t id;
    bool open, main_alive;
    bool asked, killed, dying; /* killed: by hands.kill; dying: and it has an effect */
    bool slain;                /* an operator's kill was what ended it */
    bool by_itself;            /* the main process ended so */
    bool ready_shown;          /* the supervisor has been told */
    bool was_ready;            /* and took it so */
    uint32_t pid, code, members, hosts, deaf;
    uint64_t spawned_at, ready_at; /* ready_at: when checks succeed; UINT64_MAX: never */
    uint64_t ended_at;
    unsigned may;        /* bit N: enum cause N can be said of it */
    uint32_t bad_checks; /* of health, that were told or lost */
    uint32_t ended_told;
};

struct slot {
    const struct job_spec *spec; /* as adopted; NULL: free */
    uint32_t job, instance;      /* by the numbers of the model */
    uint64_t alarm;
    struct run run;
    struct attempt attempt;
    bool checking, check_ready; /* one is under way, and it is of `ready` */
    uint32_t serial;
    uint64_t check_until; /* its time is over */
    uint64_t preparing; /* the id whose hook runs; 0: none */
    uint64_t prepared;  /* the id whose hook has succeeded; 0: none */
    bool signal[2];
    uint64_t chances; /* how many were drawn */
    uint64_t rings_at;
    uint32_t rings; /* of its alarm at that moment */
    uint64_t anew;  /* the run in whose place another one is to come, by order; 0: none */
    bool rolled;    /* taken down by a roll, and neither up again nor given up */
    bool going;     /* was on its way down when the fleet's stop began */
    bool proven;    /* was ready since it was last wanted up */
    uint64_t backoff_at; /* when its next start was told to be */
    uint64_t beat_at;    /* the last moment from which its watchdog may count */
    int64_t due_from;    /* on the wall: its last start by schedule; 0: not known */
    uint64_t walls;      /* how often the clock was set until then */
    bool ordered, again; /* up, since its last start; its next start is a restart */
    uint64_t bad_rounds; /* of health, in a row */
    bool must_go;        /* they are enough */
};

/* Whether a job is being restarted in turns. */
enum rolling { NO_ROLL, ROLL_ON };

/* Definitions that the supervisor may still use. */
struct held {
    struct config *config;
    struct plan plan;
    struct held *next;
};

struct outcome;

struct world {
    struct model model;
    struct sup *sup;
    struct held *held; /* the newest first: that is the present one */
    struct slot *slot;
    size_t room, slots; /* granted by room(); allocated */
    struct queue queue;
    struct random random; /* what hands.random gives */
    uint64_t now, fleet_alarm;
    uint64_t fleet_rings_at, fleet_rings;
    int64_t wall_base;
    uint64_t walls; /* how often it was set */
    enum rolling roll[JOBS_MAX];
    bool gave_up[JOBS_MAX]; /* since the last take-over */
    uint32_t pids;
    bool stopping, ended, taking;
    bool calm;       /* nothing fails by chance any more */
    uint64_t end_at; /* of the stop's budget */
    uint64_t events; /* calls of the supervisor */
    uint64_t calls;  /* of hands, by the present one */
    uint32_t check_every;
    uint64_t hash;    /* of all that was told: two replays have the same */
    bool started;     /* the whole fleet was ordered up */
    bool chatty;      /* prints what is told */
    struct outcome *outcome;
    jmp_buf out;
};

/* What came of a script; in memory that two processes share. */
enum { OUTCOME_TEXT = 400 };
struct outcome {
    bool failed;
    char invariant[40];
    char text[OUTCOME_TEXT];
    uint64_t seed, events, scripts, hash;
    uint64_t tales[HAPPENINGS]; /* how often each was told */
    size_t step;                /* that was being done */
};

void world_init(struct world *w, struct outcome *v);
void world_free(struct world *w);

/* INVARIANT does not hold. */
_Noreturn void world_fail(struct world *w, const char *invariant, const char *fmt, ...)
    JW_PRINTF(3, 4);

/* The first supervisor, or a take-over. */
void world_begin(struct world *w, bool start);
/* False: the supervisor has refused it. */
bool world_take(struct world *w);
/* The causes that the definition of S allows: bit N is the cause N. */
unsigned world_may(const struct world *w, const struct slot *s);
/* Frees what is not used any more. */
void world_sweep(struct world *w);

/* Before and after each call of the supervisor. */
void world_enter(struct world *w);
void world_leave(struct world *w);

/* The clock moves, and what is due on the way happens at its time; LATE: all of it afterwards. */
void world_advance(struct world *w, uint64_t ms, bool late);
int64_t world_wall(const struct world *w);
int32_t world_offset(int64_t utc_s);

/* NULL: there is none now. */
struct slot *world_find(struct world *w, uint32_t job, uint32_t instance);
static inline uint32_t world_index(const struct world *w, const struct slot *s)
{
    return (uint32_t)(s - w->slot);
}

/* True in PERCENT of a hundred. */
bool chance(struct world *w, struct slot *s, int64_t percent);
uint64_t chance_below(struct world *w, struct slot *s, uint64_t bound);

/* nature.c: what workers do. */
void nature_born(struct world *w, struct slot *s);
void nature_asked(struct world *w, struct slot *s, enum rung_kind kind);
void nature_killed(struct world *w, struct slot *s);
void nature_checked(struct world *w, struct slot *s, const struct check *check);
void nature_due(struct world *w, const struct due *d);
/* The main process of S ends, and its tree lives on or not; NOTES: how many are sent, or -1 for as
 * many as the world gives. */
void nature_end(struct world *w, struct slot *s, uint32_t code, bool leaves, int64_t notes);
void nature_note(struct world *w, struct slot *s);
void nature_answer(struct world *w, struct slot *s, uint32_t serial, bool good);
void nature_prepared(struct world *w, struct slot *s, uint64_t id, bool ok);

/* hands.c */
extern const struct hands world_hands;
/* tales.c */
extern const char *const tale_words[HAPPENINGS];
void tale_told(struct world *w, const struct tale *t);
/* steps.c */
struct script;
/* Runs it to its end, which is always a stop of the fleet; false: V says what is broken. */
bool script_run(const struct script *s, struct outcome *v, bool chatty);

/* --- check_*.c ---------------------------------------------------------------------- */
void check_all(struct world *w);      /* units, fleet, order, memory */
void check_unit(struct world *w, uint32_t slot);
void check_order(struct world *w);
void check_rolls(struct world *w);
void check_time(struct world *w, const struct slot *s, const struct unit *u);
void check_schedule(struct world *w, struct slot *s);
void check_down(struct world *w);     /* the stop has ended */
/* SLOT is about to be prepared or spawned. */
void check_start(struct world *w, uint32_t slot);
/* A rung or a termination of SLOT. */
void check_asked(struct world *w, uint32_t slot);
struct before;
struct before *check_before_take(struct world *w);
/* NEXT: before the call, for the old definitions may be gone after it. */
void check_compare(struct before *b, const struct world *w, const struct config *next);
void check_after_take(struct world *w, struct before *b, bool taken);

#endif
