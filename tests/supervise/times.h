/* times.h - schedules for tests. */
#ifndef JW_TEST_TIMES_H
#define JW_TEST_TIMES_H

#include "config/spec.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE };

static inline struct schedule every(uint64_t ms, const char *text)
{
    return (struct schedule){.kind = SCHEDULE_EVERY, .every_ms = ms, .text = text};
}

/* At each minute of the hour that is in MINUTES. */
static inline struct schedule hourly(uint64_t minutes, const char *text)
{
    return (struct schedule){.kind = SCHEDULE_CRON, .minutes = minutes, .hours = 0xFFFFFF,
                             .days = 0xFFFFFFFE, .months = 0x1FFE, .weekdays = 0x7F,
                             .any_hour = true, .any_day = true, .any_weekday = true, .text = text};
}

#endif
