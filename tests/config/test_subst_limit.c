/* test_subst_limit.c - ${limit:KEY} in values: numbers, precedence, mistakes. */
#include "tests/config/fake.h"

#include "config/subst.h"

#include <string.h>

#define GIB (UINT64_C(1) << 30)

static const struct limits some = {
    .job_memory = 3 * GIB,
    .process_memory = UINT64_C(128) << 40,
    .working_set_max = 5000,
    .job_time = 90500,
    .active_process = 50,
    .cpu_rate_weight = 7,
    .guard_commit = {GIB, 60000},
    .guard_handles = {999, 0},
};

static void limit__as_a_number__is_rounded_down_to_its_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text, *becomes;
    } rows[] = {
        {"${limit:job_memory_limit}", "3221225472"},
        {"${limit:job_memory_limit:B}", "3221225472"},
        {"${limit:job_memory_limit:K}", "3145728"},
        {"${limit:job_memory_limit:M}", "3072"},
        {"${limit:job_memory_limit:m}", "3072"},
        {"${limit:job_memory_limit:75%}", "2415919104"},
        {"${limit:job_memory_limit:75%:M}", "2304"},
        {"${limit:job_memory_limit:50%:G}", "1"},
        {"${limit:job_memory_limit:100%:G}", "3"},
        {"${limit:job_memory_limit:33.333%}", "1073731086"},
        {"${limit:job_memory_limit:0.001%}", "32212"},
        {"${limit:process_memory_limit}", "140737488355328"},
        {"${limit:process_memory_limit:99.999%}", "140736080980444"},
        {"${limit:process_memory_limit:T}", "128"},
        {"${limit:working_set_max:K}", "4"},
        {"${limit:job_time_limit}", "90"},
        {"${limit:job_time_limit:s}", "90"},
        {"${limit:job_time_limit:ms}", "90500"},
        {"${limit:job_time_limit:50%}", "45"},
        {"${limit:job_time_limit:50%:ms}", "45250"},
        {"${limit:active_process_limit}", "50"},
        {"${limit:active_process_limit:5%}", "2"},
        {"${limit:cpu_rate_weight}", "7"},
        {"${limit:guard_commit:M}", "1024"},
        {"${limit:guard_handles:10%}", "99"},
        {"-Xmx${limit:job_memory_limit:75%:M}m -n${instance}", "-Xmx2304m -n7"},
        {"$${limit:job_memory_limit}", "${limit:job_memory_limit}"},
    };
    const struct subst s = {"web", "Fleet", "/conf", 7, NULL, &some, false};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        struct err e = {0};
        unsigned needs = 0;
        assert_int_equal(subst_scan(str_of(rows[i].text), ~0u, &needs, &e), ST_OK);
        assert_int_equal((needs & NEEDS_LIMIT) != 0, rows[i].text[1] != '$');
        if (subst_expand(str_of(rows[i].text), &s, &out, &e) != ST_OK)
            fail_msg("%s: %s", rows[i].text, e.text);
        assert_string_equal(buf_text(&out), rows[i].becomes);
        buf_free(&out);
    }
}

static void limit__that_is_written_wrong__is_refused_where_it_stands(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum st st;
        const char *said;
    } rows[] = {
        {"${limit:}", ST_SYNTAX, "${limit:} names nothing; write $${ for a plain ${"},
        {"${limit:job_memory_limt}", ST_NOTFOUND,
         "${limit:job_memory_limt}: there is no limit 'job_memory_limt'; did you mean "
         "${limit:job_memory_limit}?"},
        {"${limit:whatever}", ST_NOTFOUND,
         "${limit:whatever}: there is no limit 'whatever'; docs/limits.md lists the limits"},
        {"${limit::75%}", ST_NOTFOUND,
         "${limit::75%}: there is no limit ''; docs/limits.md lists the limits"},
        {"${limit:command}", ST_SYNTAX,
         "${limit:command}: command is not a limit; docs/limits.md lists the limits"},
        {"${limit:io_max_iops}", ST_SYNTAX,
         "${limit:io_max_iops}: io_max_iops is not a limit; docs/limits.md lists the limits"},
        {"${limit:cpu_rate_cap}", ST_SYNTAX,
         "${limit:cpu_rate_cap}: cpu_rate_cap is not one plain number, so no ${limit:...} can "
         "stand "
         "for it; a size, a time or a count can"},
        {"${limit:affinity}", ST_SYNTAX,
         "${limit:affinity}: affinity is not one plain number, so no ${limit:...} can stand for "
         "it; a size, a time or a count can"},
        {"${limit:job_memory_limit:0%}", ST_SYNTAX,
         "${limit:job_memory_limit:0%}: '0%' is not above 0% and at most 100%"},
        {"${limit:job_memory_limit:100.001%}", ST_SYNTAX,
         "${limit:job_memory_limit:100.001%}: '100.001%' is not above 0% and at most 100%"},
        {"${limit:job_memory_limit:1.2345%}", ST_SYNTAX,
         "${limit:job_memory_limit:1.2345%}: '1.2345%' is not a percentage; write it as 75% or "
         "12.5%"},
        {"${limit:job_memory_limit:%}", ST_SYNTAX,
         "${limit:job_memory_limit:%}: '%' is not a percentage; write it as 75% or 12.5%"},
        {"${limit:job_memory_limit:75}", ST_SYNTAX,
         "${limit:job_memory_limit:75}: '75' is neither a percentage nor a unit of "
         "job_memory_limit: B, K, M, G or T"},
        {"${limit:job_memory_limit:}", ST_SYNTAX,
         "${limit:job_memory_limit:}: '' is neither a percentage nor a unit of job_memory_limit: "
         "B, K, M, G or T"},
        {"${limit:job_memory_limit:s}", ST_SYNTAX,
         "${limit:job_memory_limit:s}: 's' is neither a percentage nor a unit of "
         "job_memory_limit: B, K, M, G or T"},
        {"${limit:job_time_limit:M}", ST_SYNTAX,
         "${limit:job_time_limit:M}: 'M' is neither a percentage nor a unit of job_time_limit: s "
         "or ms"},
        {"${limit:active_process_limit:K}", ST_SYNTAX,
         "${limit:active_process_limit:K}: 'K' is not a percentage, and active_process_limit is a "
         "count, without a unit"},
        {"${limit:job_memory_limit:75%:M:x}", ST_SYNTAX,
         "${limit:job_memory_limit:75%:M:x}: ':x' is too much; write ${limit:KEY:75%:UNIT}"},
        {"${limit:job_memory_limit:M:75%}", ST_SYNTAX,
         "${limit:job_memory_limit:M:75%}: ':75%' is too much; write ${limit:KEY:75%:UNIT}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        unsigned needs = 0;
        assert_int_equal(subst_scan(str_of(rows[i].text), ~0u, &needs, &e), rows[i].st);
        assert_string_equal(e.text, rows[i].said);
        assert_int_equal(needs, 0);
    }
}

