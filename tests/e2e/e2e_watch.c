/* e2e_watch.c - a job file that is taken over by itself: watch_config. */
#include "harness_ask.h"
#include "harness_limits.h"
#include "harness_other.h"
#include "harness_reload.h"

#include <stdlib.h>

#define WORKER "command = @worker --hold\nstop = terminate\n"

/* In one step, as file_replace() does it, for another file than the job file. */
static void put(struct world *w, const char *name, const char *text)
{
    struct buf mine = w->ini;
    char *path = below(w, name), *next = path_f("%s.new", path);
    wchar_t *to = wide_or_fail(path), *from = wide_or_fail(next);
    w->ini = (struct buf){0};
    job_file(w, "%s", text);
    file_write(next, buf_view(&w->ini));
    buf_free(&w->ini);
    w->ini = mine;
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;
         !MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING); Sleep(POLL_MS))
        if (GetTickCount64() >= end)
            fail_msg("%s cannot be replaced: Windows error %lu", path, GetLastError());
    free(from);
    free(to);
    free(next);
    free(path);
}

static void main_file(struct world *w, const char *watch, int instances)
{
    file_anew(w);
    job_file(w,
             "watch_config = %s\n[include]\nfiles = jobs.d\\*.ini\n[job:a]\n" WORKER
             "instances = %d\n",
             watch, instances);
}

/* A file of its own that nobody watches is no change. */
static void begin(struct world *w, const char *watch)
{
    char *folder = below(w, "jobs.d");
    folder_make(folder);
    free(folder);
    put(w, "jobs.d\\b.ini", "[job:b]\n" WORKER);
    main_file(w, watch, 1);
    service_start(w);
    await_running(w, 2);
}

static void changed_files__watched__are_taken_over_without_a_command(struct world *w)
{
    begin(w, "yes");
    HANDLE a = worker_of(w, "a.1"), b = worker_of(w, "b.1");
    main_file(w, "yes", 2);
    file_replace(w);
    await(w, "config.taken * added=1 removed=0");
    await(w, "job.started job=a.2");
    put(w, "jobs.d\\b.ini", "[job:b]\n" WORKER "instances = 2\n");
    await(w, "job.started job=b.2");
    put(w, "jobs.d\\c.ini", "[job:c]\n" WORKER); /* a new one that fits the pattern */
    await(w, "job.started job=c.1");
    expect_lines(w, "config.taken * added=1 removed=0", 3);
    await_running(w, 5);
    char *path = below(w, "jobs.d\\c.ini");
    wchar_t *wide = wide_or_fail(path);
    assert_true(DeleteFileW(wide));
    await(w, "job.removed job=c.1");
    free(wide);
    free(path);
    assert_false(process_gone(a) || process_gone(b));
    expect_lines(w, "control.command", 0);
    expect_lines(w, "config.refused", 0);
    assert_int_equal(service_stop(w), 0);
}

static void broken_file__watched__changes_nothing_until_it_is_mended(struct world *w)
{
    begin(w, "yes");
    HANDLE a = worker_of(w, "a.1"), b = worker_of(w, "b.1");
    put(w, "jobs.d\\b.ini", "[job:b]\ncomand = x\n");
    await(w, "error config.refused * mistakes=");
    await(w, "error config.mistake text=*did you mean 'command'?");
    tell(w, "status", 0, "2 instances: 2 running");
    expect_lines(w, "config.taken", 0);
    put(w, "jobs.d\\b.ini", "[job:b]\n" WORKER "instances = 2\n");
    await(w, "config.taken * added=1 removed=0");
    await(w, "job.started job=b.2");
    expect_lines(w, "config.refused", 1);
    assert_false(process_gone(a) || process_gone(b));
    assert_int_equal(service_stop(w), 0);
}

/* The include has found it, so the load has read it, though nothing was taken over. */
static void new_file__with_a_mistake__is_watched_until_it_is_mended(struct world *w)
{
    begin(w, "yes");
    put(w, "jobs.d\\c.ini", "[job:c]\ncomand = x\n");
    await(w, "error config.refused * mistakes=");
    put(w, "jobs.d\\c.ini", "[job:c]\n" WORKER);
    await(w, "job.started job=c.1");
    expect_lines(w, "config.refused", 1);
    assert_int_equal(service_stop(w), 0);
}

static void file__that_is_only_touched__keeps_what_was_set(struct world *w)
{
    begin(w, "yes\nlog_level = debug");
    tell(w, "set a job_memory_limit=2G", 0, "1 instance");
    await(w, "config.taken * overrides=1");
    put(w, "jobs.d\\b.ini", "[job:b]\n" WORKER);
    await(w, "config.unchanged");
    tell(w, "status a", 0, "a.1*");
    expect_lines(w, "config.taken", 1);
    assert_int_equal(service_stop(w), 0);
}

/* Another service watches the same file, and shows when a change has been there for long enough. */
static void watching__switched_off_by_a_reload__leaves_later_changes_alone(struct world *w)
{
    struct other witness;
    char *name = path_f("%s-witness", w->service);
    begin(w, "yes");
    other_start(w, "witness.ini", name, "watch_config = yes\n[include]\nfiles = jobs.d\\*.ini\n",
                &witness);
    other_await(&witness, "job.started job=b.1", 1);
    main_file(w, "no", 1);
    file_replace(w);
    await_n(w, "config.taken", 1);
    put(w, "jobs.d\\b.ini", "[job:b]\n" WORKER "instances = 2\n");
    other_await(&witness, "job.started job=b.2", 1);
    put(w, "jobs.d\\b.ini", "[job:b]\n" WORKER "instances = 3\n");
    other_await(&witness, "job.started job=b.3", 1);
    expect_lines(w, "config.taken", 1);
    tell(w, "reload", 0, "2 instances start");
    await_n(w, "config.taken * added=2 removed=0", 1);
    expect_lines(w, "config.taken", 2);
    main_file(w, "yes", 1); /* and on again */
    reload_expect(w, "same=4 live=0 relimit=0 roll=0 added=0 removed=0");
    put(w, "jobs.d\\b.ini", "[job:b]\n" WORKER "instances = 4\n");
    await(w, "job.started job=b.4");
    other_end(&witness);
    free(name);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(changed_files__watched__are_taken_over_without_a_command),
        E2E(broken_file__watched__changes_nothing_until_it_is_mended),
        E2E(new_file__with_a_mistake__is_watched_until_it_is_mended),
        E2E(file__that_is_only_touched__keeps_what_was_set),
        E2E(watching__switched_off_by_a_reload__leaves_later_changes_alone),
    };
    return cmocka_run_group_tests_name("a job file that is watched", tests, NULL, NULL);
}
