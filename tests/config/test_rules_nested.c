/* test_rules_nested.c - limits of levels above each other, and of all instances together. */
#include "tests/config/fake.h"

#define JOB "[job:a]\ncommand = x\n"
#define JOB_B "[job:b]\ncommand = x\n"
#define GROUP "[group:g]\n"
#define IN_G "group = g\n"
#define SERVICE "[service]\n"
#define DEFAULTS "[defaults]\n"
#define MEMORY_1G "job_memory_limit = 1G\n"

static void memory__beyond_what_a_level_above_has__is_a_warning(void **state)
{
    (void)state;
    assert_said(GROUP MEMORY_1G JOB IN_G "job_memory_limit = 2G\n",
                "jobs.ini:6: warning[tighter-above]: job_memory_limit 2G is more than the "
                "job_memory_limit 1G of [group:g], so it is never reached; lower it\n");
    assert_said(GROUP MEMORY_1G JOB IN_G "process_memory_limit = 2G\n",
                "jobs.ini:6: warning[tighter-above]: process_memory_limit 2G is more than the "
                "job_memory_limit 1G of [group:g], so it is never reached; lower it\n");
    assert_said(GROUP MEMORY_1G JOB IN_G "notify_job_memory_high = 1G\n",
                "jobs.ini:6: warning[tighter-above]: notify_job_memory_high 1G is not below the "
                "job_memory_limit 1G of [group:g], so it is never reached; lower it\n");
    assert_said(GROUP MEMORY_1G JOB IN_G "guard_commit = 1G\n",
                "jobs.ini:6: warning[tighter-above]: guard_commit 1G is not below the "
                "job_memory_limit 1G of [group:g], so it is never reached; lower it\n");
    assert_said(GROUP MEMORY_1G JOB IN_G "notify_job_memory_low = 1G\n",
                "jobs.ini:6: warning[tighter-above]: notify_job_memory_low 1G is not below the "
                "job_memory_limit 1G of [group:g], so it is always reached; lower it\n");
    assert_said(SERVICE "process_memory_limit = 1G\n" JOB "process_memory_limit = 2G\n",
                "jobs.ini:5: warning[tighter-above]: process_memory_limit 2G is more than the "
                "process_memory_limit 1G of [service], so it is never reached; lower it\n");
    assert_said(SERVICE MEMORY_1G GROUP "job_memory_limit = 2G\n" JOB IN_G
                                        "job_memory_limit = 3G\n",
                "jobs.ini:4: warning[tighter-above]: job_memory_limit 2G is more than the "
                "job_memory_limit 1G of [service], so it is never reached; lower it\n"
                "jobs.ini:8: warning[tighter-above]: job_memory_limit 3G is more than the "
                "job_memory_limit 1G of [service], so it is never reached; lower it\n");
    assert_said(DEFAULTS "job_memory_limit = 3G\n" SERVICE MEMORY_1G JOB JOB_B,
                "jobs.ini:2: warning[tighter-above]: job_memory_limit 3G is more than the "
                "job_memory_limit 1G of [service], so it is never reached; lower it\n");
    assert_said(SERVICE MEMORY_1G GROUP MEMORY_1G JOB IN_G "job_memory_limit = 2G\n",
                "jobs.ini:8: warning[tighter-above]: job_memory_limit 2G is more than the "
                "job_memory_limit 1G of [group:g], so it is never reached; lower it\n");
}

static void memory__within_what_the_levels_above_have__is_left_alone(void **state)
{
    (void)state;
    assert_said(GROUP MEMORY_1G JOB IN_G MEMORY_1G, "");
    assert_said(
        GROUP MEMORY_1G JOB IN_G
        "job_memory_limit = 512M\nprocess_memory_limit = 256M\nnotify_job_memory_high = 400M\n",
        "");
    assert_said(GROUP MEMORY_1G JOB "job_memory_limit = 2G\n" JOB_B IN_G, "");
}

static void affinity__not_within_that_of_a_level_above__is_a_warning(void **state)
{
    (void)state;
    assert_said(GROUP "affinity = 0-3\n" JOB IN_G "affinity = 3-4\n",
                "jobs.ini:6: warning[tighter-above]: affinity 3-4 is not within the affinity 0-3 "
                "of [group:g], and Windows then ignores it; take processors out\n");
    assert_said(GROUP "affinity = 0-3\n" JOB IN_G "affinity = 1:0\n",
                "jobs.ini:6: warning[tighter-above]: affinity 1:0 is not within the affinity 0-3 "
                "of [group:g], and Windows then ignores it; take processors out\n");
    assert_said(SERVICE "affinity = 0\n" GROUP "affinity = 0-3\n" JOB IN_G,
                "jobs.ini:4: warning[tighter-above]: affinity 0-3 is not within the affinity 0 of "
                "[service], and Windows then ignores it; take processors out\n");
    assert_said(SERVICE "affinity = 0-1\n" JOB "affinity = ${instance}\ninstances = 2\n",
                "jobs.ini:5: warning[tighter-above]: affinity 2 is not within the affinity 0-1 of "
                "[service], and Windows then ignores it; take processors out\n");
    assert_said(GROUP "affinity = 0-3\n" JOB IN_G "affinity = 1-2\n", "");
}

