/* service_start.c - a service that cannot start, or that gives up: what the SCM and the operator
 * see. */
#include "scene.h"

#include <stdlib.h>

/* As scm.c numbers them. */
enum { EXIT_CONFIG = 1, EXIT_OPEN = 2, EXIT_FLEET = 3 };

/* Starts it, awaits its end and appends what it left for the operator. */
static void start_and_fail(struct scene *s, DWORD exit_code, struct buf *told)
{
    scene_create(s);
    /* The SCM may take it as started or as failed, as it finds it. */
    sc(s, NULL, "start \"%s\"", s->name);
    SERVICE_STATUS_PROCESS st = scene_stopped(s, NULL);
    assert_int_equal(st.dwWin32ExitCode, ERROR_SERVICE_SPECIFIC_ERROR);
    assert_int_equal(st.dwServiceSpecificExitCode, exit_code);
    if (!told)
        return;
    char *log = path_f("logs\\%s.start-failed.log", s->name), *file = in_jobs(log);
    await_file(s->w, file, NULL, 0, told);
    free(file);
    free(log);
}

static void assert_told(const struct buf *told, const char *pattern)
{
    if (lines_matching(buf_view(told), pattern) != 1)
        fail_msg("no line, or more than one, '%s' in:\n%s", pattern, buf_text(told));
}

static void job_file__has_mistakes__all_are_told_and_nothing_is_started(struct scene *s)
{
    struct buf told = {0};
    job_file(s->w, "[job:good]\ncommand = @worker --touch good.was-here --hold\n"
                   "[job:bad]\ncommand = @worker --hold\ncolour = red\nrestart_delay = soon\n");
    scene_write_jobs(s);
    start_and_fail(s, EXIT_CONFIG, &told);
    assert_told(&told, "the service '*' could not start");
    assert_told(&told, s->name);
    assert_told(&told, "jobs & more (1)!.ini:7: error[unknown-key]: *colour");
    assert_told(&told, "jobs & more (1)!.ini:8: error[bad-value]: *soon");
    char *file = full_in_jobs(s, "good.was-here"), *log = below(s->w, s->log);
    assert_false(file_exists(file));
    assert_false(file_exists(log));
    free(file);
    free(log);
    buf_free(&told);
}

static void job_file__is_missing__the_failure_names_it(struct scene *s)
{
    struct buf told = {0};
    start_and_fail(s, EXIT_CONFIG, &told);
    assert_told(&told, "jobs & more (1)!.ini: error[unreadable-file]");
    buf_free(&told);
}

static void job_file__is_mended_after_a_failed_start__the_service_starts(struct scene *s)
{
    job_file(s->w, "[job:web]\ncommand = @worker --pid-file web.pid --hold\nstop = terminate\n");
    start_and_fail(s, EXIT_CONFIG, NULL);
    scene_write_jobs(s);
    assert_int_equal(scene_start_code(s), 0);
    scene_await_state(s, SERVICE_RUNNING);
    HANDLE process = scene_service_process(s);
    scene_process(s, "web.pid");
    assert_int_equal(sc(s, NULL, "stop \"%s\"", s->name), 0);
    assert_int_equal(scene_stopped(s, process).dwWin32ExitCode, NO_ERROR);
}

static void name__another_program_runs_it_already__the_failure_says_so(struct scene *s)
{
    struct buf told = {0};
    job_file(s->w, "object_namespace = global\n"
                   "[job:web]\ncommand = @worker --hold\nstop = terminate\n");
    service_start(s->w); /* in the foreground, with a job file of its own */
    await(s->w, "job.started job=web.1");
    buf_reset(&s->w->ini);
    job_file(s->w,
             "[service]\nname = %s\nobject_namespace = global\n"
             "[job:web]\ncommand = @worker --touch second --hold\n",
             s->name);
    scene_write_jobs(s);
    start_and_fail(s, EXIT_OPEN, &told);
    assert_told(&told, "is already running");
    char *file = full_in_jobs(s, "second");
    assert_false(file_exists(file));
    free(file);
    assert_true(program_alive(&s->w->warden));
    assert_int_equal(service_stop(s->w), 0);
    buf_free(&told);
}

static void job__gives_up_with_exit_service__the_service_stops_with_an_error(struct scene *s)
{
    job_file(s->w, "[job:bad]\ncommand = @worker --exit 1\nrestart_delay = 0\nstart_limit = 2\n"
                   "start_limit_interval = 1d\nstart_limit_action = exit-service\n"
                   "[job:good]\ncommand = @worker --on-ctrl-c-exit 41 --hold\n");
    scene_write_jobs(s);
    start_and_fail(s, EXIT_FLEET, NULL);
    scene_await_log(s, "service.exit_requested", 1, NULL);
    scene_await_log(s, "service.stopped exit_code=1", 1, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(job_file__has_mistakes__all_are_told_and_nothing_is_started),
        SCENE(job_file__is_missing__the_failure_names_it),
        SCENE(job_file__is_mended_after_a_failed_start__the_service_starts),
        SCENE(name__another_program_runs_it_already__the_failure_says_so),
        SCENE(job__gives_up_with_exit_service__the_service_stops_with_an_error),
    };
    return cmocka_run_group_tests_name("a service that fails", tests, NULL, NULL);
}
