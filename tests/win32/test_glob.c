/* test_glob.c - files by pattern. */
#include "tests/win32/groups.h"

#include "service/win32/file.h"
#include "service/win32/glob.h"
#include "tests/win32/scratch.h"

#include <stdlib.h>
#include <string.h>

static void match__table__is_by_characters_and_without_case(void **state)
{
    static const struct {
        const wchar_t *pattern, *name;
        bool want;
    } rows[] = {
        {L"*.ini", L"web.ini", true},
        {L"*.ini", L"WEB.INI", true},
        {L"*.ini", L"web.ini~", false},
        {L"*.ini", L"web.ini_old", false},
        {L"*.ini", L".ini", true},
        {L"*", L"", true},
        {L"*", L"anything", true},
        {L"", L"", true},
        {L"", L"x", false},
        {L"?", L"", false},
        {L"?", L"x", true},
        {L"?", L"xy", false},
        {L"?", L"\xD83D\xDE80", true},
        {L"??", L"\xD83D\xDE80", false},
        {L"a*b*c", L"aXXbYYc", true},
        {L"a*b*c", L"aXXbYY", false},
        {L"*a*a*a*a*b", L"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
        {L"m\xFCl*", L"M\xDCLLER", true},
        {L"*\x8CC7*",
         L"a\x8CC7"
         L"b",
         true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (glob_match(rows[i].pattern, rows[i].name) != rows[i].want)
            fail_msg("row %u: '%ls' and '%ls'", (unsigned)i, rows[i].pattern, rows[i].name);
}

static void touch(const char *base, const char *name)
{
    char *path = scratch_path(base, name);
    scratch_write(path, "", 0);
    free(path);
}

static void glob__wildcard__gives_files_sorted_by_bytes(void **state)
{
    static const char *const want[] = {ODD_NAME ".ini", "a.ini", "b.INI"};
    struct source src = source_win32();
    struct arena *a = arena_new();
    struct texts got = {0};
    struct err e = {0};
    char *base = scratch_make(), *pattern = scratch_path(base, "*.ini");
    char *folder = scratch_path(base, "folder.ini\\x");
    (void)state;
    touch(base, "b.INI");
    touch(base, "a.ini");
    touch(base, "a.ini~");
    touch(base, ODD_NAME ".ini");
    assert_int_equal(path_make_parents(folder, &e), ST_OK); /* a folder is no file */
    assert_int_equal(src.glob(src.ctx, pattern, a, &got, &e), ST_OK);
    assert_int_equal(got.n, 3);
    for (uint32_t i = 0; i < got.n; i++) {
        char *path = scratch_path(base, want[i]);
        assert_string_equal(got.text[i], path);
        free(path);
    }
    free(pattern);
    free(folder);
    scratch_remove(base);
    arena_free(a);
}

static void glob__without_wildcard__is_one_path_that_need_not_exist(void **state)
{
    struct source src = source_win32();
    struct arena *a = arena_new();
    struct texts got = {0};
    struct err e = {0};
    (void)state;
    assert_int_equal(src.glob(src.ctx, "C:\\no\\.\\such.ini", a, &got, &e), ST_OK);
    assert_int_equal(got.n, 1);
    assert_string_equal(got.text[0], "C:\\no\\such.ini");
    assert_int_equal(src.glob(src.ctx, "\\\\?\\C:\\no\\such.ini", a, &got, &e), ST_OK);
    assert_int_equal(got.n, 1);
    arena_free(a);
}

static void glob__nothing_there__is_no_error(void **state)
{
    struct source src = source_win32();
    struct arena *a = arena_new();
    struct err e = {0};
    char *base = scratch_make(), *none = scratch_path(base, "*.ini");
    char *nowhere = scratch_path(base, "missing\\*.ini");
    struct texts got = {.n = 7};
    (void)state;
    assert_int_equal(src.glob(src.ctx, none, a, &got, &e), ST_OK);
    assert_int_equal(got.n, 0);
    got.n = 7;
    assert_int_equal(src.glob(src.ctx, nowhere, a, &got, &e), ST_OK);
    assert_int_equal(got.n, 0);
    free(none);
    free(nowhere);
    scratch_remove(base);
    arena_free(a);
}

static void glob__wildcard_in_a_folder__is_refused(void **state)
{
    struct source src = source_win32();
    struct arena *a = arena_new();
    struct texts got = {0};
    struct err e = {0};
    (void)state;
    assert_int_equal(src.glob(src.ctx, "C:\\*\\x.ini", a, &got, &e), ST_SYNTAX);
    assert_non_null(strstr(e.text, "C:\\*\\x.ini"));
    arena_free(a);
}

int run_glob(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(match__table__is_by_characters_and_without_case),
        cmocka_unit_test(glob__wildcard__gives_files_sorted_by_bytes),
        cmocka_unit_test(glob__without_wildcard__is_one_path_that_need_not_exist),
        cmocka_unit_test(glob__nothing_there__is_no_error),
        cmocka_unit_test(glob__wildcard_in_a_folder__is_refused),
    };
    return cmocka_run_group_tests_name("glob", tests, NULL, NULL);
}
