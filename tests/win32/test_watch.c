/* test_watch.c - calls when a handle is signalled, and none after the watch has ended. */
#include "tests/win32/groups.h"

#include "service/win32/watch.h"

#include <stdlib.h>

enum { GENEROUS_MS = 60000, ROUNDS = 10000, SPIN_MAX = 8000 };

struct ear {
    volatile LONG calls, late;
    volatile LONG closed;
    HANDLE heard; /* resets itself */
};

static void hear(void *ctx)
{
    struct ear *ear = ctx;
    if (ear->closed)
        InterlockedIncrement(&ear->late);
    InterlockedIncrement(&ear->calls);
    if (ear->heard)
        SetEvent(ear->heard);
}

static HANDLE event_new(BOOL by_hand)
{
    HANDLE h = CreateEventW(NULL, by_hand, FALSE, NULL);
    assert_non_null(h);
    return h;
}

static void await(const struct ear *ear)
{
    assert_int_equal(WaitForSingleObject(ear->heard, GENEROUS_MS), WAIT_OBJECT_0);
}

static void watch__event_is_set_again_and_again__is_called_each_time(void **state)
{
    (void)state;
    struct ear ear = {.heard = event_new(FALSE)};
    struct watch *w = NULL;
    HANDLE h = event_new(FALSE);
    assert_int_equal(watch_begin(h, WATCH_ALWAYS, hear, &ear, &w, NULL), ST_OK);
    for (LONG i = 1; i <= 20; i++) {
        SetEvent(h);
        await(&ear);
        assert_int_equal(ear.calls, i);
    }
    watch_end(w);
    CloseHandle(h);
    CloseHandle(ear.heard);
}

static void watch__once_of_what_stays_signalled__is_called_once(void **state)
{
    (void)state;
    struct ear ear = {.heard = event_new(FALSE)}, other = {.heard = event_new(FALSE)};
    struct watch *w = NULL, *second = NULL;
    HANDLE h = event_new(TRUE);
    SetEvent(h);
    assert_int_equal(watch_begin(h, WATCH_ONCE, hear, &ear, &w, NULL), ST_OK);
    await(&ear);
    assert_int_equal(watch_begin(h, WATCH_ONCE, hear, &other, &second, NULL), ST_OK);
    await(&other); /* by then a second call of the first would have come too */
    watch_end(w);
    watch_end(second);
    assert_int_equal(ear.calls, 1);
    assert_int_equal(other.calls, 1);
    CloseHandle(h);
    CloseHandle(ear.heard);
    CloseHandle(other.heard);
}

/* --- signalled as it ends ------------------------------------------------------------ */
struct setter {
    HANDLE go, event;
    volatile LONG about, quit;
};

static void spin(void)
{
    for (volatile int i = rand() % SPIN_MAX; i > 0; i--)
        ;
}

static DWORD WINAPI set_when_told(void *ctx)
{
    struct setter *s = ctx;
    srand(2);
    while (WaitForSingleObject(s->go, INFINITE) == WAIT_OBJECT_0 && !s->quit) {
        InterlockedExchange(&s->about, 1);
        spin();
        SetEvent(s->event);
    }
    return 0;
}

static void watch__ends_as_it_is_signalled__nobody_is_called_after_that(void **state)
{
    (void)state;
    struct setter s = {.go = event_new(FALSE), .event = event_new(FALSE)};
    HANDLE thread = CreateThread(NULL, 0, set_when_told, &s, 0, NULL);
    struct ear *ears = calloc(ROUNDS, sizeof *ears); /* a late call is to find its own */
    LONG late = 0, calls = 0;
    assert_non_null(thread);
    assert_non_null(ears);
    for (int i = 0; i < ROUNDS; i++) {
        struct watch *w = NULL;
        assert_int_equal(watch_begin(s.event, WATCH_ALWAYS, hear, &ears[i], &w, NULL), ST_OK);
        SetEvent(s.go);
        while (!InterlockedExchange(&s.about, 0))
            SwitchToThread();
        spin();
        watch_end(w);
        ears[i].closed = 1;
    }
    s.quit = 1;
    SetEvent(s.go);
    assert_int_equal(WaitForSingleObject(thread, GENEROUS_MS), WAIT_OBJECT_0);
    for (int i = 0; i < ROUNDS; i++) {
        late += ears[i].late;
        calls += ears[i].calls;
    }
    assert_int_equal(late, 0);
    assert_true(calls > 0); /* else it was never about to be signalled */
    CloseHandle(thread);
    CloseHandle(s.go);
    CloseHandle(s.event);
    free(ears);
}

int run_watch(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(watch__event_is_set_again_and_again__is_called_each_time),
        cmocka_unit_test(watch__once_of_what_stays_signalled__is_called_once),
        cmocka_unit_test(watch__ends_as_it_is_signalled__nobody_is_called_after_that),
    };
    return cmocka_run_group_tests_name("watches", tests, NULL, NULL);
}
