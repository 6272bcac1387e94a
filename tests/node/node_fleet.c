/* node_fleet.c - Node.js HTTP servers as a fleet: each on its own port, one killed and answering
 * again. */
#include "http.h"
#include "tests/e2e/harness.h"

#include <stdio.h>
#include <stdlib.h>

enum { SERVERS = 3 };

/* The first digits of ports PREFIX1 to PREFIX3, none of which is taken. */
static uint16_t free_prefix(void)
{
    /* At most 31999: the ports that a system gives away by itself begin at 49152, on Linux at
     * 32768. */
    uint32_t prefix = 1100 + GetCurrentProcessId() % 2000;
    for (uint32_t tries = 0; tries < 100; tries++, prefix++) {
        int free_ports = 0;
        for (uint32_t i = 1; i <= SERVERS; i++)
            free_ports += port_free((uint16_t)(prefix * 10 + i));
        if (free_ports == SERVERS)
            return (uint16_t)prefix;
    }
    fail_msg("there are no three free ports in a row");
    return 0;
}

/* What the server at PORT says of itself under KEY, once there is an answer in which it is not
 * OTHER. */
static uint64_t await_answer(struct world *w, uint16_t port, const char *key, uint64_t other)
{
    struct buf b = {0};
    uint64_t got = other;
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        buf_reset(&b);
        buf_char(&b, ' '); /* line_number() looks for ` KEY=` */
        struct buf answer = {0};
        bool ok = http_get(port, &answer);
        struct str line = line_of(buf_view(&answer), "instance=* pid=* port=", 0);
        buf_str(&b, line);
        buf_free(&answer);
        if (ok && line_number(buf_view(&b), key, &got) && got != other)
            break;
        if (!program_alive(&w->warden))
            fail_msg("jobwarden.exe ended while port %u was asked", port);
        if (GetTickCount64() >= end)
            fail_msg("the server at port %u does not answer", port);
    }
    buf_free(&b);
    return got;
}

static void fleet_file(struct world *w, const char *node, uint16_t prefix)
{
    char *script = path_beside_test("server.js");
    /* Node.js 16 refuses to start below Windows 8.1, which Wine calls itself. */
    job_file(w,
             "[job:http]\ninstances = %d\nstop = ctrl-c:30s\nstdout = http.${instance}.txt\n"
             "env.NODE_SKIP_PLATFORM_CHECK = 1\n"
             "command = \"%s\" \"%s\" --port %u${instance}\n",
             SERVERS, node, script, prefix);
    free(script);
}

static void node_servers__one_is_killed__answers_again_and_all_stop_by_ctrl_c(struct world *w)
{
    char *node = path_beside_test(NODE_EXE);
    if (!file_exists(node)) {
        print_message("skipped: there is no %s; tests/node/fetch says why\n", node);
        free(node);
        w->passed = true;
        skip();
    }
    assert_true(http_open());
    uint16_t port = (uint16_t)(free_prefix() * 10);
    uint64_t pid[SERVERS + 1] = {0};
    fleet_file(w, node, port / 10);
    free(node);
    service_start(w);
    for (uint16_t i = 1; i <= SERVERS; i++) {
        assert_int_equal(await_answer(w, (uint16_t)(port + i), "instance", 0), i);
        pid[i] = await_answer(w, (uint16_t)(port + i), "pid", 0);
    }
    HANDLE second = worker_of(w, "http.2");
    assert_int_equal(GetProcessId(second), pid[2]);
    assert_true(TerminateProcess(second, 9));
    process_wait(second);
    uint64_t again = await_answer(w, (uint16_t)(port + 2), "pid", pid[2]);
    assert_int_equal(logged(w, "job.started job=http.2", 1, "pid"), again);
    assert_int_equal(lines_matching(log_now(w), "job.ended job=http.2 * code=9 * cause=exit"), 1);
    assert_int_equal(await_answer(w, (uint16_t)(port + 1), "pid", 0), pid[1]);
    assert_int_equal(await_answer(w, (uint16_t)(port + 3), "pid", 0), pid[3]);
    assert_int_equal(service_stop(w), 0);
    assert_int_equal(lines_matching(log_now(w), "job.terminated"), 0);
    assert_int_equal(lines_matching(log_now(w), "job.ended * code=0 * cause=operator"), SERVERS);
    struct buf nothing = {0};
    for (uint16_t i = 1; i <= SERVERS; i++)
        assert_false(http_get((uint16_t)(port + i), &nothing));
    buf_free(&nothing);
    await_file(w, "http.2.txt", "got SIGINT", 1, NULL);
    http_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E_IN(node_servers__one_is_killed__answers_again_and_all_stop_by_ctrl_c, " node fleet"),
    };
    return cmocka_run_group_tests_name("a fleet of Node.js servers", tests, NULL, NULL);
}
