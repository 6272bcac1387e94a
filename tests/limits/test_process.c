/* test_process.c - single processes that the sampler has ended. */
#include "tests/limits/scene.h"

enum { AGAIN = SAY_AGAIN_MS };

static struct scene s;

static int open_scene(void **state)
{
    (void)state;
    scene_open(&s, HELD_BY_SAMPLER);
    return 0;
}

static int close_scene(void **state)
{
    (void)state;
    scene_close(&s);
    return 0;
}

/* Entry I of the last step. */
static void check(size_t i, enum limit_id limit, uint32_t pid, uint64_t measured, bool silent,
                  uint32_t repeats)
{
    assert_true(i < s.made);
    const struct reached *r = &s.out[i];
    assert_int_equal(r->limit, limit);
    assert_int_equal(r->by, HELD_BY_SAMPLER);
    assert_int_equal(r->pid, pid);
    assert_int_equal(r->measured, measured);
    assert_int_equal(r->deed, DEED_END_PROCESS);
    assert_int_equal(r->silent, silent);
    assert_int_equal(r->repeats, repeats);
}

static void memory__one_above__is_ended_and_asked_again_silently_while_there(void **state)
{
    (void)state;
    s.limits.process_memory = 100;
    scene_proc(&s, 4)->commit = 100;
    scene_proc(&s, 8)->commit = 101;
    assert_int_equal(scene_sample(&s, 1), 1);
    check(0, LIMIT_PROCESS_MEMORY, 8, 101, false, 0);
    assert_int_equal(s.out[0].configured, 100);
    assert_int_equal(scene_sample(&s, 2), 1);
    check(0, LIMIT_PROCESS_MEMORY, 8, 101, true, 0);
    assert_int_equal(scene_sample(&s, 3 * AGAIN), 1); /* however long it stays */
    check(0, LIMIT_PROCESS_MEMORY, 8, 101, true, 0);
    scene_gone(&s, 8);
    assert_int_equal(scene_sample(&s, 4 * AGAIN), 0);
}

static void memory__several_in_a_minute__all_ended_one_said_the_rest_counted(void **state)
{
    (void)state;
    s.limits.process_memory = 100;
    for (uint32_t pid = 1; pid <= 3; pid++)
        scene_proc(&s, pid)->commit = 100 + pid;
    assert_int_equal(scene_sample(&s, 10), 3);
    check(0, LIMIT_PROCESS_MEMORY, 1, 101, false, 0);
    check(1, LIMIT_PROCESS_MEMORY, 2, 102, true, 0);
    check(2, LIMIT_PROCESS_MEMORY, 3, 103, true, 0);
    s.n = 0;
    scene_proc(&s, 4)->commit = 104;
    assert_int_equal(scene_sample(&s, 9 + AGAIN), 1);
    check(0, LIMIT_PROCESS_MEMORY, 4, 104, true, 0);
    s.n = 0;
    scene_proc(&s, 5)->commit = 105;
    assert_int_equal(scene_sample(&s, 10 + AGAIN), 1);
    check(0, LIMIT_PROCESS_MEMORY, 5, 105, false, 3);
}

static void memory__the_pid_is_used_again__a_new_case(void **state)
{
    (void)state;
    s.limits.process_memory = 100;
    scene_proc(&s, 4)->commit = 101;
    assert_int_equal(scene_sample(&s, 1), 1);
    s.n = 0;
    *scene_proc(&s, 4) = (struct proc){.pid = 4, .created = 99, .commit = 102};
    assert_int_equal(scene_sample(&s, 1 + AGAIN), 1);
    check(0, LIMIT_PROCESS_MEMORY, 4, 102, false, 0);
}

