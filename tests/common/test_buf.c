/* test_buf.c */
#include "common/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void text__added_in_every_way__is_one_text(void **state)
{
    (void)state;
    struct buf b = {0};
    assert_string_equal(buf_text(&b), "");
    buf_z(&b, "a");
    buf_char(&b, 'b');
    buf_str(&b, STR("cd"));
    buf_str(&b, (struct str){NULL, 0});
    buf_add(&b, "efgh", 2);
    buf_f(&b, "%d-%s", 42, "x");
    assert_string_equal(buf_text(&b), "abcdef42-x");
    assert_int_equal(buf_view(&b).n, 10);
    assert_true(buf_ok(&b));
    buf_reset(&b);
    assert_string_equal(buf_text(&b), "");
    buf_z(&b, "again");
    assert_string_equal(buf_text(&b), "again");
    buf_free(&b);
    buf_z(&b, "once more");
    assert_string_equal(buf_text(&b), "once more");
    buf_free(&b);
}

static void text__that_is_long__grows(void **state)
{
    (void)state;
    struct buf b = {0};
    for (int i = 0; i < 30000; i++)
        buf_f(&b, "%05d", i);
    assert_int_equal(b.n, 150000);
    assert_memory_equal(b.p + 149995, "29999", 6);
    buf_free(&b);
}

static void failure__of_one_addition__stays_until_the_reset(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_z(&b, "kept");
    buf_add(&b, "x", SIZE_MAX / 2);
    assert_false(buf_ok(&b));
    buf_z(&b, "lost");
    assert_false(buf_ok(&b));
    assert_string_equal(buf_text(&b), "kept");
    buf_reset(&b);
    assert_true(buf_ok(&b));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text__added_in_every_way__is_one_text),
        cmocka_unit_test(text__that_is_long__grows),
        cmocka_unit_test(failure__of_one_addition__stays_until_the_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
