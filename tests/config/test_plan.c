/* test_plan.c - what a reload will do, line by line. */
#include "tests/config/fake.h"

#include "config/plan.h"

#include <stdio.h>
#include <string.h>

/* --- two files ---------------------------------------------------------------------- */
static void print_plan(const struct plan *p, struct buf *out)
{
    for (size_t i = 0; i < p->n; i++)
        buf_f(out, "%s\n", p->line[i].text);
    buf_f(out, "same %u live %u relimit %u respawn %u added %u removed %u\n", (unsigned)p->same,
          (unsigned)p->live, (unsigned)p->relimit, (unsigned)p->respawn, (unsigned)p->added,
          (unsigned)p->removed);
}

static struct plan plan_of(const struct config *was, const struct config *is)
{
    struct plan p = {0};
    struct err e = {0};
    assert_int_equal(plan_make(was, is, &p, &e), ST_OK);
    return p;
}

static void assert_configs(struct config *was, struct config *is, const char *expected)
{
    struct plan p = plan_of(was, is);
    struct buf out = {0};
    config_free(was);
    config_free(is); /* the plan is by itself */
    print_plan(&p, &out);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
    plan_free(&p);
}

/* Warnings do not matter here. */
static struct config *load_files(const struct fake_file *files)
{
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    if (!c)
        fail_msg("%s", buf_text(&said));
    buf_free(&said);
    return c;
}

static void assert_plan(const char *was, const char *is, const char *expected)
{
    const struct fake_file before[] = {{"jobs.ini", was, 0, ST_OK}, {0}};
    const struct fake_file after[] = {{"jobs.ini", is, 0, ST_OK}, {0}};
    assert_configs(load_files(before), load_files(after), expected);
}

#define WEB "[job:web]\ncommand = x\n"
#define NONE " live 0 relimit 0 respawn 0 added 0 removed 0\n"

/* --- one key of a job ---------------------------------------------------------------- */
static void limit__changed__is_told_with_its_line_and_both_values(void **state)
{
    (void)state;
    assert_plan(WEB "job_memory_limit = 512M\n", WEB "job_memory_limit = 1G\n",
                "jobs.ini:3: job web: job_memory_limit 512M -> 1G: relimit, no restart\n"
                "same 0 live 0 relimit 1 respawn 0 added 0 removed 0\n");
    assert_plan(WEB, WEB "job_memory_limit = 1G\n",
                "jobs.ini:3: job web: job_memory_limit none -> 1G: relimit, no restart\n"
                "same 0 live 0 relimit 1 respawn 0 added 0 removed 0\n");
    assert_plan(WEB "job_memory_limit = 1G\n", "\n" WEB,
                "jobs.ini:2: job web: job_memory_limit 1G -> none: relimit, no restart\n"
                "same 0 live 0 relimit 1 respawn 0 added 0 removed 0\n");
}

static void key__that_costs_nothing__is_told_as_live(void **state)
{
    (void)state;
    assert_plan(WEB "restart_delay = 1s\n", WEB "restart_delay = 2s\n",
                "jobs.ini:3: job web: restart_delay 1s -> 2s: live, no restart\n"
                "same 0 live 1 relimit 0 respawn 0 added 0 removed 0\n");
}

static void command__changed__respawns_its_instances(void **state)
{
    (void)state;
    assert_plan("[job:api]\ninstances = 3\ncommand = x\n",
                "[job:api]\ninstances = 3\ncommand = y\n",
                "jobs.ini:3: job api: command x -> y: respawn 3 instances\n"
                "same 0 live 0 relimit 0 respawn 3 added 0 removed 0\n");
    assert_plan(WEB,
                "[job:web]\ncommand = a-program-with-a-long-name --and --many --arguments "
                "--of --all --kinds\n",
                "jobs.ini:2: job web: command changed: respawn 1 instance\n"
                "same 0 live 0 relimit 0 respawn 1 added 0 removed 0\n");
    assert_plan(WEB, WEB "directory = d\n",
                "jobs.ini:3: job web: directory '' -> d: respawn 1 instance\n"
                "same 0 live 0 relimit 0 respawn 1 added 0 removed 0\n");
}

