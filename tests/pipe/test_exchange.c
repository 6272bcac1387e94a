/* test_exchange.c - requests and replies. */
#include "echo.h"

#include "service/pipe/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct pipe_times usual = {0};

static void client__asking_twice__is_answered_twice(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, usual);
    struct pipe_client *c = echo_client(&e);
    client_asks(c, "echo one", "one");
    client_asks(c, "echo two", "two");
    pipe_client_close(c);
    echo_wait(&e, ECHO_GONE, 1);
    assert_int_equal(echo_counted(&e, ECHO_REQUESTS), 2);
    assert_int_equal(echo_counted(&e, ECHO_SENT), 2);
    echo_stop(&e, 0);
    assert_int_equal(e.count[ECHO_GONE], 1);
}

static void caller__that_may_command__is_told_by_name_and_pid(void **state)
{
    (void)state;
    static struct echo e;
    wchar_t user[256];
    DWORD n = 256;
    char name[1024];
    assert_true(GetUserNameW(user, &n));
    snprintf(name, sizeof name, "\\%ls here", user);
    echo_start(&e, usual);
    struct pipe_client *c = echo_client(&e);
    client_says(c, "who");
    struct buf frame = {0};
    struct err err;
    assert_int_equal(pipe_client_receive(c, &frame, ECHO_LIMIT_MS, NULL, &err), PIPE_GOT_FRAME);
    assert_true(str_starts(buf_view(&frame), "command "));
    assert_true(str_ends(buf_view(&frame), name));
    buf_free(&frame);
    pipe_client_close(c);
    echo_stop(&e, 0);
}

static void reply__of_several_frames__comes_in_order_and_ends(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, usual);
    struct pipe_client *c = echo_client(&e);
    client_says(c, "count 1000");
    for (int i = 1; i <= 1000; i++) {
        char frame[32];
        snprintf(frame, sizeof frame, "%d of 1000", i);
        client_hears(c, frame);
    }
    client_asks(c, "echo after", "after");
    pipe_client_close(c);
    echo_stop(&e, 0);
}

static void stream__until_the_client_leaves__ends_by_gone(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, usual);
    struct pipe_client *c = echo_client(&e);
    client_says(c, "stream");
    for (int i = 0; i < 100; i++)
        client_hears(c, "streamed");
    assert_int_equal(echo_counted(&e, ECHO_GONE), 0);
    pipe_client_close(c);
    echo_wait(&e, ECHO_GONE, 1);
    echo_stop(&e, 0);
}

static void requests__in_one_write__are_answered_one_after_the_other(void **state)
{
    (void)state;
    static struct echo e;
    struct buf b = {0};
    echo_start(&e, usual);
    for (int i = 0; i < 300; i++) {
        char head[FRAME_HEAD];
        frame_head(8, head);
        buf_add(&b, head, sizeof head);
        buf_f(&b, "echo %03d", i);
    }
    HANDLE h = bare_open(e.service);
    bare_write(h, b.p, b.n);
    for (int i = 0; i < 300; i++) {
        char text[8];
        snprintf(text, sizeof text, "%03d", i);
        bare_hears_of(h, text);
    }
    CloseHandle(h);
    buf_free(&b);
    echo_stop(&e, 0);
}

static void request__sent_during_a_reply__waits_for_its_end(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, usual);
    HANDLE h = bare_open(e.service);
    bare_frame(h, "hold");
    bare_frame(h, "echo later");
    echo_wait(&e, ECHO_HELD, 1);
    assert_int_equal(echo_counted(&e, ECHO_REQUESTS), 1);
    echo_release(&e);
    bare_hears_of(h, "held");
    bare_hears_of(h, "later");
    CloseHandle(h);
    echo_stop(&e, 0);
}

static void request__byte_by_byte__is_whole_at_its_last_byte(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, usual);
    HANDLE h = bare_open(e.service);
    static const char bytes[] = "\x09\0\0\0echo drip";
    for (size_t i = 0; i + 1 < sizeof bytes; i++) {
        assert_int_equal(echo_counted(&e, ECHO_REQUESTS), 0);
        bare_write(h, bytes + i, 1);
    }
    bare_hears_of(h, "drip");
    CloseHandle(h);
    echo_stop(&e, 0);
}

