/* test_limit_messages.c - job messages of every number, of every level. */
#include "tests/host/limit_path.h"

#include <stdio.h>

/* --- messages ----------------------------------------------------------------------- */
struct said {
    DWORD message;
    bool pid;
    const char *limit; /* NULL: nothing is said */
    const char *configured;
};
/* Of 11 more below. */
static const struct said messages[] = {
    {0, false, NULL, ""},
    {JOB_OBJECT_MSG_END_OF_JOB_TIME, false, "job_time_limit", "7200000"},
    {JOB_OBJECT_MSG_END_OF_PROCESS_TIME, true, "process_time_limit", "3600000"},
    {JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT, false, "active_process_limit", "50"},
    {JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, false, NULL, ""},
    {5, false, NULL, ""},
    {JOB_OBJECT_MSG_NEW_PROCESS, true, NULL, ""},
    {JOB_OBJECT_MSG_EXIT_PROCESS, true, NULL, ""},
    {JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS, true, NULL, ""},
    {JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, true, "process_memory_limit", "1073741824"},
    {JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, true, "job_memory_limit", "2147483648"},
    {JOB_OBJECT_MSG_JOB_CYCLE_TIME_LIMIT, false, NULL, ""},
    {13, false, NULL, ""}, /* SILO_TERMINATED */
    {14, true, NULL, ""},
    {4711, true, NULL, ""},
    {0xFFFFFFFF, true, NULL, ""},
};

/* Posts every message to KEY, one after the other; PID is a member of that job.  WHERE is what the
 * line says of the level, REST what follows the reaction. */
static void expect_messages(struct way *p, ULONG_PTR key, uint32_t pid, const char *where,
                            const char *rest)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        const struct said *s = &messages[i];
        char pattern[256], process[32] = "";
        way_forget_lines(p);
        way_post(p, key, s->message, s->pid ? pid : 0);
        way_drain(p);
        way_expect(p, "limit.reached", s->limit != NULL);
        if (!s->limit)
            continue;
        if (s->pid)
            snprintf(process, sizeof process, "pid=%lu * ", (unsigned long)pid);
        snprintf(pattern, sizeof pattern,
                 "warning limit.reached %s limit=%s configured=%s * %sby=kernel reaction=log%s",
                 where, s->limit, s->configured, process, rest);
        way_expect(p, pattern, 1);
        if (s->pid)
            way_expect(p, "limit.reached * image=worker.exe", 1);
        else
            way_expect(p, "limit.reached * pid=", 0); /* which is not known */
    }
}

static void messages__of_an_instance__each_is_the_event_of_its_limit(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --hold\n" QUIET ALL_LIMITS);
    expect_messages(p, way_key(p, 0), way_unit(p, 0)->pid, "level=instance job=web.1", "");
    assert_int_equal(way_unit(p, 0)->at, S_RUNNING); /* no message is a fact by itself */
}

static void messages__of_a_group__each_is_an_event_that_names_group_and_member(void **state)
{
    struct way *p = *state;
    way_start(p,
              "[group:pool]\n" ALL_LIMITS "[defaults]\ncommand = @worker --hold\nconsole = none\n"
              "stdout = null\n[job:alone]\n[job:web]\ngroup = pool\n");
    expect_messages(p, UPPER_KEY(0), way_unit(p, 1)->pid, "level=group name=pool",
                    " instance=web.1");
}

static void messages__of_the_fleet__each_is_an_event_that_names_fleet_and_member(void **state)
{
    struct way *p = *state;
    char where[128];
    way_start(p, ALL_LIMITS "[defaults]\ncommand = @worker --hold\n" QUIET
                            "[group:pool]\nguard_threads = 1000\n[job:web]\ngroup = pool\n");
    snprintf(where, sizeof where, "level=fleet name=%s", p->app->config->service.name);
    expect_messages(p, UPPER_KEY(1), way_unit(p, 0)->pid, where, " instance=web.1");
}

