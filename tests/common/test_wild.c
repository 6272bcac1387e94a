/* test_wild.c - names by pattern. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/random.h"
#include "common/wild.h"

#include <string.h>

static bool fits(const char *pattern, const char *name)
{
    return wild_match(str_of(pattern), str_of(name));
}

static void pattern__without_wildcards__is_the_name_in_any_case(void **state)
{
    (void)state;
    assert_true(fits("web", "web"));
    assert_true(fits("WEB.1", "web.1"));
    assert_false(fits("web", "webs"));
    assert_false(fits("web", "we"));
    assert_true(fits("", ""));
    assert_false(fits("", "a"));
    assert_false(wild_is(STR("web.1")));
}

static void star__anywhere__stands_for_any_text_and_for_none(void **state)
{
    (void)state;
    assert_true(fits("*", ""));
    assert_true(fits("*", "anything"));
    assert_true(fits("web.*", "web.12"));
    assert_false(fits("web.*", "webs.1"));
    assert_true(fits("*.1", "web.1"));
    assert_false(fits("*.1", "web.11x"));
    assert_true(fits("w*b*1", "web.bob.1"));
    assert_false(fits("w*b*1", "web.bob.2"));
    assert_true(fits("a**b", "ab"));
    assert_true(wild_is(STR("a*")));
}

static void question_mark__is_exactly_one_byte(void **state)
{
    (void)state;
    assert_true(fits("web.?", "web.1"));
    assert_false(fits("web.?", "web."));
    assert_false(fits("web.?", "web.12"));
    assert_true(fits("?*", "x"));
    assert_false(fits("?*", ""));
    assert_true(wild_is(STR("?")));
}

/* By the definition of it, without a thought for time. */
static bool slow(const char *p, const char *n)
{
    if (*p == '\0')
        return *n == '\0';
    if (*p == '*')
        return slow(p + 1, n) || (*n != '\0' && slow(p, n + 1));
    return *n != '\0' && (*p == '?' || *p == *n) && slow(p + 1, n + 1);
}

static void patterns__by_chance__agree_with_the_definition(void **state)
{
    (void)state;
    struct random r = {7};
    unsigned yes = 0;
    for (int i = 0; i < 200000; i++) {
        char p[8] = "", n[10] = "";
        size_t ps = (size_t)random_below(&r, 7), ns = (size_t)random_below(&r, 9);
        for (size_t k = 0; k < ps; k++)
            p[k] = "ab*?*"[random_below(&r, 5)];
        for (size_t k = 0; k < ns; k++)
            n[k] = "ab"[random_below(&r, 2)];
        assert_int_equal(fits(p, n), slow(p, n));
        yes += fits(p, n);
    }
    assert_in_range(yes, 10000, 190000);
}

/* Backtracking over every star would take longer than this universe has. */
static void pattern__of_many_stars__takes_no_time(void **state)
{
    (void)state;
    char p[256], n[256];
    for (size_t i = 0; i < 254; i++)
        p[i] = i % 2 ? 'a' : '*';
    p[254] = 'b';
    p[255] = '\0';
    memset(n, 'a', 255);
    n[255] = '\0';
    assert_false(fits(p, n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pattern__without_wildcards__is_the_name_in_any_case),
        cmocka_unit_test(star__anywhere__stands_for_any_text_and_for_none),
        cmocka_unit_test(question_mark__is_exactly_one_byte),
        cmocka_unit_test(patterns__by_chance__agree_with_the_definition),
        cmocka_unit_test(pattern__of_many_stars__takes_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
