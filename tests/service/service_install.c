/* service_install.c - installer/install.cmd and uninstall.cmd, run by the real cmd.exe. */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>

#define SCRIPTS PROGRAM_FOLDER "\\installer"

static void copy_script(struct scene *s, const char *name)
{
    struct buf text = {0};
    char *from = path_beside_test(name), *file = path_f("%s\\%s", SCRIPTS, name);
    char *folder = below(s->w, SCRIPTS), *to = below(s->w, file);
    assert_true(file_read(from, &text));
    folder_make(folder);
    file_write(to, buf_view(&text));
    buf_free(&text);
    free(from);
    free(file);
    free(folder);
    free(to);
}

/* `SCRIPT WORDS` in cmd.exe, in the job file's folder; its exit code. */
static DWORD script(struct scene *s, const char *name, struct buf *said, const char *fmt, ...)
    JW_PRINTF(4, 5);

static DWORD script(struct scene *s, const char *name, struct buf *said, const char *fmt, ...)
{
    char words[4096];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(words, sizeof words, fmt, args);
    va_end(args);
    assert_in_range(n, 0, sizeof words - 1);
    copy_script(s, name);
    char *folder = below(s->w, JOB_FOLDER);
    /* cmd.exe takes the outermost pair of quotes away. */
    char *command =
        path_f("cmd.exe /d /s /c \"\"%s\\%s\\%s\" %s\"", s->w->dir, SCRIPTS, name, words);
    DWORD code = program_run(command, folder, said, said);
    free(command);
    free(folder);
    return code;
}

static void web_job(struct scene *s)
{
    job_file(s->w, "[job:web]\ncommand = @worker --on-ctrl-c-exit 0 --pid-file web.pid --hold\n");
    scene_write_jobs(s);
}

static void assert_code(DWORD code, DWORD want, struct buf *said)
{
    if (code != want)
        fail_msg("exit code %lu instead of %lu:\n%s", code, want, buf_text(said));
    buf_reset(said);
}

static void assert_image_path(struct scene *s)
{
    char *path = scene_image_path(s);
    char *want = path_f("\"%s\" service --config \"%s\"", s->exe, s->ini);
    assert_string_equal(path, want);
    free(want);
    free(path);
}

/* Windows' own 10 s would cut the fleet's stop_timeout short when the machine goes down. */
static void assert_preshutdown(struct scene *s)
{
    DWORD ms = 0, n = sizeof ms;
    char *path = path_f("SYSTEM\\CurrentControlSet\\Services\\%s", s->name);
    wchar_t *wide = wide_or_fail(path);
    assert_int_equal(RegGetValueW(HKEY_LOCAL_MACHINE, wide, L"PreshutdownTimeout", RRF_RT_REG_DWORD,
                                  NULL, &ms, &n),
                     ERROR_SUCCESS);
    assert_int_equal(ms, 60000);
    free(wide);
    free(path);
}

static void install__twice__registers_the_quoted_paths_and_the_service_starts(struct scene *s)
{
    struct buf said = {0};
    web_job(s);
    for (int i = 0; i < 2; i++) {
        DWORD code = script(s, "install.cmd", &said, "\"%s\" \"%s\"", s->name, s->ini);
        if (!text_has(buf_view(&said), "registered"))
            fail_msg("install.cmd said:\n%s", buf_text(&said));
        assert_code(code, 0, &said);
        assert_image_path(s);
        assert_preshutdown(s);
        assert_int_equal(scene_status(s).dwCurrentState, SERVICE_STOPPED);
    }
    assert_int_equal(scene_start_code(s), 0);
    scene_await_state(s, SERVICE_RUNNING);
    HANDLE process = scene_service_process(s);
    scene_process(s, "web.pid");
    assert_int_equal(sc(s, NULL, "stop \"%s\"", s->name), 0);
    scene_stopped(s, process);
    assert_true(people_all_gone(&s->w->people));
    buf_free(&said);
}

static void install__relative_job_file_and_a_program_by_name__registers_full_paths(struct scene *s)
{
    struct buf said = {0};
    web_job(s);
    char *other = path_f("%s\\other.exe", s->w->dir);
    wchar_t *from = wide_or_fail(s->exe), *to = wide_or_fail(other);
    assert_true(MoveFileW(from, to));
    free(s->exe);
    s->exe = other;
    assert_code(script(s, "install.cmd", &said, "\"%s\" \"jobs & more (1)!.ini\" \"..\\other.exe\"",
                       s->name),
                0, &said);
    assert_image_path(s);
    free(from);
    free(to);
    buf_free(&said);
}

static void install__service_is_there_with_another_job_file__is_changed(struct scene *s)
{
    struct buf said = {0};
    char *right = s->ini;
    s->ini = full_in_jobs(s, "wrong.ini");
    scene_create(s);
    free(s->ini);
    s->ini = right;
    web_job(s);
    assert_code(script(s, "install.cmd", &said, "%s \"%s\"", s->name, s->ini), 0, &said);
    assert_image_path(s);
    buf_free(&said);
}

static void install__something_is_wrong__says_it_and_registers_nothing(struct scene *s)
{
    struct buf said = {0};
    /* No job file. */
    DWORD code = script(s, "install.cmd", &said, "%s \"%s\"", s->name, s->ini);
    assert_true(text_has(buf_view(&said), "does not exist"));
    assert_code(code, 1, &said);
    /* One with mistakes. */
    job_file(s->w, "[job:bad]\ncommand = x\ncolour = red\n");
    scene_write_jobs(s);
    code = script(s, "install.cmd", &said, "%s \"%s\"", s->name, s->ini);
    assert_true(text_has(buf_view(&said), "error[unknown-key]"));
    assert_true(text_has(buf_view(&said), "nothing was registered"));
    assert_code(code, 1, &said);
    /* No program. */
    code = script(s, "install.cmd", &said, "%s \"%s\" no-such.exe", s->name, s->ini);
    assert_true(text_has(buf_view(&said), "no-such.exe\" does not exist"));
    assert_code(code, 1, &said);
    assert_false(scene_registered(s));
    buf_free(&said);
}

static void uninstall__running_service__stops_and_removes_it_and_may_be_repeated(struct scene *s)
{
    struct buf said = {0};
    web_job(s);
    assert_code(script(s, "install.cmd", &said, "\"%s\" \"%s\"", s->name, s->ini), 0, &said);
    assert_int_equal(scene_start_code(s), 0);
    scene_await_state(s, SERVICE_RUNNING);
    scene_service_process(s);
    scene_process(s, "web.pid");
    assert_code(script(s, "uninstall.cmd", &said, "\"%s\"", s->name), 0, &said);
    assert_false(scene_registered(s));
    people_wait_gone(&s->w->people);
    scene_await_log(s, "service.stopped exit_code=0", 1, NULL);
    DWORD code = script(s, "uninstall.cmd", &said, "\"%s\"", s->name);
    assert_true(text_has(buf_view(&said), "nothing to do"));
    assert_code(code, 0, &said);
    buf_free(&said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(install__twice__registers_the_quoted_paths_and_the_service_starts),
        SCENE(install__relative_job_file_and_a_program_by_name__registers_full_paths),
        SCENE(install__service_is_there_with_another_job_file__is_changed),
        SCENE(install__something_is_wrong__says_it_and_registers_nothing),
        SCENE(uninstall__running_service__stops_and_removes_it_and_may_be_repeated),
    };
    return cmocka_run_group_tests_name("the installer's scripts", tests, NULL, NULL);
}
