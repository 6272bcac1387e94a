/* test_message.c - the kernel's job messages. */
#include "tests/limits/scene.h"

enum { AGAIN = SAY_AGAIN_MS, NUMBERS = 21 };

static const struct {
    const char *name;
    enum limit_id limit;
} messages[NUMBERS] = {
    [0] = {"?", LIMIT_NONE},
    [1] = {"END_OF_JOB_TIME", LIMIT_JOB_TIME},
    [2] = {"END_OF_PROCESS_TIME", LIMIT_PROCESS_TIME},
    [3] = {"ACTIVE_PROCESS_LIMIT", LIMIT_ACTIVE_PROCESS},
    [4] = {"ACTIVE_PROCESS_ZERO", LIMIT_NONE},
    [5] = {"?", LIMIT_NONE},
    [6] = {"NEW_PROCESS", LIMIT_NONE},
    [7] = {"EXIT_PROCESS", LIMIT_NONE},
    [8] = {"ABNORMAL_EXIT_PROCESS", LIMIT_NONE},
    [9] = {"PROCESS_MEMORY_LIMIT", LIMIT_PROCESS_MEMORY},
    [10] = {"JOB_MEMORY_LIMIT", LIMIT_JOB_MEMORY},
    [11] = {"NOTIFICATION_LIMIT", LIMIT_NONE},
    [12] = {"JOB_CYCLE_TIME_LIMIT", LIMIT_NONE},
    [13] = {"SILO_TERMINATED", LIMIT_NONE},
    [14] = {"?", LIMIT_NONE},
    [15] = {"?", LIMIT_NONE},
    [16] = {"?", LIMIT_NONE},
    [17] = {"?", LIMIT_NONE},
    [18] = {"?", LIMIT_NONE},
    [19] = {"?", LIMIT_NONE},
    [20] = {"?", LIMIT_NONE},
};

static struct scene s;

/* A kernel that keeps nothing, if one believes the probe. */
static int open_scene(void **state)
{
    (void)state;
    scene_open(&s, HELD_BY_NOBODY);
    s.limits.process_memory = 9;
    s.limits.job_memory = 10;
    s.limits.process_time = 2;
    s.limits.job_time = 1;
    s.limits.active_process = 3;
    scene_ready(&s);
    return 0;
}

static int close_scene(void **state)
{
    (void)state;
    scene_close(&s);
    return 0;
}

static void message__every_number__its_limit_once_and_the_rest_nothing(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < NUMBERS; n++) {
        struct reached out = {0};
        enum limit_id id = messages[n].limit;
        assert_int_equal(message_limit(n), id);
        assert_string_equal(message_name(n), messages[n].name);
        assert_int_equal(level_message(s.level, n, 44, 1000 + n, 5, &out), id != LIMIT_NONE);
        if (id == LIMIT_NONE)
            continue;
        assert_int_equal(out.limit, id);
        assert_int_equal(out.by, HELD_BY_KERNEL);
        assert_int_equal(out.configured, n); /* see above */
        assert_int_equal(out.measured, 1000 + n);
        assert_int_equal(out.pid, 44);
        assert_int_equal(out.deed, DEED_NONE);
        assert_false(out.silent);
    }
    assert_int_equal(message_limit(UINT32_MAX), LIMIT_NONE);
    assert_string_equal(message_name(UINT32_MAX), "?");
}

static void message__a_limit_that_this_level_does_not_set__is_of_another_level(void **state)
{
    (void)state;
    s.limits = (struct limits){0};
    for (uint32_t n = 0; n < NUMBERS; n++)
        assert_int_equal(scene_message(&s, n, 4, 1), 0);
}

static void message__refused_commits_and_starts__at_once_then_each_minute_with_a_count(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {3, 9, 10};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(scene_message(&s, numbers[i], 4, 100), 1);
        for (uint64_t k = 0; k < 7; k++)
            assert_int_equal(scene_message(&s, numbers[i], 4, 100 + k), 0);
        assert_int_equal(scene_message(&s, numbers[i], 4, 99 + AGAIN), 0);
        assert_int_equal(scene_message(&s, numbers[i], 4, 100 + AGAIN), 1);
        assert_int_equal(s.out[0].repeats, 8);
        assert_int_equal(scene_message(&s, numbers[i], 4, 100 + 3 * AGAIN), 1);
        assert_int_equal(s.out[0].repeats, 0);
    }
}

static void message__job_time__once_a_run(void **state)
{
    (void)state;
    assert_int_equal(scene_message(&s, 1, 0, 1), 1);
    assert_int_equal(scene_message(&s, 1, 0, 9 * AGAIN), 0);
    assert_int_equal(level_begin(s.level), ST_OK);
    assert_int_equal(scene_message(&s, 1, 0, 9 * AGAIN), 1);
}

static void message__process_time__once_for_each_process(void **state)
{
    (void)state;
    assert_int_equal(scene_message(&s, 2, 4, 1), 1);
    assert_int_equal(scene_message(&s, 2, 8, 2), 1);
    assert_int_equal(scene_message(&s, 2, 4, 3), 0);
    assert_int_equal(scene_message(&s, 2, 0, 4), 1);
    assert_int_equal(scene_message(&s, 2, 0, 5), 1);
    assert_int_equal(level_begin(s.level), ST_OK);
    assert_int_equal(scene_message(&s, 2, 4, 6), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(message__every_number__its_limit_once_and_the_rest_nothing),
        TEST(message__a_limit_that_this_level_does_not_set__is_of_another_level),
        TEST(message__refused_commits_and_starts__at_once_then_each_minute_with_a_count),
        TEST(message__job_time__once_a_run),
        TEST(message__process_time__once_for_each_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
