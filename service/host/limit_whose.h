/* limit_whose.h - which level a job message is about, and whether it is news.  Loop thread only.
 *
 * By Microsoft's documentation the kernel posts a message to the job whose limit it was and to each
 * job above that, never to one below; that the lower comes first is expected, not seen.  So a
 * message of an instance is always that instance's; one of a group or of the fleet is theirs unless
 * a level below was told the same just before. */
#ifndef JW_HOST_LIMIT_WHOSE_H
#define JW_HOST_LIMIT_WHOSE_H

#include "service/host/seat.h"

/* What J has used of LIMIT, by the kernel's own account, in the unit of the key; 0: not known. */
uint64_t whose_measure(struct job *j, enum limit_id limit);

/* Message NUMBER about PID has come for a level that sets its limit: false when it belongs to one
 * below, or when the same refusal was dealt with a moment ago: a worker that asks again and again
 * for what it is refused can make thousands of messages a second.  Remembers it otherwise. */
bool whose_is_news(struct runs *r, const struct seat *at, uint32_t number, uint32_t pid);

#endif
