/* schedule.c - five sets of numbers against the calendar, and the calendar against a clock that is
 * put forward and back.  Times here are seconds: UTC since 1970, or local, which is the same count
 * plus the zone's offset. */
#include "service/supervise/schedule.h"

#include "common/civil.h"

/* No clock is changed twice within PACE and back. */
enum { MINUTE = 60, HOUR = 3600, DAY = 86400, PACE = 3 * HOUR };

/* --- the calendar ------------------------------------------------------------------------ */

static bool has(uint64_t set, uint32_t n)
{
    return (set >> n & 1) != 0;
}

static bool day_due(const struct schedule *s, struct civil date, int64_t day)
{
    bool by_day = has(s->days, date.day), by_weekday = has(s->weekdays, civil_weekday(day));
    return s->any_day || s->any_weekday ? by_day && by_weekday : by_day || by_weekday;
}

/* The next day that is due from DAY on, not beyond LAST; LAST + 1 when there is none. */
static int64_t next_day(const struct schedule *s, int64_t day, int64_t last)
{
    while (day <= last) {
        struct civil date = civil_from_days(day);
        if (!has(s->months, date.month))
            day += civil_month_days(date.year, date.month) - date.day + 1;
        else if (!day_due(s, date, day))
            day++;
        else
            return day;
    }
    return last + 1;
}

/* The first minute of the day that is due from MINUTE_OF_DAY on, or -1. */
static int64_t next_minute(const struct schedule *s, int64_t minute_of_day)
{
    uint32_t minute = (uint32_t)(minute_of_day % 60);
    for (uint32_t hour = (uint32_t)(minute_of_day / 60); hour < 24; hour++, minute = 0) {
        if (!has(s->hours, hour))
            continue;
        for (; minute < 60; minute++)
            if (has(s->minutes, minute))
                return hour * 60 + minute;
    }
    return -1;
}

static int64_t day_of(int64_t seconds)
{
    return seconds / DAY - (seconds % DAY < 0);
}

/* The first local time from LOCAL on whose date and time are due, not beyond the day LAST;
 * INT64_MAX when there is none. */
static int64_t next_local(const struct schedule *s, int64_t local, int64_t last)
{
    int64_t day = day_of(local);
    int64_t minute = (local - day * DAY + MINUTE - 1) / MINUTE;
    for (;;) {
        int64_t due = next_day(s, day, last);
        if (due > last)
            return INT64_MAX;
        minute = next_minute(s, due == day ? minute : 0);
        if (minute >= 0)
            return due * DAY + minute * MINUTE;
        day = due + 1;
        minute = 0;
        if (s->minutes == 0 || s->hours == 0)
            return INT64_MAX;
    }
}

/* --- the clock ---------------------------------------------------------------------------- */

static int64_t offset_at(const struct zone *z, int64_t utc)
{
    return z->offset(z->ctx, utc);
}

/* The first second of (FROM, TO] with another offset than that of FROM, or INT64_MAX. */
static int64_t next_change(const struct zone *z, int64_t from, int64_t to)
{
    int64_t offset = offset_at(z, from);
    while (from < to) {
        int64_t until = to - from > PACE ? from + PACE : to;
        if (offset_at(z, until) == offset) {
            from = until;
            continue;
        }
        while (until - from > 1) {
            int64_t middle = from + (until - from) / 2;
            if (offset_at(z, middle) == offset)
                from = middle;
            else
                until = middle;
        }
        return until;
    }
    return INT64_MAX;
}

/* The moment at which the clock shows LOCAL or more for the first time. */
static int64_t first_coming(const struct zone *z, int64_t local)
{
    int64_t utc = local - DAY; /* there it shows less in every zone */
    for (;;) {
        int64_t due = local - offset_at(z, utc);
        int64_t change = next_change(z, utc, due);
        if (change == INT64_MAX)
            return due;
        if (change + offset_at(z, change) >= local)
            return change;
        utc = change;
    }
}

/* --- both --------------------------------------------------------------------------------- */

/* By the time of the day.  The later a time, the later its first coming, or at the same moment. */
static int64_t next_by_day(const struct schedule *s, int64_t from, const struct zone *z,
                           int64_t last)
{
    /* One second before, for FROM itself may be the first moment after a gap. */
    int64_t local = from - 1 + offset_at(z, from - 1);
    local -= (local % MINUTE + MINUTE) % MINUTE;
    for (;;) {
        local = next_local(s, local, last);
        if (local == INT64_MAX)
            return INT64_MAX;
        int64_t utc = first_coming(z, local);
        if (utc >= from)
            return utc;
        local += MINUTE;
    }
}

/* By the time that passes: what the clock shows at a moment decides about that moment. */
static int64_t next_by_clock(const struct schedule *s, int64_t from, const struct zone *z,
                             int64_t last)
{
    for (;;) {
        int64_t offset = offset_at(z, from);
        int64_t local = next_local(s, from + offset, last);
        if (local == INT64_MAX)
            return INT64_MAX;
        int64_t due = local - offset;
        /* More than a day from both ends the clock, whatever its changes, shows times between
         * these two, and of those none is due. */
        bool near = due - from <= 2 * DAY;
        int64_t change = next_change(z, from, near ? due : from + DAY);
        if (change == INT64_MAX && near)
            return due;
        from = change == INT64_MAX ? due - DAY : change;
    }
}

static int64_t later(int64_t at, uint64_t ms)
{
    if (ms > INT64_MAX || (at > 0 && (int64_t)ms > INT64_MAX - at))
        return INT64_MAX;
    return at + (int64_t)ms;
}

int64_t schedule_next(const struct schedule *s, int64_t after, const struct zone *z)
{
    if (s->kind == SCHEDULE_NONE)
        return INT64_MAX;
    if (s->kind == SCHEDULE_EVERY)
        return later(after, s->every_ms);
    int64_t from = after / 1000 - (after % 1000 < 0) + 1;
    int64_t last = day_of(from) + SCHEDULE_YEARS * INT64_C(366);
    int64_t due = s->any_hour ? next_by_clock(s, from, z, last) : next_by_day(s, from, z, last);
    return due > INT64_MAX / 1000 ? INT64_MAX : due * 1000;
}
