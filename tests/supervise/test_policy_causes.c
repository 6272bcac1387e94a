/* test_policy_causes.c - policies by cause, jobs with a schedule, what waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/supervise/ended.h"

enum { MIDDLE = 0x7FFFFFFF, MODES = RESTART_NEVER + 1 };

#define ONLY(cause)                                                                                \
    {                                                                                              \
        UINT32_C(1) << (cause), 0                                                                  \
    }

static const struct causes every_cause = {(UINT32_C(1) << CAUSES) - 1, 0};
static const uint32_t crash_code = UINT32_C(0xC0000005);

static struct job_spec spec_of(enum restart_when restart)
{
    return (struct job_spec){.restart = restart,
                             .restart_delay = 1000,
                             .restart_delay_max = 8000,
                             .restart_factor = 2000,
                             .min_uptime = 10000};
}

static struct decision decide(const struct job_spec *spec, struct ending end)
{
    struct history h = {0};
    struct decision d = policy_decide(spec, &h, &end, 50000, MIDDLE);
    assert_non_null(d.reason);
    return d;
}

/* Every cause that the lists and the mode are asked about. */
static const struct ending asked[] = {
    ENDED(CAUSE_EXIT, 1, 5),          ENDED(CAUSE_CRASH, UINT32_C(0xC0000005), 5),
    ENDED(CAUSE_NOT_STARTED, 0, 0),   ENDED(CAUSE_HOOK, 0, 0),
    ENDED(CAUSE_NOT_READY, 0, 90000), BY_LIMIT(REACTION_TERMINATE, 5),
    ENDED(CAUSE_WATCHDOG, 0, 5),      ENDED(CAUSE_HEALTH, 0, 5),
    ENDED(CAUSE_MAX_RUNTIME, 0, 5)};
enum { ASKED = sizeof asked / sizeof *asked };

static void policy_decide__cause_in_a_list__comes_before_every_mode(void **state)
{
    (void)state;
    for (size_t i = 0; i < ASKED; i++)
        for (size_t listed = 0; listed < ASKED; listed++)
            for (int mode = 0; mode < MODES; mode++) {
                struct job_spec spec = spec_of((enum restart_when)mode);
                enum verdict plain = decide(&spec, asked[i]).what;
                spec.restart_prevent_causes = (struct causes)ONLY(asked[listed].cause);
                struct decision d = decide(&spec, asked[i]);
                assert_int_equal(d.what, i == listed ? VERDICT_DONE : plain);
                if (i == listed)
                    assert_string_equal(d.reason, "cause in restart_prevent_causes");
                spec = spec_of((enum restart_when)mode);
                spec.restart_force_causes = (struct causes)ONLY(asked[listed].cause);
                d = decide(&spec, asked[i]);
                assert_int_equal(d.what, i == listed ? VERDICT_RESTART : plain);
                if (i == listed)
                    assert_string_equal(d.reason, "cause in restart_force_causes");
            }
}

static void policy_decide__one_limit_in_a_list__is_that_limit_alone(void **state)
{
    (void)state;
    struct ending memory = BY_LIMIT(REACTION_TERMINATE, 5), handles = memory;
    handles.limit = LIMIT_GUARD_HANDLES;
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.restart_prevent_causes.limits = UINT64_C(1) << LIMIT_GUARD_HANDLES;
    assert_int_equal(decide(&spec, memory).what, VERDICT_RESTART);
    assert_int_equal(decide(&spec, handles).what, VERDICT_DONE);
    spec = spec_of(RESTART_NEVER);
    spec.restart_force_causes.limits = UINT64_C(1) << LIMIT_GUARD_HANDLES;
    assert_int_equal(decide(&spec, memory).what, VERDICT_DONE);
    assert_int_equal(decide(&spec, handles).what, VERDICT_RESTART);
}