static void keys__of_different_cost__are_a_line_each_and_the_dearest_counts(void **state)
{
    (void)state;
    assert_plan(WEB "job_memory_limit = 512M\nrestart_delay = 1s\n",
                "[job:web]\ncommand = y\njob_memory_limit = 1G\nrestart_delay = 2s\n",
                "jobs.ini:2: job web: command x -> y: respawn 1 instance\n"
                "jobs.ini:3: job web: job_memory_limit 512M -> 1G: relimit, no restart\n"
                "jobs.ini:4: job web: restart_delay 1s -> 2s: live, no restart\n"
                "same 0 live 0 relimit 0 respawn 1 added 0 removed 0\n");
}

static void instances__with_different_values__are_one_line_with_the_first_ones(void **state)
{
    (void)state;
    assert_plan("[job:a]\ncommand = x ${instance}\ninstances = 3\n",
                "[job:a]\ncommand = y ${instance}\ninstances = 3\n",
                "jobs.ini:2: job a: command x 1 -> y 1: respawn 3 instances\n"
                "same 0 live 0 relimit 0 respawn 3 added 0 removed 0\n");
    assert_plan("[job:a]\ncommand = x\ninstances = 3\nguard_threads = ${instance}0\n",
                "[job:a]\ncommand = x\ninstances = 3\nguard_threads = 20\n",
                "jobs.ini:4: job a: guard_threads 10 -> 20: live, no restart\n"
                "same 1 live 2 relimit 0 respawn 0 added 0 removed 0\n");
}

static void stop__that_needs_what_a_run_was_not_given__respawns(void **state)
{
    (void)state;
    assert_plan(WEB, WEB "stop = event:5s\n",
                "jobs.ini:3: job web: stop ctrl-c:10s -> event:5s: respawn 1 instance\n"
                "same 0 live 0 relimit 0 respawn 1 added 0 removed 0\n");
}

static void job__by_a_schedule__gets_its_new_command_at_its_next_run(void **state)
{
    (void)state;
    assert_plan(WEB "schedule = @daily\n", "[job:web]\ncommand = y\nschedule = @hourly\n",
                "jobs.ini:2: job web: command x -> y: from the next run on\n"
                "jobs.ini:3: job web: schedule @daily -> @hourly: live, no restart\n"
                "same 0 live 1 relimit 0 respawn 0 added 0 removed 0\n");
}

/* --- keys with names ------------------------------------------------------------------- */
static void variables__changed__are_told_without_their_values(void **state)
{
    (void)state;
    assert_plan(WEB "env.A = 1\nenv.B = 2\nenv.C = 3\n", WEB "env.B = 7\nenv.C = 3\nenv.D = 4\n",
                "jobs.ini:3: job web: env.B changed: respawn 1 instance\n"
                "jobs.ini:5: job web: env.D added: respawn 1 instance\n"
                "jobs.ini:1: job web: env.A removed: respawn 1 instance\n"
                "same 0 live 0 relimit 0 respawn 1 added 0 removed 0\n");
    struct config *was = load_good(WEB "env.A = 1\n"), *is = load_good(WEB "env.A = 2\n");
    struct plan p = plan_of(was, is);
    assert_int_equal(p.n, 1);
    assert_string_equal(p.line[0].key, "env.A");
    assert_string_equal(p.line[0].from, "1");
    assert_string_equal(p.line[0].to, "2");
    plan_free(&p);
    config_free(was);
    config_free(is);
}

static void variables__of_a_file__are_told_where_the_file_is_named(void **state)
{
    (void)state;
    static const char text[] = WEB "env.A = 1\nenv_file = a.env\n";
    const struct fake_file before[] = {
        {"jobs.ini", text, 0, ST_OK}, {"a.env", "X=1\n", 0, ST_OK}, {0}};
    const struct fake_file after[] = {
        {"jobs.ini", text, 0, ST_OK}, {"a.env", "X=2\n", 0, ST_OK}, {0}};
    assert_configs(load_files(before), load_files(after),
                   "jobs.ini:4: job web: env.X changed: respawn 1 instance\n"
                   "same 0 live 0 relimit 0 respawn 1 added 0 removed 0\n");
}

