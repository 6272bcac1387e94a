/* test_rules_up.c - readiness, health, schedules, causes and delays, one key against another. */
#include "tests/config/fake.h"

#include <string.h>

#define JOB "[job:a]\ncommand = x\n"
#define IN "jobs.ini:"

static void keys__of_a_job_that_says_nothing__have_their_defaults(void **state)
{
    (void)state;
    struct config *c = load_good(JOB);
    const struct job_spec *s = spec_of(c, "a.1");
    assert_int_equal(s->after.n + s->requires.n, 0);
    assert_int_equal(s->start_delay, 0);
    assert_int_equal(s->restart_parallel, 1);
    assert_int_equal(s->ready.kind, READY_STARTED);
    assert_int_equal(s->ready_timeout, 90000);
    assert_int_equal(s->watchdog, 0);
    assert_string_equal(s->health_command, "");
    assert_string_equal(s->health_http, "");
    assert_int_equal(s->health_port, 0);
    assert_int_equal(s->health_interval, 10000);
    assert_int_equal(s->health_timeout, 5000);
    assert_int_equal(s->health_failures, 3);
    assert_string_equal(s->hook_pre_start, "");
    assert_string_equal(s->hook_post_start, "");
    assert_string_equal(s->hook_exit, "");
    assert_string_equal(s->hook_failed, "");
    assert_int_equal(s->schedule.kind, SCHEDULE_NONE);
    assert_int_equal(s->restart_schedule.kind, SCHEDULE_NONE);
    assert_int_equal(s->schedule_jitter, 0);
    assert_int_equal(s->overlap, NO);
    assert_int_equal(s->restart_first_delay, 0);
    assert_int_equal(s->restart_step, 0);
    assert_int_equal(s->restart_force_causes.of, 0);
    assert_int_equal(s->restart_prevent_causes.of, 0);
    assert_int_equal(c->service.max_concurrent_starts, 16);
    assert_int_equal(c->service.start_jitter, 0);
    config_free(c);
}

static void keys__of_a_job_that_says_them_all__are_what_it_says(void **state)
{
    (void)state;
    struct config *c = load_good(
        "[service]\nmax_concurrent_starts = 0\nstart_jitter = 3s\n"
        "[defaults]\nhook_exit = all.exe\nschedule = @daily\nhealth_port = 1\n"
        "[job:a]\ncommand = x\nhook_exit = none\nschedule = none\nhealth_port = none\n"
        "ready = port:90${instance}\nready_timeout = 0\nwatchdog = 30s\n"
        "health_command = probe ${instance}\nhealth_http = http://127.0.0.1:90${instance}/\n"
        "health_interval = 2s\nhealth_timeout = 2s\nhealth_failures = 1\nstart_delay = 1m\n"
        "restart_parallel = 2\nhook_pre_start = p ${job}\nhook_failed = f\nhook_post_start = s\n"
        "restart_schedule = every 10m\nschedule_jitter = 1m\nrestart_first_delay = 100ms\n"
        "restart_step = 1s\nrestart_force_causes = health\nrestart_prevent_causes = crash\n"
        "instances = 2\n");
    const struct job_spec *s = spec_of(c, "a.2");
    assert_int_equal(c->service.max_concurrent_starts, 0);
    assert_int_equal(c->service.start_jitter, 3000);
    assert_int_equal(s->ready.port, 902);
    assert_int_equal(s->ready_timeout, 0);
    assert_int_equal(s->watchdog, 30000);
    assert_string_equal(s->health_command, "probe 2");
    assert_string_equal(s->health_http, "http://127.0.0.1:902/");
    assert_int_equal(s->health_port, 0);
    assert_int_equal(s->health_interval, 2000);
    assert_int_equal(s->health_timeout, 2000);
    assert_int_equal(s->health_failures, 1);
    assert_int_equal(s->start_delay, 60000);
    assert_int_equal(s->restart_parallel, 2);
    assert_string_equal(s->hook_exit, "");
    assert_string_equal(s->hook_pre_start, "p a");
    assert_string_equal(s->hook_post_start, "s");
    assert_string_equal(s->hook_failed, "f");
    assert_int_equal(s->schedule.kind, SCHEDULE_NONE);
    assert_int_equal(s->restart_schedule.kind, SCHEDULE_EVERY);
    assert_int_equal(s->schedule_jitter, 60000);
    assert_int_equal(s->restart_first_delay, 100);
    assert_int_equal(s->restart_step, 1000);
    assert_true(causes_have(&s->restart_force_causes, CAUSE_HEALTH, LIMIT_NONE));
    assert_true(causes_have(&s->restart_prevent_causes, CAUSE_CRASH, LIMIT_NONE));
    config_free(c);
}

