/* test_launch.c - which program, in which directory, and the errors when there is none. */
#include "tests/process/lab.h"

#include "service/win32/wine.h"

#include "service/win32/file.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum st prepare(const struct lab *l, const struct job_spec *spec, const char *command,
                       struct launch *ret, struct err *e)
{
    return launch_prepare(spec, command, "Jobwarden", l->folder, NULL, ret, e);
}

/* FOLDER\NAME becomes an empty file (it is only looked up), its folder is made. */
static void place(const struct lab *l, const char *name)
{
    char *path = scratch_path(l->folder, name);
    assert_int_equal(path_make_parents(path, NULL), ST_OK);
    scratch_write(path, "", 0);
    free(path);
}

/* COMMAND runs FOLDER\WANT. */
static void expect_program(const struct lab *l, const struct job_spec *spec, const char *command,
                           const char *want)
{
    struct launch launch = {0};
    struct err e = {0};
    if (prepare(l, spec, command, &launch, &e) != ST_OK)
        fail_msg("%s: %s", command, e.text);
    char *got = utf8_of(launch.application), *path = scratch_path(l->folder, want);
    assert_string_equal(got, path);
    free(got);
    free(path);
    launch_free(&launch);
}

static void expect_error(const struct lab *l, const struct job_spec *spec, const char *command,
                         enum st st, const char *words)
{
    struct launch launch = {0};
    struct err e = {0};
    assert_int_equal(prepare(l, spec, command, &launch, &e), st);
    if (!strstr(e.text, words))
        fail_msg("%s: %s", command, e.text);
    assert_null(launch.application);
    assert_null(launch.environment);
}

static void program__with_a_separator__is_found_from_the_directory(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    place(l, "bin\\web.exe");
    place(l, "bin\\both");
    place(l, "bin\\both.exe");
    place(l, "bin\\both.cmd");
    place(l, "bin\\plain");
    place(l, "bin\\v1.2.exe");
    place(l, "a b\\" ODD_NAME ".exe");
    expect_program(l, &spec, "bin\\web.exe x", "bin\\web.exe");
    expect_program(l, &spec, "bin/web", "bin\\web.exe");
    expect_program(l, &spec, ".\\bin\\both", "bin\\both.exe");
    expect_program(l, &spec, "bin\\plain", "bin\\plain");
    expect_program(l, &spec, "bin\\v1.2", "bin\\v1.2.exe");
    expect_program(l, &spec, "\"a b\\" ODD_NAME "\"", "a b\\" ODD_NAME ".exe");
    spec.directory = "bin";
    expect_program(l, &spec, ".\\web", "bin\\web.exe");
    expect_program(l, &spec, "..\\bin\\web.exe", "bin\\web.exe");
}

static void program__bare_name__is_found_on_the_workers_path_alone(void **state)
{
    const struct lab *l = *state;
    char path[2000];
    struct env_var var = {"Path", path};
    struct job_spec spec = lab_spec();
    snprintf(path, sizeof path, ";;C:\\missing;\"%s\\one\";%s\\two\\;three", l->folder, l->folder);
    spec.env = (struct env_vars){.n = 1, .var = &var};
    place(l, "one\\a.cmd.exe");
    place(l, "two\\a.exe");
    place(l, "two\\b.exe");
    place(l, "three\\b.exe");
    place(l, "three\\c.com");
    place(l, "here.exe");
    expect_program(l, &spec, "a", "two\\a.exe");
    expect_program(l, &spec, "b.exe", "two\\b.exe");
    expect_program(l, &spec, "c", "three\\c.com");
    expect_error(l, &spec, "here.exe", ST_NOTFOUND, "write .\\here.exe");
    expect_error(l, &spec, "nowhere", ST_NOTFOUND, "'nowhere' (with .exe, .com, .cmd, .bat)");
    expect_error(l, &spec, "nowhere", ST_NOTFOUND, "C:\\missing");
    expect_error(l, &spec, "cmd.exe", ST_NOTFOUND, "'cmd.exe'"); /* not on this PATH */
    var.value = "";
    expect_error(l, &spec, "a", ST_NOTFOUND, "PATH is empty");
}

static void program__missing__is_an_error_with_its_full_path(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    char *full = scratch_path(l->folder, "bin\\gone.exe");
    expect_error(l, &spec, "bin\\gone.exe", ST_NOTFOUND, full);
    expect_error(l, &spec, "bin\\gone.exe", ST_NOTFOUND, "(Windows error 3)");
    place(l, "bin\\folder\\x");
    expect_error(l, &spec, "bin\\gone", ST_NOTFOUND, "(also with .exe, .com, .cmd, .bat)");
    expect_error(l, &spec, "bin\\gone.exe", ST_NOTFOUND, "(Windows error 2)");
    expect_error(l, &spec, "bin\\folder", ST_NOTFOUND, "is a folder");
    expect_error(l, &spec, "\"x", ST_SYNTAX, "not closed");
    free(full);
}

