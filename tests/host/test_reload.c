/* test_reload.c - from a job file that has changed to a fleet that has: the real program in this
 * process, with real workers. */
#include "tests/host/limit_path.h"

#include "service/host/reload.h"

#include <stdlib.h>
#include <string.h>

/* Replaces the file from its line "; here" on. */
static void rewrite(struct way *p, const char *text)
{
    char *ini = scratch_path(p->folder, "jobs.ini"), *was = scratch_read(ini);
    struct buf b = {0};
    char *here = strstr(was, "; here\n");
    assert_non_null(here);
    buf_add(&b, was, (size_t)(here - was));
    buf_f(&b, "; here\n%s", text);
    scratch_write(ini, b.p, b.n);
    buf_free(&b);
    free(was);
    free(ini);
}

#define COMMAND "[defaults]\ncommand = @worker --hold\n" QUIET "stop = terminate\n; here\n"

static void start(struct way *p, const char *text)
{
    struct buf b = {0};
    buf_f(&b, COMMAND "%s", text);
    way_start(p, buf_text(&b));
    buf_free(&b);
}

static void
reload__more_and_changed_instances__are_taken_and_the_others_keep_their_pid(void **state)
{
    struct way *p = *state;
    start(p, "[job:a]\ninstances = 2\n[job:b]\n");
    uint32_t pid[2] = {way_unit(p, 0)->pid, way_unit(p, 1)->pid};
    rewrite(p, "[job:a]\ninstances = 3\n[job:c]\n");
    app_reload(p->app);
    way_await(p, "info config.taken * same=2 live=0 relimit=0 roll=0 added=2 removed=1", 1);
    way_await(p, "job.started job=a.3", 1);
    way_await(p, "job.started job=c.1", 1);
    way_await(p, "job.removed job=b.1", 1);
    assert_int_equal(way_unit(p, 0)->pid, pid[0]);
    assert_int_equal(way_unit(p, 1)->pid, pid[1]);
    way_expect(p, "job.started", 5);
}

static void reload__mistakes__each_is_a_line_and_nothing_changes(void **state)
{
    struct way *p = *state;
    start(p, "[job:a]\n");
    const struct config *was = p->app->config;
    rewrite(p, "[job:a]\ninstances = many\n[job:b]\nnonsense = 1\n");
    app_reload(p->app);
    way_await(p, "error config.refused * reason=\"the job file has mistakes\" mistakes=2", 1);
    way_expect(p, "error config.mistake text=*instances", 1);
    way_expect(p, "error config.mistake text=*nonsense", 1);
    way_expect(p, "config.taken", 0);
    assert_ptr_equal(p->app->config, was);
    assert_false(reload_busy(p->app->reload));
}

static void reload__asked_while_one_goes_on__one_more_follows(void **state)
{
    struct way *p = *state;
    start(p, "[job:a]\n");
    for (int i = 0; i < 5; i++)
        reload_ask(p->app->reload, false); /* the loop has not turned in between */
    way_await(p, "config.taken", 2);
    way_drain(p);
    way_expect(p, "config.taken", 2);
    assert_false(reload_busy(p->app->reload));
}

static void reload__the_fleet_stops__is_refused(void **state)
{
    struct way *p = *state;
    start(p, "[job:a]\n");
    app_stop(p->app, CAUSE_OPERATOR, 0);
    app_reload(p->app);
    way_await(p, "config.refused * reason=\"the fleet stops\"", 1);
}

static void reload__the_program_ends_meanwhile__nothing_is_left(void **state)
{
    struct way *p = *state;
    start(p, "[job:a]\n");
    reload_ask(p->app->reload, false);
    way_unload(p); /* the sanitisers of the loop: it must run dry */
    way_expect(p, "service.loop_left_open", 0);
}

static void reload__keys_of_the_service__live_ones_hold_and_the_others_are_named(void **state)
{
    struct way *p = *state;
    way_start(p, "; here\n[job:a]\ncommand = @worker --hold\n" QUIET);
    char *ini = scratch_path(p->folder, "jobs.ini"), *was = scratch_read(ini);
    char *job = strstr(was, "[job:a]");
    struct buf b = {0};
    buf_f(&b, "stop_timeout = 77s\njob_memory_limit = 4G\n%s", job);
    char *name = strstr(was, "log_level = debug");
    assert_non_null(name);
    memcpy(name, "log_level = error", strlen("log_level = error"));
    for (int i = 0; i < 2; i++) {
        scratch_write(ini, was, strlen(was));
        rewrite(p, buf_text(&b));
        p->app->logger.log.level = LOG_DEBUG; /* to hear of it */
        app_reload(p->app);
        way_await(p, "warning config.needs_restart key=\"the limits of [service]", (size_t)i + 1);
        for (int turns = 0; turns < 1000 && reload_busy(p->app->reload); turns++)
            way_turn(p);
    }
    assert_int_equal(p->app->config->service.stop_timeout, 77000);
    assert_int_equal(p->app->logger.log.level, LOG_ERROR);
    assert_null(levels_fleet(runs_levels(p->app->runs)));
    buf_free(&b);
    free(was);
    free(ini);
}