static void time__each_process__is_said_once_whenever_it_is(void **state)
{
    (void)state;
    s.limits.process_time = 50;
    scene_proc(&s, 4)->user = 51 * SCENE_MS;
    scene_proc(&s, 8)->user = 52 * SCENE_MS;
    scene_proc(&s, 12)->user = 50 * SCENE_MS + SCENE_MS - 1;
    scene_find(&s, 12)->kernel = 900 * SCENE_MS;
    assert_int_equal(scene_sample(&s, 1), 2);
    check(0, LIMIT_PROCESS_TIME, 4, 51, false, 0);
    check(1, LIMIT_PROCESS_TIME, 8, 52, false, 0);
    assert_int_equal(s.out[1].configured, 50);
    scene_find(&s, 12)->user = 60 * SCENE_MS;
    scene_gone(&s, 4);
    assert_int_equal(scene_sample(&s, 2), 2);
    check(0, LIMIT_PROCESS_TIME, 12, 60, false, 0);
    check(1, LIMIT_PROCESS_TIME, 8, 52, true, 0);
}

static void memory_and_time__the_same_process__both_are_said(void **state)
{
    (void)state;
    s.limits.process_time = 50;
    s.limits.process_memory = 100;
    s.limits.active_process = 1;
    scene_proc(&s, 4)->user = 51 * SCENE_MS;
    scene_find(&s, 4)->commit = 101;
    scene_proc(&s, 2);
    assert_int_equal(scene_sample(&s, 1), 2); /* and that it ends makes room enough */
    check(0, LIMIT_PROCESS_MEMORY, 4, 101, false, 0);
    check(1, LIMIT_PROCESS_TIME, 4, 51, false, 0);
}

static void active__too_many__the_youngest_are_ended_and_it_is_said_once(void **state)
{
    (void)state;
    s.limits.active_process = 2;
    scene_proc(&s, 4)->created = 30;
    scene_proc(&s, 8)->created = 10;
    assert_int_equal(scene_sample(&s, 1), 0);
    scene_proc(&s, 12)->created = 20;
    scene_proc(&s, 16)->created = 40;
    assert_int_equal(scene_sample(&s, 2), 2);
    check(0, LIMIT_ACTIVE_PROCESS, 16, 4, false, 0);
    check(1, LIMIT_ACTIVE_PROCESS, 4, 4, true, 0);
    assert_int_equal(s.out[0].configured, 2);
    assert_int_equal(scene_sample(&s, 3), 2);
    check(0, LIMIT_ACTIVE_PROCESS, 4, 4, true, 0);
    check(1, LIMIT_ACTIVE_PROCESS, 16, 4, true, 0);
}

static void active__one_more_while_the_last_still_ends__that_one_stays_if_it_fits(void **state)
{
    (void)state;
    s.limits.active_process = 2;
    for (uint32_t pid = 1; pid <= 3; pid++)
        scene_proc(&s, pid);
    assert_int_equal(scene_sample(&s, 1), 1);
    check(0, LIMIT_ACTIVE_PROCESS, 3, 3, false, 0);
    scene_gone(&s, 2);
    scene_proc(&s, 4); /* 1 and 4, and 3 that is on its way out */
    assert_int_equal(scene_sample(&s, 2), 1);
    check(0, LIMIT_ACTIVE_PROCESS, 3, 3, true, 0);
    scene_proc(&s, 5);
    assert_int_equal(scene_sample(&s, 3), 2);
    check(0, LIMIT_ACTIVE_PROCESS, 5, 4, true, 0); /* a new case, counted */
    check(1, LIMIT_ACTIVE_PROCESS, 3, 4, true, 0);
    scene_gone(&s, 3);
    scene_gone(&s, 5);
    scene_proc(&s, 6);
    assert_int_equal(scene_sample(&s, 1 + AGAIN), 1);
    check(0, LIMIT_ACTIVE_PROCESS, 6, 3, false, 1);
}

static void active__a_limit_reached_by_memory__its_end_makes_room(void **state)
{
    (void)state;
    s.limits.active_process = 1;
    s.limits.process_memory = 100;
    scene_proc(&s, 1)->commit = 101;
    scene_proc(&s, 2);
    for (uint64_t at = 1; at < 4; at++) {
        assert_int_equal(scene_sample(&s, at), 1);
        check(0, LIMIT_PROCESS_MEMORY, 1, 101, at > 1, 0);
    }
}

