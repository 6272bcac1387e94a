/* test_oserr.c - Windows errors in words, and the crossing to UTF-16. */
#include "tests/win32/groups.h"

#include "service/win32/oserr.h"
#include "service/win32/wide.h"
#include "tests/win32/scratch.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>

static void os_error__known_codes__have_their_kind(void **state)
{
    static const struct {
        DWORD code;
        enum st st;
    } rows[] = {
        {ERROR_FILE_NOT_FOUND, ST_NOTFOUND}, {ERROR_PATH_NOT_FOUND, ST_NOTFOUND},
        {ERROR_ACCESS_DENIED, ST_DENIED},    {ERROR_NOT_ENOUGH_MEMORY, ST_NOMEM},
        {ERROR_ALREADY_EXISTS, ST_EXISTS},   {ERROR_NOT_SUPPORTED, ST_UNSUPPORTED},
        {ERROR_SHARING_VIOLATION, ST_BUSY},  {ERROR_INVALID_FUNCTION, ST_OS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        assert_int_equal(err_os(&e, rows[i].code, "Call"), rows[i].st);
        assert_int_equal(e.st, rows[i].st);
        assert_int_equal(e.os, rows[i].code);
        assert_int_equal(err_os(NULL, rows[i].code, "Call"), rows[i].st);
    }
}

static void os_error__text__names_call_words_and_number(void **state)
{
    struct err e = {0};
    (void)state;
    err_os(&e, ERROR_FILE_NOT_FOUND, "opening '%s'", "a.txt");
    assert_memory_equal(e.text, "opening 'a.txt': ", 17);
    assert_non_null(strstr(e.text, "(Windows error 2)"));
    assert_null(strchr(e.text, '\n'));
    assert_null(strchr(e.text, '\r'));
    assert_null(strstr(e.text, ". ("));
    assert_true(strlen(e.text) > strlen("opening 'a.txt':  (Windows error 2)"));
}

static void os_error__likely_for_users__has_words_everywhere(void **state)
{
    static const DWORD codes[] = {2,   3,   5,   32,   87,   112,  123,  183,  193,  216,
                                  225, 267, 740, 1060, 1063, 1073, 1260, 1314, 1455, 1816};
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char words[200];
        os_words(codes[i], words, sizeof words);
        assert_null(strstr(words, "no words"));
        assert_null(strchr(words, '%')); /* a gap that nobody filled */
        assert_true(strlen(words) > 5);
    }
}

static void os_error__that_a_user_can_mend__gives_advice(void **state)
{
    struct err e = {0};
    (void)state;
    err_os(&e, ERROR_BAD_EXE_FORMAT, "starting 'x'");
    assert_non_null(strstr(e.text, "(Windows error 193); "));
    assert_non_null(strstr(e.text, "another kind of processor"));
    err_os(&e, 740, "starting 'x'");
    assert_non_null(strstr(e.text, "elevated"));
}

static void os_error__unknown_code__still_says_the_number(void **state)
{
    struct err e = {0};
    (void)state;
    err_os(&e, 0xDEAD, "Call");
    assert_string_equal(e.text, "Call: Windows has no words for this error (Windows error 57005)");
    err_os(&e, 0xC0000005, "Call");
    assert_non_null(strstr(e.text, "(0xC0000005)"));
}

static void os_error__long_path__keeps_the_reason(void **state)
{
    struct err e = {0};
    char path[2000];
    (void)state;
    memset(path, 'x', sizeof path);
    path[sizeof path - 1] = '\0';
    err_os(&e, ERROR_BAD_EXE_FORMAT, "starting '%s'", path);
    assert_non_null(strstr(e.text, "...: "));
    assert_non_null(strstr(e.text, "(Windows error 193); the file is damaged"));
}

static void os_words__small_buffer__is_cut_between_characters(void **state)
{
    char words[12];
    (void)state;
    memset(words, '#', sizeof words);
    os_words(ERROR_FILE_NOT_FOUND, words, sizeof words - 1);
    assert_true(strlen(words) <= sizeof words - 2);
    assert_string_equal(words + strlen(words) - 3, "...");
    assert_int_equal(words[sizeof words - 1], '#');
}

static void os_words__last_error__is_left_alone(void **state)
{
    char words[100];
    (void)state;
    SetLastError(4711);
    os_words(0xDEAD, words, sizeof words);
    assert_int_equal(GetLastError(), 4711);
}

static void wide__any_script__survives_the_round_trip(void **state)
{
    (void)state;
    wchar_t *w = wide_z(ODD_NAME);
    assert_int_equal(wcslen(w), 12); /* the rocket takes two units */
    char *z = utf8_of(w);
    assert_string_equal(z, ODD_NAME);
    free(z);
    z = utf8_of_n(w, 2);
    assert_string_equal(z, "M\xC3\xBC");
    free(z);
    free(w);
    w = wide_of((struct str){"abc", 2});
    assert_true(wcscmp(w, L"ab") == 0);
    free(w);
    w = wide_of((struct str){NULL, 0});
    assert_true(wcscmp(w, L"") == 0);
    free(w);
}

int run_oserr(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(os_error__known_codes__have_their_kind),
        cmocka_unit_test(os_error__text__names_call_words_and_number),
        cmocka_unit_test(os_error__likely_for_users__has_words_everywhere),
        cmocka_unit_test(os_error__that_a_user_can_mend__gives_advice),
        cmocka_unit_test(os_error__unknown_code__still_says_the_number),
        cmocka_unit_test(os_error__long_path__keeps_the_reason),
        cmocka_unit_test(os_words__small_buffer__is_cut_between_characters),
        cmocka_unit_test(os_words__last_error__is_left_alone),
        cmocka_unit_test(wide__any_script__survives_the_round_trip),
    };
    return cmocka_run_group_tests_name("oserr", tests, NULL, NULL);
}