/* --- health ------------------------------------------------------------------------- */
static void check__that_may_take_longer_than_its_interval__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "health_port = 80\nhealth_interval = 2s\n", ""); /* it gives way */
    assert_said(JOB "health_port = 80\nhealth_interval = 20s\nhealth_timeout = 21s\n",
                IN "5: error[health-time]: health_timeout 21s is longer than health_interval 20s; "
                   "lower health_timeout\n");
    assert_said(JOB "health_port = 80\nhealth_interval = 5s\n", "");
    assert_said(JOB "health_port = 80\nhealth_interval = 2s\nhealth_timeout = 0\n",
                IN "5: error[out-of-range]: health_timeout: '0' is below the lowest value, 10ms\n");
    assert_said(JOB "health_port = 80\nhealth_interval = 2y\n", IN
                "4: error[bad-value]: health_interval: '2y' is not a duration; write 500ms, 10s, "
                "2m, 1h, 1d, or joined as 1h30m (a bare number is seconds)\n");
}

static void health__without_a_check__is_a_warning_in_the_job_alone(void **state)
{
    (void)state;
    assert_said(JOB "health_failures = 5\nhealth_interval = 30s\n",
                IN "4: warning[unused-key]: health_interval does nothing without a check; add "
                   "health_command, health_port or health_http\n");
    assert_said(JOB "health_failures = 3\n", ""); /* the default */
    assert_said("[defaults]\nhealth_interval = 30s\n" JOB, "");
    assert_said(JOB "health_interval = 30s\nhealth_command = probe\n", "");
    assert_said(JOB "health_interval = 30s\nhealth_http = http://a/\n", "");
    assert_said(JOB "health_interval = 30s\nhealth_port = x\n",
                IN "4: error[bad-value]: health_port: 'x' is not a port; write a number from 1 to "
                   "65535\n");
}

static void check__that_all_instances_share__is_a_warning(void **state)
{
    (void)state;
    assert_said(JOB "instances = 3\nready = port:80\nhealth_port = 80\nhealth_http = http://a/\n",
                IN
                "4: warning[shared-check]: ready: the 3 instances of job 'a' are judged by the "
                "same one, so one of them answers for all; put ${instance} into it\n" IN
                "5: warning[shared-check]: health_port: the 3 instances of job 'a' are judged by "
                "the same one, so one of them answers for all; put ${instance} into it\n" IN
                "6: warning[shared-check]: health_http: the 3 instances of job 'a' are judged by "
                "the same one, so one of them answers for all; put ${instance} into it\n");
    assert_said(JOB "instances = 2\nready = file:x\n",
                IN "4: warning[shared-check]: ready: the 2 instances of job 'a' are judged by the "
                   "same one, so one of them answers for all; put ${instance} into it\n");
    assert_said(JOB "instances = 2\nready = event\nhealth_port = none\n", "");
    assert_said(JOB "instances = 2\nready = file:x${instance}\nhealth_command = y\n", "");
    assert_said(JOB "ready = port:80\n", "");
    assert_said(JOB "instances = 2\nready = port:80\nenabled = no\n[job:b]\ncommand = x\n", "");
}

/* --- schedules ---------------------------------------------------------------------- */
static void schedule__of_both_kinds__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "schedule = @daily\nrestart_schedule = @weekly\n",
                IN "4: error[two-schedules]: a job either runs at its times (schedule) or runs on "
                   "and is restarted at them (restart_schedule); keep one (and say 'none' for one "
                   "that comes from elsewhere)\n");
    assert_said("[defaults]\nrestart_schedule = @weekly\n" JOB "schedule = @daily\n",
                IN "5: error[two-schedules]: a job either runs at its times (schedule) or runs on "
                   "and is restarted at them (restart_schedule); keep one (and say 'none' for one "
                   "that comes from elsewhere)\n");
    assert_said("[defaults]\nrestart_schedule = @weekly\n" JOB
                "schedule = @daily\nrestart_schedule = none\n",
                "");
}

static void overlap__without_a_schedule_or_a_second_instance__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "overlap = yes\ninstances = 2\n",
                IN "3: error[overlap]: overlap does nothing without a schedule; add it, or take "
                   "this out\n");
    assert_said("[defaults]\noverlap = yes\n" JOB "schedule = @daily\n",
                IN "2: error[overlap]: overlap starts a second instance while one still runs, and "
                   "job 'a' has 1; raise instances\n");
    assert_said(JOB "overlap = yes\nschedule = @daily\ninstances = 2\n", "");
    assert_said("[defaults]\noverlap = yes\n" JOB, "");
    assert_said(JOB "overlap = yes\nschedule = @dayly\n", IN
                "4: error[bad-value]: schedule: '@dayly' is not known; did you mean '@daily'?\n");
}

