/* test_status.c - the state of instances, once and as a stream. */
#include "tests/control/stage.h"

#include <string.h>

static const struct measure busy = {
    .known = true,
    .now = {.at = 60000, .commit = 1 << 20, .processes = 2, .threads = 14, .handles = 310},
    .run = {.user = 80000000, .kernel = 20000000}};

static void instances__that_run__tell_what_they_use(void **state)
{
    (void)state;
    struct stage s;
    stage_prepare(&s, "a2 b1", NULL, NULL);
    SET_EACH(&s.scene.set[0], 0, limits.job_memory, 8 << 20);
    SET_EACH(&s.scene.set[0], 0, limits.guard_commit.value, 4 << 20);
    SET_EACH(&s.scene.set[0], 0, limits.cpu_rate_cap, ((struct cpu_share){CPU_OF_MACHINE, 5000}));
    stage_run(&s);
    s.measure = busy;
    yyjson_val *v = stage_once(&s, "\"do\":\"status\"");
    assert_string_equal(text_at(v, "service/name"), "Test");
    assert_string_equal(text_at(v, "service/started"), "1970-01-01T00:00:00.000Z");
    assert_int_equal(number_at(v, "service/commit"), 3 << 20);
    assert_int_equal(number_at(v, "summary/instances"), 3);
    assert_int_equal(number_at(v, "summary/running"), 3);
    assert_string_equal(text_at(v, "instances/0/name"), "a.0");
    assert_string_equal(text_at(v, "instances/2/job"), "b");
    assert_string_equal(text_at(v, "instances/0/state"), "running");
    assert_true(number_at(v, "instances/0/pid") > 0);
    assert_int_equal(number_at(v, "instances/0/starts"), 1);
    assert_int_equal(number_at(v, "instances/0/restarts"), 0);
    assert_int_equal(number_at(v, "instances/0/uptime_ms"), 59000);
    assert_int_equal(number_at(v, "instances/0/commit"), 1 << 20);
    assert_int_equal(number_at(v, "instances/0/threads"), 14);
    /* 10 s of CPU in 59 s on 4 processors are 4.23 %. */
    assert_int_equal(number_at(v, "instances/0/cpu_ms"), 10000);
    assert_int_equal(number_at(v, "instances/0/cpu"), 423);
    /* Of several limits the one that comes first. */
    assert_int_equal(number_at(v, "instances/0/commit_limit"), 4 << 20);
    assert_string_equal(text_at(v, "instances/0/commit_limit_key"), "guard_commit");
    assert_int_equal(number_at(v, "instances/0/cpu_limit"), 5000);
    assert_false(has(v, "instances/2/commit_limit"));
    assert_false(has(v, "instances/0/last"));
    assert_int_equal(s.measurings, 1); /* one for all */
    stage_close(&s);
}

static void instance__that_has_crashed__tells_why_and_when_it_comes_back(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    fake_exit(&s.scene.f, 0, 0xC0000005);
    stage_live(&s, 100);
    fake_exit(&s.scene.f, 0, 0xC0000005);
    yyjson_val *v = stage_once(&s, "\"do\":\"status\",\"names\":[\"a\"]");
    assert_string_equal(text_at(v, "instances/0/state"), "backoff");
    assert_false(has(v, "instances/0/pid"));
    assert_false(has(v, "instances/0/uptime_ms"));
    assert_int_equal(number_at(v, "instances/0/next_ms"), 1000);
    assert_string_equal(text_at(v, "instances/0/reason"), "restart = always");
    assert_string_equal(text_at(v, "instances/0/last/cause"), "crash");
    assert_int_equal(number_at(v, "instances/0/last/code"), 0xC0000005);
    assert_string_equal(text_at(v, "instances/0/last/code_name"), "STATUS_ACCESS_VIOLATION");
    assert_int_equal(number_at(v, "instances/0/restarts"), 1);
    assert_int_equal(number_at(v, "summary/running"), 0);
    stage_close(&s);
}

static void instance__that_waits__names_whom_it_waits_for(void **state)
{
    (void)state;
    struct stage s;
    stage_prepare(&s, "a1 b1", NULL, NULL);
    definitions_needs(&s.scene.set[0], 1, 0, true);
    stage_run(&s);
    stage_once(&s, "\"do\":\"stop\",\"names\":[\"all\"]");
    stage_live(&s, 1000);
    stage_once(&s, "\"do\":\"start\",\"names\":[\"b\"]");
    yyjson_val *v = stage_once(&s, "\"do\":\"status\",\"names\":[\"b\"]");
    assert_string_equal(text_at(v, "instances/0/state"), "waiting");
    assert_string_equal(text_at(v, "instances/0/reason"), "waits for a");
    stage_close(&s);
}

static void override__of_a_job__is_shown_at_its_instances(void **state)
{
    (void)state;
    struct stage s;
    static const struct override o[] = {{.section_name = "A", .key = "job_memory_limit"},
                                        {.section_name = "a", .group = true, .key = "affinity"}};
    stage_open(&s, "a1 b1", NULL, NULL);
    s.scene.f.config.overrides = 2;
    s.scene.f.config.override = o;
    yyjson_val *v = stage_once(&s, "\"do\":\"status\"");
    assert_int_equal(yyjson_arr_size(at(v, "instances/0/overridden")), 1);
    assert_string_equal(text_at(v, "instances/0/overridden/0"), "job_memory_limit");
    assert_false(has(v, "instances/1/overridden"));
    stage_close(&s);
}

