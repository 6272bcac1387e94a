/* test_limits.c - limits of a job, a group and the service: each key reaches its member and comes
 * back as text, and the nearest level wins. */
#include "tests/config/fake.h"

#include "config/value.h"

#include <string.h>

/* --- every key, in every place ------------------------------------------------------ */

/* What must stand beside a key, where it may not stand alone. */
static const struct {
    const char *key, *beside;
} companions[] = {
    {"working_set_min", "working_set_max = 64M\n"},
    {"working_set_max", "working_set_min = 1M\n"},
    {"cpu_rate_min", "cpu_rate_max = 90%\n"},
    {"cpu_rate_max", "cpu_rate_min = 1%\n"},
    {"subset_affinity", "affinity = 0\n"},
    {"notify_cpu_rate", "cpu_rate_cap = 50%\n"},
    {"notify_net_rate", "net_max_bandwidth = 1M/s\n"},
    {"job_time_action", "job_time_limit = 1h\n"},
    {"hook_limit", "on_limit = hook\nguard_threads = 100\n"},
    {"on_limit", "guard_threads = 100\n"},
};

static const char *beside(const char *key)
{
    for (size_t i = 0; i < sizeof companions / sizeof *companions; i++)
        if (strcmp(companions[i].key, key) == 0)
            return companions[i].beside;
    return "";
}

static struct config *load(const char *text)
{
    const struct fake_file files[] = {{"jobs.ini", text, 0, ST_OK}, {0}};
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    if (!c)
        fail_msg("%s\n%s", text, buf_text(&said));
    buf_free(&said);
    return c;
}

/* TEXT, loaded, has the row's value in the limits that FIND leads to, and prints it. */
static void assert_reaches(const struct field *f, const char *text, const char *value,
                           const struct limits *(*find)(const struct config *c))
{
    struct arena *a = arena_new();
    struct buf line = {0}, printed = {0};
    uint64_t expected[8] = {0};
    struct config *c = load(text);
    const void *member = (const char *)find(c) + f->offset;
    assert_true(f->size <= sizeof expected);
    assert_int_equal(f->type->parse(f, str_of(value), a, expected, NULL), ST_OK);
    if (!f->type->equal(member, expected))
        fail_msg("%s is lost in\n%s", f->key, text);
    config_print(c, &printed);
    buf_f(&line, "\n  %s = ", f->key);
    f->type->print(f, expected, &line);
    buf_char(&line, '\n');
    if (!strstr(buf_text(&printed), buf_text(&line)))
        fail_msg("%s is not in\n%s", buf_text(&line), buf_text(&printed));
    buf_free(&line);
    buf_free(&printed);
    config_free(c);
    arena_free(a);
}

static const struct limits *of_job(const struct config *c)
{
    return &c->job[0].limits;
}

static const struct limits *of_group(const struct config *c)
{
    return &c->job[0].group->limits;
}

static const struct limits *of_service(const struct config *c)
{
    return &c->service.limits;
}

static void limit__by_its_example_in_every_section__reaches_its_member_and_is_printed(void **state)
{
    (void)state;
    static const struct {
        const char *head, *tail;
        const struct limits *(*find)(const struct config *c);
    } places[] = {
        {"[job:a]\ncommand = x\n", "", of_job},
        {"[defaults]\n", "[job:a]\ncommand = x\n", of_job},
        {"[template:t]\n", "[job:a]\ncommand = x\nextends = t\n", of_job},
        {"[group:g]\n", "[job:a]\ncommand = x\ngroup = g\n", of_group},
        {"[service]\n", "[job:a]\ncommand = x\n", of_service},
    };
    for (size_t i = 0; i < schema_count; i++)
        for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
            const struct field *f = &schema[i];
            struct buf text = {0};
            bool nested = places[p].find != of_job;
            if (!f->limit || !f->type || f->apart || (f->id == LIMIT_UI_RESTRICTIONS && nested))
                continue;
            const char *value = f->example ? f->example : "5s";
            buf_f(&text, "%s%s%s = %s\n%s", places[p].head, beside(f->key), f->key, value,
                  places[p].tail);
            assert_reaches(f, buf_text(&text), value, places[p].find);
            buf_free(&text);
        }
}

static void limits__of_a_job_that_sets_none__are_none_and_the_fleet_is_not_capped(void **state)
{
    (void)state;
    struct config *c = load_good("[job:a]\ncommand = x\n");
    const struct limits *l = &c->job[0].limits;
    for (int i = 0; i < LIMITS; i++) {
        assert_int_equal(limits_have(l, (enum limit_id)i), i == LIMIT_KILL_ON_JOB_CLOSE);
        assert_int_equal(limits_reaction(l, (enum limit_id)i), REACTION_LOG);
    }
    assert_string_equal(l->hook_limit, "");
    assert_int_equal(l->hook_timeout, 30000);
    assert_int_equal(c->job[0].on_limit_interval, 60000);
    assert_int_equal(c->service.sample_interval, 10000);
    assert_false(c->service.capped);
    assert_int_equal(c->service.limits.on_limit, REACTION_LOG);
    config_free(c);
}

