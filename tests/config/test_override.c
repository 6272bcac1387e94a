/* test_override.c - values that were set by command. */
#include "tests/config/fake.h"

#include "config/origin.h"
#include "config/plan.h"

#include <string.h>

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

static const char base[] = "[defaults]\nlog_keep = 1\nenv.A = d\n[group:g]\njob_memory_limit = 4G\n"
                           "[job:web]\ncommand = x\ninstances = 2\nenv.A = 1\nenv.B = 2\n"
                           "job_memory_limit = 512M\ngroup = g\n[job:api]\ncommand = y\n";

/* Loads TEXT with O[0..N); *said what is said, which the caller frees. */
static struct config *load_with(const char *text, const struct override *o, size_t n,
                                struct buf *said)
{
    const struct fake_file files[] = {{"jobs.ini", text, 0, ST_OK}, {0}};
    struct fake f = {.file = files};
    const struct source source = fake_source(&f);
    struct diags *d = diags_new();
    struct config *c = NULL;
    enum st st = config_load_with("jobs.ini", &source, o, n, &c, d);
    assert_int_equal(st == ST_OK, diag_errors(d) == 0);
    assert_int_equal(st == ST_OK, c != NULL);
    *said = (struct buf){0};
    diags_print(d, said);
    diags_free(d);
    return c;
}

static struct config *load_set(const struct override *o, size_t n)
{
    struct buf said;
    struct config *c = load_with(base, o, n, &said);
    assert_string_equal(buf_text(&said), "");
    buf_free(&said);
    return c;
}

/* What is said when VALUE is set for KEY of the job, or group, NAME. */
static void assert_set_said(struct override o, const char *expected)
{
    struct buf said;
    struct config *c = load_with(base, &o, 1, &said);
    assert_string_equal(buf_text(&said), expected);
    buf_free(&said);
    config_free(c);
}

static void override__of_a_key_that_is_written__replaces_it_in_that_job_alone(void **state)
{
    (void)state;
    static const struct override o[] = {{"web", false, "job_memory_limit", " 1G "},
                                        {"web", false, "log_keep", "7"},
                                        {"g", true, "job_memory_limit", "8G"}};
    struct config *c = load_set(o, COUNT_OF(o));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(c->job[i].limits.job_memory, UINT64_C(1) << 30);
        assert_int_equal(c->job[i].log_keep, 7);
    }
    assert_int_equal(spec_of(c, "api.1")->log_keep, 1);
    assert_int_equal(c->group[0].limits.job_memory, UINT64_C(8) << 30);
    config_free(c);
}

static void override__of_a_variable_or_a_reaction__replaces_the_one_of_that_name(void **state)
{
    (void)state;
    static const struct override o[] = {{"web", false, "env.a", "9"},
                                        {"web", false, "on_limit.job_memory_limit", "restart"},
                                        {"web", false, "env.C", "${job}"}};
    struct config *c = load_set(o, COUNT_OF(o));
    const struct job_spec *s = spec_of(c, "web.1");
    assert_int_equal(s->env.n, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct env_var *v = &s->env.var[i];
        assert_string_equal(v->value, strcmp(v->name, "a") == 0   ? "9"
                                      : strcmp(v->name, "B") == 0 ? "2"
                                                                  : "web");
    }
    assert_int_equal(s->limits.on_limit_key[LIMIT_JOB_MEMORY], REACTION_RESTART);
    config_free(c);
}

static void override__of_what_the_job_is__holds_too(void **state)
{
    (void)state;
    static const struct override o[] = {{"web", false, "instances", "3"},
                                        {"web", false, "after", "api"},
                                        {"web", false, "group", "none"},
                                        {"api", false, "enabled", "no"},
                                        {"g", true, "affinity", "0-3"}};
    struct config *c = NULL;
    struct buf said;
    c = load_with(base, o, COUNT_OF(o), &said);
    assert_int_equal(c->n, 3);
    assert_int_equal(c->disabled, 1);
    assert_int_equal(c->definition[0].deps.n, 1);
    assert_null(c->job[0].group);
    buf_free(&said);
    config_free(c);
}

static void overrides__of_one_key__leave_the_last(void **state)
{
    (void)state;
    static const struct override o[] = {{"web", false, "log_keep", "nonsense"},
                                        {"web", false, "log_keep", "3"}};
    struct config *c = load_set(o, COUNT_OF(o));
    assert_int_equal(c->job[0].log_keep, 3);
    config_free(c);
}

