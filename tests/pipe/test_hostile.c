/* test_hostile.c - thousands of clients that do everything wrong, and one that does not.
 *
 * usage: test_hostile [CONNECTIONS [SEED]] */
#include "echo.h"
#include "hostile.h"

#include <process.h>
#include <psapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WARM_UP =
        1000, /* by then heaps and, under Wine, the handle table have the size that they keep */
    CONNECTIONS = 3000, /* half a minute under Wine */
    PAUSE_MS =
        2, /* between two questions of the one that behaves, or it leaves no time to others */
    HEAP_NOISE = 16 << 10,   /* a leak of 6 bytes a connection is more */
    PRIVATE_NOISE = 16 << 20 /* pages that the heap keeps for the next crowd */
};

static struct {
    unsigned connections, seed;
} wish = {CONNECTIONS, 1};

/* The one that behaves. */
struct visitor {
    const struct echo *e;
    HANDLE stop, thread;
    unsigned answers, wrong, busy;
    struct err why; /* of the last wrong one */
};

static bool ask(struct visitor *v, struct pipe_client *c)
{
    char request[64];
    struct buf frame = {0};
    snprintf(request, sizeof request, "{\"number\":%u}", v->answers);
    bool ok = pipe_client_send(c, str_of(request), &v->why) == ST_OK &&
              pipe_client_receive(c, &frame, ECHO_LIMIT_MS, NULL, &v->why) == PIPE_GOT_FRAME;
    bool right = ok && strcmp(buf_text(&frame), request) == 0;
    bool busy = ok && !right && strstr(buf_text(&frame), "\"busy\"");
    if (ok && !right)
        err_say(&v->why, ST_SYNTAX, "asked %s, heard %s", request, buf_text(&frame));
    v->answers += right;
    v->busy += busy;
    v->wrong += !right && !busy;
    buf_free(&frame);
    return right;
}

static bool stopped(const struct visitor *v)
{
    return WaitForSingleObject(v->stop, PAUSE_MS) == WAIT_OBJECT_0;
}

/* A hundred questions a connection; that there is no room for a new one is not wrong. */
static unsigned __stdcall visit(void *arg)
{
    struct visitor *v = arg;
    while (!stopped(v)) {
        struct pipe_client *c = NULL;
        enum st st = pipe_client_open(NULL, v->e->service, &c, &v->why);
        v->busy += st == ST_BUSY;
        v->wrong += st != ST_OK && st != ST_BUSY;
        bool more = st == ST_OK;
        while (more && !stopped(v))
            more = ask(v, c) && v->answers % 100 != 0;
        pipe_client_close(c);
    }
    return 0;
}

static unsigned handles(void)
{
    /* By hand: GetProcessHandleCount gives the size of the table under Wine. */
    unsigned n = 0;
    DWORD flags;
    for (uintptr_t i = 4; i < 0x10000; i += 4)
        n += GetHandleInformation((HANDLE)i, &flags) != 0;
    return n;
}

/* What is allocated on all heaps. */
static size_t heap_bytes(void)
{
    HANDLE heaps[64];
    DWORD n = GetProcessHeaps(64, heaps);
    size_t sum = 0;
    for (DWORD i = 0; i < n && i < 64; i++) {
        PROCESS_HEAP_ENTRY entry = {.lpData = NULL};
        HeapLock(heaps[i]);
        while (HeapWalk(heaps[i], &entry))
            sum += entry.wFlags & PROCESS_HEAP_ENTRY_BUSY ? entry.cbData : 0;
        HeapUnlock(heaps[i]);
    }
    return sum;
}

static size_t private_bytes(void)
{
    /* Wine leaves PrivateUsage empty; PagefileUsage is the same number on Windows. */
    PROCESS_MEMORY_COUNTERS m = {.cb = sizeof m};
    assert_true(GetProcessMemoryInfo(GetCurrentProcess(), &m, sizeof m));
    return m.PagefileUsage;
}

/* Waits until the server has noticed that all are gone: no more handles than before any came. */
static void settle(unsigned few)
{
    ULONGLONG until = GetTickCount64() + ECHO_LIMIT_MS;
    while (handles() > few && GetTickCount64() < until)
        Sleep(20);
    assert_true(handles() <= few);
}

static void tell(const struct hostile_result *r, const struct visitor *v)
{
    printf("left %u, lied %u, stopped %u, rubbish %u, deaf %u, crowded %u, dripped %u, broke off "
           "%u; refused %u, replies %u, torn %u\n",
           r->made[0], r->made[1], r->made[2], r->made[3], r->made[4], r->made[5], r->made[6],
           r->made[7], r->refused, r->replies, r->torn);
    printf("the one that behaves: %u answers, %u wrong, %u times busy\n", v->answers, v->wrong,
           v->busy);
    if (v->wrong > 0)
        printf("wrong: %s\n", v->why.text);
    fflush(stdout);
}

static void server__among_hostile_clients__serves_the_others_and_keeps_nothing(void **state)
{
    (void)state;
    static struct echo e;
    static struct visitor v = {.e = &e};
    echo_start(&e, (struct pipe_times){0});
    struct pipe_client *c = echo_client(&e);
    client_asks(c, "echo first", "first");
    pipe_client_close(c);
    echo_wait(&e, ECHO_GONE, 1);
    unsigned few = handles();
    hostile_run(e.service, WARM_UP, wish.seed + 1);
    settle(few);
    size_t bytes = private_bytes(), heap = heap_bytes();

    v.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    assert_non_null(v.stop);
    v.thread = (HANDLE)_beginthreadex(NULL, 0, visit, &v, 0, NULL);
    assert_non_null(v.thread);
    struct hostile_result r = hostile_run(e.service, wish.connections, wish.seed);
    SetEvent(v.stop);
    assert_int_equal(WaitForSingleObject(v.thread, ECHO_LIMIT_MS), WAIT_OBJECT_0);
    CloseHandle(v.thread);
    CloseHandle(v.stop);
    tell(&r, &v);
    settle(few);
    size_t bytes_after = private_bytes(), heap_after = heap_bytes();
    printf("%zu bytes allocated before, %zu after; %zu private before, %zu after\n", heap,
           heap_after, bytes, bytes_after);
    assert_int_equal(r.torn, 0);
    assert_int_equal(v.wrong, 0);
    assert_true(v.answers > 100);
    assert_true(heap_after < heap + HEAP_NOISE);
    assert_true(bytes_after < bytes + PRIVATE_NOISE);
    c = echo_client(&e);
    client_asks(c, "echo last", "last");
    pipe_client_close(c);
    echo_stop(&e, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server__among_hostile_clients__serves_the_others_and_keeps_nothing),
    };
    if (argc > 1)
        wish.connections = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        wish.seed = (unsigned)strtoul(argv[2], NULL, 10);
    return cmocka_run_group_tests_name("hostile clients", tests, NULL, NULL);
}
