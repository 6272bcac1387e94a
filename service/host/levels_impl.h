/* levels_impl.h - shared by levels*.c; nobody else includes it. */
#ifndef JW_HOST_LEVELS_IMPL_H
#define JW_HOST_LEVELS_IMPL_H

#include "service/host/levels.h"

/* The level of one slot, and by what it is defined. */
struct place_of {
    struct level *level;
    const struct job_spec *spec; /* NULL: free */
    struct upper *group;         /* NULL: none */
};

struct levels {
    struct levels_setup set;
    size_t uppers, upper_room;
    struct upper **upper; /* each alone: they never move; the groups, then the fleet */
    struct upper *fleet;  /* the last of them, or NULL */
    uint32_t numbers;     /* given so far */
    size_t n;
    struct place_of *slot;
    struct account gone;
    bool told[LIMITS];
};

/* A new one under the next number, with a copy of LIMITS; NULL when out of memory. */
struct upper *upper_add(struct levels *l, enum level_kind kind, const char *name,
                        const struct limits *limits);
void upper_free(struct upper *u); /* closes its job; NULL is allowed */
struct upper *upper_of_group(const struct levels *l, const char *name); /* NULL: unknown */
/* In one block, from malloc; NULL when out of memory. */
struct limits *limits_copy(const struct limits *l);

#endif
