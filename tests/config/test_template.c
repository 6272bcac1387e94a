/* test_template.c - which value holds, and templates that cannot be. */
#include "tests/config/fake.h"

static void value__said_at_many_levels__is_the_nearest(void **state)
{
    (void)state;
    struct config *c =
        load_good("[defaults]\nmin_uptime = 1\nrestart_delay = 1\nlog_keep = 1\n"
                  "start_limit = 1\nrestart_factor = 1\ncommand = d\n"
                  "[template:far]\nmin_uptime = 2\nrestart_delay = 2\nlog_keep = 2\n"
                  "start_limit = 2\n"
                  "[template:first]\nextends = far\nmin_uptime = 3\nrestart_delay = 3\n"
                  "[template:second]\nmin_uptime = 4\nrestart_delay = 4\nlog_keep = 4\n"
                  "start_limit = 4\nrestart_factor = 4\n"
                  "[job:a]\nextends = first, second\nmin_uptime = 5\n"
                  "[job:b]\n");
    const struct job_spec *s = spec_of(c, "a.1");
    assert_int_equal(s->min_uptime, 5000);
    assert_int_equal(s->restart_delay, 3000);
    assert_int_equal(s->log_keep, 2); /* the first one's own template before the second one */
    assert_int_equal(s->start_limit, 2);
    assert_int_equal(s->restart_factor, 4000);
    assert_string_equal(s->command, "d");
    assert_int_equal(s->restart_jitter, 10);
    assert_int_equal(spec_of(c, "b.1")->min_uptime, 1000);
    config_free(c);
}

static void template__reached_by_two_ways__counts_where_it_is_first_met(void **state)
{
    (void)state;
    struct config *c =
        load_good("[job:a]\nextends = left, right\ncommand = x\n"
                  "[template:left]\nextends = root\n[template:right]\nextends = root\n"
                  "log_keep = 7\n[template:root]\nlog_keep = 8\n");
    assert_int_equal(c->job[0].log_keep, 8);
    config_free(c);
}

static void template__that_stands_below_its_job__is_found(void **state)
{
    (void)state;
    struct config *c = load_good("[job:a]\nextends = t\n[template:t]\ncommand = ${job}\n");
    assert_string_equal(c->job[0].command, "a");
    config_free(c);
}

static void template__that_does_not_exist__gets_a_hint(void **state)
{
    (void)state;
    assert_said("[template:node1]\n[template:nodes]\n[job:a]\ncommand = x\nextends = nodess\n",
                "jobs.ini:5: error[unknown-template]: there is no template 'nodess'; did you mean "
                "'nodes'?\n");
    assert_said(
        "[template:node]\ncommand = x\n[job:a]\nextends = nod, other\n[job:b]\nextends = Node\n"
        "[job:c]\nextends = a\n",
        "jobs.ini:4: error[unknown-template]: there is no template 'nod'; did you mean "
        "'node'?\n"
        "jobs.ini:4: error[unknown-template]: there is no template 'other'; add "
        "[template:other]\n"
        "jobs.ini:6: error[unknown-template]: there is no template 'Node'; did you mean "
        "'node'?\n"
        "jobs.ini:8: error[unknown-template]: 'a' is a job; put what is common into a "
        "[template:NAME]\n");
}

static void template__that_extends_itself__is_one_mistake_with_its_way(void **state)
{
    (void)state;
    assert_said("[template:a]\nextends = a\n[job:j]\nextends = a\n",
                "jobs.ini:2: error[template-cycle]: the template extends itself: a -> a\n");
    assert_said("[job:j]\nextends = a\n[template:a]\nextends = b\n[template:b]\nextends = c\n"
                "[template:c]\nextends = b\n",
                "jobs.ini:8: error[template-cycle]: the template extends itself: b -> c -> b\n");
}

static void template__too_deep__is_refused_and_the_deepest_allowed_is_not(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_z(&text, "[job:a]\ncommand = x\nextends = t1\n");
    for (int i = 1; i < CONFIG_DEPTH_MAX; i++)
        buf_f(&text, "[template:t%d]\n%s%d\n", i,
              i == CONFIG_DEPTH_MAX - 1 ? "log_keep = " : "extends = t", i + 1);
    config_free(load_good(buf_text(&text)));
    buf_reset(&text);
    buf_z(&text, "[job:a]\nextends = t1\n");
    for (int i = 1; i < 20; i++)
        buf_f(&text, "[template:t%d]\nextends = t%d\n", i, i + 1);
    buf_z(&text, "[template:t20]\ncommand = x\n");
    const struct fake_file files[] = {{"jobs.ini", buf_text(&text), 0, ST_OK}, {0}};
    assert_files_said(files,
                      "jobs.ini:34: error[template-depth]: more than 16 templates extend one "
                      "another\n");
    buf_free(&text);
}

static void mistake__in_a_template__is_said_once_for_all_its_jobs(void **state)
{
    (void)state;
    assert_said(
        "[template:t]\nlog_keep = ${job}\n[job:a]\nextends = t\ncommand = x\n[job:b]\n"
        "extends = t\ncommand = x\n",
        "jobs.ini:2: error[bad-value]: log_keep: 'a' is not a number; write a whole number in "
        "decimal digits\n");
}

static void extends__in_defaults__is_misplaced(void **state)
{
    (void)state;
    assert_said(
        "[defaults]\nextends = t\n[template:t]\n[job:a]\ncommand = x\n",
        "jobs.ini:2: error[misplaced-key]: 'extends' cannot stand in [defaults]; it belongs "
        "in [job:NAME] or [template:NAME]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value__said_at_many_levels__is_the_nearest),
        cmocka_unit_test(template__reached_by_two_ways__counts_where_it_is_first_met),
        cmocka_unit_test(template__that_stands_below_its_job__is_found),
        cmocka_unit_test(template__that_does_not_exist__gets_a_hint),
        cmocka_unit_test(template__that_extends_itself__is_one_mistake_with_its_way),
        cmocka_unit_test(template__too_deep__is_refused_and_the_deepest_allowed_is_not),
        cmocka_unit_test(mistake__in_a_template__is_said_once_for_all_its_jobs),
        cmocka_unit_test(extends__in_defaults__is_misplaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