static void restart_always__beside_a_schedule__is_a_warning_where_it_was_meant(void **state)
{
    (void)state;
    assert_said(JOB "schedule = @daily\nrestart = always\n",
                IN "4: warning[waits-for-schedule]: with a schedule a success is never run again "
                   "before the next time, whatever restart says; write 'restart = on-failure'\n");
    assert_said(JOB "schedule = @daily\n", "");
    assert_said(JOB "schedule = @daily\nrestart = on-failure\n", "");
    assert_said("[defaults]\nrestart = always\n" JOB "schedule = @daily\n", "");
    assert_said(JOB "restart_schedule = @daily\nrestart = always\n", "");
    assert_said(JOB "schedule = @daily\nready = event\n", "");
}

static void jitter__of_no_schedule__is_a_warning(void **state)
{
    (void)state;
    assert_said(JOB "schedule_jitter = 5m\n",
                IN "3: warning[unused-key]: schedule_jitter does nothing without schedule or "
                   "restart_schedule; add one\n");
    assert_said(JOB "schedule_jitter = 0\n", "");
    assert_said("[defaults]\nschedule_jitter = 5m\n" JOB, "");
    assert_said(JOB "schedule_jitter = 5m\nschedule = @daily\n", "");
    assert_said(JOB "schedule_jitter = 5m\nrestart_schedule = @daily\n", "");
}

/* --- causes and delays -------------------------------------------------------------- */
static void cause__that_prevents_and_forces__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "restart_prevent_causes = crash, hook\nrestart_force_causes = health, crash\n",
                IN "4: error[contradicting-codes]: restart_prevent_causes holds already what "
                   "restart_force_causes says of crash; take it out of one\n");
    assert_said(JOB "restart_prevent_causes = limit\nrestart_force_causes = guard_cpu\n",
                IN "4: error[contradicting-codes]: restart_prevent_causes holds already what "
                   "restart_force_causes says of guard_cpu; take it out of one\n");
    assert_said(JOB "restart_prevent_causes = guard_cpu, guard_commit\n"
                    "restart_force_causes = guard_cpu\n",
                IN "4: error[contradicting-codes]: restart_prevent_causes holds already what "
                   "restart_force_causes says of guard_cpu; take it out of one\n");
    /* All but one. */
    assert_said(JOB "restart_prevent_causes = guard_cpu\nrestart_force_causes = limit\n", "");
    assert_said(JOB "restart_prevent_causes = guard_cpu\nrestart_force_causes = guard_commit\n",
                "");
}

static void first_delay__longer_than_the_longest__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "restart_first_delay = 2m\n",
                IN "3: error[delay-order]: restart_first_delay 2m is longer than restart_delay_max "
                   "1m; raise restart_delay_max\n");
    assert_said(JOB "restart_first_delay = 1m\nstart_limit = 0\n", "");
}

static void start_limit__that_steps_and_the_first_delay_never_reach__is_a_warning(void **state)
{
    (void)state;
#define NEVER(takes, interval)                                                                     \
    "restarts take at least " takes ", so a start_limit_interval of " interval                     \
    " never sees them; raise it, or lower start_limit or restart_delay_max\n"
    /* 0, 1, 2, 3, 4 s */
    assert_said(JOB "restart_factor = 1\nrestart_step = 1s\nrestart_jitter = 0\nstart_limit = 5\n"
                    "start_limit_interval = 10s\n",
                IN "7: warning[start-limit-unreachable]: with its delays 5 " NEVER("10s", "10s"));
    assert_said(JOB "restart_factor = 1\nrestart_step = 1s\nrestart_jitter = 0\nstart_limit = 5\n"
                    "start_limit_interval = 11s\n",
                "");
    /* 2, 1, 1 s */
    assert_said(JOB "restart_factor = 1\nrestart_first_delay = 2s\nrestart_jitter = 0\n"
                    "start_limit = 3\nstart_limit_interval = 4s\n",
                IN "7: warning[start-limit-unreachable]: with its delays 3 " NEVER("4s", "4s"));
    assert_said(JOB "restart_factor = 1\nrestart_first_delay = 2s\nrestart_jitter = 0\n"
                    "start_limit = 3\nstart_limit_interval = 5s\n",
                "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys__of_a_job_that_says_nothing__have_their_defaults),
        cmocka_unit_test(keys__of_a_job_that_says_them_all__are_what_it_says),
        cmocka_unit_test(check__that_may_take_longer_than_its_interval__is_an_error),
        cmocka_unit_test(health__without_a_check__is_a_warning_in_the_job_alone),
        cmocka_unit_test(check__that_all_instances_share__is_a_warning),
        cmocka_unit_test(schedule__of_both_kinds__is_an_error),
        cmocka_unit_test(overlap__without_a_schedule_or_a_second_instance__is_an_error),
        cmocka_unit_test(restart_always__beside_a_schedule__is_a_warning_where_it_was_meant),
        cmocka_unit_test(jitter__of_no_schedule__is_a_warning),
        cmocka_unit_test(cause__that_prevents_and_forces__is_an_error),
        cmocka_unit_test(first_delay__longer_than_the_longest__is_an_error),
        cmocka_unit_test(start_limit__that_steps_and_the_first_delay_never_reach__is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
