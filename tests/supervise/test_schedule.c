/* test_schedule.c - when a schedule is due: against written-out moments, and at the edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/supervise/zones.h"

struct row {
    const char *zone, *schedule, *after;
    const char *due[4]; /* one after the other, UTC; NULL: no further one is asked for */
};

static void assert_due(const struct row *row)
{
    struct rules rules = rules_of(row->zone);
    struct zone z = zone_by(&rules);
    struct schedule s = read_schedule(row->schedule);
    int64_t at = moment(row->after) * 1000;
    for (int i = 0; i < 4 && row->due[i]; i++) {
        int64_t due = schedule_next(&s, at, &z);
        char is[64];
        print_moment(due / 1000, is);
        if (due != moment(row->due[i]) * 1000)
            fail_msg("%s, '%s' after %s: %d: %s and not %s", row->zone, row->schedule, row->after,
                     i, is, row->due[i]);
        assert_true(schedule_next(&s, due - 1, &z) == due);
        at = due;
    }
}

static void schedule_next__ordinary_days__as_the_calendar_says(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"UTC", "* * * * *", "2026-01-01 00:00:30", {"2026-01-01 00:01", "2026-01-01 00:02"}},
        {"UTC", "59 23 31 12 *", "2026-12-31 23:59", {"2027-12-31 23:59"}},
        {"UTC", "@hourly", "2026-12-31 23:00", {"2027-01-01 00:00", "2027-01-01 01:00"}},
        {"UTC",
         "*/25 4,16 * * *",
         "2026-06-01 04:30",
         {"2026-06-01 04:50", "2026-06-01 16:00", "2026-06-01 16:25", "2026-06-01 16:50"}},
        {"Berlin",
         "0 12 * * mon-fri",
         "2026-11-20 11:00",
         {"2026-11-23 11:00", "2026-11-24 11:00"}},
        {"Berlin", "@weekly", "2026-11-20 11:00", {"2026-11-21 23:00", "2026-11-28 23:00"}},
        {"Berlin", "@monthly", "2026-11-20 11:00", {"2026-11-30 23:00", "2026-12-31 23:00"}},
        {"New York", "@yearly", "2026-11-20 11:00", {"2027-01-01 05:00", "2028-01-01 05:00"}},
        {"New York", "0 0 29 2 *", "2026-01-01 00:00", {"2028-02-29 05:00", "2032-02-29 05:00"}},
        {"New York", "0 0 31 * *", "2026-01-31 12:00", {"2026-03-31 04:00", "2026-05-31 04:00"}},
        {"New York",
         "30 6 1-7 2,4 *",
         "2026-02-06 12:00",
         {"2026-02-07 11:30", "2026-04-01 10:30", "2026-04-02 10:30"}},
        /* Either of the two days, for both are restricted. */
        {"New York",
         "0 0 13 * fri",
         "2026-03-07 00:00",
         {"2026-03-13 04:00", "2026-03-20 04:00", "2026-03-27 04:00", "2026-04-03 04:00"}},
        {"New York", "0 0 13 * fri", "2026-04-10 12:00", {"2026-04-13 04:00", "2026-04-17 04:00"}},
        /* Both, for one begins with a star. */
        {"UTC", "0 0 */10 * sat", "2026-01-01 00:00", {"2026-01-31 00:00", "2026-02-21 00:00"}},
        {"Kathmandu", "0 9 * * *", "2026-06-01 00:00", {"2026-06-01 03:15", "2026-06-02 03:15"}},
        {"Kiritimati", "@yearly", "2026-06-01 00:00", {"2026-12-31 10:00", "2027-12-31 10:00"}},
        {"Pago Pago", "@yearly", "2026-06-01 00:00", {"2027-01-01 11:00", "2028-01-01 11:00"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_due(&rows[i]);
}

static void schedule_next__clock_is_put_forward__left_out_times_are_due_after_the_gap(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Berlin",
         "30 2 * * *",
         "2026-03-28 00:00",
         {"2026-03-28 01:30", "2026-03-29 01:00", "2026-03-30 00:30"}},
        {"Berlin",
         "0 2,3 * * *",
         "2026-03-28 12:00",
         {"2026-03-29 01:00", "2026-03-30 00:00", "2026-03-30 01:00"}},
        {"Berlin",
         "*/20 2 * * *",
         "2026-03-28 12:00",
         {"2026-03-29 01:00", "2026-03-30 00:00", "2026-03-30 00:20", "2026-03-30 00:40"}},
        {"Berlin", "59 1 * * *", "2026-03-28 12:00", {"2026-03-29 00:59", "2026-03-29 23:59"}},
        {"Berlin", "30 2 29 3 *", "2026-01-01 00:00", {"2026-03-29 01:00"}},
        {"New York", "30 2 * * *", "2026-03-07 12:00", {"2026-03-08 07:00", "2026-03-09 06:30"}},
        {"New York",
         "0 12 * * *",
         "2026-03-07 12:00",
         {"2026-03-07 17:00", "2026-03-08 16:00", "2026-03-09 16:00"}},
        {"Lord Howe", "15 2 * * *", "2026-10-03 00:00", {"2026-10-03 15:30", "2026-10-04 15:15"}},
        {"Lord Howe", "45 2 * * *", "2026-10-03 00:00", {"2026-10-03 15:45", "2026-10-04 15:45"}},
        {"Santiago", "@daily", "2026-09-05 12:00", {"2026-09-06 04:00", "2026-09-07 03:00"}},
        {"Santiago", "30 0 6 9 *", "2026-09-01 00:00", {"2026-09-06 04:00", "2027-09-06 03:30"}},
        {"Santiago", "30 0 * * sun", "2026-09-01 00:00", {"2026-09-06 04:00", "2026-09-13 03:30"}},
        {"Casablanca", "30 2 * * *", "2026-03-21 12:00", {"2026-03-22 02:00", "2026-03-23 01:30"}},
        {"Chatham", "0 3 * * *", "2026-09-26 00:00", {"2026-09-26 14:00", "2026-09-27 13:15"}},
        /* A day that was left out as a whole, and was a Friday. */
        {"Apia",
         "0 9 * * *",
         "2011-12-29 12:00",
         {"2011-12-29 19:00", "2011-12-30 10:00", "2011-12-30 19:00"}},
        {"Apia", "0 9 * * fri", "2011-12-29 12:00", {"2011-12-30 10:00", "2012-01-05 19:00"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_due(&rows[i]);
}

static void schedule_next__clock_is_put_back__repeated_times_are_due_once(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Berlin", "30 2 * * *", "2026-10-24 12:00", {"2026-10-25 00:30", "2026-10-26 01:30"}},
        {"Berlin", "0 2 * * *", "2026-10-25 00:30", {"2026-10-26 01:00"}},
        {"Berlin", "0 2 * * *", "2026-10-25 01:30", {"2026-10-26 01:00"}},
        {"Berlin", "0 3 * * *", "2026-10-24 12:00", {"2026-10-25 02:00", "2026-10-26 02:00"}},
        {"Berlin",
         "*/30 2-3 * * *",
         "2026-10-25 00:10",
         {"2026-10-25 00:30", "2026-10-25 02:00", "2026-10-25 02:30", "2026-10-26 01:00"}},
        {"New York", "30 1 * * *", "2026-10-31 12:00", {"2026-11-01 05:30", "2026-11-02 06:30"}},
        {"New York",
         "15 1-3 * * *",
         "2026-11-01 04:00",
         {"2026-11-01 05:15", "2026-11-01 07:15", "2026-11-01 08:15", "2026-11-02 06:15"}},
        {"Lord Howe", "45 1 * * *", "2026-04-04 00:00", {"2026-04-04 14:45", "2026-04-05 15:15"}},
        {"Santiago", "30 23 * * *", "2026-04-04 12:00", {"2026-04-05 02:30", "2026-04-06 03:30"}},
        {"Santiago", "0 0 * * *", "2026-04-04 12:00", {"2026-04-05 04:00", "2026-04-06 04:00"}},
        {"Santiago", "@monthly", "2026-04-04 12:00", {"2026-05-01 04:00"}},
        {"Casablanca", "30 2 * * *", "2026-02-14 12:00", {"2026-02-15 01:30", "2026-02-16 02:30"}},
        {"Chatham", "0 3 * * *", "2026-04-04 00:00", {"2026-04-04 13:15", "2026-04-05 14:15"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_due(&rows[i]);
}

static void schedule_next__every_hour__goes_by_the_time_that_passes(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Berlin",
         "30 * * * *",
         "2026-03-29 00:00",
         {"2026-03-29 00:30", "2026-03-29 01:30", "2026-03-29 02:30"}},
        {"Berlin", "30 */2 * * *", "2026-03-28 23:00", {"2026-03-28 23:30", "2026-03-29 02:30"}},
        {"Berlin",
         "*/30 * * * *",
         "2026-10-25 00:10",
         {"2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30", "2026-10-25 02:00"}},
        {"Berlin",
         "@hourly",
         "2026-10-24 23:00",
         {"2026-10-25 00:00", "2026-10-25 01:00", "2026-10-25 02:00", "2026-10-25 03:00"}},
        {"Lord Howe",
         "45 * * * *",
         "2026-04-04 14:30",
         {"2026-04-04 14:45", "2026-04-04 15:15", "2026-04-04 16:15"}},
        {"Lord Howe", "15 * * * *", "2026-10-03 14:40", {"2026-10-03 14:45", "2026-10-03 16:15"}},
        {"Santiago", "0 * * * *", "2026-09-06 03:00", {"2026-09-06 04:00", "2026-09-06 05:00"}},
        /* The last time of a year comes twice, and then a year goes by. */
        {"Santiago", "59 * 4 4 *", "2026-04-05 02:00", {"2026-04-05 02:59", "2026-04-05 03:59"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_due(&rows[i]);
}

/* --- the edges ---------------------------------------------------------------------------- */

static void schedule_next__odd_29_february__is_found_forty_years_away(void **state)
{
    (void)state;
    struct rules rules = rules_of("UTC");
    struct zone z = zone_by(&rules);
    struct schedule s = read_schedule("0 0 29 2 *");
    s.weekdays = 1; /* and a Sunday */
    assert_true(schedule_next(&s, moment("2026-01-01 00:00") * 1000, &z) ==
                moment("2032-02-29 00:00") * 1000);
    rules.asked = 0;
    assert_true(schedule_next(&s, moment("2088-02-29 00:00") * 1000, &z) ==
                moment("2128-02-29 00:00") * 1000);
    assert_true(rules.asked < 100);
}

static void schedule_next__any_cron__asks_for_few_offsets(void **state)
{
    (void)state;
    static const char *const texts[] = {"* * * * *", "0 0 29 2 *",  "59 * 31 12 *", "0 4 * * *",
                                        "* 2 * * *", "1 * * * sun", "0 0 1 1 *",    "30 */6 * * *"};
    for (size_t i = 0; zone_names[i]; i++)
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            struct rules rules = rules_of(zone_names[i]);
            struct zone z = zone_by(&rules);
            struct schedule s = read_schedule(texts[t]);
            for (int64_t at = moment("2026-01-01 00:07"); at < moment("2026-12-31 00:00");
                 at += 39 * 3600 + 1234) {
                rules.asked = 0;
                assert_true(schedule_next(&s, at * 1000, &z) > at * 1000);
                if (rules.asked > 150)
                    fail_msg("%s, '%s': %u", zone_names[i], texts[t], rules.asked);
            }
        }
}

static void schedule_next__what_never_comes__is_never(void **state)
{
    (void)state;
    struct rules rules = rules_of("Berlin");
    struct zone z = zone_by(&rules);
    struct schedule good = read_schedule("0 0 1 1 *"), hourly = read_schedule("@hourly");
    struct schedule bad[14];
    for (int i = 0; i < 14; i++)
        bad[i] = i % 2 ? hourly : good;
    for (int i = 0; i < 2; i++) {
        bad[i].minutes = 0;
        bad[2 + i].hours = 0;
        bad[4 + i].months = 0;
        bad[6 + i].days = 0;
        bad[8 + i].weekdays = 0;
        bad[10 + i].days = UINT32_C(1) << 30; /* of February */
        bad[10 + i].months = 4;
        bad[12 + i].kind = SCHEDULE_NONE;
    }
    for (int i = 0; i < 14; i++)
        assert_true(schedule_next(&bad[i], moment("2026-01-01 00:00") * 1000, &z) == INT64_MAX);
}

static void schedule_next__every__is_that_much_later(void **state)
{
    (void)state;
    struct rules rules = rules_of("Berlin");
    struct zone z = zone_by(&rules);
    struct schedule s = read_schedule("every 10m");
    assert_true(schedule_next(&s, 0, &z) == 600000);
    assert_true(schedule_next(&s, -7, &z) == 599993);
    assert_true(schedule_next(&s, 1774745999999, &z) == 1774746599999);
    assert_true(schedule_next(&s, INT64_MAX - 600000, &z) == INT64_MAX);
    assert_true(schedule_next(&s, INT64_MAX, &z) == INT64_MAX);
    s.every_ms = UINT64_MAX;
    assert_true(schedule_next(&s, INT64_MIN, &z) == INT64_MAX);
    assert_int_equal(rules.asked, 0);
}

/* A zone that nobody has: it changes three times an hour, by up to two days. */
static int32_t mad(void *ctx, int64_t utc_s)
{
    (void)ctx;
    return (int32_t)(((uint64_t)(utc_s / 1200) * 2654435761u) % 172799) - 86399;
}

static void schedule_next__moments_and_zones_beyond_all_measure__end(void **state)
{
    (void)state;
    static const char *const texts[] = {"* * * * *", "0 4 29 2 *", "59 * 31 12 *", "0 0 * * mon"};
    static const int64_t afters[] = {INT64_MIN, INT64_MIN + 1, INT64_MIN / 2, -1,
                                     0,         INT64_MAX / 2, INT64_MAX - 1, INT64_MAX};
    struct rules east = {"east", 86399, {{0, -86399}, {0, 0}}, 0};
    const struct zone zones[] = {zone_by(&east), {NULL, mad}};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        for (size_t i = 0; i < sizeof afters / sizeof *afters; i++)
            for (int zone = 0; zone < 2; zone++) {
                struct schedule s = read_schedule(texts[t]);
                assert_true(schedule_next(&s, afters[i], &zones[zone]) > afters[i] ||
                            afters[i] == INT64_MAX);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedule_next__ordinary_days__as_the_calendar_says),
        cmocka_unit_test(schedule_next__clock_is_put_forward__left_out_times_are_due_after_the_gap),
        cmocka_unit_test(schedule_next__clock_is_put_back__repeated_times_are_due_once),
        cmocka_unit_test(schedule_next__every_hour__goes_by_the_time_that_passes),
        cmocka_unit_test(schedule_next__odd_29_february__is_found_forty_years_away),
        cmocka_unit_test(schedule_next__any_cron__asks_for_few_offsets),
        cmocka_unit_test(schedule_next__what_never_comes__is_never),
        cmocka_unit_test(schedule_next__every__is_that_much_later),
        cmocka_unit_test(schedule_next__moments_and_zones_beyond_all_measure__end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
