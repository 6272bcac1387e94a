/* test_relimit.c - other limits while a Job Object is there. */
#include "tests/limits/scene.h"

enum { SECOND = 1000 };

static void relimit__a_value_differs__it_is_told_again(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.guard_handles.value = 5;
    s.limits.guard_threads.value = 5;
    scene_proc(&s, 4)->handles = 50;
    scene_find(&s, 4)->threads = 50;
    assert_int_equal(scene_sample(&s, SECOND), 2);
    assert_int_equal(scene_sample(&s, 2 * SECOND), 0);
    struct limits next = s.limits;
    next.guard_handles.value = 10;
    assert_int_equal(level_relimit(s.level, &next), ST_OK);
    assert_ptr_equal(level_limits(s.level), &next);
    assert_int_equal(scene_sample(&s, 3 * SECOND), 1);
    assert_int_equal(scene_reached(&s, LIMIT_GUARD_HANDLES, 0)->configured, 10);
    next.guard_handles.value = 0;
    scene_close(&s);
}

static void relimit__what_goes_with_the_value_differs__it_is_told_again(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.guard_commit = (struct guard){5, 0};
    scene_proc(&s, 4)->commit = 50;
    assert_int_equal(scene_sample(&s, SECOND), 1);
    struct limits next = s.limits;
    next.guard_commit.for_ms = 2 * SECOND;
    assert_int_equal(level_relimit(s.level, &next), ST_OK);
    assert_int_equal(scene_sample(&s, 2 * SECOND), 0); /* not for that long, yet */
    assert_int_equal(scene_sample(&s, 4 * SECOND), 1);
    scene_close(&s);
}

static void relimit__memory_low__is_told_only_once_it_was_above(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.notify_job_memory_low = 10;
    scene_proc(&s, 4)->commit = 50;
    assert_int_equal(scene_sample(&s, SECOND), 0);
    struct limits next = s.limits;
    next.notify_job_memory_low = 100;
    assert_int_equal(level_relimit(s.level, &next), ST_OK);
    assert_int_equal(scene_sample(&s, 2 * SECOND), 0);
    scene_find(&s, 4)->commit = 200;
    assert_int_equal(scene_sample(&s, 3 * SECOND), 0);
    scene_find(&s, 4)->commit = 50;
    assert_int_equal(scene_sample(&s, 4 * SECOND), 1);
    scene_close(&s);
}

static void relimit__totals__only_the_changed_one_begins_at_its_limit_again(void **state)
{
    (void)state;
    struct scene s;
    struct limits next;
    scene_open(&s, HELD_BY_KERNEL);
    s.limits.notify_io_read_bytes = s.limits.notify_io_write_bytes = 100;
    const struct violation x = {.violated = VIOLATED_READ_BYTES | VIOLATED_WRITE_BYTES,
                                .read_bytes = 150,
                                .write_bytes = 150};
    assert_int_equal(scene_violation(&s, x, SECOND), 2);
    assert_true(level_thresholds(s.level, &next));
    assert_int_equal(next.notify_io_read_bytes, 200);
    struct limits other = s.limits;
    other.notify_io_write_bytes = 400;
    assert_int_equal(level_relimit(s.level, &other), ST_OK);
    assert_false(level_thresholds(s.level, &next));
    assert_int_equal(next.notify_io_read_bytes, 200);
    assert_int_equal(next.notify_io_write_bytes, 400);
    scene_close(&s);
}

static void relimit__a_job_time_that_was_over__is_looked_at_anew(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.job_time = 10;
    scene_proc(&s, 4)->user = 50 * SCENE_MS;
    assert_int_equal(scene_sample(&s, SECOND), 1);
    struct limits next = s.limits;
    next.job_time = 100;
    assert_int_equal(level_relimit(s.level, &next), ST_OK);
    assert_int_equal(scene_sample(&s, 2 * SECOND), 0);
    scene_find(&s, 4)->user = 150 * SCENE_MS;
    assert_int_equal(scene_sample(&s, 3 * SECOND), 1);
    assert_false(s.out[0].silent);
    scene_close(&s);
}

static void relimit__the_first_limit_for_the_sampler__it_holds_it_from_now_on(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    scene_ready(&s);
    scene_proc(&s, 4)->commit = 50;
    scene_find(&s, 4)->user = 30 * SCENE_MS;
    assert_null(level_meter(s.level));
    struct limits next = {.process_memory = 10};
    assert_int_equal(level_relimit(s.level, &next), ST_OK);
    assert_int_equal(scene_sample(&s, SECOND), 1);
    assert_int_equal(s.out[0].deed, DEED_END_PROCESS);
    assert_int_equal(level_account(s.level).user, 30 * SCENE_MS); /* all that it has used */
    struct limits none = {0};
    assert_int_equal(level_relimit(s.level, &none), ST_OK);
    assert_int_equal(scene_sample(&s, 2 * SECOND), 0);
    assert_int_equal(level_account(s.level).user, 30 * SCENE_MS); /* and that stays counted */
    scene_close(&s);
}

static void relimit__between_job_objects__the_next_has_what_it_needs(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    scene_ready(&s);
    level_end(s.level, NULL);
    struct limits next = {.process_memory = 10};
    assert_int_equal(level_relimit(s.level, &next), ST_OK);
    assert_null(level_meter(s.level));
    assert_int_equal(level_begin(s.level), ST_OK);
    scene_proc(&s, 4)->commit = 50;
    assert_int_equal(scene_sample(&s, SECOND), 1);
    scene_close(&s);
}

static void renew__somebody_else_comes__the_account_goes_with_the_former(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.guard_handles.value = 1000;
    scene_proc(&s, 4)->user = 100;
    scene_sample(&s, 1);
    assert_int_equal(level_renew(s.level).user, 100);
    assert_int_equal(level_account(s.level).user, 0);
    assert_null(level_meter(s.level));
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relimit__a_value_differs__it_is_told_again),
        cmocka_unit_test(relimit__what_goes_with_the_value_differs__it_is_told_again),
        cmocka_unit_test(relimit__memory_low__is_told_only_once_it_was_above),
        cmocka_unit_test(relimit__totals__only_the_changed_one_begins_at_its_limit_again),
        cmocka_unit_test(relimit__a_job_time_that_was_over__is_looked_at_anew),
        cmocka_unit_test(relimit__the_first_limit_for_the_sampler__it_holds_it_from_now_on),
        cmocka_unit_test(relimit__between_job_objects__the_next_has_what_it_needs),
        cmocka_unit_test(renew__somebody_else_comes__the_account_goes_with_the_former),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
