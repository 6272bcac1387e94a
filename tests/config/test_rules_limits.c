/* test_rules_limits.c - one limit against another of the same level. */
#include "tests/config/fake.h"

#define JOB "[job:a]\ncommand = x\n"
#define GROUP "[group:g]\n"
#define IN_G "group = g\n"
#define SERVICE "[service]\n"
#define DEFAULTS "[defaults]\n"
#define MEMORY_1G "job_memory_limit = 1G\n"

static void working_set__with_one_end_or_turned_round__is_an_error_at_every_level(void **state)
{
    (void)state;
    assert_said(JOB "working_set_min = 16M\n",
                "jobs.ini:3: error[working-set]: working_set_min is set without working_set_max, "
                "and Windows takes only both; add working_set_max\n");
    assert_said(JOB "working_set_max = 16M\n",
                "jobs.ini:3: error[working-set]: working_set_max is set without working_set_min, "
                "and Windows takes only both; add working_set_min\n");
    assert_said(JOB "working_set_min = 32M\nworking_set_max = 16M\n",
                "jobs.ini:4: error[working-set]: working_set_min 32M is more than working_set_max "
                "16M; lower it\n");
    assert_said(DEFAULTS "working_set_min = 16M\n" JOB,
                "jobs.ini:2: error[working-set]: working_set_min is set without working_set_max, "
                "and Windows takes only both; add working_set_max\n");
    assert_said(GROUP "working_set_max = 16M\n" JOB IN_G,
                "jobs.ini:2: error[working-set]: working_set_max is set without working_set_min, "
                "and Windows takes only both; add working_set_min\n");
    assert_said(SERVICE "working_set_max = 16M\n" JOB,
                "jobs.ini:2: error[working-set]: working_set_max is set without working_set_min, "
                "and Windows takes only both; add working_set_min\n");
}

static void working_set__with_both_ends_or_a_mistake_in_one__is_left_alone(void **state)
{
    (void)state;
    assert_said(JOB "working_set_min = 16M\nworking_set_max = 16M\n", "");
    assert_said(JOB "working_set_min = 16M\nworking_set_max = x\n",
                "jobs.ini:4: error[bad-value]: working_set_max: 'x' is not a size limit; write "
                "none, a number of bytes, or one with K, M, G or T (1024-based), such as 512M\n");
    assert_said(JOB "working_set_min = 16M\nworking_set_max 32M\n",
                "jobs.ini:4: error[syntax]: neither KEY = VALUE nor [section]; begin comments with "
                "';', and write each value on one line\n");
}

static void cpu_share__in_two_ways__is_an_error_where_the_nearer_stands(void **state)
{
    (void)state;
    assert_said(JOB "cpu_rate_cap = 25%\ncpu_rate_weight = 3\n",
                "jobs.ini:4: error[cpu-modes]: cpu_rate_weight and cpu_rate_cap exclude each "
                "other, as a Job Object shares the CPU in one way; keep one (and say 'none' for "
                "one that comes from elsewhere)\n");
    assert_said(JOB "cpu_rate_weight = 3\ncpu_rate_soft_cap = 25%\n",
                "jobs.ini:4: error[cpu-modes]: cpu_rate_soft_cap and cpu_rate_weight exclude each "
                "other, as a Job Object shares the CPU in one way; keep one (and say 'none' for "
                "one that comes from elsewhere)\n");
    assert_said(JOB "cpu_rate_cap = 25%\ncpu_rate_min = 3%\ncpu_rate_max = 50%\n",
                "jobs.ini:4: error[cpu-modes]: cpu_rate_min and cpu_rate_cap exclude each other, "
                "as a Job Object shares the CPU in one way; keep one (and say 'none' for one that "
                "comes from elsewhere)\n");
    assert_said(JOB "cpu_rate_max = 50%\ncpu_rate_cap = 25%\n",
                "jobs.ini:4: error[cpu-modes]: cpu_rate_cap and cpu_rate_max exclude each other, "
                "as a Job Object shares the CPU in one way; keep one (and say 'none' for one that "
                "comes from elsewhere)\n");
    assert_said(DEFAULTS "cpu_rate_weight = 3\n" JOB "cpu_rate_cap = 25%\n",
                "jobs.ini:5: error[cpu-modes]: cpu_rate_cap and cpu_rate_weight exclude each "
                "other, as a Job Object shares the CPU in one way; keep one (and say 'none' for "
                "one that comes from elsewhere)\n");
    assert_said(SERVICE "cpu_rate_cap = 25%\ncpu_rate_soft_cap = 30%\n" JOB,
                "jobs.ini:3: error[cpu-modes]: cpu_rate_soft_cap and cpu_rate_cap exclude each "
                "other, as a Job Object shares the CPU in one way; keep one (and say 'none' for "
                "one that comes from elsewhere)\n");
}

