/* e2e_status.c - what is said of a running fleet, and by whom it is said. */
#include "harness_ask.h"
#include "harness_golden.h"
#include "harness_limits.h"
#include "harness_reload.h"

#include <stdlib.h>
#include <string.h>

#define FLEET                                                                                      \
    "[group:media]\njob_memory_limit = 4G\n"                                                       \
    "[job:web]\ncommand = @worker --hold\ninstances = 2\ngroup = media\n"                          \
    "job_memory_limit = 1G\nactive_process_limit = 100\nstop = terminate\n"                        \
    "[job:once]\ncommand = @worker --exit 0\nrestart = never\n"                                    \
    "[job:bad]\ncommand = @worker --exit 3\nrestart = never\n"

static void begin(struct world *w)
{
    job_file(w, FLEET);
    service_start(w);
    await_n(w, "job.ready job=web.*", 2);
    await(w, "job.exited job=once.1");
    await(w, "job.failed job=bad.1");
}

/* --- names ---------------------------------------------------------------------------------- */
/* The instances that NAMES mean, as text and as JSON, and the exit code. */
static void expect_names(struct world *w, const char *names, DWORD code, const char *units)
{
    char *words = path_f("status %s", names), *json = path_f("status %s --json", names);
    struct said s = told(w, words);
    yyjson_doc *doc = told_json(w, json, code);
    yyjson_val *v, *list = member(yyjson_doc_get_root(doc), "instances");
    struct buf as_json = {0}, as_text = {0};
    struct str text = buf_view(&s.out), line;
    size_t at, n;
    yyjson_arr_foreach(list, at, n, v) buf_f(&as_json, "%s ", text_in(v, "name"));
    for (line_next(&text, &line); line_next(&text, &line) && text.n > 0;) {
        buf_str(&as_text, str_cut(&line, ' '));
        buf_char(&as_text, ' ');
    }
    assert_int_equal(s.code, code);
    assert_string_equal(buf_text(&as_json), units);
    assert_string_equal(buf_text(&as_text), units);
    assert_int_equal(number_in(member(yyjson_doc_get_root(doc), "summary"), "instances"), n);
    buf_free(&as_text);
    buf_free(&as_json);
    yyjson_doc_free(doc);
    said_free(&s);
    free(json);
    free(words);
}

static void status__of_each_kind_of_name__shows_those_instances_in_the_files_order(struct world *w)
{
    begin(w);
    expect_names(w, "", 3, "web.1 web.2 once.1 bad.1 ");
    expect_names(w, "all", 3, "web.1 web.2 once.1 bad.1 ");
    expect_names(w, "web", 0, "web.1 web.2 ");
    expect_names(w, "WEB.2", 0, "web.2 ");
    expect_names(w, "media", 0, "web.1 web.2 ");
    expect_names(w, "*.1", 3, "web.1 once.1 bad.1 ");
    expect_names(w, "bad web.1 web", 3, "web.1 web.2 bad.1 ");
    expect_names(w, "once", 3, "once.1 ");
    tell(w, "status wbe", 4, "there is no job, instance or group 'wbe'; did you mean 'web'?");
    tell(w, "status wbe.2", 4, "did you mean 'web.2'?");
    tell(w, "status web.3", 4, "job 'web' has no instance 3");
    tell(w, "status web zzzzzz", 4, "'zzzzzz'; 'status' lists them");
    service_stop(w);
}

static void status__as_json__says_who_answers_and_what_runs(struct world *w)
{
    begin(w);
    DWORD pid = GetProcessId(worker_of(w, "web.1"));
    yyjson_doc *doc = told_json(w, "status --json", 3);
    yyjson_val *root = yyjson_doc_get_root(doc), *service = member(root, "service");
    yyjson_val *list = member(root, "instances"), *web = named_in(list, "web.1");
    char *ini = below(w, "jobs.ini");
    assert_string_equal(text_in(service, "name"), w->service);
    assert_string_equal(text_in(service, "config"), ini);
    assert_int_equal(number_in(service, "pid"), w->warden.pid);
    assert_int_equal(number_in(member(root, "summary"), "running"), 2);
    assert_string_equal(text_in(web, "state"), "running");
    assert_string_equal(text_in(web, "group"), "media");
    assert_int_equal(number_in(web, "pid"), pid);
    assert_int_equal(number_in(web, "processes"), 1);
    assert_int_equal(number_in(web, "starts"), 1);
    assert_int_equal(number_in(web, "restarts"), 0);
    assert_int_equal(number_in(web, "commit_limit"), 1024 * (uint64_t)MIB);
    assert_in_range(number_in(web, "commit"), 1, 1024 * (uint64_t)MIB);
    yyjson_val *bad = named_in(list, "bad.1");
    assert_string_equal(text_in(bad, "state"), "failed");
    assert_int_equal(number_in(member(bad, "last"), "code"), 3);
    assert_null(yyjson_obj_get(bad, "pid"));
    free(ini);
    yyjson_doc_free(doc);
    service_stop(w);
}

/* --- as people read it ------------------------------------------------------------------ */
/* The paths of files below the world's folder without that. */
static void without_folder(const struct world *w, struct str text, struct buf *out)
{
    size_t n = strlen(w->dir);
    for (size_t i = 0; i < text.n; i++) {
        if (text.n - i > n && memcmp(text.p + i, w->dir, n) == 0 && text.p[i + n] == '\\')
            i += n;
        else
            buf_char(out, text.p[i]);
    }
}

