/* test_limit_reactions.c - what follows from a message. */
#include "tests/host/limit_path.h"

#include <stdlib.h>

/* --- reactions ------------------------------------------------------------------------ */
#define POLITE                                                                                     \
    "console = none\nstdout = null\nstop = command:1h\n"                                           \
    "stop_command = @worker --touch please.${instance}\n"                                          \
    "command = @worker --wait-file please.${instance} --exit 5\n"

static void reaction__restart__of_a_message__goes_down_the_ladder_and_up_again(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\n" POLITE "restart = never\n" ALL_LIMITS
                 "on_limit.job_memory_limit = restart\nrestart_prevent_exit_codes = 5\n");
    way_post(p, way_key(p, 0), JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, way_unit(p, 0)->pid);
    way_await(p, "info job.started job=web.1", 2);
    way_expect(p, "error limit.reached * limit=job_memory_limit * by=kernel reaction=restart", 1);
    way_expect(p, "job.stopping job=web.1 * cause=limit", 1);
    way_expect(p, "job.stop_rung job=web.1 rung=command", 1);
    way_expect(p, "job.ended job=web.1 * code=5 * cause=limit", 1);
    way_expect(p, "job.terminated", 0);
}

static void reaction__stop__of_a_message__goes_down_and_stays(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\n" POLITE ALL_LIMITS "on_limit = stop\n");
    way_post(p, way_key(p, 0), JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT, 0);
    way_await(p, "error job.failed job=web.1 reason=*stopped by on_limit", 1);
    way_expect(p, "error limit.reached * limit=active_process_limit * reaction=stop", 1);
    way_expect(p, "job.ended job=web.1 * code=5 * cause=limit", 1);
    way_expect(p, "job.started", 1);
}

static void reaction__terminate__of_a_message__ends_all_at_once(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\n" POLITE NOTIFICATIONS "on_limit = terminate\nrestart = never\n");
    fake_kernel.record = (struct violation){.violated = VIOLATED_MEMORY_HIGH, .memory = GIB + 1u};
    way_post(p, way_key(p, 0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, way_unit(p, 0)->pid);
    way_await(p, "error job.failed job=web.1 reason=*ended by a limit, restart = never", 1);
    way_expect(p, "job.ended job=web.1 * code=0xE0000001 * cause=limit", 1);
    way_expect(p, "job.stop_rung", 0);
}

static void reaction__hook__of_a_message__runs_once_and_the_worker_goes_on(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --hold\n" QUIET ALL_LIMITS
                 "on_limit = hook\nhook_limit = @worker --touch hooked --exit 3\n");
    way_post(p, way_key(p, 0), JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, way_unit(p, 0)->pid);
    way_await(p, "warning hook.ended hook=hook_limit owner=web.1 * code=3", 1);
    char *path = scratch_path(p->folder, "hooked"), *text = scratch_read(path);
    assert_non_null(text);
    free(text);
    free(path);
    assert_int_equal(way_unit(p, 0)->at, S_RUNNING);
}

static bool was_hooked(const struct way *p)
{
    char *path = scratch_path(p->folder, "hooked"), *text = scratch_read(path);
    bool yes = text != NULL;
    free(text);
    free(path);
    return yes;
}

/* The loop itself; the worker ends soon, and then nothing is left to be done. */
static void run_with_hook(struct way *p, const char *more)
{
    struct buf text = {0};
    buf_f(&text, "%s[job:web]\ncommand = @worker --after 300\n" QUIET ALL_LIMITS
                 "restart = never\non_limit = hook\n"
                 "hook_limit = @worker --after 2000 --touch hooked\n",
          more);
    way_load(p, buf_text(&text));
    buf_free(&text);
    p->app->options.console = true; /* it ends with its last worker */
    way_post(p, (ULONG_PTR)1 << 32, JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, 0); /* its first run */
}

static void reaction__hook__outlives_the_last_worker_and_is_waited_for(void **state)
{
    struct way *p = *state;
    run_with_hook(p, "");
    assert_int_equal(app_run(p->app), 0);
    way_expect(p, "hook.ended hook=hook_limit owner=web.1 * code=0", 1);
    assert_true(was_hooked(p));
}

static void reaction__hook__longer_than_the_budget_of_a_stop__does_not_hold_it(void **state)
{
    struct way *p = *state;
    run_with_hook(p, "stop_timeout = 1s\n");
    app_stop(p->app, CAUSE_SHUTDOWN, 0);
    assert_int_equal(app_run(p->app), 0);
    way_unload(p);
    way_expect(p, "hook.ended hook=hook_limit owner=web.1 * cause=stop", 1);
    assert_false(was_hooked(p));
}

