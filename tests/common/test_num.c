/* test_num.c */
#include "common/num.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void digits__at_the_beginning__are_taken(void **state)
{
    (void)state;
    struct str t = STR("12ab");
    uint64_t v = 0;
    assert_int_equal(num_digits(&t, &v), ST_OK);
    assert_int_equal(v, 12);
    assert_true(str_is(t, "ab"));
    assert_int_equal(num_digits(&t, &v), ST_SYNTAX);
    assert_true(str_is(t, "ab"));
    t = STR("18446744073709551616x");
    assert_int_equal(num_digits(&t, &v), ST_RANGE);
    assert_true(str_is(t, "x"));
    assert_int_equal(v, 12);
}

static const struct {
    const char *text;
    uint64_t max;
    enum st st;
    uint64_t value;
} decimals[] = {
    {"0", 0, ST_OK, 0},
    {"007", 10, ST_OK, 7},
    {"18446744073709551615", UINT64_MAX, ST_OK, UINT64_MAX},
    {"18446744073709551616", UINT64_MAX, ST_RANGE, 0},
    {"18446744073709551619", UINT64_MAX, ST_RANGE, 0},
    {"99999999999999999999999999", UINT64_MAX, ST_RANGE, 0},
    {"11", 10, ST_RANGE, 0},
    {"", 10, ST_SYNTAX, 0},
    {"-1", 10, ST_SYNTAX, 0},
    {"+1", 10, ST_SYNTAX, 0},
    {" 1", 10, ST_SYNTAX, 0},
    {"1 ", 10, ST_SYNTAX, 0},
    {"0x1", 10, ST_SYNTAX, 0},
    {"99999999999999999999999999x", UINT64_MAX, ST_SYNTAX, 0},
};

static void decimal__of_every_kind__is_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof decimals / sizeof *decimals; i++) {
        uint64_t v = 12345;
        assert_int_equal(num_u64(str_of(decimals[i].text), decimals[i].max, &v), decimals[i].st);
        assert_int_equal(v, decimals[i].st == ST_OK ? decimals[i].value : 12345);
    }
}

static void hexadecimal__of_every_kind__is_read_or_refused(void **state)
{
    (void)state;
    uint64_t v = 0;
    assert_int_equal(num_hex(STR("c0000005"), UINT32_MAX, &v), ST_OK);
    assert_int_equal(v, 0xC0000005);
    assert_int_equal(num_hex(STR("FFFFFFFFFFFFFFFF"), UINT64_MAX, &v), ST_OK);
    assert_true(v == UINT64_MAX);
    assert_int_equal(num_hex(STR("10000000000000000"), UINT64_MAX, &v), ST_RANGE);
    assert_int_equal(num_hex(STR("100000000"), UINT32_MAX, &v), ST_RANGE);
    assert_int_equal(num_hex(STR(""), UINT64_MAX, &v), ST_SYNTAX);
    assert_int_equal(num_hex(STR("0x1"), UINT64_MAX, &v), ST_SYNTAX);
    assert_int_equal(num_hex(STR("g"), UINT64_MAX, &v), ST_SYNTAX);
}

static void product_and_sum__at_the_edge__are_told(void **state)
{
    (void)state;
    uint64_t v = 1;
    assert_true(num_mul(UINT64_MAX, 1, &v) && v == UINT64_MAX);
    assert_true(num_mul(0, UINT64_MAX, &v) && v == 0);
    assert_false(num_mul(UINT64_C(1) << 32, UINT64_C(1) << 32, &v));
    assert_true(num_add(UINT64_MAX - 1, 1, &v) && v == UINT64_MAX);
    assert_false(num_add(UINT64_MAX, 1, &v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits__at_the_beginning__are_taken),
        cmocka_unit_test(decimal__of_every_kind__is_read_or_refused),
        cmocka_unit_test(hexadecimal__of_every_kind__is_read_or_refused),
        cmocka_unit_test(product_and_sum__at_the_edge__are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
