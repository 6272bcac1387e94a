/* test_status.c */
#include "common/status.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void error__with_a_context__keeps_its_kind(void **state)
{
    (void)state;
    struct err e = {0};
    assert_int_equal(err_say(&e, ST_DENIED, "no %s", "way"), ST_DENIED);
    e.os = 5;
    assert_int_equal(err_in(&e, "file %d", 3), ST_DENIED);
    assert_string_equal(e.text, "file 3: no way");
    assert_int_equal(e.os, 5);
    assert_int_equal(err_nomem(&e), ST_NOMEM);
    assert_string_equal(e.text, "out of memory");
    assert_int_equal(e.os, 0);
}

static void error__that_nobody_wants__is_still_returned(void **state)
{
    (void)state;
    assert_int_equal(err_say(NULL, ST_RANGE, "x"), ST_RANGE);
    assert_int_equal(err_nomem(NULL), ST_NOMEM);
}

static void error__that_is_too_long__is_seen_to_be_cut(void **state)
{
    (void)state;
    struct err e = {0};
    char text[ERR_TEXT * 2];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    err_say(&e, ST_OS, "%s", text);
    assert_int_equal(strlen(e.text), ERR_TEXT - 1);
    assert_string_equal(e.text + ERR_TEXT - 4, "...");
    err_in(&e, "context");
    assert_int_equal(strlen(e.text), ERR_TEXT - 1);
    assert_memory_equal(e.text, "context: x", 10);
    assert_string_equal(e.text + ERR_TEXT - 4, "...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error__with_a_context__keeps_its_kind),
        cmocka_unit_test(error__that_nobody_wants__is_still_returned),
        cmocka_unit_test(error__that_is_too_long__is_seen_to_be_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
