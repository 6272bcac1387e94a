/* test_log_line.c - a line of the log read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/log.h"
#include "common/log_line.h"
#include "common/random.h"

#include <string.h>

struct caught {
    struct buf line;
};

static void sink(void *ctx, enum log_level level, struct str line)
{
    struct caught *c = ctx;
    (void)level;
    buf_reset(&c->line);
    buf_str(&c->line, line);
}

static void expect_field(struct str *rest, const char *key, struct str value)
{
    struct str k;
    struct buf v = {0};
    assert_true(log_line_field(rest, &k, &v));
    assert_true(str_is(k, key));
    assert_int_equal(v.n, value.n);
    assert_memory_equal(buf_text(&v), value.p, value.n);
    buf_free(&v);
}

static void line__with_fields_of_each_kind__is_read_back(void **state)
{
    (void)state;
    struct caught c = {{0}};
    const struct log log = {LOG_INFO, sink, &c};
    log_event(&log, LOG_INFO, "job.exit", LOG_TEXT("job", "web.1"), LOG_NUM("pid", 4120),
              LOG_INT("code", -1), LOG_HEX("run", 0x1f), LOG_TEXT("empty", ""),
              LOG_TEXT("text", "a \"b\" = c\\d\n\t\x01"), LOG_TEXT("gone", NULL),
              LOG_TEXT("last", "x"));
    struct str rest = buf_view(&c.line);
    assert_true(str_is(log_line_event(&rest), "job.exit"));
    expect_field(&rest, "job", STR("web.1"));
    expect_field(&rest, "pid", STR("4120"));
    expect_field(&rest, "code", STR("-1"));
    expect_field(&rest, "run", STR("0x1F"));
    expect_field(&rest, "empty", STR(""));
    expect_field(&rest, "text", STR("a \"b\" = c\\d\n\t\x01"));
    expect_field(&rest, "last", STR("x"));
    struct str key;
    struct buf v = {0};
    assert_false(log_line_field(&rest, &key, &v));
    buf_free(&v);
    buf_free(&c.line);
}

static void texts__of_any_bytes__are_read_back_as_they_were(void **state)
{
    (void)state;
    struct random r = {11};
    struct caught c = {{0}};
    const struct log log = {LOG_INFO, sink, &c};
    for (int i = 0; i < 20000; i++) {
        char text[20] = "";
        size_t n = (size_t)random_below(&r, sizeof text - 1);
        for (size_t k = 0; k < n; k++)
            text[k] = (char)(1 + random_below(&r, 255));
        log_event(&log, LOG_INFO, "a.b", LOG_TEXT("t", text), LOG_TEXT("end", "yes"));
        struct str rest = buf_view(&c.line);
        log_line_event(&rest);
        expect_field(&rest, "t", str_of(text));
        expect_field(&rest, "end", STR("yes"));
    }
    buf_free(&c.line);
}

static void lines__of_another_kind__end_without_a_fault(void **state)
{
    (void)state;
    static const char *const lines[] = {"",         "event",      "event a",     "event =x",
                                        "event a=", "event a=\"", "event a=\"\\", "event a=\"\\x",
                                        "event a=\"\\x4", "event a=\"b\"c=d", " a=b", "a=b=c d"};
    struct buf v = {0};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char exact[32]; /* so that the sanitizer sees a byte too many */
        size_t n = strlen(lines[i]), fields = 0;
        memcpy(exact, lines[i], n);
        struct str rest = {exact, n}, key;
        log_line_event(&rest);
        while (log_line_field(&rest, &key, &v) && fields < 10)
            fields++;
        assert_in_range(fields, 0, 2);
    }
    buf_free(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line__with_fields_of_each_kind__is_read_back),
        cmocka_unit_test(texts__of_any_bytes__are_read_back_as_they_were),
        cmocka_unit_test(lines__of_another_kind__end_without_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
