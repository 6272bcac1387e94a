/* test_level.c - Job Objects one after the other, and the account over all of them. */
#include "tests/limits/scene.h"

static void account__several_job_objects__goes_on_with_the_kernels_where_it_is_more(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    struct proc *p = scene_proc(&s, 4);
    p->user = 100;
    p->commit = 50;
    scene_sample(&s, 1);
    struct account kernel = {
        .user = 130, .kernel = 7, .processes = 3, .terminated = 1, .peak_commit = 60};
    assert_int_equal(level_account(s.level).user, 100);
    assert_int_equal(level_account_with(s.level, &kernel).user, 130);
    assert_int_equal(level_account_with(s.level, &kernel).processes, 3);
    level_end(s.level, &kernel);
    assert_int_equal(level_account(s.level).user, 130);
    assert_int_equal(level_account_with(s.level, &kernel).user, 130); /* is of none now */

    assert_int_equal(level_begin(s.level), ST_OK);
    scene_find(&s, 4)->user = 5;
    scene_sample(&s, 2);
    struct account a = level_account(s.level);
    assert_int_equal(a.user, 135);
    assert_int_equal(a.kernel, 7);
    assert_int_equal(a.processes, 4);
    assert_int_equal(a.terminated, 1);
    assert_int_equal(a.peak_commit, 60);
    level_end(s.level, NULL);
    assert_int_equal(level_account(s.level).user, 135);
    scene_close(&s);
}

static void begin__the_last_one_was_not_ended__it_is_counted_first(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    scene_proc(&s, 4)->user = 100;
    scene_sample(&s, 1);
    assert_int_equal(level_begin(s.level), ST_OK);
    assert_int_equal(level_account(s.level).user, 100);
    assert_int_equal(meter_account(level_meter(s.level)).user, 0);
    scene_close(&s);
}

static void between_job_objects__a_sample_comes__nothing_is_reached_or_counted(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.job_memory = 10;
    scene_proc(&s, 4)->commit = 99;
    level_end(s.level, NULL);
    assert_null(level_meter(s.level));
    assert_int_equal(scene_sample(&s, 1), 0);
    assert_int_equal(level_usage(s.level).commit, 0);
    level_end(s.level, NULL); /* once more does no harm */
    assert_int_equal(level_begin(s.level), ST_OK);
    assert_int_equal(scene_sample(&s, 1), 1);
    assert_int_equal(level_usage(s.level).commit, 99);
    scene_close(&s);
}

static void begin__a_new_job_object__all_that_was_said_can_be_said_again(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    struct limits *l = &s.limits;
    l->process_memory = l->job_memory = l->notify_job_memory_high = 10;
    l->process_time = l->job_time = l->notify_job_time = 1;
    l->notify_io_read_bytes = l->notify_io_write_bytes = 1;
    l->guard_commit.value = l->guard_handles.value = l->guard_threads.value = 1;
    *scene_proc(&s, 4) = (struct proc){.pid = 4,
                                       .created = 4,
                                       .user = 3 * SCENE_MS,
                                       .commit = 20,
                                       .threads = 2,
                                       .handles = 2,
                                       .io = {.read_bytes = 2, .write_bytes = 2}};
    for (int run = 0; run < 3; run++) {
        for (uint64_t at = 1; at < 4; at++) {
            size_t silent = 0, n = scene_sample(&s, at);
            for (size_t i = 0; i < n; i++)
                silent += s.out[i].silent;
            assert_int_equal(n - silent, at == 1 ? 11 : 0);
            assert_int_equal(silent, at == 1 ? 0 : 4); /* the deeds of the first four */
        }
        assert_int_equal(level_begin(s.level), ST_OK);
    }
    scene_close(&s);
}

static void new__all_kinds__know_what_they_are(void **state)
{
    (void)state;
    static const char *const names[LEVEL_KINDS] = {"instance", "group", "fleet"};
    struct limits l = {0};
    struct holders h = {{HELD_BY_NOBODY}};
    for (int i = 0; i < LEVEL_KINDS; i++) {
        struct level *v = level_new((enum level_kind)i, &l, &h, 0);
        assert_non_null(v);
        assert_int_equal(level_kind(v), i);
        assert_string_equal(level_names[i], names[i]);
        assert_ptr_equal(level_limits(v), &l);
        assert_null(level_meter(v));
        level_free(v);
    }
    level_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(account__several_job_objects__goes_on_with_the_kernels_where_it_is_more),
        cmocka_unit_test(begin__the_last_one_was_not_ended__it_is_counted_first),
        cmocka_unit_test(between_job_objects__a_sample_comes__nothing_is_reached_or_counted),
        cmocka_unit_test(begin__a_new_job_object__all_that_was_said_can_be_said_again),
        cmocka_unit_test(new__all_kinds__know_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
