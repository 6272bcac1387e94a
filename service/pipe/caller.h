/* caller.h - who is at the other end of a pipe.  Server thread only. */
#ifndef JW_PIPE_CALLER_H
#define JW_PIPE_CALLER_H

#include "service/pipe/access.h"

#include <stdint.h>

/* What is known of one client, so that its name is looked up once. */
struct caller {
    PSID sid;
    char *account; /* of `sid`; from malloc */
    bool named;    /* it was asked for by name */
    uint32_t pid;
};

/* The token of whoever wrote to PIPE last, which must have been read from; NULL when Windows does
 * not give it: a client that came anonymously, mostly.  The caller closes it. */
HANDLE caller_token(HANDLE pipe);

/* Learns TOKEN's account and PIPE's process: by name, for which Windows may have to ask a domain,
 * or else the SID as text.  C->account stays NULL when out of memory. */
void caller_learn(struct caller *c, HANDLE pipe, HANDLE token, bool by_name);
void caller_free(struct caller *c);

#endif
