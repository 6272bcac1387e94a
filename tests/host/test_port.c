/* test_port.c - packets become notes. */
#include "tests/host/test_host.h"

#include "service/host/port.h"

#include <uv.h>

enum { GENEROUS_MS = 30000 };

struct world {
    HANDLE rung;
    struct queue *queue;
    struct port *port;
};

static void ring(void *ctx)
{
    SetEvent(((struct world *)ctx)->rung);
}

static void open_world(struct world *w, bool drop)
{
    w->rung = CreateEventW(NULL, FALSE, FALSE, NULL);
    assert_int_equal(queue_new(ring, w, &w->queue, NULL), ST_OK);
    assert_int_equal(port_open(w->queue, drop, &w->port, NULL), ST_OK);
}

static void close_world(struct world *w)
{
    queue_shut(w->queue);
    port_close(w->port);
    queue_free(w->queue);
    CloseHandle(w->rung);
}

static struct note next(struct world *w)
{
    struct note n = {0};
    bool lost = false;
    while (queue_take(w->queue, &n, 1, &lost) == 0)
        assert_int_equal(WaitForSingleObject(w->rung, GENEROUS_MS), WAIT_OBJECT_0);
    return n;
}

static void job_packet__of_a_run__carries_message_run_and_pid(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, false);
    uint64_t id = UINT64_C(0x1234) << 32 | 9;
    PostQueuedCompletionStatus(port_handle(w.port), JOB_OBJECT_MSG_EXIT_PROCESS, (ULONG_PTR)id,
                               (OVERLAPPED *)(ULONG_PTR)4711);
    struct note n = next(&w);
    assert_int_equal(n.kind, NOTE_JOB);
    assert_int_equal(n.number, JOB_OBJECT_MSG_EXIT_PROCESS);
    assert_int_equal(n.id, id);
    assert_int_equal(n.pid, 4711);
    close_world(&w);
}

static void posted_key__of_an_ended_process__names_the_run(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, false);
    port_post(port_handle(w.port), PORT_KEY_ENDED | 77);
    struct note n = next(&w);
    assert_int_equal(n.kind, NOTE_ENDED);
    assert_int_equal(n.id, 77);
    close_world(&w);
}

static void posted_key__of_a_helper__names_its_slot(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, false);
    port_post(port_handle(w.port), PORT_KEY_HELPER | 3);
    struct note n = next(&w);
    assert_int_equal(n.kind, NOTE_HELPER);
    assert_int_equal(n.number, 3);
    close_world(&w);
}

static void posted_key__of_a_hook__names_its_slot(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, false);
    struct ender ender = {port_handle(w.port), PORT_KEY_HOOK | 5};
    ender_post(&ender);
    struct note n = next(&w);
    assert_int_equal(n.kind, NOTE_HOOK);
    assert_int_equal(n.number, 5);
    close_world(&w);
}

static void dropping__is_on__loses_job_packets_and_nothing_else(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, true);
    PostQueuedCompletionStatus(port_handle(w.port), JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, 5, NULL);
    port_post(port_handle(w.port), PORT_KEY_ENDED | 5);
    assert_int_equal(next(&w).kind, NOTE_ENDED);
    close_world(&w);
}

static void close__with_packets_still_coming__joins_the_thread(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, false);
    for (ULONG_PTR i = 1; i <= 10000; i++)
        PostQueuedCompletionStatus(port_handle(w.port), JOB_OBJECT_MSG_NEW_PROCESS, i, NULL);
    close_world(&w);
}

int test_port(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(job_packet__of_a_run__carries_message_run_and_pid),
        cmocka_unit_test(posted_key__of_an_ended_process__names_the_run),
        cmocka_unit_test(posted_key__of_a_helper__names_its_slot),
        cmocka_unit_test(posted_key__of_a_hook__names_its_slot),
        cmocka_unit_test(dropping__is_on__loses_job_packets_and_nothing_else),
        cmocka_unit_test(close__with_packets_still_coming__joins_the_thread),
    };
    return cmocka_run_group_tests_name("port", tests, NULL, NULL);
}
