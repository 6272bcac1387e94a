/* harness_follow.h - a command that follows (-f), and what it has printed so far. */
#ifndef JW_TESTS_E2E_HARNESS_FOLLOW_H
#define JW_TESTS_E2E_HARNESS_FOLLOW_H

#include "harness.h"

struct follower {
    struct world *w;
    const char *words;
    struct program program;
    HANDLE job; /* ends it with the test */
    struct buf text;
};

/* Starts `jobwarden.exe WORDS --config jobs.ini`. */
void follow(struct world *w, const char *words, struct follower *ret);
/* Until N lines of what it printed match PATTERN; returns all of that, valid until the next call.
 * Fails when it has ended before. */
struct str follower_await(struct follower *f, const char *pattern, size_t n);
/* Ends it. */
void follower_end(struct follower *f);

#endif
