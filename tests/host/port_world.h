/* port_world.h - the real port, its queue, a real loop and hooks, in a lab; for tests of what the
 * port tells about. */
#ifndef JW_TESTS_HOST_PORT_WORLD_H
#define JW_TESTS_HOST_PORT_WORLD_H

#include "tests/process/lab.h"

#include "service/host/hooks.h"
#include "service/host/port.h"

struct world {
    struct lab *lab;
    uv_loop_t loop;
    uv_async_t bell;
    uv_timer_t limit; /* a test that takes too long fails */
    bool deaf;        /* packets are lost */
    struct queue *queue;
    struct port *port;
    struct logger logger;
    struct buf said; /* "LEVEL line\n" each */
    struct hooks *hooks;
};

/* ON_BELL, with CTX as its handle's data, is to empty the queue. */
void world_open(struct world *w, uv_async_cb on_bell, void *ctx);
/* Shuts the hooks and runs the loop dry; what else is on it must have been shut before. */
void world_shut(struct world *w);
/* After world_shut(); what lab_teardown() returns. */
int world_free(struct world *w);

#endif
