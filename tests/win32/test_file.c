/* test_file.c - the loader's view of this machine. */
#include "tests/win32/groups.h"

#include "service/win32/file.h"
#include "tests/win32/scratch.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>

static void read__bytes__come_back_unchanged(void **state)
{
    static const char bytes[] = "a\0b\r\n\xFF\xFE\x1A end";
    struct source src = source_win32();
    struct arena *a = arena_new();
    char *base = scratch_make(), *path = scratch_path(base, ODD_NAME ".ini");
    struct str got = {0};
    struct err e = {0};
    (void)state;
    scratch_write(path, bytes, sizeof bytes);
    assert_int_equal(src.read(src.ctx, path, a, &got, &e), ST_OK);
    assert_int_equal(got.n, sizeof bytes);
    assert_memory_equal(got.p, bytes, sizeof bytes);
    scratch_write(path, "", 0);
    assert_int_equal(src.read(src.ctx, path, a, &got, &e), ST_OK);
    assert_int_equal(got.n, 0);
    free(path);
    scratch_remove(base);
    arena_free(a);
}

static void read__while_an_editor_has_it_open__works(void **state)
{
    struct source src = source_win32();
    struct arena *a = arena_new();
    char *base = scratch_make(), *path = scratch_path(base, "open.ini");
    struct str got = {0};
    struct err e = {0};
    (void)state;
    scratch_write(path, "x", 1);
    wchar_t *w = path_wide(path);
    HANDLE h = CreateFileW(w, GENERIC_READ | GENERIC_WRITE | DELETE, FILE_SHARE_READ, NULL,
                           OPEN_EXISTING, 0, NULL);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    assert_int_equal(src.read(src.ctx, path, a, &got, &e), ST_OK);
    CloseHandle(h);
    h = CreateFileW(w, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    assert_int_equal(src.read(src.ctx, path, a, &got, &e), ST_BUSY);
    assert_int_equal(e.os, ERROR_SHARING_VIOLATION);
    CloseHandle(h);
    free(w);
    free(path);
    scratch_remove(base);
    arena_free(a);
}

static void read__what_is_no_file__says_what_it_is(void **state)
{
    struct source src = source_win32();
    struct arena *a = arena_new();
    char *base = scratch_make(), *missing = scratch_path(base, "missing.ini");
    char *nowhere = scratch_path(base, "no\\where.ini");
    struct str got = {0};
    struct err e = {0};
    (void)state;
    assert_int_equal(src.read(src.ctx, missing, a, &got, &e), ST_NOTFOUND);
    assert_int_equal(e.os, ERROR_FILE_NOT_FOUND);
    assert_int_equal(src.read(src.ctx, nowhere, a, &got, &e), ST_NOTFOUND);
    assert_int_equal(src.read(src.ctx, base, a, &got, &e), ST_OS);
    assert_non_null(strstr(e.text, "folder"));
    assert_int_equal(src.read(src.ctx, "NUL", a, &got, &e), ST_OS);
    assert_non_null(strstr(e.text, "device"));
    assert_null(got.p);
    free(missing);
    free(nowhere);
    scratch_remove(base);
    arena_free(a);
}

static void read__larger_than_the_limit__is_refused_whole(void **state)
{
    struct source src = source_win32();
    struct arena *a = arena_new();
    char *base = scratch_make(), *path = scratch_path(base, "large.ini");
    struct str got = {0};
    struct err e = {0};
    (void)state;
    scratch_write(path, "x", 1);
    wchar_t *w = path_wide(path);
    HANDLE h = CreateFileW(w, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    SetFilePointer(h, CONFIG_FILE_MAX + 1, NULL, FILE_BEGIN);
    assert_true(SetEndOfFile(h));
    CloseHandle(h);
    free(w);
    assert_int_equal(src.read(src.ctx, path, a, &got, &e), ST_RANGE);
    assert_non_null(strstr(e.text, "16777217"));
    free(path);
    scratch_remove(base);
    arena_free(a);
}

static void env__variable__is_utf8_and_null_when_missing(void **state)
{
    struct source src = source_win32();
    (void)state;
    SetEnvironmentVariableW(L"JW_TEST", L"M\xFC\x8CC7 \xD83D\xDE80");
    assert_string_equal(src.env(src.ctx, "JW_TEST"), "M\xC3\xBC\xE8\xB3\x87 \xF0\x9F\x9A\x80");
    assert_string_equal(src.env(src.ctx, "jw_test"), "M\xC3\xBC\xE8\xB3\x87 \xF0\x9F\x9A\x80");
    assert_null(src.env(src.ctx, "JW_TEST_MISSING"));
    assert_null(src.env(src.ctx, ""));
    static wchar_t big[20001];
    for (int i = 0; i < 20000; i++)
        big[i] = L'y';
    SetEnvironmentVariableW(L"JW_TEST", big);
    assert_int_equal(strlen(src.env(src.ctx, "JW_TEST")), 20000);
    SetEnvironmentVariableW(L"JW_TEST", L"");
    const char *empty = src.env(src.ctx, "JW_TEST");
    if (empty) /* some systems take an empty value for "remove it" */
        assert_string_equal(empty, "");
    SetEnvironmentVariableW(L"JW_TEST", NULL);
}

static void full__same_file_by_other_ways__is_the_same_text(void **state)
{
    struct source src = source_win32();
    struct arena *a = arena_new();
    (void)state;
    assert_string_equal(src.full(src.ctx, "C:\\conf\\x\\..\\web.ini", a), "C:\\conf\\web.ini");
    assert_string_equal(src.full(src.ctx, "C:/conf/./web.ini", a), "C:\\conf\\web.ini");
    const char *relative = src.full(src.ctx, "web.ini", a);
    assert_int_equal(relative[1], ':');
    assert_non_null(strstr(relative, "\\web.ini"));
    arena_free(a);
}

int run_file(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read__bytes__come_back_unchanged),
        cmocka_unit_test(read__while_an_editor_has_it_open__works),
        cmocka_unit_test(read__what_is_no_file__says_what_it_is),
        cmocka_unit_test(read__larger_than_the_limit__is_refused_whole),
        cmocka_unit_test(env__variable__is_utf8_and_null_when_missing),
        cmocka_unit_test(full__same_file_by_other_ways__is_the_same_text),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