static void reaction__said_changed_and_gone__is_told_by_its_key(void **state)
{
    (void)state;
#define GUARDED WEB "guard_commit = 1G\n"
    assert_plan(GUARDED, GUARDED "on_limit.guard_commit = stop\n",
                "jobs.ini:4: job web: on_limit.guard_commit added: live, no restart\n"
                "same 0 live 1 relimit 0 respawn 0 added 0 removed 0\n");
    assert_plan(GUARDED "on_limit.guard_commit = stop\n",
                GUARDED "on_limit.guard_commit = restart\n",
                "jobs.ini:4: job web: on_limit.guard_commit stop -> restart: live, no restart\n"
                "same 0 live 1 relimit 0 respawn 0 added 0 removed 0\n");
    assert_plan(GUARDED "on_limit.guard_commit = stop\n", GUARDED,
                "jobs.ini:1: job web: on_limit.guard_commit removed: live, no restart\n"
                "same 0 live 1 relimit 0 respawn 0 added 0 removed 0\n");
}

/* --- where values come from ------------------------------------------------------------ */
static void key__of_defaults_and_of_a_template__is_told_for_each_job_with_its_place(void **state)
{
    (void)state;
    static const char jobs[] = "[job:a]\ncommand = x\nextends = t\n[job:b]\ncommand = x\n";
    char was[300], is[300];
    snprintf(was, sizeof was, "[defaults]\nrestart_delay = 1s\n[template:t]\nlog_keep = 1\n%s",
             jobs);
    snprintf(is, sizeof is, "[defaults]\nrestart_delay = 2s\n[template:t]\nlog_keep = 2\n%s", jobs);
    assert_plan(was, is,
                "jobs.ini:4: job a: log_keep 1 -> 2: live, no restart\n"
                "jobs.ini:2: job a: restart_delay 1s -> 2s: live, no restart\n"
                "jobs.ini:2: job b: restart_delay 1s -> 2s: live, no restart\n"
                "same 0 live 2 relimit 0 respawn 0 added 0 removed 0\n");
}

static void key__that_moves_to_another_file__is_told_there(void **state)
{
    (void)state;
    const struct fake_file before[] = {{"jobs.ini", "[include]\nfiles = d.ini\n" WEB, 0, ST_OK},
                                       {"d.ini", "[defaults]\nlog_keep = 1\n", 0, ST_OK},
                                       {0}};
    const struct fake_file after[] = {{"jobs.ini", "[include]\nfiles = d.ini\n" WEB, 0, ST_OK},
                                      {"d.ini", "[defaults]\n\nlog_keep = 2\n", 0, ST_OK},
                                      {0}};
    assert_configs(load_files(before), load_files(after),
                   "d.ini:3: job web: log_keep 1 -> 2: live, no restart\n"
                   "same 0 live 1 relimit 0 respawn 0 added 0 removed 0\n");
}

/* --- jobs and their instances ----------------------------------------------------------- */
static void job__new_and_gone__starts_and_stops_its_instances(void **state)
{
    (void)state;
    assert_plan(WEB, WEB "\n[job:new]\ncommand = y\ninstances = 2\n",
                "jobs.ini:4: job new added: start 2 instances\n"
                "same 1 live 0 relimit 0 respawn 0 added 2 removed 0\n");
    assert_plan(WEB "[job:batch]\ncommand = y\n", WEB,
                "jobs.ini: job batch removed (was line 3): stop 1 instance\n"
                "same 1 live 0 relimit 0 respawn 0 added 0 removed 1\n");
    assert_plan(WEB,
                WEB "[job:new]\ncommand = y\nenabled = no\n[job:n2]\ncommand = y\n"
                    "instances = 0\n[job:n3]\ncommand = y\nschedule = @daily\n",
                "jobs.ini:3: job new added: not enabled, nothing starts\n"
                "jobs.ini:6: job n2 added: no instances, nothing starts\n"
                "jobs.ini:9: job n3 added: start 1 instance by its schedule\n"
                "same 1 live 0 relimit 0 respawn 0 added 1 removed 0\n");
    assert_plan(WEB "[job:off]\ncommand = y\nenabled = no\n", WEB,
                "jobs.ini: job off removed (was line 3): nothing ran\n"
                "same 1" NONE);
}

