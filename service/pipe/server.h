/* server.h - the service's end of the control pipe: one thread that takes requests off the pipe and
 * puts replies on it.  It knows frames and roles, and nothing of what they say. */
#ifndef JW_PIPE_SERVER_H
#define JW_PIPE_SERVER_H

#include "common/buf.h"
#include "service/pipe/access.h"

#include <stdint.h>

enum {
    PIPE_CLIENTS = 64, /* served at a time */
    PIPE_LOOKERS = 48, /* of them who may only look and are owed a reply, of a stream too */
    PIPE_REQUEST_MS = 10000,
    PIPE_WRITE_MS = 10000,
    PIPE_EVICT_MS = 1000
};

struct pipe_server;

/* Who asks.  For the log: what a client may do is its role. */
struct pipe_caller {
    const char *account; /* "DOMAIN\user" where the role is to command, else (and where Windows
                            knows no name) the SID as text */
    uint32_t pid;        /* a hint, since a pid is used again; 0 from another machine */
};

/* 0: the default. */
struct pipe_times {
    uint32_t request_ms; /* for a whole request, from the connection or the end of the last reply */
    uint32_t write_ms;   /* without the client making room for 16 KiB of what is written to it */
    uint32_t evict_ms;   /* who has sent no whole request for so long makes room for a newcomer */
};

struct pipe_setup {
    const char *service;   /* its name: \\.\pipe\SERVICE.control; for the start only */
    bool remote;           /* else Windows refuses clients of other machines; fixed until the end,
                              access_setup.remote decides who of them gets in */
    struct access *access; /* taken over when the server has started */
    struct pipe_times times;
    /* All three are called on the server's own thread, must not block, and may call
     * pipe_server_reply() and pipe_server_hang_up().
     *
     * A request, BYTES, of a client that may at least look.  WHO and BYTES are good until it
     * returns.  The next one of this client comes when the last frame of the reply is written. */
    void (*request)(void *ctx, uint64_t client, enum role role, const struct pipe_caller *who,
                    struct str bytes);
    /* Once for each client that request() was called for, and for no other: nothing more comes
     * from it and nothing more goes to it.  After pipe_server_stop() it was called for all. */
    void (*gone)(void *ctx, uint64_t client);
    /* All that was given for it so far is written. */
    void (*sent)(void *ctx, uint64_t client);
    void *ctx;
};

/* *RET is set before the first callback, and NULL again on failure.
 *
 * The pipe can be opened once this has returned.  ST_EXISTS: a service of that name runs already,
 * or something else holds its pipe.  The caller gives *ret to pipe_server_stop(). */
enum st pipe_server_start(const struct pipe_setup *setup, struct pipe_server **ret, struct err *e);

/* Any thread, never blocks.  One frame of the reply to CLIENT's request: the JSON alone, 1 byte to
 * 64 MiB.  Takes the memory of *bytes over and empties it.  LAST: the reply is complete.  For a
 * client that is gone, or is owed no reply, nothing happens.
 *
 * A client for which more than 64 MiB wait is closed: whoever gives more than one frame waits for
 * sent().  So is one for which there is no memory: half a reply would be worse. */
void pipe_server_reply(struct pipe_server *s, uint64_t client, struct buf *bytes, bool last);
/* Any thread, never blocks.  Closes the client once what was given for it is written. */
void pipe_server_hang_up(struct pipe_server *s, uint64_t client);

/* Any thread.  Other rights from now on, also for clients that are connected: they are asked with
 * every request.  TAKES_OVER is the server's once this has worked; else all stays as it was. */
enum st pipe_server_access(struct pipe_server *s, struct access *takes_over, struct err *e);

/* Takes no further client and no further request, writes what was given for at most GRACE_MS, and
 * joins the thread.  Nobody may use S any more.  NULL is allowed. */
void pipe_server_stop(struct pipe_server *s, uint32_t grace_ms);

#endif
