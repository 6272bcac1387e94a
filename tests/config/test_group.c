/* test_group.c - [group:NAME]: its names, its members, its limits. */
#include "tests/config/fake.h"

#include <string.h>

#define JOB "[job:a]\ncommand = x\n"

static void group__with_members_that_run__holds_its_limits_and_they_point_to_it(void **state)
{
    (void)state;
    struct config *c = load_good("[job:a]\ncommand = x\ninstances = 2\ngroup = g2\n"
                                 "[group:g1]\njob_memory_limit = 1G\n"
                                 "[job:b]\ncommand = y\ngroup = g1\n"
                                 "[group:g2]\nactive_process_limit = 50\n"
                                 "[job:c]\ncommand = z\n");
    assert_int_equal(c->groups, 2);
    assert_string_equal(c->group[0].name, "g1");
    assert_int_equal(c->group[0].at.line, 5);
    assert_int_equal(c->group[0].limits.job_memory, 1 << 30);
    assert_int_equal(c->group[0].limits.on_limit, REACTION_LOG);
    assert_int_equal(c->group[0].limits.kill_on_job_close, YES);
    assert_int_equal(c->group[0].limits.hook_timeout, 30000);
    assert_string_equal(c->group[0].limits.hook_limit, "");
    assert_int_equal(c->group[1].limits.active_process, 50);
    assert_ptr_equal(spec_of(c, "a.1")->group, &c->group[1]);
    assert_ptr_equal(spec_of(c, "a.2")->group, &c->group[1]);
    assert_ptr_equal(spec_of(c, "b.1")->group, &c->group[0]);
    assert_null(spec_of(c, "c.1")->group);
    config_free(c);
}

static void group__whose_members_do_not_run__is_checked_and_left_out(void **state)
{
    (void)state;
    struct config *c = load_good("[group:off]\n[group:none-yet]\n[group:on]\n"
                                 "[job:a]\ncommand = x\ngroup = off\nenabled = no\n"
                                 "[job:b]\ncommand = x\ngroup = none-yet\ninstances = 0\n"
                                 "[job:c]\ncommand = x\ngroup = on\n");
    assert_int_equal(c->groups, 1);
    assert_string_equal(c->group[0].name, "on");
    assert_ptr_equal(spec_of(c, "c.1")->group, &c->group[0]);
    config_free(c);
    assert_said("[group:off]\njob_memory_limit = 1\n" JOB "group = off\nenabled = no\n",
                "jobs.ini:2: error[out-of-range]: job_memory_limit: '1' is below the lowest value, "
                "4M\n");
}

static void group__said_by_defaults_and_templates__is_of_the_nearest(void **state)
{
    (void)state;
    struct config *c =
        load_good("[group:g]\n[group:h]\n[defaults]\ngroup = g\n"
                  "[template:t]\ngroup = h\n" JOB "[job:b]\ncommand = x\nextends = t\n"
                  "[job:c]\ncommand = x\nextends = t\ngroup = none\n");
    assert_string_equal(spec_of(c, "a.1")->group->name, "g");
    assert_string_equal(spec_of(c, "b.1")->group->name, "h");
    assert_null(spec_of(c, "c.1")->group);
    config_free(c);
}

static void group__that_does_not_exist__gets_the_nearest_one(void **state)
{
    (void)state;
    assert_said(JOB "group = wrokers\n[group:workers]\n[template:t]\ngroup = Workers\n"
                    "[job:b]\ncommand = x\ngroup = web\n[job:c]\ncommand = x\nextends = t\n",
                "jobs.ini:3: error[unknown-group]: there is no group 'wrokers'; did you mean "
                "'workers'?\n"
                "jobs.ini:6: error[unknown-group]: there is no group 'Workers'; did you mean "
                "'workers'?\n"
                "jobs.ini:9: error[unknown-group]: there is no group 'web'; add [group:web]\n");
}

/* Whichever comes first in the file. */
static void group__that_could_be_two__gets_the_nearer_one(void **state)
{
    (void)state;
    assert_said("[group:media1]\n[group:media22]\n[group:medias]\n" JOB "group = media2\n"
                "[job:b]\ncommand = x\ngroup = mediass\n",
                "jobs.ini:6: error[unknown-group]: there is no group 'media2'; did you mean "
                "'media1'?\n"
                "jobs.ini:9: error[unknown-group]: there is no group 'mediass'; did you mean "
                "'medias'?\n");
}

static void group__in_defaults_of_many_jobs__is_one_mistake(void **state)
{
    (void)state;
    assert_said("[defaults]\ngroup = g\n" JOB "[job:b]\ncommand = x\n",
                "jobs.ini:2: error[unknown-group]: there is no group 'g'; add [group:g]\n");
}

