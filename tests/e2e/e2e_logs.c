/* e2e_logs.c - what workers wrote and what happened, to its last lines and followed. */
#include "harness_ask.h"
#include "harness_follow.h"
#include "harness_limits.h"

#include <winternl.h>

#include <stdlib.h>
#include <string.h>

NTSTATUS NTAPI NtSuspendProcess(HANDLE process);
NTSTATUS NTAPI NtResumeProcess(HANDLE process);

/* What `logs` printed, without the headings, must be SHALL. */
static void expect_logs(struct world *w, const char *words, const char *shall)
{
    struct said s = told(w, words);
    struct str text = buf_view(&s.out), line;
    struct buf is = {0};
    while (line_next(&text, &line))
        if (!str_starts(line, "==> "))
            buf_f(&is, "%.*s\n", (int)line.n, line.p);
    if (s.code != 0 || strcmp(buf_text(&is), shall) != 0)
        fail_msg("'%s' ended with %lu:\n%s%s-----instead of:\n%s", words, s.code, buf_text(&s.out),
                 buf_text(&s.err), shall);
    buf_free(&is);
    said_free(&s);
}

static size_t headings(struct world *w, const char *words)
{
    struct said s = told(w, words);
    size_t n = 0;
    struct str text = buf_view(&s.out), line;
    while (line_next(&text, &line))
        n += str_starts(line, "==> ");
    said_free(&s);
    return n;
}

/* --- what there is ---------------------------------------------------------------------- */
static void logs__of_streams_and_instances__are_their_last_lines(struct world *w)
{
    job_file(w, "[job:two]\ncommand = @worker --lines 30 --stderr-lines 5 --echo end --hold\n"
                "stdout = two.${instance}.out\nstderr = two.${instance}.err\ninstances = 2\n"
                "stop = terminate\n"
                "[job:one]\ncommand = @worker --stderr-lines 2 --lines 3 --hold\n"
                "stop = terminate\n");
    service_start(w);
    await_file(w, "two.1.out", "end", 1, NULL);
    await_file(w, "two.2.out", "end", 1, NULL);
    await_file(w, "two.1.err", "error line 5", 1, NULL);
    await_file(w, "two.2.err", "error line 5", 1, NULL);
    char *one = path_f("logs\\%s.one.1.log", w->service);
    await_file(w, one, "line 3", 1, NULL);
    free(one);
    expect_logs(w, "logs two.1 --stdout -n 3", "line 29\nline 30\nend\n");
    expect_logs(w, "logs two.1 --stderr -n 2", "error line 4\nerror line 5\n");
    expect_logs(w, "logs two.1 -n 1", "end\nerror line 5\n");
    expect_logs(w, "logs two -n 1 --stdout", "end\nend\n");
    assert_int_equal(headings(w, "logs two -n 1"), 4);
    assert_int_equal(headings(w, "logs one -n 1"), 0);
    expect_logs(w, "logs one --lines 10000",
                "error line 1\nerror line 2\nline 1\nline 2\nline 3\n");
    expect_logs(w, "logs one --stderr -n 1", "line 3\n"); /* both are one file */
    expect_logs(w, "logs one -n 0", "");
    struct said s = told(w, "logs two.2 --stdout");
    assert_int_equal(lines_in(buf_view(&s.out)), 20);
    said_free(&s);
    tell(w, "logs twe", 4, "did you mean 'two'?");
    assert_int_equal(service_stop(w), 0);
}

static void logs__go_nowhere__is_an_error_that_says_why(struct world *w)
{
    job_file(w, "[job:quiet]\ncommand = @worker --echo word --hold\nstop = terminate\n"
                "stdout = null\n"
                "[job:half]\ncommand = @worker --stderr-lines 1 --hold\nstop = terminate\n"
                "stdout = null\nstderr = half.err\n");
    service_start(w);
    await_file(w, "half.err", "error line 1", 1, NULL);
    tell(w, "logs quiet", 1,
         "quiet.1 has no log file: stdout and stderr are null; set them to a path");
    tell(w, "logs half --stdout", 1, "half.1 has no log file");
    expect_logs(w, "logs all", "error line 1\n"); /* of those that have one */
    assert_int_equal(service_stop(w), 0);
}

/* --- what comes ------------------------------------------------------------------------- */
static void logs__followed_over_rolls__has_each_line_once(struct world *w)
{
    enum { LINES = 3000, LINE_BYTES = 40 };
    struct follower f;
    job_file(w,
             "[job:many]\ncommand = @worker --line-bytes %d --echo begin --wait-file go "
             "--lines %d --echo end --hold\nstop = terminate\nlog_max_size = 4K\n"
             "log_keep = 1000\nstdout = many.txt\n",
             LINE_BYTES, LINES);
    service_start(w);
    await_file(w, "many.txt", "begin", 1, NULL);
    follow(w, "logs many -f -n 1", &f);
    follower_await(&f, "begin", 1);
    make_file(w, "go");
    struct str text = follower_await(&f, "end", 1), line;
    await_file(w, "many.txt.20", NULL, 0, NULL); /* it was rolled indeed */
    while (line_next(&text, &line) && !str_eq(line, STR("begin")))
        ;
    for (int i = 1; i <= LINES; i++) {
        char *shall = path_f("line %d ", i);
        bool there = line_next(&text, &line);
        if (!there || !str_starts(line, shall) || line.n != LINE_BYTES - 1)
            fail_msg("not '%s', but: %.*s", shall, (int)line.n, line.p);
        free(shall);
    }
    assert_true(line_next(&text, &line) && str_eq(line, STR("end")));
    follower_end(&f);
    assert_int_equal(service_stop(w), 0);
}