static void limit__of_an_instance__is_that_of_its_job_wherever_it_was_said(void **state)
{
    (void)state;
    struct config *c =
        load_good("[service]\njob_memory_limit = 64G\n[group:g]\njob_memory_limit = 32G\n"
                  "[defaults]\nenv.MB = ${limit:job_memory_limit:50%:M}\njob_memory_limit = 1G\n"
                  "[template:big]\njob_memory_limit = 4G\n"
                  "[job:a]\ncommand = x -m ${limit:job_memory_limit}\ngroup = g\n"
                  "[job:b]\nextends = big\ncommand = x\nhook_exit = y ${limit:job_memory_limit:M}\n"
                  "[job:c]\nextends = big\njob_memory_limit = 2G\ncommand = x\n"
                  "stdout = out-${limit:job_memory_limit:G}.log\n");
    assert_string_equal(spec_of(c, "a.1")->command, "x -m 1073741824");
    assert_string_equal(spec_of(c, "a.1")->env.var[0].value, "512");
    assert_string_equal(spec_of(c, "b.1")->env.var[0].value, "2048");
    assert_string_equal(spec_of(c, "b.1")->hook_exit, "y 4096");
    assert_string_equal(spec_of(c, "c.1")->env.var[0].value, "1024");
    assert_string_equal(spec_of(c, "c.1")->out, "out-2.log");
    config_free(c);
}

static void limit__that_differs_between_instances__is_that_of_each(void **state)
{
    (void)state;
    struct config *c = load_good(
        "[job:a]\ninstances = 3\ncommand = x ${limit:guard_handles} ${limit:guard_threads}"
        "\nguard_handles = ${instance}00\nguard_threads = 7\nhook_limit = y "
        "${limit:guard_handles}\non_limit = hook\nenv.H = ${limit:guard_handles:50%}\n");
    assert_string_equal(spec_of(c, "a.1")->command, "x 100 7");
    assert_string_equal(spec_of(c, "a.3")->command, "x 300 7");
    assert_string_equal(spec_of(c, "a.3")->limits.hook_limit, "y 300");
    assert_string_equal(spec_of(c, "a.1")->env.var[0].value, "50");
    assert_string_equal(spec_of(c, "a.3")->env.var[0].value, "150");
    config_free(c);
    c = load_good("[job:a]\ninstances = 2\njob_memory_limit = 1G\n"
                  "command = x ${limit:job_memory_limit:G}\ndirectory = d${instance}-"
                  "${limit:job_memory_limit:M}\n");
    assert_ptr_equal(spec_of(c, "a.1")->command, spec_of(c, "a.2")->command); /* made once */
    assert_string_equal(spec_of(c, "a.2")->directory, "d2-1024");
    config_free(c);
}

static void limit__that_is_not_set__is_an_error_that_names_it_and_the_job(void **state)
{
    (void)state;
    assert_said("[group:g]\njob_memory_limit = 1G\n"
                "[job:web]\ngroup = g\ncommand = x ${limit:job_memory_limit:75%:M}\n",
                "jobs.ini:5: error[unknown-variable]: command: job_memory_limit is not set for job "
                "web, so ${limit:job_memory_limit:75%:M} has no value; set it, or leave the "
                "variable out\n");
    assert_said("[template:t]\njob_memory_limit = 1G\n[job:web]\nextends = t\n"
                "job_memory_limit = none\ncommand = x\nenv.M = ${limit:job_memory_limit}\n",
                "jobs.ini:7: error[unknown-variable]: env.M: job_memory_limit is not set for job "
                "web, so ${limit:job_memory_limit} has no value; set it, or leave the variable "
                "out\n");
}

