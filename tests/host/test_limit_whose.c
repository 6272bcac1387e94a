/* test_limit_whose.c - a message reaches every level above the job it is about: whose it is, and on
 * whom it is to act when that cannot be seen any more. */
#include "tests/host/limit_path.h"

#include "service/host/accounts.h"
#include "service/host/limit_events.h"

#define GONE 0xFFFFFFF0u /* no process */

#define POOL_OF_TWO                                                                                \
    "[job:web]\ncommand = @worker --hold\n" QUIET "instances = 2\ngroup = pool\n"

/* As Windows does for what happened in the job of web.1. */
static void post_up(struct way *p, DWORD message, uint32_t pid)
{
    way_post(p, way_key(p, 0), message, pid);
    way_post(p, UPPER_KEY(0), message, pid);
    way_drain(p);
}

static void expect_nobody_stopped(struct way *p)
{
    way_expect(p, "job.stopping", 0);
    for (size_t i = 0; i < p->app->config->n; i++)
        assert_int_equal(way_unit(p, i)->at, S_RUNNING);
}

/* --- on whom it acts ------------------------------------------------------------------ */
static void message__of_one_process_that_is_gone__is_told_and_nobody_pays(void **state)
{
    static const DWORD messages[] = {JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT,
                                     JOB_OBJECT_MSG_END_OF_PROCESS_TIME};
    struct way *p = *state;
    way_start(p, "[group:pool]\n" ALL_LIMITS "on_limit = restart\n" POOL_OF_TWO);
    for (size_t i = 0; i < 2; i++)
        way_post(p, UPPER_KEY(0), messages[i], GONE);
    way_drain(p);
    way_expect(p, "error limit.reached level=group name=pool", 2);
    way_expect(p, "limit.reached * instance", 0);
    expect_nobody_stopped(p);
}

static void deed__on_a_process_that_ended_by_itself__is_nobody_elses(void **state)
{
    struct way *p = *state;
    way_start(p, "[group:pool]\n" ALL_LIMITS "on_limit = restart\n" POOL_OF_TWO);
    const struct seat at = {.upper = levels_upper(p->app->runs->levels, 0)};
    const struct reached one = {.limit = LIMIT_ACTIVE_PROCESS,
                                .by = HELD_BY_SAMPLER,
                                .configured = 50,
                                .measured = 51,
                                .pid = GONE,
                                .deed = DEED_END_PROCESS};
    limits_reached(p->app->runs, &at, &one);
    way_drain(p);
    way_expect(p, "limit.reached", 0);
    expect_nobody_stopped(p);
}

/* --- whose it is ------------------------------------------------------------------------ */
struct whose {
    const char *pool, *web; /* limits of the group and of each member */
    DWORD message;
    const char *level;
};
static const struct whose lower[] = {
    {"active_process_limit = 50\n", "active_process_limit = 1\n",
     JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT, "limit.reached level=instance job=web.1"},
    {"job_time_limit = 2h\njob_time_action = notify\n",
     "job_time_limit = 1h\njob_time_action = notify\n", JOB_OBJECT_MSG_END_OF_JOB_TIME,
     "limit.reached level=instance job=web.1"},
    {"process_time_limit = 2h\n", "process_time_limit = 1h\n", JOB_OBJECT_MSG_END_OF_PROCESS_TIME,
     "limit.reached level=instance job=web.1"},
    {"process_memory_limit = 2G\n", "process_memory_limit = 1G\n",
     JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, "limit.reached level=instance job=web.1"},
};

/* Of none of these does the packet say in which job it happened: the first two carry no pid, and
 * the process of the others is gone by the time that they are read. */
static void message__from_below_a_group_that_has_that_limit_too__is_not_the_groups(void **state)
{
    struct way *p = *state;
    for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) {
        const struct whose *w = &lower[i];
        struct buf text = {0};
        bool pid = w->message == JOB_OBJECT_MSG_END_OF_PROCESS_TIME ||
                   w->message == JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT;
        buf_f(&text, "[group:pool]\non_limit = restart\n%s" POOL_OF_TWO "%s", w->pool, w->web);
        way_start(p, buf_text(&text));
        way_forget_lines(p);
        post_up(p, w->message, pid ? GONE : 0);
        way_expect(p, "limit.reached", 1);
        way_expect(p, w->level, 1);
        expect_nobody_stopped(p);
        way_unload(p);
        way_forget_lines(p);
        buf_free(&text);
    }
}

static void message__of_a_group_that_is_full_itself__is_the_groups(void **state)
{
    struct way *p = *state;
    way_start(p, "[group:pool]\nactive_process_limit = 2\n" POOL_OF_TWO
                 "active_process_limit = 2\n");
    way_post(p, UPPER_KEY(0), JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT, 0);
    way_drain(p);
    way_expect(p, "limit.reached level=group name=pool limit=active_process_limit configured=2 "
                  "measured=2",
               1);
}

/* --- accounts ----------------------------------------------------------------------------- */
static void account__over_restarts__counts_every_process_once(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --exit 1\n" QUIET
                 "restart = always\nrestart_delay = 1ms\nrestart_jitter = 0\nstart_limit = 5\n");
    way_await(p, "job.failed job=web.1 reason=*start limit reached", 1);
    const struct account used = account_at(p->app->runs, &(struct seat){.slot = 0});
    assert_int_equal(way_unit(p, 0)->starts, 5);
    assert_int_equal(used.processes, 5);
}

/* --- records ---------------------------------------------------------------------------- */
static void notification__from_below_a_level_that_has_none__asks_for_no_record(void **state)
{
    struct way *p = *state;
    way_start(p, "[group:pool]\njob_memory_limit = 4G\n" POOL_OF_TWO NOTIFICATIONS);
    post_up(p, JOB_OBJECT_MSG_NOTIFICATION_LIMIT, way_unit(p, 0)->pid);
    assert_int_equal(fake_kernel.calls, 1);
    assert_ptr_equal(fake_kernel.last, job_handle(p->app->runs->run[0]->job));
}

int test_limit_whose(void)
{
    const struct CMUnitTest tests[] = {
        WAY(message__of_one_process_that_is_gone__is_told_and_nobody_pays),
        WAY(deed__on_a_process_that_ended_by_itself__is_nobody_elses),
        WAY(message__from_below_a_group_that_has_that_limit_too__is_not_the_groups),
        WAY(message__of_a_group_that_is_full_itself__is_the_groups),
        WAY(account__over_restarts__counts_every_process_once),
        WAY(notification__from_below_a_level_that_has_none__asks_for_no_record),
    };
    return cmocka_run_group_tests_name("job messages, whose they are", tests, NULL, NULL);
}
