/* test_schedule_watch.c - when schedules are due, against a clock that is watched minute by minute
 * for a year. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/supervise/zones.h"

#include "common/civil.h"
#include "common/random.h"

#include <stdio.h>
#include <string.h>

/* By what the words of cron say, a date and a time at a time. */
static bool shows(const struct schedule *s, int64_t local)
{
    int64_t day = local / 86400, of_day = local % 86400;
    struct civil c = civil_from_days(day);
    bool dom = s->days >> c.day & 1, dow = s->weekdays >> civil_weekday(day) & 1;
    bool day_ok = s->any_day || s->any_weekday ? dom && dow : dom || dow;
    return of_day % 60 == 0 && (s->minutes >> (of_day / 60 % 60) & 1) &&
           (s->hours >> (of_day / 3600) & 1) && (s->months >> c.month & 1) && day_ok;
}

/* The watcher of a clock: due is what it shows now, or, by the day, what it shows or has passed for
 * the first time. */
static bool watch(const struct schedule *s, int64_t local, int64_t *highest)
{
    bool due = false;
    if (s->any_hour)
        return shows(s, local);
    for (; *highest < local; *highest += 60)
        due = shows(s, *highest + 60) || due;
    return due;
}

static uint32_t below(struct random *r, uint32_t bound)
{
    return (uint32_t)random_below(r, bound);
}

static void random_list(struct random *r, uint32_t min, uint32_t max, char out[64])
{
    uint32_t a = min + below(r, max - min + 1), b = min + below(r, max - min + 1);
    uint32_t by = 1 + below(r, 5), low = a < b ? a : b, high = a < b ? b : a;
    switch (below(r, 6)) {
    case 0:
        snprintf(out, 64, "*");
        break;
    case 1:
        snprintf(out, 64, "*/%u", (unsigned)by);
        break;
    case 2:
        snprintf(out, 64, "%u-%u", (unsigned)low, (unsigned)high);
        break;
    case 3:
        snprintf(out, 64, high - low < by ? "%u,%u" : "%u-%u/%u", (unsigned)low, (unsigned)high,
                 (unsigned)by);
        break;
    case 4:
        snprintf(out, 64, "%u,%u", (unsigned)a, (unsigned)b);
        break;
    default:
        snprintf(out, 64, "%u", (unsigned)a);
    }
}

/* Mostly at hours in which clocks are changed, and not too many times a year. */
static void random_schedule(struct random *r, char out[400])
{
    char part[5][64];
    static const struct {
        uint32_t min, max;
    } ranges[] = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}};
    for (int i = 0; i < 5; i++) {
        random_list(r, ranges[i].min, ranges[i].max, part[i]);
        if (i >= 2 && below(r, 3) > 0)
            strcpy(part[i], "*");
    }
    if (below(r, 2))
        random_list(r, 0, 4, part[1]);
    snprintf(out, 400, "%s %s %s %s %s", part[0], part[1], part[2], part[3], part[4]);
}

static void compare(const char *zone, const char *text)
{
    struct rules rules = rules_of(zone);
    struct zone z = zone_by(&rules);
    struct schedule s = read_schedule(text);
    int64_t from = moment("2026-01-01 00:00"), to = moment("2027-01-01 00:00");
    int64_t highest = from - 60 + z.offset(z.ctx, from - 60);
    int64_t next = schedule_next(&s, from * 1000 - 1, &z);
    for (int64_t t = from; t < to; t += 60) {
        bool due = watch(&s, t + z.offset(z.ctx, t), &highest);
        if (due != (next == t * 1000)) {
            char now[64], said[64];
            print_moment(t, now);
            print_moment(next / 1000, said);
            fail_msg("%s, '%s': %s is%s due, %s was said", zone, text, now, due ? "" : " not",
                     said);
        }
        if (due)
            next = schedule_next(&s, t * 1000, &z);
    }
    assert_true(next >= to * 1000);
}

static void schedule_next__random_schedules__as_a_watched_clock(void **state)
{
    (void)state;
    struct random r = {20260329};
    for (int round = 0; round < 4; round++)
        for (size_t i = 0; zone_names[i]; i++) {
            char text[400];
            random_schedule(&r, text);
            compare(zone_names[i], text);
        }
}

static void schedule_next__every_minute__is_every_minute(void **state)
{
    (void)state;
    for (size_t i = 0; zone_names[i]; i++)
        compare(zone_names[i], "* * * * *");
    compare("Berlin", "* 0-23 * * *");
    compare("Santiago", "* 0-23 * * *");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedule_next__random_schedules__as_a_watched_clock),
        cmocka_unit_test(schedule_next__every_minute__is_every_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