static void cpu_share__in_one_way__is_left_alone(void **state)
{
    (void)state;
    assert_said(JOB "cpu_rate_min = 5%\ncpu_rate_max = 50%\n", "");
    assert_said(DEFAULTS "cpu_rate_cap = 25%\n" JOB "cpu_rate_weight = 3\ncpu_rate_cap = none\n",
                "");
    assert_said(GROUP "cpu_rate_cap = 50%\n" JOB IN_G "cpu_rate_weight = 3\n", "");
}

static void cpu_range__without_its_lower_end_or_turned_round__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "cpu_rate_max = 50%\n",
                "jobs.ini:3: error[cpu-range]: cpu_rate_max is set without cpu_rate_min; add it, "
                "or for an upper bound alone use cpu_rate_cap\n");
    assert_said(
        JOB "cpu_rate_min = 60%\ncpu_rate_max = 50%\n",
        "jobs.ini:4: error[cpu-range]: cpu_rate_min 60% is more than cpu_rate_max 50%; lower it\n");
    assert_said(GROUP "cpu_rate_max = 1 cpu\ncpu_rate_min = 2 cpus\n" JOB IN_G,
                "jobs.ini:3: error[cpu-range]: cpu_rate_min 2 cpus is more than cpu_rate_max 1 "
                "cpu; lower it\n");
}

static void cpu_range__that_only_a_machine_can_compare__is_left_alone(void **state)
{
    (void)state;
    assert_said(JOB "cpu_rate_min = 50%\ncpu_rate_max = 1 cpu\n", "");
    assert_said(JOB "cpu_rate_min = 50%\ncpu_rate_max = 50%\n", "");
    assert_said(JOB "cpu_rate_min = 5%\n", "");
    assert_said(JOB "cpu_rate_min = x\ncpu_rate_max = 5%\n",
                "jobs.ini:3: error[bad-value]: cpu_rate_min: 'x' is not a share of CPU time; write "
                "none, 25% or 12.5% of the CPU time of the whole machine, or 1 cpu, 1.5 cpus\n");
}

static void subset_affinity__without_affinity__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "subset_affinity = yes\n",
                "jobs.ini:3: error[lacks-limit]: subset_affinity needs affinity, of which it "
                "allows a part; add it\n");
    assert_said(JOB "subset_affinity = yes\naffinity = 0-3\n", "");
    assert_said(JOB "subset_affinity = no\n", "");
    assert_said(JOB "subset_affinity = yes\naffinity = x\n",
                "jobs.ini:4: error[bad-value]: affinity: 'x' is not a processor, nor a range of "
                "them; write none, or processors and ranges of them separated by commas, such as "
                "0-3, 8; with more than 64 processors 1:0-7 are the first eight of group 1\n");
}

