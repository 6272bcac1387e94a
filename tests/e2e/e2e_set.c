/* e2e_set.c - settings that hold now, without a word in the job file. */
#include "harness_ask.h"
#include "harness_limits.h"
#include "harness_reload.h"

#include <string.h>

#define FLEET                                                                                      \
    "[group:media]\njob_memory_limit = 8G\n"                                                       \
    "[job:web]\ncommand = @worker --hold\ninstances = 2\ngroup = media\nstop = terminate\n"        \
    "job_memory_limit = 1G\n"                                                                      \
    "[job:api]\ncommand = @worker --hold\nstop = terminate\n"

static void begin(struct world *w)
{
    job_file(w, FLEET);
    service_start(w);
    await_running(w, 3);
}

/* What `limits` says of KEY at the level NAME. */
static void expect_limit(struct world *w, const char *name, const char *key, uint64_t value,
                         bool overridden)
{
    size_t at, n;
    yyjson_val *v, *found = NULL;
    yyjson_doc *doc = told_json(w, "limits --json", 0);
    yyjson_val *level = named_in(member(yyjson_doc_get_root(doc), "levels"), name);
    yyjson_arr_foreach(member(level, "limits"), at, n, v) if (strcmp(text_in(v, "key"), key) == 0)
        found = v;
    if (value == 0) {
        assert_null(found);
    } else {
        assert_non_null(found);
        assert_int_equal(number_in(found, "value"), value);
        assert_int_equal(yyjson_get_bool(yyjson_obj_get(found, "overridden")), overridden);
    }
    yyjson_doc_free(doc);
}

static uint64_t gib(uint64_t n)
{
    return n << 30;
}

static void set__one_limit_and_then_more__hold_at_once_in_the_same_processes(struct world *w)
{
    begin(w);
    HANDLE web1 = worker_of(w, "web.1"), web2 = worker_of(w, "web.2");
    tell(w, "set web job_memory_limit=2G", 0, "job_memory_limit 1G -> 2G: relimit, no restart");
    expect_limit(w, "web.1", "job_memory_limit", gib(2), true);
    expect_limit(w, "web.2", "job_memory_limit", gib(2), true);
    expect_limit(w, "api.1", "job_memory_limit", 0, false);
    tell(w, "limits web.2", 0, "job_memory_limit*  2G");
    tell(w, "set WEB \"job_memory_limit = 3G\" active_process_limit=50 restart_delay=7s", 0,
         "2 instances get new limits");
    expect_limit(w, "web.1", "job_memory_limit", gib(3), true);
    expect_limit(w, "web.1", "active_process_limit", 50, true);
    struct said s = told(w, "status");
    assert_true(lines_matching(buf_view(&s.out), "web.1*running") == 1);
    assert_int_equal(lines_matching(buf_view(&s.out), "api.1"), 1);
    assert_true(text_has(buf_view(&s.out), "web.2* "));
    assert_false(text_has(buf_view(&s.out), "api.1*"));
    assert_true(text_has(buf_view(&s.out), "* by 'set', not by the job file: "));
    said_free(&s);
    tell(w, "set web --reset job_memory_limit", 0, "job_memory_limit 3G -> 1G");
    expect_limit(w, "web.1", "job_memory_limit", gib(1), false);
    expect_limit(w, "web.1", "active_process_limit", 50, true);
    tell(w, "set web --reset", 0, "2 instances get new limits");
    expect_limit(w, "web.1", "active_process_limit", 0, false);
    assert_false(seen_now(w, "web.1").overridden);
    assert_false(process_gone(web1) || process_gone(web2));
    expect_starts(w, "web.1", 1);
    assert_int_equal(service_stop(w), 0);
}

static void set__of_a_group__is_the_groups_limit(struct world *w)
{
    begin(w);
    tell(w, "set media job_memory_limit=6G", 0, "group media");
    expect_limit(w, "media", "job_memory_limit", gib(6), true);
    expect_limit(w, "web.1", "job_memory_limit", gib(1), false);
    tell(w, "set media --reset", 0, "8G");
    expect_limit(w, "media", "job_memory_limit", gib(8), false);
    assert_int_equal(service_stop(w), 0);
}

