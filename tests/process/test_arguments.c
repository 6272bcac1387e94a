/* test_arguments.c - arguments as they arrive in a real process, by exe and by batch file. */
#include "tests/process/lab.h"

#include "common/buf.h"
#include "service/process/cmdline.h"
#include "service/win32/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const table[] = {
    "plain",
    "",
    "two words",
    "tab\there",
    "quote\"inside",
    "\"quoted\"",
    "back\\slash",
    "trailing\\",
    "trailing two words\\",
    "two trailing\\\\",
    "back\\\"quote",
    "\\\\server\\share\\",
    "\\\\\\\"",
    "%PATH%",
    "a&b|c<d>e^f(g)!h",
    "--flag=\"x y\"",
    ODD_NAME,
    ODD_NAME "\\",
};

/* The text of argument I from FIRST on among what --print-args printed. */
static void expect_args(const char *printed, size_t first, const char *const *want, size_t n)
{
    struct buf b = {0};
    for (size_t i = 0; i < n; i++)
        buf_f(&b, "arg[%zu]=%s\n", first + i, want[i]);
    assert_true(buf_ok(&b));
    const char *at = strstr(printed, buf_text(&b));
    if (!at || at[b.n])
        fail_msg("want %s, got %s", buf_text(&b), printed);
    buf_free(&b);
}

static void exe__every_argument__arrives_unchanged(void **state)
{
    const struct lab *l = *state;
    const size_t n = sizeof table / sizeof *table;
    struct buf b = {0};
    DWORD code = 1;
    buf_z(&b, "--print-args --");
    for (size_t i = 0; i < n; i++) {
        buf_char(&b, ' ');
        cmdline_quote(str_of(table[i]), &b);
    }
    char *text = lab_run_worker(l, buf_text(&b), &code);
    assert_int_equal(code, 0);
    expect_args(text, 3, table, n);
    free(text);
    buf_free(&b);
}

static void exe__raw_rest__is_passed_on_byte_for_byte(void **state)
{
    static const char *const want[] = {"a b", "cd e", "x"};
    const struct lab *l = *state;
    char *text = lab_run_worker(l, "--print-args --   \"a b\"  c\"d e\"\t x", NULL);
    expect_args(text, 3, want, 3);
    free(text);
}

static void exe__command_of_30000_characters__arrives_whole(void **state)
{
    const struct lab *l = *state;
    struct buf b = {0};
    buf_z(&b, "--print-args -- ");
    for (int i = 0; i < 2990; i++)
        buf_z(&b, "0123456789");
    char *text = lab_run_worker(l, buf_text(&b), NULL);
    const char *at = strstr(text, "arg[3]=");
    assert_non_null(at);
    assert_int_equal(strlen(at), strlen("arg[3]=") + 29900 + 1);
    free(text);
    buf_free(&b);
}

static void exe__command_beyond_windows__is_an_error_not_cut(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    struct launch launch = {0};
    struct err e = {0};
    struct buf b = {0};
    char *head = lab_command(l, "");
    /* The worker's path is there already in full, so the length is that of the final line. */
    buf_z(&b, head);
    while (b.n < 32766)
        buf_char(&b, 'x');
    assert_int_equal(launch_prepare(&spec, buf_text(&b), "J", l->folder, NULL, &launch, &e), ST_OK);
    assert_int_equal(wcslen(launch.command), 32766);
    launch_free(&launch);
    buf_char(&b, 'x');
    assert_int_equal(launch_prepare(&spec, buf_text(&b), "J", l->folder, NULL, &launch, &e),
                     ST_RANGE);
    assert_non_null(strstr(e.text, "32767 characters"));
    assert_non_null(strstr(e.text, "32766"));
    buf_free(&b);
    free(head);
}

/* A batch file that hands all its arguments on to the worker and returns its exit code. */
static void write_batch(const struct lab *l, const char *name)
{
    struct buf b = {0};
    char *path = scratch_path(l->folder, name);
    buf_f(&b, "@\"%s\" --exit 7 --print-args -- %%*\r\n@exit /b %%ERRORLEVEL%%\r\n", l->worker);
    scratch_write(path, buf_text(&b), b.n);
    buf_free(&b);
    free(path);
}

