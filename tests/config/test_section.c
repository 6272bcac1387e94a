/* test_section.c - sections and keys: where they may stand, how often, and what is near a wrong
 * one. */
#include "tests/config/fake.h"

#include <string.h>

#define JOB "[job:a]\ncommand = x\n"

static void section__of_no_known_kind__is_one_mistake_with_its_keys(void **state)
{
    (void)state;
    assert_said(
        JOB "[jbo:b]\ncommand = y\nnonsense = 1\n",
        "jobs.ini:3: error[unknown-section]: unknown section [jbo:b]; did you mean [job:b]?\n");
    assert_said(JOB "[Service]\nname = y\n",
                "jobs.ini:3: error[unknown-section]: unknown section [Service]; did you mean "
                "[service]?\n");
    assert_said(JOB "[web]\n",
                "jobs.ini:3: error[unknown-section]: unknown section [web]; a job is written "
                "[job:web]\n");
    assert_said(JOB "[program:web]\n",
                "jobs.ini:3: error[unknown-section]: unknown section [program:web]; there are "
                "[service], [defaults], [template:NAME], [group:NAME], [job:NAME] and [include]\n");
    assert_said(JOB "[]\n",
                "jobs.ini:3: error[unknown-section]: the section has no name; write it as "
                "[job:NAME]\n");
}

static void section__with_a_wrong_name__is_reported_and_its_keys_are_checked(void **state)
{
    (void)state;
    assert_said(
        JOB "[job]\ncommand = y\n[job:]\n[job:b c]\nrestart = nver\n[service:x]\nnme = y\n",
        "jobs.ini:3: error[bad-name]: the job has no name; write [job:NAME]\n"
        "jobs.ini:5: error[bad-name]: the job has no name; write [job:NAME]\n"
        "jobs.ini:6: error[bad-name]: 'b c' is not a name; names have letters, digits, '-' and "
        "'_', a letter or digit first, at most 63\n"
        "jobs.ini:7: error[bad-value]: restart: 'nver' is not one of its words; did you mean "
        "'never'?\n"
        "jobs.ini:8: error[bad-name]: [service] takes no name; write [service]\n"
        "jobs.ini:9: error[unknown-key]: unknown key 'nme'; did you mean 'name'?\n");
}

/* inih alone would cut it at 49 bytes, and the two would be one. */
static void section__with_a_long_name__is_not_cut(void **state)
{
    (void)state;
#define LONG "a23456789012345678901234567890123456789012345678901234567890"
    struct config *c = load_good("[job:" LONG "1]\ncommand = x\n[job:" LONG "2]\ncommand = y\n");
    assert_string_equal(c->job[0].job, LONG "1");
    assert_string_equal(c->job[1].job, LONG "2");
    config_free(c);
}

static void section__with_text_behind_it__is_an_error(void **state)
{
    (void)state;
    assert_said(
        "[job:a] ; the first\ncommand = x\n",
        "jobs.ini:1: error[text-after-section]: '; the first' follows the ']'; put it on the next "
        "line\n");
}

static void section__given_twice__names_the_first_place(void **state)
{
    (void)state;
    assert_said(
        "[service]\n" JOB "[defaults]\n[service]\nname = b\n[defaults]\n[job:A]\ncommand = y\n"
        "[template:t]\n[template:T]\nrestart = x\n",
        "jobs.ini:5: error[repeated-section]: [service] is there already, at jobs.ini:1; join "
        "the two\n"
        "jobs.ini:7: error[repeated-section]: [defaults] is there already, at jobs.ini:4; join "
        "the two\n"
        "jobs.ini:8: error[repeated-section]: [job:A] has the same name as [job:a], at "
        "jobs.ini:2, as upper and lower case are alike; rename one\n"
        "jobs.ini:11: error[repeated-section]: [template:T] has the same name as [template:t], at "
        "jobs.ini:10, as upper and lower case are alike; rename one\n"
        "jobs.ini:12: error[bad-value]: restart: 'x' is not one of its words; write always, "
        "on-failure, on-abnormal or never\n");
}

