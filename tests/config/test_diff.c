/* test_diff.c - what has changed between two files, and what it costs. */
#include "tests/config/fake.h"
#include "tests/config/told.h"

/* --- two files ---------------------------------------------------------------------- */

/* Loads both and compares the spec of UNIT, or with NULL [service]; "" for no difference. */
static void assert_changed(const char *was_text, const char *is_text, const char *unit,
                           const char *expected)
{
    struct config *was = load_good(was_text), *is = load_good(is_text);
    enum apply cost = APPLY_COUNT, alone = APPLY_COUNT;
    struct told t = {0};
    enum section owner = unit ? SECTION_JOB : SECTION_SERVICE;
    const void *a = unit ? (const void *)spec_of(was, unit) : &was->service;
    const void *b = unit ? (const void *)spec_of(is, unit) : &is->service;
    assert_int_equal(diff_specs(owner, a, b, &cost, &t), *expected != '\0');
    assert_string_equal(buf_text(&t.text), expected);
    assert_int_equal(diff_specs(owner, a, b, &alone, NULL), *expected != '\0');
    assert_int_equal(cost, alone); /* whether or not anybody listens */
    assert_false(diff_specs(owner, a, a, &alone, NULL));
    buf_free(&t.text);
    config_free(was);
    config_free(is);
}

#define JOB "[job:a]\ncommand = x ${instance}\n"

static void job__written_otherwise__is_the_same(void **state)
{
    (void)state;
    assert_changed(JOB "restart_delay = 60s\nenv.A = 1\nenv.B = 2\nstop = ctrl-c:10s\n",
                   "; moved\n\n[template:t]\nenv.B = 2\nenv.A = 1\nrestart_delay = 1m\n"
                   "[job:a]\nextends = t\ncommand = x 1\n",
                   "a.1", "");
}

static void job__with_other_instances_and_order__is_the_same_to_an_instance(void **state)
{
    (void)state;
    assert_changed(JOB "instances = 3\n[job:b]\ncommand = y\n",
                   JOB "instances = 2\nfirst_instance = 2\nafter = b\n[job:b]\ncommand = y\n",
                   "a.2", "");
}

static void job__changed_in_many_ways__costs_the_dearest_in_the_order_of_the_table(void **state)
{
    (void)state;
    struct config *was = load_good(JOB),
                  *is = load_good("[job:a]\ncommand = y\n"
                                  "job_memory_limit = 1G\nrestart = never\n");
    enum apply cost = APPLY_COUNT;
    struct told t = {0};
    assert_true(diff_specs(SECTION_JOB, &was->job[0], &is->job[0], &cost, &t));
    assert_int_equal(cost, APPLY_RESPAWN);
    assert_string_equal(buf_text(&t.text),
                        "command:respawn job_memory_limit:relimit restart:live ");
    buf_free(&t.text);
    config_free(was);
    config_free(is);
}

static void command__with_what_is_substituted__is_compared_as_it_is_run(void **state)
{
    (void)state;
    assert_changed(JOB "stdout = null\n", "[service]\nname = Other\n" JOB "stdout = null\n", "a.1", "");
    assert_changed("[job:a]\ncommand = x ${service}\nstdout = null\n",
                   "[service]\nname = Other\n[job:a]\ncommand = x ${service}\nstdout = null\n",
                   "a.1", "command:respawn ");
}

static void environment__changed__is_told_by_its_names(void **state)
{
    (void)state;
    assert_changed(JOB "env.A = 1\nenv.B = 2\nenv.C = 3\n", JOB "env.C = 3\nenv.B = 2\nenv.A = 1\n",
                   "a.1", "");
    assert_changed(JOB "env.A = 1\nenv.B = 2\nenv.C = 3\n",
                   JOB "env.N = 0\nenv.C = 4\nenv.A = 1\nenv.O = 0\n", "a.1",
                   "env.N:respawn env.C:respawn env.O:respawn env.B:respawn ");
    assert_changed(JOB, JOB "env.A =\n", "a.1", "env.A:respawn ");
    assert_changed(JOB "env.A = x\n", JOB, "a.1", "env.A:respawn ");
    assert_changed(JOB "env.Path = x\n", JOB "env.PATH = x\n", "a.1", "env.PATH:respawn ");
    assert_changed(JOB "env.A = x\n", JOB "env.A = X\n", "a.1", "env.A:respawn ");
}

