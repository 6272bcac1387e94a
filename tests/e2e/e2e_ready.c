/* e2e_ready.c - when a worker counts as up, and what becomes of one that never does. */
#include "harness_env.h"
#include "harness_limits.h"
#include "harness_port.h"

#include <stdlib.h>

/* web.1 is started and not ready; once the file GATE is there (or gone) it is. */
static void is_ready_after(struct world *w, const char *gate, bool gone)
{
    await(w, "job.started job=web.1");
    expect_lines(w, "job.ready job=web.1", 0);
    if (gone) {
        char *path = below(w, gate);
        wchar_t *wide = wide_or_fail(path);
        assert_true(DeleteFileW(wide));
        free(wide);
        free(path);
    } else {
        make_file(w, gate);
    }
    await(w, "info job.ready job=web.1 pid=");
    uint64_t pid = logged(w, "job.started job=web.1", 0, "pid");
    assert_int_equal(logged(w, "job.ready job=web.1", 0, "pid"), pid);
    uint64_t ready_ms = logged(w, "job.ready job=web.1", 0, "ready_ms");
    assert_int_equal(service_stop(w), 0);
    assert_int_equal(logged(w, "job.run job=web.1", 0, "ready_ms"), ready_ms);
    expect_lines(w, "job.started", 1);
}

static void port__opens_later__the_worker_is_ready_then(struct world *w)
{
    unsigned port = free_port();
    job_file(w,
             "[job:web]\ncommand = @worker --listen-file go --listen %u --hold\n"
             "ready = port:%u\n",
             port, port);
    service_start(w);
    is_ready_after(w, "go", false);
}

static void http__answers_503_at_first__the_worker_is_ready_with_the_first_200(struct world *w)
{
    unsigned port = free_port();
    job_file(w,
             "[job:web]\ncommand = @worker --http-fail bad --listen %u --hold\n"
             "ready = http://127.0.0.1:%u/ready\nstdout = web.txt\n",
             port, port);
    make_file(w, "bad");
    service_start(w);
    await_file(w, "web.txt", "listening", 1, NULL);
    is_ready_after(w, "bad", true);
}

static void file__is_made_later__the_worker_is_ready_then(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --wait-file go --touch run\\up.${instance} --hold\n"
                "ready = file:run\\up.${instance}\n");
    char *run = below(w, "run");
    folder_make(run);
    free(run);
    service_start(w);
    is_ready_after(w, "go", false);
}

static void event__is_set_later__the_worker_is_ready_then(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --wait-file go --signal JOBWARDEN_READY_EVENT "
                "--hold\nready = event\nstdout = web.txt\n");
    service_start(w);
    is_ready_after(w, "go", false);
    await_file(w, "web.txt", "signal JOBWARDEN_READY_EVENT", 1, NULL);
}

static void event__names__are_known_to_those_workers_alone_that_use_them(struct world *w)
{
    job_file(w, "[job:web]\ninstances = 2\nready = event\nwatchdog = 1h\nstop = event:1h\n"
                "command = @worker --print-env --signal JOBWARDEN_READY_EVENT "
                "--wait-event JOBWARDEN_STOP_EVENT --exit 4\nstdout = ${job}.${instance}.txt\n"
                "[job:plain]\ncommand = @worker --print-env --echo end --hold\n"
                "stdout = plain.txt\n");
    service_start(w);
    await(w, "job.ready job=web.1");
    await(w, "job.ready job=web.2");
    char *ready = job_name(w, "web.2.ready"), *watchdog = job_name(w, "web.2.watchdog");
    char *stop = job_name(w, "web.2.stop");
    struct buf web = {0}, plain = {0};
    await_file(w, "web.2.txt", "signal", 1, &web);
    await_file(w, "plain.txt", "end", 1, &plain);
    struct str set = buf_view(&web), none = buf_view(&plain);
    expect_variable(set, "JOBWARDEN_READY_EVENT", ready);
    expect_variable(set, "JOBWARDEN_WATCHDOG_EVENT", watchdog);
    expect_variable(set, "JOBWARDEN_STOP_EVENT", stop);
    expect_number(set, "JOBWARDEN_WATCHDOG_MS", 3600000);
    expect_no_variable(none, "JOBWARDEN_READY_EVENT");
    expect_no_variable(none, "JOBWARDEN_WATCHDOG_EVENT");
    expect_no_variable(none, "JOBWARDEN_WATCHDOG_MS");
    expect_no_variable(none, "JOBWARDEN_STOP_EVENT");
    buf_free(&web);
    buf_free(&plain);
    free(ready);
    free(watchdog);
    free(stop);
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.ended job=web.* * code=4 * cause=operator", 2);
}

static void ready_timeout__is_over__the_worker_is_stopped_and_tried_again(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nready = event\nready_timeout = 500ms\n"
                "stop = ctrl-c:1h\nrestart = on-failure\n" TWICE);
    service_start(w);
    await(w, "job.backoff job=web.1 * restarts=2");
    expect_lines(w, "job.started job=web.1", 2);
    expect_lines(w, "job.ready", 0);
    expect_lines(w, "job.stopping job=web.1 * cause=not-ready", 2);
    expect_lines(w, "job.stop_rung job=web.1 rung=ctrl-c", 2);
    expect_lines(w, "job.ended job=web.1 * cause=not-ready", 2);
    expect_lines(w, "job.run job=web.1 * cause=not-ready * next=backoff * not ready in time", 2);
    expect_lines(w, "job.run * ready_ms=", 0);
    assert_int_equal(logged(w, "job.backoff job=web.1", 0, "next_ms"), 0);
    assert_int_equal(service_stop(w), 0);
}

static void worker__ends_before_it_is_ready__its_own_code_decides(struct world *w)
{
    job_file(w, "[defaults]\nready = event\nrestart = on-failure\n" TWICE
                "[job:done]\ncommand = @worker --exit 0\n"
                "[job:bad]\ncommand = @worker --exit 3\n");
    service_start(w);
    await(w, "job.exited job=done.1");
    await(w, "job.backoff job=bad.1 * restarts=2");
    expect_lines(w, "job.run job=done.1 * cause=exit code=0 * next=exited", 1);
    expect_lines(w, "job.run job=bad.1 * cause=exit code=3 * next=backoff", 2);
    expect_lines(w, "job.ready", 0);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(port__opens_later__the_worker_is_ready_then),
        E2E(http__answers_503_at_first__the_worker_is_ready_with_the_first_200),
        E2E(file__is_made_later__the_worker_is_ready_then),
        E2E(event__is_set_later__the_worker_is_ready_then),
        E2E(event__names__are_known_to_those_workers_alone_that_use_them),
        E2E(ready_timeout__is_over__the_worker_is_stopped_and_tried_again),
        E2E(worker__ends_before_it_is_ready__its_own_code_decides),
    };
    return cmocka_run_group_tests_name("readiness", tests, NULL, NULL);
}