/* --- levels ------------------------------------------------------------------------- */
static void limit__that_is_none_nearer__undoes_what_was_said_further_away(void **state)
{
    (void)state;
    struct config *c =
        load_good("[defaults]\njob_memory_limit = 1G\nnet_dscp_tag = 46\naffinity = 0-3\n"
                  "cpu_rate_cap = 25%\nguard_handles = 10\npriority_class = high\n"
                  "[template:t]\njob_memory_limit = none\nnet_dscp_tag = none\n"
                  "affinity = none\ncpu_rate_cap = none\nguard_handles = none\n"
                  "priority_class = none\n[job:a]\ncommand = x\nextends = t\n"
                  "[job:b]\ncommand = x\nextends = t\njob_memory_limit = 2G\n"
                  "[job:c]\ncommand = x\n");
    const struct limits *a = &spec_of(c, "a.1")->limits, *b = &spec_of(c, "b.1")->limits;
    for (int i = 0; i < LIMITS; i++)
        assert_int_equal(limits_have(a, (enum limit_id)i), i == LIMIT_KILL_ON_JOB_CLOSE);
    assert_true(b->job_memory == UINT64_C(2) << 30);
    assert_int_equal(spec_of(c, "c.1")->limits.job_memory, 1 << 30);
    assert_int_equal(spec_of(c, "c.1")->limits.affinity.group[0].mask, 15);
    config_free(c);
}

static void reaction__for_one_limit__is_of_the_nearest_level_for_each(void **state)
{
    (void)state;
    struct config *c = load_good(
        "[defaults]\njob_memory_limit = 1G\nnotify_job_memory_high = 900M\nguard_threads = 5\n"
        "on_limit.job_memory_limit = stop\non_limit.notify_job_memory_high = hook\n"
        "on_limit.guard_threads = terminate\nhook_limit = page.exe\n"
        "[template:t]\non_limit.notify_job_memory_high = restart\n"
        "[job:a]\ncommand = x\nextends = t\non_limit.guard_threads = none\non_limit = hook\n"
        "[job:b]\ncommand = x\n");
    const struct limits *a = &spec_of(c, "a.1")->limits, *b = &spec_of(c, "b.1")->limits;
    assert_int_equal(a->on_limit_key[LIMIT_JOB_MEMORY], REACTION_STOP);
    assert_int_equal(a->on_limit_key[LIMIT_NOTIFY_JOB_MEMORY_HIGH], REACTION_RESTART);
    assert_int_equal(a->on_limit_key[LIMIT_GUARD_THREADS], REACTION_UNSAID);
    assert_int_equal(limits_reaction(a, LIMIT_GUARD_THREADS), REACTION_HOOK);
    assert_int_equal(b->on_limit_key[LIMIT_NOTIFY_JOB_MEMORY_HIGH], REACTION_HOOK);
    assert_int_equal(b->on_limit_key[LIMIT_GUARD_THREADS], REACTION_TERMINATE);
    assert_int_equal(limits_reaction(b, LIMIT_GUARD_CPU), REACTION_LOG);
    config_free(c);
}

static void reaction__of_all_instances_of_a_job__is_the_same(void **state)
{
    (void)state;
    struct config *c = load_good("[job:a]\ncommand = x\ninstances = 3\nguard_threads = 5\n"
                                 "on_limit.guard_threads = stop\n"
                                 "guard_handles = ${instance}00\n");
    assert_int_equal(c->job[0].env.n, 0); /* a dot does not make it a variable */
    for (size_t i = 0; i < c->n; i++) {
        assert_int_equal(c->job[i].limits.on_limit_key[LIMIT_GUARD_THREADS], REACTION_STOP);
        assert_int_equal(c->job[i].limits.guard_handles.value, 100 * (i + 1));
    }
    config_free(c);
}

/* --- [service] ---------------------------------------------------------------------- */
static bool capped_by(const char *lines)
{
    struct buf text = {0};
    buf_f(&text, "[service]\n%s[job:a]\ncommand = x\n", lines);
    struct config *c = load(buf_text(&text));
    bool capped = c->service.capped;
    config_free(c);
    buf_free(&text);
    return capped;
}

static void service__with_a_limit__is_capped(void **state)
{
    (void)state;
    assert_true(capped_by("job_memory_limit = 16G\n"));
    assert_true(capped_by("guard_handles = 100000\n"));
    assert_true(capped_by("priority_class = below-normal\n"));
    assert_true(capped_by("net_dscp_tag = 0\n"));
    assert_false(capped_by(""));
    assert_false(capped_by("kill_on_job_close = no\n"));
    assert_false(capped_by("job_memory_limit = none\nsample_interval = 1\n"));
    assert_false(capped_by("on_limit = stop\nhook_timeout = 1m\n"));
}

static void service__limits_of_defaults__do_not_cap_it(void **state)
{
    (void)state;
    struct config *c = load_good("[defaults]\njob_memory_limit = 1G\n[job:a]\ncommand = x\n");
    assert_false(c->service.capped);
    assert_int_equal(c->service.limits.job_memory, 0);
    config_free(c);
}

