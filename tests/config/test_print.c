/* test_print.c - what `check` says of a good file, and the help of a key. */
#include "tests/config/fake.h"

#include "config/codes.h"
#include "config/reference.h"

#include <string.h>

static void assert_printed(const char *text, const char *expected)
{
    struct config *c = load_good(text);
    struct buf out = {0};
    config_print(c, &out);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
    config_free(c);
}

static void summary__of_one_plain_job__is_short(void **state)
{
    (void)state;
    assert_printed("[job:a]\ncommand = x y\n", "jobs.ini: 1 job, 1 instance\n\n"
                                               "service Jobwarden\n\n"
                                               "job a: a.1 (jobs.ini:1)\n"
                                               "  command = x y\n");
}

static void summary__of_a_fleet__has_what_differs_from_the_defaults(void **state)
{
    (void)state;
    assert_printed("[service]\nname = Fleet\nstop_timeout = 1m\nlog_file = logs/Fleet.log\n"
                   "[job:off]\ncommand = x\nenabled = no\n"
                   "[job:web]\ninstances = 3\ncommand = w ${instance}\nrestart_delay = 1\n"
                   "restart_delay_max = 5m\nstart_limit = 5\nstop = ctrl-c:20s\nenv.LANG = en\n"
                   "stdout = logs/${service}.${job}.${instance}.log\nsuccess_exit_codes = 0, -1\n",
                   "jobs.ini: 2 jobs (1 disabled), 3 instances\n\n"
                   "service Fleet\n"
                   "  stop_timeout = 1m\n\n"
                   "job web: web.1 to web.3 (jobs.ini:8)\n"
                   "  command = w 1   (instance 1)\n"
                   "  instances = 3\n"
                   "  restart_delay_max = 5m\n"
                   "  start_limit = 5\n"
                   "  stop = ctrl-c:20s\n"
                   "  success_exit_codes = 0, 0xFFFFFFFF\n"
                   "  env.LANG = en\n");
}

static void help__of_a_key__says_type_default_range_and_cost(void **state)
{
    (void)state;
    struct buf out = {0};
    assert_true(reference_key(STR("restart_delay_max"), &out));
    assert_string_equal(
        buf_text(&out),
        "restart_delay_max   in [job:NAME], [template:NAME], [defaults]\n"
        "  The longest delay between two runs.\n"
        "  duration; default 1m; 0s to 1d; a change: live\n"
        "  duration: 500ms, 10s, 2m, 1h, 1d, or joined as 1h30m (a bare number is seconds)\n");
    buf_free(&out);
}

static void help__of_a_limit__says_where_else_it_stands_and_what_follows(void **state)
{
    (void)state;
    struct buf out = {0};
    assert_true(reference_key(STR("process_memory_limit"), &out));
    assert_string_equal(
        buf_text(&out),
        "process_memory_limit   in [job:NAME], [template:NAME], [defaults], [group:NAME], "
        "[service]\n"
        "  The memory that each process may commit.\n"
        "  size limit; default none; 4M to 128T; a change: relimit\n"
        "  size limit: none, a number of bytes, or one with K, M, G or T (1024-based), such as "
        "512M\n"
        "  when it is reached: the allocation fails\n"
        "  example: process_memory_limit = 512M\n");
    buf_free(&out);
}

static void summary__of_limits_and_groups__has_each_where_it_was_set(void **state)
{
    (void)state;
    assert_printed("[service]\njob_memory_limit = 16G\non_limit.job_memory_limit = hook\n"
                   "hook_limit = page.exe ${service}\nsample_interval = 1\n"
                   "[group:idle]\nguard_threads = 9\n"
                   "[group:workers]\ncpu_rate_cap = 1.5 cpus\n"
                   "[defaults]\nguard_handles = 5000 for 5m\non_limit.guard_handles = restart\n"
                   "[job:off]\ncommand = x\nenabled = no\ngroup = idle\n"
                   "[job:web]\ninstances = 2\ncommand = w\ngroup = workers\n"
                   "affinity = 0-3, 8\nguard_handles = none\non_limit.guard_handles = none\n"
                   "notify_job_memory_high = ${instance}00M\non_limit = restart\n",
                   "jobs.ini: 2 jobs (1 disabled), 2 instances, 1 group\n\n"
                   "service Jobwarden\n"
                   "  sample_interval = 1s\n"
                   "  hook_limit = page.exe Jobwarden\n"
                   "  job_memory_limit = 16G\n"
                   "  on_limit.job_memory_limit = hook\n\n"
                   "group workers (jobs.ini:8)\n"
                   "  cpu_rate_cap = 1.5 cpus\n\n"
                   "job web: web.1 to web.2 (jobs.ini:17)\n"
                   "  group = workers\n"
                   "  affinity = 0-3, 8\n"
                   "  command = w\n"
                   "  instances = 2\n"
                   "  notify_job_memory_high = 100M   (instance 1)\n"
                   "  on_limit = restart\n");
}

static void help__of_a_key_of_two_sections_a_planned_one_and_none(void **state)
{
    (void)state;
    struct buf out = {0};
    assert_true(reference_key(STR("log_keep"), &out));
    assert_non_null(strstr(buf_text(&out), "in [service]\n"));
    assert_non_null(strstr(buf_text(&out), "in [job:NAME], [template:NAME], [defaults]\n"));
    buf_reset(&out);
    assert_true(reference_key(STR("user"), &out));
    assert_string_equal(buf_text(&out), "user   in [job:NAME], [template:NAME], [defaults]\n"
                                        "  The account that the job runs under.\n"
                                        "  Not supported yet.\n");
    buf_reset(&out);
    assert_true(reference_key(STR("io_max_iops"), &out));
    assert_non_null(strstr(buf_text(&out), "Windows removed I/O rate control in Windows 10 1607"));
    buf_reset(&out);
    assert_true(reference_key(STR("env.PATH"), &out));
    assert_false(reference_key(STR("nonsense"), &out));
    buf_free(&out);
}

static void codes__all_of_them__are_told_apart_and_explained(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        assert_non_null(diag_codes[i].name);
        assert_true(str_ends(str_of(diag_codes[i].brief), "."));
        for (const char *p = diag_codes[i].name; *p; p++)
            assert_true((*p >= 'a' && *p <= 'z') || ascii_digit(*p) || *p == '-');
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(diag_codes[i].name, diag_codes[j].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summary__of_one_plain_job__is_short),
        cmocka_unit_test(summary__of_a_fleet__has_what_differs_from_the_defaults),
        cmocka_unit_test(help__of_a_key__says_type_default_range_and_cost),
        cmocka_unit_test(summary__of_limits_and_groups__has_each_where_it_was_set),
        cmocka_unit_test(help__of_a_limit__says_where_else_it_stands_and_what_follows),
        cmocka_unit_test(help__of_a_key_of_two_sections_a_planned_one_and_none),
        cmocka_unit_test(codes__all_of_them__are_told_apart_and_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
