/* client.h - the other end of the control pipe: one question at a time.  One thread at a time. */
#ifndef JW_PIPE_CLIENT_H
#define JW_PIPE_CLIENT_H

#include "common/buf.h"

#include <windows.h>

#include <stdint.h>

struct pipe_client;

/* Opens the control pipe of SERVICE on HOST (NULL: this machine) in such a way that the other side
 * learns who we are and can do nothing in our name, and makes sure that it is the service.
 *
 * ST_NOTFOUND: no such service runs there, which on this machine is known at once.  ST_BUSY: it did
 * not get to us within 2 s.  ST_DENIED: it does not let this account in, or something else poses as
 * the service.  The caller owns *ret; pipe_client_close() takes NULL too. */
enum st pipe_client_open(const char *host, const char *service, struct pipe_client **ret,
                         struct err *e);
void pipe_client_close(struct pipe_client *c);

/* Sends one request: JSON, 1 byte to 1 MiB.  That the service has closed the pipe is no error here:
 * why it did may wait to be received.  ST_BUSY: it did not take it within 10 s. */
enum st pipe_client_send(struct pipe_client *c, struct str json, struct err *e);

enum pipe_got {
    PIPE_GOT_FRAME,   /* in *frame */
    PIPE_GOT_NOTHING, /* for WAIT_MS */
    PIPE_GOT_OTHER,   /* OTHER is signalled; a frame may be on its way, and comes the next time */
    PIPE_GOT_CLOSED,  /* the service has closed the connection: ST_NOTFOUND */
    PIPE_GOT_FAILED   /* what else is in *e */
};

/* Waits for the next frame of a reply, at most WAIT_MS (UINT64_MAX: for as long as it takes), or
 * until OTHER (an event, a console's input; NULL: nothing else) is signalled.  *frame is replaced
 * by the JSON, at most 64 MiB.  *e is filled for the last two. */
enum pipe_got pipe_client_receive(struct pipe_client *c, struct buf *frame, uint64_t wait_ms,
                                  HANDLE other, struct err *e);

#endif
