/* accounts.h - what instances, groups and the fleet have used.  Loop thread only. */
#ifndef JW_HOST_ACCOUNTS_H
#define JW_HOST_ACCOUNTS_H

#include "service/host/seat.h"

/* Of the present run of SLOT alone; all 0 when there is none. */
struct account account_of_run(const struct runs *r, size_t slot);
/* Of all runs of an instance since the service started; of a group since its first member did. */
struct account account_at(const struct runs *r, const struct seat *at);
/* Of the whole fleet, whether it has a job of its own or not. */
struct account account_of_fleet(const struct runs *r);

#endif
