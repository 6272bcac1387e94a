/* test_moment.c - moments as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/moment.h"

static void expect_moment(int64_t ms, const char *want)
{
    char text[MOMENT_SIZE];
    moment_print(ms, text);
    assert_string_equal(text, want);
}

static void moments__before_and_after_1970__are_printed(void **state)
{
    (void)state;
    expect_moment(0, "1970-01-01T00:00:00.000Z");
    expect_moment(-1, "1969-12-31T23:59:59.999Z");
    expect_moment(INT64_C(951782399999), "2000-02-28T23:59:59.999Z");
    expect_moment(INT64_C(951782400000), "2000-02-29T00:00:00.000Z");
    expect_moment(INT64_C(1795365064120), "2026-11-22T16:31:04.120Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments__before_and_after_1970__are_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
