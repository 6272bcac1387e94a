/* client_impl.h - what a client has.  client*.c only. */
#ifndef JW_PIPE_CLIENT_IMPL_H
#define JW_PIPE_CLIENT_IMPL_H

#include "service/pipe/client.h"
#include "service/pipe/frame.h"

struct pipe_client {
    HANDLE pipe;
    OVERLAPPED read, write; /* each with its event */
    bool reading;           /* `read` is under way, into `bytes` */
    struct frames frames;
    struct str rest; /* of `bytes`, not yet looked at */
    char bytes[64 << 10];
};

#endif
