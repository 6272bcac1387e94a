/* test_request.c - bytes to requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/buf.h"
#include "service/control/request.h"

#include <string.h>

static void expect_no(const char *json, enum refusal code, const char *piece)
{
    struct request r;
    struct no no = {REFUSAL_NONE, {0}};
    if (request_parse(str_of(json), &r, &no))
        fail_msg("taken: %s", json);
    if (no.code != code || !strstr(no.why.text, piece))
        fail_msg("%s: %s: %s", json, refusal_names[no.code], no.why.text);
    assert_null(r.doc);
}

static struct request expect_yes(const char *json)
{
    struct request r;
    struct no no = {REFUSAL_NONE, {0}};
    if (!request_parse(str_of(json), &r, &no))
        fail_msg("%s: %s", json, no.why.text);
    return r;
}

static void request__with_everything__is_read(void **state)
{
    (void)state;
    struct request r = expect_yes("{\"protocol\":1,\"id\":7,\"do\":\"stop\",\"names\":[\"web\","
                                  "\"api.2\"],\"wait\":true,\"timeout_ms\":5000}");
    assert_int_equal(r.what, DO_STOP);
    assert_int_equal(r.id, 7);
    assert_int_equal(r.names, 2);
    assert_string_equal(r.name[1], "api.2");
    assert_true(r.wait);
    assert_int_equal(r.timeout_ms, 5000);
    request_free(&r);
    r = expect_yes("{\"protocol\":1,\"do\":\"logs\"}");
    assert_int_equal(r.n, 20);
    assert_true(r.out && r.err && !r.follow);
    request_free(&r);
    r = expect_yes("{\"protocol\":1,\"do\":\"logs\",\"stream\":\"stderr\",\"n\":0}");
    assert_true(!r.out && r.err && r.n == 0);
    request_free(&r);
}

static void every_command__by_its_name__is_found(void **state)
{
    (void)state;
    for (int i = 0; i < COMMANDS; i++) {
        struct buf b = {0};
        buf_f(&b, "{\"protocol\":1,\"do\":\"%s\",\"names\":[\"a\"]}", command_names[i]);
        struct request r;
        struct no no;
        bool ok = request_parse(buf_view(&b), &r, &no); /* some take no names */
        assert_int_equal(ok ? (int)r.what : i, i);
        assert_true(ok || no.code == REFUSAL_BAD_REQUEST);
        request_free(&r);
        buf_free(&b);
    }
}

static void request__that_is_none__is_told_what_is_wrong(void **state)
{
    (void)state;
    expect_no("", REFUSAL_BAD_REQUEST, "not JSON");
    expect_no("{\"protocol\":1", REFUSAL_BAD_REQUEST, "not JSON");
    expect_no("[1]", REFUSAL_BAD_REQUEST, "one JSON object");
    expect_no("{}", REFUSAL_BAD_REQUEST, "\"protocol\" is missing");
    expect_no("{\"protocol\":1}", REFUSAL_BAD_REQUEST, "\"do\"");
    expect_no("{\"protocol\":1,\"do\":3}", REFUSAL_BAD_REQUEST, "\"do\"");
    expect_no("{\"do\":\"status\"}", REFUSAL_BAD_REQUEST, "\"protocol\" is missing");
    expect_no("{\"do\":\"status\",\"protocol\":2}", REFUSAL_UNSUPPORTED_VERSION, "version 1");
    /* A later version may have commands and members that this one does not know. */
    expect_no("{\"do\":\"new\",\"x\":1,\"protocol\":2}", REFUSAL_UNSUPPORTED_VERSION, "version 1");
    expect_no("{\"do\":\"status\",\"protocol\":\"1\"}", REFUSAL_BAD_REQUEST, "\"protocol\"");
    expect_no("{\"protocol\":1,\"do\":\"stauts\"}", REFUSAL_UNKNOWN_COMMAND, "'stauts'");
    expect_no("{\"protocol\":1,\"do\":\"status\",\"wait\":true}", REFUSAL_BAD_REQUEST,
              "'status' has no member \"wait\"");
    expect_no("{\"protocol\":1,\"do\":\"status\",\"names\":[],\"names\":[]}", REFUSAL_BAD_REQUEST,
              "twice");
    expect_no("{\"protocol\":1,\"do\":\"status\",\"names\":\"web\"}", REFUSAL_BAD_REQUEST,
              "a list");
    expect_no("{\"protocol\":1,\"do\":\"status\",\"names\":[\"a\\u0000b\"]}", REFUSAL_BAD_REQUEST,
              "control characters");
    expect_no("{\"protocol\":1,\"do\":\"status\",\"every_ms\":99}", REFUSAL_BAD_REQUEST,
              "from 100 to 60000");
    expect_no("{\"protocol\":1,\"do\":\"status\",\"id\":-1}", REFUSAL_BAD_REQUEST, "\"id\"");
    expect_no("{\"protocol\":1,\"do\":\"stop\"}", REFUSAL_BAD_REQUEST, "needs \"names\"");
    expect_no("{\"protocol\":1,\"do\":\"stop\",\"names\":[]}", REFUSAL_BAD_REQUEST,
              "needs \"names\"");
    expect_no("{\"protocol\":1,\"do\":\"logs\",\"stream\":\"both\"}", REFUSAL_BAD_REQUEST,
              "\"stdout\" or \"stderr\"");
}

