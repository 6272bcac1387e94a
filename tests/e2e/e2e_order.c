/* e2e_order.c - who waits for whom: on the way up, when one fails, and on the way down. */
#include "harness_limits.h"
#include "harness_port.h"
#include "harness_reload.h"

#include <stdlib.h>

enum { ACCESS_VIOLATION = (int)0xC0000005u };

/* Listens once the file `open` is there, and is up then. */
#define SERVER "@worker --listen-file open --listen %u --hold\nready = port:%u\n"
/* One end is the last. */
#define ONCE "start_limit = 1\nstart_limit_interval = 1d\n"

/* --- on the way up ------------------------------------------------------------------ */
static void requires__the_port_is_not_open_yet__the_dependent_waits_for_it(struct world *w)
{
    unsigned port = free_port();
    job_file(w,
             "[job:b]\ncommand = @worker --hold\nrequires = a\n"
             "[job:a]\ncommand = " SERVER,
             port, port);
    service_start(w);
    await(w, "job.started job=a.1");
    await(w, "info job.waiting job=b.1 for=a");
    expect_lines(w, "job.started job=b.1", 0);
    expect_lines(w, "job.ready job=a.1", 0);
    make_file(w, "open");
    await(w, "job.ready job=b.1");
    expect_before(w, "job.ready job=a.1", "job.started job=b.1");
    assert_int_equal(service_stop(w), 0);
}

static void after__names_a_group__every_member_comes_first(struct world *w)
{
    job_file(w, "[job:api]\ncommand = @worker --hold\nafter = backends\n"
                "[group:backends]\n"
                "[defaults]\nready = event\n"
                "[job:db]\ngroup = backends\ninstances = 2\n"
                "command = @worker --wait-file db.${instance} --signal JOBWARDEN_READY_EVENT "
                "--hold\n"
                "[job:cache]\ngroup = backends\n"
                "command = @worker --wait-file cache --signal JOBWARDEN_READY_EVENT --hold\n"
                "[job:other]\ncommand = @worker --hold\nready = started\n");
    job_file(w, "[job:api2]\ncommand = @worker --hold\nready = started\nrequires = api\n");
    service_start(w);
    await(w, "job.waiting job=api.1 for=");
    await(w, "job.ready job=other.1"); /* which waits for nobody */
    make_file(w, "cache");
    make_file(w, "db.2");
    await(w, "job.ready job=cache.1");
    await(w, "job.ready job=db.2");
    expect_lines(w, "job.started job=api.1", 0);
    make_file(w, "db.1");
    await(w, "job.started job=api.1");
    expect_before(w, "job.ready job=db.1", "job.started job=api.1");
    expect_lines(w, "job.started job=api2.1", 0); /* api never says that it is ready */
    assert_int_equal(service_stop(w), 0);
}

static void after__the_first_fails_for_good__the_second_starts_then(struct world *w)
{
    job_file(w, "[job:b]\ncommand = @worker --hold\nafter = a\n"
                "[job:a]\ncommand = @worker --wait-file go --exit 3\nready = event\n"
                "restart = never\n");
    service_start(w);
    await(w, "job.started job=a.1");
    await(w, "job.waiting job=b.1 for=a");
    make_file(w, "go");
    await(w, "job.started job=b.1");
    expect_before(w, "job.failed job=a.1", "job.started job=b.1");
    assert_int_equal(service_stop(w), 1);
}

static void requires__of_a_job_that_runs_once__its_success_is_enough(struct world *w)
{
    job_file(w, "[job:b]\ncommand = @worker --hold\nrequires = setup\n"
                "[job:setup]\ncommand = @worker --wait-file go --exit 0\nready = event\n"
                "restart = on-failure\n");
    service_start(w);
    await(w, "job.started job=setup.1");
    expect_lines(w, "job.started job=b.1", 0);
    make_file(w, "go");
    HANDLE b = worker_of(w, "b.1");
    expect_before(w, "job.exited job=setup.1", "job.started job=b.1");
    assert_false(process_gone(b));
    assert_int_equal(service_stop(w), 0);
}

