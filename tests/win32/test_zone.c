/* test_zone.c - local time across both changes, by the rules of each year. */
#include "tests/win32/groups.h"

#include "service/win32/zone.h"

#include <time.h>
#include <wchar.h>

enum { HOUR_S = 3600 };

/* In UTC; the calendar's own arithmetic, so that it is not that of what is tested. */
static int64_t at(int64_t y, int64_t m, int64_t d, int64_t h, int64_t min, int64_t s)
{
    y -= m <= 2;
    m += m <= 2 ? 9 : -3; /* March is 0 */
    int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + d - 1 - 719468;
    return ((days * 24 + h) * 60 + min) * 60 + s;
}

/* The WEEK-th Sunday (5: the last) of MONTH at HOUR. */
static SYSTEMTIME sunday(WORD month, WORD week, WORD hour)
{
    return (SYSTEMTIME){.wMonth = month, .wDayOfWeek = 0, .wDay = week, .wHour = hour};
}

static DYNAMIC_TIME_ZONE_INFORMATION berlin(void)
{
    return (DYNAMIC_TIME_ZONE_INFORMATION){.Bias = -60,
                                           .DaylightBias = -60,
                                           .DaylightDate = sunday(3, 5, 2),
                                           .StandardDate = sunday(10, 5, 3)};
}

static void offset__a_zone_that_changes_twice__does_so_in_the_right_second(void **state)
{
    (void)state;
    const DYNAMIC_TIME_ZONE_INFORMATION z = berlin();
    assert_int_equal(zone_offset_in(&z, at(2026, 1, 1, 0, 0, 0)), HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2026, 3, 29, 0, 59, 59)), HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2026, 3, 29, 1, 0, 0)), 2 * HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2026, 7, 1, 12, 0, 0)), 2 * HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2026, 10, 25, 0, 59, 59)), 2 * HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2026, 10, 25, 1, 0, 0)), HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2025, 12, 31, 23, 30, 0)), HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(1969, 7, 1, 0, 0, 0)), 2 * HOUR_S);
}

static void offset__the_southern_half__summer_goes_over_the_turn_of_the_year(void **state)
{
    (void)state;
    const DYNAMIC_TIME_ZONE_INFORMATION sydney = {.Bias = -600,
                                                  .DaylightBias = -60,
                                                  .DaylightDate = sunday(10, 1, 2),
                                                  .StandardDate = sunday(4, 1, 3)};
    assert_int_equal(zone_offset_in(&sydney, at(2025, 12, 31, 12, 59, 59)), 11 * HOUR_S);
    assert_int_equal(zone_offset_in(&sydney, at(2025, 12, 31, 13, 0, 0)), 11 * HOUR_S);
    assert_int_equal(zone_offset_in(&sydney, at(2026, 4, 4, 15, 59, 59)), 11 * HOUR_S);
    assert_int_equal(zone_offset_in(&sydney, at(2026, 4, 4, 16, 0, 0)), 10 * HOUR_S);
    assert_int_equal(zone_offset_in(&sydney, at(2026, 10, 3, 15, 59, 59)), 10 * HOUR_S);
    assert_int_equal(zone_offset_in(&sydney, at(2026, 10, 3, 16, 0, 0)), 11 * HOUR_S);
}

static void offset__a_zone_without_summer_time__is_always_the_same(void **state)
{
    (void)state;
    const DYNAMIC_TIME_ZONE_INFORMATION kolkata = {.Bias = -330};
    const DYNAMIC_TIME_ZONE_INFORMATION newfoundland = {.Bias = 210};
    for (int month = 1; month <= 12; month++) {
        assert_int_equal(zone_offset_in(&kolkata, at(2026, month, 15, 0, 0, 0)), 19800);
        assert_int_equal(zone_offset_in(&newfoundland, at(2026, month, 15, 0, 0, 0)), -12600);
    }
}