static void class__above_that_of_a_level_above__is_a_warning(void **state)
{
    (void)state;
    assert_said(GROUP "priority_class = normal\n" JOB IN_G "priority_class = high\n",
                "jobs.ini:6: warning[tighter-above]: priority_class high is above the normal of "
                "[group:g], and Windows takes the lower one; lower it\n");
    assert_said(SERVICE "scheduling_class = 3\n" JOB "scheduling_class = 4\n",
                "jobs.ini:5: warning[tighter-above]: scheduling_class 4 is above the 3 of "
                "[service], and Windows takes the lower one; lower it\n");
    assert_said(SERVICE "scheduling_class = 0\n" GROUP "scheduling_class = 1\n" JOB IN_G,
                "jobs.ini:4: warning[tighter-above]: scheduling_class 1 is above the 0 of "
                "[service], and Windows takes the lower one; lower it\n");
    assert_said(GROUP "priority_class = high\nscheduling_class = 5\n" JOB IN_G
                      "priority_class = normal\nscheduling_class = 5\n",
                "");
}

static void network_limit__at_two_levels__is_an_error(void **state)
{
    (void)state;
    assert_said(GROUP "net_max_bandwidth = 1M/s\n" JOB IN_G "net_max_bandwidth = 2M/s\n",
                "jobs.ini:6: error[nested-net]: net_max_bandwidth is set here and "
                "net_max_bandwidth in [group:g] above it, and of nested Job Objects Windows lets "
                "only one have a network limit; take one out\n");
    assert_said(SERVICE "net_dscp_tag = 0\n" GROUP "net_max_bandwidth = 1M/s\n" JOB IN_G,
                "jobs.ini:4: error[nested-net]: net_max_bandwidth is set here and net_dscp_tag in "
                "[service] above it, and of nested Job Objects Windows lets only one have a "
                "network limit; take one out\n");
    assert_said(SERVICE "net_max_bandwidth = 1M/s\n" GROUP JOB IN_G "net_dscp_tag = 0\n",
                "jobs.ini:7: error[nested-net]: net_dscp_tag is set here and net_max_bandwidth in "
                "[service] above it, and of nested Job Objects Windows lets only one have a "
                "network limit; take one out\n");
    assert_said(GROUP "net_max_bandwidth = 1M/s\n" JOB IN_G JOB_B
                      "net_max_bandwidth = 2M/s\nnet_dscp_tag = 3\n",
                "");
}

static void ui_restrictions__with_anything_nested__are_an_error(void **state)
{
    (void)state;
    assert_said(
        GROUP "ui_restrictions = handles\n" JOB IN_G,
        "jobs.ini:2: error[nested-ui]: ui_restrictions cannot stand in [group:g], as a Job Object "
        "with them can have none below it; set them in jobs, which then are in no group\n");
    assert_said(
        SERVICE "ui_restrictions = handles\n" JOB,
        "jobs.ini:2: error[nested-ui]: ui_restrictions cannot stand in [service], as a Job Object "
        "with them can have none below it; set them in jobs, which then are in no group\n");
    assert_said(GROUP JOB IN_G "ui_restrictions = handles\n",
                "jobs.ini:5: error[nested-ui]: a job with ui_restrictions cannot be in a group, "
                "and this one is in [group:g], as a Job Object with them cannot be nested; take "
                "out ui_restrictions or group\n");
    assert_said(SERVICE MEMORY_1G JOB "ui_restrictions = handles\n",
                "jobs.ini:5: error[nested-ui]: a job cannot have ui_restrictions while [service] "
                "sets limits of the whole fleet, as a Job Object with them cannot be nested; take "
                "out one or the other\n");
    assert_said(JOB "ui_restrictions = handles\n", "");
    assert_said(SERVICE "kill_on_job_close = yes\n" JOB "ui_restrictions = handles\n", "");
}

static void kill_on_job_close__when_no__is_a_warning(void **state)
{
    (void)state;
    assert_said(JOB "kill_on_job_close = no\n",
                "jobs.ini:3: warning[outlives-service]: with kill_on_job_close = no the processes "
                "outlive a service that is killed, and no later one can take them over; leave it "
                "at yes unless you end them yourself\n");
    assert_said(
        GROUP JOB IN_G "kill_on_job_close = no\n",
        "jobs.ini:5: warning[outlives-service]: kill_on_job_close = no does nothing here, as "
        "[group:g] above ends its processes all the same; say no there too, or take this out\n");
    assert_said(GROUP "kill_on_job_close = no\n" JOB IN_G "kill_on_job_close = no\n",
                "jobs.ini:6: warning[outlives-service]: with kill_on_job_close = no the processes "
                "outlive a service that is killed, and no later one can take them over; leave it "
                "at yes unless you end them yourself\n");
    assert_said(GROUP "kill_on_job_close = no\n" JOB IN_G, "");
    assert_said(JOB "kill_on_job_close = yes\n", "");
}

