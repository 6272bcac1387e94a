/* test_lines.c - bytes of every kind as lines, and lines as sections and keys. */
#include "tests/config/fake.h"

#include "config/lines.h"

#include <stdlib.h>
#include <string.h>

#define JOB "[job:a]\ncommand = x\n"

static void said_of_bytes(const char *bytes, size_t n, const char *expected)
{
    const struct fake_file files[] = {{"jobs.ini", bytes, n, ST_OK}, {0}};
    assert_files_said(files, expected);
}
#define BYTES(literal) (literal), sizeof(literal) - 1

static void file__in_utf_8_with_mark_and_crlf__loads(void **state)
{
    (void)state;
    struct config *c =
        load_good("\xEF\xBB\xBF[job:a]\r\ncommand = M\xC3\xBCller \xF0\x9F\x9A\x80\r\n");
    assert_string_equal(c->job[0].command, "M\xC3\xBCller \xF0\x9F\x9A\x80");
    config_free(c);
    config_free(load_good("\t[job:a] \n   ; comment\n\n # other\n \tcommand = x"));
}

static void file__in_utf_16__is_refused_as_such(void **state)
{
    (void)state;
    static const char expected[] =
        "jobs.ini: error[utf-16]: the file is UTF-16 text (Notepad calls it "
        "Unicode); save it as UTF-8\n";
    said_of_bytes(BYTES("\xFF\xFE[\0j\0o\0b\0"), expected);
    said_of_bytes(BYTES("\xFE\xFF\0[\0j\0o\0b"), expected);
    said_of_bytes(BYTES("[\0j\0o\0b\0:\0a\0]\0\r\0\n\0"), expected);
    said_of_bytes(BYTES("\0[\0j\0o\0b\0:\0a\0]"), expected);
}

static void line__with_bytes_that_no_text_has__is_refused_with_its_number(void **state)
{
    (void)state;
    said_of_bytes(
        BYTES(JOB "directory = a\0b\n"),
        "jobs.ini:3: error[nul-byte]: a NUL byte at column 14; the file is damaged or not "
        "text\n");
    said_of_bytes(
        BYTES(JOB "; caf\xE9\ndirectory = \xC0\x80\n"),
        "jobs.ini:3: error[not-utf-8]: byte 0xE9 at column 6 is not UTF-8; save the file as "
        "UTF-8\n"
        "jobs.ini:4: error[not-utf-8]: byte 0xC0 at column 13 is not UTF-8; save the file as "
        "UTF-8\n");
    said_of_bytes(BYTES(JOB "directory = a\x07"),
                  "jobs.ini:3: error[control-character]: a control character (0x07) at column 14; "
                  "remove it\n");
    said_of_bytes(
        BYTES("[job:a]\rcommand = x\r"),
        "jobs.ini:1: error[control-character]: a carriage return at column 8; end lines with "
        "LF or CRLF\n");
}

static void section__in_a_refused_line__takes_its_keys_with_it(void **state)
{
    (void)state;
    said_of_bytes(
        BYTES(JOB "[job:\xFC]\ncommand = y\n"),
        "jobs.ini:3: error[not-utf-8]: byte 0xFC at column 6 is not UTF-8; save the file as "
        "UTF-8\n");
    assert_said(JOB "[job:b\ncommand = y\n",
                "jobs.ini:3: error[syntax]: the section has no ']'; write it as [job:NAME]\n");
}

static void line__that_is_neither__is_reported_each_time(void **state)
{
    (void)state;
    assert_said("first\n[job:a]\nsecond\ncommand = x\n= third\nfourth",
                "jobs.ini:1: error[syntax]: neither KEY = VALUE nor [section]; begin comments with "
                "';', and write each value on one line\n"
                "jobs.ini:3: error[syntax]: neither KEY = VALUE nor [section]; begin comments with "
                "';', and write each value on one line\n"
                "jobs.ini:5: error[syntax]: there is no key before the '='\n"
                "jobs.ini:6: error[syntax]: neither KEY = VALUE nor [section]; begin comments with "
                "';', and write each value on one line\n");
}

/* JOB, then a line of N bytes. */
static char *long_line(size_t n, const char *begin)
{
    char *text = malloc(n + 64);
    assert_non_null(text);
    size_t at = strlen("[job:a]\n");
    memcpy(text, "[job:a]\n", at);
    memset(text + at, 'x', n);
    memcpy(text + at, begin, strlen(begin));
    memcpy(text + at + n, "\n", 2);
    return text;
}

static void line__of_every_length_around_those_of_buffers__is_read_whole(void **state)
{
    (void)state;
    static const size_t around[] = {199, 1022, 1023, 1024, 1025, 2047, 2048, 4096, 16384, 30000};
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        char *text = long_line(around[i], "command = ");
        struct config *c = load_good(text);
        assert_int_equal(strlen(c->job[0].command), around[i] - strlen("command = "));
        config_free(c);
        free(text);
    }
}

static void line__of_the_highest_length__is_a_line_and_one_more_byte_is_not(void **state)
{
    (void)state;
    char *text = long_line(CONFIG_LINE_MAX, "; ");
    strcat(text, "command = x");
    config_free(load_good(text));
    free(text);
    text = long_line(CONFIG_LINE_MAX + 1, "; ");
    assert_said(text, "jobs.ini:2: error[line-too-long]: the line has 131073 bytes, more than "
                      "131072\n");
    free(text);
}

static void file__larger_than_allowed__is_refused(void **state)
{
    (void)state;
    size_t n = (size_t)CONFIG_FILE_MAX + 1;
    char *text = malloc(n);
    assert_non_null(text);
    memset(text, '\n', n);
    said_of_bytes(text, n,
                  "jobs.ini: error[file-too-large]: the file has 16777217 bytes, more than "
                  "16777216; split it and use [include]\n");
    free(text);
}

static void file__that_cannot_be_read__is_named(void **state)
{
    (void)state;
    const struct fake_file denied[] = {{"jobs.ini", "", 0, ST_DENIED}, {0}};
    assert_files_said(denied, "jobs.ini: error[unreadable-file]: it cannot be read\n");
    const struct fake_file large[] = {{"jobs.ini", "", 0, ST_RANGE}, {0}};
    assert_files_said(large, "jobs.ini: error[file-too-large]: it cannot be read\n");
}

static void file__without_a_job__has_nothing_to_run(void **state)
{
    (void)state;
    static const char expected[] =
        "jobs.ini: error[nothing-to-run]: there is nothing to run; add a "
        "[job:NAME] section with a command\n";
    assert_said("", expected);
    assert_said("; nothing\n", expected);
    assert_said("[service]\nname = x\n", expected);
    assert_said("[template:a]\ncommand = x\n", expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file__in_utf_8_with_mark_and_crlf__loads),
        cmocka_unit_test(file__in_utf_16__is_refused_as_such),
        cmocka_unit_test(line__with_bytes_that_no_text_has__is_refused_with_its_number),
        cmocka_unit_test(section__in_a_refused_line__takes_its_keys_with_it),
        cmocka_unit_test(line__that_is_neither__is_reported_each_time),
        cmocka_unit_test(line__of_every_length_around_those_of_buffers__is_read_whole),
        cmocka_unit_test(line__of_the_highest_length__is_a_line_and_one_more_byte_is_not),
        cmocka_unit_test(file__larger_than_allowed__is_refused),
        cmocka_unit_test(file__that_cannot_be_read__is_named),
        cmocka_unit_test(file__without_a_job__has_nothing_to_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
