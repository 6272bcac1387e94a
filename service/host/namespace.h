/* namespace.h - the names that others see; only one service of a name runs.  Loop thread. */
#ifndef JW_HOST_NAMESPACE_H
#define JW_HOST_NAMESPACE_H

#include "config/spec.h"

#include <windows.h>

struct claim {
    const char *prefix; /* "Global\" or "Local\" */
    HANDLE mutex;       /* held while the service of that name runs */
};

/* Claims the service's name.  ST_EXISTS: a service of that name runs already.  `auto` takes
 * Global\, and Local\ only where this account may not make global names.  Give back with
 * claim_release(). */
enum st claim_name(const struct service_spec *s, SECURITY_ATTRIBUTES *sa, struct claim *ret,
                   struct err *e);
void claim_release(struct claim *c); /* an empty claim is allowed */

#endif