static void notify_cpu_rate__without_a_rate__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "notify_cpu_rate = low short\ncpu_rate_cap = x\n",
                "jobs.ini:4: error[bad-value]: cpu_rate_cap: 'x' is not a share of CPU time; write "
                "none, 25% or 12.5% of the CPU time of the whole machine, or 1 cpu, 1.5 cpus\n");
    assert_said(JOB "notify_cpu_rate = low short\ncpu_rate_min = x\n",
                "jobs.ini:4: error[bad-value]: cpu_rate_min: 'x' is not a share of CPU time; write "
                "none, 25% or 12.5% of the CPU time of the whole machine, or 1 cpu, 1.5 cpus\n");
    assert_said(JOB "notify_cpu_rate = low short\n",
                "jobs.ini:3: error[lacks-limit]: notify_cpu_rate needs a rate that can be exceeded "
                "beside it: cpu_rate_cap, cpu_rate_soft_cap or cpu_rate_min; add one\n");
    assert_said(GROUP "cpu_rate_cap = 5%\n" JOB IN_G "notify_cpu_rate = low short\n",
                "jobs.ini:6: error[lacks-limit]: notify_cpu_rate needs a rate that can be exceeded "
                "beside it: cpu_rate_cap, cpu_rate_soft_cap or cpu_rate_min; add one\n");
    assert_said(JOB "notify_cpu_rate = low short\ncpu_rate_cap = 10%\n", "");
    assert_said(JOB "notify_cpu_rate = low short\ncpu_rate_soft_cap = 10%\n", "");
    assert_said(JOB "notify_cpu_rate = low short\ncpu_rate_min = 10%\n", "");
}

static void notify_cpu_rate__with_a_weight__is_a_warning(void **state)
{
    (void)state;
    assert_said(
        JOB "notify_cpu_rate = low short\ncpu_rate_weight = 5\n",
        "jobs.ini:3: warning[pointless-limit]: cpu_rate_weight sets no rate that could be "
        "exceeded, so notify_cpu_rate is never reached; take it out, or use cpu_rate_soft_cap\n");
}

static void notify_net_rate__without_a_rate__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "notify_net_rate = low short\n",
                "jobs.ini:3: error[lacks-limit]: notify_net_rate needs net_max_bandwidth beside "
                "it; add it\n");
    assert_said(JOB "net_dscp_tag = 3\nnotify_net_rate = low short\n",
                "jobs.ini:4: error[lacks-limit]: notify_net_rate needs net_max_bandwidth beside "
                "it; add it\n");
    assert_said(JOB "notify_net_rate = low short\nnet_max_bandwidth = 3M/s\n", "");
}

static void limit__that_another_of_its_level_keeps_it_from__is_a_warning(void **state)
{
    (void)state;
    assert_said(JOB "process_memory_limit = 2G\n" MEMORY_1G,
                "jobs.ini:3: warning[pointless-limit]: process_memory_limit 2G is more than "
                "job_memory_limit 1G, so it is never reached; lower it\n");
    assert_said(JOB "notify_job_memory_high = 1G\n" MEMORY_1G,
                "jobs.ini:3: warning[pointless-limit]: notify_job_memory_high 1G is not below "
                "job_memory_limit 1G, so it is never reached; lower it\n");
    assert_said(JOB "guard_commit = 1G for 5m\n" MEMORY_1G,
                "jobs.ini:3: warning[pointless-limit]: guard_commit 1G for 5m is not below "
                "job_memory_limit 1G, so it is never reached; lower it\n");
    assert_said(JOB "process_time_limit = 2h\njob_time_limit = 1h\n",
                "jobs.ini:3: warning[pointless-limit]: process_time_limit 2h is more than "
                "job_time_limit 1h, so it is never reached; lower it\n");
    assert_said(JOB "notify_job_time = 1h\njob_time_limit = 1h\n",
                "jobs.ini:3: warning[pointless-limit]: notify_job_time 1h is not below "
                "job_time_limit 1h, so it is never reached; lower it\n");
    assert_said(JOB "guard_cpu = 50%\ncpu_rate_cap = 50%\n",
                "jobs.ini:3: warning[pointless-limit]: guard_cpu 50% is not below cpu_rate_cap "
                "50%, so it is never reached; lower it\n");
    assert_said(JOB "guard_cpu = 50% for 5m\ncpu_rate_min = 5%\ncpu_rate_max = 20%\n",
                "jobs.ini:3: warning[pointless-limit]: guard_cpu 50% for 5m is not below "
                "cpu_rate_max 20%, so it is never reached; lower it\n");
    assert_said(SERVICE "notify_job_memory_high = 2G\n" MEMORY_1G JOB,
                "jobs.ini:2: warning[pointless-limit]: notify_job_memory_high 2G is not below "
                "job_memory_limit 1G, so it is never reached; lower it\n");
}

