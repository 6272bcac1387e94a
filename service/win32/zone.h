/* zone.h - the wall clock, and what local time was, is or will be.  Any thread. */
#ifndef JW_WIN32_ZONE_H
#define JW_WIN32_ZONE_H

#include <stdint.h>
#include <windows.h>

/* ms since 1970-01-01 UTC, by a clock that can be set. */
int64_t zone_now(void);

/* Seconds that local time is ahead of UTC at UTC_S (seconds since 1970-01-01 UTC), by the rules
 * that the machine's zone has in that year: daylight saving has other dates in other years, and in
 * some zones comes and goes.  Beyond the calendar of Windows (1601 to 30827), and where Windows
 * does not answer, the zone's difference without daylight saving. */
int32_t zone_offset(int64_t utc_s);
/* The same in the zone Z. */
int32_t zone_offset_in(const DYNAMIC_TIME_ZONE_INFORMATION *z, int64_t utc_s);

#endif
