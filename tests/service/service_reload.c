/* service_reload.c - a changed job file under the SCM: `sc.exe control NAME paramchange`. */
#include "scene.h"

#include <stdlib.h>

/* Wine's sc.exe has no `control`; what Windows' own sends is sent here. */
static void param_change(struct scene *s)
{
    if (on_wine())
        assert_int_equal(scene_control(s, SERVICE_CONTROL_PARAMCHANGE), 0);
    else
        assert_int_equal(sc(s, NULL, "control \"%s\" paramchange", s->name), 0);
}

static void two_jobs(struct scene *s, const char *more)
{
    buf_reset(&s->w->ini);
    job_file(s->w,
             "[service]\nname = %s\nstop_timeout = 1h\n[defaults]\nstop = ctrl-c:1h\n"
             "[job:same]\ncommand = @worker --on-ctrl-c-exit 0 --pid-file same.pid --hold\n%s",
             s->name, more);
}

static void stop(struct scene *s, HANDLE process)
{
    assert_int_equal(sc(s, NULL, "stop \"%s\"", s->name), 0);
    assert_int_equal(scene_stopped(s, process).dwWin32ExitCode, NO_ERROR);
}

static void paramchange__file_has_changed__it_is_taken_over(struct scene *s)
{
    two_jobs(s, "[job:old]\ncommand = @worker --on-ctrl-c-exit 0 --pid-file old.pid --hold\n");
    scene_start(s);
    HANDLE process = scene_service_process(s);
    HANDLE same = scene_process(s, "same.pid"), old = scene_process(s, "old.pid");
    assert_int_equal(scene_status(s).dwControlsAccepted & SERVICE_ACCEPT_PARAMCHANGE,
                     SERVICE_ACCEPT_PARAMCHANGE);
    two_jobs(s, "[job:new]\ncommand = @worker --on-ctrl-c-exit 0 --pid-file new.pid --hold\n");
    scene_write_jobs(s);
    param_change(s);
    scene_await_log(s, "config.taken * same=1 live=0 relimit=0 roll=0 added=1 removed=1", 1, NULL);
    HANDLE new = scene_process(s, "new.pid");
    process_wait(old);
    scene_await_log(s, "job.removed job=old.1", 1, NULL);
    assert_false(process_gone(same));
    assert_false(process_gone(new));
    assert_int_equal(scene_status(s).dwCurrentState, SERVICE_RUNNING);
    stop(s, process);
    assert_true(people_all_gone(&s->w->people));
}

static void paramchange__file_has_mistakes__nothing_changes_and_the_service_runs_on(struct scene *s)
{
    struct buf log = {0};
    two_jobs(s, "");
    scene_start(s);
    HANDLE process = scene_service_process(s), same = scene_process(s, "same.pid");
    two_jobs(s, "[job:new]\ncomand = x\n");
    scene_write_jobs(s);
    param_change(s);
    scene_await_log(s, "error config.refused * reason=\"the job file has mistakes\"", 1, NULL);
    scene_await_log(s, "error config.mistake text=*comand", 1, NULL);
    two_jobs(s, "");
    scene_write_jobs(s);
    param_change(s);
    scene_await_log(s, "config.taken * same=1 live=0 relimit=0 roll=0 added=0 removed=0", 1, &log);
    assert_int_equal(lines_matching(buf_view(&log), "job.started"), 1);
    assert_false(process_gone(same));
    assert_int_equal(scene_status(s).dwCurrentState, SERVICE_RUNNING);
    stop(s, process);
    buf_free(&log);
}

static void reload__by_the_command__reaches_the_service(struct scene *s)
{
    two_jobs(s, "");
    scene_start(s);
    HANDLE process = scene_service_process(s), same = scene_process(s, "same.pid");
    two_jobs(s, "[job:new]\ncommand = @worker --on-ctrl-c-exit 0 --pid-file new.pid --hold\n");
    scene_write_jobs(s);
    char *words = path_f("reload --config \"%s\"", s->ini);
    struct buf out = {0};
    assert_int_equal(verb(s->w, words, &out, &out), 0);
    assert_true(text_has(buf_view(&out), "job new added: start 1 instance"));
    scene_await_log(s, "config.taken * same=1 live=0 relimit=0 roll=0 added=1 removed=0", 1, NULL);
    assert_false(process_gone(scene_process(s, "new.pid")));
    assert_false(process_gone(same));
    stop(s, process);
    buf_free(&out);
    free(words);
}

static void paramchange__while_it_stops__is_refused(struct scene *s)
{
    two_jobs(s, "[job:slow]\nstdout = slow.txt\n"
                "command = @worker --ignore-ctrl-c --echo ready --wait-file let-go --exit 0\n");
    scene_start(s);
    HANDLE process = scene_service_process(s);
    char *out = in_jobs("slow.txt"), *let_go = full_in_jobs(s, "let-go");
    await_file(s->w, out, "ready", 1, NULL);
    assert_int_equal(sc(s, NULL, "stop \"%s\"", s->name), 0);
    scene_await_log(s, "job.stop_rung job=slow.1", 1, NULL);
    assert_int_equal(scene_status(s).dwControlsAccepted & SERVICE_ACCEPT_PARAMCHANGE, 0);
    assert_int_not_equal(scene_control(s, SERVICE_CONTROL_PARAMCHANGE), 0);
    file_write(let_go, STR(""));
    assert_int_equal(scene_stopped(s, process).dwWin32ExitCode, NO_ERROR);
    free(let_go);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(paramchange__file_has_changed__it_is_taken_over),
        SCENE(paramchange__file_has_mistakes__nothing_changes_and_the_service_runs_on),
        SCENE(reload__by_the_command__reaches_the_service),
        SCENE(paramchange__while_it_stops__is_refused),
    };
    return cmocka_run_group_tests_name("a changed job file of a service", tests, NULL, NULL);
}
