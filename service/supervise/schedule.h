/* schedule.h - when a schedule is next due, in local time.  Pure.
 *
 * Where the clock is put forward, a time of the day that is left out is due at the first moment
 * after the gap; several left out at once are due there once.  Where it is put back, a time of the
 * day that comes twice is due at its first coming only.  A schedule whose hour field begins with
 * `*` goes by the time that passes instead: it is due in both comings, and what is left out is not
 * made up.
 *
 * Days: where both the day of the month and the day of the week are restricted, either is enough;
 * where one of them begins with `*`, both must be right (`*` itself always is). */
#ifndef JW_SUPERVISE_SCHEDULE_H
#define JW_SUPERVISE_SCHEDULE_H

#include "config/spec.h"

enum { SCHEDULE_YEARS = 40 }; /* 29 February of one weekday may be so far away */

struct zone {
    void *ctx;
    /* Seconds to add to UTC_S (seconds since 1970-01-01 UTC) for the local time then; less than a
     * day, either way. */
    int32_t (*offset)(void *ctx, int64_t utc_s);
};

/* The first time later than AFTER at which S is due, both in ms since 1970-01-01 UTC; INT64_MAX
 * when there is none within SCHEDULE_YEARS years, or S is SCHEDULE_NONE.  Of SCHEDULE_EVERY it is
 * AFTER + every_ms.  Asks for some dozens of offsets, however far away it is. */
int64_t schedule_next(const struct schedule *s, int64_t after, const struct zone *z);

#endif
