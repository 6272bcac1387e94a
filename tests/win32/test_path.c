/* test_path.c - paths joined, long, and their folders made. */
#include "tests/win32/groups.h"

#include "service/win32/file.h"
#include "tests/win32/scratch.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>

static void path_join__table__gives_absolute_paths(void **state)
{
    static const struct {
        const char *base, *path, *want;
    } rows[] = {
        {"C:\\conf", "", "C:\\conf"},
        {"C:\\conf", "web.ini", "C:\\conf\\web.ini"},
        {"C:\\conf", "logs/web.log", "C:\\conf\\logs\\web.log"},
        {"C:\\conf\\", "web.ini", "C:\\conf\\web.ini"},
        {"C:\\conf", "..\\other\\.\\x", "C:\\other\\x"},
        {"C:\\conf", "..\\..\\..\\x", "C:\\x"},
        {"C:\\conf", "D:\\x\\y", "D:\\x\\y"},
        {"C:\\conf", "D:/x/y", "D:\\x\\y"},
        {"C:\\conf", "D:x", "D:\\x"},
        {"C:\\conf", "c:x", "C:\\conf\\x"},
        {"C:\\conf", "\\x\\y", "C:\\x\\y"},
        {"C:\\conf", "/x/y", "C:\\x\\y"},
        {"C:\\conf", "\\\\server\\share\\x", "\\\\server\\share\\x"},
        {"C:\\", "x", "C:\\x"},
        {"\\\\server\\share\\conf", "x", "\\\\server\\share\\conf\\x"},
        {"\\\\server\\share\\conf", "\\x", "\\\\server\\share\\x"},
        {"\\\\server\\share", "\\x", "\\\\server\\share\\x"},
        {"\\\\?\\C:\\conf", "\\x", "\\\\?\\C:\\x"},
        {"\\\\?\\UNC\\server\\share\\conf", "\\x", "\\\\?\\UNC\\server\\share\\x"},
        {"C:\\a b", ODD_NAME " c", "C:\\a b\\" ODD_NAME " c"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *got = path_join(rows[i].base, rows[i].path);
        assert_string_equal(got, rows[i].want);
        free(got);
    }
}

static void path_wide__long__gets_the_prefix(void **state)
{
    char path[600] = "C:\\", unc[600] = "\\\\server\\share\\";
    (void)state;
    memset(path + 3, 'x', 300);
    memset(unc + 15, 'x', 300);
    wchar_t *w = path_wide(path);
    assert_true(wcsncmp(w, L"\\\\?\\C:\\xxx", 10) == 0);
    free(w);
    w = path_wide(unc);
    assert_true(wcsncmp(w, L"\\\\?\\UNC\\server\\share\\xxx", 24) == 0);
    free(w);
    w = path_wide("C:\\short\\..\\x/y");
    assert_true(wcscmp(w, L"C:\\x\\y") == 0);
    free(w);
}

static void make_parents__missing_folders__are_made_and_stay(void **state)
{
    char *base = scratch_make(), *path = scratch_path(base, "a b\\" ODD_NAME "\\c\\x.log");
    struct err e = {0};
    (void)state;
    assert_int_equal(path_make_parents(path, &e), ST_OK);
    scratch_write(path, "1", 1);
    assert_int_equal(path_make_parents(path, &e), ST_OK);
    char *text = scratch_read(path);
    assert_string_equal(text, "1");
    free(text);
    free(path);
    scratch_remove(base);
}

static void make_parents__longer_than_max_path__works(void **state)
{
    char *base = scratch_make(), deep[1600] = "";
    struct err e = {0};
    (void)state;
    for (int i = 0; i < 12; i++)
        strcat(deep, "a-folder-with-a-rather-long-name-\xE8\xB3\x87\xE6\x96\x99\\");
    strcat(deep, "x.log");
    char *path = scratch_path(base, deep);
    assert_int_equal(path_make_parents(path, &e), ST_OK);
    scratch_write(path, "deep", 4);
    struct source src = source_win32();
    struct arena *a = arena_new();
    struct str got = {0};
    assert_int_equal(src.read(src.ctx, path, a, &got, &e), ST_OK);
    assert_true(str_is(got, "deep"));
    arena_free(a);
    free(path);
    scratch_remove(base);
}

static void make_parents__a_file_is_in_the_way__is_an_error_with_its_name(void **state)
{
    char *base = scratch_make(), *file = scratch_path(base, "file");
    char *path = scratch_path(base, "file\\below\\x.log");
    struct err e = {0};
    (void)state;
    scratch_write(file, "1", 1);
    assert_int_not_equal(path_make_parents(path, &e), ST_OK);
    assert_non_null(strstr(e.text, "file\\below\\x.log"));
    assert_int_not_equal(e.os, 0);
    free(file);
    free(path);
    scratch_remove(base);
}

static void path_of_self__any__is_this_program(void **state)
{
    (void)state;
    char *self = path_of_self();
    assert_non_null(self);
    assert_non_null(strstr(self, "test_win32.exe"));
    assert_int_equal(self[1], ':');
    free(self);
}

int run_path(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_join__table__gives_absolute_paths),
        cmocka_unit_test(path_wide__long__gets_the_prefix),
        cmocka_unit_test(make_parents__missing_folders__are_made_and_stay),
        cmocka_unit_test(make_parents__longer_than_max_path__works),
        cmocka_unit_test(make_parents__a_file_is_in_the_way__is_an_error_with_its_name),
        cmocka_unit_test(path_of_self__any__is_this_program),
    };
    return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