static void limit__that_can_be_reached__is_left_alone(void **state)
{
    (void)state;
    assert_said(JOB "process_memory_limit = 1G\n" MEMORY_1G, "");
    assert_said(JOB "notify_job_memory_high = 1023M\n" MEMORY_1G, "");
    assert_said(JOB "guard_commit = 1023M\n" MEMORY_1G, "");
    assert_said(JOB "process_time_limit = 1h\njob_time_limit = 1h\n", "");
    assert_said(JOB "notify_job_time = 59m\njob_time_limit = 1h\n", "");
    assert_said(JOB "notify_job_time = 1h\njob_time_limit = 1h\njob_time_action = notify\n", "");
    assert_said(JOB "guard_cpu = 49%\ncpu_rate_cap = 50%\n", "");
    assert_said(JOB "guard_cpu = 50%\ncpu_rate_soft_cap = 50%\n", "");
    assert_said(JOB "guard_cpu = 2 cpus\ncpu_rate_cap = 50%\n", "");
}

static void notify_job_memory_low__that_is_always_reached__is_a_warning(void **state)
{
    (void)state;
    assert_said(JOB "notify_job_memory_high = 1G\nnotify_job_memory_low = 1G\n",
                "jobs.ini:4: warning[pointless-limit]: notify_job_memory_low 1G is not below "
                "notify_job_memory_high 1G, so one of the two is always reached; lower it\n");
    assert_said(JOB MEMORY_1G "notify_job_memory_low = 1G\n",
                "jobs.ini:4: warning[pointless-limit]: notify_job_memory_low 1G is not below "
                "job_memory_limit 1G, so it is always reached; lower it\n");
    assert_said(JOB "notify_job_memory_high = 1G\nnotify_job_memory_low = 8M\n", "");
}

static void hook__that_is_wanted_and_missing__is_an_error(void **state)
{
    (void)state;
    assert_said(JOB "on_limit = hook\n" MEMORY_1G,
                "jobs.ini:3: error[missing-hook]: on_limit is 'hook', but there is no hook_limit "
                "to run; add it\n");
    assert_said(JOB "on_limit.job_memory_limit = hook\n" MEMORY_1G,
                "jobs.ini:3: error[missing-hook]: on_limit.job_memory_limit is 'hook', but there "
                "is no hook_limit to run; add it\n");
    assert_said(DEFAULTS "on_limit = hook\n" JOB MEMORY_1G,
                "jobs.ini:2: error[missing-hook]: on_limit is 'hook', but there is no hook_limit "
                "to run; add it\n");
    assert_said(GROUP "on_limit = hook\n" MEMORY_1G JOB IN_G
                      "guard_handles = 9\nhook_limit = y\non_limit = hook\n",
                "jobs.ini:2: error[missing-hook]: on_limit is 'hook', but there is no hook_limit "
                "to run; add it\n");
    assert_said(JOB "on_limit = hook\nhook_limit = y\n" MEMORY_1G, "");
    assert_said(
        JOB "on_limit = hook\nhook_limit = ${nope}\n" MEMORY_1G,
        "jobs.ini:4: error[unknown-variable]: hook_limit: there is no ${nope}; write ${job}, "
        "${instance}, ${service}, ${config_dir}, ${env:NAME} or ${limit:KEY}, and $${ for a plain "
        "${\n");
}

