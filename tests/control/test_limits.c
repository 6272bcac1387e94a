/* test_limits.c - limits, who holds them, what is used. */
#include "tests/control/stage.h"

static void limits__of_instance_group_and_fleet__are_each_there_once(void **state)
{
    (void)state;
    struct stage s;
    stage_prepare(&s, "a2", NULL, NULL);
    SET_EACH(&s.scene.set[0], 0, limits.job_memory, UINT64_C(1) << 30);
    SET_EACH(&s.scene.set[0], 0, limits.on_limit, REACTION_LOG);
    SET_EACH(&s.scene.set[0], 0, limits.on_limit_key[LIMIT_JOB_MEMORY], REACTION_RESTART);
    s.group = "apps";
    s.fleet = "Test";
    s.group_limits.active_process = 10;
    s.group_limits.on_limit = REACTION_LOG;
    s.fleet_limits.cpu_rate_cap = (struct cpu_share){CPU_PROCESSORS, 2000};
    stage_run(&s);
    s.holders.of[LIMIT_CPU_RATE_CAP] = HELD_BY_NOBODY;
    s.measure = (struct measure){.known = true,
                                 .now = {.commit = 1 << 20, .processes = 3, .cpu = 1234},
                                 .ever = {.peak_commit = 2 << 20}};
    yyjson_val *v = stage_once(&s, "\"do\":\"limits\"");
    assert_int_equal(yyjson_arr_size(at(v, "levels")), 4);
    assert_string_equal(text_at(v, "levels/0/level"), "instance");
    assert_string_equal(text_at(v, "levels/1/name"), "a.1");
    assert_string_equal(text_at(v, "levels/0/limits/0/key"), "job_memory_limit");
    assert_string_equal(text_at(v, "levels/0/limits/0/configured"), "1G");
    assert_int_equal(number_at(v, "levels/0/limits/0/value"), UINT64_C(1) << 30);
    assert_string_equal(text_at(v, "levels/0/limits/0/unit"), "bytes");
    assert_string_equal(text_at(v, "levels/0/limits/0/held_by"), "sampler");
    assert_int_equal(number_at(v, "levels/0/limits/0/used"), 1 << 20);
    assert_int_equal(number_at(v, "levels/0/limits/0/peak"), 2 << 20);
    assert_string_equal(text_at(v, "levels/0/limits/0/reaction"), "restart");
    assert_string_equal(text_at(v, "levels/2/level"), "group");
    assert_string_equal(text_at(v, "levels/2/limits/0/key"), "active_process_limit");
    assert_int_equal(number_at(v, "levels/2/limits/0/used"), 3);
    assert_string_equal(text_at(v, "levels/3/level"), "fleet");
    assert_string_equal(text_at(v, "levels/3/limits/0/configured"), "2 cpus");
    assert_int_equal(number_at(v, "levels/3/limits/0/value"), 5000); /* 2 of 4 */
    assert_int_equal(number_at(v, "levels/3/limits/0/used"), 1234);
    assert_string_equal(text_at(v, "levels/3/limits/0/held_by"), "nobody");
    stage_close(&s);
}

static void limits__of_one_that_does_not_run__are_shown_without_use(void **state)
{
    (void)state;
    struct stage s;
    stage_prepare(&s, "a1", NULL, NULL);
    SET_EACH(&s.scene.set[0], 0, limits.job_memory, UINT64_C(1) << 30);
    stage_run(&s);
    stage_once(&s, "\"do\":\"stop\",\"names\":[\"a\"]");
    stage_live(&s, 1000);
    yyjson_val *v = stage_once(&s, "\"do\":\"limits\",\"names\":[\"a.0\"]");
    assert_false(yyjson_get_bool(at(v, "levels/0/running")));
    assert_false(has(v, "levels/0/limits/0/used"));
    assert_int_equal(number_at(v, "levels/0/limits/0/value"), UINT64_C(1) << 30);
    stage_close(&s);
}

static void override__of_a_limit__is_marked_at_it_alone(void **state)
{
    (void)state;
    struct stage s;
    static const struct override o[] = {{.section_name = "a", .key = "job_memory_limit"}};
    stage_prepare(&s, "a1", NULL, NULL);
    SET_EACH(&s.scene.set[0], 0, limits.job_memory, UINT64_C(1) << 30);
    SET_EACH(&s.scene.set[0], 0, limits.active_process, 5);
    stage_run(&s);
    s.scene.f.config.overrides = 1;
    s.scene.f.config.override = o;
    yyjson_val *v = stage_once(&s, "\"do\":\"limits\"");
    assert_true(yyjson_get_bool(at(v, "levels/0/limits/0/overridden")));
    assert_false(has(v, "levels/0/limits/1/overridden"));
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits__of_instance_group_and_fleet__are_each_there_once),
        cmocka_unit_test(limits__of_one_that_does_not_run__are_shown_without_use),
        cmocka_unit_test(override__of_a_limit__is_marked_at_it_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
