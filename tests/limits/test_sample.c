/* test_sample.c - limits of the whole job that the sampler holds. */
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

static void check(const struct reached *r, uint64_t configured, uint64_t measured, uint32_t pid,
                  enum deed deed, bool silent)
{
    assert_non_null(r);
    assert_int_equal(r->by, HELD_BY_SAMPLER);
    assert_int_equal(r->configured, configured);
    assert_int_equal(r->measured, measured);
    assert_int_equal(r->deed, deed);
    assert_int_equal(r->silent, silent);
    assert_int_equal(r->pid, pid);
}

static void
job_memory__above_at_many_samples__the_deed_each_time_and_said_now_and_then(void **state)
{
    (void)state;
    static const struct {
        uint64_t at, commit;
        size_t made;
        bool silent;
        uint32_t repeats;
    } rows[] = {
        {1, 100, 0, false, 0},        {2, 101, 1, false, 0},
        {3, 150, 1, true, 0},                               /* still the same case */
        {4, 100, 0, false, 0},        {5, 101, 1, true, 0}, /* a new one, which counts */
        {6, 90, 0, false, 0},         {7, 102, 1, true, 0},
        {AGAIN + 1, 103, 1, true, 0}, {AGAIN + 2, 104, 1, false, 2},
        {AGAIN + 3, 105, 1, true, 0},
    };
    s.limits.job_memory = 100;
    scene_proc(&s, 4)->commit = 0;
    scene_proc(&s, 8)->commit = 40;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        scene_find(&s, 4)->commit = rows[i].commit - 40;
        assert_int_equal(scene_sample(&s, rows[i].at), rows[i].made);
        if (rows[i].made) {
            check(scene_reached(&s, LIMIT_JOB_MEMORY, 0), 100, rows[i].commit, 4, DEED_END_JOB,
                  rows[i].silent);
            assert_int_equal(s.out[0].repeats, rows[i].repeats);
        }
    }
}

static void job_time__used_up__said_once_and_everything_ended_until_it_is(void **state)
{
    (void)state;
    s.limits.job_time = 50;
    scene_proc(&s, 4)->user = 30 * SCENE_MS;
    scene_proc(&s, 8)->user = 20 * SCENE_MS;
    scene_find(&s, 8)->kernel = 900 * SCENE_MS; /* user time is what counts */
    assert_int_equal(scene_sample(&s, 1), 0);
    scene_gone(&s, 8);
    scene_find(&s, 4)->user += SCENE_MS;
    assert_int_equal(scene_sample(&s, 2), 1);
    check(scene_reached(&s, LIMIT_JOB_TIME, 0), 50, 51, 4, DEED_END_JOB, false);
    assert_int_equal(scene_sample(&s, 3), 1);
    check(scene_reached(&s, LIMIT_JOB_TIME, 0), 50, 51, 4, DEED_END_JOB, true);
    scene_gone(&s, 4);
    assert_int_equal(scene_sample(&s, 4), 0);
    scene_proc(&s, 12);
    assert_int_equal(scene_sample(&s, 2 * AGAIN), 1); /* its time stays used up */
    /* nobody who is there has used any of it */
    check(scene_reached(&s, LIMIT_JOB_TIME, 0), 50, 51, 0, DEED_END_JOB, true);
}

static void job_time__used_up_by_one_that_ended__counts(void **state)
{
    (void)state;
    s.limits.job_time = 50;
    scene_proc(&s, 77)->user = 30 * SCENE_MS;
    assert_int_equal(scene_sample(&s, 1), 0);
    scene_gone(&s, 77);
    scene_proc(&s, 4)->user = 21 * SCENE_MS;
    assert_int_equal(scene_sample(&s, 2), 1);
    check(scene_reached(&s, LIMIT_JOB_TIME, 0), 50, 51, 4, DEED_END_JOB, false);
}

static void job_time__only_an_attendant_is_left__nothing_to_end(void **state)
{
    (void)state;
    s.limits.job_time = 50;
    scene_proc(&s, 4)->user = 51 * SCENE_MS;
    scene_proc(&s, 8)->attendant = true;
    assert_int_equal(scene_sample(&s, 1), 1);
    scene_gone(&s, 4);
    assert_int_equal(scene_sample(&s, 2), 0);
}