static void
start_delay__of_a_first_start__passes_others_by_and_is_none_of_a_restart(struct world *w)
{
    job_file(w, "[job:slow]\ncommand = @worker --hold\nstart_delay = 1s\n"
                "[job:quick]\ncommand = @worker --hold\n"
                "[job:never]\ncommand = @worker --hold\nstart_delay = 1d\n");
    service_start(w);
    HANDLE slow = worker_of(w, "slow.1");
    expect_before(w, "job.started job=quick.1", "job.started job=slow.1");
    assert_int_equal(logged(w, "job.waiting job=slow.1 for=*its start_delay", 0, "for_ms"), 1000);
    assert_true(TerminateProcess(slow, 3));
    await_n(w, "job.started job=slow.1", 2);
    expect_lines(w, "job.waiting job=slow.1", 1);
    assert_int_equal(service_stop(w), 0); /* a delay does not hold up a stop */
    expect_lines(w, "job.started job=never.1", 0);
}

/* How many were on their way at the same time, at most. */
static size_t most_at_once(struct str log)
{
    size_t now = 0, most = 0;
    for (struct str line; line_next(&log, &line);) {
        now += line_matches(line, "job.started");
        now -= line_matches(line, "job.ready");
        most = now > most ? now : most;
    }
    return most;
}

static void max_concurrent_starts__a_dozen_workers__three_are_on_their_way_at_once(struct world *w)
{
    enum { ALL = 12, AT_ONCE = 3 };
    job_file(w,
             "max_concurrent_starts = %d\n"
             "[job:web]\ninstances = %d\nready = event\n"
             "command = @worker --wait-file go.${instance} --signal JOBWARDEN_READY_EVENT "
             "--hold\n",
             AT_ONCE, ALL);
    service_start(w);
    for (size_t i = 1; i <= ALL; i++) {
        size_t started = i + AT_ONCE - 1 < ALL ? i + AT_ONCE - 1 : ALL;
        await_n(w, "job.started", started);
        expect_lines(w, "job.started", started);
        char *go = path_f("go.%zu", i);
        make_file(w, go);
        free(go);
        await_n(w, "job.ready", i);
    }
    assert_int_equal(most_at_once(log_now(w)), AT_ONCE);
    assert_int_equal(service_stop(w), 0);
}

/* --- when one ends ------------------------------------------------------------------ */
static void requires__the_first_crashes_and_comes_back__the_dependent_is_left_alone(struct world *w)
{
    unsigned port = free_port();
    job_file(w,
             "[job:b]\ncommand = @worker --hold\nrequires = a\n"
             "[job:c]\ncommand = @worker --hold\nafter = a\n"
             "[job:a]\ncommand = " SERVER,
             port, port);
    make_file(w, "open");
    service_start(w);
    HANDLE a = worker_of(w, "a.1"), b = worker_of(w, "b.1"), c = worker_of(w, "c.1");
    assert_true(TerminateProcess(a, (DWORD)ACCESS_VIOLATION));
    await(w, "job.ended job=a.1 * cause=crash");
    await_n(w, "job.ready job=a.1", 2);
    assert_false(process_gone(b) || process_gone(c));
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "cause=dependency", 0);
    expect_lines(w, "job.started job=b.1", 1);
    expect_lines(w, "job.started job=c.1", 1);
}

