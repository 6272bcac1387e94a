/* e2e_health.c - workers that are up and not well: checks from outside, and the watchdog. */
#include "harness_limits.h"
#include "harness_port.h"

#include <stdlib.h>

/* Also when a check looks into it just now. */
static void rename_below(struct world *w, const char *from, const char *to)
{
    char *a = below(w, from), *b = below(w, to);
    wchar_t *wa = wide_or_fail(a), *wb = wide_or_fail(b);
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; !MoveFileW(wa, wb); Sleep(POLL_MS))
        if (GetTickCount64() >= end)
            fail_msg("%s cannot be renamed: Windows error %lu", from, GetLastError());
    free(a);
    free(b);
    free(wa);
    free(wb);
}

static void delete_below(struct world *w, const char *name)
{
    char *path = below(w, name);
    wchar_t *wide = wide_or_fail(path);
    assert_true(DeleteFileW(wide));
    free(wide);
    free(path);
}

/* --- checks ------------------------------------------------------------------------- */
/* Each file is a bad answer to one check: it is used up. */
static const char bad_answers[] = "@if exist bad\\1 goto first\r\n@if exist bad\\2 goto second\r\n"
                                  "@if exist bad\\3 goto third\r\n@exit 0\r\n"
                                  ":first\r\n@del bad\\1\r\n@exit 11\r\n"
                                  ":second\r\n@del bad\\2\r\n@exit 12\r\n"
                                  ":third\r\n@del bad\\3\r\n@exit 13\r\n";

/* The next N checks in a row fail: there from one moment to the next, as a check may come between.
 */
static void answer_badly(struct world *w, const char *folder, unsigned n)
{
    char *path = below(w, folder);
    folder_make(path);
    free(path);
    for (unsigned i = 1; i <= n; i++) {
        char *name = path_f("%s\\%u", folder, i);
        make_file(w, name);
        free(name);
    }
    rename_below(w, folder, "bad");
}

static void health__fails_twice_and_passes_and_fails_three_times__is_acted_on_once(struct world *w)
{
    make_batch(w, "check.cmd", bad_answers);
    job_file(w, "[job:web]\ncommand = @worker --hold\nhealth_command = .\\check.cmd\n"
                "health_interval = 3s\nhealth_failures = 3\n" TWICE);
    service_start(w);
    HANDLE web = worker_of(w, "web.1");
    answer_badly(w, "two", 2);
    await(w, "info job.healthy job=web.1 * failures=2");
    expect_lines(w, "warning job.unhealthy job=web.1 * failures=1 error=*exit code 11", 1);
    expect_lines(w, "warning job.unhealthy job=web.1 * failures=2 error=*exit code 12", 1);
    expect_lines(w, "job.unhealthy", 2);
    expect_lines(w, "job.stopping", 0);
    assert_false(process_gone(web));
    rename_below(w, "bad", "done");
    answer_badly(w, "three", 3);
    await_n(w, "job.ready job=web.1", 2);
    expect_lines(w, "job.unhealthy job=web.1 * failures=3 error=*exit code 13", 1);
    expect_lines(w, "job.unhealthy", 5);
    expect_lines(w, "job.stopping job=web.1 * cause=health", 1);
    expect_lines(w, "job.run job=web.1 * cause=health * next=backoff * health checks failed", 1);
    assert_int_equal(service_stop(w), 0);
}

static void health_http__answers_503__the_worker_is_stopped_by_its_ladder(struct world *w)
{
    unsigned port = free_port();
    job_file(w,
             "[job:web]\ncommand = @worker --http-fail bad --listen %u --hold\n"
             "ready = port:%u\nstop = ctrl-c:1h\nhealth_http = http://127.0.0.1:%u/health\n"
             "health_interval = 200ms\nrestart = never\n",
             port, port, port);
    service_start(w);
    await(w, "job.ready job=web.1");
    expect_lines(w, "job.unhealthy", 0);
    make_file(w, "bad");
    assert_int_equal(service_wait(w), 1); /* all have their end */
    expect_lines(w, "job.unhealthy job=web.1 * error=*503", 3);
    expect_lines(w, "job.unhealthy", 3);
    expect_lines(w, "job.stop_rung job=web.1 rung=ctrl-c", 1);
    expect_lines(w, "job.ended job=web.1 * cause=health", 1);
    expect_lines(w, "error job.failed job=web.1 reason=*health checks failed, restart = never", 1);
}

static void
health_http__server_hangs__each_check_ends_in_its_time_and_none_piles_up(struct world *w)
{
    unsigned port = free_port();
    job_file(w,
             "[job:web]\ncommand = @worker --http-hang hang --listen %u --hold\n"
             "ready = port:%u\nhealth_http = http://127.0.0.1:%u/\n"
             "health_interval = 3s\nhealth_failures = 2\n"
             "restart = never\n",
             port, port, port);
    service_start(w);
    await(w, "job.ready job=web.1");
    make_file(w, "hang");
    assert_int_equal(service_wait(w), 1);
    expect_lines(w, "job.unhealthy job=web.1 * error=*no answer", 2);
    expect_lines(w, "job.unhealthy", 2);
    expect_lines(w, "job.ended job=web.1 * cause=health", 1);
}