static void active__of_the_same_age__the_higher_pid_goes(void **state)
{
    (void)state;
    s.limits.active_process = 1;
    static const uint32_t pids[] = {8, 12, 4};
    for (size_t i = 0; i < 3; i++)
        scene_proc(&s, pids[i])->created = 7;
    assert_int_equal(scene_sample(&s, 1), 2);
    check(0, LIMIT_ACTIVE_PROCESS, 12, 3, false, 0);
    check(1, LIMIT_ACTIVE_PROCESS, 8, 3, true, 0);
}

static void attendants__above_every_limit__are_left_alone(void **state)
{
    (void)state;
    s.limits.active_process = 1;
    s.limits.process_memory = s.limits.job_memory = 100;
    s.limits.process_time = s.limits.job_time = 50;
    s.limits.guard_threads.value = s.limits.guard_handles.value = 1;
    scene_proc(&s, 4);
    *scene_proc(&s, 8) = (struct proc){.pid = 8,
                                       .created = 8,
                                       .commit = 900,
                                       .threads = 9,
                                       .user = 900 * SCENE_MS,
                                       .handles = 9,
                                       .attendant = true};
    assert_int_equal(scene_sample(&s, 1), 0);
    scene_proc(&s, 12);
    s.limits.guard_threads.value = s.limits.guard_handles.value = 2;
    assert_int_equal(scene_sample(&s, 2), 1);
    check(0, LIMIT_ACTIVE_PROCESS, 12, 2, false, 0);
}

static void deeds__more_than_have_room__the_rest_at_the_next_samples_new_ones_first(void **state)
{
    (void)state;
    enum { MANY = REACHED_MAX + 30 };
    s.limits.active_process = 1;
    s.limits.guard_threads.value = 1;
    for (uint32_t pid = 1; pid <= MANY + 1; pid++)
        scene_proc(&s, pid);
    assert_int_equal(scene_sample(&s, 1), REACHED_MAX);
    assert_int_equal(s.out[0].limit, LIMIT_GUARD_THREADS);
    for (uint32_t i = 1; i < REACHED_MAX; i++)
        check(i, LIMIT_ACTIVE_PROCESS, MANY + 2 - i, MANY + 1, i > 1, 0);
    assert_int_equal(scene_sample(&s, 2), REACHED_MAX);
    for (uint32_t i = 0; i < MANY - REACHED_MAX + 1; i++)
        check(i, LIMIT_ACTIVE_PROCESS, MANY + 2 - REACHED_MAX - i, MANY + 1, true, 0);
    s.limits = (struct limits){.process_memory = 1};
    for (size_t i = 0; i < s.n; i++)
        s.proc[i].commit = 2;
    assert_int_equal(scene_sample(&s, 3), REACHED_MAX);
    uint32_t last = s.out[REACHED_MAX - 1].pid;
    assert_int_equal(scene_sample(&s, 4), REACHED_MAX);
    check(0, LIMIT_PROCESS_MEMORY, last + 1, 2, true, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(memory__one_above__is_ended_and_asked_again_silently_while_there),
        TEST(memory__several_in_a_minute__all_ended_one_said_the_rest_counted),
        TEST(memory__the_pid_is_used_again__a_new_case),
        TEST(time__each_process__is_said_once_whenever_it_is),
        TEST(memory_and_time__the_same_process__both_are_said),
        TEST(active__too_many__the_youngest_are_ended_and_it_is_said_once),
        TEST(active__one_more_while_the_last_still_ends__that_one_stays_if_it_fits),
        TEST(active__a_limit_reached_by_memory__its_end_makes_room),
        TEST(active__of_the_same_age__the_higher_pid_goes),
        TEST(attendants__above_every_limit__are_left_alone),
        TEST(deeds__more_than_have_room__the_rest_at_the_next_samples_new_ones_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