static void jobs__in_another_order__are_the_same(void **state)
{
    (void)state;
    assert_plan(WEB "[job:b]\ncommand = y\nstdout = o\n[job:c]\ncommand = z\n",
                "[job:c]\ncommand = z\n[job:B]\ncommand = y\nstdout = o\n" WEB, "same 3" NONE);
}

static void instances__more_and_fewer__are_told_by_name(void **state)
{
    (void)state;
    assert_plan(WEB "instances = 3\n", WEB "instances = 5\n",
                "jobs.ini:3: job web: instances 3 -> 5: start 2 instances\n"
                "same 3 live 0 relimit 0 respawn 0 added 2 removed 0\n");
    assert_plan(WEB "instances = 5\n", WEB "instances = 3\n",
                "jobs.ini:3: job web: instances 5 -> 3: stop 2 instances (web.4, web.5)\n"
                "same 3 live 0 relimit 0 respawn 0 added 0 removed 2\n");
    assert_plan(WEB "instances = 9\n", WEB,
                "jobs.ini:1: job web: instances 9 -> 1: stop 8 instances\n"
                "same 1 live 0 relimit 0 respawn 0 added 0 removed 8\n");
    assert_plan(WEB "instances = 2\n", WEB "instances = 0\n",
                "jobs.ini:3: job web: instances 2 -> 0: stop 2 instances (web.1, web.2)\n"
                "same 0 live 0 relimit 0 respawn 0 added 0 removed 2\n");
}

static void instances__by_other_numbers__stop_and_start(void **state)
{
    (void)state;
    assert_plan(WEB "instances = 3\n", WEB "instances = 3\nfirst_instance = 2\n",
                "jobs.ini:4: job web: first_instance 1 -> 2: start 1 instance, stop 1 instance "
                "(web.1)\n"
                "same 2 live 0 relimit 0 respawn 0 added 1 removed 1\n");
    assert_plan(WEB "instances = 2\n", WEB "instances = 1\nfirst_instance = 2\n",
                "jobs.ini:4: job web: first_instance 1 -> 2: stop 1 instance (web.1)\n"
                "jobs.ini:3: job web: instances 2 -> 1: told above\n"
                "same 1 live 0 relimit 0 respawn 0 added 0 removed 1\n");
}

static void job__enabled_or_not__starts_or_stops(void **state)
{
    (void)state;
    assert_plan(WEB "instances = 2\n", WEB "enabled = no\ninstances = 2\n",
                "jobs.ini:3: job web: enabled yes -> no: stop 2 instances (web.1, web.2)\n"
                "same 0 live 0 relimit 0 respawn 0 added 0 removed 2\n");
    assert_plan(WEB "enabled = no\nlog_keep = 1\n", WEB "log_keep = 2\n",
                "jobs.ini:1: job web: enabled no -> yes: start 1 instance\n"
                "same 0 live 0 relimit 0 respawn 0 added 1 removed 0\n");
    assert_plan(WEB "enabled = no\nlog_keep = 1\n",
                WEB "enabled = no\ninstances = 2\nlog_keep = 2\n", "same 0" NONE);
}

static void order__changed__costs_nothing(void **state)
{
    (void)state;
    static const char others[] = "[job:a]\ncommand = x\n[job:b]\ncommand = x\n";
    char was[200], is[200];
    snprintf(was, sizeof was, "%s" WEB "after = a\n", others);
    snprintf(is, sizeof is, "%s" WEB "after = a, b\nrequires = b\n", others);
    assert_plan(was, is,
                "jobs.ini:7: job web: after a -> a, b: live, no restart\n"
                "jobs.ini:8: job web: requires '' -> b: live, no restart\n"
                "same 3" NONE);
}

/* --- groups ------------------------------------------------------------------------------ */
#define MEMBERS WEB "instances = 3\ngroup = apps\n"

