/* e2e_causes.c - each end has a cause and leaves a record; what follows can be decided by it. */
#include "harness_env.h"
#include "harness_limits.h"
#include "harness_reload.h"

#include <stdlib.h>

/* --- records ------------------------------------------------------------------------ */
static void expect_record(struct world *w, const char *pattern)
{
    await(w, pattern);
    expect_lines(w, pattern, 1);
}

static void record__of_an_end_by_itself__says_code_cause_and_what_follows(struct world *w)
{
    job_file(w,
             "[defaults]\n" TWICE "[job:good]\ncommand = @worker --exit 0\nrestart = on-failure\n"
             "[job:bad]\ncommand = @worker --exit 3\nrestart = never\n"
             "[job:init]\ncommand = @worker --exit 0xC0000142\n"
             "[job:null]\ncommand = @worker --crash\nrestart = never\n"
             "[job:gone]\ncommand = C:\\no\\such\\program.exe\nrestart = never\n");
    service_start(w);
    expect_record(w, "info job.run job=good.1 start=1 pid=*started=*ready_ms=*ran_ms=*cause=exit "
                     "code=0 * next=exited reason=*succeeded, restart = on-failure");
    expect_record(w, "job.run job=bad.1 start=1 pid=*cause=exit code=3 * next=failed "
                     "reason=*restart = never");
    expect_record(w, "job.run job=init.1 start=1 pid=*cause=crash code=0xC0000142 "
                     "name=STATUS_DLL_INIT_FAILED meaning=*the program could not initialise; with "
                     "many workers often desktop heap * next=backoff next_ms=0");
    expect_record(w, "job.run job=init.1 start=2 pid=*cause=crash * next=backoff next_ms=*"
                     "reason=*restart = always");
    expect_record(w, "job.run job=null.1 start=1 * cause=crash code=0xC0000005 "
                     "name=STATUS_ACCESS_VIOLATION meaning=* next=failed");
    expect_record(w, "job.run job=gone.1 start=1 * cause=not-started next=failed "
                     "reason=*could not be started, restart = never");
    expect_lines(w, "job.run job=gone.1 * code=", 0);
    assert_int_equal(logged(w, "job.run job=bad.1", 0, "pid"),
                     logged(w, "job.started job=bad.1", 0, "pid"));
    assert_int_equal(service_stop(w), 1);
    expect_lines(w, "job.run", 6); /* one a run, and none for what was not running */
}

static void record__of_an_end_that_was_asked_for__says_by_whom(struct world *w)
{
    job_file(w, OFTEN "[defaults]\nstop = ctrl-c:1h\n" TWICE
                      "[job:long]\ncommand = @worker --hold\nmax_runtime = 1s\nmin_uptime = 1s\n"
                      "[job:fat]\ncommand = @worker --wait-file go --threads 30 --hold\n"
                      "guard_threads = 20\non_limit = restart\n"
                      "[job:kept]\ncommand = @worker --hold\n");
    service_start(w);
    await(w, "job.ready job=kept.1");
    make_file(w, "go");
    await(w, "job.run job=long.1 start=1 * cause=max-runtime * next=backoff next_ms=0 "
             "reason=*max_runtime reached");
    await(w, "job.run job=fat.1 start=1 * cause=limit limit=guard_threads * limit_events=1 "
             "next=backoff next_ms=*reason=*on_limit = restart");
    assert_int_equal(service_stop(w), 0);
    expect_record(w, "job.run job=kept.1 start=1 * cause=operator * next=stopped");
}

static void record__when_the_service_gives_up__says_shutdown(struct world *w)
{
    job_file(w, "[job:vital]\ncommand = @worker --wait-file go --exit 1\nstart_limit = 1\n"
                "start_limit_interval = 1d\nstart_limit_action = exit-service\n"
                "[job:other]\ncommand = @worker --hold\n");
    service_start(w);
    await(w, "job.ready job=other.1");
    make_file(w, "go");
    assert_int_equal(service_wait(w), 1);
    expect_lines(w,
                 "job.run job=vital.1 * cause=exit code=1 * next=failed reason=*start limit "
                 "reached",
                 1);
    expect_lines(w, "job.run job=other.1 * cause=shutdown * next=stopped", 1);
}

static void record__after_a_change__says_change(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\n");
    service_start(w);
    HANDLE was = worker_of(w, "web.1");
    await(w, "job.ready job=web.1");
    file_anew(w);
    job_file(w, "[job:web]\ncommand = @worker --echo new --hold\n");
    reload_expect(w, "roll=1");
    await_n(w, "job.ready job=web.1", 2);
    assert_true(process_gone(was));
    expect_record(w, "job.run job=web.1 start=1 * cause=change");
    assert_int_equal(service_stop(w), 0);
    expect_record(w, "job.run job=web.1 start=2 * cause=operator");
}

