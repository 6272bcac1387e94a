/* test_checks_http.c - checks by HTTP against a server of many manners. */
#include "tests/host/checks_scene.h"

#include "service/host/checks_words.h"
#include "service/win32/wine.h"

#include <winhttp.h>

#include <stdio.h>
#include <string.h>

static void http__answers__is_good_or_bad_by_its_status(void **state)
{
    struct scene *s = *state;
    static const struct {
        const char *path, *bad; /* NULL: good */
    } row[] = {
        {"/good", NULL},
        {"/none", NULL},
        {"/moved", NULL},
        {"/gone", "/gone: answered 404 Not Found"},
        {"/down", "/down: answered 503 Service Unavailable"},
        {"/secret", "/secret: answered 401 Unauthorized"},
        {"/odd", "/odd: answered 500 Bad"},
        {"/long", NULL},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        begin_http(s, i, row[i].path, LAB_LIMIT_MS);
        if (row[i].bad)
            expect_bad(s, row[i].bad);
        else
            expect_good(s);
        assert_int_equal(s->told[0].id, i);
        assert_int_equal(s->told[0].serial, i + 1000);
        for (const char *c = s->told[0].text; *c; c++)
            assert_true(*c >= ' ');
    }
}

static void http__each_check__has_a_connection_of_its_own_that_is_closed(void **state)
{
    struct scene *s = *state;
    for (size_t i = 0; i < 3; i++) {
        begin_http(s, 1, "/good", LAB_LIMIT_MS);
        expect_good(s);
        assert_int_equal(answers_accepted(s->server), i + 1);
    }
}

static void http__redirects_without_end__is_bad(void **state)
{
    struct scene *s = *state;
    begin_http(s, 1, "/round", LAB_LIMIT_MS);
    expect_bad(s, "/round: ");
}

static void http__never_answers__is_bad_after_its_time(void **state)
{
    struct scene *s = *state;
    begin_http(s, 1, "/never", 200);
    expect_bad(s, "/never: no answer in 200 ms");
}

static void http__body_without_an_end__is_good_by_its_status(void **state)
{
    struct scene *s = *state;
    begin_http(s, 1, "/endless", 3000);
    expect_good(s);
}

static void http__is_no_http_or_closes__is_bad_with_words(void **state)
{
    struct scene *s = *state;
    begin_http(s, 1, "/hangup", LAB_LIMIT_MS);
    expect_bad(s, "(Windows error 12");
    begin_http(s, 1, "/nonsense", LAB_LIMIT_MS);
    expect_bad(s, "(Windows error 12");
}

static void http__nobody_listens__is_bad_with_windows_words(void **state)
{
    struct scene *s = *state;
    char text[64];
    snprintf(text, sizeof text, "http://127.0.0.1:%u/health", find_free_port());
    begin(s, 1, CHECK_HTTP, text, LAB_LIMIT_MS);
    expect_bad(s, text);
    assert_non_null(strstr(s->told[0].text, "/health: "));
    assert_non_null(strstr(s->told[0].text, " (Windows error 12029)"));
}

static void http__name_without_address__is_bad(void **state)
{
    struct scene *s = *state;
    begin(s, 1, CHECK_HTTP, "http://no-such-host.invalid/", LAB_LIMIT_MS);
    expect_bad(s, "http://no-such-host.invalid/: ");
    assert_non_null(strstr(s->told[0].text, "(Windows error 12007)"));
}

static void https__server_without_a_certificate__is_bad(void **state)
{
    struct scene *s = *state;
    char text[64];
    snprintf(text, sizeof text, "https://127.0.0.1:%u/good", answers_port(s->server));
    begin(s, 1, CHECK_HTTP, text, LAB_LIMIT_MS);
    expect_bad(s, "(Windows error 12");
}

static void http__ipv6_host__is_asked(void **state)
{
    struct scene *s = *state;
    struct answers *a = answers_open(true, 0);
    char text[64];
    if (!a || on_wine()) {
        print_message("skipped: no ::1 here, or Wine, which takes [::1] for a name\n");
        answers_close(a);
        skip();
    }
    snprintf(text, sizeof text, "http://[::1]:%u/good", answers_port(a));
    begin(s, 1, CHECK_HTTP, text, LAB_LIMIT_MS);
    expect_good(s);
    answers_close(a);
}

static void url__that_is_none__is_refused_at_once(void **state)
{
    struct scene *s = *state;
    static const char *const url_of[] = {"nowhere", "ftp://127.0.0.1/", "http://", "http:///x"};
    for (size_t i = 0; i < sizeof url_of / sizeof *url_of; i++) {
        struct err e = {0};
        assert_int_not_equal(try_begin(s, i, CHECK_HTTP, url_of[i], 1000, &e), ST_OK);
        assert_non_null(strstr(e.text, url_of[i]));
        assert_non_null(strstr(e.text, "Windows error 12"));
    }
    assert_int_equal(checks_running(s->checks), 0);
}

static void words__of_a_certificate__name_all_that_is_wrong(void **state)
{
    (void)state;
    char text[256];
    http_words(ERROR_WINHTTP_SECURE_FAILURE,
               WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID |
                   WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID,
               text, sizeof text);
    assert_string_equal(text, "the certificate has expired or is not valid yet and the certificate "
                              "is for another name (Windows error 12175)");
    http_words(ERROR_WINHTTP_SECURE_FAILURE, UINT32_MAX, text, sizeof text); /* fits, or is cut */
    assert_true(strlen(text) < sizeof text);
    http_words(ERROR_ACCESS_DENIED, 0, text, sizeof text);
    assert_non_null(strstr(text, "denied"));
    http_words(12999, 0, text, sizeof text);
    assert_non_null(strstr(text, "(Windows error 12999)"));
}

const struct CMUnitTest http_tests[] = {
    SCENE(http__answers__is_good_or_bad_by_its_status),
    SCENE(http__each_check__has_a_connection_of_its_own_that_is_closed),
    SCENE(http__redirects_without_end__is_bad),
    SCENE(http__never_answers__is_bad_after_its_time),
    SCENE(http__body_without_an_end__is_good_by_its_status),
    SCENE(http__is_no_http_or_closes__is_bad_with_words),
    SCENE(http__nobody_listens__is_bad_with_windows_words),
    SCENE(http__name_without_address__is_bad),
    SCENE(https__server_without_a_certificate__is_bad),
    SCENE(http__ipv6_host__is_asked),
    SCENE(url__that_is_none__is_refused_at_once),
    cmocka_unit_test(words__of_a_certificate__name_all_that_is_wrong),
};
const size_t http_tests_n = sizeof http_tests / sizeof *http_tests;