static void policy_decide__four_lists__have_their_order(void **state)
{
    (void)state;
    static const struct {
        bool prevent, prevent_code, force, force_code;
        const char *reason; /* of a crash with restart = always */
    } rows[] = {
        {1, 1, 1, 1, "cause in restart_prevent_causes"},
        {0, 1, 1, 1, "exit code in restart_prevent_exit_codes"},
        {0, 0, 1, 1, "cause in restart_force_causes"},
        {0, 0, 0, 1, "exit code in restart_force_exit_codes"},
        {0, 0, 0, 0, "restart = always"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct job_spec spec = spec_of(RESTART_ALWAYS);
        const struct causes crash = ONLY(CAUSE_CRASH), none = {0, 0};
        spec.restart_prevent_causes = rows[i].prevent ? crash : none;
        spec.restart_force_causes = rows[i].force ? crash : none;
        spec.restart_prevent_exit_codes = (struct codes){rows[i].prevent_code, &crash_code};
        spec.restart_force_exit_codes = (struct codes){rows[i].force_code, &crash_code};
        struct decision d = decide(&spec, (struct ending)ENDED(CAUSE_CRASH, crash_code, 5));
        assert_string_equal(d.reason, rows[i].reason);
        d = decide(&spec, (struct ending)ENDED(CAUSE_EXIT, crash_code, 5)); /* the same */
        assert_string_equal(d.reason, rows[i].reason);
    }
}

static void policy_decide__ordered_or_by_on_limit__no_list_is_read(void **state)
{
    (void)state;
    static const struct {
        struct ending end;
        enum verdict what;
        const char *reason;
    } rows[] = {
        {BY_LIMIT(REACTION_RESTART, 5), VERDICT_RESTART, "on_limit = restart"},
        {BY_LIMIT(REACTION_STOP, 5), VERDICT_DONE, "stopped by on_limit"},
        {ENDED(CAUSE_OPERATOR, 0, 5), VERDICT_RESTART, "stopped and wanted again"},
        {ENDED(CAUSE_CHANGE, 0, 5), VERDICT_RESTART, "its definition has changed"},
        {ENDED(CAUSE_SCHEDULE, 0, 5), VERDICT_RESTART, "restart_schedule was due"},
        {ENDED(CAUSE_DEPENDENCY, 0, 5), VERDICT_WAIT, "waits for a job that it requires"},
        {ENDED(CAUSE_SHUTDOWN, 0, 5), VERDICT_DONE, "the whole fleet stops"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int mode = 0; mode < 2 * MODES; mode++) {
            struct job_spec spec = spec_of((enum restart_when)(mode % MODES));
            spec.restart_prevent_causes = mode < MODES ? every_cause : (struct causes){0, 0};
            spec.restart_force_causes = every_cause;
            struct decision d = decide(&spec, rows[i].end);
            assert_int_equal(d.what, rows[i].what);
            assert_int_equal(d.delay_ms, 0);
            assert_string_equal(d.reason, rows[i].reason);
        }
}

static void policy_decide__ordered_or_waiting__forgets_what_was_counted(void **state)
{
    (void)state;
    static const enum cause causes[] = {CAUSE_OPERATOR, CAUSE_CHANGE, CAUSE_SCHEDULE,
                                        CAUSE_DEPENDENCY};
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        struct job_spec spec = spec_of(RESTART_ALWAYS);
        struct history h = {.of = {{4, 4, 9}, {4, 4, 9}},
                            .now = TROUBLE_LIMIT,
                            .recycling = true,
                            .recycle_at = 77};
        struct ending end = ENDED(causes[i], 0, 5);
        policy_decide(&spec, &h, &end, 10, MIDDLE);
        for (int t = 0; t < TROUBLES; t++)
            assert_int_equal(h.of[t].restarts + h.of[t].window_starts, 0);
        assert_int_equal(h.now, TROUBLE_FAILURE);
        assert_false(h.recycling);
        assert_int_equal(h.recycle_at, 77);
    }
}

static void policy_decide__success_of_a_job_with_a_schedule__is_done_until_then(void **state)
{
    (void)state;
    const uint32_t seven = 7;
    for (int mode = 0; mode < MODES; mode++)
        for (int kind = SCHEDULE_CRON; kind <= SCHEDULE_EVERY; kind++) {
            struct job_spec spec = spec_of((enum restart_when)mode);
            spec.success_exit_codes = (struct codes){1, &seven};
            enum verdict bad = decide(&spec, (struct ending)ENDED(CAUSE_EXIT, 1, 5)).what;
            spec.schedule.kind = (enum schedule_kind)kind;
            struct decision d = decide(&spec, (struct ending)ENDED(CAUSE_EXIT, 0, 5));
            assert_int_equal(d.what, VERDICT_DONE);
            assert_string_equal(d.reason, "succeeded, until schedule is due");
            assert_int_equal(decide(&spec, (struct ending)ENDED(CAUSE_EXIT, 7, 50000)).what,
                             VERDICT_DONE);
            assert_int_equal(decide(&spec, (struct ending)ENDED(CAUSE_EXIT, 1, 5)).what, bad);
            spec.restart_force_exit_codes = (struct codes){1, &seven};
            assert_int_equal(decide(&spec, (struct ending)ENDED(CAUSE_EXIT, 7, 5)).what,
                             VERDICT_RESTART);
        }
    struct job_spec spec = spec_of(RESTART_ALWAYS);
    spec.restart_schedule.kind = SCHEDULE_CRON; /* does not make it a job that runs and ends */
    assert_int_equal(decide(&spec, (struct ending)ENDED(CAUSE_EXIT, 0, 5)).what, VERDICT_RESTART);
}

static void policy_decide__not_ready_again_and_again__is_given_up(void **state)
{
    (void)state;
    static const enum cause causes[] = {CAUSE_NOT_READY, CAUSE_HOOK, CAUSE_NOT_STARTED};
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        struct job_spec spec = spec_of(RESTART_ALWAYS);
        spec.start_limit = 3;
        spec.start_limit_interval = 1000000;
        struct history h = {0};
        struct ending end = ENDED(causes[i], 0, 90000);
        for (uint64_t start = 1; start <= 3; start++) {
            policy_started(&spec, &h, start * 91000);
            struct decision d = policy_decide(&spec, &h, &end, start * 91000 + 90000, MIDDLE);
            assert_int_equal(d.what, start < 3 ? VERDICT_RESTART : VERDICT_GIVE_UP);
        }
    }
}