/* --- what follows ------------------------------------------------------------------- */
static void restart_causes__each_list__decides_before_restart_does(struct world *w)
{
    job_file(w, OFTEN
             "[defaults]\nstart_limit = 2\nstart_limit_interval = 1d\n"
             "restart_delay = 10ms\nrestart_delay_max = 10ms\nmin_uptime = 1d\n"
             "[job:crash]\ncommand = @worker --crash\nrestart_prevent_causes = crash, health\n"
             "[job:exits]\ncommand = @worker --exit 3\nrestart_prevent_causes = crash\n"
             "[job:force]\ncommand = @worker --exit 3\nrestart = never\n"
             "restart_force_causes = exit\n"
             "[job:late]\ncommand = @worker --hold\nready = event\nready_timeout = 100ms\n"
             "restart_prevent_causes = not-ready\n"
             "[job:fat]\ncommand = @worker --threads 30 --hold\nguard_threads = 20\n"
             "on_limit = terminate\nrestart_prevent_causes = guard_threads\n"
             "[job:other]\ncommand = @worker --threads 30 --hold\nguard_threads = 20\n"
             "on_limit = terminate\nrestart_prevent_causes = guard_handles\n"
             "[job:hook]\ncommand = @worker --hold\nhook_pre_start = @worker --exit 1\n"
             "restart = never\nrestart_force_causes = hook, not-started\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    static const struct {
        const char *last, *runs;
        size_t n;
    } rows[] = {
        {"job.failed job=crash.1 reason=*cause in restart_prevent_causes", "job.run job=crash.1",
         1},
        {"job.failed job=exits.1 reason=*start limit reached", "job.run job=exits.1", 2},
        {"job.failed job=force.1 reason=*start limit reached", "job.run job=force.1", 2},
        {"job.failed job=late.1 reason=*cause in restart_prevent_causes", "job.run job=late.1", 1},
        {"job.failed job=fat.1 reason=*cause in restart_prevent_causes", "job.run job=fat.1", 1},
        /* One more: the first start is nobody's fault, least of all a limit's. */
        {"job.failed job=other.1 reason=*start limit reached by limits", "job.run job=other.1", 3},
        {"job.failed job=hook.1 reason=*start limit reached", "job.run job=hook.1", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect_lines(w, rows[i].last, 1);
        expect_lines(w, rows[i].runs, rows[i].n);
    }
    expect_lines(w, "job.backoff job=force.1 * cause in restart_force_causes", 1);
}

/* --- workers that know their limits ------------------------------------------------- */
static void limits__in_values__reach_the_worker(struct world *w)
{
    job_file(w, "[template:small]\njob_memory_limit = 256M\n"
                "env.GOMEMLIMIT = ${limit:job_memory_limit:75%%}\n"
                "env.NODE_OPTIONS = --max-old-space-size=${limit:job_memory_limit:75%%:M}\n"
                "[job:web]\nextends = small\nstdout = web.txt\n"
                "command = @worker --print-env --print-args --hold -- "
                "-Xmx${limit:job_memory_limit:50%%:M}m\n"
                "[job:big]\nextends = small\njob_memory_limit = 1G\nstdout = big.txt\n"
                "command = @worker --print-env --echo end --hold\n");
    service_start(w);
    struct buf web = {0}, big = {0};
    await_file(w, "web.txt", "]=-Xmx128m", 1, &web); /* which it prints last */
    await_file(w, "big.txt", "end", 1, &big);
    expect_number(buf_view(&web), "GOMEMLIMIT", UINT64_C(256) * MIB / 4 * 3);
    expect_variable(buf_view(&web), "NODE_OPTIONS", "--max-old-space-size=192");
    expect_number(buf_view(&big), "GOMEMLIMIT", UINT64_C(1024) * MIB / 4 * 3);
    buf_free(&web);
    buf_free(&big);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(record__of_an_end_by_itself__says_code_cause_and_what_follows),
        E2E(record__of_an_end_that_was_asked_for__says_by_whom),
        E2E(record__when_the_service_gives_up__says_shutdown),
        E2E(record__after_a_change__says_change),
        E2E(restart_causes__each_list__decides_before_restart_does),
        E2E(limits__in_values__reach_the_worker),
    };
    return cmocka_run_group_tests_name("causes", tests, NULL, NULL);
}