static void set__of_instances__starts_some_and_ends_them_again(struct world *w)
{
    begin(w);
    HANDLE web1 = worker_of(w, "web.1");
    tell(w, "set web instances=3", 0, "1 instance starts; 3 are not touched");
    await(w, "job.ready job=web.3");
    tell(w, "set web --reset", 0, "1 instance goes; 3 are not touched");
    await(w, "job.removed job=web.3");
    assert_false(process_gone(web1));
    tell(w, "status", 0, "3 instances: 3 running");
    assert_int_equal(service_stop(w), 0);
}

static void set__then_a_reload__is_forgotten(struct world *w)
{
    begin(w);
    tell(w, "set web job_memory_limit=2G", 0, "relimit");
    tell(w, "set api restart_delay=9s", 0, "restart_delay");
    assert_true(seen_now(w, "api.1").overridden);
    await(w, "config.taken * overrides=2");
    reload_expect(w, "same=0 live=1 relimit=2 roll=0 added=0 removed=0");
    expect_limit(w, "web.1", "job_memory_limit", gib(1), false);
    assert_false(seen_now(w, "api.1").overridden);
    expect_starts(w, "web.1", 1);
    assert_int_equal(service_stop(w), 0);
}

static void set__with_dry_run__says_what_it_would_do_and_does_nothing(struct world *w)
{
    begin(w);
    tell(w, "set web job_memory_limit=2G --dry-run", 0,
         "without --dry-run: 2 instances get new limits; 1 is not touched");
    expect_limit(w, "web.1", "job_memory_limit", gib(1), false);
    assert_false(seen_now(w, "web.1").overridden);
    expect_lines(w, "config.taken", 0);
    tell(w, "set web job_memory_limit=2G", 0, "2 instances get new limits; 1 is not touched");
    expect_lines(w, "config.taken", 1);
    assert_int_equal(service_stop(w), 0);
}

static void set__that_cannot_be__is_refused_and_changes_nothing(struct world *w)
{
    static const struct {
        const char *words;
        DWORD code;
        const char *says;
    } rows[] = {
        {"set web command=other.exe", 1,
         "command of job web cannot be set while it runs (respawn)"},
        {"set web stdout=null", 1, "stdout of job web cannot be set while it runs (respawn)"},
        {"set web job_memory_limt=2G", 1, "did you mean 'job_memory_limit'?"},
        {"set web job_memory_limit=lots", 1, "'lots'"},
        {"set web job_memory_limit=2G restart=perhaps", 1, "'perhaps'"},
        {"set wep job_memory_limit=2G", 4, "did you mean 'web'?"},
        {"set web.1 job_memory_limit=2G", 1, "not of one instance; say 'set web'"},
        {"set all job_memory_limit=2G", 1, "by its name"},
        {"set web --reset job_memory_limit", 1, "job_memory_limit of job 'web' was not set"},
        {"set media command=other.exe", 1, "command"},
    };
    begin(w);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tell(w, rows[i].words, rows[i].code, rows[i].says);
    expect_limit(w, "web.1", "job_memory_limit", gib(1), false);
    expect_lines(w, "config.taken", 0);
    expect_lines(w, "job.stopping", 0);
    assert_int_equal(service_stop(w), 0);
}

static void set__while_the_file_is_broken__works_on_what_runs(struct world *w)
{
    begin(w);
    file_anew(w);
    job_file(w, "[job:web\ncommand =\n");
    file_replace(w);
    tell(w, "set web job_memory_limit=2G", 0, "job_memory_limit 1G -> 2G");
    tell(w, "reload", 1, "the job file has mistakes");
    expect_limit(w, "web.1", "job_memory_limit", gib(2), true);
    tell(w, "set web --reset", 0, "job_memory_limit 2G -> 1G");
    expect_limit(w, "web.1", "job_memory_limit", gib(1), false);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(set__one_limit_and_then_more__hold_at_once_in_the_same_processes),
        E2E(set__of_a_group__is_the_groups_limit),
        E2E(set__of_instances__starts_some_and_ends_them_again),
        E2E(set__then_a_reload__is_forgotten),
        E2E(set__with_dry_run__says_what_it_would_do_and_does_nothing),
        E2E(set__that_cannot_be__is_refused_and_changes_nothing),
        E2E(set__while_the_file_is_broken__works_on_what_runs),
    };
    return cmocka_run_group_tests_name("settings without the job file", tests, NULL, NULL);
}
