/* test_nomem.c - allocations that fail: nothing is half done, and what needs no memory goes on.
 * The linker leads every allocation of the room through here. */
#include "tests/limits/scene.h"

#include <limits.h>
#include <stdlib.h>

void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static long left = LONG_MAX; /* this many succeed, then none */

static bool denied(void)
{
    if (left == 0)
        return true;
    left--;
    return false;
}

void *__wrap_calloc(size_t n, size_t size)
{
    return denied() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return denied() ? NULL : __real_realloc(p, n);
}

static void new__no_memory__is_null(void **state)
{
    (void)state;
    static const struct {
        struct limits limits;
        long needs;
    } rows[] = {
        {{0}, 1},
        {{.priority_class = PRIORITY_IDLE}, 1},
        {{.job_memory = 10}, 2}, /* and what is to be remembered of it */
        {{.guard_cpu = {.share = {CPU_PROCESSORS, 1}}}, 2},
    };
    struct holders h = {{HELD_BY_NOBODY}};
    left = 0;
    struct meter *m = meter_new();
    left = LONG_MAX;
    assert_null(m);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (long allowed = 0; allowed <= rows[i].needs; allowed++) {
            left = allowed;
            struct level *v = level_new(LEVEL_FLEET, &rows[i].limits, &h, 1);
            long rest = left;
            left = LONG_MAX;
            assert_int_equal(v != NULL, allowed == rows[i].needs);
            assert_int_equal(rest, 0);
            level_free(v);
        }
}

static void begin__nothing_for_the_sampler__needs_no_memory(void **state)
{
    (void)state;
    struct limits l = {.job_memory = 10};
    struct holders h = {{HELD_BY_NOBODY}};
    struct level *v = level_new(LEVEL_INSTANCE, &l, &h, 1);
    assert_non_null(v);
    left = 0;
    enum st st = level_begin(v);
    left = LONG_MAX;
    assert_int_equal(st, ST_OK);
    level_free(v);
}

static void begin__no_memory__the_last_job_object_goes_on(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.guard_handles.value = 1000;
    scene_proc(&s, 4)->user = 100;
    scene_sample(&s, 1);
    left = 0;
    enum st st = level_begin(s.level);
    left = LONG_MAX;
    assert_int_equal(st, ST_NOMEM);
    assert_int_equal(meter_account(level_meter(s.level)).user, 100);
    scene_close(&s);
}

static void relimit__no_memory__the_limits_hold_and_the_next_call_makes_up(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    scene_ready(&s);
    scene_proc(&s, 4)->commit = 50;
    struct limits next = {.process_memory = 10};
    for (long allowed = 0; allowed < 2; allowed++) {
        left = allowed;
        enum st st = level_relimit(s.level, &next);
        left = LONG_MAX;
        assert_int_equal(st, ST_NOMEM);
        assert_ptr_equal(level_limits(s.level), &next);
        assert_int_equal(scene_sample(&s, 1), 0);
    }
    assert_int_equal(level_reserve(s.level, &next), ST_OK);
    left = 0;
    enum st st = level_relimit(s.level, &next);
    left = LONG_MAX;
    assert_int_equal(st, ST_OK);
    assert_int_equal(scene_sample(&s, 2), 1);
    scene_close(&s);
}

static void meter__no_memory_for_a_sample__the_next_makes_up(void **state)
{
    (void)state;
    struct meter *m = meter_new();
    struct proc p[20] = {{0}};
    const struct proc *list[20];
    for (uint32_t i = 0; i < 20; i++) {
        p[i] = (struct proc){.pid = i + 1, .user = 10, .commit = 1};
        list[i] = &p[i];
    }
    assert_int_equal(meter_take(m, list, 2, 1, 1), ST_OK);
    assert_int_equal(meter_take(m, list, 2, 2, 1), ST_OK);
    left = 0;
    enum st st = meter_take(m, list, 20, 3, 1);
    struct account a = meter_account(m);
    uint64_t at = meter_usage(m).at;
    p[0].user = 12;
    enum st known = meter_take(m, list, 2, 4, 1); /* which needs none */
    left = LONG_MAX;
    assert_int_equal(st, ST_NOMEM);
    assert_int_equal(at, 2);
    assert_int_equal(a.user, 20);
    assert_int_equal(a.processes, 2);
    assert_int_equal(known, ST_OK);
    assert_int_equal(meter_account(m).user, 22);
    assert_int_equal(meter_take(m, list, 20, 5, 1), ST_OK);
    assert_int_equal(meter_account(m).user, 22 + 18 * 10);
    assert_int_equal(meter_account(m).processes, 20);
    meter_free(m);
}

