/* test_patience.c - for whom the server waits how long.  A time that is not to pass is an hour. */
#include "echo.h"

#include "service/pipe/frame.h"

#include <stdlib.h>

enum {
    SHORT_MS = 50,
    ENOUGH_MS = 2000, /* for a request to come on a loaded machine */
    HOUR_MS = 3600000
};

static const struct pipe_times short_request = {SHORT_MS, HOUR_MS, HOUR_MS};
static const struct pipe_times enough_request = {ENOUGH_MS, HOUR_MS, HOUR_MS};
static const struct pipe_times short_write = {HOUR_MS, SHORT_MS, HOUR_MS};

static void client__that_says_nothing__is_closed(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, short_request);
    HANDLE h = bare_open(e.service);
    bare_is_closed(h);
    CloseHandle(h);
    echo_stop(&e, 0);
    assert_int_equal(e.count[ECHO_GONE], 0); /* nobody was told of it */
}

static void client__stopping_half_way__is_closed(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, enough_request);
    HANDLE h = bare_open(e.service);
    bare_write(h, "\x09\0\0\0ech", 7);
    bare_is_closed(h);
    CloseHandle(h);
    echo_stop(&e, 0);
    assert_int_equal(e.count[ECHO_REQUESTS], 0);
}

static void client__silent_after_its_reply__is_closed(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, enough_request);
    HANDLE h = bare_open(e.service);
    bare_frame(h, "echo me");
    bare_hears_of(h, "me");
    bare_is_closed(h);
    CloseHandle(h);
    echo_wait(&e, ECHO_GONE, 1);
    echo_stop(&e, 0);
}

static void client__waiting_for_its_reply__is_waited_for(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, enough_request);
    HANDLE waits = bare_open(e.service);
    bare_frame(waits, "hold");
    echo_wait(&e, ECHO_HELD, 1);
    HANDLE silent = bare_open(e.service);
    bare_is_closed(silent); /* it came later, and even its time has passed */
    assert_int_equal(echo_counted(&e, ECHO_GONE), 0);
    echo_release(&e);
    bare_hears_of(waits, "held");
    CloseHandle(waits);
    CloseHandle(silent);
    echo_stop(&e, 0);
}

static void reader__that_does_not_read__is_closed(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, short_write);
    HANDLE h = bare_open(e.service);
    bare_frame(h, "big 1000000");
    echo_wait(&e, ECHO_GONE, 1);
    assert_int_equal(echo_counted(&e, ECHO_SENT), 0);
    CloseHandle(h);
    echo_stop(&e, 0);
}

static void reader__of_a_stream_that_stops_reading__harms_nobody_else(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, short_write);
    HANDLE h = bare_open(e.service);
    bare_frame(h, "stream");
    bare_hears_of(h, "streamed");
    struct pipe_client *c = echo_client(&e);
    client_asks(c, "echo well", "well");
    echo_wait(&e, ECHO_GONE, 1);
    client_asks(c, "echo still", "still");
    CloseHandle(h);
    pipe_client_close(c);
    echo_stop(&e, 0);
}

static void backlog__above_its_limit__closes_the_client(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, (struct pipe_times){HOUR_MS, HOUR_MS, HOUR_MS});
    HANDLE h = bare_open(e.service);
    bare_frame(h, "hold");
    echo_wait(&e, ECHO_HELD, 1);
    uint64_t client = echo_last_held(&e);
    for (int i = 0; i < 3; i++) { /* two are more than 64 MiB: nobody has read anything */
        struct buf b = {0};
        b.n = FRAME_REPLY_MAX / 2 + 1;
        b.cap = b.n + 1;
        b.p = calloc(b.cap, 1);
        assert_non_null(b.p);
        pipe_server_reply(e.server, client, &b, false);
        assert_null(b.p);
    }
    echo_wait(&e, ECHO_GONE, 1);
    CloseHandle(h);
    echo_stop(&e, 0);
}

int run_patience(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client__that_says_nothing__is_closed),
        cmocka_unit_test(client__stopping_half_way__is_closed),
        cmocka_unit_test(client__silent_after_its_reply__is_closed),
        cmocka_unit_test(client__waiting_for_its_reply__is_waited_for),
        cmocka_unit_test(reader__that_does_not_read__is_closed),
        cmocka_unit_test(reader__of_a_stream_that_stops_reading__harms_nobody_else),
        cmocka_unit_test(backlog__above_its_limit__closes_the_client),
    };
    return cmocka_run_group_tests_name("patience", tests, NULL, NULL);
}
