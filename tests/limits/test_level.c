/* test_level.c - Job Objects one after the other, and the account over all of them. */
#include "tests/limits/scene.h"

static void account__several_job_objects__goes_on_with_the_kernels_where_it_is_more(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.guard_handles.value = 1000;
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
    s.limits.guard_handles.value = 1000;
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
    scene_ready(&s);
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

static void begin__by_what_is_set_and_who_holds_it__a_meter_or_none(void **state)
{
    (void)state;
    static const struct {
        struct limits limits;
        enum holder who;
        bool metered;
    } rows[] = {
        {{.priority_class = PRIORITY_IDLE, .ui_restrictions = 1}, HELD_BY_SAMPLER, false},
        {{.job_memory = 10}, HELD_BY_KERNEL, false},
        {{.job_memory = 10}, HELD_BY_NOBODY, false},
        {{.job_memory = 10}, HELD_BY_SAMPLER, true},
        {{.notify_net_rate = {TOLERANCE_LOW, INTERVAL_SHORT}}, HELD_BY_SAMPLER, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene s;
        scene_open(&s, rows[i].who);
        s.limits = rows[i].limits;
        scene_proc(&s, 4)->commit = 99;
        size_t said = scene_sample(&s, 1);
        assert_int_equal(level_meter(s.level) != NULL, rows[i].metered);
        assert_int_equal(said, rows[i].metered && rows[i].limits.job_memory);
        assert_int_equal(level_usage(s.level).commit, rows[i].metered ? 99 : 0);
        scene_close(&s);
    }
}

static void unlimited__messages_and_records_of_every_kind__nothing_is_said(void **state)
{
    (void)state;
    struct scene s;
    struct limits next;
    struct violation x = {.violated = UINT32_MAX,
                          .memory = 900,
                          .user_time = 900 * SCENE_MS,
                          .read_bytes = 900,
                          .write_bytes = 900,
                          .cpu_tolerance = 1,
                          .net_tolerance = 1};
    scene_open(&s, HELD_BY_KERNEL);
    for (int run = 0; run < 2; run++) {
        for (uint32_t number = 0; number < 20; number++)
            assert_int_equal(scene_message(&s, number, 4, 1), 0);
        assert_int_equal(scene_violation(&s, x, 1), 0);
        assert_false(level_thresholds(s.level, &next));
        assert_memory_equal(&next, &s.limits, sizeof next);
        assert_int_equal(level_begin(s.level), ST_OK);
    }
    scene_close(&s);
}

static void account__without_a_meter__is_the_kernels_over_all_job_objects(void **state)
{
    (void)state;
    struct scene s;
    const struct account kernel = {.user = 130, .processes = 3, .peak_commit = 60};
    scene_open(&s, HELD_BY_SAMPLER);
    scene_ready(&s);
    assert_null(level_meter(s.level));
    assert_int_equal(level_account_with(s.level, &kernel).user, 130);
    assert_int_equal(level_account(s.level).user, 0);
    for (uint64_t run = 1; run < 4; run++) {
        level_end(s.level, &kernel);
        assert_int_equal(level_account_with(s.level, &kernel).user, run * 130); /* of none now */
        assert_int_equal(level_begin(s.level), ST_OK);
        assert_int_equal(level_present(s.level, NULL).user, 0);
        assert_int_equal(level_present(s.level, &kernel).user, 130);
        assert_int_equal(level_account_with(s.level, &kernel).user, (run + 1) * 130);
    }
    assert_int_equal(level_account(s.level).processes, 9);
    assert_int_equal(level_account(s.level).peak_commit, 60);
    scene_close(&s);
}

static void terminated__with_a_meter_or_without__counts_for_its_job_object(void **state)
{
    (void)state;
    for (int metered = 0; metered < 2; metered++) {
        struct scene s;
        const struct account one = {.terminated = 1}, five = {.terminated = 5};
        scene_open(&s, HELD_BY_SAMPLER);
        s.limits.job_memory = (uint64_t)metered;
        scene_ready(&s);
        level_terminated(s.level, 3);
        assert_int_equal(level_present(s.level, &one).terminated, 3);
        assert_int_equal(level_present(s.level, &five).terminated, 5);
        assert_int_equal(level_begin(s.level), ST_OK);
        assert_int_equal(level_present(s.level, NULL).terminated, 0);
        level_terminated(s.level, 1);
        assert_int_equal(level_account(s.level).terminated, 4);
        level_end(s.level, NULL);
        level_terminated(s.level, 7); /* of what is no more */
        assert_int_equal(level_account(s.level).terminated, 4);
        scene_close(&s);
    }
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
        cmocka_unit_test(begin__by_what_is_set_and_who_holds_it__a_meter_or_none),
        cmocka_unit_test(unlimited__messages_and_records_of_every_kind__nothing_is_said),
        cmocka_unit_test(account__without_a_meter__is_the_kernels_over_all_job_objects),
        cmocka_unit_test(terminated__with_a_meter_or_without__counts_for_its_job_object),
        cmocka_unit_test(new__all_kinds__know_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