static void job_time__action_is_notify__told_once_without_a_deed(void **state)
{
    (void)state;
    s.limits.job_time = 50;
    s.limits.job_time_action = TIME_NOTIFY;
    scene_proc(&s, 4)->user = 90 * SCENE_MS;
    assert_int_equal(scene_sample(&s, 1), 1);
    check(scene_reached(&s, LIMIT_JOB_TIME, 0), 50, 90, 4, DEED_NONE, false);
    scene_find(&s, 4)->user = 900 * SCENE_MS;
    assert_int_equal(scene_sample(&s, 2), 0);
    assert_int_equal(scene_sample(&s, 2 * AGAIN), 0);
}

static void notify_memory_high__up_and_down__once_each_way_up(void **state)
{
    (void)state;
    static const uint64_t commit[] = {100, 101, 500, 101, 100, 102, 0, 101};
    static const size_t made[] = {0, 1, 0, 0, 0, 1, 0, 1};
    s.limits.notify_job_memory_high = 100;
    scene_proc(&s, 4);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        scene_find(&s, 4)->commit = commit[i];
        assert_int_equal(scene_sample(&s, i + 1), made[i]);
        if (made[i])
            check(scene_reached(&s, LIMIT_NOTIFY_JOB_MEMORY_HIGH, 0), 100, commit[i], 4, DEED_NONE,
                  false);
    }
}

static void notify_memory_low__a_start_from_below__only_after_it_was_above(void **state)
{
    (void)state;
    static const uint64_t commit[] = {1, 99, 100, 99, 50, 100, 120, 98};
    static const size_t made[] = {0, 0, 0, 1, 0, 0, 0, 1};
    s.limits.notify_job_memory_low = 100;
    scene_proc(&s, 4);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        scene_find(&s, 4)->commit = commit[i];
        assert_int_equal(scene_sample(&s, i + 1), made[i]);
        if (made[i])
            check(scene_reached(&s, LIMIT_NOTIFY_JOB_MEMORY_LOW, 0), 100, commit[i], 4, DEED_NONE,
                  false);
    }
}

static void notify_memory_low__everything_ends__is_not_told(void **state)
{
    (void)state;
    s.limits.notify_job_memory_low = 100;
    scene_proc(&s, 4)->commit = 200;
    assert_int_equal(scene_sample(&s, 1), 0);
    scene_gone(&s, 4);
    assert_int_equal(scene_sample(&s, 2), 0);
    scene_proc(&s, 8)->commit = 99;
    assert_int_equal(scene_sample(&s, 3), 1);
}

static void notify_totals__grow__once_a_multiple_and_silent_in_between(void **state)
{
    (void)state;
    static const struct {
        uint64_t total;
        bool said;
    } rows[] = {{99, false}, {100, true},  {199, false}, {200, true},
                {550, true}, {599, false}, {600, true}};
    s.limits.notify_job_time = s.limits.notify_io_read_bytes = s.limits.notify_io_write_bytes = 100;
    struct proc *p = scene_proc(&s, 4);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        p->user = rows[i].total * SCENE_MS;
        p->io.read_bytes = p->io.write_bytes = rows[i].total;
        assert_int_equal(scene_sample(&s, i + 1), rows[i].said ? 3 : 0);
        for (int id = LIMIT_NOTIFY_JOB_TIME; rows[i].said && id <= LIMIT_NOTIFY_IO_WRITE_BYTES;
             id++)
            check(scene_reached(&s, (enum limit_id)id, 0), 100, rows[i].total, 4, DEED_NONE, false);
    }
    struct limits next;
    assert_false(level_thresholds(s.level, &next)); /* no kernel looks at them */
    assert_int_equal(next.notify_job_time, 100);
}

/* Each guard alone: above for a while, exactly so long, below, and again. */
static void guards__for_a_duration__at_the_boundary_and_again_after_below(void **state)
{
    (void)state;
    static const struct {
        uint64_t at;
        bool above, said;
    } rows[] = {
        {1000, true, false},   {5999, true, false},    {6000, true, true},
        {7000, true, false},   {99000, true, false},   {100000, false, false},
        {101000, true, false}, {103000, false, false}, {104000, true, false},
        {108999, true, false}, {109000, true, true},
    };
    for (int id = LIMIT_GUARD_COMMIT; id <= LIMIT_GUARD_THREADS; id++) {
        s.n = 0;
        s.limits = (struct limits){0};
        struct guard g = {100, 5000};
        scene_level(&s, LEVEL_INSTANCE);
        struct proc *p = scene_proc(&s, 4);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            uint32_t value = rows[i].above ? 101 : 100;
            if (id == LIMIT_GUARD_COMMIT) {
                s.limits.guard_commit = g;
                p->commit = value;
            } else if (id == LIMIT_GUARD_HANDLES) {
                s.limits.guard_handles = g;
                p->handles = value;
            } else {
                s.limits.guard_threads = g;
                p->threads = value;
            }
            assert_int_equal(scene_sample(&s, rows[i].at), rows[i].said);
            if (rows[i].said)
                check(scene_reached(&s, (enum limit_id)id, 0), 100, 101, 4, DEED_NONE, false);
        }
    }
}