static void key__that_is_unknown__gets_the_nearest_one(void **state)
{
    (void)state;
    assert_said("[job:a]\ncomand = x\n", /* and not a missing command as well */
                "jobs.ini:2: error[unknown-key]: unknown key 'comand'; did you mean 'command'?\n");
    assert_said(
        JOB "Restart = always\nautostart = 1\nenv = A\n",
        "jobs.ini:3: error[unknown-key]: unknown key 'Restart'; did you mean 'restart'?\n"
        "jobs.ini:4: error[unknown-key]: unknown key 'autostart'; docs/reference.md lists the "
        "keys\n"
        "jobs.ini:5: error[unknown-key]: 'env' names no variable; write env.NAME = VALUE\n");
}

static void key__of_another_section__is_sent_there(void **state)
{
    (void)state;
    assert_said(JOB "name = y\n[service]\nrestart = never\n[include]\ncommand = z\n",
                "jobs.ini:3: error[misplaced-key]: 'name' is not a key of [job]; it belongs in "
                "[service]\n"
                "jobs.ini:5: error[misplaced-key]: 'restart' is not a key of [service]; it belongs "
                "in [job:NAME]\n"
                "jobs.ini:7: error[misplaced-key]: 'command' is not a key of [include]; it belongs "
                "in [job:NAME]\n");
}

static void key__above_every_section__is_one_mistake(void **state)
{
    (void)state;
    assert_said("command = x\nrestart = never\n" JOB,
                "jobs.ini:1: error[key-outside-section]: 'command' stands above the first section; "
                "begin with [job:NAME]\n");
}

static void key__given_twice__names_the_first_line(void **state)
{
    (void)state;
    assert_said(
        JOB "command = y\nenv.Path = 1\nenv.PATH = 2\n[job:b]\ncommand = z\n",
        "jobs.ini:3: error[repeated-key]: 'command' is there already, at line 2; remove one\n"
        "jobs.ini:5: error[repeated-key]: 'env.PATH' is there already, at line 4; remove "
        "one\n");
}

static void key__that_is_planned__is_refused_everywhere(void **state)
{
    (void)state;
    assert_said(JOB "user = me\n[service]\nevent_log = yes\n[defaults]\nintegrity = low\n",
                "jobs.ini:3: error[not-supported]: 'user' is not supported yet\n"
                "jobs.ini:5: error[not-supported]: 'event_log' is not supported yet\n"
                "jobs.ini:7: error[not-supported]: 'integrity' is not supported yet\n");
}

static void key__that_windows_gave_up__is_refused_with_the_reason(void **state)
{
    (void)state;
#define GONE                                                                                       \
    "Windows removed I/O rate control in Windows 10 1607 and Server 2016; use priority_class, or " \
    "give the job a disk of its own\n"
    assert_said(JOB "io_max_bandwidth = 10M/s\n[service]\nio_max_iops = 100\n",
                "jobs.ini:3: error[not-supported]: 'io_max_bandwidth': " GONE
                "jobs.ini:5: error[not-supported]: 'io_max_iops': " GONE);
}

static void word__that_is_planned__is_refused(void **state)
{
    (void)state;
    assert_said(
        JOB "console = shared\n",
        "jobs.ini:3: error[not-supported]: console: 'shared' is not supported yet; write own "
        "or none\n");
}

static void
value__in_a_job_that_is_disabled_or_a_template_that_is_not_used__is_checked(void **state)
{
    (void)state;
    assert_said(
        JOB "[job:b]\nenabled = no\ncommand = \"y\n[job:c]\ncommand = z\nrestart = 1\n"
            "[template:t]\nmin_uptime = ${job}\ninstances = many\n",
        "jobs.ini:5: error[bad-value]: command: the quote at character 1 is not closed; add "
        "the other one\n"
        "jobs.ini:8: error[bad-value]: restart: '1' is not one of its words; write always, "
        "on-failure, on-abnormal or never\n"
        "jobs.ini:10: error[bad-value]: min_uptime: 't' is not a duration; write 500ms, 10s, "
        "2m, 1h, 1d, or joined as 1h30m (a bare number is seconds)\n"
        "jobs.ini:11: error[bad-value]: instances: 'many' is not a number; write a whole number "
        "in decimal digits\n");
}

