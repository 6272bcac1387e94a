/* e2e_restart.c - what follows a worker's end.  Delays are read from the log, not from a clock. */
#include "harness.h"

#include <stdlib.h>

enum { ACCESS_VIOLATION = (int)0xC0000005u };

static void worker__fails_every_time__first_restart_is_at_once_then_delays_grow(struct world *w)
{
    job_file(w, "[job:bad]\ncommand = @worker --exit 3\nrestart = on-failure\n"
                "restart_delay = 40ms\nrestart_factor = 2\nrestart_delay_max = 100ms\n"
                "restart_jitter = 0%%\nmin_uptime = 1h\nstart_limit = 6\n"
                "start_limit_interval = 1d\n"
                "[job:good]\ncommand = @worker --hold\n");
    service_start(w);
    HANDLE good = worker_of(w, "good.1");
    await(w, "error job.failed job=bad.1 reason=*start limit reached*starts=6");
    static const uint64_t delay[] = {0, 40, 80, 100, 100};
    for (size_t i = 0; i < sizeof delay / sizeof *delay; i++) {
        assert_int_equal(logged(w, "job.backoff job=bad.1", i, "next_ms"), delay[i]);
        assert_int_equal(logged(w, "job.backoff job=bad.1", i, "restarts"), i + 1);
    }
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "job.backoff job=bad.1"), 5);
    assert_int_equal(lines_matching(log, "job.started job=bad.1"), 6);
    assert_int_equal(lines_matching(log, "job.ended job=bad.1 * code=3"), 6);
    assert_false(process_gone(good));
    assert_int_equal(lines_matching(log, "job.started job=good.1"), 1);
    assert_int_equal(service_stop(w), 1); /* one failed */
}

static void delays__with_jitter__differ_and_stay_within_it(struct world *w)
{
    job_file(w, "[job:bad]\ncommand = @worker --exit 3\ninstances = 8\nrestart_delay = 1h\n"
                "restart_delay_max = 1h\nrestart_jitter = 20%%\n");
    service_start(w);
    await_n(w, "job.backoff * restarts=2", 8);
    uint64_t first = logged(w, "job.backoff * restarts=2", 0, "next_ms");
    bool differ = false;
    for (size_t i = 0; i < 8; i++) {
        uint64_t ms = logged(w, "job.backoff * restarts=2", i, "next_ms");
        assert_in_range(ms, 3600000 * 8 / 10, 3600000 * 12 / 10);
        differ = differ || ms != first;
    }
    assert_true(differ);
    assert_int_equal(service_stop(w), 0); /* a delay does not hold up a stop */
}

static void worker__reaches_min_uptime_every_time__every_restart_is_at_once(struct world *w)
{
    job_file(w, "[job:short]\ncommand = @worker --after 20 --exit 1\nmin_uptime = 1ms\n"
                "restart_delay = 1h\nrestart_delay_max = 1h\n");
    service_start(w);
    await_n(w, "job.started job=short.1", 5);
    assert_int_equal(lines_matching(log_now(w), "job.backoff * next_ms=0 restarts=1"),
                     lines_matching(log_now(w), "job.backoff"));
    service_stop(w);
}