static void overrides__that_hold__are_kept_with_the_configuration(void **state)
{
    (void)state;
    char key[] = "log_keep", value[] = "7";
    const struct override o[] = {{"WEB", false, key, value}};
    struct config *c = load_set(o, 1);
    memset(key, 'x', 4);
    memset(value, 'x', 1);
    assert_int_equal(c->overrides, 1);
    assert_string_equal(c->override[0].section_name, "web");
    assert_string_equal(c->override[0].key, "log_keep");
    assert_string_equal(c->override[0].value, "7");
    assert_false(c->override[0].group);
    assert_int_equal(c->job[0].log_keep, 7);
    config_free(c);
    c = load_set(NULL, 0);
    assert_int_equal(c->overrides, 0);
    config_free(c);
}

static void override__with_a_mistake__is_told_as_of_a_written_line(void **state)
{
    (void)state;
    assert_set_said((struct override){"wbe", false, "log_keep", "1"},
                    "set: error[unknown-job]: there is no job 'wbe'; did you mean 'web'?\n");
    assert_set_said((struct override){"nothing", true, "affinity", "1"},
                    "set: error[unknown-group]: there is no group 'nothing'\n");
    assert_set_said((struct override){"web", false, "log_kep", "1"},
                    "set: error[unknown-key]: unknown key 'log_kep'; did you mean 'log_keep'?\n");
    assert_set_said((struct override){"g", true, "log_keep", "1"},
                    "set: error[misplaced-key]: 'log_keep' is not a key of [group]; it belongs in "
                    "[job:NAME]\n");
    assert_set_said((struct override){"web", false, "user", "me"},
                    "set: error[not-supported]: 'user' is not supported yet\n");
    assert_set_said((struct override){"web", false, "log_keep", "many"},
                    "set: error[bad-value]: log_keep: 'many' is not a number; write a whole number "
                    "in decimal digits\n");
    assert_set_said((struct override){"web", false, "directory", "${jbo}"},
                    "set: error[unknown-variable]: directory: there is no ${jbo}; did you mean "
                    "${job}?\n");
    assert_set_said((struct override){"web", false, "directory", "a\nb"},
                    "set: error[syntax]: a value has one line\n");
    assert_set_said((struct override){"web", false, "env.A", "a\x01"},
                    "set: error[control-character]: a control character (0x01) at column 2; remove "
                    "it\n");
    assert_set_said((struct override){"web", false, "", "1"},
                    "set: error[syntax]: there is no key before the '='\n");
    assert_set_said((struct override){"web", false, "extends", "nobody"},
                    "set: error[unknown-template]: there is no template 'nobody'; add "
                    "[template:nobody]\n");
}

static void override__in_a_plan__has_the_place_set_and_back_that_of_the_file(void **state)
{
    (void)state;
    static const struct override o[] = {{"web", false, "job_memory_limit", "1G"}};
    struct config *was = load_set(NULL, 0), *is = load_set(o, 1);
    struct plan p = {0}, back = {0};
    assert_int_equal(plan_make(was, is, &p, NULL), ST_OK);
    assert_int_equal(plan_make(is, was, &back, NULL), ST_OK);
    assert_int_equal(p.n, 1);
    assert_string_equal(p.line[0].text,
                        "set: job web: job_memory_limit 512M -> 1G: relimit, no restart");
    assert_int_equal(p.relimit, 2);
    assert_string_equal(back.line[0].text,
                        "jobs.ini:11: job web: job_memory_limit 1G -> 512M: relimit, no restart");
    plan_free(&p);
    plan_free(&back);
    config_free(was);
    config_free(is);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(override__of_a_key_that_is_written__replaces_it_in_that_job_alone),
        cmocka_unit_test(override__of_a_variable_or_a_reaction__replaces_the_one_of_that_name),
        cmocka_unit_test(override__of_what_the_job_is__holds_too),
        cmocka_unit_test(overrides__of_one_key__leave_the_last),
        cmocka_unit_test(overrides__that_hold__are_kept_with_the_configuration),
        cmocka_unit_test(override__with_a_mistake__is_told_as_of_a_written_line),
        cmocka_unit_test(override__in_a_plan__has_the_place_set_and_back_that_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