static void request__of_the_greatest_length__comes_back_whole(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, usual);
    struct pipe_client *c = echo_client(&e);
    char *big = malloc(FRAME_REQUEST_MAX);
    assert_non_null(big);
    for (size_t i = 0; i < FRAME_REQUEST_MAX; i++)
        big[i] = (char)('a' + i % 23);
    struct err err = {0};
    struct buf frame = {0};
    assert_int_equal(pipe_client_send(c, (struct str){big, FRAME_REQUEST_MAX}, &err), ST_OK);
    assert_int_equal(pipe_client_receive(c, &frame, ECHO_LIMIT_MS, NULL, &err), PIPE_GOT_FRAME);
    assert_int_equal(frame.n, FRAME_REQUEST_MAX);
    assert_memory_equal(frame.p, big, FRAME_REQUEST_MAX);
    buf_free(&frame);
    free(big);
    pipe_client_close(c);
    echo_stop(&e, 0);
}

static void reply__of_the_greatest_length__arrives(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, usual);
    struct pipe_client *c = echo_client(&e);
    struct err err = {0};
    struct buf frame = {0};
    client_says(c, "big 67108864");
    assert_int_equal(pipe_client_receive(c, &frame, ECHO_LIMIT_MS, NULL, &err), PIPE_GOT_FRAME);
    assert_int_equal(frame.n, FRAME_REPLY_MAX);
    buf_free(&frame);
    client_says(c, "big 67108865"); /* which no client would take */
    client_is_closed(c);
    pipe_client_close(c);
    echo_wait(&e, ECHO_GONE, 1);
    echo_stop(&e, 0);
}

static void length__that_is_forbidden__is_bad_request_and_the_end(void **state)
{
    (void)state;
    static const uint32_t bad[] = {0, FRAME_REQUEST_MAX + 1, UINT32_MAX};
    static struct echo e;
    echo_start(&e, usual);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char head[FRAME_HEAD];
        HANDLE h = bare_open(e.service);
        bare_frame(h, "echo before");
        bare_hears_of(h, "before");
        frame_head(bad[i], head);
        bare_write(h, head, sizeof head);
        bare_hears_of(h, "\"code\":\"bad-request\"");
        bare_is_closed(h);
        CloseHandle(h);
        echo_wait(&e, ECHO_GONE, (unsigned)i + 1);
    }
    echo_stop(&e, 0);
}

static void length__forbidden_while_a_reply_comes__is_told_after_it(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, usual);
    HANDLE h = bare_open(e.service);
    bare_frame(h, "hold");
    bare_write(h, "\0\0\0\0", 4);
    echo_wait(&e, ECHO_HELD, 1);
    echo_release(&e);
    bare_hears_of(h, "held");
    bare_hears_of(h, "\"code\":\"bad-request\"");
    bare_is_closed(h);
    CloseHandle(h);
    echo_stop(&e, 0);
}

static void hang_up__after_a_reply__lets_it_be_read(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, usual);
    struct pipe_client *c = echo_client(&e);
    client_says(c, "bye");
    echo_wait(&e, ECHO_GONE, 1); /* closed before anything is read */
    client_hears(c, "good bye");
    client_is_closed(c);
    client_says(c, "echo into the void"); /* not an error: the reason is what is received */
    client_is_closed(c);
    pipe_client_close(c);
    echo_stop(&e, 0);
}

int run_exchange(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client__asking_twice__is_answered_twice),
        cmocka_unit_test(caller__that_may_command__is_told_by_name_and_pid),
        cmocka_unit_test(reply__of_several_frames__comes_in_order_and_ends),
        cmocka_unit_test(stream__until_the_client_leaves__ends_by_gone),
        cmocka_unit_test(requests__in_one_write__are_answered_one_after_the_other),
        cmocka_unit_test(request__sent_during_a_reply__waits_for_its_end),
        cmocka_unit_test(request__byte_by_byte__is_whole_at_its_last_byte),
        cmocka_unit_test(request__of_the_greatest_length__comes_back_whole),
        cmocka_unit_test(reply__of_the_greatest_length__arrives),
        cmocka_unit_test(length__that_is_forbidden__is_bad_request_and_the_end),
        cmocka_unit_test(length__forbidden_while_a_reply_comes__is_told_after_it),
        cmocka_unit_test(hang_up__after_a_reply__lets_it_be_read),
    };
    return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
