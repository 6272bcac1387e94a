/* test_surrounded.c - the service itself is in somebody's job, as under a CI agent or a terminal
 * host. */
#include "tests/process/lab.h"

#include <stdlib.h>
#include <string.h>

static void allow_breakaway(HANDLE job, bool yes)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION lim = {
        .BasicLimitInformation = {.LimitFlags = yes ? JOB_OBJECT_LIMIT_BREAKAWAY_OK : 0}};
    assert_true(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &lim, sizeof lim));
}

/* A job with a member outside the surrounding one cannot be nested below that. */
static void child__surrounding_job_forbids_nesting__breaks_away_where_it_may(void **state)
{
    const struct lab *l = *state;
    HANDLE around = CreateJobObjectW(NULL, NULL);
    struct spawn first = {0};
    struct child c = {0}, member = {0};
    struct launch launch = {0};
    struct err e = {0};
    lab_start_worker(l, "--hold", &first, &member);
    allow_breakaway(around, false);
    assert_true(AssignProcessToJobObject(around, GetCurrentProcess()));
    lab_prepare(l, "--hold", &launch);
    struct spawn s = {.launch = &launch, .jobs = &l->job, .jobs_n = 1};
    assert_int_equal(spawn_child(&s, &c, &e), ST_DENIED);
    assert_int_equal(e.os, ERROR_ACCESS_DENIED);
    assert_non_null(strstr(e.text, "start the service outside of it"));
    assert_int_equal(lab_children(), 1);

    static const enum spawn_way ways[] = {SPAWN_BEST, SPAWN_ATTRIBUTE, SPAWN_SUSPENDED};
    allow_breakaway(around, true);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        s.way = ways[i];
        if (spawn_child(&s, &c, &e) != ST_OK)
            fail_msg("%s", e.text);
        assert_true(lab_in_job(l->job, c.pid));
        assert_false(lab_in_job(around, c.pid));
        child_close(&c);
    }
    launch_free(&launch);
    child_close(&member);
    CloseHandle(around);
}

static void child__surrounding_job_allows_nesting__stays_in_both(void **state)
{
    const struct lab *l = *state;
    HANDLE around = CreateJobObjectW(NULL, NULL);
    struct spawn s = {0};
    struct child c = {0};
    allow_breakaway(around, true); /* and it is not used */
    assert_true(AssignProcessToJobObject(around, GetCurrentProcess()));
    lab_start_worker(l, "--hold", &s, &c);
    assert_true(lab_in_job(l->job, c.pid));
    assert_true(lab_in_job(around, c.pid));
    child_close(&c);
    CloseHandle(around);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lab_setup, lab_teardown)

int run_surrounded(void)
{
    const struct CMUnitTest tests[] = {
        TEST(child__surrounding_job_forbids_nesting__breaks_away_where_it_may),
        TEST(child__surrounding_job_allows_nesting__stays_in_both),
    };
    return cmocka_run_group_tests_name("surrounded", tests, NULL, NULL);
}
