/* test_subst.c - ${...} in values. */
#include "tests/config/fake.h"

#include "config/subst.h"

#include <stdlib.h>
#include <string.h>

static const struct env_var variables[] = {
    {"HOME", "/home/a"}, {"LINES", "a\nb"}, {"LATIN", "\xE9"}, {"PADDED", "  x  "}, {NULL, NULL}};

static void substitution__of_every_variable__gives_its_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *becomes;
        unsigned needs;
    } rows[] = {
        {"plain", "plain", NEEDS_NOTHING},
        {"${job}.${instance}", "web.7", NEEDS_JOB | NEEDS_INSTANCE},
        {"${service}", "Fleet", NEEDS_SERVICE},
        {"<${config_dir}>", "</conf>", NEEDS_WORLD},
        {"${env:HOME}/x", "/home/a/x", NEEDS_WORLD},
        {"$$", "$", NEEDS_READING},
        {"$${job}", "${job}", NEEDS_READING},
        {"$$${job}", "$web", NEEDS_READING | NEEDS_JOB},
        {"$x $1 $ %PATH% $", "$x $1 $ %PATH% $", NEEDS_NOTHING},
        {"", "", NEEDS_NOTHING},
    };
    struct fake f = {.env = variables};
    struct source source = fake_source(&f);
    struct subst s = {"web", "Fleet", "/conf", 7, &source, NULL, false};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        struct err e = {0};
        unsigned needs = 0;
        assert_int_equal(subst_scan(str_of(rows[i].text), ~0u, &needs, &e), ST_OK);
        assert_int_equal(needs, rows[i].needs);
        assert_int_equal(subst_expand(str_of(rows[i].text), &s, &out, &e), ST_OK);
        assert_string_equal(buf_text(&out), rows[i].becomes);
        buf_free(&out);
    }
}

static void said(const char *command, const char *expected)
{
    struct buf text = {0}, all = {0};
    buf_f(&text, "[job:a]\ncommand = %s\n", command);
    buf_f(&all, "jobs.ini:2: error[%s\n", expected);
    const struct fake_file files[] = {{"jobs.ini", buf_text(&text), 0, ST_OK}, {0}};
    struct fake f = {.file = files, .env = variables};
    struct config *c = NULL;
    struct buf got = fake_load(&f, &c);
    assert_string_equal(buf_text(&got), buf_text(&all));
    buf_free(&got);
    buf_free(&text);
    buf_free(&all);
}

static void substitution__that_is_wrong__is_refused_with_a_hint(void **state)
{
    (void)state;
    said("x ${job",
         "bad-substitution]: command: '${job' is not closed; add '}', or write $${ for a "
         "plain ${");
    said("x ${}", "bad-substitution]: command: ${} names nothing; write $${ for a plain ${");
    said("x ${env:}",
         "bad-substitution]: command: ${env:} names nothing; write $${ for a plain ${");
    said("x ${env:${job}}",
         "bad-substitution]: command: ${env:${job} is nested or not closed; a ${...} "
         "holds no other");
    said("x ${instnace}",
         "unknown-variable]: command: there is no ${instnace}; did you mean ${instance}?");
    said("x ${hostname}",
         "unknown-variable]: command: there is no ${hostname}; write ${job}, "
         "${instance}, ${service}, ${config_dir}, ${env:NAME} or ${limit:KEY}, and $${ for a plain "
         "${");
    said("x ${env:NOPE}", "unknown-variable]: command: ${env:NOPE}: there is no such environment "
                          "variable; set it for the account that runs the service");
    said("x ${env:LINES}", "bad-value]: command: the value holds a control character (0x0A)");
    said("x ${env:LATIN}", "bad-value]: command: the value is not valid UTF-8");
}

static void substitution__where_no_job_is__is_refused(void **state)
{
    (void)state;
    assert_said(
        "[service]\nname = ${service}\nlog_file = ${job}.log\n[job:a]\ncommand = x\n"
        "instances = ${env:N}\n",
        "jobs.ini:2: error[bad-substitution]: name: ${service} is not known here; it is known "
        "in the values of other keys only\n"
        "jobs.ini:3: error[bad-substitution]: log_file: ${job} is not known here; it is known "
        "in a job only\n"
        "jobs.ini:6: error[bad-substitution]: instances: no ${...} is replaced here; write the "
        "value itself\n");
}

static void substitution__whose_result_is_huge__is_refused_not_cut(void **state)
{
    (void)state;
    enum { BIG = 60000, TIMES = 3000 };
    char *big = malloc(BIG + 1);
    struct buf text = {0};
    assert_non_null(big);
    memset(big, 'x', BIG);
    big[BIG] = '\0';
    const struct env_var env[] = {{"BIG", big}, {NULL, NULL}};
    buf_z(&text, "[job:a]\ncommand = x\nenv.A = ");
    for (int i = 0; i < TIMES; i++)
        buf_z(&text, "${env:BIG}");
    const struct fake_file files[] = {{"jobs.ini", buf_text(&text), 0, ST_OK}, {0}};
    struct fake f = {.file = files, .env = env};
    struct config *c = NULL;
    struct buf got = fake_load(&f, &c);
    assert_string_equal(buf_text(&got),
                        "jobs.ini:3: error[value-too-long]: env.A: the value has more than 131072 "
                        "bytes with its ${...} replaced\n");
    buf_free(&got);
    buf_free(&text);
    free(big);
}

static void instances__of_a_value_with_their_number__differ_in_it_alone(void **state)
{
    (void)state;
    struct config *c = load_good("[service]\nname = Fleet\n[job:web]\ninstances = 3\n"
                                 "first_instance = 9\ncommand = w --port 80${instance}\n"
                                 "directory = ${service}/${job}\nenv.N = ${instance}\n");
    assert_int_equal(c->n, 3);
    assert_string_equal(c->job[0].command, "w --port 809");
    assert_string_equal(c->job[2].command, "w --port 8011");
    assert_string_equal(c->job[2].out, "logs/Fleet.web.11.log");
    assert_string_equal(c->job[2].unit, "web.11");
    assert_string_equal(c->job[2].env.var[0].value, "11");
    assert_string_equal(c->job[1].directory, "Fleet/web");
    assert_ptr_equal(c->job[0].directory, c->job[2].directory); /* made once */
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(substitution__of_every_variable__gives_its_text),
        cmocka_unit_test(substitution__that_is_wrong__is_refused_with_a_hint),
        cmocka_unit_test(substitution__where_no_job_is__is_refused),
        cmocka_unit_test(substitution__whose_result_is_huge__is_refused_not_cut),
        cmocka_unit_test(instances__of_a_value_with_their_number__differ_in_it_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
