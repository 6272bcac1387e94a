/* test_whom.c - whom an event of the sampler names. */
#include "tests/limits/scene.h"

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

/* Every limit of the whole is reached, and what the processes use grows to have a largest for each;
 * the first is an attendant, which uses more of all. */
static void reach_all(enum level_kind kind)
{
    struct limits *l = &s.limits;
    scene_level(&s, kind);
    s.n = 0;
    *l = (struct limits){.notify_job_memory_low = 5000};
    for (uint32_t pid = 1; pid <= 10; pid++)
        scene_proc(&s, pid)->commit = 600;
    assert_int_equal(scene_sample(&s, 1000), 0);
    for (uint32_t pid = 1; pid <= 10; pid++)
        scene_find(&s, pid)->commit = pid == 3 ? 20 : 10;
    *scene_find(&s, 1) = (struct proc){.pid = 1,
                                       .created = 1,
                                       .user = 9000 * SCENE_MS,
                                       .commit = 9000,
                                       .threads = 9000,
                                       .handles = 9000,
                                       .io = {.read_bytes = 9000, .write_bytes = 9000},
                                       .attendant = true};
    scene_find(&s, 4)->user = 500 * SCENE_MS;
    scene_find(&s, 5)->user = 400 * SCENE_MS;
    scene_find(&s, 5)->kernel = 101 * SCENE_MS;
    scene_find(&s, 6)->handles = 2;
    scene_find(&s, 7)->threads = 2;
    scene_find(&s, 8)->io.read_bytes = 50;
    scene_find(&s, 9)->io.write_bytes = 50;
    l->job_memory = l->notify_job_memory_high = l->guard_commit.value = 1;
    l->job_time = l->notify_job_time = l->guard_handles.value = l->guard_threads.value = 1;
    l->notify_io_read_bytes = l->notify_io_write_bytes = 1;
    l->guard_cpu.share = (struct cpu_share){CPU_OF_MACHINE, 1};
    assert_int_equal(scene_sample(&s, 2000), 11);
}

static void whole_limits__of_an_instance__name_the_member_that_uses_the_most(void **state)
{
    (void)state;
    static const uint32_t largest[LIMIT_REACHABLE] = {
        [LIMIT_JOB_MEMORY] = 3,
        [LIMIT_JOB_TIME] = 4,
        [LIMIT_NOTIFY_JOB_MEMORY_HIGH] = 3,
        [LIMIT_NOTIFY_JOB_MEMORY_LOW] = 3,
        [LIMIT_NOTIFY_JOB_TIME] = 4,
        [LIMIT_NOTIFY_IO_READ_BYTES] = 8,
        [LIMIT_NOTIFY_IO_WRITE_BYTES] = 9,
        [LIMIT_GUARD_COMMIT] = 3,
        [LIMIT_GUARD_HANDLES] = 6,
        [LIMIT_GUARD_THREADS] = 7,
        [LIMIT_GUARD_CPU] = 5,
    };
    reach_all(LEVEL_INSTANCE);
    for (int id = 0; id < LIMIT_REACHABLE; id++) {
        const struct reached *r = scene_reached(&s, (enum limit_id)id, 0);
        assert_int_equal(r ? r->pid : 0, largest[id]);
    }
}

static void whole_limits__of_a_group_or_the_fleet__name_nobody(void **state)
{
    (void)state;
    for (int kind = LEVEL_GROUP; kind <= LEVEL_FLEET; kind++) {
        reach_all((enum level_kind)kind);
        for (size_t i = 0; i < s.made; i++)
            assert_int_equal(s.out[i].pid, 0);
    }
}

static void process_limits__of_a_group_or_the_fleet__name_the_process(void **state)
{
    (void)state;
    s.limits.process_memory = 100;
    s.limits.process_time = 10;
    for (uint32_t pid = 1; pid <= 4; pid++)
        scene_proc(&s, pid)->commit = pid == 2 ? 101 : 7;
    scene_find(&s, 3)->user = 11 * SCENE_MS;
    for (int kind = LEVEL_GROUP; kind <= LEVEL_FLEET; kind++) {
        scene_level(&s, (enum level_kind)kind);
        s.limits.active_process = 3;
        assert_int_equal(scene_sample(&s, 1), 2);
        assert_int_equal(s.out[0].limit, LIMIT_PROCESS_MEMORY);
        assert_int_equal(s.out[0].pid, 2);
        assert_int_equal(s.out[1].limit, LIMIT_PROCESS_TIME);
        assert_int_equal(s.out[1].pid, 3);
        s.limits.active_process = 1; /* two will go already */
        assert_int_equal(scene_sample(&s, 2), 3);
        assert_int_equal(s.out[0].limit, LIMIT_ACTIVE_PROCESS);
        assert_int_equal(s.out[0].pid, 4);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whole_limits__of_an_instance__name_the_member_that_uses_the_most),
        TEST(whole_limits__of_a_group_or_the_fleet__name_nobody),
        TEST(process_limits__of_a_group_or_the_fleet__name_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