static void service__reactions__are_read_like_those_of_a_job(void **state)
{
    (void)state;
    struct config *c = load_good("[service]\njob_memory_limit = 1G\nnotify_job_time = 1h\n"
                                 "on_limit = stop\non_limit.notify_job_time = log\n"
                                 "[job:a]\ncommand = x\n");
    assert_int_equal(limits_reaction(&c->service.limits, LIMIT_JOB_MEMORY), REACTION_STOP);
    assert_int_equal(limits_reaction(&c->service.limits, LIMIT_NOTIFY_JOB_TIME), REACTION_LOG);
    config_free(c);
}

/* --- mistakes ----------------------------------------------------------------------- */
static void on_limit__of_no_limit_or_one_never_reached__is_refused(void **state)
{
    (void)state;
    assert_said(
        "[job:a]\ncommand = x\non_limit.job_memory_limt = stop\non_limit.nonsense = stop\n"
        "on_limit.affinity = stop\non_limit.command = stop\non_limit. = stop\n"
        "on_limit.on_limit = stop\n",
        "jobs.ini:3: error[unknown-key]: on_limit.job_memory_limt: there is no limit "
        "'job_memory_limt'; did you mean 'on_limit.job_memory_limit'?\n"
        "jobs.ini:4: error[unknown-key]: on_limit.nonsense: there is no limit 'nonsense'; "
        "docs/limits.md lists the limits\n"
        "jobs.ini:5: error[never-reached]: affinity just holds and is never reached, so nothing "
        "can follow; leave on_limit.affinity out\n"
        "jobs.ini:6: error[unknown-key]: on_limit.command: there is no limit 'command'; "
        "docs/limits.md lists the limits\n"
        "jobs.ini:7: error[unknown-key]: unknown key 'on_limit.'; did you mean 'on_limit'?\n"
        "jobs.ini:8: error[unknown-key]: on_limit.on_limit: there is no limit 'on_limit'; "
        "docs/limits.md lists the limits\n");
}

static void on_limit__twice_for_one_limit__is_refused_and_env_is_another_matter(void **state)
{
    (void)state;
    assert_said(
        "[job:a]\ncommand = x\nguard_cpu = 5%\nenv.guard_cpu = 1\n"
        "on_limit.guard_cpu = stop\non_limit.guard_cpu = log\non_limit.guard_cpu = ${job}\n",
        "jobs.ini:6: error[repeated-key]: 'on_limit.guard_cpu' is there already, at line 5; "
        "remove one\n"
        "jobs.ini:7: error[repeated-key]: 'on_limit.guard_cpu' is there already, at line 5; "
        "remove one\n");
    struct config *c = load_good("[job:a]\ncommand = x\nguard_cpu = 5%\nenv.guard_cpu = 1\n"
                                 "on_limit.guard_cpu = stop\n");
    assert_int_equal(c->job[0].env.n, 1);
    assert_string_equal(c->job[0].env.var[0].name, "guard_cpu");
    config_free(c);
}

static void limit__that_is_bad__is_said_once_for_all_who_have_it(void **state)
{
    (void)state;
    assert_said("[defaults]\non_limit.guard_cpu = kill\njob_memory_limit = 0\n"
                "[job:a]\ncommand = x\nguard_cpu = 5%\ninstances = 2\n"
                "[job:b]\ncommand = x\nguard_cpu = 5\n",
                "jobs.ini:2: error[bad-value]: on_limit.guard_cpu: 'kill' is not one of its words; "
                "write none, log, hook, restart, stop or terminate\n"
                "jobs.ini:3: error[out-of-range]: job_memory_limit: '0' is no limit; write 'none' "
                "to have none\n"
                "jobs.ini:10: error[bad-value]: guard_cpu: '5' is not a share of CPU time; write "
                "none, or a share of CPU time such as 80% or 1.5 cpus, or with a time, 80% for "
                "10m\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit__by_its_example_in_every_section__reaches_its_member_and_is_printed),
        cmocka_unit_test(limits__of_a_job_that_sets_none__are_none_and_the_fleet_is_not_capped),
        cmocka_unit_test(limit__that_is_none_nearer__undoes_what_was_said_further_away),
        cmocka_unit_test(reaction__for_one_limit__is_of_the_nearest_level_for_each),
        cmocka_unit_test(reaction__of_all_instances_of_a_job__is_the_same),
        cmocka_unit_test(service__with_a_limit__is_capped),
        cmocka_unit_test(service__limits_of_defaults__do_not_cap_it),
        cmocka_unit_test(service__reactions__are_read_like_those_of_a_job),
        cmocka_unit_test(on_limit__of_no_limit_or_one_never_reached__is_refused),
        cmocka_unit_test(on_limit__twice_for_one_limit__is_refused_and_env_is_another_matter),
        cmocka_unit_test(limit__that_is_bad__is_said_once_for_all_who_have_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
