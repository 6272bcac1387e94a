/* test_env.c - the environment of a job, from four levels. */
#include "tests/config/fake.h"

#include <string.h>

/* "A=1 B=2", in the order of the spec. */
static void assert_env(const struct job_spec *s, const char *expected)
{
    struct buf out = {0};
    for (uint32_t i = 0; i < s->env.n; i++)
        buf_f(&out, "%s%s=%s", i ? " " : "", s->env.var[i].name, s->env.var[i].value);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void variables__of_all_levels__add_up_the_strongest_last(void **state)
{
    (void)state;
    const struct fake_file files[] = {
        {"x/jobs.ini",
         "[defaults]\nenv.D = d\nenv.Shared = d\nenv_file = e/base.env\n"
         "[template:t]\nenv.T = t\nenv.SHARED = t\n"
         "[job:a]\nextends = t\ncommand = x\nenv.J = ${job}\nenv.FILE = job\nenv.Empty =\n"
         "[job:b]\ncommand = x\n[job:c]\ncommand = x\nenv_file =\n",
         0, ST_OK},
        {"x/e/base.env",
         "\xEF\xBB\xBF# comment\r\n\r\nFILE = of file\r\n; more\nshared=f\nRAW=\"${job}\" $$\n"
         "EQ=a=b\n",
         0, ST_OK},
        {0}};
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    assert_string_equal(buf_text(&said), "");
    assert_env(spec_of(c, "a.1"), "RAW=\"${job}\" $$ EQ=a=b D=d T=t SHARED=t J=a FILE=job Empty=");
    assert_env(spec_of(c, "b.1"), "FILE=of file RAW=\"${job}\" $$ EQ=a=b D=d Shared=d");
    assert_env(spec_of(c, "c.1"), "D=d Shared=d");
    assert_int_equal(f.reads, 2); /* the file of variables once, for all jobs */
    buf_free(&said);
    config_free(c);
}

static void file__with_mistakes__names_them_at_their_lines(void **state)
{
    (void)state;
    const struct fake_file files[] = {
        {"jobs.ini", "[defaults]\nenv_file = a.env\n[job:a]\ncommand = x\n[job:b]\ncommand = y\n",
         0, ST_OK},
        {"a.env", "A=1\nnonsense\n=2\na=3\nJobwarden_Job=x\nB=\xFF\n", 0, ST_OK},
        {0}};
    assert_files_said(
        files,
        "a.env:2: error[syntax]: 'nonsense' is not NAME=VALUE; begin comments with '#'\n"
        "a.env:3: error[syntax]: '=2' is not NAME=VALUE; begin comments with '#'\n"
        "a.env:4: error[repeated-key]: 'a' is there already, at line 1; remove one\n"
        "a.env:5: error[reserved-name]: 'Jobwarden_Job': variables that begin with JOBWARDEN_ "
        "are set by Jobwarden itself\n"
        "a.env:6: error[not-utf-8]: byte 0xFF at column 3 is not UTF-8; save the file as "
        "UTF-8\n");
}

static void file__that_cannot_be_read__is_said_where_it_is_named(void **state)
{
    (void)state;
    const struct fake_file files[] = {
        {"jobs.ini",
         "[job:a]\ncommand = x\nenv_file = none.env\n[job:b]\ncommand = x\n"
         "env_file = ${job}.env\n",
         0, ST_OK},
        {"b.env", "A\0=\0", 4, ST_OK},
        {0}};
    assert_files_said(files,
                      "jobs.ini:3: error[unreadable-file]: env_file: 'none.env': there is no such "
                      "file\n"
                      "b.env: error[utf-16]: the file is UTF-16 text (Notepad calls it Unicode); "
                      "save it as UTF-8\n");
}

static void variable__that_is_ours__is_refused(void **state)
{
    (void)state;
    assert_said(
        "[job:a]\ncommand = x\nenv.jobwarden_instance = 3\n",
        "jobs.ini:3: error[reserved-name]: 'env.jobwarden_instance': variables that begin with "
        "JOBWARDEN_ are set by Jobwarden itself\n");
}

static void variables__that_need_the_instance__are_made_for_each(void **state)
{
    (void)state;
    struct config *c = load_good("[job:a]\ncommand = x\ninstances = 2\nenv.PORT = 80${instance}\n"
                                 "[job:b]\ncommand = x\ninstances = 2\nenv.PORT = 80\n");
    assert_env(spec_of(c, "a.1"), "PORT=801");
    assert_env(spec_of(c, "a.2"), "PORT=802");
    assert_ptr_equal(spec_of(c, "b.1")->env.var, spec_of(c, "b.2")->env.var);
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variables__of_all_levels__add_up_the_strongest_last),
        cmocka_unit_test(file__with_mistakes__names_them_at_their_lines),
        cmocka_unit_test(file__that_cannot_be_read__is_said_where_it_is_named),
        cmocka_unit_test(variable__that_is_ours__is_refused),
        cmocka_unit_test(variables__that_need_the_instance__are_made_for_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