/* Not of who was refused the last bit of it. */
static void reaction__of_a_group__is_the_lot_of_who_uses_most(void **state)
{
    struct way *p = *state;
    way_start(p, "[group:pool]\n" ALL_LIMITS "on_limit = terminate\n"
                 "[defaults]\nconsole = none\ngroup = pool\n"
                 "[job:small]\nstdout = null\ncommand = @worker --hold\n"
                 "[job:big]\nstdout = big.txt\n"
                 "command = @worker --leak 41943040 --step 41943040 --hold\n"
                 "[job:tiny]\nstdout = null\ncommand = @worker --hold\n");
    while (!way_wrote(p, "big.txt", "leak ok")) /* for as long as this program may run */
        way_turn(p);
    way_post(p, UPPER_KEY(0), JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, way_unit(p, 0)->pid);
    way_await(p, "info job.started job=big.1", 2);
    way_expect(
        p, "error limit.reached level=group name=pool limit=job_memory_limit * instance=big.1", 1);
    way_expect(p, "job.stopping", 1);
    way_expect(p, "job.stopping job=big.1 * cause=limit", 1);
}

/* --- what the kernel has done already --------------------------------------------------- */
static void end_worker(struct way *p, size_t slot, DWORD code)
{
    HANDLE h = OpenProcess(PROCESS_TERMINATE, FALSE, way_unit(p, slot)->pid);
    assert_non_null(h);
    assert_true(TerminateProcess(h, code));
    CloseHandle(h);
}

static void message__of_an_end_by_process_time__the_end_has_that_cause(void **state)
{
    struct way *p = *state;
    way_start(
        p, "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\nrestart = never\n"
           "process_time_limit = 1h\n");
    way_post(p, way_key(p, 0), JOB_OBJECT_MSG_END_OF_PROCESS_TIME, way_unit(p, 0)->pid);
    way_drain(p);
    end_worker(p, 0, ERROR_NOT_ENOUGH_QUOTA);
    way_await(p, "job.ended job=web.1 * code=1816 * cause=limit", 1);
    way_await(p, "job.failed job=web.1 reason=*ended by a limit, restart = never", 1);
}

static void message__of_a_refused_allocation__a_failure_soon_after_is_put_down_to_it(void **state)
{
    struct way *p = *state;
    way_start(p, "[defaults]\nconsole = none\nstdout = null\nrestart = never\n" ALL_LIMITS
                 "[job:bad]\ncommand = @worker --hold\n[job:good]\ncommand = @worker --hold\n"
                 "[job:other]\ncommand = @worker --hold\n");
    way_post(p, way_key(p, 0), JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, way_unit(p, 0)->pid);
    way_post(p, way_key(p, 1), JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, way_unit(p, 1)->pid);
    way_drain(p);
    end_worker(p, 0, 3);
    end_worker(p, 1, 0); /* it got over it */
    end_worker(p, 2, 3);
    way_await(p, "job.ended", 3);
    way_expect(p, "job.ended job=bad.1 * code=3 * cause=limit", 1);
    way_expect(p, "job.ended job=good.1 * code=0 * cause=exit", 1);
    way_expect(p, "job.ended job=other.1 * code=3 * cause=exit", 1);
}

/* Somebody else, who uses more, may have to answer for the group; the refusal was this one's. */
static void message__of_a_groups_memory__the_failure_of_who_was_refused_is_put_down_to_it(
    void **state)
{
    struct way *p = *state;
    way_start(p, "[group:pool]\njob_memory_limit = 4G\n"
                 "[job:web]\ncommand = @worker --hold\n" QUIET
                 "instances = 2\ngroup = pool\nrestart = never\n");
    way_post(p, UPPER_KEY(0), JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, way_unit(p, 1)->pid);
    way_drain(p);
    way_expect(p, "warning limit.reached level=group", 1);
    end_worker(p, 1, 3);
    way_await(p, "job.ended job=web.2 * cause=limit limit=job_memory_limit", 1);
}

int test_limit_reactions(void)
{
    const struct CMUnitTest tests[] = {
        WAY(reaction__restart__of_a_message__goes_down_the_ladder_and_up_again),
        WAY(reaction__stop__of_a_message__goes_down_and_stays),
        WAY(reaction__terminate__of_a_message__ends_all_at_once),
        WAY(reaction__hook__of_a_message__runs_once_and_the_worker_goes_on),
        WAY(reaction__hook__outlives_the_last_worker_and_is_waited_for),
        WAY(reaction__hook__longer_than_the_budget_of_a_stop__does_not_hold_it),
        WAY(reaction__of_a_group__is_the_lot_of_who_uses_most),
        WAY(message__of_an_end_by_process_time__the_end_has_that_cause),
        WAY(message__of_a_refused_allocation__a_failure_soon_after_is_put_down_to_it),
        WAY(message__of_a_groups_memory__the_failure_of_who_was_refused_is_put_down_to_it),
    };
    return cmocka_run_group_tests_name("job messages, to the reaction", tests, NULL, NULL);
}
