/* test_ends.c - how clients and servers end, in every state. */
#include "echo.h"

#include "service/pipe/frame.h"
#include "service/win32/privilege.h"

#include <stdlib.h>
#include <string.h>

enum {
    HOUR_MS = 3600000,
    MUCH = 7000 /* more than the server reads while it replies, and fewer than the pipe holds */
};

static const struct pipe_times patient = {HOUR_MS, HOUR_MS, HOUR_MS};

static void client__vanishing_during_a_reply__is_noticed_at_once(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, patient);
    struct pipe_client *c = echo_client(&e);
    client_says(c, "hold");
    echo_wait(&e, ECHO_HELD, 1);
    uint64_t id = echo_last_held(&e);
    pipe_client_close(c);
    echo_wait(&e, ECHO_GONE, 1);
    struct buf b = {0};
    buf_z(&b, "too late");
    pipe_server_reply(e.server, id, &b, true);
    assert_null(b.p);
    pipe_server_hang_up(e.server, id);
    echo_stop(&e, 0);
    assert_int_equal(e.count[ECHO_GONE], 1);
    assert_int_equal(e.count[ECHO_SENT], 0);
}

static void client__vanishing_with_much_unread_by_the_server__is_noticed(void **state)
{
    (void)state;
    static struct echo e;
    struct buf b = {0};
    echo_start(&e, patient);
    HANDLE h = bare_open(e.service);
    bare_frame(h, "hold");
    while (b.n < MUCH) {
        char head[FRAME_HEAD];
        frame_head(9, head);
        buf_add(&b, head, sizeof head);
        buf_z(&b, "echo deaf");
    }
    bare_write(h, b.p, b.n);
    echo_wait(&e, ECHO_HELD, 1);
    CloseHandle(h);
    echo_wait(&e, ECHO_GONE, 1);
    buf_free(&b);
    echo_stop(&e, 0);
    assert_int_equal(e.count[ECHO_REQUESTS], 1);
}

static void client__vanishing_in_the_middle_of_a_request__costs_nothing(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, patient);
    for (int i = 0; i < 3 * PIPE_CLIENTS; i++) {
        HANDLE h = bare_open(e.service);
        bare_write(h, "\x00\x00\x10\x00 {\"do\":", 4 + (size_t)(i % 8));
        CloseHandle(h);
    }
    struct pipe_client *c = echo_client(&e);
    client_asks(c, "echo room", "room");
    pipe_client_close(c);
    echo_stop(&e, 0);
    assert_int_equal(e.count[ECHO_GONE], 1);
}

static void request__of_a_client_that_left_at_once__is_still_heard(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, patient);
    HANDLE h = bare_open(e.service);
    bare_frame(h, "echo and gone");
    CloseHandle(h);
    echo_wait(&e, ECHO_REQUESTS, 1);
    echo_wait(&e, ECHO_GONE, 1);
    echo_stop(&e, 0);
}

static void rights__changed_while_connected__hold_for_the_next_request(void **state)
{
    (void)state;
    static struct echo e;
    struct err err = {0};
    echo_start(&e, patient);
    struct pipe_client *c = echo_client(&e);
    client_says(c, "who");
    client_hears_of(c, "command");
    static const char *const nobody = "S-1-5-21-1-2-3-4";
    assert_int_equal(pipe_server_access(e.server, echo_access("Everyone", NULL, nobody), &err),
                     ST_OK);
    client_says(c, "who");
    client_hears_of(c, "look ");
    struct pipe_client *later = echo_client(&e);
    client_says(later, "who");
    client_hears_of(later, "look S-1-"); /* who may only look is not looked up */
    pipe_client_close(later);
    assert_int_equal(pipe_server_access(e.server, echo_access(NULL, NULL, nobody), &err), ST_OK);
    client_says(c, "who");
    client_hears_of(c, "\"code\":\"denied\"");
    assert_int_equal(echo_counted(&e, ECHO_REQUESTS), 3);
    assert_int_equal(pipe_server_access(e.server, echo_access(NULL, "Everyone", nobody), &err),
                     ST_OK);
    client_says(c, "who"); /* a denial does not end the connection */
    client_hears_of(c, "command");
    pipe_client_close(c);
    echo_stop(&e, 0);
}

static void server__of_a_name_that_is_taken__is_refused(void **state)
{
    (void)state;
    static struct echo e;
    struct err err = {0};
    struct pipe_server *second = NULL;
    echo_start(&e, patient);
    struct access *access = echo_access(NULL, NULL, NULL);
    struct pipe_setup setup = {.service = e.service, .access = access};
    assert_int_equal(pipe_server_start(&setup, &second, &err), ST_EXISTS);
    assert_null(second);
    assert_int_equal(err.st, ST_EXISTS);
    assert_non_null(strstr(err.text, e.service));
    assert_non_null(strstr(err.text, "already runs"));
    struct pipe_client *c = echo_client(&e);
    client_asks(c, "echo mine", "mine");
    pipe_client_close(c);
    echo_stop(&e, 0);
    assert_int_equal(pipe_server_start(&setup, &second, &err), ST_OK); /* the name is free again */
    pipe_server_stop(second, 0);
}

