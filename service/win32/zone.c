/* zone.c - see zone.h.
 *
 * SystemTimeToTzSpecificLocalTimeEx would do all of it at once, but Wine's kernel32 does not have
 * it, and one import that is not there keeps the whole program from being loaded. */
#include "service/win32/zone.h"

#include <stdbool.h>
#include <string.h>

enum { TICKS_A_MS = 10000, TICKS_A_SECOND = 10000000 };
#define TICKS_TO_1970 INT64_C(116444736000000000) /* from 1601, where FILETIME begins */

static int64_t ticks_of(const FILETIME *f)
{
    return (int64_t)((uint64_t)f->dwHighDateTime << 32 | f->dwLowDateTime);
}

int64_t zone_now(void)
{
    FILETIME now;
    GetSystemTimePreciseAsFileTime(&now);
    return (ticks_of(&now) - TICKS_TO_1970) / TICKS_A_MS;
}

static bool to_system(int64_t utc_s, SYSTEMTIME *ret)
{
    if (utc_s < -TICKS_TO_1970 / TICKS_A_SECOND ||
        utc_s > (INT64_MAX - TICKS_TO_1970) / TICKS_A_SECOND)
        return false;
    uint64_t ticks = (uint64_t)(utc_s * TICKS_A_SECOND + TICKS_TO_1970);
    const FILETIME f = {(DWORD)ticks, (DWORD)(ticks >> 32)};
    return FileTimeToSystemTime(&f, ret) != 0;
}

/* Its rules in YEAR.  Of a zone whose switch is off, and of one that the registry does not know,
 * they are the same every year. */
static void rules_of(const DYNAMIC_TIME_ZONE_INFORMATION *z, WORD year, TIME_ZONE_INFORMATION *ret)
{
    DYNAMIC_TIME_ZONE_INFORMATION copy = *z;
    if (!z->DynamicDaylightTimeDisabled && z->TimeZoneKeyName[0] != L'\0' &&
        GetTimeZoneInformationForYear(year, &copy, ret))
        return;
    memset(ret, 0, sizeof *ret);
    ret->Bias = z->Bias;
    ret->StandardDate = z->StandardDate;
    ret->StandardBias = z->StandardBias;
    ret->DaylightDate = z->DaylightDate;
    ret->DaylightBias = z->DaylightBias;
}

static bool local_by(const DYNAMIC_TIME_ZONE_INFORMATION *z, WORD year, const SYSTEMTIME *utc,
                     SYSTEMTIME *ret)
{
    TIME_ZONE_INFORMATION rules;
    rules_of(z, year, &rules);
    return SystemTimeToTzSpecificLocalTime(&rules, utc, ret) != 0;
}

int32_t zone_offset_in(const DYNAMIC_TIME_ZONE_INFORMATION *z, int64_t utc_s)
{
    SYSTEMTIME utc, local;
    FILETIME a, b;
    int32_t plain = (int32_t)(-60 * (z->Bias + z->StandardBias));
    if (!to_system(utc_s, &utc) || !local_by(z, utc.wYear, &utc, &local))
        return plain;
    /* The rules are those of a year of local time. */
    if (local.wYear != utc.wYear && !local_by(z, local.wYear, &utc, &local))
        return plain;
    if (!SystemTimeToFileTime(&utc, &a) || !SystemTimeToFileTime(&local, &b))
        return plain;
    return (int32_t)((ticks_of(&b) - ticks_of(&a)) / TICKS_A_SECOND);
}

int32_t zone_offset(int64_t utc_s)
{
    DYNAMIC_TIME_ZONE_INFORMATION z;
    if (GetDynamicTimeZoneInformation(&z) == TIME_ZONE_ID_INVALID)
        return 0;
    return zone_offset_in(&z, utc_s);
}
