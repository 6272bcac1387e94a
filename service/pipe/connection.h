/* connection.h - one instance of the pipe and the client at its other end.  Server thread only.
 *
 * It keeps at most one read and one write under way.  What becomes of a client is
 * server_client.c's. */
#ifndef JW_PIPE_CONNECTION_H
#define JW_PIPE_CONNECTION_H

#include "service/pipe/caller.h"
#include "service/pipe/frame.h"

enum {
    READ_CHUNK = 4096,
    WRITE_CHUNK = 16 << 10,       /* a client that reads this much within its time is reading */
    PIPE_QUOTA = 64 << 10,        /* so much is written without waiting for the client */
    BACKLOG_MAX = FRAME_REPLY_MAX /* for one frame alone, or several together */
};

/* One frame on its way out. */
struct parcel {
    struct parcel *next;
    uint64_t client;
    struct buf bytes; /* without the head */
    size_t at;        /* of the frame, head included: so much has been copied out */
    bool last;        /* of its reply */
};

void parcel_free(struct parcel *p);

struct connection;

/* A completion leads back by its OVERLAPPED. */
struct operation {
    OVERLAPPED io;
    struct connection *whose;
    bool pending;
};

enum phase {
    PHASE_LISTENING,
    PHASE_OPEN,
    PHASE_CLOSING /* no slot any more; waits for its operations to end */
};

struct connection {
    struct connection *next;
    struct operation in, out; /* `in` is the connecting, too */
    HANDLE pipe;
    enum phase phase;
    uint64_t id; /* 0: it has no slot, and only gets to hear so */
    struct caller caller;

    struct frames frames;
    struct str rest; /* of `read`, not yet looked at */

    struct parcel *first, *end; /* to be written */
    size_t backlog;             /* bytes of those */
    bool last_out;              /* the end of a reply is in `write` */

    bool known;     /* request() was called for it */
    bool replying;  /* a request waits for the last frame of its reply */
    bool looks;     /* it came from somebody who may not command */
    bool last_here; /* which has been given */
    bool owed;      /* sent() is to be called once all is written */
    bool hang_up;   /* once all is written */
    uint64_t heard; /* tick of its last whole request, or of its coming */
    uint64_t due;   /* tick at which it must have sent one; while nothing is replied */
    uint64_t write_due;

    char read[READ_CHUNK];
    char write[WRITE_CHUNK];
};

/* PIPE is the connection's from here on; NULL, when out of memory, leaves it the caller's. */
struct connection *connection_new(HANDLE pipe);
/* Nothing may be pending. */
void connection_free(struct connection *c);

/* Waits for a client.  1: a completion follows; 0: one is there already; -1: it did not work. */
int connection_listen(struct connection *c);

/* Asks for more bytes.  False: the client has gone. */
bool connection_read(struct connection *c);
/* A read has brought N bytes. */
void connection_was_read(struct connection *c, DWORD n);

/* Puts P at the end of what is to be written; takes it over. */
void connection_queue(struct connection *c, struct parcel *p);
/* Something waits to be written. */
bool connection_has_more(const struct connection *c);
/* Starts to write the next piece.  False: the client has gone. */
bool connection_write(struct connection *c);

/* No read is under way, as there is no room for what it would bring. */
bool connection_deaf(const struct connection *c);
/* For a deaf one: has the client gone?  What it has left in the pipe hides that from a read. */
bool connection_deserted(const struct connection *c);

#endif
