/* fleet.h - the inside of a struct sup, for this room's own files.
 *
 * Whatever a public function does to units, it ends with fleet_settle(): what follows from it for
 * other units happens there, from a list and never by recursion. */
#ifndef JW_SUPERVISE_FLEET_H
#define JW_SUPERVISE_FLEET_H

#include "service/supervise/crew.h"
#include "service/supervise/sup.h"

struct sup {
    struct hands hands;
    const struct config *config; /* the newest */
    size_t n, room;              /* slots in use, free ones among them; allocated */
    struct unit **unit;          /* one a slot, each alone: they never move */
    size_t free;                 /* slots without a unit */
    size_t crews;
    struct crew **crew; /* one a definition of `config`, in its order */
    struct crew *gone;  /* those without a definition, whose units are on their way down */
    struct crew *moved; /* to be looked at by fleet_settle() */
    struct crew *rolls; /* with a roll */
    struct crew *timed; /* with a schedule */
    struct unit **queue; /* for a turn to start: a ring of `room` places */
    size_t queue_head, queue_n;
    size_t in_state[STATES]; /* how many units; counted as they move, for it is asked often */
    uint64_t turn_at;        /* the next of the queue may go; 0: not before somebody is up */
    uint64_t plan_at;        /* schedules are looked at; 0: there are none */
    int64_t plan_wall;       /* the clock on the wall when they were last looked at */
    uint64_t alarm_at;       /* of SLOT_FLEET */
    bool started;            /* the whole fleet was ordered up */
    bool stopping;           /* the whole fleet: nothing is started again */
    bool ended;              /* and its budget is used up: no more asking */
    bool wants_exit;
    enum cause stop_cause;
    size_t start_next, stop_next; /* the slot whose turn to be asked is next */
    uint64_t end_at;              /* of the budget; 0: none */
};

/* --- apply.c: does one event and whatever it entails at once; watch_arm() belongs after it. --- */
void apply_event(struct sup *s, struct unit *u, enum event ev);
/* U goes to another state, and nothing else happens. */
void fleet_move(struct sup *s, struct unit *u, enum state to, uint64_t now);

/* --- start.c: the acts that lead to a run --- */
enum event start_line_up(struct sup *s, struct unit *u, uint64_t now);
enum event start_prepare(struct sup *s, struct unit *u, uint64_t now);
enum event start_spawn(struct sup *s, struct unit *u, uint64_t now);
/* U goes by its changed definition from now on, if it has one.  It has no run. */
void start_take_next(struct sup *s, struct unit *u);

/* --- command.c --- */
/* U is ordered up; HURRY: without delay and schedule. */
void fleet_start(struct sup *s, struct unit *u, bool hurry);

/* --- sup.c --- */
/* The unit whose present run is ID, or NULL. */
struct unit *fleet_find(const struct sup *s, uint64_t id);
void fleet_settle(struct sup *s);

/* --- limit.c --- */
/* The main process of U has ended with CODE, and nothing was known to be ending it: says why it
 * did. */
void limit_judge(const struct sup *s, struct unit *u, uint32_t code);

/* --- watch.c --- */
/* Asks the kernel about the run of U, which must exist, and applies what it says. */
void watch_look(struct sup *s, struct unit *u);
/* Looks, then does what is due. */
void watch_wake(struct sup *s, struct unit *u);
/* Sets the alarm to the earliest of what U waits for. */
void watch_arm(struct sup *s, struct unit *u);
/* The earlier of two times, of which 0 is none. */
uint64_t watch_earlier(uint64_t a, uint64_t b);

/* --- probe.c --- */
enum event probe_await_ready(struct sup *s, struct unit *u, uint64_t now);
void probe_begin_health(struct sup *s, struct unit *u, uint64_t now);
void probe_end(struct sup *s, struct unit *u); /* no more questions; ends a check under way */
void probe_wake(struct sup *s, struct unit *u); /* does what is due */
uint64_t probe_next(const struct unit *u);
/* The definition of U has changed while it runs. */
void probe_renew(struct sup *s, struct unit *u, uint64_t now);

/* --- order.c: who waits for whom --- */
/* Brings the counters of U's crew up to date; after every change of what they count. */
void order_count(struct sup *s, struct unit *u);
void order_touch(struct sup *s, struct crew *c); /* fleet_settle() looks at it */
bool order_clear(const struct crew *c);          /* all that its units wait for is ready */
const struct crew *order_waits_for(const struct crew *c); /* one of those that are not; or NULL */
/* Brings U down by EV (E_WANT_DOWN, E_DEPENDENCY), or has it held until nobody needs it. */
void order_down(struct sup *s, struct unit *u, enum event ev, enum cause cause);
/* What is ending the run of U keeps its name, whatever is ordered meanwhile. */
bool order_keeps(const struct unit *u);
/* The status of C, whose counters have changed; then what follows for those above and below. */
void order_settle(struct sup *s, struct crew *c);
/* The statuses of all, without anything following from them. */
void order_find_statuses(struct sup *s);

/* --- turn.c: max_concurrent_starts, and one start a turn --- */
void turn_queue(struct sup *s, struct unit *u);
void turn_settle(struct sup *s);   /* the next of the queue, if there is room */
void fleet_arm(struct sup *s);     /* the fleet's own alarm */
void fleet_wake(struct sup *s);    /* it has rung */

/* --- roll.c --- */
/* The units of C that are marked `asked`, by and by; goes on with a roll that is there already. */
void roll_begin(struct sup *s, struct crew *c, const char *why);
void roll_settle(struct sup *s, struct crew *c);
uint64_t roll_next(const struct sup *s); /* when one is to be looked at again; 0: no need */
void roll_wake(struct sup *s);
void roll_drop(struct sup *s, struct crew *c); /* it is over, and nobody is told */
/* Of one that is running: from then on it counts as up, and not only as started. */
uint64_t fleet_settled_at(const struct unit *u);

/* --- plan.c: schedules --- */
void plan_begin(struct sup *s); /* anew, of all crews; keeps the next times of the same schedules */
void plan_wake(struct sup *s);
/* By the loop's clock, when the schedule of U's job starts it at the earliest; 0: not known. */
uint64_t plan_next_run(const struct sup *s, const struct unit *u);

/* --- retire.c --- */
/* Slots of retired units of C that are down become free. */
void take_free_retired(struct sup *s, struct crew *c);
void take_free_crews(struct sup *s); /* those that are gone, with all their units */

uint64_t fleet_now(const struct sup *s);
/* AT + MS, without running over; never 0, which means no time at all. */
uint64_t fleet_later(uint64_t at, uint64_t ms);
/* 0 to MOST, both included. */
uint64_t fleet_random(const struct sup *s, uint64_t most);
void fleet_tell(const struct sup *s, const struct tale *t);
void fleet_say(const struct sup *s, const struct unit *u, enum happening what, uint64_t number,
               const char *text);

#endif
