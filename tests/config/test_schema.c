/* test_schema.c - audits of the table. */
#include "tests/config/values.h"

#include <string.h>

static void schema__as_it_stands__is_sorted_and_without_repeats(void **state)
{
    (void)state;
    for (size_t i = 1; i < schema_count; i++) {
        int c = (int)schema[i - 1].section - (int)schema[i].section;
        if (c == 0)
            c = strcmp(schema[i - 1].key, schema[i].key);
        if (c >= 0)
            fail_msg("%s stands before %s", schema[i - 1].key, schema[i].key);
    }
}

static void schema__every_row__is_found_by_its_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < schema_count; i++)
        assert_ptr_equal(schema_find(schema[i].section, str_of(schema[i].key)), &schema[i]);
    assert_string_equal(schema_find(SECTION_JOB, STR("env.Path"))->key, "env.NAME");
    assert_string_equal(schema_find(SECTION_JOB, STR("env.a.b"))->key, "env.NAME");
    assert_string_equal(schema_find(SECTION_JOB, STR("on_limit.x"))->key, "on_limit.KEY");
    assert_non_null(schema_find(SECTION_SERVICE, STR("job_memory_limit")));
    assert_non_null(schema_find(SECTION_GROUP, STR("on_limit.x")));
    static const char *const none[] = {"",       "env", "env.",   "envx",
                                       "stop.x", "zzz", "comman", "commands"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(schema_find(SECTION_JOB, str_of(none[i])));
    assert_null(schema_find(SECTION_SERVICE, STR("command")));
    assert_null(schema_find(SECTION_GROUP, STR("command")));
    assert_null(schema_find(SECTION_GROUP, STR("group")));
    assert_null(schema_find(SECTION_GROUP, STR("env.A")));
    assert_null(schema_find(SECTION_INCLUDE, STR("affinity")));
}

/* Every key that the vocabulary gives a job, a service and an include. */
static const char *const service_words[] = {
    "name",         "object_namespace", "log_file",        "log_level",    "log_max_size",
    "log_keep",     "event_log",        "sample_interval", "stop_timeout", "max_concurrent_starts",
    "start_jitter", "control_access", "control_remote",  "watch_config"};
static const char *const job_words[] = {"command",
                                        "directory",
                                        "env.NAME",
                                        "env_file",
                                        "env_inherit",
                                        "console",
                                        "user",
                                        "password_from",
                                        "integrity",
                                        "token_disable_sids",
                                        "token_restrict_sids",
                                        "token_delete_privileges",
                                        "instances",
                                        "first_instance",
                                        "extends",
                                        "group",
                                        "enabled",
                                        "after",
                                        "requires",
                                        "start_delay",
                                        "restart_parallel",
                                        "ready",
                                        "ready_timeout",
                                        "restart",
                                        "success_exit_codes",
                                        "restart_prevent_exit_codes",
                                        "restart_force_exit_codes",
                                        "restart_prevent_causes",
                                        "restart_force_causes",
                                        "restart_first_delay",
                                        "restart_step",
                                        "min_uptime",
                                        "restart_delay",
                                        "restart_delay_max",
                                        "restart_factor",
                                        "restart_jitter",
                                        "start_limit",
                                        "start_limit_interval",
                                        "start_limit_action",
                                        "max_runtime",
                                        "stop",
                                        "stop_command",
                                        "watchdog",
                                        "health_command",
                                        "health_port",
                                        "health_http",
                                        "health_interval",
                                        "health_timeout",
                                        "health_failures",
                                        "hook_pre_start",
                                        "hook_post_start",
                                        "hook_exit",
                                        "hook_failed",
                                        "on_limit_interval",
                                        "stdout",
                                        "stderr",
                                        "log_max_size",
                                        "log_keep",
                                        "log_roll",
                                        "log_timestamps",
                                        "schedule",
                                        "restart_schedule",
                                        "schedule_jitter",
                                        "overlap"};
static const char *const limit_words[] = {"process_memory_limit",
                                          "job_memory_limit",
                                          "working_set_min",
                                          "working_set_max",
                                          "process_time_limit",
                                          "job_time_limit",
                                          "job_time_action",
                                          "cpu_rate_cap",
                                          "cpu_rate_soft_cap",
                                          "cpu_rate_weight",
                                          "cpu_rate_min",
                                          "cpu_rate_max",
                                          "affinity",
                                          "subset_affinity",
                                          "priority_class",
                                          "scheduling_class",
                                          "active_process_limit",
                                          "breakaway",
                                          "kill_on_job_close",
                                          "die_on_unhandled_exception",
                                          "net_max_bandwidth",
                                          "net_dscp_tag",
                                          "ui_restrictions",
                                          "notify_job_memory_high",
                                          "notify_job_memory_low",
                                          "notify_job_time",
                                          "notify_io_read_bytes",
                                          "notify_io_write_bytes",
                                          "notify_cpu_rate",
                                          "notify_net_rate",
                                          "guard_commit",
                                          "guard_handles",
                                          "guard_threads",
                                          "guard_cpu",
                                          "on_limit",
                                          "on_limit.KEY",
                                          "hook_limit",
                                          "hook_timeout",
                                          "io_max_bandwidth",
                                          "io_max_iops"};
#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

