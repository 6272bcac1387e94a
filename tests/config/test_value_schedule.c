/* test_value_schedule.c - schedules: what is read, as which times, and what is refused. */
#include "tests/config/values.h"

#include <string.h>

static const struct field field = {.key = "schedule", .type = &ty_schedule};

enum { ALL_HOURS = (1 << 24) - 1, ALL_WEEKDAYS = 127, WORKDAYS = 62 };
#define ALL_MINUTES ((UINT64_C(1) << 60) - 1)
#define ALL_DAYS UINT32_C(0xFFFFFFFE)
#define ALL_MONTHS UINT32_C(0x1FFE)

static struct schedule read_good(const char *text, struct arena *a)
{
    struct schedule s;
    struct err e = {0};
    enum st st = ty_schedule.parse(&field, str_of(text), a, &s, &e);
    if (st != ST_OK)
        fail_msg("'%s': %s", text, e.text);
    return s;
}

static void assert_same(const char *text, const struct schedule *want)
{
    struct arena *a = arena_new();
    struct schedule s = read_good(text, a);
    if (!ty_schedule.equal(&s, want) || !ty_schedule.equal(want, &s))
        fail_msg("'%s': %d %llx %x %x %x %x %d%d%d %llu", text, (int)s.kind,
                 (unsigned long long)s.minutes, (unsigned)s.hours, (unsigned)s.days,
                 (unsigned)s.months, (unsigned)s.weekdays, s.any_hour, s.any_day, s.any_weekday,
                 (unsigned long long)s.every_ms);
    arena_free(a);
}

