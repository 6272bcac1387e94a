/* moment.c - see moment.h. */
#include "common/moment.h"

#include "common/civil.h"

#include <inttypes.h>
#include <stdio.h>

enum { DAY_MS = 86400000, HOUR_MS = 3600000, MINUTE_MS = 60000, SECOND_MS = 1000 };

void moment_print(int64_t ms, char out[MOMENT_SIZE])
{
    int64_t day = ms / DAY_MS, rest = ms % DAY_MS;
    if (rest < 0) {
        day--;
        rest += DAY_MS;
    }
    const struct civil c = civil_from_days(day);
    const unsigned t = (unsigned)rest;
    snprintf(out, MOMENT_SIZE, "%04" PRId64 "-%02u-%02uT%02u:%02u:%02u.%03uZ", c.year,
             (unsigned)c.month, (unsigned)c.day, t / HOUR_MS, t / MINUTE_MS % 60,
             t / SECOND_MS % 60, t % SECOND_MS);
}