static void batch__arguments__arrive_and_so_does_the_exit_code(void **state)
{
    static const char *const want[] = {"plain", "two words", "", "trailing\\", "x=1;2,3", ODD_NAME};
    static const char *const names[] = {"run.cmd", "run me (x86).BAT", ODD_NAME ".cmd"};
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct buf b = {0};
        DWORD code = 0;
        write_batch(l, names[i]);
        buf_f(&b, "\".\\%s\" plain \"two words\" \"\" trailing\\ x=1;2,3 \"%s\"", names[i],
              ODD_NAME);
        char *text = lab_run(l, &spec, buf_text(&b), &code);
        assert_int_equal(code, 7);
        expect_args(text, 5, want, sizeof want / sizeof *want);
        free(text);
        buf_free(&b);
    }
}

static void batch__found_without_its_ending__is_still_treated_as_one(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    struct launch launch = {0};
    struct err e = {0};
    write_batch(l, "run.cmd");
    assert_int_equal(launch_prepare(&spec, ".\\run a&b", "J", l->folder, NULL, &launch, &e),
                     ST_SYNTAX);
    assert_non_null(strstr(e.text, "'a&b'"));
    assert_int_equal(
        launch_prepare(&spec, "\".\\run.cmd. .\" %PATH%", "J", l->folder, NULL, &launch, &e),
        ST_SYNTAX);
    assert_int_equal(launch_prepare(&spec, ".\\run ab", "J", l->folder, NULL, &launch, &e), ST_OK);
    assert_non_null(wcsstr(launch.application, L"\\cmd.exe"));
    assert_non_null(wcsstr(launch.command, L"\\cmd.exe\" /d /s /c \"\""));
    launch_free(&launch);
}

static void batch__longer_than_cmd_takes__is_an_error(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    struct launch launch = {0};
    struct err e = {0};
    struct buf b = {0};
    write_batch(l, "run.cmd");
    buf_z(&b, ".\\run.cmd ");
    while (b.n < 8200)
        buf_char(&b, 'x');
    assert_int_equal(launch_prepare(&spec, buf_text(&b), "J", l->folder, NULL, &launch, &e),
                     ST_RANGE);
    assert_non_null(strstr(e.text, "cmd.exe"));
    buf_free(&b);
}

static void batch__path_longer_than_cmd_takes__is_an_error(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    struct launch launch = {0};
    struct err e = {0};
    char below[320], command[330];
    memset(below, 'x', sizeof below);
    for (size_t i = 50; i < 300; i += 50)
        below[i] = '\\';
    strcpy(below + 260, "\\run.cmd");
    char *path = scratch_path(l->folder, below);
    assert_int_equal(path_make_parents(path, &e), ST_OK);
    write_batch(l, below);
    snprintf(command, sizeof command, ".\\%s", below);
    assert_int_equal(launch_prepare(&spec, command, "J", l->folder, NULL, &launch, &e), ST_RANGE);
    assert_non_null(strstr(e.text, "259 characters"));
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lab_setup, lab_teardown)

int run_arguments(void)
{
    const struct CMUnitTest tests[] = {
        TEST(exe__every_argument__arrives_unchanged),
        TEST(exe__raw_rest__is_passed_on_byte_for_byte),
        TEST(exe__command_of_30000_characters__arrives_whole),
        TEST(exe__command_beyond_windows__is_an_error_not_cut),
        TEST(batch__arguments__arrive_and_so_does_the_exit_code),
        TEST(batch__found_without_its_ending__is_still_treated_as_one),
        TEST(batch__longer_than_cmd_takes__is_an_error),
        TEST(batch__path_longer_than_cmd_takes__is_an_error),
    };
    return cmocka_run_group_tests_name("arguments", tests, NULL, NULL);
}