static void hook__that_is_never_run__is_a_warning(void **state)
{
    (void)state;
    assert_said(JOB "hook_limit = y\n" MEMORY_1G,
                "jobs.ini:3: warning[unused-reaction]: hook_limit is never run; set on_limit = "
                "hook, or on_limit.KEY = hook for one limit that is set here\n");
    assert_said(JOB MEMORY_1G "on_limit = hook\non_limit.job_memory_limit = log\nhook_limit = y\n",
                "jobs.ini:6: warning[unused-reaction]: hook_limit is never run; set on_limit = "
                "hook, or on_limit.KEY = hook for one limit that is set here\n");
    assert_said(DEFAULTS "hook_limit = y\n" JOB MEMORY_1G, "");
}

static void reaction__to_a_limit_that_is_not_set__is_a_warning(void **state)
{
    (void)state;
    assert_said(JOB "on_limit.job_memory_limit = restart\n",
                "jobs.ini:3: warning[unused-reaction]: on_limit.job_memory_limit says what follows "
                "on job_memory_limit, which is not set here; set it, or take this out\n");
    assert_said(JOB "on_limit = restart\n",
                "jobs.ini:3: warning[unused-reaction]: no limit that could be reached is set here, "
                "so on_limit = restart never happens; set a limit, or take this out\n");
    assert_said(JOB "job_time_action = notify\n",
                "jobs.ini:3: warning[unused-reaction]: job_time_action does nothing without "
                "job_time_limit; add it\n");
    assert_said(SERVICE "on_limit = stop\n" JOB,
                "jobs.ini:2: warning[unused-reaction]: no limit that could be reached is set here, "
                "so on_limit = stop never happens; set a limit, or take this out\n");
    assert_said(JOB "on_limit = restart\nguard_handles = 8\n", "");
    assert_said(JOB "on_limit.job_memory_limit = restart\njob_memory_limit = x\n",
                "jobs.ini:4: error[bad-value]: job_memory_limit: 'x' is not a size limit; write "
                "none, a number of bytes, or one with K, M, G or T (1024-based), such as 512M\n");
    assert_said(
        DEFAULTS
        "on_limit = restart\njob_time_action = notify\non_limit.job_memory_limit = stop\n" JOB,
        "");
    assert_said(JOB "on_limit = log\n", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_set__with_one_end_or_turned_round__is_an_error_at_every_level),
        cmocka_unit_test(working_set__with_both_ends_or_a_mistake_in_one__is_left_alone),
        cmocka_unit_test(cpu_share__in_two_ways__is_an_error_where_the_nearer_stands),
        cmocka_unit_test(cpu_share__in_one_way__is_left_alone),
        cmocka_unit_test(cpu_range__without_its_lower_end_or_turned_round__is_an_error),
        cmocka_unit_test(cpu_range__that_only_a_machine_can_compare__is_left_alone),
        cmocka_unit_test(subset_affinity__without_affinity__is_an_error),
        cmocka_unit_test(notify_cpu_rate__without_a_rate__is_an_error),
        cmocka_unit_test(notify_cpu_rate__with_a_weight__is_a_warning),
        cmocka_unit_test(notify_net_rate__without_a_rate__is_an_error),
        cmocka_unit_test(limit__that_another_of_its_level_keeps_it_from__is_a_warning),
        cmocka_unit_test(limit__that_can_be_reached__is_left_alone),
        cmocka_unit_test(notify_job_memory_low__that_is_always_reached__is_a_warning),
        cmocka_unit_test(hook__that_is_wanted_and_missing__is_an_error),
        cmocka_unit_test(hook__that_is_never_run__is_a_warning),
        cmocka_unit_test(reaction__to_a_limit_that_is_not_set__is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