static void sample__no_memory__what_can_be_seen_at_once_is_still_held(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.job_memory = s.limits.process_memory = s.limits.guard_commit.value = 100;
    s.limits.job_time = s.limits.notify_io_read_bytes = 1;
    s.limits.guard_cpu.share = (struct cpu_share){CPU_OF_MACHINE, 1};
    scene_proc(&s, 4)->commit = 500;
    scene_find(&s, 4)->user = 50 * SCENE_MS;
    scene_find(&s, 4)->io.read_bytes = 50;
    scene_ready(&s);
    left = 0;
    size_t first = scene_sample(&s, 1000);
    bool memory =
        scene_reached(&s, LIMIT_JOB_MEMORY, 0) && scene_reached(&s, LIMIT_GUARD_COMMIT, 0);
    const struct reached *r = scene_reached(&s, LIMIT_PROCESS_MEMORY, 0);
    bool said = r && r->deed == DEED_END_PROCESS && !r->silent;
    size_t second = scene_sample(&s, 2000); /* the process could not be remembered */
    r = scene_reached(&s, LIMIT_PROCESS_MEMORY, 0);
    bool again = r && r->deed == DEED_END_PROCESS && r->silent;
    left = LONG_MAX;
    assert_int_equal(first, 3);
    assert_true(memory && said);
    assert_int_equal(second, 2);
    assert_true(again);
    assert_int_equal(level_usage(s.level).at, 0);
    scene_sample(&s, 3000); /* and what waited comes now */
    assert_non_null(scene_reached(&s, LIMIT_JOB_TIME, 0));
    assert_non_null(scene_reached(&s, LIMIT_NOTIFY_IO_READ_BYTES, 0));
    scene_close(&s);
}

static void sample__no_memory_and_the_time_used_up_before__is_still_ended(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.job_time = 10;
    scene_proc(&s, 4)->user = 50 * SCENE_MS;
    assert_int_equal(scene_sample(&s, 1), 1);
    for (uint32_t pid = 5; pid < 50; pid++)
        scene_proc(&s, pid);
    left = 0;
    size_t n = scene_sample(&s, 2);
    left = LONG_MAX;
    assert_int_equal(level_usage(s.level).at, 1);
    assert_int_equal(n, 1);
    assert_int_equal(s.out[0].deed, DEED_END_JOB);
    assert_true(s.out[0].silent);
    scene_close(&s);
}

static void guard_cpu__no_memory_for_a_sample_in_between__goes_on_with_the_next(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.guard_cpu = (struct cpu_guard){{CPU_OF_MACHINE, 1000}, 1000};
    scene_proc(&s, 4);
    for (uint64_t at = 1000; at <= 4000; at += 1000) {
        scene_find(&s, 4)->user += 2000 * SCENE_MS;
        for (uint32_t pid = 5; at == 3000 && pid < 50; pid++)
            scene_proc(&s, pid);
        left = at == 3000 ? 0 : LONG_MAX;
        size_t n = scene_sample(&s, at);
        left = LONG_MAX;
        assert_int_equal(n, at == 4000);
    }
    scene_close(&s);
}

static void active__nobody_can_be_remembered__still_each_is_asked_once_a_sample(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, HELD_BY_SAMPLER);
    s.limits.active_process = 1;
    for (uint32_t pid = 1; pid <= 4; pid++)
        scene_proc(&s, pid);
    scene_ready(&s);
    left = 0;
    size_t n = scene_sample(&s, 1);
    left = LONG_MAX;
    assert_int_equal(n, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(s.out[i].pid, 4 - i);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new__no_memory__is_null),
        cmocka_unit_test(begin__nothing_for_the_sampler__needs_no_memory),
        cmocka_unit_test(begin__no_memory__the_last_job_object_goes_on),
        cmocka_unit_test(relimit__no_memory__the_limits_hold_and_the_next_call_makes_up),
        cmocka_unit_test(meter__no_memory_for_a_sample__the_next_makes_up),
        cmocka_unit_test(sample__no_memory__what_can_be_seen_at_once_is_still_held),
        cmocka_unit_test(sample__no_memory_and_the_time_used_up_before__is_still_ended),
        cmocka_unit_test(guard_cpu__no_memory_for_a_sample_in_between__goes_on_with_the_next),
        cmocka_unit_test(active__nobody_can_be_remembered__still_each_is_asked_once_a_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
