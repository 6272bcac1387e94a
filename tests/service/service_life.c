/* service_life.c - a service from its registration by sc.exe to its removal. */
#include "scene.h"

#include <stdlib.h>

enum { WEBS = 3, MANY = 60 };

/* Three workers that answer Ctrl+C, each with its pid file and its own output. */
static void web_jobs(struct scene *s)
{
    job_file(s->w,
             "stop_timeout = 1d\n[job:web]\ninstances = %d\nstop = ctrl-c:1h\n"
             "command = @worker --on-ctrl-c-exit 41 --pid-file web.${instance}.pid --hold\n"
             "stdout = web.${instance}.txt\n",
             WEBS);
}

static void web_processes(struct scene *s, HANDLE out[WEBS])
{
    for (int i = 0; i < WEBS; i++) {
        char *file = path_f("web.%d.pid", i + 1);
        out[i] = scene_process(s, file);
        free(file);
    }
}

static void await_jobs_file(struct scene *s, const char *name, const char *pattern)
{
    char *file = in_jobs(name);
    await_file(s->w, file, pattern, 1, NULL);
    free(file);
}

/* Until no instance of JOB has a Job Object.  Under Wine an ended process that somebody holds open,
 * as the tests do, keeps its job's name. */
static void await_no_job(struct scene *s, const char *job, int instances)
{
    people_close(&s->w->people);
    for (int i = 1; i <= instances; i++) {
        char *name = path_f("Global\\%s.%s.%d", s->name, job, i);
        for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; job_exists(name); Sleep(POLL_MS))
            if (GetTickCount64() >= end)
                fail_msg("the job %s is still there", name);
        free(name);
    }
}

static void
service__started_and_stopped_by_sc__workers_run_and_end_by_their_handlers(struct scene *s)
{
    HANDLE web[WEBS];
    struct buf log = {0};
    web_jobs(s);
    scene_start(s);
    HANDLE process = scene_service_process(s);
    web_processes(s, web);
    assert_int_not_equal(sc(s, NULL, "start \"%s\"", s->name), 0);
    assert_int_equal(scene_start_code(s), ERROR_SERVICE_ALREADY_RUNNING);
    for (int i = 0; i < WEBS; i++) {
        char *name = path_f("Global\\%s.web.%d", s->name, i + 1);
        HANDLE job = job_open(name);
        assert_true(job_has(job, web[i]));
        assert_false(job_has(job, process));
        CloseHandle(job);
        free(name);
    }
    assert_int_equal(sc(s, NULL, "stop \"%s\"", s->name), 0);
    SERVICE_STATUS_PROCESS st = scene_stopped(s, process);
    assert_int_equal(st.dwWin32ExitCode, NO_ERROR);
    assert_true(people_all_gone(&s->w->people));
    scene_await_log(s, "service.stopped exit_code=0", 1, &log);
    assert_int_equal(lines_matching(buf_view(&log), "service.stopping cause=operator"), 1);
    assert_int_equal(lines_matching(buf_view(&log), "job.ended * code=41 * cause=operator"), WEBS);
    assert_int_equal(lines_matching(buf_view(&log), "job.terminated"), 0);
    await_jobs_file(s, "web.1.txt", "got ctrl-c");
    await_jobs_file(s, "web.3.txt", "got ctrl-c");
    await_no_job(s, "web", WEBS);
    assert_int_equal(sc(s, NULL, "delete \"%s\"", s->name), 0);
    assert_false(scene_registered(s));
    assert_int_not_equal(sc(s, NULL, "query \"%s\"", s->name), 0);
    buf_free(&log);
}

/* Until the check point is above POINT. */
static DWORD check_point_after(struct scene *s, DWORD point)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        SERVICE_STATUS_PROCESS st = scene_status(s);
        assert_int_equal(st.dwCurrentState, SERVICE_STOP_PENDING);
        assert_int_equal(st.dwControlsAccepted, 0);
        assert_true(st.dwWaitHint > 0);
        if (st.dwCheckPoint > point)
            return st.dwCheckPoint;
        if (GetTickCount64() >= end)
            fail_msg("the check point stays %lu", point);
    }
}

