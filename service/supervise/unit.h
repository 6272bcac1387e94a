/* unit.h - one instance: its state, what is wanted of it, and the table of what may happen next.
 *
 * The step is pure: it reads the unit and says what to do; apply.c does it through the hands. */
#ifndef JW_SUPERVISE_UNIT_H
#define JW_SUPERVISE_UNIT_H

#include "service/supervise/policy.h"

enum state {
    S_STOPPED,  /* the job is empty and nothing is to be started */
    S_WAITING,  /* to be started once what unit.waits names is so */
    S_PREPARING, /* hook_pre_start runs; there is no run yet.  Called "starting" like the next */
    S_STARTING, /* spawned, and not yet ready */
    S_RUNNING,
    S_BACKOFF,  /* down, and to be started at a known time */
    S_STOPPING, /* on the way down: the ladder, or the rest of the tree after the main process */
    S_FAILED,   /* given up; the reason is in the unit */
    S_EXITED,   /* done, and by its policy not to be started again */
    STATES
};
extern const char *const state_names[STATES];

/* What a unit in S_WAITING waits for, in this order. */
enum wait {
    WAIT_NOTHING,
    WAIT_SCHEDULE, /* its next due time */
    WAIT_JOB,      /* another job, to be ready */
    WAIT_DELAY,    /* start_delay and start_jitter */
    WAIT_TURN,     /* max_concurrent_starts, or this turn's start was another's */
    WAITS
};
extern const char *const wait_names[WAITS]; /* sentences for people */

enum event {
    E_WANT_UP,
    E_WANT_DOWN,
    E_LINE_UP,         /* what it waits for may have come */
    E_GO,              /* it is its turn to start */
    E_PREPARED,        /* hook_pre_start has succeeded, or there is none */
    E_NOT_PREPARED,
    E_SPAWNED,         /* the start has succeeded */
    E_NOT_SPAWNED,     /* the start has failed, nothing is left of it */
    E_READY,
    E_MAIN_ENDED,      /* the main process is gone, others of its tree are alive */
    E_ONLY_ATTENDANTS, /* the main process is gone, only hosts of its console are alive */
    E_EMPTY,           /* the main process and every other member are gone */
    E_LIMIT,           /* a limit was reached: go down by the ladder */
    E_KILL,            /* a limit was reached, or an operator says so: terminate at once */
    E_UNWELL,          /* health or watchdog: go down by the ladder */
    E_DEPENDENCY,      /* a job that it requires is gone: down by the ladder, and wait for it */
    E_RENEW,           /* go down by the ladder and up again, by a roll */
    E_DUE,             /* its schedule says so */
    E_TIMER,           /* what the state waits for is due: unit.due_at */
    E_RUNG_FAILED,     /* the present rung cannot work here: go on to the next */
    E_END_NOW,         /* the fleet's budget is used up, or a second Ctrl+C: no more asking */
    EVENTS
};
extern const char *const event_names[EVENTS];

/* FORGOTTEN is a hole in the table and a test finds it; NEVER cannot happen and is logged if it
 * does; DECIDE asks the restart policy which state comes next, unless the unit is not wanted up:
 * then it goes where the cell says. */
enum how { FORGOTTEN, GO, STAY, NEVER, DECIDE };

/* Entering a state (GO, DECIDE) clears what was due; the acts set it anew. */
enum act {
    A_RELEASE = 1 << 0,   /* the run is over: close the job and its handles */
    A_FORGET = 1 << 1,    /* an order is a new beginning: clear the restart history */
    A_SPAWN = 1 << 2,     /* new job, new process */
    A_RUNTIME = 1 << 3,   /* due at max_runtime, if there is one; health is looked after */
    A_ASK = 1 << 4,       /* first rung of the ladder */
    A_NEXT_RUNG = 1 << 5, /* next rung; after the last terminate the job, again and again */
    A_LEFTOVERS = 1 << 6, /* name what outlived the main process */
    A_SWEEP = 1 << 7,     /* terminate what nobody needs to be told about */
    A_KILL = 1 << 8,      /* terminate the job now */
    A_LINE_UP = 1 << 9,   /* find out what it has to wait for; nothing: its turn */
    A_PREPARE = 1 << 10,  /* new generation; hook_pre_start */
    A_UNPREPARE = 1 << 11, /* end that hook */
    A_AWAIT = 1 << 12     /* until it is ready */
};

struct edge {
    enum how how;
    enum state to;
    unsigned acts;
};

extern const struct edge unit_edges[STATES][EVENTS];

/* A limit that may be why the main process ends. */
struct blame {
    enum limit_id limit;
    enum reaction what;
    bool sure;      /* it ends by this; else only if it does not end as a success */
    uint64_t until; /* when its end is no longer put down to it; 0: nobody is blamed */
};

/* One run, from its start to what was decided at its end; whole when H_RUN is told.  Of a start
 * that failed pid, ready_at and ended_at are 0. */
