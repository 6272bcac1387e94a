/* zones.h - zones by the rules of one year, and moments as text. */
#ifndef JW_TEST_ZONES_H
#define JW_TEST_ZONES_H

#include "service/supervise/schedule.h"

enum { CHANGES = 2 };

struct rules {
    const char *name;
    int32_t before;
    struct {
        int64_t utc_s;
        int32_t offset;
    } change[CHANGES]; /* in order; utc_s 0: none */
    unsigned asked;    /* how often */
};

/* One of "Berlin" "New York" "Lord Howe" "Santiago" "Casablanca" "Chatham" "Kathmandu" "Kiritimati"
 * "Pago Pago" (2026), "Apia" (2011, when it left out a day), "UTC"; fails the test for another. */
struct rules rules_of(const char *name);
extern const char *const zone_names[]; /* of 2026; ends with NULL */

struct zone zone_by(struct rules *r);

/* "2026-03-29 01:00[:30]", UTC, as seconds since 1970. */
int64_t moment(const char *text);
void print_moment(int64_t utc_s, char out[64]);

/* What a job file has as `schedule`; its text is left out. */
struct schedule read_schedule(const char *text);

#endif
