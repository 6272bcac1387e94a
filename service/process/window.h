/* window.h - asks programs with windows to close them.  Any thread; does not wait for them.
 *
 * Windows belong to a desktop, and only those of the caller's own are seen: for a service that is
 * the desktop of its window station (Service-0x0-3e7$\Default for LocalSystem), which the workers
 * that it starts share.  What a worker shows in a user's session is out of reach. */
#ifndef JW_PROCESS_WINDOW_H
#define JW_PROCESS_WINDOW_H

#include "common/status.h"

#include <stddef.h>

/* Posts WM_CLOSE to every top-level window of the N processes PID.  ST_NOTFOUND: they have none
 * here; any other failure: they have, and none could be told. */
enum st window_close(const uint32_t *pid, size_t n, struct err *e);

#endif