static void breakaway__that_ends_at_a_level_above__is_a_warning(void **state)
{
    (void)state;
    assert_said(GROUP JOB IN_G "breakaway = explicit\n",
                "jobs.ini:5: warning[tighter-above]: a child that leaves the job stays in "
                "[group:g], whose breakaway is no; say the same there, or take this out\n");
    assert_said(SERVICE MEMORY_1G GROUP "breakaway = silent\n" JOB IN_G "breakaway = explicit\n",
                "jobs.ini:8: warning[tighter-above]: a child that leaves the job stays in "
                "[service], whose breakaway is no; say the same there, or take this out\n");
    assert_said(GROUP "breakaway = explicit\n" JOB IN_G "breakaway = silent\n", "");
    assert_said(JOB "breakaway = silent\n", "");
}

static void active_process_limit__below_the_number_of_instances__is_a_warning(void **state)
{
    (void)state;
    assert_said(GROUP "active_process_limit = 2\n" JOB IN_G "instances = 3\n",
                "jobs.ini:2: warning[too-few-processes]: active_process_limit 2 is less than the 3 "
                "instances in the group, so some cannot start; raise it\n");
    assert_said(SERVICE "active_process_limit = 2\n" JOB "instances = 2\n" JOB_B,
                "jobs.ini:2: warning[too-few-processes]: active_process_limit 2 is less than the 3 "
                "instances of all jobs, so some cannot start; raise it\n");
    assert_said(GROUP "active_process_limit = 3\n" JOB IN_G "instances = 3\n" JOB_B, "");
    assert_said(SERVICE "active_process_limit = 1\n" JOB JOB_B "enabled = no\n", "");
}

static void cpu_rate_min__of_all_instances__has_at_most_the_whole_machine(void **state)
{
    (void)state;
    assert_said(JOB "cpu_rate_min = 40%\ninstances = 3\n",
                "jobs.ini:3: error[cpu-sum]: the cpu_rate_min of all instances add up to 120%, and "
                "Windows refuses more than 100%; lower it\n");
    assert_said(JOB "cpu_rate_min = 40%\ninstances = 2\n" JOB_B "cpu_rate_min = 20.01%\n",
                "jobs.ini:7: error[cpu-sum]: the cpu_rate_min of all instances add up to 100.01%, "
                "and Windows refuses more than 100%; lower it\n");
    assert_said(DEFAULTS "cpu_rate_min = 50%\n" JOB "instances = 2\n" JOB_B,
                "jobs.ini:2: error[cpu-sum]: the cpu_rate_min of all instances add up to 150%, and "
                "Windows refuses more than 100%; lower it\n");
    assert_said(GROUP "cpu_rate_min = 70%\n[group:h]\ncpu_rate_min = 31%\n" JOB IN_G JOB_B
                      "group = h\n",
                "jobs.ini:4: error[cpu-sum]: the cpu_rate_min of all instances add up to 101%, and "
                "Windows refuses more than 100%; lower it\n");
}

static void cpu_rate_min__that_adds_up__is_left_alone(void **state)
{
    (void)state;
    assert_said(JOB "cpu_rate_min = 40%\ninstances = 2\n" JOB_B "cpu_rate_min = 20%\n", "");
    assert_said(JOB "cpu_rate_min = 60%\n" JOB_B "cpu_rate_min = 60%\nenabled = no\n", "");
    assert_said(GROUP "cpu_rate_min = 70%\n" JOB IN_G "cpu_rate_min = 60%\n" JOB_B
                      "cpu_rate_min = 30%\n",
                "");
    assert_said(SERVICE "cpu_rate_min = 70%\n" JOB "cpu_rate_min = 60%\ninstances = 2\n", "");
    assert_said(GROUP "cpu_rate_min = 70%\n" JOB IN_G "enabled = no\n" JOB_B "cpu_rate_min = 40%\n",
                "");
    assert_said(JOB "cpu_rate_min = 60 cpus\ninstances = 9\n", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__beyond_what_a_level_above_has__is_a_warning),
        cmocka_unit_test(memory__within_what_the_levels_above_have__is_left_alone),
        cmocka_unit_test(affinity__not_within_that_of_a_level_above__is_a_warning),
        cmocka_unit_test(class__above_that_of_a_level_above__is_a_warning),
        cmocka_unit_test(network_limit__at_two_levels__is_an_error),
        cmocka_unit_test(ui_restrictions__with_anything_nested__are_an_error),
        cmocka_unit_test(kill_on_job_close__when_no__is_a_warning),
        cmocka_unit_test(breakaway__that_ends_at_a_level_above__is_a_warning),
        cmocka_unit_test(active_process_limit__below_the_number_of_instances__is_a_warning),
        cmocka_unit_test(cpu_rate_min__of_all_instances__has_at_most_the_whole_machine),
        cmocka_unit_test(cpu_rate_min__that_adds_up__is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
