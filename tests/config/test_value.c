/* test_value.c - every type of value: what it reads, what it refuses, what it prints. */
#include "tests/config/values.h"

#include <stdlib.h>
#include <string.h>

static const char *const fruit[] = {"apple", "pear", "quince", NULL};
static const char *const out_words[] = {"null", NULL};

#define ANY .min = 0, .max = UINT64_MAX
static const struct field duration = {.key = "k", .type = &ty_duration, ANY};
static const struct field size = {.key = "k", .type = &ty_size, ANY};
static const struct field number = {.key = "k", .type = &ty_number, .min = 2, .max = 90};
static const struct field count = {.key = "k", .type = &ty_count, .max = 90};
static const struct field percent = {.key = "k", .type = &ty_percent, .max = 100};
static const struct field factor = {.key = "k", .type = &ty_factor, .min = 1000, .max = 100000};
static const struct field yes_no = {.key = "k", .type = &ty_yes_no};
static const struct field word = {.key = "k", .type = &ty_word, .words = fruit};
static const struct field codes = {.key = "k", .type = &ty_codes};
static const struct field ladder = {.key = "k", .type = &ty_ladder, .min = 1, .max = 86400000};
static const struct field text = {.key = "k", .type = &ty_text, .max = 10};
static const struct field name = {.key = "k", .type = &ty_name};
static const struct field path = {.key = "k", .type = &ty_path, .max = 100};
static const struct field output = {
    .key = "k", .type = &ty_output, .min = 1, .max = 100, .words = out_words};
static const struct field command = {.key = "k", .type = &ty_command, .min = 1, .max = 30};
static const struct field names = {.key = "k", .type = &ty_names, .max = 1000};
static const struct field patterns = {.key = "k", .type = &ty_patterns, .min = 1, .max = 100};

static const struct good goods[] = {
    {&duration, "0", "0s"},
    {&duration, "10", "10s"},
    {&duration, "90", "1m30s"},
    {&duration, "500ms", "500ms"},
    {&duration, "1500ms", "1s500ms"},
    {&duration, "2m", "2m"},
    {&duration, "1h30m", "1h30m"},
    {&duration, "1d2h3m4s5ms", "1d2h3m4s5ms"},
    {&duration, "24h", "1d"},
    {&duration, "007s", "7s"},
    {&duration, "18446744073709551615ms", "213503982334d14h25m51s615ms"},
    {&size, "0", "0"},
    {&size, "1023", "1023"},
    {&size, "1024", "1K"},
    {&size, "10M", "10M"},
    {&size, "10m", "10M"},
    {&size, "1024G", "1T"},
    {&size, "16777215T", "16777215T"},
    {&number, "2", "2"},
    {&number, "90", "90"},
    {&number, "0000000000000000000000042", "42"},
    {&count, "0", "0"},
    {&percent, "25%", "25%"},
    {&percent, "0", "0%"},
    {&percent, "100", "100%"},
    {&factor, "2", "2"},
    {&factor, "1.5", "1.5"},
    {&factor, "1.05", "1.05"},
    {&factor, "1.125", "1.125"},
    {&factor, "3.000", "3"},
    {&yes_no, "yes", "yes"},
    {&yes_no, "on", "yes"},
    {&yes_no, "1", "yes"},
    {&yes_no, "True", "yes"},
    {&yes_no, "no", "no"},
    {&yes_no, "off", "no"},
    {&yes_no, "0", "no"},
    {&yes_no, "false", "no"},
    {&word, "apple", "apple"},
    {&word, "Quince", "quince"},
    {&codes, "", ""},
    {&codes, "0", "0"},
    {&codes, "0, 5,-1", "0, 5, 0xFFFFFFFF"},
    {&codes, "0xC0000005", "STATUS_ACCESS_VIOLATION"},
    {&codes, "status_access_violation", "STATUS_ACCESS_VIOLATION"},
    {&codes, "-2147483648, 4294967295", "0x80000000, 0xFFFFFFFF"},
    {&ladder, "ctrl-c:10s", "ctrl-c:10s"},
    {&ladder, "ctrl-c : 5 , ctrl-break:500ms,command:1m",
     "ctrl-c:5s, ctrl-break:500ms, command:1m"},
    {&ladder, "ctrl-c:1s, terminate", "ctrl-c:1s"},
    {&ladder, "terminate", "terminate"},
    {&text, "", ""},
    {&text, "a \"b\"; #c", "a \"b\"; #c"},
    {&text, "\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80",
     "\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80"},
    {&name, "a", "a"},
    {&name, "9-x_Y", "9-x_Y"},
    {&path, "", ""},
    {&path, "C:\\Program Files\\x", "C:\\Program Files\\x"},
    {&path, "\\\\?\\C:\\x", "\\\\?\\C:\\x"},
    {&output, "null", "null"},
    {&output, "NULL", "null"},
    {&output, "logs/a.log", "logs/a.log"},
    {&command, "x", "x"},
    {&command, "\"C:\\a b\\x.exe\" -v \"y z\"", "\"C:\\a b\\x.exe\" -v \"y z\""},
    {&command, "x a\\\"b", "x a\\\"b"},
    {&command, "x \"a\\\\\"", "x \"a\\\\\""},
    {&command, "\"C:\\a\\\" b", "\"C:\\a\\\" b"},
    {&command, "x \"\"", "x \"\""},
    {&names, "", ""},
    {&names, "a,b , c-1", "a, b, c-1"},
    {&patterns, "a.ini, jobs.d/*.ini", "a.ini, jobs.d/*.ini"},
};

