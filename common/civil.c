/* civil.c - days and dates: a year that begins in March has its odd day last. */
#include "common/civil.h"

#include <stdbool.h>

enum { YEARS = 400, YEARS_DAYS = 146097 }; /* the calendar repeats after so many */
enum { EPOCH = 719468 };                   /* days from 1 March of the year 0 to 1970-01-01 */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t civil_to_days(struct civil date)
{
    int64_t month = (date.month + 9) % 12; /* March is 0 */
    int64_t year = date.year - (date.month <= 2);
    int64_t era = floor_div(year, YEARS), in_era = year - era * YEARS;
    int64_t day = (153 * month + 2) / 5 + date.day - 1;
    return era * YEARS_DAYS + in_era * 365 + in_era / 4 - in_era / 100 + day - EPOCH;
}

struct civil civil_from_days(int64_t days)
{
    int64_t era = floor_div(days, YEARS_DAYS);
    int64_t in_era = days - era * YEARS_DAYS + EPOCH % YEARS_DAYS;
    era += EPOCH / YEARS_DAYS + in_era / YEARS_DAYS;
    in_era %= YEARS_DAYS;
    /* Without the leap days before it each year has 365. */
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / (YEARS_DAYS - 1)) / 365;
    int64_t in_year = in_era - (year * 365 + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153; /* March is 0 */
    return (struct civil){era * YEARS + year + (month >= 10),
                          (uint32_t)(month < 10 ? month + 3 : month - 9),
                          (uint32_t)(in_year - (153 * month + 2) / 5 + 1)};
}

uint32_t civil_weekday(int64_t days)
{
    return (uint32_t)(((days % 7 + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

uint32_t civil_month_days(int64_t year, uint32_t month)
{
    static const uint8_t days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month] + (uint32_t)(month == 2 && leap);
}