static void limit__of_which_nothing_is_left__is_an_error(void **state)
{
    (void)state;
    assert_said("[job:web]\njob_memory_limit = 512M\ncommand = x ${limit:job_memory_limit:G}\n",
                "jobs.ini:3: error[bad-substitution]: command: ${limit:job_memory_limit:G} is less "
                "than 1G for job web; write a smaller unit behind it\n");
    assert_said(
        "[job:web]\nactive_process_limit = 5\ncommand = x "
        "${limit:active_process_limit:10%}\n",
        "jobs.ini:3: error[bad-substitution]: command: ${limit:active_process_limit:10%} is "
        "less than 1 for job web; raise the share\n");
}

/* One mistake, one line. */
static void limit__that_is_itself_a_mistake__is_not_said_to_be_missing(void **state)
{
    (void)state;
    assert_said("[job:web]\njob_memory_limit = 1X\ncommand = x ${limit:job_memory_limit}\n"
                "env.A = ${limit:job_memory_limit}\n",
                "jobs.ini:2: error[bad-value]: job_memory_limit: '1X' is not a size limit; write "
                "none, a number of bytes, or one with K, M, G or T (1024-based), such as 512M\n");
    assert_said("[job:web]\njob_memory_limit = 1G\ncommand = x ${limit:job_memory_limit:x}\n",
                "jobs.ini:3: error[bad-substitution]: command: ${limit:job_memory_limit:x}: 'x' is "
                "neither a percentage nor a unit of job_memory_limit: B, K, M, G or T\n");
}

static void limit__where_no_job_is_or_in_a_limit__is_refused(void **state)
{
    (void)state;
    assert_said(
        "[service]\nlog_file = ${limit:job_memory_limit}\njob_memory_limit = 1G\n"
        "[group:g]\njob_memory_limit = 1G\nhook_limit = x ${limit:job_memory_limit}\n"
        "on_limit = hook\nnotify_job_memory_high = 1M\n"
        "[job:a]\ncommand = x\ngroup = g\njob_memory_limit = 1G\n"
        "notify_job_memory_high = ${limit:job_memory_limit:80%}\ninstances = ${limit:job_time}\n",
        "jobs.ini:2: error[bad-substitution]: log_file: ${limit:job_memory_limit} is not known "
        "here; it is known in a job only\n"
        "jobs.ini:6: error[bad-substitution]: hook_limit: ${limit:job_memory_limit} is not known "
        "here; it is known in a job only\n"
        "jobs.ini:13: error[bad-substitution]: notify_job_memory_high: "
        "${limit:job_memory_limit:80%} cannot stand here, as no limit is made from another one; "
        "write the value itself\n"
        "jobs.ini:14: error[bad-substitution]: instances: no ${...} is replaced here; write the "
        "value itself\n");
}

static void limit__in_what_nobody_uses__is_checked_as_far_as_it_can_be(void **state)
{
    (void)state;
    assert_said("[template:t]\nmin_uptime = ${limit:job_time_limit}\nhook_exit = ${limit:nothing}\n"
                "[job:a]\ncommand = x\n",
                "jobs.ini:3: error[unknown-variable]: hook_exit: ${limit:nothing}: there is no "
                "limit 'nothing'; docs/limits.md lists the limits\n");
}

static void limit__in_any_value__is_shown_as_the_number_it_is(void **state)
{
    (void)state;
    struct config *c = load_good("[job:a]\ncommand = x\njob_time_limit = 2m\n"
                                 "min_uptime = ${limit:job_time_limit:50%}\n"
                                 "env.N = ${limit:job_time_limit}\n");
    struct buf out = {0};
    config_print(c, &out);
    assert_non_null(strstr(buf_text(&out), "\n  min_uptime = 1m\n"));
    assert_non_null(strstr(buf_text(&out), "\n  env.N = 120\n"));
    buf_free(&out);
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit__as_a_number__is_rounded_down_to_its_unit),
        cmocka_unit_test(limit__that_is_written_wrong__is_refused_where_it_stands),
        cmocka_unit_test(limit__of_an_instance__is_that_of_its_job_wherever_it_was_said),
        cmocka_unit_test(limit__that_differs_between_instances__is_that_of_each),
        cmocka_unit_test(limit__that_is_not_set__is_an_error_that_names_it_and_the_job),
        cmocka_unit_test(limit__of_which_nothing_is_left__is_an_error),
        cmocka_unit_test(limit__that_is_itself_a_mistake__is_not_said_to_be_missing),
        cmocka_unit_test(limit__where_no_job_is_or_in_a_limit__is_refused),
        cmocka_unit_test(limit__in_what_nobody_uses__is_checked_as_far_as_it_can_be),
        cmocka_unit_test(limit__in_any_value__is_shown_as_the_number_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