static void value__that_is_good__is_read_printed_and_read_again_as_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++)
        assert_good(&goods[i]);
}

static const struct bad bads[] = {
    {&duration, "", ST_SYNTAX, "no value is given"},
    {&duration, "7x", ST_SYNTAX, "'7x' is not a duration"},
    {&duration, "-1s", ST_SYNTAX, "'-1s' is not a duration"},
    {&duration, "1.5s", ST_SYNTAX, "'1.5s' is not a duration"},
    {&duration, "10 s", ST_SYNTAX, "'10 s' is not a duration"},
    {&duration, "1m2h", ST_SYNTAX, "'1m2h' is not a duration"},
    {&duration, "1m1m", ST_SYNTAX, "'1m1m' is not a duration"},
    {&duration, "1h30", ST_SYNTAX, "'1h30' is not a duration"},
    {&duration, "s", ST_SYNTAX, "'s' is not a duration"},
    {&duration, "1M", ST_SYNTAX, "'1M' is not a duration"},
    {&size, "10MB", ST_SYNTAX, "'10MB' is not a size"},
    {&size, "M", ST_SYNTAX, "'M' is not a size"},
    {&size, "1.5G", ST_SYNTAX, "'1.5G' is not a size"},
    {&size, "0x10", ST_SYNTAX, "'0x10' is not a size"},
    {&number, "1", ST_RANGE, "'1' is below the lowest value, 2"},
    {&number, "91", ST_RANGE, "'91' is above the highest value, 90"},
    {&number, "18446744073709551616", ST_RANGE,
     "'18446744073709551616' is above the highest value, 90"},
    {&number, "+3", ST_SYNTAX, "'+3' is not a number"},
    {&number, "3 4", ST_SYNTAX, "'3 4' is not a number"},
    {&number, "\xD9\xA3", ST_SYNTAX, "'\xD9\xA3' is not a number"},
    {&count, "-1", ST_SYNTAX, "'-1' is not a number"},
    {&count, "4294967297", ST_RANGE, "'4294967297' is above the highest value, 90"},
    {&percent, "101%", ST_RANGE, "'101%' is above the highest value, 100%"},
    {&percent, "%", ST_SYNTAX, "'%' is not a percentage"},
    {&percent, "10%%", ST_SYNTAX, "'10%%' is not a percentage"},
    {&factor, "0.5", ST_RANGE, "'0.5' is below the lowest value, 1"},
    {&factor, "100.001", ST_RANGE, "'100.001' is above the highest value, 100"},
    {&factor, "99999999999999999999", ST_RANGE,
     "'99999999999999999999' is above the highest value, 100"},
    {&factor, "1.2345", ST_SYNTAX, "'1.2345' is not a factor"},
    {&factor, "1.", ST_SYNTAX, "'1.' is not a factor"},
    {&factor, ".5", ST_SYNTAX, "'.5' is not a factor"},
    {&factor, "1,5", ST_SYNTAX, "'1,5' is not a factor"},
    {&yes_no, "maybe", ST_SYNTAX, "'maybe' is neither yes nor no"},
    {&yes_no, "2", ST_SYNTAX, "'2' is neither yes nor no"},
    {&word, "plum", ST_SYNTAX, "'plum' is not one of its words"},
    {&codes, "0,", ST_SYNTAX, "an entry is missing beside a comma"},
    {&codes, "zero", ST_SYNTAX, "'zero' is not an exit code"},
    {&codes, "0x", ST_SYNTAX, "'0x' is not an exit code"},
    {&codes, "-", ST_SYNTAX, "'-' is not an exit code"},
    {&codes, "4294967296", ST_RANGE, "'4294967296' does not fit in 32 bits"},
    {&codes, "-2147483649", ST_RANGE, "'-2147483649' does not fit in 32 bits"},
    {&codes, "0x100000000", ST_RANGE, "'0x100000000' does not fit in 32 bits"},
    {&ladder, "", ST_SYNTAX, "no value is given"},
    {&ladder, "ctrl-c", ST_SYNTAX, "the rung 'ctrl-c' has no time; write 'ctrl-c:10s'"},
    {&ladder, "ctrl-c:", ST_SYNTAX, "the rung 'ctrl-c' has no valid time; write 'ctrl-c:10s'"},
    {&ladder, "ctrl-c:0", ST_RANGE, "'0' is below the lowest value, 1ms"},
    {&ladder, "ctrl-x:1s", ST_SYNTAX, "'ctrl-x' is not a rung; did you mean 'ctrl-c'?"},
    {&ladder, "ctrl-c:1s,", ST_SYNTAX, "a rung is missing between two commas"},
    {&ladder, "terminate:1s", ST_SYNTAX, "'terminate' acts at once; leave its time out"},
    {&ladder, "terminate, ctrl-c:1s", ST_SYNTAX,
     "'terminate' is always the last rung; leave out the rest"},
    {&ladder, "ctrl-c:1,ctrl-c:1,ctrl-c:1,ctrl-c:1,ctrl-c:1,ctrl-c:1,ctrl-c:1,ctrl-c:1,ctrl-c:1",
     ST_RANGE, "more than 8 rungs"},
    {&text, "12345678901", ST_RANGE, "the value has 11 characters, more than 10"},
    {&text, "a\nb", ST_SYNTAX, "the value holds a control character (0x0A)"},
    {&text, "\xFF", ST_SYNTAX, "the value is not valid UTF-8"},
    {&name, "", ST_SYNTAX, "no value is given"},
    {&name, "-a", ST_SYNTAX, "'-a' is not a name"},
    {&name, "a b", ST_SYNTAX, "'a b' is not a name"},
    {&path, "\"C:\\x\"", ST_SYNTAX,
     "a path cannot hold a quote; leave the quotes out, blanks need none here"},
    {&path, "a*b", ST_SYNTAX, "a path cannot hold '*'"},
    {&output, "", ST_SYNTAX, "no value is given"},
    {&output, "NUL", ST_SYNTAX, "'nul' is not a file; write 'null' for no output"},
    {&output, "stdout", ST_SYNTAX, "stdout cannot lead to itself; write a path or 'null'"},
    {&output, "logs\\", ST_SYNTAX, "a folder is no log file; add a file name"},
    {&command, "", ST_SYNTAX, "no value is given"},
    {&command, "\"C:\\x y", ST_SYNTAX, "the quote at character 1 is not closed; add the other one"},
    {&command, "x \xC3\xBC \"y", ST_SYNTAX,
     "the quote at character 5 is not closed; add the other one"},
    {&command, "x \"a\\\"", ST_SYNTAX,
     "the quote at character 3 is not closed; \\\" is no end of it, write \\\\\""},
    {&command, "C:\\\"a b\"\\x.exe", ST_SYNTAX,
     "the program is quoted in part; put the quotes around the whole of it"},
    {&command, "\"C:\\a b\\x.exe\"y z", ST_SYNTAX,
     "the program is quoted in part; put the quotes around the whole of it"},
    {&command, "\"\" x", ST_SYNTAX, "the program's name is empty"},
    {&command, "x 345678901234567890123456789012", ST_RANGE,
     "the value has 32 characters, more than 30"},
    {&names, "a,,b", ST_SYNTAX, "an entry is missing beside a comma"},
    {&names, "a, b c", ST_SYNTAX, "'b c' is not a name; names have " NAME_RULE},
    {&patterns, "", ST_SYNTAX, "no value is given"},
    {&patterns, "\"a b\"", ST_SYNTAX, "a path cannot hold a quote; leave the quotes out"},
};