static void group__with_another_limit__is_told_with_its_instances(void **state)
{
    (void)state;
    assert_plan("[group:apps]\njob_memory_limit = 4G\n" MEMBERS,
                "[group:apps]\n\njob_memory_limit = 8G\n" MEMBERS,
                "jobs.ini:3: group apps: job_memory_limit 4G -> 8G: relimit of the group's job, no "
                "restart of its 3 instances\n"
                "same 3" NONE);
    assert_plan("[group:apps]\nguard_commit = 1G\n" MEMBERS,
                "[group:apps]\nguard_commit = 2G\non_limit.guard_commit = stop\n" MEMBERS,
                "jobs.ini:2: group apps: guard_commit 1G -> 2G: live, no restart\n"
                "jobs.ini:3: group apps: on_limit.guard_commit added: live, no restart\n"
                "same 3" NONE);
}

static void group__new_gone_and_other__recreates_its_members(void **state)
{
    (void)state;
    assert_plan(WEB, "[group:apps]\n" WEB "group = apps\n",
                "jobs.ini:1: group apps added\n"
                "jobs.ini:4: job web: group none -> apps: recreate 1 instance\n"
                "same 0 live 0 relimit 0 respawn 1 added 0 removed 0\n");
    assert_plan("[group:apps]\n" WEB "group = apps\n", WEB,
                "jobs.ini: group apps removed (was line 1)\n"
                "jobs.ini:1: job web: group apps -> none: recreate 1 instance\n"
                "same 0 live 0 relimit 0 respawn 1 added 0 removed 0\n");
}

/* --- [service] ---------------------------------------------------------------------------- */
static void service__changed__is_told_with_what_it_costs(void **state)
{
    (void)state;
    assert_plan("[service]\nlog_file = a.log\nlog_level = info\n" WEB,
                "[service]\nlog_file = b.log\nlog_level = debug\n" WEB,
                "jobs.ini:2: service: log_file a.log -> b.log: restart-service, holds from the "
                "next start of the service\n"
                "jobs.ini:3: service: log_level info -> debug: live, no restart\n"
                "same 1" NONE);
    assert_plan("[service]\nlog_keep = 1\n" WEB, WEB,
                "jobs.ini: service: log_keep 1 -> 5: live, no restart\n"
                "same 1" NONE);
}

static void service__with_another_limit__relimits_and_with_its_first_needs_a_restart(void **state)
{
    (void)state;
    assert_plan("[service]\njob_memory_limit = 4G\n" WEB, "[service]\njob_memory_limit = 8G\n" WEB,
                "jobs.ini:2: service: job_memory_limit 4G -> 8G: relimit of the job above all "
                "others, no restart\n"
                "same 1" NONE);
    assert_plan(WEB, "[service]\njob_memory_limit = 8G\n" WEB,
                "jobs.ini:2: service: job_memory_limit none -> 8G: restart-service, holds from "
                "the next start of the service\n"
                "same 1" NONE);
}

/* --- lines as data ------------------------------------------------------------------------- */
static void line__of_each_kind__has_its_parts(void **state)
{
    (void)state;
    struct config *was = load_good(WEB "job_memory_limit = 512M\n[job:old]\ncommand = y\n"),
                  *is = load_good(WEB "job_memory_limit = 1G\n[job:new]\ncommand = y\n");
    struct plan p = plan_of(was, is);
    const struct plan_line *l = p.line;
    assert_int_equal(p.n, 3);
    assert_int_equal(l[0].kind, PLAN_CHANGED);
    assert_string_equal(l[0].subject, "job web");
    assert_string_equal(l[0].key, "job_memory_limit");
    assert_string_equal(l[0].from, "512M");
    assert_string_equal(l[0].to, "1G");
    assert_string_equal(l[0].at.file, "jobs.ini");
    assert_int_equal(l[0].at.line, 3);
    assert_int_equal(l[0].cost, APPLY_RELIMIT);
    assert_int_equal(l[0].instances, 1);
    assert_int_equal(l[1].kind, PLAN_ADDED);
    assert_string_equal(l[1].subject, "job new");
    assert_null(l[1].key);
    assert_int_equal(l[1].at.line, 4);
    assert_int_equal(l[2].kind, PLAN_REMOVED);
    assert_string_equal(l[2].subject, "job old");
    assert_int_equal(l[2].at.line, 0);
    plan_free(&p);
    config_free(was);
    config_free(is);
}

