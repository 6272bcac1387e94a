/* civil.h - days and dates of the Gregorian calendar, for all years.  Pure; knows no zone. */
#ifndef JW_COMMON_CIVIL_H
#define JW_COMMON_CIVIL_H

#include <stdint.h>

struct civil {
    int64_t year;
    uint32_t month, day; /* from 1 */
};

/* The number of a day, 1970-01-01 being 0, and back; DATE is one of the calendar. */
int64_t civil_to_days(struct civil date);
struct civil civil_from_days(int64_t days);

/* 0: Sunday. */
uint32_t civil_weekday(int64_t days);

/* 28 to 31; MONTH is 1 to 12. */
uint32_t civil_month_days(int64_t year, uint32_t month);

#endif
