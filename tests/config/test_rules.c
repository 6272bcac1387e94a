/* test_rules.c - one key against another. */
#include "tests/config/fake.h"

#include <string.h>

#define JOB "[job:a]\ncommand = x\n"

static void command__that_is_missing__is_said_of_the_job(void **state)
{
    (void)state;
    assert_said("[job:a]\nrestart = never\n", "jobs.ini:1: error[missing-command]: job 'a' has no "
                                              "command; add 'command = PROGRAM'\n");
    assert_said("[job:a]\ncommand =\n",
                "jobs.ini:2: error[bad-value]: command: no value is given; write a Windows command "
                "line: the program, in quotes if its path has blanks, then its arguments; at most "
                "32766 characters\n");
    assert_said("[job:a]\nenabled = no\n[job:b]\ncommand = x\n",
                "jobs.ini:1: error[missing-command]: job 'a' has no command; add 'command = "
                "PROGRAM'\n");
}

static void delay__longer_than_the_longest__is_an_error_where_it_was_written(void **state)
{
    (void)state;
    assert_said(
        JOB "restart_delay = 2m\n",
        "jobs.ini:3: error[delay-order]: restart_delay 2m is longer than restart_delay_max 1m; "
        "raise restart_delay_max\n");
    assert_said(JOB "restart_delay_max = 500ms\n",
                "jobs.ini:3: error[delay-order]: restart_delay 1s is longer than restart_delay_max "
                "500ms; raise restart_delay_max\n");
    assert_said(
        JOB "restart_delay = x\nrestart_delay_max = 0\n",
        "jobs.ini:3: error[bad-value]: restart_delay: 'x' is not a duration; write 500ms, 10s, "
        "2m, 1h, 1d, or joined as 1h30m (a bare number is seconds)\n");
}

static void start_limit__that_the_delays_never_reach__is_a_warning(void **state)
{
    (void)state;
    assert_said(
        JOB "restart_delay = 2m\nrestart_delay_max = 2m\n",
        "jobs.ini:4: warning[start-limit-unreachable]: with its delays 20 restarts take at "
        "least 34m12s, so a start_limit_interval of 30m never sees them; raise it, or lower "
        "start_limit or restart_delay_max\n");
    assert_said(JOB "start_limit_interval = 1m\nstart_limit = 5\nrestart_delay = 1s\n", "");
    assert_said(JOB "restart_delay = 2m\nrestart_delay_max = 2m\nstart_limit = 0\n", "");
    assert_said(JOB "restart_delay = 2m\nrestart_delay_max = 2m\nrestart = never\n", "");
    assert_said(JOB "restart_delay = 0\nrestart_factor = 1\nstart_limit = 10000\n", "");
    assert_said(
        JOB "start_limit_interval = 0\n",
        "jobs.ini:3: error[out-of-range]: start_limit_interval: '0' is below the lowest value, "
        "1s\n");
}

static void runtime__shorter_than_the_uptime__is_a_warning(void **state)
{
    (void)state;
    assert_said(
        JOB "max_runtime = 5s\n",
        "jobs.ini:3: warning[short-runtime]: max_runtime 5s ends every run before min_uptime "
        "10s is reached, so no run ever counts as a good one; lower min_uptime\n");
    assert_said(JOB "max_runtime = 5s\nmin_uptime = 5s\n", "");
}

static void code__that_prevents_and_forces__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "restart_prevent_exit_codes = 3, 0xC0000005\n"
                    "restart_force_exit_codes = 4, STATUS_ACCESS_VIOLATION\n",
                "jobs.ini:4: error[contradicting-codes]: STATUS_ACCESS_VIOLATION is in "
                "restart_prevent_exit_codes and in restart_force_exit_codes; take it out of one\n");
    assert_said(JOB "restart_prevent_exit_codes = 3\nrestart_force_exit_codes = 4\n", "");
}

static void stop_command__without_its_rung_or_the_reverse__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "stop = ctrl-c:1s, command:5s\n",
                "jobs.ini:3: error[stop-command]: stop has the rung 'command', but there is no "
                "stop_command; add it\n");
    assert_said(JOB "stop_command = quit\n",
                "jobs.ini:3: error[stop-command]: stop_command is never run; add its rung, such as "
                "'stop = command:30s'\n");
    assert_said(JOB "stop = command:5s\nstop_command = quit ${instance}\n", "");
}

static void stop_command__for_all__may_be_unused_by_one(void **state)
{
    (void)state;
    assert_said("[defaults]\nstop = command:5s\nstop_command = quit\n" JOB "stop = ctrl-c:5s\n",
                "");
}

