/* take.h - a take-over in two parts, for take.c, change.c and commit.c. */
#ifndef JW_SUPERVISE_TAKE_H
#define JW_SUPERVISE_TAKE_H

#include "service/supervise/fleet.h"

/* Everything that memory is needed for. */
struct draft {
    const struct config *next;
    struct crew **crew, **old; /* one a definition of NEXT; the crew of that name so far, or NULL */
    size_t units;              /* that are not there yet */
    struct unit **unit;        /* those for which no slot is free */
    size_t fresh, slot;        /* how many of these are left; where free slots are looked for */
    struct takeover done;
};

/* On failure nothing has changed and nothing is left. */
enum st take_draft(struct sup *s, const struct config *next, struct draft *t, struct err *e);
/* change.c: C gets the units of the definition D, from the crew OLD (or NULL) and new ones, by
 * their numbers; what OLD has more is retired. */
void take_fill_crew(struct sup *s, struct draft *t, struct crew *c, struct crew *old,
                    const struct definition *d);
/* Cannot fail, and gives T's memory back. */
void take_commit(struct sup *s, struct draft *t);

#endif
