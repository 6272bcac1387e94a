/* test_diag.c - the list of diagnostics. */
#include "tests/config/fake.h"

#include <string.h>

static void assert_printed(struct diags *d, const char *expected)
{
    struct buf out = {0};
    diags_print(d, &out);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void diag__with_file_and_line__is_printed_with_both(void **state)
{
    (void)state;
    struct diags *d = diags_new();
    diag_add(d, SEV_ERROR, (struct place){"a.ini", 7}, "unknown-key", "unknown key '%s'", "x");
    diag_add(d, SEV_WARNING, (struct place){"a.ini", 0}, "no-instances", "nothing");
    diag_add(d, SEV_ERROR, (struct place){NULL, 0}, "out-of-memory", "none left");
    assert_printed(d, "a.ini:7: error[unknown-key]: unknown key 'x'\n"
                      "a.ini: warning[no-instances]: nothing\n"
                      "error[out-of-memory]: none left\n");
    assert_int_equal(diag_errors(d), 2);
    assert_int_equal(diag_warnings(d), 1);
    diags_free(d);
}

static void diag__said_twice__is_listed_and_counted_once(void **state)
{
    (void)state;
    struct diags *d = diags_new();
    char name[] = "a.ini";
    for (int i = 0; i < 3; i++)
        diag_add(d, SEV_ERROR, (struct place){i ? name : "a.ini", 1}, "syntax", "bad");
    diag_add(d, SEV_ERROR, (struct place){"a.ini", 2}, "syntax", "bad");
    diag_add(d, SEV_ERROR, (struct place){"b.ini", 1}, "syntax", "bad");
    diag_add(d, SEV_ERROR, (struct place){"a.ini", 1}, "syntax", "worse");
    assert_int_equal(diag_errors(d), 4);
    diags_sort(d);
    diag_add(d, SEV_ERROR, (struct place){"b.ini", 1}, "syntax", "bad");
    assert_int_equal(diag_count(d), 4);
    diags_free(d);
}

static void place__of_a_name_that_goes_away__is_kept(void **state)
{
    (void)state;
    struct diags *d = diags_new();
    char name[] = "a.ini";
    diag_add(d, SEV_ERROR, (struct place){name, 1}, "syntax", "bad");
    memset(name, 'z', 5);
    assert_string_equal(diag_at(d, 0)->at.file, "a.ini");
    diags_free(d);
}

static void sorting__many_files__keeps_the_order_of_files_and_of_equal_lines(void **state)
{
    (void)state;
    struct diags *d = diags_new();
    diag_add(d, SEV_ERROR, (struct place){"z.ini", 5}, "syntax", "second");
    diag_add(d, SEV_ERROR, (struct place){"a.ini", 1}, "syntax", "fifth");
    diag_add(d, SEV_ERROR, (struct place){"z.ini", 5}, "syntax", "a third");
    diag_add(d, SEV_ERROR, (struct place){"z.ini", 1}, "syntax", "first");
    diag_add(d, SEV_ERROR, (struct place){"z.ini", 9}, "syntax", "fourth");
    diags_sort(d);
    assert_printed(d, "z.ini:1: error[syntax]: first\nz.ini:5: error[syntax]: second\n"
                      "z.ini:5: error[syntax]: a third\nz.ini:9: error[syntax]: fourth\n"
                      "a.ini:1: error[syntax]: fifth\n");
    diags_free(d);
}

static void diag__past_ten_thousand__is_counted_and_said_to_be_left_out(void **state)
{
    (void)state;
    struct diags *d = diags_new();
    for (uint32_t i = 1; i <= 10007; i++)
        diag_add(d, SEV_ERROR, (struct place){"a.ini", i}, "syntax", "bad");
    assert_int_equal(diag_errors(d), 10007);
    assert_int_equal(diag_count(d), 10000);
    struct buf out = {0};
    diags_print(d, &out);
    assert_non_null(
        strstr(buf_text(&out), "a.ini:10000: error[syntax]: bad\n7 more were left out\n"));
    buf_free(&out);
    diags_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(diag__with_file_and_line__is_printed_with_both),
        cmocka_unit_test(diag__said_twice__is_listed_and_counted_once),
        cmocka_unit_test(place__of_a_name_that_goes_away__is_kept),
        cmocka_unit_test(sorting__many_files__keeps_the_order_of_files_and_of_equal_lines),
        cmocka_unit_test(diag__past_ten_thousand__is_counted_and_said_to_be_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
