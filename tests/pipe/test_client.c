/* test_client.c - the client's end: whom it believes, and what it makes of trouble. */
#include "echo.h"

#include "service/pipe/frame.h"
#include "service/win32/privilege.h"
#include "service/win32/sid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const struct pipe_times usual = {0};

/* One of our own that is no server of ours. */
static HANDLE plain(const char *service)
{
    wchar_t sddl[256];
    PSID self = NULL;
    char *owner = NULL;
    assert_int_equal(sid_own_user(&self, NULL), ST_OK);
    assert_int_equal(sid_text(self, &owner, NULL), ST_OK);
    swprintf(sddl, 256, L"O:%hsD:(A;;GA;;;WD)", owner);
    free(self);
    free(owner);
    HANDLE h = bare_pipe(service, sddl);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    return h;
}

static void service__that_does_not_run__is_not_found(void **state)
{
    (void)state;
    struct pipe_client *c = NULL;
    struct err err = {0};
    assert_int_equal(pipe_client_open(NULL, "JobwardenPipeTest-none", &c, &err), ST_NOTFOUND);
    assert_null(c);
    assert_int_equal(err.st, ST_NOTFOUND);
    assert_string_equal(err.text, "no service named 'JobwardenPipeTest-none' runs on this machine");
}

static void pipe__whose_instances_are_taken__is_busy(void **state)
{
    (void)state;
    struct pipe_client *first = NULL, *second = NULL;
    struct err err = {0};
    HANDLE h = plain("JobwardenPipeTest-busy");
    assert_int_equal(pipe_client_open(NULL, "JobwardenPipeTest-busy", &first, &err), ST_OK);
    assert_int_equal(pipe_client_open(NULL, "JobwardenPipeTest-busy", &second, &err), ST_BUSY);
    assert_non_null(strstr(err.text, "too busy"));
    pipe_client_close(first);
    CloseHandle(h);
}

static void impostor__owned_by_others__is_refused_and_told_nothing(void **state)
{
    (void)state;
    struct pipe_client *c = NULL;
    struct err err = {0};
    DWORD waiting = 1;
    /* Windows lets nobody give things to others but with this privilege; Wine anybody. */
    privilege_enable(SE_RESTORE_NAME);
    HANDLE h = bare_pipe("JobwardenPipeTest-impostor", L"O:BUG:BUD:(A;;GA;;;WD)");
    if (h == INVALID_HANDLE_VALUE) {
        print_message("skipped: making a pipe of Users needs an elevated administrator\n");
        skip();
    }
    assert_int_equal(pipe_client_open(NULL, "JobwardenPipeTest-impostor", &c, &err), ST_DENIED);
    assert_null(c);
    assert_non_null(strstr(err.text, "S-1-5-32-545"));
    assert_non_null(strstr(err.text, "nothing was sent"));
    char pid[32];
    snprintf(pid, sizeof pid, "process %lu", GetCurrentProcessId());
    assert_non_null(strstr(err.text, pid));
    PeekNamedPipe(h, NULL, 0, NULL, &waiting, NULL);
    assert_true(waiting == 0 || GetLastError() == ERROR_BROKEN_PIPE);
    CloseHandle(h);
}

static void pipe__of_system_or_administrators__is_believed(void **state)
{
    (void)state;
    static const wchar_t *const owners[] = {L"O:SYG:SYD:(A;;GA;;;WD)", L"O:BAG:BAD:(A;;GA;;;WD)"};
    privilege_enable(SE_RESTORE_NAME);
    for (size_t i = 0; i < 2; i++) {
        struct pipe_client *c = NULL;
        struct err err = {0};
        HANDLE h = bare_pipe("JobwardenPipeTest-owner", owners[i]);
        if (h == INVALID_HANDLE_VALUE) {
            print_message("skipped: making a pipe of SYSTEM needs an elevated administrator\n");
            skip();
        }
        assert_int_equal(pipe_client_open(NULL, "JobwardenPipeTest-owner", &c, &err), ST_OK);
        pipe_client_close(c);
        CloseHandle(h);
    }
}

