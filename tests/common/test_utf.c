/* test_utf.c */
#include "common/utf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void bytes__that_are_no_utf_8__are_found_where_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n, valid;
    } rows[] = {
        {"", 0, 0},
        {"abc", 3, 3},
        {"M\xC3\xBCller", 7, 7},
        {"\xF0\x9F\x9A\x80", 4, 4},
        {"\xF4\x8F\xBF\xBF", 4, 4},
        {"a\xFF", 2, 1},
        {"ab\xC3", 3, 2},   /* ends too early */
        {"a\xC3(", 3, 1},   /* goes on wrongly */
        {"\x80", 1, 0},     /* goes on without a beginning */
        {"\xC0\xAF", 2, 0}, /* longer than needed */
        {"\xE0\x80\xAF", 3, 0},
        {"\xF0\x80\x80\xAF", 4, 0},
        {"\xED\xA0\x80", 3, 0}, /* a surrogate */
        {"\xED\xBF\xBF", 3, 0},
        {"\xF4\x90\x80\x80", 4, 0}, /* above U+10FFFF */
        {"\xF8\x88\x80\x80\x80", 5, 0},
        {"a\0b", 3, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(utf8_valid((struct str){rows[i].text, rows[i].n}), rows[i].valid);
}

static size_t encode(uint32_t c, char *out)
{
    uint16_t u[2] = {(uint16_t)c, 0};
    if (c >= 0x10000) {
        u[0] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
        u[1] = (uint16_t)(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
    return utf16_to_8(u, c >= 0x10000 ? 2 : 1, out);
}

static void character__every_one_there_is__goes_there_and_back(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[4];
        uint16_t units[4] = {0};
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        size_t n = encode(c, text);
        assert_int_equal(utf8_valid((struct str){text, n}), n);
        size_t got = utf8_to_16((struct str){text, n}, units);
        assert_int_equal(got, c >= 0x10000 ? 2 : 1);
        uint32_t back = got == 1 ? units[0]
                                 : 0x10000 + ((uint32_t)(units[0] - 0xD800) << 10) +
                                       (uint32_t)(units[1] - 0xDC00);
        assert_int_equal(back, c);
    }
}

static void measuring__without_a_buffer__gives_the_same_length(void **state)
{
    (void)state;
    uint16_t units[64];
    char text[64];
    struct str s = STR("M\xC3\xBCller \xE8\xB3\x87\xE6\x96\x99 \xF0\x9F\x9A\x80 \xFF");
    size_t n = utf8_to_16(s, units);
    assert_int_equal(utf8_to_16(s, NULL), n);
    assert_int_equal(units[n - 1], 0xFFFD);
    size_t bytes = utf16_to_8(units, n, text);
    assert_int_equal(utf16_to_8(units, n, NULL), bytes);
    assert_memory_equal(text, s.p, s.n - 1);
    assert_memory_equal(text + bytes - 3, "\xEF\xBF\xBD", 3);
}

static void surrogate__on_its_own__becomes_the_replacement(void **state)
{
    (void)state;
    static const uint16_t units[] = {0xD83D, 'a', 0xDE80, 0xDE80, 0xD83D};
    char text[32];
    size_t n = utf16_to_8(units, 5, text);
    assert_int_equal(n, 13);
    assert_memory_equal(text,
                        "\xEF\xBF\xBD"
                        "a"
                        "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
                        13);
}

static void text__taken_apart_one_by_one__is_put_together_again(void **state)
{
    (void)state;
    struct str s = STR("a\xC3\xA9\xE6\x97\xA5\xF0\x9F\x9A\x80");
    char text[32];
    size_t n = 0, taken = 0;
    uint32_t c;
    while (taken < s.n) {
        taken += utf8_next((struct str){s.p + taken, s.n - taken}, &c);
        n += utf8_put(c, text + n);
    }
    assert_int_equal(taken, s.n);
    assert_int_equal(n, s.n);
    assert_memory_equal(text, s.p, n);
}

static void byte__that_is_no_utf_8__is_one_replacement(void **state)
{
    (void)state;
    uint32_t c = 0;
    assert_int_equal(utf8_next(STR("\xE6\x97"), &c), 1);
    assert_int_equal(c, 0xFFFD);
    assert_int_equal(utf8_next(STR("\xFFz"), &c), 1);
    assert_int_equal(c, 0xFFFD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes__that_are_no_utf_8__are_found_where_they_are),
        cmocka_unit_test(character__every_one_there_is__goes_there_and_back),
        cmocka_unit_test(measuring__without_a_buffer__gives_the_same_length),
        cmocka_unit_test(surrogate__on_its_own__becomes_the_replacement),
        cmocka_unit_test(text__taken_apart_one_by_one__is_put_together_again),
        cmocka_unit_test(byte__that_is_no_utf_8__is_one_replacement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
