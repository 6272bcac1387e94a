/* e2e_run.c - a fleet in the foreground: its Job Objects, their members, what children inherit. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

static void expect_own_job(struct world *w, const char *unit, HANDLE worker, HANDLE other)
{
    char *name = job_name(w, unit);
    HANDLE job = job_open(name);
    free(name);
    assert_true(job_has(job, worker));
    assert_false(job_has(job, other));
    if (!on_wine()) { /* which keeps no limits that could be read back */
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION x = {0};
        assert_true(
            QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &x, sizeof x, NULL));
        assert_true(x.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE);
    }
    CloseHandle(job);
}

static void fleet__several_jobs_and_instances__each_runs_in_a_job_of_its_own(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\ninstances = 3\n"
                "[job:batch]\ncommand = @worker --hold\nfirst_instance = 7\n"
                "[job:off]\ncommand = @worker --hold\nenabled = no\n");
    service_start(w);
    await_n(w, "job.started", 4);
    HANDLE batch = worker_of(w, "batch.7");
    const char *const web[] = {"web.1", "web.2", "web.3"};
    for (int i = 0; i < 3; i++)
        expect_own_job(w, web[i], worker_of(w, web[i]), batch);
    expect_own_job(w, "batch.7", batch, worker_of(w, "web.1"));
    assert_false(text_has(log_now(w), "job=off"));
    assert_int_equal(service_stop(w), 0);
    assert_true(people_all_gone(&w->people));
}

/* Polls, for a child is made after the worker was started. */
static void await_members(HANDLE job, size_t n, struct people *ret)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        people_close(ret);
        job_people(job, ret);
        if (ret->n >= n)
            return;
        if (GetTickCount64() >= end)
            fail_msg("%zu of %zu members came", ret->n, n);
    }
}

static void worker__starts_children_and_grandchildren__all_are_in_its_job(struct world *w)
{
    job_file(w, "[job:tree]\ncommand = @worker --spawn 2 --spawn-depth 2 --hold\n");
    service_start(w);
    char *name = job_name(w, "tree.1");
    HANDLE worker = worker_of(w, "tree.1"), job = job_open(name);
    free(name);
    struct people tree = {0};
    await_members(job, 7, &tree);
    assert_int_equal(tree.n, 7); /* 1 + 2 + 4 */
    assert_true(job_has(job, worker));
    CloseHandle(job);
    assert_int_equal(service_stop(w), 0);
    assert_true(people_all_gone(&tree));
    people_close(&tree);
}

static void stopped_fleet__its_jobs__have_no_name_any_more(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\n");
    service_start(w);
    char *name = job_name(w, "web.1");
    await(w, "job.started job=web.1");
    assert_true(job_exists(name));
    assert_int_equal(service_stop(w), 0);
    await_name_gone(name);
    free(name);
}

static void job_name__a_stranger_holds_it__that_job_fails_and_others_run(struct world *w)
{
    job_file(w, "[job:taken]\ncommand = @worker --pid-file taken.pid --hold\nrestart = never\n"
                "[job:event]\ncommand = @worker --pid-file event.pid --hold\nrestart = never\n"
                "[job:free]\ncommand = @worker --hold\n");
    wchar_t name[128];
    swprintf(name, 128, L"Global\\%hs.taken.1", w->service);
    HANDLE job = CreateJobObjectW(NULL, name);
    assert_non_null(job);
    swprintf(name, 128, L"Global\\%hs.event.1", w->service);
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, name);
    assert_non_null(event);
    service_start(w);
    await(w, "error job.start_failed job=taken.1 error=*already");
    await(w, "error job.start_failed job=event.1 error=");
    await(w, "job.failed job=taken.1 reason=*could not be started");
    await(w, "job.failed job=event.1 reason=*could not be started");
    HANDLE other = worker_of(w, "free.1");
    struct people strangers = {0};
    job_people(job, &strangers);
    assert_int_equal(strangers.n, 0); /* not adopted */
    assert_false(process_gone(other));
    assert_int_equal(service_stop(w), 1); /* two failed */
    char *pid = below(w, "taken.pid");
    assert_false(file_exists(pid));
    free(pid);
    CloseHandle(job);
    CloseHandle(event);
}

static uint64_t std_handle(struct str text, const char *name)
{
    char *pattern = path_f("%s=0x", name);
    struct str line = {0};
    for (struct str rest = text; line_next(&rest, &line);)
        if (str_starts(line, pattern))
            break;
    free(pattern);
    assert_non_null(line.p);
    return strtoull(line.p + strlen(name) + 1, NULL, 16);
}