static void ladder__longer_than_the_service_has__is_a_warning(void **state)
{
    (void)state;
    assert_said(
        JOB "stop = ctrl-c:20s, ctrl-break:20s\n[job:b]\ncommand = x\nstop = ctrl-c:35s\n",
        "jobs.ini:1: warning[stop-timeout]: job 'a' may take 40s to stop, and the service's "
        "stop_timeout is 30s; raise stop_timeout\n");
    assert_said(
        "[service]\nstop_timeout = 5s\n" JOB,
        "jobs.ini:2: warning[stop-timeout]: job 'a' may take 10s to stop, and the service's "
        "stop_timeout is 5s; raise stop_timeout\n");
}

static void instances__of_all_jobs__are_limited(void **state)
{
    (void)state;
    assert_said(
        "[defaults]\nstdout = null\n" JOB "instances = 15000\n[job:b]\ncommand = x\n"
        "instances = 5001\n",
        "jobs.ini:8: error[too-many-instances]: with job 'b' there are 20001 instances, more "
        "than 20000\n");
    struct config *c = load_good("[defaults]\nstdout = null\n" JOB "instances = 15000\n[job:b]\n"
                                 "command = x\ninstances = 5000\n[job:c]\ncommand = x\n"
                                 "instances = 9\nenabled = no\n");
    assert_int_equal(c->n, 20000);
    assert_string_equal(c->job[19999].unit, "b.5000");
    config_free(c);
}

static void jobs__none_of_which_runs__are_a_warning(void **state)
{
    (void)state;
    assert_said(
        JOB "enabled = no\n[job:b]\ncommand = x\ninstances = 0\n",
        "jobs.ini: warning[no-instances]: nothing will run: every job is disabled or has no "
        "instances\n");
}

static void output__shared_by_instances__is_one_mistake(void **state)
{
    (void)state;
    assert_said(
        JOB "instances = 9\nstdout = x.log\n",
        "jobs.ini:4: error[same-output]: stdout: a.1 and a.2 would both write to 'x.log'; put "
        "${instance} into the path\n");
    assert_said(
        "[defaults]\nstdout = all.log\n" JOB "[job:b]\ncommand = x\n[job:c]\ncommand = x\n",
        "jobs.ini:2: error[same-output]: stdout: a.1 and b.1 would both write to 'all.log'; put "
        "${job}.${instance} into the path\n");
}

static void output__written_in_another_way__is_the_same_file(void **state)
{
    (void)state;
    assert_said(
        JOB "stdout = logs/x.log\nstderr = .\\LOGS\\y\\..\\X.log\n",
        "jobs.ini:4: error[same-output]: stderr: '.\\LOGS\\y\\..\\X.log' is also its stdout; "
        "write 'stderr = stdout'\n");
    assert_said(JOB "stdout = logs/jobwarden.LOG\n",
                "jobs.ini:3: error[same-output]: stdout: 'logs/jobwarden.LOG' is the service's own "
                "log_file; choose another file\n");
}

static void output__to_nowhere_or_of_a_disabled_job__is_nobodys(void **state)
{
    (void)state;
    assert_said(JOB
                "instances = 5\nstdout = null\n[job:b]\ncommand = x\nstdout = x\nstderr = null\n"
                "[job:c]\ncommand = x\nstdout = x\nenabled = no\n",
                "");
}

static void jobs__ten_thousand_of_them__load(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_z(&text,
          "[defaults]\nenv.A = 1\nrestart_delay = 2s\n[template:t]\nextends = u\nenv.B = ${job}\n"
          "[template:u]\nlog_keep = 9\n");
    for (int i = 0; i < 10000; i++)
        buf_f(&text, "[job:job-%d]\nextends = t\ncommand = \"C:\\x\\job.exe\" %d\nenv.C = %d\n", i,
              i, i);
    struct config *c = load_good(buf_text(&text));
    assert_int_equal(c->n, 10000);
    assert_int_equal(c->job[9999].log_keep, 9);
    assert_int_equal(c->job[9999].env.n, 3);
    assert_string_equal(c->job[9999].env.var[1].value, "job-9999");
    config_free(c);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(command__that_is_missing__is_said_of_the_job),
        cmocka_unit_test(delay__longer_than_the_longest__is_an_error_where_it_was_written),
        cmocka_unit_test(start_limit__that_the_delays_never_reach__is_a_warning),
        cmocka_unit_test(runtime__shorter_than_the_uptime__is_a_warning),
        cmocka_unit_test(code__that_prevents_and_forces__is_an_error),
        cmocka_unit_test(stop_command__without_its_rung_or_the_reverse__is_an_error),
        cmocka_unit_test(stop_command__for_all__may_be_unused_by_one),
        cmocka_unit_test(ladder__longer_than_the_service_has__is_a_warning),
        cmocka_unit_test(instances__of_all_jobs__are_limited),
        cmocka_unit_test(jobs__none_of_which_runs__are_a_warning),
        cmocka_unit_test(output__shared_by_instances__is_one_mistake),
        cmocka_unit_test(output__written_in_another_way__is_the_same_file),
        cmocka_unit_test(output__to_nowhere_or_of_a_disabled_job__is_nobodys),
        cmocka_unit_test(jobs__ten_thousand_of_them__load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