static void schedule__five_fields__are_sets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t minutes;
        uint32_t hours, days, months, weekdays;
        bool any_hour, any_day, any_weekday;
    } rows[] = {
        {"* * * * *", ALL_MINUTES, ALL_HOURS, ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, 1, 1, 1},
        {"0 0 1 1 0", 1, 1, 2, 2, 1, 0, 0, 0},
        {"59 23 31 12 6", UINT64_C(1) << 59, 1 << 23, UINT32_C(1) << 31, 1 << 12, 64, 0, 0, 0},
        {"30 4 * * mon-fri", 1 << 30, 16, ALL_DAYS, ALL_MONTHS, WORKDAYS, 0, 1, 0},
        {"*/15 8-10 * * 1-5", 1 | 1 << 15 | 1 << 30 | UINT64_C(1) << 45, 0x700, ALL_DAYS,
         ALL_MONTHS, WORKDAYS, 0, 1, 0},
        {"1,3,5-7 */6 1-10/3 feb,APR-jun */2", 0xEA, 1 | 1 << 6 | 1 << 12 | 1 << 18,
         2 | 1 << 4 | 1 << 7 | 1 << 10, 1 << 2 | 1 << 4 | 1 << 5 | 1 << 6, 1 | 4 | 16 | 64, 1, 0,
         1},
        {"0 */23 * * *", 1, 1 | 1 << 23, ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, 1, 1, 1},
        {"0 0 * * 7", 1, 1, ALL_DAYS, ALL_MONTHS, 1, 0, 1, 0},
        {"0 0 * * 0-7", 1, 1, ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, 0, 1, 0},
        {"0 0 * * fri-sun", 1, 1, ALL_DAYS, ALL_MONTHS, 1 | 32 | 64, 0, 1, 0},
        {"0 0 * * 6-0", 1, 1, ALL_DAYS, ALL_MONTHS, 1 | 64, 0, 1, 0},
        {"0 0 * * Sun-Tue", 1, 1, ALL_DAYS, ALL_MONTHS, 7, 0, 1, 0},
        {"0  0\t29 2 *", 1, 1, UINT32_C(1) << 29, 4, ALL_WEEKDAYS, 0, 0, 1},
        {"0 0 31 2,5 *", 1, 1, UINT32_C(1) << 31, 4 | 32, ALL_WEEKDAYS, 0, 0, 1},
        {"0 0 30 2 mon", 1, 1, 1 << 30, 4, 2, 0, 0, 0}, /* every Monday in February */
        {"@hourly", 1, ALL_HOURS, ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, 1, 1, 1},
        {"@daily", 1, 1, ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, 0, 1, 1},
        {"@Midnight", 1, 1, ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, 0, 1, 1},
        {"@weekly", 1, 1, ALL_DAYS, ALL_MONTHS, 1, 0, 1, 0},
        {"@monthly", 1, 1, 2, ALL_MONTHS, ALL_WEEKDAYS, 0, 0, 1},
        {"@yearly", 1, 1, 2, 2, ALL_WEEKDAYS, 0, 0, 1},
        {"@annually", 1, 1, 2, 2, ALL_WEEKDAYS, 0, 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_same(rows[i].text, &(struct schedule){.kind = SCHEDULE_CRON,
                                                     .minutes = rows[i].minutes,
                                                     .hours = rows[i].hours,
                                                     .days = rows[i].days,
                                                     .months = rows[i].months,
                                                     .weekdays = rows[i].weekdays,
                                                     .any_hour = rows[i].any_hour,
                                                     .any_day = rows[i].any_day,
                                                     .any_weekday = rows[i].any_weekday});
}

static void schedule__every_and_none__are_kinds_of_their_own(void **state)
{
    (void)state;
    const struct schedule none = {.kind = SCHEDULE_NONE};
    assert_same("none", &none);
    assert_same("None", &none);
    assert_same("", &none);
    assert_same("every 10m", &(struct schedule){.kind = SCHEDULE_EVERY, .every_ms = 600000});
    assert_same("Every\t 1h30m", &(struct schedule){.kind = SCHEDULE_EVERY, .every_ms = 5400000});
    assert_same("every 1", &(struct schedule){.kind = SCHEDULE_EVERY, .every_ms = 1000});
    assert_same("every 36500d",
                &(struct schedule){.kind = SCHEDULE_EVERY, .every_ms = UINT64_C(3153600000000)});
}

static void schedule__printed__reads_back_the_same(void **state)
{
    (void)state;
    static const struct good rows[] = {
        {&field, "", "none"},
        {&field, "none", "none"},
        {&field, "every 600", "every 600"},
        {&field, "@daily", "@daily"},
        {&field, "30 4 * * mon-fri", "30 4 * * mon-fri"},
        {&field, "1,3,5-7 */6 1-10/3 feb,APR-jun */2", "1,3,5-7 */6 1-10/3 feb,APR-jun */2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_good(&rows[i]);
}

static void schedule__two_ways_to_write_it__are_equal(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    static const struct {
        const char *one, *other;
        bool equal;
    } rows[] = {
        {"@daily", "0 0 * * *", true},
        {"0 0 * * sun", "0 0 * * 7", true},
        {"every 60", "every 1m", true},
        {"every 60", "every 61", false},
        {"none", "@daily", false},
        {"0 0-23 * * *", "0 * * * *", false}, /* they differ where the clock is put back */
        {"0 0 1-31 * *", "0 0 * * *", false},
        {"0 0 1 1 *", "0 0 1 2 *", false},
        {"0 0 1 1 *", "0 0 2 1 *", false},
        {"0 0 1 1 *", "0 1 1 1 *", false},
        {"0 0 1 1 *", "1 0 1 1 *", false},
        {"0 0 1 1 1", "0 0 1 1 2", false},
        {"0 0 1 1 *", "0 0 1 1 0-6", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct schedule one = read_good(rows[i].one, a), other = read_good(rows[i].other, a);
        if (ty_schedule.equal(&one, &other) != rows[i].equal)
            fail_msg("'%s' and '%s'", rows[i].one, rows[i].other);
    }
    arena_free(a);
}

#define NOT_FIVE                                                                                   \
    " and not the five minute, hour, day of the month, month, day of the week; write such as "     \
    "'30 4 * * mon-fri', '@daily' or 'every 10m'"

static void schedule__mistake__is_refused_with_its_field(void **state)
{
    (void)state;
    static const struct bad rows[] = {
        {&field, "0 4 * *", ST_SYNTAX, "'0 4 * *' has 4 fields" NOT_FIVE},
        {&field, "0 0 4 * * *", ST_SYNTAX, "'0 0 4 * * *' has 6 fields" NOT_FIVE},
        {&field, "04:30", ST_SYNTAX, "'04:30' has 1 field" NOT_FIVE},
        {&field, "60 * * * *", ST_RANGE, "'60' cannot be the minute; write 0-59"},
        {&field, "0 24 * * *", ST_RANGE, "'24' cannot be the hour; write 0-23"},
        {&field, "0 0 0 * *", ST_RANGE, "'0' cannot be the day of the month; write 1-31"},
        {&field, "0 0 32 * *", ST_RANGE, "'32' cannot be the day of the month; write 1-31"},
        {&field, "0 0 1 13 *", ST_RANGE, "'13' cannot be the month; write 1-12 or jan-dec"},
        {&field, "0 0 1 mai *", ST_SYNTAX, "'mai' cannot be the month; write 1-12 or jan-dec"},
        {&field, "0 0 * * 8", ST_RANGE, "'8' cannot be the day of the week; write 0-7 or sun-sat"},
        {&field, "0 0 * * Monday", ST_SYNTAX,
         "'Monday' cannot be the day of the week; write 0-7 or sun-sat"},
        {&field, "0 0 ? * *", ST_SYNTAX, "'?' cannot be the day of the month; write 1-31"},
        {&field, "0 0 L * *", ST_SYNTAX, "'L' cannot be the day of the month; write 1-31"},
        {&field, "mon 0 * * *", ST_SYNTAX, "'mon' cannot be the minute; write 0-59"},
        {&field, "-1 0 * * *", ST_SYNTAX, "a range of the minute lacks an end; write 0-59"},
        {&field, "1- 0 * * *", ST_SYNTAX, "a range of the minute lacks an end; write 0-59"},
        {&field, "1-2-3 0 * * *", ST_SYNTAX, "'2-3' cannot be the minute; write 0-59"},
        {&field, "*-3 0 * * *", ST_SYNTAX, "'*' cannot be the minute; write 0-59"},
        {&field, "0 18446744073709551617 * * *", ST_RANGE,
         "'18446744073709551617' cannot be the hour; write 0-23"},
        {&field, "1,,2 0 * * *", ST_SYNTAX, "the minute has an empty entry beside a comma"},
        {&field, "0 1, * * *", ST_SYNTAX, "the hour has an empty entry beside a comma"},
        {&field, "0 22-4 * * *", ST_SYNTAX,
         "'22-4' as the hour runs backwards; write two ranges, such as 22-23,0-4"},
        {&field, "0 0 * * sat-mon", ST_SYNTAX,
         "'sat-mon' as the day of the week runs backwards; write two ranges, such as 5-6,1-2"},
        {&field, "5/10 * * * *", ST_SYNTAX,
         "'5/10' as the minute has a step but no range; write such as */2 or 0-59/2"},
        {&field, "*/0 * * * *", ST_SYNTAX, "'*/0' as the minute has no step; write such as */2"},
        {&field, "*/x * * * *", ST_SYNTAX, "'*/x' as the minute has no step; write such as */2"},
        {&field, "*/ * * * *", ST_SYNTAX, "'*/' as the minute has no step; write such as */2"},
        {&field, "*/2/3 * * * *", ST_SYNTAX,
         "'*/2/3' as the minute has no step; write such as */2"},
        {&field, "*/90 * * * *", ST_RANGE,
         "the step of '*/90' leaves but one minute; write 0 alone"},
        {&field, "0 */24 * * *", ST_RANGE, "the step of '*/24' leaves but one hour; write 0 alone"},
        {&field, "0 0 30 2 *", ST_RANGE,
         "'0 0 30 2 *' never comes: none of its months has such a day"},
        {&field, "0 0 31 2,4,jun,9,11 *", ST_RANGE,
         "'0 0 31 2,4,jun,9,11 *' never comes: none of its months has such a day"},
        {&field, "0 0 31 4 */2", ST_RANGE,
         "'0 0 31 4 */2' never comes: none of its months has such a day"},
        {&field, "@reboot", ST_SYNTAX,
         "'@reboot' is not a time of the day; a job without a schedule starts with the service, so "
         "leave the key out"},
        {&field, "@dayly", ST_SYNTAX, "'@dayly' is not known; did you mean '@daily'?"},
        {&field, "@teatime", ST_SYNTAX,
         "'@teatime' is not known; write @hourly, @daily, @weekly, @monthly or @yearly"},
        {&field, "every", ST_SYNTAX, "'every' has 1 field" NOT_FIVE},
        {&field, "every day", ST_SYNTAX, "'every day' has no duration; write such as 'every 10m'"},
        {&field, "every 999ms", ST_RANGE,
         "'every 999ms' is too often; write 'every 1s' to 'every 36500d'"},
        {&field, "every 36501d", ST_RANGE,
         "'every 36501d' is too seldom; write 'every 1s' to 'every 36500d'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_bad(&rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedule__five_fields__are_sets),
        cmocka_unit_test(schedule__every_and_none__are_kinds_of_their_own),
        cmocka_unit_test(schedule__printed__reads_back_the_same),
        cmocka_unit_test(schedule__two_ways_to_write_it__are_equal),
        cmocka_unit_test(schedule__mistake__is_refused_with_its_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
