/* test_take_levels.c - groups and the fleet while their definitions change. */
#include "tests/host/take_scene.h"

#include "config/load.h"
#include "service/host/accounts.h"

static void group__is_kept__keeps_job_key_and_account_and_gets_its_new_limits(void **state)
{
    struct scene *s = *state;
    scene_begin(s, "[group:x]\n[group:apps]\njob_memory_limit = 1G\n"
                   "[job:a]\ngroup = apps\n[job:b]\ngroup = x\n");
    scene_spawn(s, 0);
    struct upper *u = scene_group(s, "apps");
    const struct job *job = u->job;
    uint32_t number = u->number;
    level_terminated(u->level, 2);
    kernel_forget();
    scene_take(s, scene_load(s, "[group:apps]\njob_memory_limit = 2G\n[group:x]\n"
                                "[job:a]\ngroup = apps\n[job:b]\ngroup = x\n"));
    assert_ptr_equal(scene_group(s, "apps"), u);
    assert_ptr_equal(u->job, job);
    assert_int_equal(u->number, number);
    assert_ptr_equal(levels_find(s->runs->levels, number), u);
    assert_int_equal(kernel_last(u->job)->extended.JobMemoryLimit, UINT64_C(2) << 30);
    assert_false(u->unapplied);
    assert_int_equal(account_at(s->runs, &(struct seat){.upper = u}).terminated, 2);
    config_free(s->config[0]); /* nobody points there any more */
    s->config[0] = NULL;
    assert_int_equal(level_limits(u->level)->job_memory, UINT64_C(2) << 30);
    assert_string_equal(u->name, "apps");
}

static void group__has_a_share_that_changes__members_jobs_get_theirs_anew(void **state)
{
    struct scene *s = *state;
    scene_begin(s, "[group:apps]\ncpu_rate_cap = 50%\n[job:a]\ngroup = apps\ncpu_rate_cap = 10%\n");
    scene_spawn(s, 0);
    kernel_forget();
    scene_take(
        s, scene_load(
               s, "[group:apps]\ncpu_rate_cap = 25%\n[job:a]\ngroup = apps\ncpu_rate_cap = 10%\n"));
    assert_int_equal(kernel_last(scene_group(s, "apps")->job)->cpu.u.rate, 2500);
    assert_int_equal(kernel_last(scene_run(s, 0)->job)->cpu.u.rate, 4000);
}

static void group__is_new__has_a_number_that_nobody_had(void **state)
{
    struct scene *s = *state;
    scene_begin(s, "job_memory_limit = 4G\n[group:apps]\n[job:a]\ngroup = apps\n");
    uint32_t fleet = levels_fleet(s->runs->levels)->number;
    scene_take(s, scene_load(s, "job_memory_limit = 4G\n[group:apps]\n[group:more]\n"
                                "[job:a]\ngroup = more\n[job:b]\ngroup = apps\n"));
    assert_non_null(scene_group(s, "more"));
    assert_true(scene_group(s, "more")->number != fleet && scene_group(s, "more")->number != 0);
    assert_int_equal(levels_fleet(s->runs->levels)->number, fleet);
    assert_true(levels_below(s->runs->levels, scene_group(s, "more"), 0));
    assert_false(levels_below(s->runs->levels, scene_group(s, "apps"), 0));
    size_t n = levels_uppers(s->runs->levels);
    assert_ptr_equal(levels_upper(s->runs->levels, n - 1), levels_fleet(s->runs->levels));
}

static void group__is_defined_no_more__stays_until_no_slot_is_below_it(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    struct stage *stage = NULL;
    scene_begin(s, "[group:apps]\njob_memory_limit = 1G\n[job:a]\ngroup = apps\n");
    scene_spawn(s, 0);
    uint32_t number = scene_group(s, "apps")->number;
    const struct config *next = scene_load(s, "[job:a]\n");
    assert_int_equal(runs_stage(s->runs, next, &stage, &e), ST_OK);
    runs_commit(s->runs, stage, &next->service); /* the slot still has its old definition */
    runs_sweep(s->runs);
    struct upper *u = levels_find(s->runs->levels, number);
    assert_non_null(u);
    assert_non_null(u->job);
    assert_int_equal(level_limits(u->level)->job_memory, 1 << 30);
    scene_end(s, 0);
    s->hands.adopt(s->hands.ctx, 0, &next->job[0]);
    runs_sweep(s->runs);
    assert_null(levels_find(s->runs->levels, number));
    assert_int_equal(levels_uppers(s->runs->levels), 0);
}

