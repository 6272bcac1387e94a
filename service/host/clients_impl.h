/* clients_impl.h - shared by clients*.c; nobody else includes it. */
#ifndef JW_HOST_CLIENTS_IMPL_H
#define JW_HOST_CLIENTS_IMPL_H

#include "service/host/app_impl.h"
#include "service/host/clients.h"
#include "service/host/inbox.h"
#include "service/host/measuring.h"
#include "service/host/tail.h"
#include "service/pipe/server.h"

enum { CLIENTS_READING = DEALS_MAX };

/* The files that a client reads, as it was told of them. */
struct reading {
    uint64_t client; /* 0: a free place */
    size_t n;
    struct tail_file *file; /* texts are its own */
    char **path;            /* full */
};

struct clients {
    struct app *app;
    struct control *control;
    struct pipe_server *server;
    struct inbox *inbox;
    struct mail *mail; /* taken out of it, and not delivered yet */
    struct measuring *measuring;
    struct tail *tail;
    struct reading reading[CLIENTS_READING];
    uv_async_t bell; /* mail, or text that was read */
    uv_timer_t tick; /* while there are waits or streams */
    bool handles_open;
};

/* clients_world.c */
struct world clients_world(struct clients *c);

/* clients_logs.c */
bool clients_tail(void *ctx, uint64_t client, const struct tail_file *file, size_t n,
                  uint64_t lines, bool follow, struct no *no);
void clients_untail(void *ctx, uint64_t client);
void clients_tail_more(void *ctx, uint64_t client);
/* What the reading thread has brought. */
void clients_read(struct clients *c);
void clients_forget(struct reading *r);

#endif
