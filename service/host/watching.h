/* watching.h - tells when a job file, or what it includes, has changed on the disk and been left
 * alone for a second (watch_config = yes).
 *
 * A thread of its own looks at every file twice a second: that works on every disk and share, and
 * one that does not answer holds up nobody else. */
#ifndef JW_HOST_WATCHING_H
#define JW_HOST_WATCHING_H

#include "config/recording.h"

enum { WATCH_LOOK_MS = 500, WATCH_QUIET_MS = 1000 };

struct watching;

/* F is called on the thread each time.  Nothing is watched yet.  The caller owns *ret. */
enum st watching_new(void (*f)(void *ctx), void *ctx, struct watching **ret, struct err *e);
/* F is not called any more once this returns.  NULL is allowed. */
void watching_free(struct watching *w);

/* Loop thread.  From now on what READ has read is watched, and ALSO (NULL: nothing more); READ
 * NULL: nothing is.  A file that is watched already goes on as it was: a change that came while it
 * was being read is told. */
enum st watching_set(struct watching *w, const struct recording *read, const struct recording *also,
                     struct err *e);

#endif
