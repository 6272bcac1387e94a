/* test_include.c - files that include files. */
#include "tests/config/fake.h"

#include <string.h>

#define JOB(name) "[job:" name "]\ncommand = x\n"

static void include__of_patterns_and_names__reads_them_sorted_where_they_stand(void **state)
{
    (void)state;
    const struct fake_file files[] = {
        {"jobs.ini", JOB("a") "[include]\nfiles = jobs.d/*.ini, z.ini\n" JOB("m"), 0, ST_OK},
        {"jobs.d/2.ini", JOB("two"), 0, ST_OK},
        {"jobs.d/1.ini", JOB("one") "[include]\nfiles = deep.inc\n", 0, ST_OK},
        {"jobs.d/deep.inc", JOB("deep"), 0, ST_OK},
        {"jobs.d/ignored.txt", "nonsense", 0, ST_OK},
        {"z.ini", JOB("z"), 0, ST_OK},
        {0}};
    static const char *const order[] = {"a", "one", "deep", "two", "z", "m"};
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    assert_string_equal(buf_text(&said), "");
    assert_int_equal(c->n, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(c->job[i].job, order[i]);
    assert_string_equal(c->job[1].at.file, "jobs.d/1.ini");
    assert_string_equal(c->job[2].at.file, "jobs.d/deep.inc");
    buf_free(&said);
    config_free(c);
}

static void include__that_is_not_there__is_an_error_and_an_empty_pattern_a_warning(void **state)
{
    (void)state;
    const struct fake_file files[] = {
        {"x/jobs.ini", JOB("a") "[include]\nfiles = none.ini, d/*.ini, locked.ini\n", 0, ST_OK},
        {"x/locked.ini", "", 0, ST_DENIED},
        {0}};
    assert_files_said(files,
                      "x/jobs.ini:4: error[missing-include]: 'x/none.ini' does not exist; included "
                      "files are named relative to the file that includes them\n"
                      "x/jobs.ini:4: warning[empty-include]: no file matches 'x/d/*.ini'\n"
                      "x/jobs.ini:4: error[unreadable-file]: 'x/locked.ini': it cannot be read\n");
}

static void include__of_itself__is_a_cycle_with_its_way(void **state)
{
    (void)state;
    const struct fake_file files[] = {{"jobs.ini", JOB("a") "[include]\nfiles = b.ini\n", 0, ST_OK},
                                      {"b.ini", "[include]\nfiles = sub/../C.ini\n", 0, ST_OK},
                                      {"C.ini", "[include]\nfiles = b.ini\n", 0, ST_OK},
                                      {0}};
    assert_files_said(files,
                      "sub/../C.ini:2: error[include-cycle]: the file includes itself: b.ini -> "
                      "sub/../C.ini -> sub/../b.ini\n");
    const struct fake_file own[] = {{"jobs.ini", JOB("a") "[include]\nfiles = *.ini\n", 0, ST_OK},
                                    {0}};
    assert_files_said(own,
                      "jobs.ini:4: error[include-cycle]: the file includes itself: jobs.ini -> "
                      "jobs.ini\n");
}

static void include__of_a_file_twice__is_one_mistake(void **state)
{
    (void)state;
    const struct fake_file files[] = {
        {"jobs.ini", "[include]\nfiles = a.ini, *.inc\n[include]\nfiles = a.ini\n", 0, ST_OK},
        {"a.ini", JOB("a"), 0, ST_OK},
        {"b.inc", JOB("b"), 0, ST_OK},
        {0}};
    assert_files_said(files, "jobs.ini:4: error[repeated-include]: 'a.ini' is included already, at "
                             "jobs.ini:2; include it once\n");
}

static void include__too_deep__is_refused(void **state)
{
    (void)state;
    enum { DEEP = 20 };
    static char path[DEEP + 2][16], text[DEEP + 2][64];
    struct fake_file files[DEEP + 2] = {{0}};
    struct buf b = {0};
    for (int i = 0; i <= DEEP; i++) {
        buf_reset(&b);
        buf_f(&b, "%d.ini", i);
        memcpy(path[i], buf_text(&b), b.n + 1);
        buf_reset(&b);
        buf_f(&b, i ? "[include]\nfiles = %d.ini\n" : JOB("a") "[include]\nfiles = %d.ini\n",
              i + 1);
        memcpy(text[i], buf_text(&b), b.n + 1);
        files[i] = (struct fake_file){path[i], text[i], 0, ST_OK};
    }
    assert_files_said(files,
                      "16.ini:2: error[include-depth]: '17.ini' is included more than 16 levels "
                      "deep\n");
    buf_free(&b);
}

static void mistakes__in_every_file__are_all_said(void **state)
{
    (void)state;
    const struct fake_file files[] = {
        {"jobs.ini", "[job:a]\ncomand = x\n[include]\nfiles = b.ini\nfile = c.ini\n[job:a]\n", 0,
         ST_OK},
        {"b.ini", "stray = 1\n[job:A]\nrestart = 5\n[service]\nname = -\n", 0, ST_OK},
        {0}};
    assert_files_said(
        files,
        "jobs.ini:2: error[unknown-key]: unknown key 'comand'; did you mean 'command'?\n"
        "jobs.ini:5: error[unknown-key]: unknown key 'file'; did you mean 'files'?\n"
        "jobs.ini:6: error[repeated-section]: [job:a] is there already, at jobs.ini:1; join the "
        "two\n"
        "b.ini:1: error[key-outside-section]: 'stray' stands above the first section; begin with "
        "[job:NAME]\n"
        "b.ini:2: error[repeated-section]: [job:A] has the same name as [job:a], at "
        "jobs.ini:1, as upper and lower case are alike; rename one\n"
        "b.ini:3: error[bad-value]: restart: '5' is not one of its words; write always, "
        "on-failure, "
        "on-abnormal or never\n"
        "b.ini:5: error[bad-value]: name: '-' is not a name; write letters, digits, '-' and '_', a "
        "letter or digit first, at most 63\n");
}

static void pattern__with_a_wildcard_in_a_folder__is_refused(void **state)
{
    (void)state;
    assert_said(
        JOB("a") "[include]\nfiles = */x.ini\n[include]\nfiles =\n",
        "jobs.ini:4: error[bad-value]: files: '*/x.ini' has a wildcard in a folder's name; only "
        "the last part may have one\n"
        "jobs.ini:6: error[bad-value]: files: no value is given; write paths separated by "
        "commas, relative to the file they stand in; '*' and '?' in the last part match "
        "many\n");
}

static void pattern__with_a_variable__is_replaced(void **state)
{
    (void)state;
    const struct env_var env[] = {{"SITE", "north"}, {NULL, NULL}};
    const struct fake_file files[] = {
        {"jobs.ini", "[include]\nfiles = ${config_dir}/${env:SITE}.ini\n", 0, ST_OK},
        {"north.ini", JOB("n"), 0, ST_OK},
        {0}};
    struct fake f = {.file = files, .env = env};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    assert_string_equal(buf_text(&said), "");
    assert_string_equal(c->job[0].at.file, "/conf/north.ini");
    buf_free(&said);
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(include__of_patterns_and_names__reads_them_sorted_where_they_stand),
        cmocka_unit_test(include__that_is_not_there__is_an_error_and_an_empty_pattern_a_warning),
        cmocka_unit_test(include__of_itself__is_a_cycle_with_its_way),
        cmocka_unit_test(include__of_a_file_twice__is_one_mistake),
        cmocka_unit_test(include__too_deep__is_refused),
        cmocka_unit_test(mistakes__in_every_file__are_all_said),
        cmocka_unit_test(pattern__with_a_wildcard_in_a_folder__is_refused),
        cmocka_unit_test(pattern__with_a_variable__is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
