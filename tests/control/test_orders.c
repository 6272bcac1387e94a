/* test_orders.c - start, stop, restart, kill; and waiting for them. */
#include "tests/control/stage.h"

#include <string.h>

static void order__by_one_who_may_only_look__is_denied_and_logged(void **state)
{
    (void)state;
    static const char *const asks[] = {
        "\"do\":\"stop\",\"names\":[\"a\"]",
        "\"do\":\"start\",\"names\":[\"a\"]",
        "\"do\":\"restart\",\"names\":[\"a\"]",
        "\"do\":\"kill\",\"names\":[\"a\"]",
        "\"do\":\"reload\"",
        "\"do\":\"logs\",\"names\":[\"a\"]",
        "\"do\":\"set\",\"name\":\"a\",\"keys\":{\"restart\":\"never\"}"};
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        stage_clear(&s);
        stage_ask(&s, 2, false, asks[i]);
        assert_string_equal(text_at(stage_frame(&s, 0), "error/code"), "denied");
        assert_non_null(strstr(text_at(stage_frame(&s, 0), "error/text"), "control_access"));
    }
    scene_is(&s.scene, "a.0", S_RUNNING);
    assert_int_equal(s.reloads + s.tails, 0);
    assert_non_null(strstr(buf_text(&s.log), "control.denied command=stop by=DOMAIN\\somebody "
                                             "pid=4711\n"));
    assert_null(
        strstr(buf_text(&s.log), "command=kill")); /* one line for all of them, for a while */
    stage_live(&s, 20000);
    stage_ask(&s, 2, false, asks[3]);
    assert_non_null(
        strstr(buf_text(&s.log), "command=kill by=DOMAIN\\somebody pid=4711 repeats=6"));
    stage_close(&s);
}

static void stop__without_a_wait__is_ordered_and_told_at_once(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a2 b1", NULL, NULL);
    yyjson_val *v = stage_once(&s, "\"do\":\"stop\",\"names\":[\"all\"]");
    assert_int_equal(number_at(v, "of"), 3);
    assert_int_equal(number_at(v, "jobs"), 2);
    assert_string_equal(text_at(v, "instances/2"), "b.0");
    assert_false(has(v, "done") || has(v, "failed")); /* nothing is known yet */
    stage_live(&s, 1000);
    scene_is(&s.scene, "a.0", S_STOPPED);
    assert_non_null(strstr(buf_text(&s.log), "control.command command=stop names=all "
                                             "by=DOMAIN\\somebody pid=4711"));
    stage_close(&s);
}

static void stop__with_a_wait__tells_how_far_it_is(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a2", NULL, NULL);
    s.scene.f.obeys = 0; /* so the ladder takes its ten seconds */
    stage_ask(&s, 1, true, "\"do\":\"stop\",\"names\":[\"a\"],\"wait\":true");
    assert_int_equal(s.n, 1);
    yyjson_val *v = stage_frame(&s, 0);
    assert_true(yyjson_get_bool(at(v, "more")));
    assert_int_equal(number_at(v, "done"), 0);
    assert_int_equal(number_at(v, "of"), 2);
    assert_string_equal(text_at(v, "waiting/1"), "a.1");
    for (int i = 0; i < 30 && !s.sent[s.n - 1].last; i++) {
        stage_read(&s, 1);
        stage_live(&s, 500);
    }
    v = stage_frame(&s, s.n - 1);
    assert_true(s.sent[s.n - 1].last);
    assert_in_range(s.n, 9, 13); /* about once a second */
    assert_int_equal(number_at(v, "done"), 2);
    assert_false(control_busy(s.control));
    stage_close(&s);
}

static void wait__whose_time_is_over__names_those_on_their_way(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    s.scene.f.obeys = 0;
    stage_ask(&s, 1, true, "\"do\":\"stop\",\"names\":[\"a\"],\"wait\":true,\"timeout_ms\":2000");
    stage_live(&s, 3000);
    yyjson_val *v = stage_frame(&s, s.n - 1);
    assert_true(s.sent[s.n - 1].last);
    assert_int_equal(number_at(v, "done"), 0);
    assert_string_equal(text_at(v, "failed/0/name"), "a.0");
    assert_string_equal(text_at(v, "failed/0/state"), "stopping");
    stage_live(&s, 20000); /* the order stays */
    scene_is(&s.scene, "a.0", S_STOPPED);
    stage_close(&s);
}

