/* test_environ.c - the environment block, and what a real worker sees of it. */
#include "tests/process/lab.h"

#include "service/process/environ.h"
#include "service/win32/wide.h"

#include <stdlib.h>
#include <string.h>

static wchar_t *make(bool inherit, const struct env_vars *a, const struct env_vars *b)
{
    const struct env_vars *const layer[] = {a, b};
    wchar_t *block = NULL;
    struct err e = {0};
    assert_int_equal(environ_make(inherit, layer, 2, &block, &e), ST_OK);
    return block;
}

static int name_of(const wchar_t *w)
{
    const wchar_t *at = wcschr(w + 1, L'=');
    assert_non_null(at);
    return (int)(at - w);
}

static void block__any__is_sorted_with_unique_names(void **state)
{
    const struct env_var var[] = {{"zz", "1"},       {"_a", "2"},       {"AA", "3"},  {"aB", "4"},
                                  {"\xC3\xBC", "5"}, {"\xC3\x9C", "6"}, {"path", "7"}};
    const struct env_vars v = {.n = sizeof var / sizeof *var, .var = var};
    (void)state;
    SetEnvironmentVariableW(L"=C:", L"C:\\x");
    wchar_t *block = make(true, &v, NULL);
    SetEnvironmentVariableW(L"=C:", NULL);
    for (const wchar_t *w = block, *next; *w; w = next) {
        next = w + wcslen(w) + 1;
        if (*next)
            assert_int_equal(CompareStringOrdinal(w, name_of(w), next, name_of(next), TRUE),
                             CSTR_LESS_THAN);
    }
    assert_true(wcscmp(environ_get(block, L"\xFC"), L"6") == 0);
    assert_true(wcscmp(environ_get(block, L"PATH"), L"7") == 0);
    assert_true(wcscmp(environ_get(block, L"=C:"), L"C:\\x") == 0);
    assert_null(environ_get(block, L"PAT"));
    free(block);
}

static void block__layers__later_ones_win_whatever_the_case(void **state)
{
    const struct env_var weak[] = {{"A", "1"}, {"B", "1"}, {"a", "2"}};
    const struct env_var strong[] = {{"b", "3"}, {"C", ""}};
    const struct env_vars x = {.n = 3, .var = weak}, y = {.n = 2, .var = strong};
    (void)state;
    SetEnvironmentVariableW(L"A", L"0");
    wchar_t *block = make(true, &x, &y);
    SetEnvironmentVariableW(L"A", NULL);
    assert_true(wcscmp(environ_get(block, L"A"), L"2") == 0);
    assert_true(wcscmp(environ_get(block, L"B"), L"3") == 0);
    assert_true(wcscmp(environ_get(block, L"C"), L"") == 0);
    free(block);
}

static void block__not_inherited__has_only_what_programs_need(void **state)
{
    const struct env_var var[] = {{"MINE", "1"}};
    const struct env_vars v = {.n = 1, .var = var};
    (void)state;
    SetEnvironmentVariableW(L"JW_SECRET", L"x");
    wchar_t *block = make(false, &v, NULL);
    assert_null(environ_get(block, L"JW_SECRET"));
    assert_non_null(environ_get(block, L"SystemRoot"));
    assert_non_null(environ_get(block, L"PATH"));
    assert_true(wcscmp(environ_get(block, L"MINE"), L"1") == 0);
    free(block);
    block = make(true, NULL, NULL);
    assert_non_null(environ_get(block, L"JW_SECRET"));
    SetEnvironmentVariableW(L"JW_SECRET", NULL);
    free(block);
}

static void block__impossible_name__is_refused(void **state)
{
    static const char *const bad[] = {"", "A=B", "=C:"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct env_var var = {bad[i], "x"};
        const struct env_vars v = {.n = 1, .var = &var}, *const layer[] = {&v};
        wchar_t *block = NULL;
        struct err e = {0};
        assert_int_equal(environ_make(false, layer, 1, &block, &e), ST_SYNTAX);
        assert_null(block);
    }
}

static void worker__environment__is_merged_and_names_its_job(void **state)
{
    const struct lab *l = *state;
    const struct env_var var[] = {
        {"GREETING", "first"}, {"greeting", ODD_NAME " = x"}, {"JOBWARDEN_JOB", "forged"}};
    struct job_spec spec = lab_spec();
    spec.env = (struct env_vars){.n = 3, .var = var};
    spec.instance = 12;
    SetEnvironmentVariableW(L"JW_SECRET", L"x");
    for (int inherit = NO; inherit <= YES; inherit++) {
        spec.env_inherit = inherit ? YES : NO;
        char *command = lab_command(l, "--print-env"), *text = lab_run(l, &spec, command, NULL);
        assert_non_null(strstr(text, "\ngreeting=" ODD_NAME " = x\n"));
        assert_null(strstr(text, "GREETING="));
        assert_non_null(strstr(text, "\nJOBWARDEN_JOB=web\n"));
        assert_non_null(strstr(text, "\nJOBWARDEN_INSTANCE=12\n"));
        assert_non_null(strstr(text, "\nJOBWARDEN_SERVICE=Jobwarden\n"));
        assert_int_equal(strstr(text, "\nJW_SECRET=x\n") != NULL, inherit);
        free(text);
        free(command);
    }
    SetEnvironmentVariableW(L"JW_SECRET", NULL);
}

int run_environ(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(block__any__is_sorted_with_unique_names),
        cmocka_unit_test(block__layers__later_ones_win_whatever_the_case),
        cmocka_unit_test(block__not_inherited__has_only_what_programs_need),
        cmocka_unit_test(block__impossible_name__is_refused),
        cmocka_unit_test_setup_teardown(worker__environment__is_merged_and_names_its_job, lab_setup,
                                        lab_teardown),
    };
    return cmocka_run_group_tests_name("environ", tests, NULL, NULL);
}