static void
requires__the_first_fails_for_good__the_dependent_stops_and_comes_up_with_it_again(struct world *w)
{
    unsigned port = free_port();
    static const char dependents[] = "[job:c]\ncommand = @worker --hold\nrequires = b\n"
                                     "[job:b]\ncommand = @worker --on-ctrl-c-exit 6 --hold\n"
                                     "requires = a\n"
                                     "[job:d]\ncommand = @worker --hold\nafter = a\n";
    job_file(w,
             "%s[job:a]\n" ONCE "ready = port:%u\n"
             "command = @worker --listen %u --wait-file die --exit 3\n",
             dependents, port, port);
    service_start(w);
    HANDLE b = worker_of(w, "b.1"), c = worker_of(w, "c.1"), d = worker_of(w, "d.1");
    await(w, "job.ready job=c.1");
    make_file(w, "die");
    await(w, "error job.failed job=a.1 reason=*start limit reached");
    await(w, "job.stopping job=b.1 * cause=dependency");
    await(w, "job.run job=b.1 * cause=dependency * next=waiting");
    await(w, "job.run job=c.1 * cause=dependency * next=waiting");
    await_n(w, "job.waiting job=b.1 for=a", 2);
    assert_true(process_gone(b) && process_gone(c));
    assert_false(process_gone(d)); /* it only came after a */
    expect_before(w, "job.ended job=c.1", "job.stopping job=b.1");

    file_anew(w);
    job_file(w,
             "%s[job:a]\n" ONCE "ready = port:%u\n"
             "command = @worker --listen-file mended --listen %u --hold\n",
             dependents, port, port);
    reload_expect(w, "same=3 live=0 relimit=0 roll=1 added=0 removed=0");
    await_n(w, "job.started job=a.1", 2);
    expect_lines(w, "job.started job=b.1", 1);
    make_file(w, "mended");
    await_n(w, "job.ready job=c.1", 2);
    expect_lines(w, "job.started job=b.1", 2);
    assert_false(process_gone(d));
    assert_int_equal(service_stop(w), 0);
}

/* --- on the way down ---------------------------------------------------------------- */
static void stop__of_the_whole_fleet__goes_in_reverse_order_and_waits_for_each(struct world *w)
{
    job_file(w, "[defaults]\nstop = ctrl-c:1h\n"
                "command = @worker --on-ctrl-c-wait 200 --echo up --hold\n"
                "stdout = ${job}.txt\n"
                "[group:base]\n"
                "[job:a]\ngroup = base\n[job:x]\ngroup = base\n"
                "[job:b]\nafter = base\n[job:c]\nrequires = b\n[job:alone]\n");
    service_start(w);
    static const char *const files[] = {"a.txt", "x.txt", "b.txt", "c.txt", "alone.txt"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        await_file(w, files[i], "up", 1, NULL);
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "info job.held job=b.1 for=c", 1);
    expect_lines(w, "job.held job=a.1 for=b", 1);
    expect_lines(w, "job.held job=x.1 for=b", 1);
    expect_before(w, "job.stopped job=c.1", "job.stopping job=b.1");
    expect_before(w, "job.stopped job=b.1", "job.stopping job=a.1");
    expect_before(w, "job.stopped job=b.1", "job.stopping job=x.1");
    expect_before(w, "job.stopping job=alone.1", "job.stopping job=b.1");
    expect_lines(w, "job.run * cause=operator * next=stopped", 5);
    expect_lines(w, "job.terminated", 0);
}

static void stop__while_somebody_waits__who_never_started_is_just_stopped(struct world *w)
{
    unsigned port = free_port();
    job_file(w,
             "[job:b]\ncommand = @worker --hold\nrequires = a\n"
             "[job:a]\ncommand = " SERVER,
             port, port);
    service_start(w);
    await(w, "job.started job=a.1");
    await(w, "job.waiting job=b.1");
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.started job=b.1", 0);
    expect_lines(w, "job.held", 0);
    expect_lines(w, "job.stopped", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(requires__the_port_is_not_open_yet__the_dependent_waits_for_it),
        E2E(after__names_a_group__every_member_comes_first),
        E2E(after__the_first_fails_for_good__the_second_starts_then),
        E2E(requires__of_a_job_that_runs_once__its_success_is_enough),
        E2E(start_delay__of_a_first_start__passes_others_by_and_is_none_of_a_restart),
        E2E(max_concurrent_starts__a_dozen_workers__three_are_on_their_way_at_once),
        E2E(requires__the_first_crashes_and_comes_back__the_dependent_is_left_alone),
        E2E(requires__the_first_fails_for_good__the_dependent_stops_and_comes_up_with_it_again),
        E2E(stop__of_the_whole_fleet__goes_in_reverse_order_and_waits_for_each),
        E2E(stop__while_somebody_waits__who_never_started_is_just_stopped),
    };
    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
