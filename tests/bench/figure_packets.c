/* figure_packets.c - packets a second: port thread, queue, loop; against a bare drain of a port. */
#include "tests/bench/bench.h"

#include "service/host/port.h"

#include <stdlib.h>
#include <uv.h>

enum { PACKETS = 200000, BATCH = 256 };

struct load {
    HANDLE port;
};

static void post_all(void *arg)
{
    const struct load *l = arg;
    for (ULONG_PTR i = 1; i <= PACKETS; i++)
        while (!PostQueuedCompletionStatus(l->port, JOB_OBJECT_MSG_EXIT_PROCESS, i, NULL))
            SwitchToThread();
}

static double floor_once(void)
{
    struct load l = {CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1)};
    uv_thread_t poster;
    OVERLAPPED_ENTRY e[BATCH];
    double began = now_ms();
    uv_thread_create(&poster, post_all, &l);
    for (ULONG got = 0, n = 0; got < PACKETS; got += n)
        if (!GetQueuedCompletionStatusEx(l.port, e, BATCH, &n, WAIT_MS, FALSE))
            die("GetQueuedCompletionStatusEx");
    double ms = now_ms() - began;
    uv_thread_join(&poster);
    CloseHandle(l.port);
    return PACKETS / ms;
}

struct sink {
    uv_loop_t loop;
    uv_async_t bell;
    struct queue *queue;
    size_t got;
    bool lost;
};

static void ring(void *ctx)
{
    uv_async_send(ctx);
}

static void on_bell(uv_async_t *bell)
{
    struct sink *s = bell->data;
    struct note note[BATCH];
    size_t n;
    do {
        bool lost = false;
        n = queue_take(s->queue, note, BATCH, &lost);
        s->got += n;
        s->lost = s->lost || lost;
    } while (n == BATCH);
    if (s->got == PACKETS || s->lost)
        uv_stop(&s->loop);
}

static double ours_once(void)
{
    struct sink s = {.got = 0};
    struct port *port = NULL;
    uv_thread_t poster;
    uv_loop_init(&s.loop);
    uv_async_init(&s.loop, &s.bell, on_bell);
    s.bell.data = &s;
    if (queue_new(ring, &s.bell, &s.queue, NULL) != ST_OK ||
        port_open(s.queue, false, &port, NULL) != ST_OK)
        die("port_open");
    struct load l = {port_handle(port)};
    double began = now_ms();
    uv_thread_create(&poster, post_all, &l);
    uv_run(&s.loop, UV_RUN_DEFAULT);
    double ms = now_ms() - began;
    uv_thread_join(&poster);
    if (s.lost)
        die("packets were lost: the loop is slower than the port");
    queue_shut(s.queue);
    port_close(port);
    uv_close((uv_handle_t *)&s.bell, NULL);
    uv_run(&s.loop, UV_RUN_DEFAULT);
    uv_loop_close(&s.loop);
    queue_free(s.queue);
    return PACKETS / ms;
}

void figure_packets(size_t samples)
{
    struct sample v[SAMPLES_MAX];
    for (size_t i = 0; i < samples; i++) {
        v[i].floor = floor_once();
        v[i].ours = ours_once();
    }
    report_ratio("packets to the loop", "1000/s", v, samples, true, "0.80");
}