static void changed_definition__that_waits_for_its_turn__is_shown(void **state)
{
    (void)state;
    struct stage s;
    stage_prepare(&s, "a2", "a2", NULL);
    scene_command(&s.scene, 1, "new.exe");
    stage_run(&s);
    scene_take(&s.scene, 1);
    yyjson_val *v = stage_once(&s, "\"do\":\"status\"");
    assert_true(yyjson_get_bool(at(v, "instances/1/changed")));
    stage_close(&s);
}

/* --- streams --------------------------------------------------------------------------------- */
static void stream__of_a_client_that_reads__comes_in_time_with_the_present_cpu(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    s.measure = busy;
    stage_ask(&s, 5, false, "\"do\":\"status\",\"every_ms\":1000");
    assert_int_equal(s.n, 1);
    assert_true(yyjson_get_bool(at(stage_frame(&s, 0), "more")));
    stage_read(&s, 5);
    stage_live(&s, 900);
    assert_int_equal(s.n, 1);
    s.measure.now.at += 1000;
    s.measure.run.user += 20000000; /* 2 s of CPU in one second on 4 processors */
    stage_live(&s, 200);
    assert_int_equal(s.n, 2);
    assert_int_equal(number_at(stage_frame(&s, 1), "instances/0/cpu"), 5000);
    stage_read(&s, 5);
    stage_live(&s, 1000); /* the same measurement once more: what it said still holds */
    assert_int_equal(number_at(stage_frame(&s, 2), "instances/0/cpu"), 5000);
    control_gone(s.control, 5);
    stage_live(&s, 5000);
    assert_int_equal(s.n, 3);
    assert_false(control_busy(s.control));
    stage_close(&s);
}

static void stream__of_a_client_that_does_not_read__stands_still(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    stage_ask(&s, 5, false, "\"do\":\"status\",\"every_ms\":100");
    stage_live(&s, 10000);
    assert_int_equal(s.n, 1);
    stage_read(&s, 5);
    stage_live(&s, 200);
    assert_int_equal(s.n, 2);
    stage_close(&s);
}

static void stream__with_events__brings_each_once(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    journal_add(s.journal, 1000, LOG_INFO, STR("job.ready job=a.0"));
    stage_ask(&s, 5, false, "\"do\":\"status\",\"every_ms\":100,\"events\":true");
    assert_string_equal(text_at(stage_frame(&s, 0), "events/0/event"), "job.ready");
    stage_read(&s, 5);
    journal_add(s.journal, 2000, LOG_WARNING, STR("job.backoff job=a.0"));
    stage_live(&s, 200);
    assert_int_equal(yyjson_arr_size(at(stage_frame(&s, 1), "events")), 1);
    assert_string_equal(text_at(stage_frame(&s, 1), "events/0/level"), "warning");
    stage_close(&s);
}

static void stream__of_a_name_that_is_gone__ends_with_a_reason(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1 b1", "a1", NULL);
    stage_ask(&s, 5, false, "\"do\":\"status\",\"every_ms\":100,\"names\":[\"b\"]");
    scene_take(&s.scene, 1);
    stage_live(&s, 2000);
    stage_read(&s, 5);
    stage_live(&s, 2000);
    yyjson_val *v = stage_frame(&s, s.n - 1);
    assert_string_equal(text_at(v, "error/code"), "no-such-name");
    assert_true(s.sent[s.n - 1].last);
    assert_false(control_busy(s.control));
    stage_close(&s);
}

static void clients__more_than_there_is_room_for__are_told_so(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    for (uint64_t i = 1; i <= DEALS_MAX; i++) {
        stage_clear(&s);
        stage_ask(&s, i, false, "\"do\":\"status\",\"every_ms\":60000");
    }
    stage_clear(&s);
    stage_ask(&s, 1000, false, "\"do\":\"status\",\"every_ms\":60000");
    assert_string_equal(text_at(stage_frame(&s, 0), "error/code"), "busy");
    stage_clear(&s);
    control_gone(s.control, 3);
    stage_ask(&s, 1000, false, "\"do\":\"status\",\"every_ms\":60000");
    assert_true(yyjson_get_bool(at(stage_frame(&s, 0), "ok")));
    stage_close(&s);
}

static void check__by_anybody__tells_which_service_answers_and_the_role(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    yyjson_val *v = stage_once(&s, "\"do\":\"check\"");
    assert_int_equal(number_at(v, "service/pid"), 77);
    assert_string_equal(text_at(v, "role"), "command");
    stage_clear(&s);
    stage_ask(&s, 2, false, "\"do\":\"check\"");
    assert_string_equal(text_at(stage_frame(&s, 0), "role"), "look");
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances__that_run__tell_what_they_use),
        cmocka_unit_test(instance__that_has_crashed__tells_why_and_when_it_comes_back),
        cmocka_unit_test(instance__that_waits__names_whom_it_waits_for),
        cmocka_unit_test(override__of_a_job__is_shown_at_its_instances),
        cmocka_unit_test(changed_definition__that_waits_for_its_turn__is_shown),
        cmocka_unit_test(stream__of_a_client_that_reads__comes_in_time_with_the_present_cpu),
        cmocka_unit_test(stream__of_a_client_that_does_not_read__stands_still),
        cmocka_unit_test(stream__with_events__brings_each_once),
        cmocka_unit_test(stream__of_a_name_that_is_gone__ends_with_a_reason),
        cmocka_unit_test(clients__more_than_there_is_room_for__are_told_so),
        cmocka_unit_test(check__by_anybody__tells_which_service_answers_and_the_role),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
