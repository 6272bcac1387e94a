/* seat.h - where a limit was reached: one instance's run, or an upper.  Loop thread only. */
#ifndef JW_HOST_SEAT_H
#define JW_HOST_SEAT_H

#include "service/host/levels.h"
#include "service/host/runs.h"

struct seat {
    size_t slot; /* of the instance, when upper is NULL */
    struct upper *upper;
};

struct job *seat_job(const struct runs *r, const struct seat *at); /* NULL: none is open */
struct level *seat_level(const struct runs *r, const struct seat *at);
struct rearm *seat_rearm(struct runs *r, const struct seat *at);
const char *seat_name(const struct runs *r, const struct seat *at); /* "web.1", "apps" */
const char *seat_kind(const struct seat *at);                       /* "instance" ... */
/* The running instance at or below AT whose job PID is in; false: none, or PID is gone and was not
 * a main process. */
bool seat_slot_of(struct runs *r, const struct seat *at, uint32_t pid, size_t *ret);

#endif
