/* test_take.c - slots, the sampler and who holds a limit while definitions change; runs the other
 * group too. */
#include "tests/host/take_scene.h"

#include "service/host/accounts.h"

/* --- slots -------------------------------------------------------------------------- */
static void room__alarms_run_while_it_grows__they_ring_all_the_same(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    scene_begin(s, "[job:a]\n");
    const struct run *first = scene_run(s, 0);
    s->hands.alarm(s->hands.ctx, 0, s->hands.now(s->hands.ctx) + 1);
    s->hands.alarm(s->hands.ctx, SLOT_FLEET, s->hands.now(s->hands.ctx) + 1);
    assert_int_equal(s->hands.room(s->hands.ctx, 1000, &e), ST_OK);
    assert_ptr_equal(scene_run(s, 0), first);
    s->hands.alarm(s->hands.ctx, 999, s->hands.now(s->hands.ctx) + 1);
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; alarms.n < 3;) {
        assert_true(GetTickCount64() < end);
        uv_run(&s->loop, UV_RUN_ONCE);
    }
    uint32_t rung = 0;
    for (size_t i = 0; i < 3; i++)
        rung |= alarms.slot[i] == 0 ? 1u : alarms.slot[i] == 999 ? 2u : 4u;
    assert_int_equal(rung, 7);
}

static void adopt__a_run_exists__its_job_gets_the_new_limits(void **state)
{
    struct scene *s = *state;
    scene_begin(s, "[job:a]\ninstances = 2\njob_memory_limit = 64M\n");
    scene_spawn(s, 0);
    scene_spawn(s, 1);
    kernel_forget();
    const struct config *next = scene_load(s, "[job:a]\ninstances = 2\njob_memory_limit = 96M\n"
                                              "active_process_limit = 7\n");
    s->hands.adopt(s->hands.ctx, 0, &next->job[0]);
    const struct kernel_limits *k = kernel_last(scene_run(s, 0)->job);
    assert_int_equal(k->extended.JobMemoryLimit, 96 * MIB);
    assert_int_equal(k->extended.BasicLimitInformation.ActiveProcessLimit, 7);
    assert_int_equal(kernel.n, 1); /* and nobody else's */
    assert_ptr_equal(level_limits(levels_instance(s->runs->levels, 0)), &next->job[0].limits);
}

static void adopt__the_kernel_refuses__is_told_and_the_next_run_has_them(void **state)
{
    struct scene *s = *state;
    scene_begin(s, "[job:a]\njob_memory_limit = 64M\n");
    scene_spawn(s, 0);
    kernel_forget();
    kernel.refuse = job_handle(scene_run(s, 0)->job);
    const struct config *next = scene_load(s, "[job:a]\njob_memory_limit = 96M\n");
    scene_take(s, next);
    assert_int_equal(
        scene_lines(s, "limit.not_applied level=instance job=a.1 error=\"the kernel refuses"
                       "\""),
        1);
    assert_true(scene_run(s, 0)->id != 0);
    kernel.refuse = NULL;
    scene_end(s, 0);
    scene_spawn(s, 0);
    assert_int_equal(kernel.call[kernel.n - 1].now.extended.JobMemoryLimit, 96 * MIB);
}

static void free_slot__goes_to_somebody_else__its_account_stays_the_fleets(void **state)
{
    struct scene *s = *state;
    const struct config *c = scene_begin(s, "[job:a]\ninstances = 2\n");
    scene_spawn(s, 0);
    level_terminated(levels_instance(s->runs->levels, 0), 3);
    scene_end(s, 0);
    s->hands.adopt(s->hands.ctx, 0, NULL);
    assert_null(scene_run(s, 0)->spec);
    assert_int_equal(account_of_fleet(s->runs).terminated, 3);
    s->hands.adopt(s->hands.ctx, 0, &c->job[1]);
    assert_int_equal(account_at(s->runs, &(struct seat){.slot = 0}).terminated, 0);
    assert_int_equal(account_of_fleet(s->runs).terminated, 3);
}

/* --- the sampler -------------------------------------------------------------------- */
static void sampler__what_needs_it_comes_and_goes__it_starts_and_stops(void **state)
{
    struct scene *s = *state;
    scene_begin(s, "[job:a]\n");
    assert_false(sampler_active(s->runs->sampler));
    const struct config *guarded = scene_load(s, "[job:a]\nguard_handles = 1000\n");
    s->hands.adopt(s->hands.ctx, 0, &guarded->job[0]); /* by itself, as in a rolling restart */
    assert_true(sampler_active(s->runs->sampler));
    scene_take(s, guarded);
    assert_true(sampler_active(s->runs->sampler));
    scene_take(s, scene_load(s, "[job:a]\n"));
    assert_false(sampler_active(s->runs->sampler));
}

static void sampler__its_interval_changes__the_timer_goes_by_the_new_one(void **state)
{
    struct scene *s = *state;
    scene_begin(s, "[job:a]\nguard_handles = 1000\n");
    scene_spawn(s, 0);
    struct config *next = (struct config *)scene_load(s, "[job:a]\nguard_handles = 1000\n");
    next->service.sample_interval = 1;
    scene_take(s, next);
    struct level *v = levels_instance(s->runs->levels, 0);
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; level_usage(v).processes == 0;) {
        assert_true(GetTickCount64() < end);
        uv_run(&s->loop, UV_RUN_ONCE);
    }
}

static void limits__used_for_the_first_time__it_is_said_who_holds_them(void **state)
{
    struct scene *s = *state;
    s->probe.holders.of[LIMIT_NET_DSCP_TAG] = HELD_BY_NOBODY;
    scene_begin(s, "[job:a]\n");
    assert_int_equal(scene_lines(s, "limit.not_by_kernel"), 0);
    const struct config *next = scene_load(s, "[job:a]\nnet_dscp_tag = 8\n");
    scene_take(s, next);
    scene_take(s, next);
    assert_int_equal(scene_lines(s, "limit.not_by_kernel limit=net_dscp_tag by=nobody first=a.1"),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(room__alarms_run_while_it_grows__they_ring_all_the_same),
        SCENE(adopt__a_run_exists__its_job_gets_the_new_limits),
        SCENE(adopt__the_kernel_refuses__is_told_and_the_next_run_has_them),
        SCENE(free_slot__goes_to_somebody_else__its_account_stays_the_fleets),
        SCENE(sampler__what_needs_it_comes_and_goes__it_starts_and_stops),
        SCENE(sampler__its_interval_changes__the_timer_goes_by_the_new_one),
        SCENE(limits__used_for_the_first_time__it_is_said_who_holds_them),
    };
    return cmocka_run_group_tests_name("take", tests, NULL, NULL) + test_take_levels();
}