static void receive__without_a_frame__ends_by_time_or_by_the_other_handle(void **state)
{
    (void)state;
    static struct echo e;
    struct buf frame = {0};
    struct err err = {0};
    HANDLE key = CreateEventW(NULL, TRUE, FALSE, NULL);
    echo_start(&e, usual);
    struct pipe_client *c = echo_client(&e);
    client_says(c, "hold");
    assert_int_equal(pipe_client_receive(c, &frame, 0, key, &err), PIPE_GOT_NOTHING);
    assert_int_equal(pipe_client_receive(c, &frame, 20, NULL, &err), PIPE_GOT_NOTHING);
    SetEvent(key);
    assert_int_equal(pipe_client_receive(c, &frame, UINT64_MAX, key, &err), PIPE_GOT_OTHER);
    echo_wait(&e, ECHO_HELD, 1);
    echo_release(&e);
    ResetEvent(key);
    assert_int_equal(pipe_client_receive(c, &frame, UINT64_MAX, key, &err), PIPE_GOT_FRAME);
    assert_string_equal(buf_text(&frame), "held");
    buf_free(&frame);
    pipe_client_close(c);
    CloseHandle(key);
    echo_stop(&e, 0);
}

static void request__that_no_service_takes__is_not_sent(void **state)
{
    (void)state;
    static struct echo e;
    struct err err = {0};
    echo_start(&e, usual);
    struct pipe_client *c = echo_client(&e);
    char *big = calloc(FRAME_REQUEST_MAX + 1, 1);
    assert_non_null(big);
    assert_int_equal(pipe_client_send(c, (struct str){big, FRAME_REQUEST_MAX + 1}, &err), ST_RANGE);
    assert_int_equal(pipe_client_send(c, (struct str){big, 0}, &err), ST_RANGE);
    free(big);
    client_asks(c, "echo fine", "fine");
    pipe_client_close(c);
    echo_stop(&e, 0);
}

/* What the client makes of BYTES and the end of the pipe. */
static enum pipe_got made_of(const void *bytes, DWORD n, struct err *err)
{
    struct pipe_client *c = NULL;
    struct buf frame = {0};
    OVERLAPPED io = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    DWORD done = 0;
    HANDLE h = plain("JobwardenPipeTest-odd");
    assert_int_equal(pipe_client_open(NULL, "JobwardenPipeTest-odd", &c, err), ST_OK);
    assert_true(WriteFile(h, bytes, n, NULL, &io) || GetLastError() == ERROR_IO_PENDING);
    assert_true(GetOverlappedResult(h, &io, &done, TRUE));
    CloseHandle(h);
    CloseHandle(io.hEvent);
    enum pipe_got got = pipe_client_receive(c, &frame, ECHO_LIMIT_MS, NULL, err);
    buf_free(&frame);
    pipe_client_close(c);
    return got;
}

static void reply__that_is_cut_off_or_no_frame__is_told_apart(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(made_of("\x05\0\0\0ab", 6, &err), PIPE_GOT_CLOSED);
    assert_non_null(strstr(err.text, "in the middle of a reply"));
    assert_int_equal(made_of("\0\0\0\0", 4, &err), PIPE_GOT_FAILED);
    assert_int_equal(err.st, ST_SYNTAX);
    assert_int_equal(made_of("HTTP/1.1 200 OK", 15, &err), PIPE_GOT_FAILED);
    assert_int_equal(err.st, ST_SYNTAX);
}

int run_client(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(service__that_does_not_run__is_not_found),
        cmocka_unit_test(pipe__whose_instances_are_taken__is_busy),
        cmocka_unit_test(impostor__owned_by_others__is_refused_and_told_nothing),
        cmocka_unit_test(pipe__of_system_or_administrators__is_believed),
        cmocka_unit_test(receive__without_a_frame__ends_by_time_or_by_the_other_handle),
        cmocka_unit_test(request__that_no_service_takes__is_not_sent),
        cmocka_unit_test(reply__that_is_cut_off_or_no_frame__is_told_apart),
    };
    return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