static void messages__about_what_is_not_there__are_passed_over(void **state)
{
    struct way *p = *state;
    const uint32_t gone = 0xFFFFFFF0; /* no process */
    way_start(p,
              "[group:pool]\nguard_threads = 1000\n"
              "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\ngroup = pool\n");
    ULONG_PTR key = way_key(p, 0), other_run = key + ((ULONG_PTR)1 << 32);
    const ULONG_PTR keys[] = {key, other_run, 999, UPPER_KEY(0), UPPER_KEY(1), UPPER_KEY(12345)};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        for (DWORD message = 0; message <= 14; message++) {
            if (message != JOB_OBJECT_MSG_NOTIFICATION_LIMIT)
                way_post(p, keys[i], message, gone);
        }
    way_drain(p);
    way_expect(p, "limit.reached", 0); /* nobody sets one */
    assert_int_equal(way_unit(p, 0)->at, S_RUNNING);
}

/* The kernel posts to the job whose limit it was and to those above, the lower first. */
static void message__of_nested_jobs__the_level_that_was_hit_tells_it_once(void **state)
{
    struct way *p = *state;
    way_start(p,
              "process_memory_limit = 2G\njob_memory_limit = 6G\n"
              "[group:pool]\nprocess_memory_limit = 512M\njob_memory_limit = 5G\n"
              "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\ngroup = pool\n"
              "process_memory_limit = 1G\njob_memory_limit = 4G\n");
    uint32_t pid = way_unit(p, 0)->pid;
    const ULONG_PTR keys[] = {way_key(p, 0), UPPER_KEY(0), UPPER_KEY(1)};
    for (size_t i = 1; i < 3; i++)
        way_post(p, keys[i], JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, pid);
    way_drain(p);
    way_expect(p, "limit.reached", 1);
    way_expect(
        p,
        "limit.reached level=group name=pool limit=process_memory_limit configured=536870912 "
        "* instance=web.1",
        1);
    way_forget_lines(p);
    for (size_t i = 0; i < 3; i++)
        way_post(p, keys[i], JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, pid);
    way_drain(p);
    way_expect(p, "limit.reached", 1);
    way_expect(p,
               "limit.reached level=instance job=web.1 limit=job_memory_limit "
               "configured=4294967296",
               1);
}

static void message__again_and_again__is_told_once_in_a_while(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --hold\n" QUIET ALL_LIMITS);
    for (int i = 0; i < 5000; i++)
        way_post(p, way_key(p, 0), JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, way_unit(p, 0)->pid);
    way_drain(p);
    way_expect(p, "limit.reached", 1);
}

/* --- the sampler ------------------------------------------------------------------------ */
static void sampler__works_only_where_somebody_needs_it(void **state)
{
    struct way *p = *state;
    way_load(p, "[job:web]\ncommand = @worker --hold\nnet_max_bandwidth = 1M/s\n");
    assert_false(sampler_active(p->app->runs->sampler));
    way_unload(p);
    way_load(p, "[job:web]\ncommand = @worker --hold\nguard_threads = 10\n");
    assert_true(sampler_active(p->app->runs->sampler));
    way_unload(p);
    way_load(p, "guard_commit = 1G\n[job:web]\ncommand = @worker --hold\n");
    assert_true(sampler_active(p->app->runs->sampler));
}

int test_limit_messages(void)
{
    const struct CMUnitTest tests[] = {
        WAY(messages__of_an_instance__each_is_the_event_of_its_limit),
        WAY(messages__of_a_group__each_is_an_event_that_names_group_and_member),
        WAY(messages__of_the_fleet__each_is_an_event_that_names_fleet_and_member),
        WAY(messages__about_what_is_not_there__are_passed_over),
        WAY(message__of_nested_jobs__the_level_that_was_hit_tells_it_once),
        WAY(message__again_and_again__is_told_once_in_a_while),
        WAY(sampler__works_only_where_somebody_needs_it),
    };
    return cmocka_run_group_tests_name("job messages, to the event", tests, NULL, NULL);
}
