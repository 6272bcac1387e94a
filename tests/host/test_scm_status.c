/* test_scm_status.c - which states may follow which. */
#include "tests/host/test_host.h"

#include "service/host/scm_status.h"

static void steps__of_a_service__are_these_and_no_others(void **state)
{
    (void)state;
    enum { NONE = 0, STOPPED = SERVICE_STOPPED, STARTING = SERVICE_START_PENDING,
           STOPPING = SERVICE_STOP_PENDING, RUNNING = SERVICE_RUNNING };
    static const DWORD all[] = {NONE, STOPPED, STARTING, STOPPING, RUNNING};
    static const DWORD allowed[][2] = {
        {NONE, STARTING},     {STARTING, STARTING}, {STARTING, RUNNING},
        {STARTING, STOPPING}, {STARTING, STOPPED},  {RUNNING, STOPPING},
        {RUNNING, STOPPED},   {STOPPING, STOPPING}, {STOPPING, STOPPED},
    };
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++) {
            bool want = false;
            for (size_t k = 0; k < sizeof allowed / sizeof *allowed; k++)
                want = want || (allowed[k][0] == all[i] && allowed[k][1] == all[j]);
            assert_int_equal(scm_step_allowed(all[i], all[j]), want);
        }
}

static void report__in_a_pending_state__raises_the_check_point(void **state)
{
    (void)state;
    struct scm_status s = {.lock = SRWLOCK_INIT}; /* no handle: SetServiceStatus only fails */
    assert_true(scm_report(&s, SERVICE_START_PENDING, 0, 500));
    assert_int_equal(s.now.dwCheckPoint, 1);
    assert_true(scm_report(&s, SERVICE_START_PENDING, 0, 700));
    assert_int_equal(s.now.dwCheckPoint, 2);
    assert_int_equal(s.now.dwWaitHint, 700);
    assert_int_equal(s.now.dwControlsAccepted, 0);
}

static void report__of_running__clears_the_pending_fields_and_accepts_a_stop(void **state)
{
    (void)state;
    struct scm_status s = {.lock = SRWLOCK_INIT};
    scm_report(&s, SERVICE_START_PENDING, 0, 500);
    assert_true(scm_report(&s, SERVICE_RUNNING, 0, 900));
    assert_int_equal(s.now.dwCheckPoint, 0);
    assert_int_equal(s.now.dwWaitHint, 0);
    assert_int_equal(s.now.dwControlsAccepted, SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN |
                                                     SERVICE_ACCEPT_PARAMCHANGE);
}

static void report__of_running_after_a_stop_began__is_refused(void **state)
{
    (void)state;
    struct scm_status s = {.lock = SRWLOCK_INIT};
    scm_report(&s, SERVICE_START_PENDING, 0, 1);
    scm_report(&s, SERVICE_STOP_PENDING, 0, 1);
    assert_false(scm_report(&s, SERVICE_RUNNING, 0, 0));
    assert_int_equal(s.now.dwCurrentState, SERVICE_STOP_PENDING);
}

static void report__of_a_failed_start__is_stopped_with_a_code_of_our_own(void **state)
{
    (void)state;
    struct scm_status s = {.lock = SRWLOCK_INIT};
    scm_report(&s, SERVICE_START_PENDING, 0, 1);
    assert_true(scm_report(&s, SERVICE_STOPPED, 2, 0));
    assert_int_equal(s.now.dwWin32ExitCode, ERROR_SERVICE_SPECIFIC_ERROR);
    assert_int_equal(s.now.dwServiceSpecificExitCode, 2);
    assert_false(scm_report(&s, SERVICE_STOPPED, 0, 0));
}

int test_scm_status(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps__of_a_service__are_these_and_no_others),
        cmocka_unit_test(report__in_a_pending_state__raises_the_check_point),
        cmocka_unit_test(report__of_running__clears_the_pending_fields_and_accepts_a_stop),
        cmocka_unit_test(report__of_running_after_a_stop_began__is_refused),
        cmocka_unit_test(report__of_a_failed_start__is_stopped_with_a_code_of_our_own),
    };
    return cmocka_run_group_tests_name("scm status", tests, NULL, NULL);
}
