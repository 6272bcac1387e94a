/* access_private.h - how a test is judged like a stranger.  Nobody else includes it. */
#ifndef JW_PIPE_ACCESS_PRIVATE_H
#define JW_PIPE_ACCESS_PRIVATE_H

#include "service/pipe/access.h"

/* As access_new(), but the account that may always command, besides SYSTEM, is MASTER, a SID as
 * text; NULL: that of this process. */
enum st access_new_for(const struct access_setup *setup, const char *master, struct access **ret,
                       struct err *e);

#endif
