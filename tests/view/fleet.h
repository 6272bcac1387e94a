/* fleet.h - a made-up fleet whose numbers move: what the service would answer, frame by frame.
 *
 * The same frame number always gives the same frame. */
#ifndef JW_TESTS_VIEW_FLEET_H
#define JW_TESTS_VIEW_FLEET_H

#include "common/buf.h"

/* The reply of `status` with events, as JSON.  Instances are web.1 to web.N, with all states among
 * them; the first is running, the fourth has failed. */
void fleet_frame(unsigned frame, unsigned instances, struct buf *out);

#endif
