/* zones.c - the zones' changes as the time zone database has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/supervise/zones.h"

#include "common/civil.h"
#include "config/value.h"

#include <stdio.h>
#include <string.h>

static const struct rules all[] = {
    {"UTC", 0, {{0, 0}, {0, 0}}, 0},
    /* 29 March 02:00 -> 03:00, 25 October 03:00 -> 02:00 */
    {"Berlin", 3600, {{1774746000, 7200}, {1792890000, 3600}}, 0},
    /* 8 March 02:00 -> 03:00, 1 November 02:00 -> 01:00 */
    {"New York", -18000, {{1772953200, -14400}, {1793512800, -18000}}, 0},
    /* 5 April 02:00 -> 01:30, 4 October 02:00 -> 02:30 */
    {"Lord Howe", 39600, {{1775314800, 37800}, {1791041400, 39600}}, 0},
    /* 5 April 00:00 -> 4 April 23:00, 6 September 00:00 -> 01:00 */
    {"Santiago", -10800, {{1775358000, -14400}, {1788667200, -10800}}, 0},
    /* back for Ramadan: 15 February 03:00 -> 02:00, 22 March 02:00 -> 03:00 */
    {"Casablanca", 3600, {{1771120800, 0}, {1774144800, 3600}}, 0},
    /* 5 April 03:45 -> 02:45, 27 September 02:45 -> 03:45 */
    {"Chatham", 49500, {{1775311200, 45900}, {1790431200, 49500}}, 0},
    {"Kathmandu", 20700, {{0, 0}, {0, 0}}, 0},
    {"Kiritimati", 50400, {{0, 0}, {0, 0}}, 0},
    {"Pago Pago", -39600, {{0, 0}, {0, 0}}, 0},
    /* 30 December 2011 was left out */
    {"Apia", -36000, {{1325239200, 50400}, {0, 0}}, 0},
};

const char *const zone_names[] = {"UTC",        "Berlin",     "New York", "Lord Howe",
                                  "Santiago",   "Casablanca", "Chatham",  "Kathmandu",
                                  "Kiritimati", "Pago Pago",  NULL};

struct rules rules_of(const char *name)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i];
    fail_msg("there is no zone %s", name);
    return all[0];
}

static int32_t offset(void *ctx, int64_t utc_s)
{
    struct rules *r = ctx;
    int32_t now = r->before;
    r->asked++;
    for (int i = 0; i < CHANGES; i++)
        if (r->change[i].utc_s && utc_s >= r->change[i].utc_s)
            now = r->change[i].offset;
    return now;
}

struct zone zone_by(struct rules *r)
{
    return (struct zone){r, offset};
}

int64_t moment(const char *text)
{
    unsigned y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    if (sscanf(text, "%u-%u-%u %u:%u:%u", &y, &mo, &d, &h, &mi, &s) < 5)
        fail_msg("'%s' is no moment", text);
    int64_t day = civil_to_days((struct civil){y, mo, d});
    return day * 86400 + (int64_t)h * 3600 + (int64_t)mi * 60 + s;
}

static const struct field field = {.key = "schedule", .type = &ty_schedule};

struct schedule read_schedule(const char *text)
{
    struct arena *a = arena_new();
    struct schedule s;
    struct err e = {0};
    if (ty_schedule.parse(&field, str_of(text), a, &s, &e) != ST_OK)
        fail_msg("'%s': %s", text, e.text);
    s.text = "";
    arena_free(a);
    return s;
}

void print_moment(int64_t utc_s, char out[64])
{
    int64_t day = utc_s / 86400 - (utc_s % 86400 < 0), s = utc_s - day * 86400;
    struct civil c = civil_from_days(day);
    snprintf(out, 64, "%lld-%02u-%02u %02d:%02d:%02d", (long long)c.year, (unsigned)c.month,
             (unsigned)c.day, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}