static void job__with_nothing_but_a_command__has_the_defaults(void **state)
{
    (void)state;
    struct config *c = load_good("[job:web]\ncommand = \"C:\\a b\\x.exe\" ; # not a comment\n");
    const struct job_spec *s = spec_of(c, "web.1");
    assert_string_equal(s->command, "\"C:\\a b\\x.exe\" ; # not a comment");
    assert_string_equal(s->at.file, "jobs.ini");
    assert_int_equal(s->at.line, 1);
    assert_int_equal(s->restart, RESTART_ALWAYS);
    assert_int_equal(s->success_exit_codes.n, 1);
    assert_int_equal(s->min_uptime, 10000);
    assert_int_equal(s->restart_delay, 1000);
    assert_int_equal(s->restart_delay_max, 60000);
    assert_int_equal(s->restart_factor, 2000);
    assert_int_equal(s->restart_jitter, 10);
    assert_int_equal(s->start_limit, 20);
    assert_int_equal(s->start_limit_interval, 30 * 60000);
    assert_int_equal(s->start_limit_action, START_LIMIT_FAIL);
    assert_int_equal(s->max_runtime, 0);
    assert_int_equal(s->stop.n, 1);
    assert_int_equal(s->stop.rung[0].kind, RUNG_CTRL_C);
    assert_int_equal(s->stop.rung[0].ms, 10000);
    assert_string_equal(s->stop_command, "");
    assert_string_equal(s->out, "logs/Jobwarden.web.1.log");
    assert_string_equal(s->err, "stdout");
    assert_int_equal(s->log_max_size, 10 << 20);
    assert_int_equal(s->log_keep, 5);
    assert_int_equal(s->env_inherit, YES);
    assert_int_equal(s->console, CONSOLE_OWN);
    assert_string_equal(s->directory, "");
    assert_string_equal(c->path, "jobs.ini");
    assert_string_equal(c->config_dir, "/conf");
    assert_string_equal(c->service.name, "Jobwarden");
    assert_string_equal(c->service.log_file, "logs/Jobwarden.log");
    assert_int_equal(c->service.log_level, LOG_INFO);
    assert_int_equal(c->service.stop_timeout, 30000);
    assert_int_equal(c->service.object_namespace, NAMESPACE_AUTO);
    config_free(c);
}

static void jobs__enabled_and_not__are_counted_and_kept_in_order(void **state)
{
    (void)state;
    struct config *c = load_good("[job:b]\ncommand = x\ninstances = 2\n[job:off]\nenabled = no\n"
                                 "command = x\n[job:a]\ncommand = y\nfirst_instance = 0\n");
    assert_int_equal(c->jobs, 3);
    assert_int_equal(c->disabled, 1);
    assert_int_equal(c->n, 3);
    assert_string_equal(c->job[0].unit, "b.1");
    assert_string_equal(c->job[1].unit, "b.2");
    assert_string_equal(c->job[2].unit, "a.0");
    assert_int_equal(c->job[1].instances, 2);
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(section__of_no_known_kind__is_one_mistake_with_its_keys),
        cmocka_unit_test(section__with_a_wrong_name__is_reported_and_its_keys_are_checked),
        cmocka_unit_test(section__with_a_long_name__is_not_cut),
        cmocka_unit_test(section__with_text_behind_it__is_an_error),
        cmocka_unit_test(section__given_twice__names_the_first_place),
        cmocka_unit_test(key__that_is_unknown__gets_the_nearest_one),
        cmocka_unit_test(key__of_another_section__is_sent_there),
        cmocka_unit_test(key__above_every_section__is_one_mistake),
        cmocka_unit_test(key__given_twice__names_the_first_line),
        cmocka_unit_test(key__that_is_planned__is_refused_everywhere),
        cmocka_unit_test(key__that_windows_gave_up__is_refused_with_the_reason),
        cmocka_unit_test(word__that_is_planned__is_refused),
        cmocka_unit_test(
            value__in_a_job_that_is_disabled_or_a_template_that_is_not_used__is_checked),
        cmocka_unit_test(job__with_nothing_but_a_command__has_the_defaults),
        cmocka_unit_test(jobs__enabled_and_not__are_counted_and_kept_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