/* The United States moved both dates in 2007; the registry has the rules of each year. */
static void offset__rules_that_differ_by_year__those_of_the_year_hold(void **state)
{
    (void)state;
    DYNAMIC_TIME_ZONE_INFORMATION z = {.Bias = 300, .DaylightBias = -60};
    wcscpy(z.TimeZoneKeyName, L"Eastern Standard Time");
    assert_int_equal(zone_offset_in(&z, at(2006, 3, 20, 12, 0, 0)), -5 * HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2006, 4, 2, 6, 59, 59)), -5 * HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2006, 4, 2, 7, 0, 0)), -4 * HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2006, 10, 30, 12, 0, 0)), -5 * HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2007, 3, 20, 12, 0, 0)), -4 * HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2007, 10, 30, 12, 0, 0)), -4 * HOUR_S);
    assert_int_equal(zone_offset_in(&z, at(2007, 11, 4, 6, 0, 0)), -5 * HOUR_S);
}

static void offset__the_switch_is_off__the_zones_own_rules_hold_in_every_year(void **state)
{
    (void)state;
    DYNAMIC_TIME_ZONE_INFORMATION z = {.Bias = 300, .DynamicDaylightTimeDisabled = TRUE};
    wcscpy(z.TimeZoneKeyName, L"Eastern Standard Time");
    assert_int_equal(zone_offset_in(&z, at(2026, 7, 1, 0, 0, 0)), -5 * HOUR_S);
}

static void offset__a_zone_that_the_registry_does_not_know__has_its_own_rules(void **state)
{
    (void)state;
    DYNAMIC_TIME_ZONE_INFORMATION z = berlin();
    wcscpy(z.TimeZoneKeyName, L"No Such Standard Time");
    assert_int_equal(zone_offset_in(&z, at(2026, 7, 1, 0, 0, 0)), 2 * HOUR_S);
}

static void offset__beyond_the_calendar__is_that_without_summer_time(void **state)
{
    (void)state;
    const DYNAMIC_TIME_ZONE_INFORMATION z = berlin();
    const int64_t outside[] = {INT64_MIN, at(1600, 7, 1, 0, 0, 0), at(40000, 7, 1, 0, 0, 0),
                               INT64_MAX};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        assert_int_equal(zone_offset_in(&z, outside[i]), HOUR_S);
}

static int64_t seconds(const SYSTEMTIME *t)
{
    return at(t->wYear, t->wMonth, t->wDay, t->wHour, t->wMinute, t->wSecond);
}

static void offset__of_this_machine_now__is_what_its_clock_shows(void **state)
{
    SYSTEMTIME utc, local, again;
    (void)state;
    do {
        GetSystemTime(&utc);
        GetLocalTime(&local);
        GetSystemTime(&again);
    } while (utc.wSecond != again.wSecond);
    assert_int_equal(zone_offset(seconds(&utc)), seconds(&local) - seconds(&utc));
}

static void now__is_asked__lies_between_the_seconds_before_and_after(void **state)
{
    (void)state;
    int64_t before = time(NULL), now = zone_now(), after = time(NULL);
    assert_in_range((uint64_t)now, (uint64_t)before * 1000, (uint64_t)(after + 1) * 1000);
}

int run_zone(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offset__a_zone_that_changes_twice__does_so_in_the_right_second),
        cmocka_unit_test(offset__the_southern_half__summer_goes_over_the_turn_of_the_year),
        cmocka_unit_test(offset__a_zone_without_summer_time__is_always_the_same),
        cmocka_unit_test(offset__rules_that_differ_by_year__those_of_the_year_hold),
        cmocka_unit_test(offset__the_switch_is_off__the_zones_own_rules_hold_in_every_year),
        cmocka_unit_test(offset__a_zone_that_the_registry_does_not_know__has_its_own_rules),
        cmocka_unit_test(offset__beyond_the_calendar__is_that_without_summer_time),
        cmocka_unit_test(offset__of_this_machine_now__is_what_its_clock_shows),
        cmocka_unit_test(now__is_asked__lies_between_the_seconds_before_and_after),
    };
    return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
