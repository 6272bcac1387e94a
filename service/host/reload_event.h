/* reload_event.h - the named event by which `jobwarden.exe reload` tells a service that its job
 * file has changed. */
#ifndef JW_HOST_RELOAD_EVENT_H
#define JW_HOST_RELOAD_EVENT_H

#include "config/spec.h"

#include <windows.h>

struct reload_event {
    HANDLE event; /* NULL: not open */
    struct watch *watch;
};

/* Makes the event of SERVICE, which its account, SYSTEM and Administrators may set; F is called on
 * a thread of the wait pool each time that somebody does.  ST_EXISTS: somebody else holds the name.
 */
enum st reload_event_open(const char *prefix, const char *service, void (*f)(void *ctx), void *ctx,
                          struct reload_event *ret, struct err *e);
/* F is not called any more once this returns.  An empty one is allowed. */
void reload_event_close(struct reload_event *x);

/* Sets the event of the running service that S describes.  ST_NOTFOUND: none of that name runs
 * here; ST_DENIED: this account may not. */
enum st reload_event_set(const struct service_spec *s, struct err *e);

#endif