static void schema__every_word_of_the_vocabulary__has_a_row_and_no_other_has(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(service_words); i++)
        assert_non_null(schema_find(SECTION_SERVICE, str_of(service_words[i])));
    for (size_t i = 0; i < COUNT_OF(job_words); i++)
        assert_non_null(schema_find(SECTION_JOB, str_of(job_words[i])));
    for (size_t i = 0; i < COUNT_OF(limit_words); i++)
        assert_true(schema_find(SECTION_GROUP, str_of(limit_words[i]))->limit);
    assert_int_equal(schema_count,
                     COUNT_OF(service_words) + COUNT_OF(job_words) + COUNT_OF(limit_words) + 1);
}

static bool listed(const char *about)
{
    for (const char *const *a = schema_abouts; *a; a++)
        if (strcmp(*a, about) == 0)
            return true;
    return false;
}

static void schema__every_row__says_what_the_reference_needs(void **state)
{
    (void)state;
    for (size_t i = 0; i < schema_count; i++) {
        const struct field *f = &schema[i];
        assert_true(listed(f->about));
        assert_true(strlen(f->key) <= 40);
        assert_true(str_ends(str_of(f->brief), "."));
        assert_true(!f->note || str_ends(str_of(f->note), "."));
        if (!f->type)
            continue;
        assert_true(f->size > 0 && f->min <= f->max && f->apply < APPLY_COUNT);
        assert_true(f->dflt || f->example);
        assert_true((f->type == &ty_word) <= (f->words != NULL));
        assert_true((f->type != &ty_count && f->type != &ty_count_limit) || f->max <= UINT32_MAX);
        assert_true(f->type != &ty_small || f->max <= UINT8_MAX);
    }
}

/* TEXT is read, printed, read again, and is the same value. */
static void round_trip(const struct field *f, struct str text, struct arena *a)
{
    union value v = {0}, again = {0};
    struct buf out = {0};
    struct err e = {0};
    if (f->type->parse(f, text, a, &v, &e) != ST_OK)
        fail_msg("%s = %.*s: %s", f->key, (int)text.n, text.p, e.text);
    f->type->print(f, &v, &out);
    assert_int_equal(f->type->parse(f, buf_view(&out), a, &again, &e), ST_OK);
    assert_true(f->type->equal(&v, &again));
    buf_free(&out);
}

static void schema__every_default_bound_and_word__is_read_printed_and_read_again(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < schema_count; i++) {
        const struct field *f = &schema[i];
        if (!f->type)
            continue;
        if (f->dflt && (*f->dflt || f->min == 0))
            round_trip(f, str_of(f->dflt), a);
        if (f->example)
            round_trip(f, str_of(f->example), a);
        for (size_t w = 0; f->words && f->words[w]; w++)
            round_trip(f, str_of(f->words[w]), a);
        for (int b = 0; b < 2 && f->type->print_number && f->type != &ty_ladder; b++) {
            struct buf bound = {0};
            f->type->print_number(b ? f->max : f->min, &bound);
            round_trip(f, buf_view(&bound), a);
            buf_free(&bound);
        }
    }
    arena_free(a);
}

static void schema__one_beyond_a_bound__is_out_of_range(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < schema_count; i++) {
        const struct field *f = &schema[i];
        union value v = {0};
        struct buf over = {0}, under = {0};
        if (!f->type || !f->type->print_number || f->type == &ty_ladder)
            continue;
        f->type->print_number(f->max + 1, &over);
        assert_int_equal(f->type->parse(f, buf_view(&over), a, &v, NULL), ST_RANGE);
        if (f->min > 0) {
            f->type->print_number(f->min - 1, &under);
            assert_int_equal(f->type->parse(f, buf_view(&under), a, &v, NULL), ST_RANGE);
        }
        buf_free(&over);
        buf_free(&under);
    }
    arena_free(a);
}

/* --- nearest words
 * -------------------------------------------------------------------------------- */
static void nearest__to_a_slip__is_the_key_that_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *slip, *meant;
    } rows[] = {
        {"comand", "command"},
        {"Command", "command"},
        {"instance", "instances"},
        {"restart-delay", "restart_delay"},
        {"restartdelay", "restart_delay"},
        {"sdtout", "stdout"},
        {"stdeer", "stderr"},
        {"min_uptme", "min_uptime"},
        {"x", NULL},
        {"numprocs", NULL},
        {"autostart", NULL},
        {"working_directory", NULL},
        {"memory_limit", "job_memory_limit"},
        {"CPU_cap", "cpu_rate_cap"},
        {"priority", "priority_class"},
        {"handles", "guard_handles"},
        {"limit", NULL}, /* of whichever */
        {"memory_", NULL},
        {"_", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *near = schema_nearest(SECTION_JOB, str_of(rows[i].slip));
        if (!rows[i].meant)
            assert_null(near);
        else
            assert_string_equal(near ? near : "nothing", rows[i].meant);
    }
}

static void nearest__to_a_very_long_word__is_nothing(void **state)
{
    (void)state;
    char word[5000];
    memset(word, 'a', sizeof word);
    assert_null(schema_nearest(SECTION_JOB, (struct str){word, sizeof word}));
    assert_null(schema_nearest(SECTION_JOB, STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema__as_it_stands__is_sorted_and_without_repeats),
        cmocka_unit_test(schema__every_row__is_found_by_its_key),
        cmocka_unit_test(schema__every_word_of_the_vocabulary__has_a_row_and_no_other_has),
        cmocka_unit_test(schema__every_row__says_what_the_reference_needs),
        cmocka_unit_test(schema__every_default_bound_and_word__is_read_printed_and_read_again),
        cmocka_unit_test(schema__one_beyond_a_bound__is_out_of_range),
        cmocka_unit_test(nearest__to_a_slip__is_the_key_that_was_meant),
        cmocka_unit_test(nearest__to_a_very_long_word__is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
