/* test_logs.c - which files are read, and how their text goes on. */
#include "tests/control/stage.h"

static void prepare(struct stage *s)
{
    stage_prepare(s, "a2 b1 c1", NULL, NULL);
    struct definitions *d = &s->scene.set[0];
    d->spec[0].out = "logs\\a.0.log";
    d->spec[1].out = "logs\\a.1.log";
    d->spec[0].err = d->spec[1].err = "stdout";
    d->spec[2].out = "B.log";
    d->spec[2].err = "b.log"; /* the same to Windows */
    d->spec[3].out = d->spec[3].err = "null";
    stage_run(s);
}

static void files__of_the_instances_that_are_meant__are_each_read_once(void **state)
{
    (void)state;
    struct stage s;
    prepare(&s);
    stage_ask(&s, 1, true, "\"do\":\"logs\",\"names\":[\"all\"],\"n\":5,\"follow\":true");
    assert_int_equal(s.n, 0);
    assert_int_equal(s.tail_n, 3);
    assert_string_equal(s.tail[1].path, "logs\\a.1.log");
    assert_string_equal(s.tail[1].name, "a.1");
    assert_string_equal(s.tail[2].path, "B.log");
    assert_true(s.tail_follow);
    assert_int_equal(s.tail_lines, 5);
    stage_close(&s);
}

static void stream__stderr_alone__is_the_shared_file_where_there_is_one(void **state)
{
    (void)state;
    struct stage s;
    prepare(&s);
    stage_ask(&s, 1, true, "\"do\":\"logs\",\"names\":[\"a.0\",\"b\"],\"stream\":\"stderr\"");
    assert_int_equal(s.tail_n, 2);
    assert_string_equal(s.tail[0].path, "logs\\a.0.log");
    assert_string_equal(s.tail[0].stream, "stdout");
    assert_string_equal(s.tail[1].path, "b.log");
    stage_close(&s);
}

static void job__without_a_log__says_so(void **state)
{
    (void)state;
    struct stage s;
    prepare(&s);
    stage_refused(&s, "\"do\":\"logs\",\"names\":[\"c\"]", "refused", "c.0 has no log file");
    s.tail_busy = true;
    stage_refused(&s, "\"do\":\"logs\",\"names\":[\"a\"]", "busy", "too many");
    assert_int_equal(s.tails, 0);
    stage_close(&s);
}

static void text__that_is_read__is_sent_until_the_last(void **state)
{
    (void)state;
    struct stage s;
    prepare(&s);
    stage_ask(&s, 1, true, "\"do\":\"logs\",\"names\":[\"a.0\"]");
    struct tailed t = {.file = &s.tail[0], .path = "C:\\x\\a.0.log", .text = STR("one\xFF\ntwo\n")};
    control_tailed(s.control, 1, &t);
    yyjson_val *v = stage_frame(&s, 0);
    assert_string_equal(text_at(v, "name"), "a.0");
    assert_string_equal(text_at(v, "stream"), "stdout");
    assert_string_equal(text_at(v, "file"), "C:\\x\\a.0.log");
    assert_string_equal(text_at(v, "text"), "one\xEF\xBF\xBD\ntwo\n");
    assert_false(s.sent[0].last);
    stage_read(&s, 1);
    assert_int_equal(s.mores, 1);
    control_tailed(s.control, 1, &(struct tailed){.last = true});
    assert_true(s.sent[1].last);
    assert_int_equal(s.untails, 1);
    control_tailed(s.control, 1, &t); /* late */
    assert_int_equal(s.n, 2);
    stage_close(&s);
}

static void reader__whose_client_leaves__is_given_up(void **state)
{
    (void)state;
    struct stage s;
    prepare(&s);
    stage_ask(&s, 1, true, "\"do\":\"logs\",\"names\":[\"a.0\"],\"follow\":true");
    control_gone(s.control, 1);
    assert_int_equal(s.untails, 1);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files__of_the_instances_that_are_meant__are_each_read_once),
        cmocka_unit_test(stream__stderr_alone__is_the_shared_file_where_there_is_one),
        cmocka_unit_test(job__without_a_log__says_so),
        cmocka_unit_test(text__that_is_read__is_sent_until_the_last),
        cmocka_unit_test(reader__whose_client_leaves__is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
