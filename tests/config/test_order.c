/* test_order.c - after and requires: names and groups. */
#include "tests/config/fake.h"

#include <string.h>

#define A "[job:a]\ncommand = x\n"
#define B "[job:b]\ncommand = x\n"
#define C "[job:c]\ncommand = x\n"

/* "b+ c": what job NAME waits for, with a + behind those that it requires. */
static void assert_waits(const struct config *c, const char *name, const char *expected)
{
    struct buf said = {0};
    const struct definition *def = c->definition;
    while (strcmp(def->name, name) != 0)
        assert_ptr_not_equal(++def, c->definition + c->jobs);
    for (uint32_t i = 0; i < def->deps.n; i++) {
        const struct dep *d = &def->deps.dep[i];
        buf_f(&said, "%s%s%s", i ? " " : "", c->definition[d->job].name, d->required ? "+" : "");
    }
    assert_string_equal(buf_text(&said), expected);
    buf_free(&said);
}

/* --- definitions -------------------------------------------------------------------- */
static void definition__of_every_job__tells_its_instances_though_nothing_waits(void **state)
{
    (void)state;
    struct config *c = load_good("[job:off]\ncommand = x\nenabled = no\ninstances = 3\n"
                                 "[job:a]\ncommand = x\ninstances = 2\n"
                                 "[job:none]\ncommand = x\ninstances = 0\n" B);
    static const struct {
        const char *name;
        uint32_t line, first, n;
    } rows[] = {{"off", 1, 0, 0}, {"a", 5, 0, 2}, {"none", 8, 2, 0}, {"b", 11, 2, 1}};
    assert_int_equal(c->jobs, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct definition *d = &c->definition[i];
        assert_string_equal(d->name, rows[i].name);
        assert_int_equal(d->at.line, rows[i].line);
        assert_int_equal(d->first, rows[i].first);
        assert_int_equal(d->n, rows[i].n);
        assert_int_equal(d->deps.n, 0);
        for (uint32_t k = 0; k < d->n; k++)
            assert_string_equal(c->job[d->first + k].job, d->name);
    }
    config_free(c);
}

/* --- names -------------------------------------------------------------------------- */
static void names__of_jobs_and_groups__are_each_job_once_in_the_order_of_the_file(void **state)
{
    (void)state;
    struct config *c = load_good("[group:g]\n" A "after = d, g, d, c\nrequires = c\n" B
                                 "group = g\n" C "group = g\n[job:d]\ncommand = x\n");
    assert_waits(c, "a", "b c+ d");
    assert_waits(c, "b", "");
    config_free(c);
}

static void names__of_after_and_requires__are_required(void **state)
{
    (void)state;
    struct config *c = load_good("[group:g]\n" A "after = b\nrequires = g\n" B "group = g\n" C
                                 "after = g, b\nrequires = b\ngroup = g\n");
    assert_waits(c, "a", "b+ c+");
    assert_waits(c, "c", "b+");
    config_free(c);
}

static void names__from_templates_and_defaults__are_of_the_nearest(void **state)
{
    (void)state;
    struct config *c =
        load_good("[defaults]\nafter = infra\n[group:infra]\n"
                  "[job:log]\ncommand = x\ngroup = infra\nafter =\n"
                  "[job:db]\ncommand = x\ngroup = infra\nafter = log\n"
                  "[template:t]\nrequires = db\n" A B "extends = t\n" C "after =\nextends = t\n");
    assert_waits(c, "log", "");
    assert_waits(c, "db", "log");
    assert_waits(c, "a", "log db");
    assert_waits(c, "b", "log db+");
    assert_waits(c, "c", "db+");
    config_free(c);
}

/* One job of a group that all wait for is not waited for by itself. */
static void group__that_holds_the_job__is_all_its_others(void **state)
{
    (void)state;
    struct config *c =
        load_good("[defaults]\nrequires = first\n[group:first]\n" A "group = first\n" B C);
    assert_waits(c, "a", "");
    assert_waits(c, "b", "a+");
    config_free(c);
}

static void name__that_is_unknown__gets_the_nearest_one(void **state)
{
    (void)state;
    assert_said("[group:caches]\n[template:web]\n[job:a]\ncommand = x\n"
                "after = cachs, databse\nrequires = B, kafka, none, ALL, web\n"
                "[job:database]\ncommand = x\ngroup = caches\n" B,
                "jobs.ini:5: error[unknown-dependency]: after: there is no job or group 'cachs'; "
                "did you mean 'caches'?\n"
                "jobs.ini:5: error[unknown-dependency]: after: there is no job or group 'databse'; "
                "did you mean 'database'?\n"
                "jobs.ini:6: error[unknown-dependency]: requires: there is no job or group 'B'; "
                "did you mean 'b'?\n"
                "jobs.ini:6: error[unknown-dependency]: requires: there is no job or group "
                "'kafka'; add [job:kafka]\n"
                "jobs.ini:6: error[unknown-dependency]: requires: there is no job or group 'none'; "
                "to wait for nothing write 'requires =' alone\n"
                "jobs.ini:6: error[unknown-dependency]: requires: there is no job or group 'ALL'; "
                "name those that are meant\n"
                "jobs.ini:6: error[unknown-dependency]: requires: 'web' is a template; name the "
                "jobs that are meant\n");
}