/* ${service} is what the service runs as, so nobody is restarted for a name that does not hold yet. */
static void reload__another_name_of_the_service__waits_for_its_next_start(void **state)
{
    struct way *p = *state;
    way_start(p, "; here\n[job:a]\ncommand = @worker --hold\nconsole = none\n");
    uint32_t pid = way_unit(p, 0)->pid;
    char *ini = scratch_path(p->folder, "jobs.ini"), *was = scratch_read(ini);
    char *name = strstr(was, "name = ");
    assert_non_null(name);
    name[strlen("name = ")] = 'Z';
    scratch_write(ini, was, strlen(was));
    app_reload(p->app);
    way_await(p, "warning config.needs_restart key=name", 1);
    way_await(p, "config.taken * same=1 live=0 relimit=0 roll=0", 1);
    assert_int_equal(way_unit(p, 0)->pid, pid);
    free(was);
    free(ini);
}

static void reload__again_and_again__former_definitions_are_freed(void **state)
{
    struct way *p = *state;
    start(p, "[job:a]\n");
    const struct config *first = p->app->config;
    rewrite(p, "[job:a]\nmax_runtime = 1h\n");
    app_reload(p->app);
    way_await(p, "config.taken * live=1", 1);
    assert_false(sup_uses(p->app->sup, first));
    assert_int_equal(p->app->runs->run[0]->spec->max_runtime, 3600000);
    assert_ptr_equal(p->app->runs->run[0]->spec, way_unit(p, 0)->spec);
}

/* --- set -------------------------------------------------------------------------------- */
static bool set(struct way *p, const char *key, const char *value, struct no *no)
{
    const struct setting one = {key, value};
    const struct reload_order order = {
        .target = "a", .reset = !value, .settings = key ? 1 : 0, .setting = &one};
    return reload_order(p->app->reload, 0, &order, no);
}

static void set__a_limit__holds_until_it_is_reset_whatever_the_file_says_by_then(void **state)
{
    struct way *p = *state;
    struct no no;
    start(p, "[job:a]\njob_memory_limit = 512M\n");
    uint32_t pid = way_unit(p, 0)->pid;
    rewrite(p, "nonsense = 1\n"); /* the file is just being edited */
    assert_true(set(p, "job_memory_limit", "1G", &no));
    way_await(p, "config.taken * relimit=1 * overrides=1", 1);
    assert_int_equal(way_unit(p, 0)->spec->limits.job_memory, 1 << 30);
    assert_true(set(p, "max_runtime", "1h", &no));
    way_await(p, "config.taken * live=1 * overrides=2", 1);
    assert_int_equal(way_unit(p, 0)->spec->limits.job_memory, 1 << 30);
    assert_true(set(p, "job_memory_limit", NULL, &no));
    way_await(p, "config.taken * relimit=1 * overrides=1", 2);
    assert_int_equal(way_unit(p, 0)->spec->limits.job_memory, 512 << 20);
    assert_false(set(p, "job_memory_limit", NULL, &no)); /* it is as the file says already */
    assert_non_null(strstr(no.why.text, "was not set"));
    assert_int_equal(way_unit(p, 0)->pid, pid);
}

static void set__and_then_a_reload__is_forgotten(void **state)
{
    struct way *p = *state;
    struct no no;
    start(p, "[job:a]\njob_memory_limit = 512M\n");
    assert_true(set(p, "job_memory_limit", "1G", &no));
    way_await(p, "config.taken * relimit=1 * overrides=1", 1);
    reload_ask(p->app->reload, false);
    way_await(p, "config.taken * relimit=1", 2);
    assert_int_equal(way_unit(p, 0)->spec->limits.job_memory, 512 << 20);
    assert_int_equal(p->app->config->overrides, 0);
}

static void set__what_costs_a_restart_or_is_wrong__changes_nothing(void **state)
{
    struct way *p = *state;
    struct no no;
    start(p, "[job:a]\n");
    const struct config *was = p->app->config;
    assert_true(set(p, "directory", "C:\\", &no));
    assert_false(set(p, "min_uptime", "1s", &no)); /* one after the other */
    assert_int_equal(no.code, REFUSAL_BUSY);
    for (int turns = 0; turns < 1000 && reload_busy(p->app->reload); turns++)
        way_turn(p);
    assert_true(set(p, "job_memory_limit", "lots", &no));
    for (int turns = 0; turns < 1000 && reload_busy(p->app->reload); turns++)
        way_turn(p);
    assert_ptr_equal(p->app->config, was);
    way_expect(p, "config.taken", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WAY(reload__more_and_changed_instances__are_taken_and_the_others_keep_their_pid),
        WAY(reload__mistakes__each_is_a_line_and_nothing_changes),
        WAY(reload__asked_while_one_goes_on__one_more_follows),
        WAY(reload__the_fleet_stops__is_refused),
        WAY(reload__the_program_ends_meanwhile__nothing_is_left),
        WAY(reload__keys_of_the_service__live_ones_hold_and_the_others_are_named),
        WAY(reload__another_name_of_the_service__waits_for_its_next_start),
        WAY(reload__again_and_again__former_definitions_are_freed),
        WAY(set__a_limit__holds_until_it_is_reset_whatever_the_file_says_by_then),
        WAY(set__and_then_a_reload__is_forgotten),
        WAY(set__what_costs_a_restart_or_is_wrong__changes_nothing),
    };
    return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