static void value__that_is_very_long__is_cut_and_still_utf8(void **state)
{
    (void)state;
    static char text[6000];
    size_t n = (size_t)snprintf(text, sizeof text, "[job:web]\ncommand = x");
    while (n < 5000) {
        memcpy(text + n, "\xE2\x82\xAC", 3);
        n += 3;
    }
    memcpy(text + n, "\n", 2);
    struct config *was = load_good(WEB), *is = load_good(text);
    struct plan p = plan_of(was, is);
    assert_int_equal(p.n, 1);
    size_t len = strlen(p.line[0].to);
    assert_true(len <= PLAN_VALUE_MAX && len > PLAN_VALUE_MAX - 8);
    assert_string_equal(p.line[0].to + len - 6, "\xE2\x82\xAC...");
    plan_free(&p);
    config_free(was);
    config_free(is);
}

/* --- nothing ------------------------------------------------------------------------------- */
static void plan__of_a_configuration_and_itself__is_empty(void **state)
{
    (void)state;
    static const char *const texts[] = {
        WEB, "[group:apps]\njob_memory_limit = 1G\non_limit = stop\n" MEMBERS,
        "[service]\nname = F\njob_memory_limit = 9G\n[defaults]\nenv.A = ${job}\n[group:g]\n"
        "affinity = 0-3\n" WEB "instances = 7\nfirst_instance = 3\ngroup = g\nenv.I = ${instance}\n"
        "on_limit = stop\n[job:d]\ncommand = x\nenabled = no\nafter = web\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct fake_file files[] = {{"jobs.ini", texts[i], 0, ST_OK}, {0}};
        struct config *one = load_files(files), *two = load_files(files);
        struct plan p = plan_of(one, one), q = plan_of(one, two);
        assert_int_equal(p.n + q.n, 0);
        assert_int_equal(p.same, one->n);
        assert_int_equal(q.same, one->n);
        plan_free(&p);
        plan_free(&q);
        config_free(one);
        config_free(two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit__changed__is_told_with_its_line_and_both_values),
        cmocka_unit_test(key__that_costs_nothing__is_told_as_live),
        cmocka_unit_test(command__changed__respawns_its_instances),
        cmocka_unit_test(keys__of_different_cost__are_a_line_each_and_the_dearest_counts),
        cmocka_unit_test(instances__with_different_values__are_one_line_with_the_first_ones),
        cmocka_unit_test(stop__that_needs_what_a_run_was_not_given__respawns),
        cmocka_unit_test(job__by_a_schedule__gets_its_new_command_at_its_next_run),
        cmocka_unit_test(variables__changed__are_told_without_their_values),
        cmocka_unit_test(variables__of_a_file__are_told_where_the_file_is_named),
        cmocka_unit_test(reaction__said_changed_and_gone__is_told_by_its_key),
        cmocka_unit_test(key__of_defaults_and_of_a_template__is_told_for_each_job_with_its_place),
        cmocka_unit_test(key__that_moves_to_another_file__is_told_there),
        cmocka_unit_test(job__new_and_gone__starts_and_stops_its_instances),
        cmocka_unit_test(jobs__in_another_order__are_the_same),
        cmocka_unit_test(instances__more_and_fewer__are_told_by_name),
        cmocka_unit_test(instances__by_other_numbers__stop_and_start),
        cmocka_unit_test(job__enabled_or_not__starts_or_stops),
        cmocka_unit_test(order__changed__costs_nothing),
        cmocka_unit_test(group__with_another_limit__is_told_with_its_instances),
        cmocka_unit_test(group__new_gone_and_other__recreates_its_members),
        cmocka_unit_test(service__changed__is_told_with_what_it_costs),
        cmocka_unit_test(service__with_another_limit__relimits_and_with_its_first_needs_a_restart),
        cmocka_unit_test(line__of_each_kind__has_its_parts),
        cmocka_unit_test(value__that_is_very_long__is_cut_and_still_utf8),
        cmocka_unit_test(plan__of_a_configuration_and_itself__is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