struct record {
    uint64_t start;        /* the number of the run: unit.starts */
    uint32_t pid;          /* of the main process */
    int64_t started;       /* ms since 1970-01-01 UTC */
    uint64_t spawned_at, ready_at, ended_at; /* of the loop's clock; 0: never */
    struct ending end;
    uint64_t limit_events; /* how often a limit was reached */
    enum state next;       /* what follows */
    uint64_t next_ms;      /* of S_BACKOFF: until the next start */
    const char *reason;    /* static words: what decided it; "" when nothing had to */
};

/* Looks at the worker from outside: whether it is ready, then whether it is well. */
struct probing {
    uint64_t at;       /* the next round, or question, begins; 0: none */
    uint64_t began;    /* of the present round, or since when rounds are made */
    uint64_t until;    /* of the check under way: then it has no answer; 0: none is under way */
    uint32_t serial;   /* of the last check */
    uint32_t step;     /* of the round: which of the checks */
    uint32_t bad;      /* failed rounds in a row */
    uint64_t watch_at; /* the watchdog's event is asked about; 0: no watchdog */
    uint64_t heard_at; /* it was last seen set */
};

struct crew;

struct unit {
    uint64_t id; /* slot | generation << 32; the generation changes with every run */
    const struct job_spec *spec; /* NULL: the slot is free, and nothing else is meant */
    const struct job_spec *next; /* of its changed definition, until its turn; or NULL */
    struct crew *crew;           /* all instances of its job */
    enum state at;
    enum wait waits;   /* of S_WAITING */
    bool want_up;      /* what is ordered; `at` is what is */
    bool proven;       /* was ready since it was last ordered up */
    bool hurry;        /* ordered by an operator: no delay, no schedule */
    bool again;        /* its next start is a restart: no delay of a first start, no schedule */
    bool due;          /* its schedule's time has come */
    bool missed;       /* its schedule was due while it ran */
    bool queued;       /* is in the queue for its turn */
    bool fresh;        /* of a take-over: to be started when that is done */
    bool retired;      /* no definition has it any more */
    bool rolling;      /* of those that the roll has taken down */
    bool renewed;      /* and it was started since */
    bool asked;        /* a roll is to take it */
    bool anew;         /* for an operator, who wants another run than the present one */
    enum event held;   /* to go down by this once nobody needs it; EVENTS: not held */
    enum cause held_cause;
    unsigned standing; /* as counted in its crew */
    bool spawned;      /* a run exists: its job is open */
    bool main_ended;   /* of this run */
    bool killed;       /* this run's job was terminated */
    bool slain;        /* and that was an operator's order, which ends this run */
    bool blind;        /* the last look failed */
    uint32_t rung;     /* of the ladder, while stopping */
    uint32_t looks;    /* in a row that waited for an end, for the growing wait between them */
    uint32_t members;  /* at the last look, besides the main process */
    uint32_t attendants;
    uint32_t pid;      /* of the main process, 0 when there is none */
    uint32_t main_pid; /* the same, and still after its end */
    uint64_t since;    /* when `at` was entered */
    uint64_t spawned_at, ready_at, ended_at, killed_at; /* the last of a killed run */
    struct probing probe;
    uint64_t due_at;   /* when E_TIMER comes: end of rung, delay or max_runtime; 0: never */
    uint64_t look_at;  /* when the kernel is asked again; 0: no need */
    uint64_t alarm_at; /* the alarm that is set; 0: none */
    uint64_t starts;   /* runs, ever */
    enum cause cause;  /* why this run is ending; CAUSE_NONE while it runs */
    enum limit_id limit;    /* of CAUSE_LIMIT, else LIMIT_NONE */
    enum reaction reaction; /* of CAUSE_LIMIT: what follows, else REACTION_UNSAID */
    bool ordered;      /* up again, by an order that came while this run was ending */
    struct blame blame;
    uint64_t limit_times;  /* how often a limit was reached, ever */
    enum limit_id limit_last; /* of all runs, or LIMIT_NONE */
    struct ending last;
    struct history history;
    struct record record; /* of the present or last run */
    const char *reason; /* static words: why failed, exited, waiting or in backoff; else NULL */
};

struct step {
    enum state to;
    unsigned acts;
    struct decision decision; /* of a DECIDE edge; reason NULL when the policy was not asked */
    bool impossible;          /* a NEVER cell */
};

/* EXIT or CRASH: why a run ended for which nobody is to blame. */
enum cause unit_exit_cause(const struct job_spec *spec, uint32_t code);
/* Why the present run is ending. */
void unit_ends_by(struct unit *u, enum cause cause, enum limit_id limit, enum reaction what);

/* Pure but for *h, the history, which a DECIDE edge brings up to date. */
struct step unit_step(const struct unit *u, enum event ev, const struct ending *end, uint64_t now,
                      uint32_t random, struct history *h);

#endif
