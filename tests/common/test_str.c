/* test_str.c */
#include "common/str.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void text__compared__is_equal_by_bytes_or_without_case(void **state)
{
    (void)state;
    assert_true(str_eq(STR("a"), str_of("a")));
    assert_false(str_eq(STR("a"), STR("ab")));
    assert_true(str_eq(str_of(NULL), STR("")));
    assert_true(str_ieq(STR("PaTh"), STR("pAtH")));
    assert_false(str_ieq(STR("\xC3\x84"), STR("\xC3\xA4"))); /* ASCII letters alone */
    assert_true(str_is(STR("abc"), "abc"));
    assert_true(str_starts(STR("abc"), "ab") && !str_starts(STR("a"), "ab") &&
                str_starts(STR("a"), ""));
    assert_true(str_ends(STR("abc"), "bc") && !str_ends(STR("c"), "bc") && str_ends(STR("a"), ""));
}

static void text__trimmed__loses_blanks_and_tabs_at_its_ends(void **state)
{
    (void)state;
    assert_true(str_is(str_trim(STR(" \t a b\t ")), "a b"));
    assert_true(str_is(str_trim(STR(" \t ")), ""));
    assert_true(str_is(str_trim(STR("\nx")), "\nx"));
    assert_int_equal(str_trim((struct str){NULL, 0}).n, 0);
}

static void text__cut_at_separators__gives_every_part_and_then_ends(void **state)
{
    (void)state;
    static const char *const parts[] = {"a", "", "b", ""};
    struct str rest = STR("a,,b,");
    size_t n = 0;
    for (; rest.p; n++)
        assert_true(str_is(str_cut(&rest, ','), parts[n]));
    assert_int_equal(n, 4);
    assert_int_equal(rest.n, 0);
}

static void letters__of_ascii__are_told_apart_from_all_other_bytes(void **state)
{
    (void)state;
    int digits = 0, letters = 0, blanks = 0;
    for (int c = 0; c < 256; c++) {
        digits += ascii_digit((char)c);
        letters += ascii_alnum((char)c);
        blanks += ascii_blank((char)c);
        assert_int_equal((unsigned char)ascii_lower((char)c), c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    assert_int_equal(digits, 10);
    assert_int_equal(letters, 62);
    assert_int_equal(blanks, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text__compared__is_equal_by_bytes_or_without_case),
        cmocka_unit_test(text__trimmed__loses_blanks_and_tabs_at_its_ends),
        cmocka_unit_test(text__cut_at_separators__gives_every_part_and_then_ends),
        cmocka_unit_test(letters__of_ascii__are_told_apart_from_all_other_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