static void start__of_one_that_fails__is_told_with_its_state(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    stage_once(&s, "\"do\":\"stop\",\"names\":[\"a\"]");
    stage_live(&s, 1000);
    s.scene.f.no_program = 0;
    stage_clear(&s);
    stage_ask(&s, 1, true, "\"do\":\"start\",\"names\":[\"a\"],\"wait\":true");
    stage_live(&s, 1000);
    yyjson_val *v = stage_frame(&s, s.n - 1);
    assert_true(s.sent[s.n - 1].last);
    assert_string_equal(text_at(v, "failed/0/state"), "backoff");
    stage_close(&s);
}

static void restart__with_a_wait__is_done_when_new_runs_are_up(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a2", NULL, NULL);
    uint64_t before = scene_unit(&s.scene, "a.1")->starts;
    stage_ask(&s, 1, true, "\"do\":\"restart\",\"names\":[\"a\"],\"wait\":true");
    assert_false(s.sent[s.n - 1].last); /* that the old ones are up is not enough */
    for (int i = 0; i < 100 && !s.sent[s.n - 1].last; i++) {
        stage_read(&s, 1);
        stage_live(&s, 200);
    }
    yyjson_val *v = stage_frame(&s, s.n - 1);
    assert_int_equal(number_at(v, "done"), 2);
    assert_int_equal(scene_unit(&s.scene, "a.1")->starts, before + 1);
    scene_is(&s.scene, "a.0", S_RUNNING);
    stage_close(&s);
}

static void kill__of_one_that_runs__ends_it_and_of_one_that_does_not_is_refused(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    stage_once(&s, "\"do\":\"kill\",\"names\":[\"a.0\"]");
    assert_int_equal(s.scene.f.job[0].kills, 1);
    stage_live(&s, 5000);
    scene_is(&s.scene, "a.0", S_RUNNING); /* restart = always */
    stage_once(&s, "\"do\":\"stop\",\"names\":[\"a\"]");
    stage_live(&s, 1000);
    stage_refused(&s, "\"do\":\"kill\",\"names\":[\"a.0\"]", "refused", "a.0 is not running");
    stage_close(&s);
}

static void kill__of_several__is_about_those_that_run(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a2 b1", NULL, NULL);
    stage_once(&s, "\"do\":\"stop\",\"names\":[\"a\"]");
    stage_live(&s, 1000);
    yyjson_val *v = stage_once(&s, "\"do\":\"kill\",\"names\":[\"all\"]");
    assert_int_equal(number_at(v, "of"), 1);
    assert_string_equal(text_at(v, "instances/0"), "b.0");
    stage_refused(&s, "\"do\":\"kill\",\"names\":[\"a\"]", "refused", "none of these 2 instances");
    stage_close(&s);
}

static void service__that_ends__leaves_nobody_without_an_answer(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1 b1", NULL, NULL);
    s.scene.f.obeys = 0;
    stage_ask(&s, 1, true, "\"do\":\"stop\",\"names\":[\"a\"],\"wait\":true");
    stage_ask(&s, 2, true, "\"do\":\"stop\",\"names\":[\"b\"],\"wait\":true");
    stage_ask(&s, 3, false, "\"do\":\"events\",\"follow\":true");
    stage_ask(&s, 4, true, "\"do\":\"reload\"");
    fake_exit(&s.scene.f, 0, 0); /* of a alone */
    scene_live(&s.scene, 1000);
    stage_clear(&s);
    control_end(s.control, REFUSAL_STOPPING, "the service has stopped");
    assert_int_equal(s.n, 4);
    for (size_t i = 0; i < s.n; i++) {
        bool done = s.sent[i].client == 1;
        assert_true(s.sent[i].last);
        assert_int_equal(yyjson_get_bool(at(stage_frame(&s, i), "ok")), done);
        if (!done)
            assert_string_equal(text_at(stage_frame(&s, i), "error/code"), "stopping");
    }
    assert_false(control_busy(s.control));
    stage_close(&s);
}

static void waits__more_than_there_is_room_for__are_refused_before_anything_is_done(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    for (uint64_t i = 1; i <= DEALS_MAX; i++) {
        stage_clear(&s);
        stage_ask(&s, i, false, "\"do\":\"status\",\"every_ms\":60000");
    }
    stage_clear(&s);
    stage_ask(&s, 1000, true, "\"do\":\"stop\",\"names\":[\"a\"],\"wait\":true");
    assert_int_equal(s.n, 1);
    assert_string_equal(text_at(stage_frame(&s, 0), "error/code"), "busy");
    scene_is(&s.scene, "a.0", S_RUNNING);
    stage_close(&s);
}

