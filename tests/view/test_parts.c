/* test_parts.c - numbers for people, text of others, and tables, each on its own. */
#include "pages.h"

#include "common/utf.h"
#include "service/view/human.h"
#include "service/view/member.h"
#include "service/view/table.h"

#include <string.h>

/* --- numbers ------------------------------------------------------------------------ */
static void time__from_nothing_to_all_there_is__has_two_units_at_most(void **state)
{
    (void)state;
    static const struct {
        uint64_t ms;
        const char *text;
    } rows[] = {
        {0, "0s"},
        {999, "999ms"},
        {1000, "1s"},
        {59999, "59s"},
        {60000, "1m 0s"},
        {3599999, "59m 59s"},
        {3600000, "1h 0m"},
        {86399999, "23h 59m"},
        {86400000, "1d 0h"},
        {277200000, "3d 5h"},
        {UINT64_MAX, "213503982334d 14h"},
    };
    char out[HUMAN];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(human_time(rows[i].ms, out), rows[i].text);
}

static void size__of_any_magnitude__has_three_digits(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *text;
    } rows[] = {
        {0, "0"},
        {999, "999"},
        {1000, "1.0K"},
        {1024, "1.0K"},
        {12700, "12.4K"},
        {102350, "100K"}, /* 99.95K */
        {UINT64_C(1) << 20, "1.0M"},
        {13002342, "12.4M"},
        {1023 * (UINT64_C(1) << 20), "1.0G"},
        {UINT64_C(1) << 40, "1.0T"},
        {UINT64_MAX, "16.0E"},
    };
    char out[HUMAN];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(human_size(rows[i].bytes, out), rows[i].text);
}

static void share__in_hundredths__is_rounded_to_a_tenth(void **state)
{
    (void)state;
    char out[HUMAN];
    assert_string_equal(human_share(0, out), "0.0%");
    assert_string_equal(human_share(4, out), "0.0%");
    assert_string_equal(human_share(5, out), "0.1%");
    assert_string_equal(human_share(1250, out), "12.5%");
    assert_string_equal(human_share(9994, out), "99.9%");
    assert_string_equal(human_share(9995, out), "100%");
    assert_string_equal(human_share(UINT64_MAX, out), "184467440737095516%");
}

static void percent__of_any_two_numbers__neither_divides_by_zero_nor_wraps(void **state)
{
    (void)state;
    assert_int_equal(human_percent(0, 0), 0);
    assert_int_equal(human_percent(7, 0), 0);
    assert_int_equal(human_percent(999, 1000), 99);
    assert_int_equal(human_percent(1000, 1000), 100);
    assert_int_equal(human_percent(UINT64_MAX, UINT64_MAX), 99);
    assert_int_equal(human_percent(UINT64_MAX, 1), UINT64_MAX);
}

/* --- text --------------------------------------------------------------------------- */
static void clipped(const char *text, size_t cells, bool utf8, const char *expected)
{
    struct buf b = {0};
    size_t n = text_clip(str_of(text), cells, utf8, &b);
    assert_string_equal(buf_text(&b), expected);
    assert_int_equal(n, text_width(buf_view(&b)));
    assert_true(n <= cells);
    buf_free(&b);
}

static void text__too_long__is_cut_between_characters(void **state)
{
    (void)state;
    clipped("abc", 3, true, "abc");
    clipped("abcd", 3, true, "ab\xE2\x80\xA6");
    clipped("abcd", 3, false, "ab~");
    clipped("abcd", 1, false, "~");
    clipped("abcd", 0, false, "");
    clipped("\xC3\xA9\xC3\xA9\xC3\xA9", 2, true, "\xC3\xA9\xE2\x80\xA6");
    clipped("\xC3\xA9\xC3\xA9", 2, false, "??");
    /* Wide ones: no half of one is shown. */
    clipped("\xE6\x97\xA5\xE6\x9C\xAC", 4, true, "\xE6\x97\xA5\xE6\x9C\xAC");
    clipped("\xE6\x97\xA5\xE6\x9C\xAC", 3, true, "\xE6\x97\xA5\xE2\x80\xA6");
    clipped("\xE6\x97\xA5\xE6\x9C\xAC", 2, true, "\xE2\x80\xA6");
    clipped("\xE6\x97\xA5", 2, false, "??");
}

