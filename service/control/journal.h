/* journal.h - the last lines of the service's log, kept in memory for `events`.  Portable; loop
 * thread only. */
#ifndef JW_CONTROL_JOURNAL_H
#define JW_CONTROL_JOURNAL_H

#include "common/log.h"

/* So many lines at most, and no more bytes; the oldest go first. */
enum { JOURNAL_LINES = 4096, JOURNAL_BYTES = 2 << 20 };

struct journal;

struct happened {
    uint64_t seq; /* from 1, without gaps */
    int64_t time; /* ms since 1970-01-01 UTC */
    enum log_level level;
    struct str line; /* `event key=value...`; the journal's own until the next journal_add() */
};

struct journal *journal_new(void);    /* NULL when out of memory */
void journal_free(struct journal *j); /* NULL is allowed */

/* A line for which there is no memory is forgotten at once: its number is passed over. */
void journal_add(struct journal *j, int64_t time, enum log_level level, struct str line);
/* The numbers that are there: from first (included) to next (not included). */
uint64_t journal_first(const struct journal *j);
uint64_t journal_next(const struct journal *j);
/* False: forgotten, or still to come. */
bool journal_at(const struct journal *j, uint64_t seq, struct happened *ret);

#endif
