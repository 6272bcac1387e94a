/* test_select.c - from names to instances. */
#include "tests/control/stage.h"

#include "service/control/select.h"

#include <stdio.h>
#include <string.h>

/* "a.0 a.1": the instances that the names (separated by blanks) mean. */
static void expect_units(const struct stage *s, const char *names, const char *want, size_t jobs)
{
    char copy[128];
    const char *name[8];
    size_t n = 0;
    snprintf(copy, sizeof copy, "%s", names);
    for (char *p = strtok(copy, " "); p; p = strtok(NULL, " "))
        name[n++] = p;
    struct selection x = {0};
    struct no no;
    if (!select_units(s->scene.f.sup, name, n, &x, &no))
        fail_msg("%s", no.why.text);
    struct buf got = {0};
    for (size_t i = 0; i < x.n; i++)
        buf_f(&got, "%s%s", i ? " " : "", sup_unit(s->scene.f.sup, x.slot[i])->spec->unit);
    assert_string_equal(buf_text(&got), want);
    assert_int_equal(x.jobs, jobs);
    buf_free(&got);
    selection_free(&x);
}

static void expect_nobody(const struct stage *s, const char *name, const char *piece)
{
    struct selection x = {0};
    struct no no;
    assert_false(select_units(s->scene.f.sup, &name, 1, &x, &no));
    assert_int_equal(no.code, REFUSAL_NO_SUCH_NAME);
    if (!strstr(no.why.text, piece))
        fail_msg("%s", no.why.text);
}

static void names__of_each_kind__mean_their_instances(void **state)
{
    (void)state;
    static struct group_spec group = {.name = "apps"};
    struct stage s;
    stage_prepare(&s, "a3 b1 c2", NULL, NULL);
    SET_EACH(&s.scene.set[0], 1, group, &group);
    SET_EACH(&s.scene.set[0], 2, group, &group);
    s.scene.set[0].config.groups = 1;
    s.scene.set[0].config.group = &group;
    stage_run(&s);
    expect_units(&s, "", "a.0 a.1 a.2 b.0 c.0 c.1", 3);
    expect_units(&s, "all", "a.0 a.1 a.2 b.0 c.0 c.1", 3);
    expect_units(&s, "a", "a.0 a.1 a.2", 1);
    expect_units(&s, "A.1", "a.1", 1);
    expect_units(&s, "apps", "b.0 c.0 c.1", 2);
    expect_units(&s, "ap*", "b.0 c.0 c.1", 2);
    expect_units(&s, "*.1", "a.1 c.1", 2);
    expect_units(&s, "?.0 a.0 a", "a.0 a.1 a.2 b.0 c.0", 3);
    expect_nobody(&s, "appz", "did you mean 'apps'?");
    expect_nobody(&s, "zzzzzz", "'status' lists them");
    expect_nobody(&s, "zz*", "there is no job, instance or group 'zz*'");
    stage_close(&s);
}

static void instance__that_a_job_does_not_have__is_nobody(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a3", NULL, NULL);
    expect_nobody(&s, "A.7", "job 'a' has no instance 7");
    stage_close(&s);
}

static void job__without_instances__is_no_mistake(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1 b0", NULL, NULL);
    expect_units(&s, "b", "", 0);
    expect_nobody(&s, "b.1", "job 'b' has no instance 1");
    stage_close(&s);
}

static void group__whose_jobs_have_no_instances__is_no_mistake(void **state)
{
    (void)state;
    static struct group_spec group = {.name = "apps"};
    struct stage s;
    stage_prepare(&s, "a1", NULL, NULL);
    s.scene.set[0].config.groups = 1;
    s.scene.set[0].config.group = &group;
    stage_run(&s);
    expect_units(&s, "apps", "", 0);
    stage_close(&s);
}

static void jobs__whose_units_are_apart__are_counted_once(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a2 b1", "a1 b2", NULL);
    s.scene.f.obeys = 0; /* so a.1 stays for a while, though no definition has it */
    scene_take(&s.scene, 1);
    expect_units(&s, "", "a.0 b.0 b.1 a.1", 2);
    stage_close(&s);
}

static void instances__after_a_reload__are_in_the_order_of_the_new_file(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1 b2", "c1 b3 a1", NULL);
    scene_take(&s.scene, 1);
    expect_units(&s, "", "c.0 b.0 b.1 b.2 a.0", 3);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names__of_each_kind__mean_their_instances),
        cmocka_unit_test(instance__that_a_job_does_not_have__is_nobody),
        cmocka_unit_test(job__without_instances__is_no_mistake),
        cmocka_unit_test(group__whose_jobs_have_no_instances__is_no_mistake),
        cmocka_unit_test(jobs__whose_units_are_apart__are_counted_once),
        cmocka_unit_test(instances__after_a_reload__are_in_the_order_of_the_new_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