static void server__of_a_name_that_only_an_old_client_holds__starts(void **state)
{
    (void)state;
    static struct echo e;
    struct err err = {0};
    struct pipe_server *second = NULL;
    struct pipe_client *new_one = NULL;
    echo_start(&e, patient);
    HANDLE old = bare_open(e.service);
    bare_frame(old, "hold");
    echo_wait(&e, ECHO_HELD, 1);
    echo_stop(&e, 0);
    struct pipe_setup setup = {.service = e.service, .access = echo_access(NULL, NULL, NULL)};
    if (pipe_server_start(&setup, &second, &err) != ST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(pipe_client_open(NULL, e.service, &new_one, &err), ST_OK);
    pipe_client_close(new_one);
    pipe_server_stop(second, 0);
    bare_is_closed(old);
    CloseHandle(old);
}

/* A pipe with one client and no listener, and what a server makes of it. */
static enum st start_beside(const char *service, const wchar_t *sddl, struct pipe_server **ret)
{
    struct err err = {0};
    HANDLE theirs = bare_pipe(service, sddl);
    assert_ptr_not_equal(theirs, INVALID_HANDLE_VALUE);
    HANDLE client = bare_open(service);
    struct pipe_setup setup = {.service = service, .access = echo_access(NULL, NULL, NULL)};
    enum st st = pipe_server_start(&setup, ret, &err);
    if (st != ST_OK)
        access_free(setup.access);
    CloseHandle(client);
    CloseHandle(theirs);
    return st;
}

static void server__beside_a_pipe_of_others__is_refused(void **state)
{
    (void)state;
    struct pipe_server *s = NULL;
    /* Windows lets nobody give things to others but with this privilege; Wine anybody. */
    if (!privilege_enable(SE_RESTORE_NAME)) {
        print_message("skipped: making a pipe of Users needs an elevated administrator\n");
        skip();
    }
    assert_int_equal(start_beside("JobwardenPipeTest-others", L"O:BUG:BUD:(A;;GA;;;WD)", &s),
                     ST_EXISTS);
    assert_null(s);
    assert_int_equal(start_beside("JobwardenPipeTest-leftover", L"O:BAG:BAD:(A;;GA;;;WD)", &s),
                     ST_OK);
    pipe_server_stop(s, 0);
}

static void stop__with_clients_in_every_state__ends_them_all(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, patient);
    HANDLE silent = bare_open(e.service), half = bare_open(e.service), holds = bare_open(e.service),
           idle = bare_open(e.service), deaf = bare_open(e.service), streams = bare_open(e.service);
    bare_write(half, "\x09\0\0\0e", 5);
    bare_frame(holds, "hold");
    echo_wait(&e, ECHO_HELD, 1);
    bare_frame(idle, "echo me");
    bare_hears_of(idle, "me");
    bare_frame(deaf, "big 3000000");
    bare_frame(streams, "stream");
    bare_hears_of(streams, "streamed");
    echo_wait(&e, ECHO_REQUESTS, 4);
    echo_stop(&e, 100); /* the deaf one and the stream need all of it */
    assert_int_equal(e.count[ECHO_GONE], 4);
    HANDLE all[] = {silent, half, holds, idle, deaf, streams};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        bare_is_closed(all[i]);
        CloseHandle(all[i]);
    }
}

static void stop__with_a_reply_on_its_way__lets_it_be_read(void **state)
{
    (void)state;
    static struct echo e;
    echo_start(&e, patient);
    struct pipe_client *c = echo_client(&e);
    client_says(c, "hold");
    echo_wait(&e, ECHO_HELD, 1);
    echo_release(&e);
    echo_stop(&e, ECHO_LIMIT_MS);
    client_hears(c, "held");
    client_is_closed(c);
    pipe_client_close(c);
}

int run_ends(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client__vanishing_during_a_reply__is_noticed_at_once),
        cmocka_unit_test(client__vanishing_with_much_unread_by_the_server__is_noticed),
        cmocka_unit_test(client__vanishing_in_the_middle_of_a_request__costs_nothing),
        cmocka_unit_test(request__of_a_client_that_left_at_once__is_still_heard),
        cmocka_unit_test(rights__changed_while_connected__hold_for_the_next_request),
        cmocka_unit_test(server__of_a_name_that_is_taken__is_refused),
        cmocka_unit_test(server__of_a_name_that_only_an_old_client_holds__starts),
        cmocka_unit_test(server__beside_a_pipe_of_others__is_refused),
        cmocka_unit_test(stop__with_clients_in_every_state__ends_them_all),
        cmocka_unit_test(stop__with_a_reply_on_its_way__lets_it_be_read),
    };
    return cmocka_run_group_tests_name("ends", tests, NULL, NULL);
}