static void health_port__nobody_listens_there__is_a_bad_answer(struct world *w)
{
    job_file(w,
             "[job:web]\ncommand = @worker --hold\nhealth_port = %u\n"
             "health_interval = 100ms\nhealth_failures = 2\nrestart = never\n",
             free_port());
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    expect_lines(w, "job.unhealthy job=web.1 * failures=1 error=", 1);
    expect_lines(w, "job.unhealthy job=web.1 * failures=2 error=", 1);
    expect_lines(w, "job.unhealthy", 2);
    expect_lines(w, "job.ended job=web.1 * cause=health", 1);
}

static void
health_command__does_not_end__is_terminated_and_never_runs_twice_at_once(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\n"
                "health_command = @worker --touch rounds --spawn 1 --hold\n"
                "health_interval = 3s\nhealth_failures = 2\n"
                "restart = never\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    expect_lines(w, "job.unhealthy job=web.1 * error=", 2);
    expect_lines(w, "job.ended job=web.1 * cause=health", 1);
    struct buf rounds = {0};
    await_file(w, "rounds", "", 2, &rounds);
    assert_int_equal(lines_in(buf_view(&rounds)), 2);
    buf_free(&rounds);
}

static void health_command__is_no_program__the_file_is_named(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nhealth_command = no-such-program-anywhere\n"
                "health_interval = 100ms\nhealth_failures = 1\nrestart = never\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    expect_lines(w,
                 "job.unhealthy job=web.1 * error=\"health_command of web.1: the program *"
                 "no-such-program-anywhere",
                 1);
    expect_lines(w, "job.ended job=web.1 * cause=health", 1);
}

static void health__of_a_worker_that_is_not_ready__is_not_asked_yet(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --wait-file go --signal JOBWARDEN_READY_EVENT "
                "--hold\nready = event\nhealth_command = @worker --touch asked\n"
                "health_interval = 3s\nhealth_failures = 100\n"
                "[job:ruler]\ncommand = @worker --hold\nhealth_command = @worker --touch ruler\n"
                "health_interval = 3s\nhealth_failures = 100\n");
    service_start(w);
    await(w, "job.started job=web.1");
    await_file(w, "ruler", "", 1, NULL); /* which was ready later than web was started */
    char *asked = below(w, "asked");
    assert_false(file_exists(asked));
    free(asked);
    make_file(w, "go");
    await_file(w, "asked", "", 1, NULL);
    expect_before(w, "job.ready job=ruler.1", "job.ready job=web.1");
    assert_int_equal(service_stop(w), 0);
}

/* --- the watchdog ------------------------------------------------------------------- */
static void watchdog__is_signalled_in_time_and_then_no_more__ends_the_worker(struct world *w)
{
    /* The ruler comes when web has been up for longer than its time. */
    job_file(w, "[job:web]\nwatchdog = 3s\nready = event\nstop = ctrl-c:1h\n" TWICE
                "command = @worker --signal-every JOBWARDEN_WATCHDOG_EVENT 100 "
                "--signal-until quiet --signal JOBWARDEN_READY_EVENT --hold\n"
                "[job:ruler]\ncommand = @worker --hold\nafter = web\nstart_delay = 7s\n");
    service_start(w);
    HANDLE web = worker_of(w, "web.1");
    await(w, "job.started job=ruler.1");
    expect_lines(w, "job.stopping", 0);
    assert_false(process_gone(web));
    make_file(w, "quiet");
    await(w, "job.stopping job=web.1 * cause=watchdog");
    delete_below(w, "quiet");
    await_n(w, "job.ready job=web.1", 2);
    expect_lines(w, "job.stop_rung job=web.1 rung=ctrl-c", 1);
    expect_lines(w, "job.ended job=web.1 * cause=watchdog", 1);
    expect_lines(w,
                 "job.run job=web.1 * cause=watchdog * next=backoff *"
                 "watchdog not signalled in time",
                 1);
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.unhealthy", 0);
}

static void watchdog__of_a_worker_that_never_signals__counts_from_ready(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --wait-file go --signal JOBWARDEN_READY_EVENT "
                "--hold\nwatchdog = 500ms\nready = event\nrestart = never\n"
                "[job:ruler]\ncommand = @worker --hold\nstart_delay = 2s\n");
    service_start(w);
    HANDLE web = worker_of(w, "web.1");
    await(w, "job.started job=ruler.1"); /* web is not ready, so nothing is expected of it */
    assert_false(process_gone(web));
    make_file(w, "go");
    await(w, "job.failed job=web.1 reason=*watchdog not signalled in time, restart = never");
    expect_lines(w, "job.ended job=web.1 * cause=watchdog", 1);
    assert_int_equal(service_stop(w), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(health__fails_twice_and_passes_and_fails_three_times__is_acted_on_once),
        E2E(health_http__answers_503__the_worker_is_stopped_by_its_ladder),
        E2E(health_http__server_hangs__each_check_ends_in_its_time_and_none_piles_up),
        E2E(health_port__nobody_listens_there__is_a_bad_answer),
        E2E(health_command__does_not_end__is_terminated_and_never_runs_twice_at_once),
        E2E(health_command__is_no_program__the_file_is_named),
        E2E(health__of_a_worker_that_is_not_ready__is_not_asked_yet),
        E2E(watchdog__is_signalled_in_time_and_then_no_more__ends_the_worker),
        E2E(watchdog__of_a_worker_that_never_signals__counts_from_ready),
    };
    return cmocka_run_group_tests_name("health", tests, NULL, NULL);
}