static void value__that_is_bad__is_refused_with_the_reason_and_leaves_its_place_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++)
        assert_bad(&bads[i]);
}

static void name__of_64_letters__is_one_too_long(void **state)
{
    (void)state;
    char long_name[65];
    memset(long_name, 'a', sizeof long_name);
    assert_true(name_valid((struct str){long_name, 63}));
    assert_false(name_valid((struct str){long_name, 64}));
}

static void command__at_the_limit_in_any_script__is_measured_in_utf_16(void **state)
{
    (void)state;
    const struct field *f = schema_find(SECTION_JOB, STR("command"));
    struct arena *a = arena_new();
    struct buf b = {0};
    struct err e = {0};
    const char *got = NULL;
    for (int i = 0; i < 16383; i++)
        buf_z(&b, "\xF0\x9F\x9A\x80"); /* two units each */
    assert_int_equal(f->type->parse(f, buf_view(&b), a, &got, &e), ST_OK);
    assert_int_equal(strlen(got), b.n);
    buf_char(&b, 'x');
    assert_int_equal(f->type->parse(f, buf_view(&b), a, &got, &e), ST_RANGE);
    buf_free(&b);
    arena_free(a);
}

static void clip__a_text_of_any_length__fits_and_never_cuts_a_character(void **state)
{
    (void)state;
    struct buf b = {0};
    char out[CLIP];
    for (int i = 0; i < 60; i++) {
        struct str s = buf_view(&b);
        clip(s, out);
        size_t n = strlen(out);
        assert_true(n < CLIP);
        assert_int_equal(utf8_valid(str_of(out)), n);
        assert_true(n == s.n ? memcmp(out, s.p, n) == 0 : str_ends(str_of(out), "..."));
        buf_z(&b, "\xE8\xB3\x87");
    }
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value__that_is_good__is_read_printed_and_read_again_as_the_same),
        cmocka_unit_test(value__that_is_bad__is_refused_with_the_reason_and_leaves_its_place_alone),
        cmocka_unit_test(name__of_64_letters__is_one_too_long),
        cmocka_unit_test(command__at_the_limit_in_any_script__is_measured_in_utf_16),
        cmocka_unit_test(clip__a_text_of_any_length__fits_and_never_cuts_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
