/* enforce_use.c - memory, CPU time, processes: what fails, and who ends. */
#include "tests/enforce/court.h"
#include "tests/enforce/test_enforce.h"

#include <stdlib.h>

static void process_memory_limit__worker_leaks__allocation_fails_and_is_told(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_PROCESS_MEMORY);
    court_job(c, &(struct limits){.process_memory = 32 * COURT_MIB});
    struct worker *w = court_start(c, "--leak 134217728 --hold");
    uint64_t got = strtoull(court_hear(w, " after "), NULL, 10);
    assert_true(got < 32 * COURT_MIB);
    assert_int_equal(court_message(c, JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT), w->pid);
    assert_true(court_alive(w));
}

static void job_memory_limit__two_workers_leak__their_sum_is_held(void **state)
{
    struct court *c = *state;
    struct account a;
    court_needs(c, LIMIT_JOB_MEMORY);
    struct job *j = court_job(c, &(struct limits){.job_memory = 64 * COURT_MIB});
    struct worker *first = court_start(c, "--leak 33554432 --hold");
    court_hear(first, "leak ok");
    struct worker *second = court_start(c, "--leak 134217728 --hold");
    uint64_t got = strtoull(court_hear(second, " after "), NULL, 10);
    assert_true(got < 32 * COURT_MIB);
    assert_int_equal(court_message(c, JOB_OBJECT_MSG_JOB_MEMORY_LIMIT), second->pid);
    assert_true(court_alive(first));
    assert_true(court_alive(second));
    assert_int_equal(job_account(job_handle(j), &a, NULL), ST_OK);
    assert_in_range(a.peak_commit, 32 * COURT_MIB, 64 * COURT_MIB);
}

static void memory_limits__of_nested_jobs__the_tightest_holds(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_PROCESS_MEMORY);
    court_job(c, &(struct limits){.process_memory = 32 * COURT_MIB});
    court_job(c, &(struct limits){.process_memory = 96 * COURT_MIB});
    struct worker *w = court_start(c, "--leak 134217728 --hold");
    uint64_t got = strtoull(court_hear(w, " after "), NULL, 10);
    assert_true(got < 32 * COURT_MIB);
}

static void active_process_limit__worker_forks__the_start_fails_and_is_told(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_ACTIVE_PROCESS);
    court_job(c, &(struct limits){.active_process = 3});
    struct worker *w = court_start(c, "--fork 5 --hold");
    court_hear(w, "fork error ");
    assert_int_equal(strtoul(court_hear(w, " after "), NULL, 10), 2);
    court_message(c, JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT);
    assert_true(court_alive(w));
}

static void process_time_limit__worker_burns__is_ended_with_1816_and_told(void **state)
{
    struct court *c = *state;
    struct account a;
    court_needs(c, LIMIT_PROCESS_TIME);
    struct job *j = court_job(c, &(struct limits){.process_time = 500});
    struct worker *idle = court_start(c, "--hold"), *w = court_start(c, "--burn 600000");
    assert_int_equal(court_message(c, JOB_OBJECT_MSG_END_OF_PROCESS_TIME), w->pid);
    assert_int_equal(court_end(w), ERROR_NOT_ENOUGH_QUOTA);
    assert_true(court_alive(idle));
    assert_int_equal(job_account(job_handle(j), &a, NULL), ST_OK);
    assert_true(a.user >= 5000000);
    assert_int_equal(a.terminated, 1);
}

static void job_time_limit__worker_burns__all_are_ended_with_1816(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_JOB_TIME);
    court_job(c, &(struct limits){.job_time = 500});
    struct worker *idle = court_start(c, "--hold"), *w = court_start(c, "--burn 600000");
    assert_int_equal(court_end(w), ERROR_NOT_ENOUGH_QUOTA);
    assert_int_equal(court_end(idle), ERROR_NOT_ENOUGH_QUOTA);
}

static void job_time_action__notify__it_is_told_and_they_go_on(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_JOB_TIME);
    court_job(c, &(struct limits){.job_time = 500, .job_time_action = TIME_NOTIFY});
    struct worker *w = court_start(c, "--burn 20000 --hold");
    court_message(c, JOB_OBJECT_MSG_END_OF_JOB_TIME);
    assert_true(court_alive(w));
}