static void set__in_all_its_forms__has_keys_or_a_reset(void **state)
{
    (void)state;
    struct request r = expect_yes("{\"protocol\":1,\"do\":\"set\",\"name\":\"web\",\"keys\":"
                                  "{\"job_memory_limit\":\"2G\",\"restart\":\"never\"}}");
    assert_int_equal(r.settings, 2);
    assert_string_equal(r.setting[0].key, "job_memory_limit");
    assert_string_equal(r.setting[1].value, "never");
    assert_string_equal(r.target, "web");
    request_free(&r);
    r = expect_yes("{\"protocol\":1,\"do\":\"set\",\"name\":\"web\",\"reset\":true}");
    assert_true(r.reset && r.settings == 0);
    request_free(&r);
    r = expect_yes("{\"protocol\":1,\"do\":\"set\",\"name\":\"web\",\"reset\":true,"
                   "\"keys\":[\"restart\"]}");
    assert_int_equal(r.settings, 1);
    assert_null(r.setting[0].value);
    request_free(&r);
    expect_no("{\"protocol\":1,\"do\":\"set\",\"keys\":{\"a\":\"b\"}}", REFUSAL_BAD_REQUEST,
              "needs \"name\"");
    expect_no("{\"protocol\":1,\"do\":\"set\",\"name\":\"web\"}", REFUSAL_BAD_REQUEST,
              "needs keys");
    expect_no("{\"protocol\":1,\"do\":\"set\",\"name\":\"web\",\"keys\":[\"a\"]}",
              REFUSAL_BAD_REQUEST, "needs keys");
    expect_no("{\"protocol\":1,\"do\":\"set\",\"name\":\"web\",\"reset\":true,\"keys\":"
              "{\"a\":\"b\"}}",
              REFUSAL_BAD_REQUEST, "without values");
    expect_no("{\"protocol\":1,\"do\":\"set\",\"name\":\"web\",\"keys\":{\"a\":1}}",
              REFUSAL_BAD_REQUEST, "an object of texts");
}

static void refusal__of_a_request_with_an_id__keeps_it(void **state)
{
    (void)state;
    struct request r;
    struct no no;
    assert_false(request_parse(STR("{\"id\":42,\"do\":\"nothing\"}"), &r, &no));
    assert_int_equal(r.id, 42);
    assert_false(request_parse(STR("{\"id\":42,\"protocol\":1,\"do\":\"stop\"}"), &r, &no));
    assert_int_equal(r.id, 42);
}

static void names__too_many_or_too_long__are_refused(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_z(&b, "{\"protocol\":1,\"do\":\"status\",\"names\":[\"a\"");
    for (int i = 0; i < NAMES_MAX; i++)
        buf_z(&b, ",\"a\"");
    buf_z(&b, "]}");
    expect_no(buf_text(&b), REFUSAL_BAD_REQUEST, "at most 64 names");
    buf_reset(&b);
    buf_z(&b, "{\"protocol\":1,\"do\":\"status\",\"names\":[\"");
    for (int i = 0; i <= NAME_BYTES_MAX; i++)
        buf_z(&b, "a");
    buf_z(&b, "\"]}");
    expect_no(buf_text(&b), REFUSAL_BAD_REQUEST, "at most 256 bytes");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request__with_everything__is_read),
        cmocka_unit_test(every_command__by_its_name__is_found),
        cmocka_unit_test(request__that_is_none__is_told_what_is_wrong),
        cmocka_unit_test(set__in_all_its_forms__has_keys_or_a_reset),
        cmocka_unit_test(refusal__of_a_request_with_an_id__keeps_it),
        cmocka_unit_test(names__too_many_or_too_long__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