static void guard_cpu__share_of_the_machine_or_processors__by_samples(void **state)
{
    (void)state;
    static const struct cpu_share shares[] = {{CPU_OF_MACHINE, 2500}, {CPU_PROCESSORS, 1000}};
    for (size_t i = 0; i < 2; i++) {
        scene_level(&s, LEVEL_INSTANCE);
        s.n = 0;
        s.limits.guard_cpu = (struct cpu_guard){shares[i], 1000};
        struct proc *p = scene_proc(&s, 4);
        assert_int_equal(scene_sample(&s, 1000), 0);
        p->user += 1000 * SCENE_MS; /* exactly one of four processors */
        assert_int_equal(scene_sample(&s, 2000), 0);
        p->kernel += 1100 * SCENE_MS;
        assert_int_equal(scene_sample(&s, 3000), 0);
        p->user += 1200 * SCENE_MS;
        assert_int_equal(scene_sample(&s, 4000), 1);
        check(scene_reached(&s, LIMIT_GUARD_CPU, 0), 2500, 3000, 4, DEED_NONE, false);
    }
}

static void sample__kernel_or_nobody_holds_it__nothing_is_done(void **state)
{
    (void)state;
    static const enum holder who[] = {HELD_BY_KERNEL, HELD_BY_NOBODY};
    struct limits *l = &s.limits;
    l->process_memory = l->job_memory = l->notify_job_memory_high = 1;
    l->notify_job_memory_low = UINT64_MAX;
    l->process_time = l->job_time = l->notify_job_time = 1;
    l->notify_io_read_bytes = l->notify_io_write_bytes = l->active_process = 1;
    l->guard_commit.value = l->guard_handles.value = l->guard_threads.value = 1;
    scene_proc(&s, 4);
    scene_proc(&s, 8);
    for (size_t i = 0; i < s.n; i++) {
        s.proc[i].commit = s.proc[i].io.read_bytes = s.proc[i].io.write_bytes = 9;
        s.proc[i].user = 9 * SCENE_MS;
    }
    scene_ready(&s);
    assert_non_null(level_meter(s.level)); /* so that it does look */
    for (size_t k = 0; k < 2; k++) {
        for (int i = 0; i < LIMITS; i++)
            s.holders.of[i] = who[k];
        assert_int_equal(scene_sample(&s, k + 1), 0);
    }
}

static void sample__an_older_snapshot__is_passed_over(void **state)
{
    (void)state;
    s.limits.job_memory = 10;
    scene_proc(&s, 4)->commit = 5;
    assert_int_equal(scene_sample(&s, 100), 0);
    scene_find(&s, 4)->commit = 50;
    assert_int_equal(scene_sample(&s, 99), 0);
    assert_int_equal(scene_sample(&s, 100), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(job_memory__above_at_many_samples__the_deed_each_time_and_said_now_and_then),
        TEST(job_time__used_up__said_once_and_everything_ended_until_it_is),
        TEST(job_time__used_up_by_one_that_ended__counts),
        TEST(job_time__only_an_attendant_is_left__nothing_to_end),
        TEST(job_time__action_is_notify__told_once_without_a_deed),
        TEST(notify_memory_high__up_and_down__once_each_way_up),
        TEST(notify_memory_low__a_start_from_below__only_after_it_was_above),
        TEST(notify_memory_low__everything_ends__is_not_told),
        TEST(notify_totals__grow__once_a_multiple_and_silent_in_between),
        TEST(guards__for_a_duration__at_the_boundary_and_again_after_below),
        TEST(guard_cpu__share_of_the_machine_or_processors__by_samples),
        TEST(sample__kernel_or_nobody_holds_it__nothing_is_done),
        TEST(sample__an_older_snapshot__is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