/* The follower stands still while far more is written than is kept. */
static void logs__rolled_away_unread__say_so_where_they_go_on(struct world *w)
{
    enum { LINES = 10000 };
    struct follower f;
    unsigned long last = 0, gaps = 0;
    bool told_of = false;
    job_file(w,
             "[job:many]\ncommand = @worker --line-bytes 40 --echo begin --wait-file go "
             "--lines %d --echo end --hold\nstop = terminate\nlog_max_size = 4K\n"
             "log_keep = 2\nstdout = many.txt\n",
             LINES);
    service_start(w);
    await_file(w, "many.txt", "begin", 1, NULL);
    follow(w, "logs many -f -n 1", &f);
    follower_await(&f, "begin", 1);
    assert_int_equal(NtSuspendProcess(f.program.process), 0);
    make_file(w, "go");
    await_file(w, "many.txt", "end", 1, NULL);
    assert_int_equal(NtResumeProcess(f.program.process), 0);
    struct str text = follower_await(&f, "end", 1), line;
    while (line_next(&text, &line)) {
        told_of = told_of || text_has(line, "some of it may be missing");
        if (!str_starts(line, "line "))
            continue;
        unsigned long n = strtoul(line.p + strlen("line "), NULL, 10);
        if (n <= last || (n != last + 1 && !told_of))
            fail_msg("line %lu after line %lu%s", n, last, told_of ? "" : ", and no word of it");
        gaps += n != last + 1;
        told_of = false;
        last = n;
    }
    assert_int_equal(last, LINES);
    assert_true(gaps > 0);
    follower_end(&f);
    assert_int_equal(service_stop(w), 0);
}

static void logs__of_a_file_that_is_not_there_yet__come_with_it(struct world *w)
{
    struct follower f;
    char *late = below(w, "late.txt");
    job_file(w, "[job:late]\ncommand = @worker --echo hello --hold\nstop = terminate\n"
                "stdout = late.txt\n");
    service_start(w);
    await_file(w, "late.txt", "hello", 1, NULL);
    tell(w, "stop late --wait", 0, "stopped");
    wchar_t *path = wide_or_fail(late);
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; file_exists(late); Sleep(POLL_MS)) {
        DeleteFileW(path);
        assert_true(GetTickCount64() < end);
    }
    tell(w, "logs late", 0, "late.txt <==\n(it cannot be opened: ");
    follow(w, "logs late -f", &f);
    follower_await(&f, "it cannot be opened", 1);
    tell(w, "start late --wait", 0, "started");
    follower_await(&f, "hello", 1);
    follower_end(&f);
    free(path);
    free(late);
    assert_int_equal(service_stop(w), 0);
}

static void logs__of_two_followed__each_frame_says_whose_it_is(struct world *w)
{
    struct follower f;
    struct buf of[2] = {{0}, {0}};
    job_file(w, "[job:w]\ncommand = @worker --echo begin --wait-file go --lines 200 --echo end "
                "--hold\ninstances = 2\nstop = terminate\n");
    service_start(w);
    for (int i = 1; i <= 2; i++) {
        char *log = path_f("logs\\%s.w.%d.log", w->service, i);
        await_file(w, log, "begin", 1, NULL);
        free(log);
    }
    follow(w, "logs w -f -n 1 --json", &f);
    follower_await(&f, "begin", 2);
    make_file(w, "go");
    struct str text = follower_await(&f, "end", 2), line;
    while (line_next(&text, &line)) {
        yyjson_doc *doc = yyjson_read(line.p, line.n, 0);
        yyjson_val *root = yyjson_doc_get_root(doc);
        assert_non_null(root);
        bool second = strcmp(text_in(root, "name"), "w.2") == 0;
        assert_string_equal(text_in(root, "stream"), "stdout");
        buf_z(&of[second], text_in(root, "text"));
        yyjson_doc_free(doc);
    }
    for (int i = 0; i < 2; i++) {
        struct buf shall = {0};
        buf_z(&shall, "begin\n");
        for (int k = 1; k <= 200; k++)
            buf_f(&shall, "line %d\n", k);
        buf_z(&shall, "end\n");
        assert_string_equal(buf_text(&of[i]), buf_text(&shall));
        buf_free(&shall);
        buf_free(&of[i]);
    }
    follower_end(&f);
    assert_int_equal(service_stop(w), 0);
}

