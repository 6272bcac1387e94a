/* test_civil.c - days and dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/civil.h"

static void civil__known_dates__are_known_days(void **state)
{
    (void)state;
    static const struct {
        struct civil date;
        int64_t days;
        uint32_t weekday;
    } rows[] = {
        {{1970, 1, 1}, 0, 4},         {{1969, 12, 31}, -1, 3},     {{1970, 3, 1}, 59, 0},
        {{2000, 2, 29}, 11016, 2},    {{2000, 3, 1}, 11017, 3},    {{2026, 11, 22}, 20779, 0},
        {{2038, 1, 19}, 24855, 2},    {{2100, 2, 28}, 47540, 0},   {{2100, 3, 1}, 47541, 1},
        {{1900, 1, 1}, -25567, 1},    {{1600, 2, 29}, -135081, 2}, {{1, 1, 1}, -719162, 1},
        {{0, 3, 1}, -719468, 3},      {{0, 2, 29}, -719469, 2},    {{-1, 12, 31}, -719529, 5},
        {{9999, 12, 31}, 2932896, 5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct civil back = civil_from_days(rows[i].days);
        if (civil_to_days(rows[i].date) != rows[i].days)
            fail_msg("row %zu is day %lld", i, (long long)civil_to_days(rows[i].date));
        if (back.year != rows[i].date.year || back.month != rows[i].date.month ||
            back.day != rows[i].date.day)
            fail_msg("row %zu is %lld-%u-%u", i, (long long)back.year, (unsigned)back.month,
                     (unsigned)back.day);
        assert_int_equal(civil_weekday(rows[i].days), rows[i].weekday);
    }
}

static void civil__every_day_of_nine_centuries__follows_the_one_before(void **state)
{
    (void)state;
    struct civil want = {1550, 1, 1};
    int64_t day = civil_to_days(want);
    uint32_t weekday = civil_weekday(day);
    for (; want.year < 2450; day++) {
        struct civil got = civil_from_days(day);
        if (got.year != want.year || got.month != want.month || got.day != want.day)
            fail_msg("day %lld is %lld-%u-%u", (long long)day, (long long)got.year,
                     (unsigned)got.month, (unsigned)got.day);
        assert_int_equal(civil_to_days(want), day);
        assert_int_equal(civil_weekday(day), weekday);
        weekday = (weekday + 1) % 7;
        if (++want.day > civil_month_days(want.year, want.month)) {
            want.day = 1;
            want.year += want.month == 12;
            want.month = want.month % 12 + 1;
        }
    }
}

static void civil_month_days__february__goes_by_the_centuries(void **state)
{
    (void)state;
    assert_int_equal(civil_month_days(2023, 2), 28);
    assert_int_equal(civil_month_days(2024, 2), 29);
    assert_int_equal(civil_month_days(2100, 2), 28);
    assert_int_equal(civil_month_days(2000, 2), 29);
    assert_int_equal(civil_month_days(-400, 2), 29);
    assert_int_equal(civil_month_days(2023, 1), 31);
    assert_int_equal(civil_month_days(2023, 4), 30);
    assert_int_equal(civil_month_days(2023, 12), 31);
}

static void civil__days_beyond_all_measure__come_back(void **state)
{
    (void)state;
    static const int64_t far[] = {INT64_MAX / 86400, INT64_MIN / 86400, INT64_MAX / 1000,
                                  INT64_MIN / 1000};
    for (size_t i = 0; i < sizeof far / sizeof *far; i++)
        for (int64_t d = -800; d < 800; d++)
            assert_true(civil_to_days(civil_from_days(far[i] + d)) == far[i] + d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(civil__known_dates__are_known_days),
        cmocka_unit_test(civil__every_day_of_nine_centuries__follows_the_one_before),
        cmocka_unit_test(civil_month_days__february__goes_by_the_centuries),
        cmocka_unit_test(civil__days_beyond_all_measure__come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
