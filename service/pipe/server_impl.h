/* server_impl.h - what the server's thread has, and how others reach it.  server*.c only. */
#ifndef JW_PIPE_SERVER_IMPL_H
#define JW_PIPE_SERVER_IMPL_H

#include "service/pipe/connection.h"
#include "service/pipe/server.h"

enum packet { PACKET_IO = 1, PACKET_MAIL };

/* What others want of a slot's client; needs no memory. */
struct order {
    uint64_t client;
    bool hang_up;
    bool lost; /* a frame of its reply could not be kept */
};

struct slot {
    uint32_t generation;
    struct connection *c; /* NULL: free */
};

struct pipe_server {
    HANDLE port, thread;
    wchar_t *name;
    struct pipe_setup setup;

    SRWLOCK lock; /* short, and never while a callback runs */
    struct {
        struct parcel *first, *end;
        struct order order[PIPE_CLIENTS];
        bool rung; /* a packet is on its way, or the thread is about to look */
        bool stop;
        uint32_t grace_ms;
    } mail;                /* under the lock */
    struct access *access; /* under the lock */
    HANDLE listens;        /* under the lock: an instance, for its descriptor; NULL: none */
    bool new_access;       /* under the lock: the pipe's descriptor is not up to date */

    struct slot slot[PIPE_CLIENTS]; /* from here on the thread's */
    struct connection *listener;
    uint64_t listen_at; /* tick at which to try again; 0: there is a listener */
    struct connection *refused, *closing;
    uint64_t deserted_at; /* tick of the next look at deaf connections */
    uint32_t instances;
    bool stopping;
    uint64_t deadline;
};

/* server.c */
bool pipe_server_ring(struct pipe_server *s); /* under the lock; false: it did not work */

/* server_instance.c: makes the listener.  FIRST: nobody else may serve the name. */
enum st server_instance(struct pipe_server *s, bool first, struct err *e);

/* server_accept.c */
void server_listen(struct pipe_server *s, uint64_t now);
void server_accept(struct pipe_server *s, bool ok, uint64_t now);
void server_unlisten(struct pipe_server *s);

/* server_client.c: what becomes of a connection.  NULL: there is no such client any more. */
struct connection *server_find(struct pipe_server *s, uint64_t client);
/* Goes on with C as far as it can; to be called whenever something about it has changed. */
void server_pump(struct pipe_server *s, struct connection *c, uint64_t now);
void server_was_written(struct pipe_server *s, struct connection *c, uint64_t now);
/* A frame of a reply; takes P over. */
void server_deliver(struct pipe_server *s, struct parcel *p);
/* At once.  C stays in memory until its operations have ended. */
void server_close(struct pipe_server *s, struct connection *c);
/* An error of our own, as a reply. */
void server_say(struct connection *c, const char *code, const char *text);

/* server_thread.c: for _beginthreadex(); ARG is the server. */
unsigned __stdcall server_thread(void *arg);

#endif
