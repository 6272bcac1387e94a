/* test_exit_code.c */
#include "common/exit_code.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void code__that_windows_gives__has_name_and_meaning(void **state)
{
    (void)state;
    uint32_t code = 0;
    assert_string_equal(exit_code_name(0xC0000005), "STATUS_ACCESS_VIOLATION");
    assert_non_null(exit_code_meaning(0xC0000005));
    assert_true(exit_code_by_name(STR("status_stack_overflow"), &code));
    assert_int_equal(code, 0xC00000FD);
    assert_null(exit_code_name(1));
    assert_null(exit_code_meaning(1));
    code = 7;
    assert_false(exit_code_by_name(STR("STATUS_NONE_SUCH"), &code));
    assert_false(exit_code_by_name(STR(""), &code));
    assert_int_equal(code, 7);
}

/* Who reads it at night learns where to look. */
static void code__well_known__says_what_to_look_for(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        const char *name, *word;
    } row[] = {
        {1816, "ERROR_NOT_ENOUGH_QUOTA", "CPU time"},
        {0x40010004, "DBG_TERMINATE_PROCESS", "shutdown"},
        {0x80000003, "STATUS_BREAKPOINT", "debugger"},
        {0xC0000005, "STATUS_ACCESS_VIOLATION", "pointer"},
        {0xC0000017, "STATUS_NO_MEMORY", "commit"},
        {0xC0000022, "STATUS_ACCESS_DENIED", "account"},
        {0xC000007B, "STATUS_INVALID_IMAGE_FORMAT", "bitness"},
        {0xC00000FD, "STATUS_STACK_OVERFLOW", "recursion"},
        {0xC000012D, "STATUS_COMMITMENT_LIMIT", "page file"},
        {0xC0000135, "STATUS_DLL_NOT_FOUND", "PATH"},
        {0xC0000139, "STATUS_ENTRYPOINT_NOT_FOUND", "version"},
        {0xC000013A, "STATUS_CONTROL_C_EXIT", "Ctrl+C"},
        {0xC0000142, "STATUS_DLL_INIT_FAILED", "desktop heap"},
        {0xC0000374, "STATUS_HEAP_CORRUPTION", "freed twice"},
        {0xC0000409, "STATUS_STACK_BUFFER_OVERRUN", "abort()"},
        {0xE0434352, "CLR_EXCEPTION", ".NET"},
        {0xE06D7363, "CPP_EXCEPTION", "C++"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        uint32_t back = 0;
        assert_string_equal(exit_code_name(row[i].code), row[i].name);
        assert_non_null(strstr(exit_code_meaning(row[i].code), row[i].word));
        assert_true(exit_code_by_name(str_of(row[i].name), &back));
        assert_int_equal(back, row[i].code);
    }
}

static void code__of_a_crash__is_told_from_one_that_a_program_chose(void **state)
{
    (void)state;
    static const uint32_t crashes[] = {0xC0000005, 0x80000003, 0xC000013A, 0xE06D7363,
                                       0xE0434352, 0x40000015, 0xC0000999};
    static const uint32_t chosen[] = {0, 1, 255, 259, 1816, 0x10000, 0xFFFFFFFF, 0xFFFFFF9C};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        assert_true(exit_code_abnormal(crashes[i]));
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++)
        assert_false(exit_code_abnormal(chosen[i]));
}

static void code__printed__is_decimal_while_it_is_small(void **state)
{
    (void)state;
    struct buf b = {0};
    exit_code_print(5, &b);
    buf_char(&b, ' ');
    exit_code_print(65535, &b);
    buf_char(&b, ' ');
    exit_code_print(65536, &b);
    buf_char(&b, ' ');
    exit_code_print(0xFFFFFFFF, &b);
    assert_string_equal(buf_text(&b), "5 65535 0x00010000 0xFFFFFFFF");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code__that_windows_gives__has_name_and_meaning),
        cmocka_unit_test(code__well_known__says_what_to_look_for),
        cmocka_unit_test(code__of_a_crash__is_told_from_one_that_a_program_chose),
        cmocka_unit_test(code__printed__is_decimal_while_it_is_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