static void worker__its_handles__are_the_three_meant_for_it(struct world *w)
{
    SECURITY_ATTRIBUTES sa = {.nLength = sizeof sa, .bInheritHandle = TRUE};
    HANDLE event = CreateEventW(&sa, TRUE, FALSE, NULL); /* jobwarden.exe inherits it from us */
    assert_non_null(event);
    job_file(w,
             "[job:look]\ncommand = @worker --set-event %llu --print-handles --echo done --hold\n"
             "stdout = look.txt\n",
             (unsigned long long)(uintptr_t)event);
    service_start(w);
    struct buf text = {0};
    await_file(w, "look.txt", "done", 1, &text);
    uint64_t std[] = {std_handle(buf_view(&text), "stdin"), std_handle(buf_view(&text), "stdout"),
                      std_handle(buf_view(&text), "stderr")};
    for (struct str rest = buf_view(&text), line; line_next(&rest, &line);) {
        if (!str_starts(line, "inheritable 0x"))
            continue;
        uint64_t h = strtoull(line.p + strlen("inheritable "), NULL, 16);
        if (h != std[0] && h != std[1] && h != std[2])
            fail_msg("%.*s", (int)line.n, line.p);
    }
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CloseHandle(event);
    buf_free(&text);
    assert_int_equal(service_stop(w), 0);
}

static void fleet__every_job_is_done__the_foreground_ends_by_itself(struct world *w)
{
    job_file(w, "[defaults]\nrestart = on-failure\n"
                "[job:first]\ncommand = @worker --exit 0\n"
                "[job:second]\ncommand = @worker --after 100 --exit 5\nsuccess_exit_codes = 5\n");
    service_start(w);
    assert_int_equal(service_wait(w), 0);
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "job.exited job=first.1"), 1);
    assert_int_equal(lines_matching(log, "job.exited job=second.1"), 1);
    assert_int_equal(lines_matching(log, "service.stopped exit_code=0"), 1);
}

static void service__in_no_job_and_an_odd_folder__runs_the_same(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --pid-file web.pid --hold\ninstances = 2\n"
                "directory = ${job} ${instance} Müller 資料 🚀\n");
    const char *const folder[] = {"web 1 Müller 資料 🚀", "web 2 Müller 資料 🚀"};
    for (int i = 0; i < 2; i++) {
        char *path = below(w, folder[i]);
        folder_make(path);
        free(path);
    }
    service_start(w);
    await_file(w, "web 1 Müller 資料 🚀\\web.pid", NULL, 0, NULL);
    await_file(w, "web 2 Müller 資料 🚀\\web.pid", NULL, 0, NULL);
    assert_int_equal(service_stop(w), 0);
}

/* These tests run several times, each with another switch; it must not be forgotten on the way. */
static void test_switch__of_this_run__is_a_warning_in_the_log(struct world *w)
{
    const char *on = getenv("JOBWARDEN_TEST");
    job_file(w, "[job:web]\ncommand = @worker --hold\n");
    service_start(w);
    struct str log = await(w, "job.started job=web.1");
    assert_int_equal(lines_matching(log, "warning service.test_switches"), on != NULL);
    bool dropped = on && strcmp(on, "drop-packets") == 0;
    bool suspended = on && strcmp(on, "suspended-spawn") == 0;
    assert_int_equal(lines_matching(log, "service.test_switches drop_packets=1"), dropped);
    assert_int_equal(lines_matching(log, "service.test_switches * suspended=1"), suspended);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(fleet__several_jobs_and_instances__each_runs_in_a_job_of_its_own),
        E2E(worker__starts_children_and_grandchildren__all_are_in_its_job),
        E2E(stopped_fleet__its_jobs__have_no_name_any_more),
        E2E(job_name__a_stranger_holds_it__that_job_fails_and_others_run),
        E2E(worker__its_handles__are_the_three_meant_for_it),
        E2E(fleet__every_job_is_done__the_foreground_ends_by_itself),
        E2E(test_switch__of_this_run__is_a_warning_in_the_log),
        E2E_PLAN(service__in_no_job_and_an_odd_folder__runs_the_same, " Müller 資料 🚀", true),
    };
    return cmocka_run_group_tests_name("a fleet in the foreground", tests, NULL, NULL);
}