static void relimit__while_time_is_used__what_was_used_stays_counted(void **state)
{
    struct court *c = *state;
    struct account before, after;
    struct err e = {0};
    struct limits l = {.job_time = 3600000, .active_process = 5};
    court_needs(c, LIMIT_JOB_TIME);
    struct job *j = court_job(c, &l);
    court_hear(court_start(c, "--burn 1000 --hold"), "burn ok");
    assert_int_equal(job_account(job_handle(j), &before, NULL), ST_OK);
    assert_true(before.period_user >= 9000000);
    l.active_process = 9;
    const struct kernel_limits k = court_map(c, &l);
    if (job_relimit(j, &k, &e) != ST_OK)
        fail_msg("%s", e.text);
    assert_int_equal(job_account(job_handle(j), &after, NULL), ST_OK);
    assert_true(after.period_user >= before.period_user);
    assert_true(after.user >= before.user);
}

/* A new limit below what was used already is reached at once. */
static void relimit__to_less_time_than_was_used__ends_the_job(void **state)
{
    struct court *c = *state;
    struct limits l = {.job_time = 3600000};
    struct err e = {0};
    court_needs(c, LIMIT_JOB_TIME);
    struct job *j = court_job(c, &l);
    struct worker *w = court_start(c, "--burn 1000 --echo burnt --burn 600000");
    court_hear(w, "burnt");
    l.job_time = 1100;
    const struct kernel_limits k = court_map(c, &l);
    if (job_relimit(j, &k, &e) != ST_OK)
        fail_msg("%s", e.text);
    assert_int_equal(court_end(w), ERROR_NOT_ENOUGH_QUOTA);
}

static void die_on_unhandled_exception__worker_crashes__ends_with_its_code(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_DIE_ON_UNHANDLED_EXCEPTION);
    court_job(c, &(struct limits){.die_on_unhandled_exception = YES});
    assert_int_equal(court_end(court_start(c, "--crash")), 0xC0000005u);
}

static void breakaway__each_form__is_what_the_kernel_does(void **state)
{
    static const struct {
        enum breakaway how;
        const char *switches, *said;
        bool in;
    } rows[] = {
        {BREAKAWAY_NO, "--fork 1 --hold", "child ", true},
        {BREAKAWAY_EXPLICIT, "--fork 1 --hold", "child ", true},
        {BREAKAWAY_EXPLICIT, "--breakaway --hold", "breakaway ok ", false},
        {BREAKAWAY_SILENT, "--fork 1 --hold", "child ", false},
    };
    struct court *c = *state;
    court_needs(c, LIMIT_BREAKAWAY);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        BOOL in = FALSE;
        struct job *j = court_job(c, &(struct limits){.breakaway = rows[i].how});
        struct worker *w = court_start(c, rows[i].switches);
        DWORD pid = strtoul(court_hear(w, rows[i].said), NULL, 10);
        HANDLE child = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_TERMINATE, FALSE, pid);
        assert_non_null(child);
        assert_true(IsProcessInJob(child, job_handle(j), &in));
        TerminateProcess(child, 0);
        CloseHandle(child);
        assert_int_equal(in, rows[i].in);
        job_close(c->job[--c->jobs]); /* ends the worker */
        court_end(w);
    }
    court_job(c, &(struct limits){.breakaway = BREAKAWAY_NO});
    court_hear(court_start(c, "--breakaway --hold"), "breakaway error 5");
}

int enforce_use(void)
{
    const struct CMUnitTest tests[] = {
        COURT(process_memory_limit__worker_leaks__allocation_fails_and_is_told),
        COURT(job_memory_limit__two_workers_leak__their_sum_is_held),
        COURT(memory_limits__of_nested_jobs__the_tightest_holds),
        COURT(active_process_limit__worker_forks__the_start_fails_and_is_told),
        COURT(process_time_limit__worker_burns__is_ended_with_1816_and_told),
        COURT(job_time_limit__worker_burns__all_are_ended_with_1816),
        COURT(job_time_action__notify__it_is_told_and_they_go_on),
        COURT(relimit__while_time_is_used__what_was_used_stays_counted),
        COURT(relimit__to_less_time_than_was_used__ends_the_job),
        COURT(die_on_unhandled_exception__worker_crashes__ends_with_its_code),
        COURT(breakaway__each_form__is_what_the_kernel_does),
    };
    return cmocka_run_group_tests_name("memory, CPU time, processes", tests, NULL, NULL);
}