static void exit_codes__each_restart_policy__decides_as_it_says(struct world *w)
{
    job_file(w, "[job:failure0]\ncommand = @worker --exit 0\nrestart = on-failure\n"
                "[job:failure7]\ncommand = @worker --exit 7\nrestart = on-failure\n"
                "success_exit_codes = 5, 7\n"
                "[job:never]\ncommand = @worker --exit 3\nrestart = never\n"
                "[job:never0]\ncommand = @worker --exit 0\nrestart = never\n"
                "[job:abnormal]\ncommand = @worker --exit 3\nrestart = on-abnormal\n"
                "[job:prevent]\ncommand = @worker --exit 9\nrestart_prevent_exit_codes = 9\n"
                "[job:always]\ncommand = @worker --exit 0\nstart_limit = 2\n"
                "start_limit_interval = 1d\n"
                "[job:force]\ncommand = @worker --exit 4\nrestart = never\n"
                "restart_force_exit_codes = 4\nstart_limit = 2\nstart_limit_interval = 1d\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1); /* everything has its end, and some failed */
    static const struct {
        const char *last, *started;
        size_t starts;
    } rows[] = {
        {"job.exited job=failure0.1 reason=*succeeded", "job.started job=failure0.1", 1},
        {"job.exited job=failure7.1 reason=*succeeded", "job.started job=failure7.1", 1},
        {"job.failed job=never.1 reason=*restart = never", "job.started job=never.1", 1},
        {"job.exited job=never0.1 reason=*restart = never", "job.started job=never0.1", 1},
        {"job.failed job=abnormal.1 reason=*on-abnormal", "job.started job=abnormal.1", 1},
        {"job.failed job=prevent.1 reason=*restart_prevent_exit_codes", "job.started job=prevent.1",
         1},
        {"job.failed job=always.1 reason=*start limit reached", "job.started job=always.1", 2},
        {"job.failed job=force.1 reason=*start limit reached", "job.started job=force.1", 2},
    };
    struct str log = log_now(w);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (lines_matching(log, rows[i].last) != 1)
            fail_msg("no line, or more than one: %s", rows[i].last);
        if (lines_matching(log, rows[i].started) != rows[i].starts)
            fail_msg("not %zu lines: %s", rows[i].starts, rows[i].started);
    }
}

static void worker__crashes__its_code_has_a_name_and_it_comes_back(struct world *w)
{
    job_file(w, "[job:crash]\ncommand = @worker --crash\nrestart = on-abnormal\nstart_limit = 2\n"
                "start_limit_interval = 1d\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "job.ended job=crash.1 * code=0xC0000005 "
                                         "name=STATUS_ACCESS_VIOLATION"),
                     2);
    assert_int_equal(logged(w, "job.ended", 0, "code"), (uint32_t)ACCESS_VIOLATION);
}

static void program__is_missing__job_fails_with_clear_text_and_others_run(struct world *w)
{
    job_file(w, "[defaults]\nrestart_delay = 10ms\nrestart_delay_max = 10ms\nstart_limit = 3\n"
                "start_limit_interval = 1d\n"
                "[job:gone]\ncommand = C:\\no\\such\\program.exe --fast\n"
                "[job:bare]\ncommand = no-such-program-anywhere\n"
                "[job:lost]\ncommand = @worker --hold\ndirectory = no such folder\n"
                "[job:good]\ncommand = @worker --hold\n");
    service_start(w);
    HANDLE good = worker_of(w, "good.1");
    await(w, "job.failed job=gone.1 reason=*start limit reached");
    await(w, "job.failed job=bare.1 reason=*start limit reached");
    await(w, "job.failed job=lost.1 reason=*start limit reached");
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "job.start_failed job=gone.1 error=*program.exe"), 3);
    assert_int_equal(lines_matching(log, "job.start_failed job=bare.1 error=*"
                                         "no-such-program-anywhere"),
                     3);
    assert_int_equal(lines_matching(log, "job.start_failed job=lost.1 error=*no such folder"), 3);
    assert_false(process_gone(good));
    assert_int_equal(service_stop(w), 1);
}

static void worker__runs_for_max_runtime__is_asked_to_stop_and_started_anew(struct world *w)
{
    job_file(w, "[job:long]\ncommand = @worker --on-ctrl-c-exit 6 --hold\nmax_runtime = 500ms\n"
                "stop = ctrl-c:1h\nrestart = on-failure\n");
    service_start(w);
    HANDLE first = worker_of(w, "long.1");
    await_n(w, "job.started job=long.1", 2);
    assert_true(process_gone(first));
    struct str log = log_now(w);
    assert_true(lines_matching(log, "job.stopping job=long.1 * cause=max-runtime") >= 1);
    assert_true(lines_matching(log, "job.stop_rung job=long.1 rung=ctrl-c") >= 1);
    assert_true(lines_matching(log, "job.ended job=long.1 * code=6 * cause=max-runtime") >= 1);
    assert_true(lines_matching(log, "job.backoff job=long.1 next_ms=0") >= 1);
    service_ctrl_c(w); /* perhaps between two of its runs */
    assert_int_equal(service_wait(w), 0);
}