static void stopping__takes_long__check_points_rise_until_it_is_done(struct scene *s)
{
    struct buf said = {0};
    job_file(s->w, "stop_timeout = 1d\n[job:slow]\nstop = ctrl-c:1h\nstdout = slow.txt\n"
                   "command = @worker --ignore-ctrl-c --pid-file slow.pid --wait-file let-go "
                   "--exit 0\n");
    scene_start(s);
    SERVICE_STATUS_PROCESS running = scene_status(s);
    assert_int_equal(running.dwCheckPoint, 0);
    assert_int_equal(running.dwWaitHint, 0);
    assert_int_equal(running.dwControlsAccepted & SERVICE_ACCEPT_STOP, SERVICE_ACCEPT_STOP);
    HANDLE process = scene_service_process(s), worker = scene_process(s, "slow.pid");
    assert_int_equal(sc(s, NULL, "stop \"%s\"", s->name), 0);
    assert_int_equal(sc(s, &said, "query \"%s\"", s->name), 0);
    assert_true(text_has(buf_view(&said), "3  STOP_PENDING"));
    DWORD point = check_point_after(s, 0);
    for (int i = 0; i < 2; i++)
        point = check_point_after(s, point);
    await_jobs_file(s, "slow.txt", "ignored ctrl-c");
    assert_false(process_gone(worker));
    char *let_go = full_in_jobs(s, "let-go");
    file_write(let_go, STR(""));
    free(let_go);
    SERVICE_STATUS_PROCESS st = scene_stopped(s, process);
    assert_int_equal(st.dwWin32ExitCode, NO_ERROR);
    assert_int_equal(st.dwCheckPoint, 0);
    assert_int_equal(process_wait(worker), 0);
    buf_free(&said);
}

static void stop__while_workers_are_still_being_started__ends_all_of_them(struct scene *s)
{
    struct buf log = {0};
    job_file(s->w,
             "[job:many]\ncommand = @worker --on-ctrl-c-exit 0 --hold\ninstances = %d\n"
             "stdout = null\nstop = ctrl-c:2s\n",
             MANY);
    scene_start(s);
    HANDLE process = scene_service_process(s);
    scene_await_log(s, "job.started", 1, NULL);
    assert_int_equal(sc(s, NULL, "stop \"%s\"", s->name), 0);
    assert_int_equal(scene_stopped(s, process).dwWin32ExitCode, NO_ERROR);
    scene_await_log(s, "service.stopped exit_code=0", 1, &log);
    assert_int_equal(lines_matching(buf_view(&log), "job.ended"),
                     lines_matching(buf_view(&log), "job.started"));
    await_no_job(s, "many", MANY);
    buf_free(&log);
}

static void worker__killed_under_the_service__is_started_again(struct scene *s)
{
    web_jobs(s);
    scene_start(s);
    HANDLE process = scene_service_process(s), first = scene_process(s, "web.2.pid");
    char *file = full_in_jobs(s, "web.2.pid");
    wchar_t *wide = wide_or_fail(file);
    assert_true(DeleteFileW(wide));
    free(wide);
    free(file);
    assert_true(TerminateProcess(first, 7));
    process_wait(first);
    HANDLE second = scene_process(s, "web.2.pid");
    assert_false(process_gone(second));
    scene_await_log(s, "job.ended job=web.2 * code=7 * cause=exit", 1, NULL);
    scene_await_log(s, "job.started job=web.2", 2, NULL);
    assert_int_equal(sc(s, NULL, "stop \"%s\"", s->name), 0);
    scene_stopped(s, process);
    assert_true(process_gone(second));
}

/* Until each tree has said of N children that they are there.  Wine may keep for ever what is
 * terminated while it starts. */
static void await_children(struct scene *s, size_t n)
{
    for (int i = 1; i <= 2; i++) {
        char *name = path_f("tree.%d.txt", i), *file = in_jobs(name);
        await_file(s->w, file, "child ", n, NULL);
        free(file);
        free(name);
    }
}

static void service_process__killed_hard__leaves_no_worker_and_can_start_again(struct scene *s)
{
    job_file(s->w, "[job:tree]\ncommand = @worker --spawn 1 --spawn-depth 2 --ignore-ctrl-c "
                   "--hold\ninstances = 2\nstdout = tree.${instance}.txt\nstop = terminate\n");
    scene_start(s);
    HANDLE process = scene_service_process(s);
    await_children(s, 2);
    for (int i = 1; i <= 2; i++) {
        char *name = path_f("Global\\%s.tree.%d", s->name, i);
        HANDLE job = job_open(name);
        job_people(job, &s->w->people);
        CloseHandle(job);
        free(name);
    }
    assert_int_equal(s->w->people.n, 1 + 2 * 3);
    assert_true(TerminateProcess(process, 1));
    people_wait_gone(&s->w->people);
    await_no_job(s, "tree", 2);
    /* Windows calls it STOPPED; Wine still says RUNNING, and starts it all the same. */
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; scene_start_code(s) != 0; Sleep(POLL_MS))
        if (GetTickCount64() >= end)
            fail_msg("the service does not start again");
    scene_await_log(s, "service.started", 2, NULL);
    await_children(s, 4);
    HANDLE again = scene_service_process(s);
    assert_int_equal(sc(s, NULL, "stop \"%s\"", s->name), 0);
    scene_stopped(s, again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(service__started_and_stopped_by_sc__workers_run_and_end_by_their_handlers),
        SCENE(stopping__takes_long__check_points_rise_until_it_is_done),
        SCENE(stop__while_workers_are_still_being_started__ends_all_of_them),
        SCENE(worker__killed_under_the_service__is_started_again),
        SCENE(service_process__killed_hard__leaves_no_worker_and_can_start_again),
    };
    return cmocka_run_group_tests_name("the life of a service", tests, NULL, NULL);
}
