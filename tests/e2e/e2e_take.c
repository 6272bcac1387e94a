/* e2e_take.c - a job file that changes while its fleet runs: who keeps its process, and who not. */
#include "harness_limits.h"
#include "harness_reload.h"

#include <stdlib.h>

enum { SOME = 50, MORE = 60, FEWER = 40 };

/* --- instances ------------------------------------------------------------------------ */
static void many(struct world *w, int n)
{
    job_file(w,
             "[job:many]\ncommand = @worker --hold\nstdout = null\nstop = terminate\n"
             "instances = %d\n",
             n);
}

static HANDLE nth_of(struct world *w, const char *job, int n)
{
    char *unit = path_f("%s.%d", job, n);
    HANDLE h = worker_of(w, unit);
    free(unit);
    return h;
}

static void expect_nth(struct world *w, const char *pattern, int from, int to, size_t lines)
{
    for (int i = from; i <= to; i++) {
        char *text = path_f(pattern, i);
        expect_lines(w, text, lines);
        free(text);
    }
}

static void fifty_instances__become_sixty_then_forty__the_rest_keep_their_process(struct world *w)
{
    HANDLE first[SOME];
    many(w, SOME);
    service_start(w);
    await_n(w, "job.started", SOME);
    for (int i = 0; i < SOME; i++)
        first[i] = nth_of(w, "many", i + 1);
    file_anew(w);
    many(w, MORE);
    reload_expect(w, "same=50 live=0 relimit=0 roll=0 added=10 removed=0");
    await_n(w, "job.started", MORE);
    expect_nth(w, "job.started job=many.%d", 1, MORE, 1);
    HANDLE last = nth_of(w, "many", MORE);
    assert_false(process_gone(last));
    file_anew(w);
    many(w, FEWER);
    reload_expect(w, "same=40 live=0 relimit=0 roll=0 added=0 removed=20");
    await_n(w, "job.removed", MORE - FEWER);
    expect_nth(w, "job.removed job=many.%d", FEWER + 1, MORE, 1);
    expect_nth(w, "job.ended job=many.%d * cause=change", FEWER + 1, MORE, 1);
    expect_lines(w, "job.ended", MORE - FEWER);
    expect_lines(w, "job.started", MORE);
    for (int i = 0; i < FEWER; i++)
        assert_false(process_gone(first[i]));
    for (int i = FEWER; i < SOME; i++)
        process_wait(first[i]);
    process_wait(last);
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.started", MORE);
}

/* --- jobs ----------------------------------------------------------------------------- */
static void file__one_job_of_each_fate__only_those_that_must_change_their_process(struct world *w)
{
    const char *const same = "[job:same]\ncommand = @worker --hold\ninstances = 2\n"
                             "stop = terminate\n";
    job_file(w,
             "%s"
             "[job:live]\ncommand = @worker --hold\nstop = ctrl-c:1h\n"
             "[job:other]\ncommand = @worker --hold\nstop = terminate\n"
             "[job:gone]\ncommand = @worker --hold\nstop = terminate\n",
             same);
    service_start(w);
    await_n(w, "job.started", 5);
    HANDLE keeps[] = {worker_of(w, "same.1"), worker_of(w, "same.2"), worker_of(w, "live.1")};
    HANDLE goes[] = {worker_of(w, "other.1"), worker_of(w, "gone.1")};
    file_anew(w);
    job_file(w,
             "[job:new]\ncommand = @worker --hold\nstop = terminate\n" /* above all others */
             "%s"
             "[job:live]\ncommand = @worker --hold\nstop = terminate\nmax_runtime = 1d\n"
             "[job:other]\ncommand = @worker --echo two --hold\nstop = terminate\n"
             "stdout = two.txt\n",
             same);
    reload_expect(w, "same=2 live=1 relimit=0 roll=1 added=1 removed=1");
    await(w, "job.started job=new.1");
    await(w, "job.removed job=gone.1");
    await(w, "job.rolled job=other");
    await_file(w, "two.txt", "two", 1, NULL);
    expect_lines(w, "job.changed job=live.1 how=\"without a restart\"", 1);
    expect_lines(w, "job.changed job=other.1 how=\"restarted with the new definition\"", 1);
    expect_lines(w, "job.changed job=same.*", 0);
    expect_lines(w, "job.ended", 2);
    expect_starts(w, "other.1", 2);
    for (size_t i = 0; i < 2; i++)
        process_wait(goes[i]);
    for (size_t i = 0; i < 3; i++)
        assert_false(process_gone(keeps[i]));
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.terminated job=live.1", 1); /* by its new ladder */
    expect_lines(w, "job.started", 7);
}

