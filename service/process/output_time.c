/* output_time.c - from the system's clock to local time.  Any thread. */
#include "service/process/output_target.h"

static uint64_t ticks_of(const FILETIME *f)
{
    return (uint64_t)f->dwHighDateTime << 32 | f->dwLowDateTime;
}

struct moment moment_local(uint64_t utc)
{
    FILETIME at = {.dwLowDateTime = (DWORD)utc, .dwHighDateTime = (DWORD)(utc >> 32)}, shifted;
    SYSTEMTIME z, local;
    if (!FileTimeToSystemTime(&at, &z))
        return (struct moment){.year = 1601, .month = 1, .day = 1};
    if (!SystemTimeToTzSpecificLocalTime(NULL, &z, &local))
        local = z;
    /* The offset comes from the very two times, so it is right on both sides of a change of clocks.
     * One of them has whole milliseconds only: round to the minute. */
    int64_t offset = 0;
    if (SystemTimeToFileTime(&local, &shifted)) {
        const int64_t minute = INT64_C(600000000);
        int64_t east = (int64_t)ticks_of(&shifted) - (int64_t)utc;
        offset = (east + (east < 0 ? -minute / 2 : minute / 2)) / minute;
    }
    return (struct moment){.year = local.wYear,
                           .month = local.wMonth,
                           .day = local.wDay,
                           .hour = local.wHour,
                           .minute = local.wMinute,
                           .second = local.wSecond,
                           .ms = local.wMilliseconds,
                           .offset = (int32_t)offset};
}