/* --- events ----------------------------------------------------------------------------- */
#define TWO_JOBS                                                                                   \
    "[defaults]\ncommand = @worker --hold\nstop = terminate\n"                                     \
    "[group:media]\nhook_timeout = 30s\n[job:web]\ninstances = 2\ngroup = media\n[job:api]\n"

static void begin_two_jobs(struct world *w)
{
    job_file(w, TWO_JOBS);
    service_start(w);
    await_n(w, "job.ready", 3);
}

/* They must be lines of the log, in its order. */
static void expect_in_log(struct world *w, struct str events)
{
    struct str log = log_now(w), line, logged_line;
    while (line_next(&events, &line)) {
        bool found = false;
        while (!found && line_next(&log, &logged_line))
            found = str_eq(line, logged_line);
        if (!found)
            fail_msg("not in the log, or not in its order: %.*s", (int)line.n, line.p);
    }
}

static void events__with_names_and_a_number__are_those_lines_of_the_log(struct world *w)
{
    begin_two_jobs(w);
    struct said s = told(w, "events -n 3");
    assert_int_equal(s.code, 0);
    assert_int_equal(lines_in(buf_view(&s.out)), 3);
    expect_in_log(w, buf_view(&s.out));
    said_free(&s);
    s = told(w, "events web.2");
    assert_int_equal(lines_in(buf_view(&s.out)), lines_matching(buf_view(&s.out), "job=web.2"));
    assert_int_equal(lines_matching(buf_view(&s.out), "job.started job=web.2"), 1);
    expect_in_log(w, buf_view(&s.out));
    said_free(&s);
    s = told(w, "events media -n 10000");
    assert_int_equal(lines_matching(buf_view(&s.out), "job.started"), 2);
    assert_int_equal(lines_matching(buf_view(&s.out), "job=api.1"), 0);
    said_free(&s);
    s = told(w, "events -n 10000");
    assert_int_equal(lines_in(buf_view(&s.out)), lines_in(log_now(w)));
    expect_in_log(w, buf_view(&s.out));
    said_free(&s);
    tell(w, "events wep", 4, "did you mean 'web'?");
    tell(w, "events -n 0", 0, "");
    assert_int_equal(service_stop(w), 0);
}

static void events__followed__has_what_comes_later_and_only_of_those_named(struct world *w)
{
    struct follower f;
    begin_two_jobs(w);
    follow(w, "events web -f -n 1", &f);
    follower_await(&f, "job=web.*", 1);
    tell(w, "stop api --wait", 0, "stopped");
    tell(w, "stop web.2 --wait", 0, "stopped");
    struct str text = follower_await(&f, "info job.stopped job=web.2", 1);
    assert_int_equal(lines_matching(text, "job=api.1"), 0);
    assert_int_equal(lines_matching(text, "job.started"), 0); /* that was long before */
    expect_in_log(w, text);
    follower_end(&f);
    assert_int_equal(service_stop(w), 0);
}

static void events__as_json__are_one_object_a_line_with_numbers_that_rise(struct world *w)
{
    struct follower f;
    uint64_t last = 0;
    size_t n = 0, at, all;
    yyjson_val *v;
    begin_two_jobs(w);
    follow(w, "events -f -n 10000 --json", &f);
    follower_await(&f, "job.ready", 1);
    tell(w, "restart web --wait", 0, "restarted");
    struct str text = follower_await(&f, "job.rolled", 1), line;
    while (line_next(&text, &line)) {
        yyjson_doc *doc = yyjson_read(line.p, line.n, 0);
        if (!doc)
            fail_msg("not JSON: %.*s", (int)line.n, line.p);
        yyjson_arr_foreach(member(yyjson_doc_get_root(doc), "events"), at, all, v)
        {
            uint64_t seq = number_in(v, "seq");
            if (n++ > 0)
                assert_int_equal(seq, last + 1);
            last = seq;
            if (strcmp(text_in(v, "event"), "job.started") == 0)
                assert_non_null(yyjson_obj_get(member(v, "fields"), "pid"));
        }
        assert_int_equal(number_in(yyjson_doc_get_root(doc), "lost"), 0);
        yyjson_doc_free(doc);
    }
    assert_true(n >= lines_matching(log_now(w), "job."));
    follower_end(&f);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(logs__of_streams_and_instances__are_their_last_lines),
        E2E(logs__go_nowhere__is_an_error_that_says_why),
        E2E(logs__followed_over_rolls__has_each_line_once),
        E2E(logs__rolled_away_unread__say_so_where_they_go_on),
        E2E(logs__of_a_file_that_is_not_there_yet__come_with_it),
        E2E(logs__of_two_followed__each_frame_says_whose_it_is),
        E2E(events__with_names_and_a_number__are_those_lines_of_the_log),
        E2E(events__followed__has_what_comes_later_and_only_of_those_named),
        E2E(events__as_json__are_one_object_a_line_with_numbers_that_rise),
    };
    return cmocka_run_group_tests_name("logs and events", tests, NULL, NULL);
}
