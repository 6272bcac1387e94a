/* test_events.c - what has happened, and what happens. */
#include "tests/control/stage.h"

#include <stdio.h>
#include <string.h>

static void add(struct stage *s, const char *line)
{
    journal_add(s->journal, 1795365064120, LOG_INFO, str_of(line));
}

static void add_many(struct stage *s, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        char line[64];
        snprintf(line, sizeof line, "job.ready job=a.0 pid=%u", i);
        add(s, line);
    }
}

static void events__the_last_of_them__come_oldest_first_with_their_fields(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    add_many(&s, 30);
    add(&s, "job.failed job=a.0 reason=\"start limit \\\"reached\\\"\"");
    yyjson_val *v = stage_once(&s, "\"do\":\"events\",\"n\":2");
    assert_int_equal(yyjson_arr_size(at(v, "events")), 2);
    assert_int_equal(number_at(v, "events/0/seq"), 30);
    assert_string_equal(text_at(v, "events/0/fields/pid"), "29");
    assert_string_equal(text_at(v, "events/1/event"), "job.failed");
    assert_string_equal(text_at(v, "events/1/time"), "2026-11-22T16:31:04.120Z");
    assert_string_equal(text_at(v, "events/1/level"), "info");
    assert_string_equal(text_at(v, "events/1/fields/job"), "a.0");
    assert_string_equal(text_at(v, "events/1/fields/reason"), "start limit \"reached\"");
    assert_string_equal(text_at(v, "events/1/line"),
                        "job.failed job=a.0 reason=\"start limit \\\"reached\\\"\"");
    v = stage_once(&s, "\"do\":\"events\"");
    assert_int_equal(yyjson_arr_size(at(v, "events")), 20);
    v = stage_once(&s, "\"do\":\"events\",\"n\":0");
    assert_int_equal(yyjson_arr_size(at(v, "events")), 0);
    stage_close(&s);
}

static void events__of_names__are_those_about_them(void **state)
{
    (void)state;
    static struct group_spec group = {.name = "apps"};
    struct stage s;
    stage_prepare(&s, "a2 b1", NULL, NULL);
    SET_EACH(&s.scene.set[0], 1, group, &group);
    stage_run(&s);
    add(&s, "service.started pid=1");
    add(&s, "job.ready job=a.0");
    add(&s, "job.ready job=a.1");
    add(&s, "job.ready job=b.0");
    add(&s, "job.roll job=b instances=1");
    add(&s, "limit.reached level=group name=apps limit=job_memory_limit");
    yyjson_val *v = stage_once(&s, "\"do\":\"events\",\"names\":[\"a.1\"]");
    assert_int_equal(yyjson_arr_size(at(v, "events")), 1);
    assert_string_equal(text_at(v, "events/0/fields/job"), "a.1");
    v = stage_once(&s, "\"do\":\"events\",\"names\":[\"a\"]");
    assert_int_equal(yyjson_arr_size(at(v, "events")), 2);
    v = stage_once(&s, "\"do\":\"events\",\"names\":[\"apps\"]");
    assert_int_equal(yyjson_arr_size(at(v, "events")), 3);
    v = stage_once(&s, "\"do\":\"events\",\"names\":[\"all\"]");
    assert_int_equal(yyjson_arr_size(at(v, "events")), 6);
    stage_refused(&s, "\"do\":\"events\",\"names\":[\"zzz\"]", "no-such-name", "zzz");
    add(&s, "control.command command=stop names=\"a.1 b\" by=x");
    v = stage_once(&s, "\"do\":\"events\",\"names\":[\"a.1\"]"); /* who has stopped it? */
    assert_int_equal(yyjson_arr_size(at(v, "events")), 2);
    v = stage_once(&s, "\"do\":\"events\",\"names\":[\"*.1\"]");
    assert_int_equal(yyjson_arr_size(at(v, "events")), 2);
    /* Of a job that is gone there may be lines still. */
    add(&s, "job.removed job=old.0");
    v = stage_once(&s, "\"do\":\"events\",\"names\":[\"old\"]");
    assert_int_equal(yyjson_arr_size(at(v, "events")), 1);
    stage_close(&s);
}

static void events__more_than_a_frame_holds__come_in_several(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    add_many(&s, 2500);
    stage_ask(&s, 1, true, "\"do\":\"events\",\"n\":10000");
    assert_int_equal(s.n, 3);
    assert_true(yyjson_get_bool(at(stage_frame(&s, 1), "more")));
    assert_int_equal(yyjson_arr_size(at(stage_frame(&s, 2), "events")), 500);
    assert_true(s.sent[2].last);
    stage_close(&s);
}

static void follow__brings_what_comes_when_the_client_has_read(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1 b1", NULL, NULL);
    add(&s, "job.ready job=a.0");
    stage_ask(&s, 3, false, "\"do\":\"events\",\"follow\":true,\"n\":1,\"names\":[\"a\"]");
    assert_int_equal(s.n, 1);
    assert_true(yyjson_get_bool(at(stage_frame(&s, 0), "more")));
    add(&s, "job.ended job=a.0");
    control_happened(s.control);
    assert_int_equal(s.n, 1); /* not before it has read the first */
    add(&s, "job.backoff job=a.0");
    stage_read(&s, 3);
    assert_int_equal(s.n, 2);
    assert_int_equal(yyjson_arr_size(at(stage_frame(&s, 1), "events")), 2);
    stage_read(&s, 3);
    add(&s, "job.ended job=b.0"); /* nobody asked for that */
    control_happened(s.control);
    assert_int_equal(s.n, 2);
    control_gone(s.control, 3);
    add(&s, "job.ended job=a.0");
    control_happened(s.control);
    assert_int_equal(s.n, 2);
    stage_close(&s);
}

static void follow__of_a_client_that_is_too_slow__says_how_much_is_lost(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    stage_ask(&s, 3, false, "\"do\":\"events\",\"follow\":true,\"n\":0");
    add_many(&s, JOURNAL_LINES + 100);
    control_happened(s.control);
    stage_read(&s, 3);
    assert_int_equal(number_at(stage_frame(&s, 1), "lost"), 100);
    assert_int_equal(yyjson_arr_size(at(stage_frame(&s, 1), "events")), 1000);
    stage_close(&s);
}

static void line__that_is_not_utf8__is_sent_as_json_all_the_same(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    add(&s, "job.ended job=a.0 text=\xFF\xFEx");
    yyjson_val *v = stage_once(&s, "\"do\":\"events\"");
    assert_string_equal(text_at(v, "events/0/fields/text"), "\xEF\xBF\xBD\xEF\xBF\xBDx");
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events__the_last_of_them__come_oldest_first_with_their_fields),
        cmocka_unit_test(events__of_names__are_those_about_them),
        cmocka_unit_test(events__more_than_a_frame_holds__come_in_several),
        cmocka_unit_test(follow__brings_what_comes_when_the_client_has_read),
        cmocka_unit_test(follow__of_a_client_that_is_too_slow__says_how_much_is_lost),
        cmocka_unit_test(line__that_is_not_utf8__is_sent_as_json_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