static void removed_job__its_definition_is_gone__is_stopped_by_the_old_one(struct world *w)
{
    const char *const other = "[job:other]\ncommand = @worker --hold\nstop = terminate\n";
    const char *const old = "[job:old]\ncommand = @worker --ignore-ctrl-c --echo ready "
                            "--wait-file go --exit 5\nstdout = old.txt\nstop = ctrl-c:1h\n";
    job_file(w, "stop_timeout = 1d\n%s%s", other, old);
    service_start(w);
    await_file(w, "old.txt", "ready", 1, NULL);
    HANDLE keeps = worker_of(w, "other.1");
    for (int i = 0; i < 3; i++) { /* while it is on its way down, too */
        file_anew(w);
        job_file(w, "stop_timeout = %dh\n[defaults]\nstop = terminate\n%s", i + 1, other);
        reload_expect(w, i == 0 ? "added=0 removed=1" : "same=1 * added=0 removed=0");
    }
    await(w, "job.stop_rung job=old.1 rung=ctrl-c for_ms=3600000");
    await_file(w, "old.txt", "ignored ctrl-c", 1, NULL);
    expect_lines(w, "job.removed", 0);
    make_file(w, "go");
    await(w, "job.removed job=old.1");
    expect_lines(w, "job.ended job=old.1 * code=5 * cause=change", 1);
    expect_lines(w, "job.terminated", 0);
    assert_false(process_gone(keeps));
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.started", 2);
}

static void removed_job__is_back_before_it_has_ended__runs_anew_by_the_new_one(struct world *w)
{
    const char *const other = "[job:other]\ncommand = @worker --hold\nstop = terminate\n";
    job_file(w,
             "stop_timeout = 1d\n%s[job:old]\ncommand = @worker --ignore-ctrl-c --echo ready "
             "--wait-file go\nstdout = old.txt\nstop = ctrl-c:1h\n",
             other);
    service_start(w);
    await_file(w, "old.txt", "ready", 1, NULL);
    file_anew(w);
    job_file(w, "stop_timeout = 1d\n%s", other);
    reload_expect(w, "same=1 * added=0 removed=1");
    await(w, "job.stop_rung job=old.1 rung=ctrl-c");
    file_anew(w);
    job_file(w,
             "stop_timeout = 1d\n%s[job:old]\ncommand = @worker --echo new --hold\n"
             "stdout = new.txt\nstop = terminate\n",
             other);
    reload_expect(w, "same=1 * added=1 removed=0");
    expect_starts(w, "old.1", 1); /* never two at once */
    make_file(w, "go");
    await_file(w, "new.txt", "new", 1, NULL);
    expect_starts(w, "old.1", 2);
    expect_order(w, "job.ended job=old.1", "job.started job=old.1");
    expect_lines(w, "job.removed", 0);
    assert_int_equal(service_stop(w), 0);
}

/* --- limits --------------------------------------------------------------------------- */
static void expect_kernel_limit(struct world *w, const char *unit, uint64_t bytes)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION x = {0};
    char *name = job_name(w, unit);
    HANDLE job = job_open(name);
    assert_true(
        QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &x, sizeof x, NULL));
    CloseHandle(job);
    free(name);
    assert_int_equal(x.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_JOB_MEMORY,
                     JOB_OBJECT_LIMIT_JOB_MEMORY);
    assert_int_equal(x.JobMemoryLimit, bytes);
}

static void limited(struct world *w, const char *limit)
{
    job_file(w,
             OFTEN "[job:leak]\ncommand = " LEAK "\n" TWICE "job_memory_limit = %s\n"
                   "[job:free]\ncommand = @worker --hold\nstop = terminate\n",
             limit);
}

static void limit__becomes_smaller__holds_for_the_process_that_runs(struct world *w)
{
    limited(w, "1G");
    service_start(w);
    HANDLE worker = worker_of(w, "leak.1"), other = worker_of(w, "free.1");
    file_anew(w);
    limited(w, "32M");
    reload_expect(w, "same=1 live=0 relimit=1 roll=0 added=0 removed=0");
    await(w, "job.changed job=leak.1 how=\"new limits, without a restart\"");
    assert_false(process_gone(worker));
    expect_lines(w, "limit.not_applied", 0);
    if (!on_wine()) /* which keeps no limit */
        expect_kernel_limit(w, "leak.1", 32 * MIB);
    sampler_must_hold(w, "job_memory_limit");
    make_file(w, "go");
    await(w, "limit.reached level=instance job=leak.1 limit=job_memory_limit configured=33554432");
    assert_int_equal(process_wait(worker), TERMINATED);
    expect_lines(w, "limit.reached * configured=1073741824", 0);
    assert_false(process_gone(other));
    assert_int_equal(service_stop(w), 0);
}

/* --- order ---------------------------------------------------------------------------- */
static void db_and_web(struct world *w, const char *need, const char *tail)
{
    job_file(w,
             "stop_timeout = 1d\n[defaults]\nstop = ctrl-c:1h\nrestart_delay = 1h\n"
             "restart_delay_max = 1h\n"
             "[job:db]\ncommand = @worker --on-ctrl-c-exit 0 --touch db --hold\n"
             "[job:web]\ncommand = @worker --on-ctrl-c-exit 0 --touch web --hold\n%s%s",
             need, tail);
}

