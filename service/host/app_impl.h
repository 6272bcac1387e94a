/* app_impl.h - shared by app.c and app_loop.c; nobody else includes it. */
#ifndef JW_HOST_APP_IMPL_H
#define JW_HOST_APP_IMPL_H

#include "service/host/app.h"

#include "service/control/journal.h"
#include "service/host/chronicle.h"
#include "service/host/clients.h"
#include "service/host/logger.h"
#include "service/host/namespace.h"
#include "service/host/port.h"
#include "service/host/queue.h"
#include "service/host/reload.h"
#include "service/host/runs.h"
#include "service/host/switches.h"
#include "service/supervise/sup.h"

#include <uv.h>

struct app {
    struct app_options options;
    struct config *config;   /* the newest definitions */
    struct reload *reload;   /* NULL until the loop is open */
    struct clients *clients; /* NULL until everything else is open */
    struct journal *journal;
    struct chronicle *chronicle;
    int64_t started_at;  /* ms since 1970-01-01 UTC */
    uint64_t started_ms; /* of the loop's clock */
    /* As they were at the start, and stay. */
    char *service, *config_dir, *log_file, *log_path; /* log_path NULL: there is no log_file */
    struct service_spec started_with;                 /* of its texts the two above and no other */
    struct switches switches;
    struct logger logger;
    struct output *output;
    uv_loop_t loop;
    uv_async_t bell;
    uv_async_t lines;     /* something was logged */
    uv_timer_t look;      /* the slow look-again */
    uv_timer_t second;    /* check points while stopping */
    uv_prepare_t turn;    /* each turn, before the loop blocks: is it the end? */
    uint64_t stop_until;  /* then it is abandoned */
    uint64_t hooks_until; /* while stopping: then hooks are not waited for any more */
    uv_idle_t turns;      /* while stopping: asks one unit a turn */
    bool loop_open, handles_open;
    uint64_t look_ms;
    struct queue *queue;
    struct port *port;
    SECURITY_ATTRIBUTES security;
    struct claim claim;
    struct machine machine;
    struct probe probe;
    struct runs *runs;
    struct sup *sup;
    bool stopping, abandoned;
};

/* The service's own log, with the settings that S has. */
struct output_file app_log_file(const struct app *a, const struct service_spec *s);

void app_on_bell(uv_async_t *bell);
void app_on_lines(uv_async_t *lines);

#endif
