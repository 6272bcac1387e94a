/* test_log.c */
#include "common/buf.h"
#include "common/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void keep(void *ctx, enum log_level level, struct str line)
{
    struct buf *b = ctx;
    buf_f(b, "%s|", log_level_names[level]);
    buf_str(b, line);
    buf_char(b, '\n');
}

static void event__with_fields_of_every_kind__is_one_line(void **state)
{
    (void)state;
    struct buf b = {0};
    struct log l = {LOG_INFO, keep, &b};
    log_event(&l, LOG_INFO, "job.exit", LOG_TEXT("job", "web.1"), LOG_NUM("pid", 4120u),
              LOG_INT("left", -5), LOG_HEX("code", 0xC0000005u), LOG_TEXT("gone", NULL));
    assert_string_equal(buf_text(&b), "info|job.exit job=web.1 pid=4120 left=-5 code=0xC0000005\n");
    buf_free(&b);
}

static void count__of_nothing__leaves_the_field_out(void **state)
{
    (void)state;
    struct buf b = {0};
    const struct log l = {.level = LOG_INFO, .sink = keep, .ctx = &b};
    log_event(&l, LOG_INFO, "a", log_count("none", 0), log_count("some", 7));
    assert_string_equal(buf_text(&b), "info|a some=7\n");
    buf_free(&b);
}

static void text__that_could_be_misread__is_quoted(void **state)
{
    (void)state;
    static const struct {
        const char *text, *written;
    } rows[] = {
        {"", "\"\""},
        {"x y", "\"x y\""},
        {"k=v", "\"k=v\""},
        {"\"\\", "\"\\\"\\\\\""},
        {"1\n2\r\t\x01", "\"1\\n2\\r\\t\\x01\""},
        {"\xC3\xBC", "\xC3\xBC"},
        {"C:\\x", "C:\\x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b = {0}, expected = {0};
        struct log l = {LOG_DEBUG, keep, &b};
        log_event(&l, LOG_ERROR, "e", LOG_TEXT("k", rows[i].text));
        buf_f(&expected, "error|e k=%s\n", rows[i].written);
        assert_string_equal(buf_text(&b), buf_text(&expected));
        buf_free(&b);
        buf_free(&expected);
    }
}

static void event__above_the_level_or_without_a_sink__is_dropped(void **state)
{
    (void)state;
    struct buf b = {0};
    struct log l = {LOG_WARNING, keep, &b};
    struct log nowhere = {LOG_DEBUG, NULL, NULL};
    log_event(&l, LOG_INFO, "no", LOG_NUM("x", 1u));
    log_event(&l, LOG_WARNING, "yes", LOG_NUM("x", 1u));
    log_event(&nowhere, LOG_ERROR, "no", LOG_NUM("x", 1u));
    log_event(NULL, LOG_ERROR, "no", LOG_NUM("x", 1u));
    assert_string_equal(buf_text(&b), "warning|yes x=1\n");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(event__with_fields_of_every_kind__is_one_line),
        cmocka_unit_test(count__of_nothing__leaves_the_field_out),
        cmocka_unit_test(text__that_could_be_misread__is_quoted),
        cmocka_unit_test(event__above_the_level_or_without_a_sink__is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