static void second_request__of_a_client_that_waits__takes_the_place_of_the_first(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    s.scene.f.obeys = 0;
    stage_ask(&s, 1, true, "\"do\":\"stop\",\"names\":[\"a\"],\"wait\":true");
    stage_clear(&s);
    stage_ask(&s, 1, true, "\"do\":\"check\"");
    assert_true(s.sent[0].last);
    assert_false(control_busy(s.control));
    stage_live(&s, 20000);
    assert_int_equal(s.n, 1);
    stage_close(&s);
}

static void order__of_a_wrong_name__does_nothing_to_the_right_ones(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1 b1", NULL, NULL);
    stage_refused(&s, "\"do\":\"stop\",\"names\":[\"a\",\"zzz\"]", "no-such-name", "'zzz'");
    stage_live(&s, 1000);
    scene_is(&s.scene, "a.0", S_RUNNING);
    stage_close(&s);
}

static void order__of_a_job_without_instances__says_so(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1 b0", NULL, NULL);
    stage_refused(&s, "\"do\":\"start\",\"names\":[\"b\"]", "refused", "'b' has no instances");
    stage_once(&s, "\"do\":\"start\",\"names\":[\"b\",\"a\"]");
    stage_close(&s);
}

static void start__while_the_fleet_stops__is_refused(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    sup_stop_all(s.scene.f.sup, CAUSE_SHUTDOWN, 10000);
    stage_refused(&s, "\"do\":\"start\",\"names\":[\"a\"]", "stopping", "being stopped");
    stage_refused(&s, "\"do\":\"reload\"", "stopping", "nothing was changed");
    stage_once(&s, "\"do\":\"status\"");
    stage_close(&s);
}

static void wait__of_a_client_that_leaves__is_forgotten(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    s.scene.f.obeys = 0;
    stage_ask(&s, 1, true, "\"do\":\"stop\",\"names\":[\"a\"],\"wait\":true");
    control_gone(s.control, 1);
    assert_false(control_busy(s.control));
    stage_live(&s, 20000);
    assert_int_equal(s.n, 1);
    scene_is(&s.scene, "a.0", S_STOPPED);
    stage_close(&s);
}

static void stop__of_one_that_a_reload_removes__has_come(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1 b1", "a1", NULL);
    s.scene.f.obeys = 0;
    stage_ask(&s, 1, true, "\"do\":\"stop\",\"names\":[\"b\"],\"wait\":true");
    scene_take(&s.scene, 1);
    stage_live(&s, 20000);
    assert_true(s.sent[s.n - 1].last);
    assert_int_equal(number_at(stage_frame(&s, s.n - 1), "done"), 1);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order__by_one_who_may_only_look__is_denied_and_logged),
        cmocka_unit_test(stop__without_a_wait__is_ordered_and_told_at_once),
        cmocka_unit_test(stop__with_a_wait__tells_how_far_it_is),
        cmocka_unit_test(wait__whose_time_is_over__names_those_on_their_way),
        cmocka_unit_test(start__of_one_that_fails__is_told_with_its_state),
        cmocka_unit_test(restart__with_a_wait__is_done_when_new_runs_are_up),
        cmocka_unit_test(kill__of_one_that_runs__ends_it_and_of_one_that_does_not_is_refused),
        cmocka_unit_test(kill__of_several__is_about_those_that_run),
        cmocka_unit_test(service__that_ends__leaves_nobody_without_an_answer),
        cmocka_unit_test(waits__more_than_there_is_room_for__are_refused_before_anything_is_done),
        cmocka_unit_test(second_request__of_a_client_that_waits__takes_the_place_of_the_first),
        cmocka_unit_test(order__of_a_wrong_name__does_nothing_to_the_right_ones),
        cmocka_unit_test(order__of_a_job_without_instances__says_so),
        cmocka_unit_test(start__while_the_fleet_stops__is_refused),
        cmocka_unit_test(wait__of_a_client_that_leaves__is_forgotten),
        cmocka_unit_test(stop__of_one_that_a_reload_removes__has_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