static void group__with_the_name_of_a_job__is_refused(void **state)
{
    (void)state;
    assert_said("[group:A]\n" JOB "group = A\n",
                "jobs.ini:1: error[group-name]: group 'A' has the name of job 'a', at jobs.ini:2, "
                "and commands could not tell them apart; rename one\n");
}

static void name__that_means_something_else__is_refused(void **state)
{
    (void)state;
    assert_said(
        JOB "[group:ALL]\n[job:all]\ncommand = x\n[group:none]\n[template:all]\n[job:none]\n"
            "command = x\n",
        "jobs.ini:3: error[reserved-name]: a group cannot be called 'ALL', which means every job "
        "to commands\n"
        "jobs.ini:4: error[reserved-name]: a job cannot be called 'all', which means every job to "
        "commands\n"
        "jobs.ini:6: error[reserved-name]: a group cannot be called 'none', which means no group "
        "to 'group ='\n");
}

static void group__without_members__is_a_warning_unless_something_is_wrong(void **state)
{
    (void)state;
    assert_said(JOB "[group:g]\n",
                "jobs.ini:3: warning[empty-group]: no job is in group 'g'; write 'group = g' in "
                "those that should be\n");
    assert_said("[group:g]\n[job:a]\ncommand = x\ngruop = g\n",
                "jobs.ini:4: error[unknown-key]: unknown key 'gruop'; did you mean 'group'?\n");
}

static void group__with_other_keys_or_twice__is_refused(void **state)
{
    (void)state;
    assert_said(JOB "group = g\n[group:g]\ncommand = y\njob_memory_limt = 1G\n[group:G]\n"
                    "[group]\n[group:a b]\naffinity = x\n[job:b]\ncommand = x\ngroup = a b\n",
                "jobs.ini:5: error[misplaced-key]: 'command' is not a key of [group]; it belongs "
                "in [job:NAME]\n"
                "jobs.ini:6: error[unknown-key]: unknown key 'job_memory_limt'; did you mean "
                "'job_memory_limit'?\n"
                "jobs.ini:7: error[repeated-section]: [group:G] has the same name as [group:g], at "
                "jobs.ini:4, as upper and lower case are alike; rename one\n"
                "jobs.ini:8: error[bad-name]: the group has no name; write [group:NAME]\n"
                "jobs.ini:9: error[bad-name]: 'a b' is not a name; names have letters, digits, '-' "
                "and '_', a letter or digit first, at most 63\n"
                "jobs.ini:10: error[bad-value]: affinity: 'x' is not a processor, nor a range of "
                "them; write none, or processors and ranges of them separated by commas, such as "
                "0-3, 8; with more than 64 processors 1:0-7 are the first eight of group 1\n"
                "jobs.ini:13: error[bad-value]: group: 'a b' is not a name; write none, or a name: "
                "letters, digits, '-' and '_', a letter or digit first, at most 63\n");
}

static void group__with_substitution__knows_the_service_and_no_job(void **state)
{
    (void)state;
    struct config *c =
        load_good("[service]\nname = Shop\n[group:g]\non_limit = hook\n"
                  "guard_threads = 9\nhook_limit = page ${service}\n" JOB "group = g\n");
    assert_string_equal(c->group[0].limits.hook_limit, "page Shop");
    config_free(c);
    assert_said("[group:g]\non_limit = hook\nguard_threads = 9\nhook_limit = page ${job}\n" JOB
                "group = ${job}\n",
                "jobs.ini:4: error[bad-substitution]: hook_limit: ${job} is not known here; "
                "it is known in a job only\n"
                "jobs.ini:7: error[bad-substitution]: group: no ${...} is replaced here; write the "
                "value itself\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(group__with_members_that_run__holds_its_limits_and_they_point_to_it),
        cmocka_unit_test(group__whose_members_do_not_run__is_checked_and_left_out),
        cmocka_unit_test(group__said_by_defaults_and_templates__is_of_the_nearest),
        cmocka_unit_test(group__that_does_not_exist__gets_the_nearest_one),
        cmocka_unit_test(group__that_could_be_two__gets_the_nearer_one),
        cmocka_unit_test(group__in_defaults_of_many_jobs__is_one_mistake),
        cmocka_unit_test(group__with_the_name_of_a_job__is_refused),
        cmocka_unit_test(name__that_means_something_else__is_refused),
        cmocka_unit_test(group__without_members__is_a_warning_unless_something_is_wrong),
        cmocka_unit_test(group__with_other_keys_or_twice__is_refused),
        cmocka_unit_test(group__with_substitution__knows_the_service_and_no_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
