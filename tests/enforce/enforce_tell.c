/* enforce_tell.c - notification limits: the message, the record, and that reading it arms again. */
#include "tests/enforce/court.h"
#include "tests/enforce/test_enforce.h"

static struct violation record_of(const struct job *j)
{
    struct violation x = {0};
    struct err e = {0};
    if (job_violation(job_handle(j), &x, &e) != ST_OK)
        fail_msg("%s", e.text);
    return x;
}

static void await_leaked(struct worker *w)
{
    court_hear(w, "leak ok");
}

static void notify_job_memory_high__worker_leaks__record_has_value_and_limit(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_NOTIFY_JOB_MEMORY_HIGH);
    struct job *j = court_job(c, &(struct limits){.notify_job_memory_high = 32 * COURT_MIB});
    struct worker *w = court_start(c, "--leak 67108864 --hold");
    court_message(c, JOB_OBJECT_MSG_NOTIFICATION_LIMIT);
    struct violation x = record_of(j);
    assert_true(x.flags & VIOLATED_MEMORY_HIGH);
    assert_true(x.violated & VIOLATED_MEMORY_HIGH);
    assert_int_equal(x.memory_high_limit, 32 * COURT_MIB);
    assert_true(x.memory >= 32 * COURT_MIB);
    await_leaked(w); /* nothing is refused */
    assert_true(court_alive(w));
}

static void notify_job_memory_low__worker_ends__record_has_value_and_limit(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_NOTIFY_JOB_MEMORY_LOW);
    struct job *j = court_job(c, &(struct limits){.notify_job_memory_low = 32 * COURT_MIB});
    court_start(c, "--hold");
    struct worker *big = court_start(c, "--leak 67108864 --hold");
    await_leaked(big);
    record_of(j); /* it was below at the start, too */
    assert_true(TerminateProcess(big->process, 0));
    court_message(c, JOB_OBJECT_MSG_NOTIFICATION_LIMIT);
    struct violation x = record_of(j);
    assert_true(x.violated & VIOLATED_MEMORY_LOW);
    assert_int_equal(x.memory_low_limit, 32 * COURT_MIB);
}

static void notify_job_time__worker_burns__record_has_value_and_limit(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_NOTIFY_JOB_TIME);
    struct job *j = court_job(c, &(struct limits){.notify_job_time = 500});
    court_start(c, "--burn 600000");
    court_message(c, JOB_OBJECT_MSG_NOTIFICATION_LIMIT);
    struct violation x = record_of(j);
    assert_true(x.violated & VIOLATED_JOB_TIME);
    assert_true(x.user_time >= 5000000);
    assert_int_equal(x.user_time_limit, 5000000);
}

static void notify_io_write_bytes__worker_writes__is_told_again_only_after_the_query(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_NOTIFY_IO_WRITE_BYTES);
    struct job *j = court_job(c, &(struct limits){.notify_io_write_bytes = 100});
    struct worker *w = court_start(c, "--lines 20 --echo first --hold");
    court_hear(w, "first");
    court_message(c, JOB_OBJECT_MSG_NOTIFICATION_LIMIT);
    /* Not read, so there is no further one however much is written. */
    court_hear(court_start(c, "--lines 20 --echo second --hold"), "second");
    assert_false(court_said_before(c, JOB_OBJECT_MSG_NOTIFICATION_LIMIT));
    struct violation x = record_of(j);
    assert_true(x.violated & VIOLATED_WRITE_BYTES);
    assert_true(x.write_bytes >= 100);
    assert_int_equal(x.write_bytes_limit, 100);
    /* A total stays exceeded: now it fires at the next byte. */
    court_hear(court_start(c, "--lines 20 --echo third --hold"), "third");
    court_message(c, JOB_OBJECT_MSG_NOTIFICATION_LIMIT);
}

static void notify_io_write_bytes__threshold_raised_by_relimit__is_silent_below_it(void **state)
{
    struct court *c = *state;
    struct err e = {0};
    court_needs(c, LIMIT_NOTIFY_IO_WRITE_BYTES);
    struct job *j = court_job(c, &(struct limits){.notify_io_write_bytes = 100});
    court_hear(court_start(c, "--lines 20 --echo first --hold"), "first");
    court_message(c, JOB_OBJECT_MSG_NOTIFICATION_LIMIT);
    record_of(j);
    const struct kernel_limits more =
        court_map(c, &(struct limits){.notify_io_write_bytes = COURT_MIB});
    if (job_relimit(j, &more, &e) != ST_OK)
        fail_msg("%s", e.text);
    court_said_before(c, JOB_OBJECT_MSG_NOTIFICATION_LIMIT); /* what came before that */
    record_of(j);
    court_hear(court_start(c, "--lines 20 --echo second --hold"), "second");
    assert_false(court_said_before(c, JOB_OBJECT_MSG_NOTIFICATION_LIMIT));
}

static void notify_cpu_rate__all_processors_wanted__is_told(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_NOTIFY_CPU_RATE);
    struct job *j =
        court_job(c, &(struct limits){.cpu_rate_soft_cap = {CPU_OF_MACHINE, 100},
                                      .notify_cpu_rate = {TOLERANCE_LOW, INTERVAL_SHORT}});
    uint32_t cpus = c->machine.cpus < COURT_WORKERS ? c->machine.cpus : COURT_WORKERS;
    for (uint32_t i = 0; i < cpus; i++)
        court_start(c, "--burn 600000");
    court_message(c, JOB_OBJECT_MSG_NOTIFICATION_LIMIT);
    struct violation x = record_of(j);
    assert_true(x.violated & VIOLATED_CPU_RATE);
    assert_int_equal(x.cpu_tolerance_limit, TOLERANCE_LOW);
}

int enforce_tell(void)
{
    const struct CMUnitTest tests[] = {
        COURT(notify_job_memory_high__worker_leaks__record_has_value_and_limit),
        COURT(notify_job_memory_low__worker_ends__record_has_value_and_limit),
        COURT(notify_job_time__worker_burns__record_has_value_and_limit),
        COURT(notify_io_write_bytes__worker_writes__is_told_again_only_after_the_query),
        COURT(notify_io_write_bytes__threshold_raised_by_relimit__is_silent_below_it),
        COURT(notify_cpu_rate__all_processors_wanted__is_told),
    };
    return cmocka_run_group_tests_name("notification limits", tests, NULL, NULL);
}