static void directory__missing_or_a_file__is_an_error_with_its_name(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    char *command = lab_command(l, "--exit 0");
    place(l, "file");
    spec.directory = "missing " ODD_NAME;
    expect_error(l, &spec, command, ST_NOTFOUND, "missing " ODD_NAME);
    spec.directory = "file";
    expect_error(l, &spec, command, ST_NOTFOUND, "is a file");
    free(command);
}

static void directory__too_long_for_windows__is_an_error_not_a_riddle(void **state)
{
    const struct lab *l = *state;
    char deep[400], below[410];
    struct job_spec spec = lab_spec();
    char *command = lab_command(l, "--exit 0");
    memset(deep, 'x', sizeof deep);
    for (size_t i = 50; i < sizeof deep; i += 50)
        deep[i] = '\\';
    deep[sizeof deep - 1] = '\0';
    snprintf(below, sizeof below, "%s\\f", deep);
    place(l, below);
    spec.directory = deep;
    expect_error(l, &spec, command, ST_RANGE, "more than 258 characters");
    free(command);
}

static void directory__of_the_worker__is_the_one_that_was_asked_for(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    char *command = lab_command(l, "--print-cwd");
    static const char *const rows[] = {"", "a b " ODD_NAME};
    place(l, "a b " ODD_NAME "\\x");
    for (size_t i = 0; i < 2; i++) {
        spec.directory = rows[i];
        char *text = lab_run(l, &spec, command, NULL);
        char *want = path_join(l->folder, rows[i]);
        assert_memory_equal(text, "cwd=", 4);
        assert_memory_equal(text + 4, want, strlen(want));
        assert_string_equal(text + 4 + strlen(want), "\n");
        free(text);
        free(want);
    }
    free(command);
}

static void program__with_any_script_in_its_path__runs(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    char *copy = scratch_path(l->folder, ODD_NAME " worker.exe"), command[200];
    wchar_t *from = path_wide(l->worker), *to = path_wide(copy);
    DWORD code = 0;
    assert_true(CopyFileW(from, to, TRUE));
    snprintf(command, sizeof command, "\".\\%s worker\" --exit 9 --print-args", ODD_NAME);
    char *text = lab_run(l, &spec, command, &code);
    assert_int_equal(code, 9);
    assert_non_null(strstr(text, ODD_NAME " worker.exe\narg[1]=--exit\n"));
    free(text);
    free(from);
    free(to);
    free(copy);
}

static void program__with_a_path_beyond_max_path__runs(void **state)
{
    const struct lab *l = *state;
    char below[400];
    struct job_spec spec = lab_spec();
    DWORD code = 0;
    memset(below, 'x', sizeof below);
    for (size_t i = 50; i < 350; i += 50)
        below[i] = '\\';
    strcpy(below + 300, "\\w.exe");
    place(l, below);
    char *copy = scratch_path(l->folder, below), command[450];
    wchar_t *from = path_wide(l->worker), *to = path_wide(copy);
    assert_true(CopyFileW(from, to, FALSE));
    snprintf(command, sizeof command, ".\\%s --exit 9 --echo deep", below);
    struct launch launch = {0};
    struct err e = {0};
    assert_int_equal(prepare(l, &spec, command, &launch, &e), ST_OK);
    assert_true(wcscmp(launch.application, to) == 0);
    assert_true(wcsncmp(launch.application, L"\\\\?\\", 4) == 0);
    launch_free(&launch);
    free(from);
    free(to);
    free(copy);
    if (on_wine()) {
        print_message("skipped: Wine starts no program with so long a path\n");
        skip();
    }
    char *text = lab_run(l, &spec, command, &code);
    assert_string_equal(text, "deep\n");
    assert_int_equal(code, 9);
    free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lab_setup, lab_teardown)

int run_launch(void)
{
    const struct CMUnitTest tests[] = {
        TEST(program__with_a_separator__is_found_from_the_directory),
        TEST(program__bare_name__is_found_on_the_workers_path_alone),
        TEST(program__missing__is_an_error_with_its_full_path),
        TEST(directory__missing_or_a_file__is_an_error_with_its_name),
        TEST(directory__too_long_for_windows__is_an_error_not_a_riddle),
        TEST(directory__of_the_worker__is_the_one_that_was_asked_for),
        TEST(program__with_any_script_in_its_path__runs),
        TEST(program__with_a_path_beyond_max_path__runs),
    };
    return cmocka_run_group_tests_name("launch", tests, NULL, NULL);
}
