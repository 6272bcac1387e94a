/* fleet.h - the inside of a struct sup, for this room's own files. */
#ifndef JW_SUPERVISE_FLEET_H
#define JW_SUPERVISE_FLEET_H

#include "service/supervise/sup.h"

struct sup {
    struct hands hands;
    size_t n;
    struct unit *unit;
    const struct limits *limits; /* of the whole fleet; NULL: none */
    size_t in_state[STATES]; /* how many units; counted as they move, for it is asked often */
    bool stopping;           /* the whole fleet: nothing is started again */
    bool ended;              /* and its budget is used up: no more asking */
    bool wants_exit;
    enum cause stop_cause;
    size_t stop_next; /* the slot whose turn to be asked is next */
    uint64_t end_at;  /* of the budget; 0: none */
};

/* apply.c: does one event and whatever it entails at once; watch_arm() belongs after it. */
void apply_event(struct sup *s, struct unit *u, enum event ev);

/* sup.c: the unit whose present run is ID, or NULL. */
struct unit *fleet_find(const struct sup *s, uint64_t id);

/* limit.c: the main process of U has ended with CODE, and nothing was known to be ending it: says
 * why it did. */
void limit_judge(const struct sup *s, struct unit *u, uint32_t code);

/* watch.c: asks the kernel about the run of U, which must exist, and applies what it says. */
void watch_look(struct sup *s, struct unit *u);
/* Looks, then does what is due. */
void watch_wake(struct sup *s, struct unit *u);
/* Sets the alarm to the earliest of what U waits for. */
void watch_arm(struct sup *s, struct unit *u);

uint64_t fleet_now(const struct sup *s);
/* AT + MS, without running over; never 0, which means no time at all. */
uint64_t fleet_later(uint64_t at, uint64_t ms);
void fleet_tell(const struct sup *s, const struct tale *t);

#endif
