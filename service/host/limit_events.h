/* limit_events.h - from a job message or a sample to the log line and the reaction.  One path for
 * what the kernel holds and what the sampler holds.  Loop thread only. */
#ifndef JW_HOST_LIMIT_EVENTS_H
#define JW_HOST_LIMIT_EVENTS_H

#include "service/host/seat.h"

/* Job message NUMBER about PID, of the job of that seat. */
void limits_message(struct runs *r, const struct seat *at, uint32_t number, uint32_t pid);
/* Reads the violation records of all levels that have notification limits, for a message may have
 * been lost, and then no further one would come.  For the slow timer. */
void limits_look_all(struct runs *r);
/* Tells and does what follows from ONE. */
void limits_reached(struct runs *r, const struct seat *at, const struct reached *one);

#endif