static void policy_decide__watchdog_and_health_after_min_uptime__are_never_given_up(void **state)
{
    (void)state;
    static const enum cause causes[] = {CAUSE_WATCHDOG, CAUSE_HEALTH, CAUSE_CRASH,
                                        CAUSE_MAX_RUNTIME};
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        struct job_spec spec = spec_of(RESTART_ALWAYS);
        spec.start_limit = 3;
        spec.start_limit_interval = 1000000;
        struct history h = {0};
        struct ending end = ENDED(causes[i], 0, 10000);
        for (uint64_t start = 1; start <= 30; start++) {
            policy_started(&spec, &h, start * 10000);
            struct decision d = policy_decide(&spec, &h, &end, start * 10000 + 10000, MIDDLE);
            assert_int_equal(d.what, VERDICT_RESTART);
            assert_int_equal(d.delay_ms, 0);
        }
    }
}

static void policy_decide__max_runtime_below_min_uptime__is_never_given_up(void **state)
{
    (void)state;
    static const uint64_t min_uptimes[] = {0, 1, 10000};
    for (size_t i = 0; i < sizeof min_uptimes / sizeof *min_uptimes; i++) {
        struct job_spec spec = spec_of(RESTART_ALWAYS);
        spec.min_uptime = min_uptimes[i];
        spec.start_limit = 3;
        spec.start_limit_interval = 1000000;
        struct history h = {0};
        struct ending end = ENDED(CAUSE_MAX_RUNTIME, 0, 500);
        for (uint64_t start = 1; start <= 30; start++) {
            policy_started(&spec, &h, start * 500);
            assert_int_equal(policy_decide(&spec, &h, &end, start * 500, MIDDLE).what,
                             VERDICT_RESTART);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_decide__cause_in_a_list__comes_before_every_mode),
        cmocka_unit_test(policy_decide__one_limit_in_a_list__is_that_limit_alone),
        cmocka_unit_test(policy_decide__four_lists__have_their_order),
        cmocka_unit_test(policy_decide__ordered_or_by_on_limit__no_list_is_read),
        cmocka_unit_test(policy_decide__ordered_or_waiting__forgets_what_was_counted),
        cmocka_unit_test(policy_decide__success_of_a_job_with_a_schedule__is_done_until_then),
        cmocka_unit_test(policy_decide__not_ready_again_and_again__is_given_up),
        cmocka_unit_test(policy_decide__watchdog_and_health_after_min_uptime__are_never_given_up),
        cmocka_unit_test(policy_decide__max_runtime_below_min_uptime__is_never_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