static void group__the_kernel_refuses__is_told_and_tried_again_with_a_members_start(void **state)
{
    struct scene *s = *state;
    const char *was = "[group:apps]\njob_memory_limit = 1G\n[job:a]\ninstances = 2\ngroup = apps\n";
    const char *is = "[group:apps]\njob_memory_limit = 2G\n[job:a]\ninstances = 2\ngroup = apps\n";
    scene_begin(s, was);
    scene_spawn(s, 0);
    struct upper *u = scene_group(s, "apps");
    kernel.refuse = job_handle(u->job);
    scene_take(s, scene_load(s, is));
    assert_true(u->unapplied);
    assert_int_equal(scene_lines(s, "limit.not_applied level=group name=apps"), 1);
    kernel.refuse = NULL;
    kernel_forget();
    scene_spawn(s, 1);
    assert_false(u->unapplied);
    assert_int_equal(kernel_last(u->job)->extended.JobMemoryLimit, UINT64_C(2) << 30);
}

static void stage__is_given_up__all_is_as_it_was(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    struct stage *stage = NULL;
    scene_begin(s, "[group:apps]\njob_memory_limit = 1G\n[job:a]\ngroup = apps\n");
    scene_spawn(s, 0);
    kernel_forget();
    const struct config *next = scene_load(s, "[group:apps]\njob_memory_limit = 2G\n[group:more]\n"
                                              "[job:a]\ngroup = apps\n[job:b]\ngroup = more\n");
    assert_int_equal(runs_stage(s->runs, next, &stage, &e), ST_OK);
    runs_unstage(s->runs, stage);
    assert_int_equal(kernel.n, 0);
    assert_null(scene_group(s, "more"));
    assert_int_equal(level_limits(scene_group(s, "apps")->level)->job_memory, 1 << 30);
}

static void fleet__its_limits_change__only_where_it_had_some_from_the_beginning(void **state)
{
    struct scene *s = *state;
    scene_begin(s, "job_memory_limit = 4G\n[job:a]\n");
    scene_spawn(s, 0);
    struct upper *fleet = levels_fleet(s->runs->levels);
    kernel_forget();
    scene_take(s, scene_load(s, "job_memory_limit = 5G\n[job:a]\n"));
    assert_int_equal(kernel_last(fleet->job)->extended.JobMemoryLimit, UINT64_C(5) << 30);
    scene_take(s, scene_load(s, "[job:a]\n"));
    assert_ptr_equal(levels_fleet(s->runs->levels), fleet);
    assert_int_equal(level_limits(fleet->level)->job_memory, UINT64_C(5) << 30);
}

static void fleet__gets_limits_for_the_first_time__waits_for_the_next_start(void **state)
{
    struct scene *s = *state;
    scene_begin(s, "[job:a]\n");
    scene_spawn(s, 0);
    scene_take(s, scene_load(s, "job_memory_limit = 5G\n[job:a]\n"));
    assert_null(levels_fleet(s->runs->levels));
}

int test_take_levels(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(group__is_kept__keeps_job_key_and_account_and_gets_its_new_limits),
        SCENE(group__has_a_share_that_changes__members_jobs_get_theirs_anew),
        SCENE(group__is_new__has_a_number_that_nobody_had),
        SCENE(group__is_defined_no_more__stays_until_no_slot_is_below_it),
        SCENE(group__the_kernel_refuses__is_told_and_tried_again_with_a_members_start),
        SCENE(stage__is_given_up__all_is_as_it_was),
        SCENE(fleet__its_limits_change__only_where_it_had_some_from_the_beginning),
        SCENE(fleet__gets_limits_for_the_first_time__waits_for_the_next_start),
    };
    return cmocka_run_group_tests_name("levels above", tests, NULL, NULL);
}