/* The pid that the worker printed in `child PID`. */
static DWORD child_pid(struct world *w, const char *file)
{
    struct buf text = {0};
    await_file(w, file, "child ", 1, &text);
    struct str line = line_of(buf_view(&text), "child ", 0);
    DWORD pid = (DWORD)strtoul(line.p + sizeof "child", NULL, 10);
    buf_free(&text);
    return pid;
}

static void grandchild__outlives_the_main_process__is_named_and_gone_before_restart(struct world *w)
{
    job_file(w, "[job:tree]\ncommand = @worker --detach-child --wait-file go --exit 1\n"
                "stdout = tree.txt\n");
    service_start(w);
    HANDLE grandchild = process_open(child_pid(w, "tree.txt"));
    char *go = below(w, "go"), *named = NULL;
    w->people.process[w->people.n++] = grandchild;
    named = path_f("job.leftovers job=tree.1 count=1 processes=worker.exe[%lu]",
                   GetProcessId(grandchild));
    file_write(go, STR(""));
    await(w, named);
    await_n(w, "job.started job=tree.1", 2);
    assert_true(process_gone(grandchild));
    DWORD second = (DWORD)logged(w, "job.started job=tree.1", 1, "pid");
    HANDLE worker = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, second);
    if (worker) { /* which may have ended by now; then its start cannot be asked */
        assert_true(process_ended(grandchild) <= process_created(worker));
        CloseHandle(worker);
    }
    free(named);
    free(go);
    service_stop(w);
}

static void worker__is_ended_from_outside__comes_back_in_a_job_of_the_same_name(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\ninstances = 2\n");
    service_start(w);
    HANDLE victim = worker_of(w, "web.1"), other = worker_of(w, "web.2");
    assert_true(TerminateProcess(victim, 77));
    await(w, "job.ended job=web.1 * code=77");
    await_n(w, "job.started job=web.1", 2);
    HANDLE next = worker_of(w, "web.1");
    char *name = job_name(w, "web.1");
    HANDLE job = job_open(name);
    assert_true(job_has(job, next));
    assert_false(process_gone(other));
    CloseHandle(job);
    free(name);
    assert_int_equal(service_stop(w), 0);
}

static void start_limit__its_action_is_exit_service__the_fleet_stops_with_an_error(struct world *w)
{
    job_file(w, "[job:vital]\ncommand = @worker --wait-file go --exit 1\nstart_limit = 1\n"
                "start_limit_interval = 1d\nstart_limit_action = exit-service\n"
                "[job:other]\ncommand = @worker --on-ctrl-c-exit 0 --hold\n");
    service_start(w);
    HANDLE other = worker_of(w, "other.1");
    char *go = below(w, "go");
    file_write(go, STR(""));
    free(go);
    assert_int_equal(service_wait(w), 1);
    assert_true(process_gone(other));
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "service.exit_requested"), 1);
    assert_int_equal(lines_matching(log, "job.stop_rung job=other.1 rung=ctrl-c"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(worker__fails_every_time__first_restart_is_at_once_then_delays_grow),
        E2E(delays__with_jitter__differ_and_stay_within_it),
        E2E(worker__reaches_min_uptime_every_time__every_restart_is_at_once),
        E2E(exit_codes__each_restart_policy__decides_as_it_says),
        E2E(worker__crashes__its_code_has_a_name_and_it_comes_back),
        E2E(program__is_missing__job_fails_with_clear_text_and_others_run),
        E2E(worker__runs_for_max_runtime__is_asked_to_stop_and_started_anew),
        E2E(grandchild__outlives_the_main_process__is_named_and_gone_before_restart),
        E2E(worker__is_ended_from_outside__comes_back_in_a_job_of_the_same_name),
        E2E(start_limit__its_action_is_exit_service__the_fleet_stops_with_an_error),
    };
    return cmocka_run_group_tests_name("restarting", tests, NULL, NULL);
}
