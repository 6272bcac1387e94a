/* crossing.h - when the same limit is said again: one small state a limit, one function a rule.
 * Pure, plain data.  A crossing of zeros has never been said.  Times are ms of the loop's clock. */
#ifndef JW_LIMITS_CROSSING_H
#define JW_LIMITS_CROSSING_H

#include <stdbool.h>
#include <stdint.h>

enum { SAY_AGAIN_MS = 60000 };

/* Each limit keeps to one rule, or to _edge and _quiet, so the members are shared. */
struct crossing {
    bool said;   /* and not re-armed since */
    bool heard;  /* heard_at counts */
    bool beyond; /* was so at the last sample */
    uint64_t heard_at, said_at;
    uint64_t since; /* the first sample of those beyond */
    uint64_t next;  /* at which a total is said again; 0: at its limit */
    uint32_t unsaid;
};

/* All return whether it is to be said now; those with REPEATS then give how often it was not. */

/* At once, then at the earliest after SAY_AGAIN_MS.  FRESH: a new case, which counts; else an old
 * one that lasts, which does not. */
bool crossing_event(struct crossing *c, bool fresh, uint64_t now, uint32_t *repeats);
/* Only after SAY_AGAIN_MS without one, or when re-armed. */
bool crossing_quiet(struct crossing *c, uint64_t now, uint32_t *repeats);

/* Once, until re-armed. */
bool crossing_once(struct crossing *c);
void crossing_rearm(struct crossing *c);
/* Once when beyond; seen not beyond re-arms it. */
bool crossing_edge(struct crossing *c, bool beyond);
/* The same, but only when it was beyond at every sample for FOR_MS or longer. */
bool crossing_span(struct crossing *c, bool beyond, uint64_t now, uint64_t for_ms);
/* A total that never falls: when it is at STEP or above, then each time it has got to the next
 * multiple of STEP above what it was when it was said.  STEP is not 0. */
bool crossing_total(struct crossing *c, uint64_t total, uint64_t step);
/* The total at which it is said next. */
uint64_t crossing_next(const struct crossing *c, uint64_t step);

/* The processes about which something was said a short time ago, by pid alone. */
enum { CROSSING_PIDS = 8 };
struct crossing_pids {
    struct {
        uint32_t pid;
        uint64_t at;
    } of[CROSSING_PIDS];
    uint32_t turn;
};

/* Once for each pid within SAY_AGAIN_MS; always for pid 0, which is nobody known. */
bool crossing_pid(struct crossing_pids *c, uint32_t pid, uint64_t now);

#endif