static void text__with_every_code_point__steers_no_terminal(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        struct glyph g;
        struct str rest = {bytes, utf8_put(c, bytes)};
        while (text_next(&rest, &g)) {
            assert_true(g.c >= 0x20 && (g.c < 0x7F || g.c >= 0xA0));
            assert_false(g.c >= 0x202A && g.c <= 0x202E);
            assert_false(g.c >= 0x2066 && g.c <= 0x2069);
            assert_true(g.cells == 1 || g.cells == 2);
        }
    }
}

static void text__that_is_no_utf8__is_replaced_byte_by_byte(void **state)
{
    (void)state;
    struct buf b = {0};
    text_clean(STR("a\xFF\xC3z\xE6\x97"), true, &b);
    assert_string_equal(buf_text(&b), "a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD");
    buf_free(&b);
}

/* --- tables ------------------------------------------------------------------------- */
static const struct column columns[] = {
    {"NAME", false, 4, 0}, {"N", true, 0, 1}, {"M", true, 0, 2}, {"WHY", false, 4, 0}};

static void fill(struct table *t)
{
    table_start(t, columns, 4);
    table_add_z(t, INK_PLAIN, "a-long-name");
    table_add_number(t, 12345);
    table_add_number(t, NOT_KNOWN);
    table_add_z(t, INK_BAD, "because it is so");
}

static void table_is(unsigned width, const char *expected)
{
    const struct view_style style = {false, width, true};
    struct table t;
    struct buf out = {0};
    fill(&t);
    table_print(&t, &style, &out);
    assert_true(buf_ok(&out));
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void table__on_terminals_narrower_and_narrower__gives_way_in_its_order(void **state)
{
    (void)state;
    table_is(0, "NAME             N  M  WHY\n"
                "a-long-name  12345  -  because it is so\n");
    table_is(40, "NAME             N  M  WHY\n"
                 "a-long-name  12345  -  because it is so\n");
    /* The widest first, and never more than must be. */
    table_is(38, "NAME             N  M  WHY\n"
                 "a-long-name  12345  -  because it is \xE2\x80\xA6\n");
    table_is(30, "NAME           N  M  WHY\n"
                 "a-long-n\xE2\x80\xA6  12345  -  because \xE2\x80\xA6\n");
    table_is(20, "NAME      N  M  WHY\n"
                 "a-l\xE2\x80\xA6  12345  -  bec\xE2\x80\xA6\n");
    table_is(19, "NAME     M  WHY\n"
                 "a-long\xE2\x80\xA6  -  becaus\xE2\x80\xA6\n");
    table_is(10, "NAME  WHY\n"
                 "a-l\xE2\x80\xA6  bec\xE2\x80\xA6\n");
}

static void table__narrower_than_its_least__is_cut_at_the_edge(void **state)
{
    (void)state;
    table_is(6, "NAME\n"
                "a-l\xE2\x80\xA6\n");
    table_is(1, "\xE2\x80\xA6\n"
                "\xE2\x80\xA6\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time__from_nothing_to_all_there_is__has_two_units_at_most),
        cmocka_unit_test(size__of_any_magnitude__has_three_digits),
        cmocka_unit_test(share__in_hundredths__is_rounded_to_a_tenth),
        cmocka_unit_test(percent__of_any_two_numbers__neither_divides_by_zero_nor_wraps),
        cmocka_unit_test(text__too_long__is_cut_between_characters),
        cmocka_unit_test(text__with_every_code_point__steers_no_terminal),
        cmocka_unit_test(text__that_is_no_utf8__is_replaced_byte_by_byte),
        cmocka_unit_test(table__on_terminals_narrower_and_narrower__gives_way_in_its_order),
        cmocka_unit_test(table__narrower_than_its_least__is_cut_at_the_edge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
