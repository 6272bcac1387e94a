/* e2e_reload.c - when a changed job file is taken over, and when it is refused. */
#include "harness_limits.h"
#include "harness_reload.h"
#include "harness_said.h"

#include <stdlib.h>

/* --- refusals --------------------------------------------------------------------------- */
static void file__with_mistakes__changes_nothing_and_they_are_in_the_log(struct world *w)
{
    const char *const good = "[job:a]\ncommand = @worker --hold\nstop = terminate\n";
    job_file(w, "%s", good);
    service_start(w);
    HANDLE a = worker_of(w, "a.1");
    job_file(w, "[job:b]\ncommand = @worker --hold\ninstances = many\n"
                "[job:c]\ncommand = @worker --hold\nafter = nobody\n");
    file_replace(w);
    expect(w, "reload --config jobs.ini", 1, "the job file has mistakes");
    await_n(w, "error config.mistake text=*jobs.ini", 2);
    expect_lines(w, "error config.refused * reason=\"the job file has mistakes\" mistakes=2", 1);
    expect_lines(w, "config.mistake text=*instances", 1);
    expect_lines(w, "config.mistake text=*nobody", 1);
    expect_lines(w, "config.taken", 0);
    expect_lines(w, "job.started", 1);
    assert_false(process_gone(a));
    file_anew(w);
    job_file(w, "%s[job:b]\ncommand = @worker --hold\nstop = terminate\n", good);
    reload_expect(w, "same=1 live=0 relimit=0 roll=0 added=1 removed=0");
    await(w, "job.started job=b.1");
    assert_false(process_gone(a));
    assert_int_equal(service_stop(w), 0);
}

static void file__is_missing__changes_nothing(struct world *w)
{
    job_file(w, "[job:a]\ncommand = @worker --hold\nstop = terminate\n");
    service_start(w);
    HANDLE a = worker_of(w, "a.1");
    char *ini = below(w, "jobs.ini");
    wchar_t *wide = wide_or_fail(ini);
    assert_true(DeleteFileW(wide));
    reload_ring(w);
    await(w, "error config.refused * mistakes=1");
    await(w, "error config.mistake text=*jobs.ini");
    assert_false(process_gone(a));
    reload_expect(w, "same=1 live=0 relimit=0 roll=0 added=0 removed=0");
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.started", 1);
    free(wide);
    free(ini);
}

static void reload__while_the_fleet_stops__is_refused(struct world *w)
{
    job_file(w, "stop_timeout = 1d\n[job:slow]\ncommand = @worker --ignore-ctrl-c --echo ready "
                "--wait-file go\nstdout = slow.txt\nstop = ctrl-c:1h\n");
    service_start(w);
    await_file(w, "slow.txt", "ready", 1, NULL);
    service_ctrl_c(w);
    await(w, "job.stop_rung job=slow.1");
    job_file(w, "[job:new]\ncommand = @worker --hold\n");
    file_replace(w);
    expect(w, "reload --config jobs.ini", 1, "the service is being stopped");
    make_file(w, "go");
    assert_int_equal(service_wait(w), 0);
    expect_lines(w, "config.taken", 0);
    expect_lines(w, "job.started", 1);
}

static void reload__nobody_of_that_name_runs__says_so(struct world *w)
{
    job_file(w, "[job:a]\ncommand = @worker --hold\n");
    save(w);
    expect(w, "reload --config jobs.ini", 1, "no service named");
}

/* --- more than one -------------------------------------------------------------------------- */
static void instances_of(struct world *w, int n)
{
    file_anew(w);
    job_file(w, "[job:a]\ncommand = @worker --hold\nstop = terminate\ninstances = %d\n", n);
}

static void reloads__two_at_once__the_last_file_holds_and_each_is_started_once(struct world *w)
{
    struct program two[2] = {{0}};
    HANDLE job = killing_job();
    instances_of(w, 1);
    service_start(w);
    HANDLE first = worker_of(w, "a.1");
    instances_of(w, 2);
    file_replace(w);
    reload_ring(w);
    instances_of(w, 3); /* while that one is perhaps being read */
    file_replace(w);
    reload_ring(w);
    await(w, "job.started job=a.3");
    instances_of(w, 4);
    file_replace(w);
    for (int i = 0; i < 2; i++) {
        char *command = path_f("\"%s\" reload --config jobs.ini", w->jobwarden);
        char *out = path_f("%s\\reload.out.%d", w->dir, i);
        char *err = path_f("%s\\reload.err.%d", w->dir, i);
        program_start(command, w->dir, job, out, err, &two[i]);
        free(err);
        free(out);
        free(command);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(program_wait(&two[i]), 0);
        program_close(&two[i]);
    }
    CloseHandle(job);
    await(w, "job.started job=a.4");
    instances_of(w, 4);
    reload_expect(w, "same=4 live=0 relimit=0 roll=0 added=0 removed=0");
    for (int i = 1; i <= 4; i++) {
        char *unit = path_f("a.%d", i);
        expect_starts(w, unit, 1);
        free(unit);
    }
    assert_false(process_gone(first));
    expect_lines(w, "config.refused", 0);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(file__with_mistakes__changes_nothing_and_they_are_in_the_log),
        E2E(file__is_missing__changes_nothing),
        E2E(reload__while_the_fleet_stops__is_refused),
        E2E(reload__nobody_of_that_name_runs__says_so),
        E2E(reloads__two_at_once__the_last_file_holds_and_each_is_started_once),
    };
    return cmocka_run_group_tests_name("reading the job file again", tests, NULL, NULL);
}