static void name__that_is_unknown_in_a_template__is_one_mistake(void **state)
{
    (void)state;
    assert_said("[template:t]\nafter = x, y\n" A "extends = t\n" B "extends = t\n",
                "jobs.ini:2: error[unknown-dependency]: after: there is no job or group 'x'; add "
                "[job:x]\n"
                "jobs.ini:2: error[unknown-dependency]: after: there is no job or group 'y'; add "
                "[job:y]\n");
}

static void name__that_is_no_name__is_refused_as_such(void **state)
{
    (void)state;
    assert_said(A "after = b c\n" B "requires = a,,c\n",
                "jobs.ini:3: error[bad-value]: after: 'b c' is not a name; names have letters, "
                "digits, '-' and '_', a letter or digit first, at most 63\n"
                "jobs.ini:6: error[bad-value]: requires: an entry is missing beside a comma\n");
}

static void name__of_the_job_itself__is_refused(void **state)
{
    (void)state;
    assert_said("[defaults]\nafter = a\n" A B "requires = b\nafter =\n",
                "jobs.ini:2: error[order-cycle]: after: job 'a' cannot wait for itself; give it a "
                "line of its own, or name its group here\n"
                "jobs.ini:7: error[order-cycle]: requires: job 'b' cannot wait for itself; take it "
                "out\n");
}

/* --- what cannot be waited for ------------------------------------------------------ */
static void job__with_a_schedule__cannot_be_waited_for(void **state)
{
    (void)state;
    assert_said("[group:g]\n" A "after = b, c\nrequires = b\n" B "schedule = @daily\nafter = c\n" C
                "[job:d]\ncommand = x\nafter = g\n"
                "[job:e]\ncommand = x\nschedule = @daily\ngroup = g\n",
                "jobs.ini:5: error[scheduled-dependency]: requires: job 'b' has a schedule, so it "
                "runs at its times only and nothing can wait for it; take it out\n"
                "jobs.ini:14: error[scheduled-dependency]: after: job 'e' of group 'g' has a "
                "schedule, so it runs at its times only and nothing can wait for it; name the jobs "
                "that are meant instead of the group\n");
}

static void job__that_is_not_to_run__is_required_in_vain(void **state)
{
    (void)state;
    assert_said("[group:g]\n" A "requires = b, g\n" B "enabled = no\n" C
                "instances = 0\nrequires = b\ngroup = g\n[job:d]\ncommand = x\nafter = b, c\n",
                "jobs.ini:4: warning[waits-for-ever]: job 'a' waits for ever: 'b', which it "
                "requires, is not enabled; name it in after instead, which does not wait for what "
                "is not to run\n"
                "jobs.ini:4: warning[waits-for-ever]: job 'a' waits for ever: 'c', which it "
                "requires, has no instances; name it in after instead, which does not wait for "
                "what is not to run\n");
}

static void group__without_members__is_a_warning_where_it_is_named(void **state)
{
    (void)state;
    assert_said(A "after = g\n[group:g]\n",
                "jobs.ini:3: warning[empty-group]: after: no job is in group 'g', so nothing is "
                "waited for\n"
                "jobs.ini:4: warning[empty-group]: no job is in group 'g'; write 'group = g' in "
                "those that should be\n");
    assert_said(A "after = g\nrestrat = never\n[group:g]\n",
                "jobs.ini:4: error[unknown-key]: unknown key 'restrat'; did you mean 'restart'?\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definition__of_every_job__tells_its_instances_though_nothing_waits),
        cmocka_unit_test(names__of_jobs_and_groups__are_each_job_once_in_the_order_of_the_file),
        cmocka_unit_test(names__of_after_and_requires__are_required),
        cmocka_unit_test(names__from_templates_and_defaults__are_of_the_nearest),
        cmocka_unit_test(group__that_holds_the_job__is_all_its_others),
        cmocka_unit_test(name__that_is_unknown__gets_the_nearest_one),
        cmocka_unit_test(name__that_is_unknown_in_a_template__is_one_mistake),
        cmocka_unit_test(name__that_is_no_name__is_refused_as_such),
        cmocka_unit_test(name__of_the_job_itself__is_refused),
        cmocka_unit_test(job__with_a_schedule__cannot_be_waited_for),
        cmocka_unit_test(job__that_is_not_to_run__is_required_in_vain),
        cmocka_unit_test(group__without_members__is_a_warning_where_it_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