static void requires__comes_while_both_run__keeps_them_and_orders_the_stop(struct world *w)
{
    db_and_web(w, "", "");
    service_start(w);
    await_file(w, "db", "", 1, NULL);
    await_file(w, "web", "", 1, NULL);
    HANDLE db = worker_of(w, "db.1"), web = worker_of(w, "web.1");
    file_anew(w);
    db_and_web(w, "requires = db\n", "");
    reload_expect(w, "same=2 live=0 relimit=0 roll=0 added=0 removed=0");
    assert_false(process_gone(db));
    assert_false(process_gone(web));
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.held job=db.1 for=web", 1);
    expect_order(w, "job.ended job=web.1", "job.stopping job=db.1");
    expect_lines(w, "job.started", 2);
}

static void required_job__is_removed_with_the_need__the_dependent_runs_on(struct world *w)
{
    db_and_web(w, "requires = db\n", "");
    service_start(w);
    await_file(w, "db", "", 1, NULL);
    await_file(w, "web", "", 1, NULL);
    HANDLE web = worker_of(w, "web.1");
    file_anew(w);
    job_file(w, "stop_timeout = 1d\n[defaults]\nstop = ctrl-c:1h\nrestart_delay = 1h\n"
                "restart_delay_max = 1h\n"
                "[job:web]\ncommand = @worker --on-ctrl-c-exit 0 --touch web --hold\n");
    reload_expect(w, "same=1 live=0 relimit=0 roll=0 added=0 removed=1");
    await(w, "job.removed job=db.1");
    assert_false(process_gone(web));
    expect_lines(w, "job.stopping job=web.1", 0);
    assert_int_equal(service_stop(w), 0);
}

static void
requires__names_a_job_that_has_failed__the_dependent_is_stopped_and_waits(struct world *w)
{
    const char *const bad = "[job:bad]\ncommand = @worker --exit 3\nrestart = never\n";
    db_and_web(w, "", bad);
    service_start(w);
    await(w, "job.failed job=bad.1");
    await_file(w, "web", "", 1, NULL);
    HANDLE db = worker_of(w, "db.1"), web = worker_of(w, "web.1");
    file_anew(w);
    db_and_web(w, "requires = bad\n", bad);
    reload_expect(w, "same=3 live=0 relimit=0 roll=0 added=0 removed=0");
    await(w, "job.waiting job=web.1 for=bad");
    expect_lines(w, "job.ended job=web.1 * cause=dependency", 1);
    process_wait(web);
    file_anew(w);
    db_and_web(w, "after = db\n", bad);
    reload_expect(w, "same=3 live=0 relimit=0 roll=0 added=0 removed=0");
    await_n(w, "job.started job=web.1", 2);
    await_file(w, "web", "", 2, NULL);
    assert_false(process_gone(db));
    assert_int_equal(service_stop(w), 1); /* bad has failed */
    expect_order(w, "job.ended job=web.1", "job.stopping job=db.1");
}

static void after__goes_while_the_job_waits__it_starts(struct world *w)
{
    const char *const slow = "ready = file:never\nready_timeout = 1h\n";
    job_file(w,
             "[defaults]\nstop = terminate\n[job:slow]\ncommand = @worker --hold\n%s"
             "[job:web]\ncommand = @worker --hold\nafter = slow\n",
             slow);
    service_start(w);
    await(w, "job.waiting job=web.1 for=slow");
    await(w, "job.started job=slow.1");
    expect_starts(w, "web.1", 0);
    file_anew(w);
    job_file(w,
             "[defaults]\nstop = terminate\n[job:slow]\ncommand = @worker --hold\n%s"
             "[job:web]\ncommand = @worker --hold\n",
             slow);
    reload_expect(w, "same=2 live=0 relimit=0 roll=0 added=0 removed=0");
    await(w, "job.started job=web.1");
    expect_starts(w, "slow.1", 1);
    expect_lines(w, "job.ready job=slow.1", 0);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(fifty_instances__become_sixty_then_forty__the_rest_keep_their_process),
        E2E(file__one_job_of_each_fate__only_those_that_must_change_their_process),
        E2E(removed_job__its_definition_is_gone__is_stopped_by_the_old_one),
        E2E(removed_job__is_back_before_it_has_ended__runs_anew_by_the_new_one),
        E2E(limit__becomes_smaller__holds_for_the_process_that_runs),
        E2E(requires__comes_while_both_run__keeps_them_and_orders_the_stop),
        E2E(required_job__is_removed_with_the_need__the_dependent_runs_on),
        E2E(requires__names_a_job_that_has_failed__the_dependent_is_stopped_and_waits),
        E2E(after__goes_while_the_job_waits__it_starts),
    };
    return cmocka_run_group_tests_name("taking changed definitions over", tests, NULL, NULL);
}
