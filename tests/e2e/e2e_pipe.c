/* e2e_pipe.c - clients that do everything wrong, against the whole program.
 *
 * usage: e2e_pipe [CONNECTIONS [SEED]] */
#include "harness_ask.h"
#include "harness_limits.h"
#include "harness_reload.h"
#include "service/pipe/client.h"
#include "tests/pipe/hostile.h"
#include "tests/soak/figures.h"

#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WARM_UP =
        500, /* by then heaps and, under Wine, the handle table have the size that they keep */
    CONNECTIONS = 1000,
    INSTANCES = 3,
    PAUSE_MS =
        5, /* between two questions of the one that behaves, or it leaves no time to others */
    QUESTIONS_A_CONNECTION = 50,
    HANDLES_NOISE = 16,     /* a pool's threads come and go */
    PRIVATE_NOISE = 4 << 20 /* pages that the heap keeps for the next crowd */
};

static struct {
    unsigned connections, seed;
} wish = {CONNECTIONS, 1};

/* --- the one that behaves --------------------------------------------------------------------- */
struct visitor {
    const char *service;
    HANDLE stop, thread;
    unsigned answers, wrong, busy;
    char why[256]; /* of the last wrong one */
};

static void note_wrong(struct visitor *v, const char *why)
{
    v->wrong++;
    snprintf(v->why, sizeof v->why, "%s", why);
}

/* True: the connection is good for more. */
static bool visit_once(struct visitor *v, struct pipe_client *c)
{
    struct buf frame = {0};
    struct err e = {0};
    bool heard =
        pipe_client_send(c, STR("{\"protocol\":1,\"id\":7,\"do\":\"status\"}"), &e) == ST_OK &&
        pipe_client_receive(c, &frame, GENEROUS_MS, NULL, &e) == PIPE_GOT_FRAME;
    yyjson_doc *doc = heard ? yyjson_read(buf_text(&frame), frame.n, 0) : NULL;
    yyjson_val *root = yyjson_doc_get_root(doc), *sum = yyjson_obj_get(root, "summary");
    bool right = yyjson_get_uint(yyjson_obj_get(sum, "running")) == INSTANCES;
    bool busy = yyjson_equals_str(yyjson_ptr_get(root, "/error/code"), "busy");
    v->answers += right;
    v->busy += busy;
    if (!right && !busy)
        note_wrong(v, heard ? buf_text(&frame) : e.text);
    yyjson_doc_free(doc);
    buf_free(&frame);
    return right;
}

static bool stopped(const struct visitor *v)
{
    return WaitForSingleObject(v->stop, PAUSE_MS) == WAIT_OBJECT_0;
}

/* That there is no room for a new connection is not wrong. */
static unsigned __stdcall visit(void *arg)
{
    struct visitor *v = arg;
    while (!stopped(v)) {
        struct pipe_client *c = NULL;
        struct err e = {0};
        enum st st = pipe_client_open(NULL, v->service, &c, &e);
        v->busy += st == ST_BUSY;
        if (st != ST_OK && st != ST_BUSY)
            note_wrong(v, e.text);
        for (int i = 0; st == ST_OK && i < QUESTIONS_A_CONNECTION && !stopped(v); i++)
            if (!visit_once(v, c))
                break;
        pipe_client_close(c);
    }
    return 0;
}

static void visitor_start(struct world *w, struct visitor *v)
{
    *v = (struct visitor){.service = w->service, .stop = CreateEventW(NULL, TRUE, FALSE, NULL)};
    assert_non_null(v->stop);
    v->thread = (HANDLE)_beginthreadex(NULL, 0, visit, v, 0, NULL);
    assert_non_null(v->thread);
}

static void visitor_end(struct visitor *v)
{
    SetEvent(v->stop);
    WaitForSingleObject(v->thread, INFINITE);
    CloseHandle(v->thread);
    CloseHandle(v->stop);
}

/* --- what is left of them --------------------------------------------------------------- */
/* Those that stayed are closed by the service in their own time. */
static void expect_back(struct world *w, const struct figures *before)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        struct figures now = figures_of(w->warden.process);
        bool back = now.handles <= before->handles + HANDLES_NOISE &&
                    now.private_bytes <= before->private_bytes + PRIVATE_NOISE;
        if (!back && GetTickCount64() < end)
            continue;
        printf("%u handles, %llu private bytes; before: %u, %llu\n", now.handles, now.private_bytes,
               before->handles, before->private_bytes);
        fflush(stdout);
        assert_true(back);
        return;
    }
}

static void hostile_clients__by_the_thousand__hurt_neither_fleet_nor_other_clients(struct world *w)
{
    struct visitor v;
    HANDLE worker[INSTANCES];
    job_file(w,
             "[job:web]\ncommand = @worker --lines 500 --hold\ninstances = %d\n"
             "stop = terminate\n",
             INSTANCES);
    service_start(w);
    await_running(w, INSTANCES);
    for (int i = 0; i < INSTANCES; i++) {
        char *unit = path_f("web.%d", i + 1);
        worker[i] = worker_of(w, unit);
        free(unit);
    }
    hostile_run(w->service, WARM_UP, wish.seed + 1);
    struct figures before = figures_of(w->warden.process);
    visitor_start(w, &v);
    struct hostile_result r = hostile_run(w->service, wish.connections, wish.seed);
    visitor_end(&v);
    printf("%u refused, %u replies, %u torn; the one that behaves: %u answers, %u wrong, %u times "
           "busy\n",
           r.refused, r.replies, r.torn, v.answers, v.wrong, v.busy);
    fflush(stdout);
    if (v.wrong > 0)
        fail_msg("%u wrong answers, such as: %s", v.wrong, v.why);
    assert_int_equal(r.torn, 0);
    assert_true(v.answers > 0 && r.replies > 0);
    expect_back(w, &before);
    for (int i = 0; i < INSTANCES; i++)
        assert_false(process_gone(worker[i]));
    expect_lines(w, "job.started", INSTANCES);
    expect_lines(w, "job.stopping", 0);
    tell(w, "status", 0, "3 instances: 3 running");
    assert_int_equal(service_stop(w), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        E2E(hostile_clients__by_the_thousand__hurt_neither_fleet_nor_other_clients),
    };
    if (argc > 1)
        wish.connections = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        wish.seed = (unsigned)strtoul(argv[2], NULL, 10);
    return cmocka_run_group_tests_name("hostile clients", tests, NULL, NULL);
}