static void env_file__with_other_contents__is_told_by_its_names(void **state)
{
    (void)state;
    static const char main_text[] = JOB "env_file = a.env\nenv.B = 1\n";
    const struct fake_file before[] = {
        {"jobs.ini", main_text, 0, ST_OK}, {"a.env", "A=1\nB=7\nC=3\n", 0, ST_OK}, {0}};
    const struct fake_file after[] = {
        {"jobs.ini", main_text, 0, ST_OK}, {"a.env", "# new\nA=2\nB=8\nC=3\n", 0, ST_OK}, {0}};
    struct fake f = {.file = before}, g = {.file = after};
    struct config *was = NULL, *is = NULL;
    struct buf one = fake_load(&f, &was), two = fake_load(&g, &is);
    struct told t = {0};
    enum apply cost = APPLY_COUNT;
    assert_true(diff_specs(SECTION_JOB, &was->job[0], &is->job[0], &cost, &t));
    assert_string_equal(buf_text(&t.text), "env.A:respawn ");
    assert_int_equal(cost, APPLY_RESPAWN);
    buf_free(&t.text);
    buf_free(&one);
    buf_free(&two);
    config_free(was);
    config_free(is);
}

static void group__other_or_none__is_a_change_and_its_limits_are_not(void **state)
{
    (void)state;
    static const char g[] = "[group:g]\n" JOB "group = g\n";
    assert_changed(g, "[group:g]\njob_memory_limit = 1G\n" JOB "group = g\n", "a.1", "");
    assert_changed(g, "[group:h]\n" JOB "group = h\n", "a.1", "group:recreate ");
    assert_changed(g, JOB, "a.1", "group:recreate ");
    assert_changed(JOB, g, "a.1", "group:recreate ");
}

static void reactions__changed__are_live_by_their_keys(void **state)
{
    (void)state;
    static const char base[] = JOB "job_memory_limit = 1G\nguard_threads = 9\n";
    assert_changed(base,
                   JOB "job_memory_limit = 1G\nguard_threads = 9\non_limit.guard_threads = stop\n"
                       "on_limit.job_memory_limit = restart\n",
                   "a.1", "on_limit.job_memory_limit:live on_limit.guard_threads:live ");
    assert_changed("[service]\njob_memory_limit = 1G\n" JOB,
                   "[service]\njob_memory_limit = 1G\non_limit.job_memory_limit = restart\n" JOB,
                   NULL, "on_limit.job_memory_limit:live ");
}

static void stop__that_needs_what_the_worker_was_not_given__respawns_it(void **state)
{
    (void)state;
    assert_changed(JOB, JOB "stop = event:5s, ctrl-c:10s\n", "a.1", "stop:respawn ");
    assert_changed(JOB, JOB "stop = stdin-eof:5s\n", "a.1", "stop:respawn ");
    assert_changed(JOB "stop = event:5s\n", JOB "stop = event:5s, stdin-eof:5s\n", "a.1",
                   "stop:respawn ");
    assert_changed(JOB "stop = event:5s\n", JOB "stop = ctrl-c:1s, event:6s\n", "a.1",
                   "stop:live ");
    assert_changed(JOB "stop = event:5s, stdin-eof:5s\n", JOB "stop = ctrl-c:1s\n", "a.1",
                   "stop:live ");
}

/* The job of the fleet would have to be above those that run. */
static void service__that_gets_its_first_limit__must_be_restarted(void **state)
{
    (void)state;
    static const char bare[] = JOB, one[] = "[service]\njob_memory_limit = 1G\n" JOB;
    assert_changed(bare, one, NULL, "job_memory_limit:restart-service ");
    assert_changed(bare, "[service]\nguard_threads = 5\non_limit = stop\n" JOB, NULL,
                   "guard_threads:restart-service on_limit:live ");
    assert_changed(one, bare, NULL, "job_memory_limit:relimit ");
    assert_changed(one, "[service]\njob_memory_limit = 1G\nactive_process_limit = 50\n" JOB, NULL,
                   "active_process_limit:relimit ");
    assert_changed(bare, "[service]\nstop_timeout = 1m\n" JOB, NULL, "stop_timeout:live ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(job__written_otherwise__is_the_same),
        cmocka_unit_test(job__with_other_instances_and_order__is_the_same_to_an_instance),
        cmocka_unit_test(job__changed_in_many_ways__costs_the_dearest_in_the_order_of_the_table),
        cmocka_unit_test(command__with_what_is_substituted__is_compared_as_it_is_run),
        cmocka_unit_test(environment__changed__is_told_by_its_names),
        cmocka_unit_test(env_file__with_other_contents__is_told_by_its_names),
        cmocka_unit_test(group__other_or_none__is_a_change_and_its_limits_are_not),
        cmocka_unit_test(reactions__changed__are_live_by_their_keys),
        cmocka_unit_test(stop__that_needs_what_the_worker_was_not_given__respawns_it),
        cmocka_unit_test(service__that_gets_its_first_limit__must_be_restarted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