static void expect_table(struct world *w, const char *words, DWORD code, const char *shall)
{
    struct buf text = {0}, is = {0};
    struct said s = told(w, words);
    without_folder(w, buf_view(&s.out), &text);
    golden_table(buf_view(&text), " PID UPTIME CPU COMMIT USED ", " PEAK HELD BY ", &is);
    if (s.code != code || s.err.n != 0)
        fail_msg("'%s' ended with %lu:\n%s%s", words, s.code, buf_text(&s.out), buf_text(&s.err));
    expect_golden(buf_view(&is), shall);
    buf_free(&is);
    buf_free(&text);
    said_free(&s);
}

static void tables__of_a_fleet__read_as_they_must(struct world *w)
{
    begin(w);
    expect_table(w, "status", 3,
                 "NAME | STATE | PID | UPTIME | RESTARTS | CPU | COMMIT | LIMIT | REASON\n"
                 "web.1 | running | # | # | 0 | # | # | # of 1.0G | -\n"
                 "web.2 | running | # | # | 0 | # | # | # of 1.0G | -\n"
                 "once.1 | exited | - | - | 0 | - | - | - | "
                 "restart = never; last: exit 0 after #, # ago\n"
                 "bad.1 | failed | - | - | 0 | - | - | - | "
                 "restart = never; last: exit 3 after #, # ago\n"
                 "4 instances: 2 running, 1 failed, 1 exited\n");
    expect_table(w, "limits web.1 bad", 0,
                 "KEY | CONFIGURED | HELD BY | USED | PEAK | % | REACTION\n"
                 "instance web.1\n"
                 "job_memory_limit | 1G | # | # | # | # | log\n"
                 "active_process_limit | 100 | # | # | # | # | log\n"
                 "instance bad.1 (not running): no limits\n"
                 "group media\n"
                 "job_memory_limit | 4G | # | # | # | # | log\n");
    file_anew(w);
    job_file(w, "[group:media]\njob_memory_limit = 4G\n"
                "[job:web]\ncommand = @worker --hold\ninstances = 3\ngroup = media\n"
                "job_memory_limit = 2G\nactive_process_limit = 100\nstop = ctrl-c:1s\n"
                "[job:bad]\ncommand = @worker --exit 4\nrestart = never\n");
    file_replace(w);
    expect_table(w, "reload --dry-run", 0,
                 "jobs.ini:7: job web: instances 2 -> 3: start 1 instance\n"
                 "jobs.ini:9: job web: job_memory_limit 1G -> 2G: relimit, no restart\n"
                 "jobs.ini:11: job web: stop terminate -> ctrl-c:#: live, no restart\n"
                 "jobs.ini:13: job bad: command changed: respawn 1 instance\n"
                 "jobs.ini: job once removed (was line 12): stop 1 instance\n"
                 "without --dry-run: 2 instances get new limits, 1 restarts in its turn, "
                 "1 starts, 1 goes\n");
    expect_lines(w, "config.taken", 0);
    service_stop(w);
}

/* --- which service ---------------------------------------------------------------------- */
static void verbs__no_service_runs__say_so_in_one_sentence(struct world *w)
{
    static const char *const words[] = {
        "status",
        "limits",
        "ps",
        "events",
        "logs web",
        "start web",
        "stop web",
        "restart web",
        "kill web",
        "set web restart_delay=1s",
        "reload",
        "top",
        "status --json",
        "events -f",
        "stop web --wait",
    };
    char *sentence = path_f("jobwarden: no service named '%s' runs on this machine\n", w->service);
    save(w);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct said s = told(w, words[i]);
        if (s.code != 1 || strcmp(buf_text(&s.err), sentence) != 0 || s.out.n != 0)
            fail_msg("'%s' ended with %lu:\n%s%s", words[i], s.code, buf_text(&s.out),
                     buf_text(&s.err));
        said_free(&s);
    }
    expect(w, "status --service no-such-one", 1, "no service named 'no-such-one' runs");
    expect(w, "status --config none.ini", 1, "it would tell the service's name, or --service does");
    free(sentence);
}

static void job_file__broken_or_gone__service_is_found_all_the_same(struct world *w)
{
    begin(w);
    char *by_name = path_f("status web --service %s", w->service);
    char *ini = below(w, "jobs.ini");
    file_anew(w);
    job_file(w, "name again\n[job:web\n\x01\xff = = [\n[service]\n");
    file_replace(w);
    tell(w, "check", 1, "error");
    tell(w, "status web", 0, "2 instances: 2 running");
    tell(w, "stop web.2 --wait", 0, "web.2 stopped");
    tell(w, "reload", 1, "the job file has mistakes");
    tell(w, "reload", 1, "error[");
    tell(w, "status web", 3, "1 running, 1 stopped");
    wchar_t *path = wide_or_fail(ini);
    assert_true(DeleteFileW(path));
    expect(w, by_name, 3, "1 running, 1 stopped");
    tell(w, "status web", 1, "--service does");
    free(path);
    free(ini);
    free(by_name);
    service_stop(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(status__of_each_kind_of_name__shows_those_instances_in_the_files_order),
        E2E(status__as_json__says_who_answers_and_what_runs),
        E2E(tables__of_a_fleet__read_as_they_must),
        E2E(verbs__no_service_runs__say_so_in_one_sentence),
        E2E(job_file__broken_or_gone__service_is_found_all_the_same),
    };
    return cmocka_run_group_tests_name("what is said of a running fleet", tests, NULL, NULL);
}
