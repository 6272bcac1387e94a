/* test_random.c */
#include "common/random.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* The first numbers of SplitMix64 for the seed 1234567, as its authors' code gives them. */
static void numbers__of_a_known_seed__are_those_of_the_algorithm(void **state)
{
    (void)state;
    struct random r = {1234567};
    assert_true(random_next(&r) == UINT64_C(6457827717110365317));
    assert_true(random_next(&r) == UINT64_C(3203168211198807973));
    assert_true(random_next(&r) == UINT64_C(9817491932198370423));
}

static void number__below_a_bound__is_below_it(void **state)
{
    (void)state;
    struct random r = {1};
    unsigned seen = 0;
    for (int i = 0; i < 1000; i++) {
        uint64_t v = random_below(&r, 7);
        assert_true(v < 7);
        seen |= 1u << v;
    }
    assert_int_equal(seen, 0x7F);
    assert_int_equal(random_below(&r, 0), 0);
    assert_int_equal(random_below(&r, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers__of_a_known_seed__are_those_of_the_algorithm),
        cmocka_unit_test(number__below_a_bound__is_below_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
