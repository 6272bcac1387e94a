/* e2e_output.c - what workers write, in files. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

static void text_of(struct world *w, const char *name, struct buf *ret)
{
    char *path = below(w, name);
    buf_reset(ret);
    if (!file_read(path, ret))
        fail_msg("%s is missing", name);
    free(path);
}

static bool there(struct world *w, const char *name)
{
    char *path = below(w, name);
    bool is = file_exists(path);
    free(path);
    return is;
}

static size_t count(const struct buf *text, const char *pattern)
{
    return lines_matching(buf_view(text), pattern);
}

static void streams__together_apart_and_null__go_where_the_job_says(struct world *w)
{
    job_file(w, "[defaults]\ncommand = @worker --lines 20 --stderr-lines 10\nrestart = never\n"
                "[job:both]\nstdout = new folder/deep/both.txt\n"
                "[job:apart]\nstdout = out.txt\nstderr = err.txt\n"
                "[job:quiet]\nstdout = null\nstderr = quiet.txt\n"
                "[job:silent]\nstdout = null\n"
                "[job:usual]\n");
    service_start(w);
    assert_int_equal(service_wait(w), 0);
    struct buf text = {0};
    text_of(w, "new folder\\deep\\both.txt", &text);
    assert_int_equal(count(&text, "error line"), 10);
    assert_int_equal(lines_in(buf_view(&text)), 30);
    text_of(w, "out.txt", &text);
    assert_int_equal(lines_in(buf_view(&text)), 20);
    assert_int_equal(count(&text, "error line"), 0);
    text_of(w, "err.txt", &text);
    assert_int_equal(count(&text, "error line"), 10);
    assert_int_equal(lines_in(buf_view(&text)), 10);
    text_of(w, "quiet.txt", &text);
    assert_int_equal(count(&text, "error line"), 10);
    char *usual = path_f("logs\\%s.usual.1.log", w->service);
    char *silent = path_f("logs\\%s.silent.1.log", w->service);
    text_of(w, usual, &text);
    assert_int_equal(lines_in(buf_view(&text)), 30);
    assert_false(there(w, "null"));
    assert_false(there(w, silent));
    free(silent);
    free(usual);
    buf_free(&text);
}

/* The whole of a rolled output, oldest first; returns how many files it lies in. */
static size_t join_rolled(struct world *w, const char *name, uint64_t max_size, struct buf *ret)
{
    struct buf one = {0};
    size_t files = 0;
    char *old = NULL;
    do {
        free(old);
        old = path_f("%s.%zu", name, ++files);
    } while (there(w, old));
    for (size_t i = files; i-- > 0;) {
        free(old);
        old = i ? path_f("%s.%zu", name, i) : path_f("%s", name);
        text_of(w, old, &one);
        assert_true(one.n <= max_size);
        buf_str(ret, buf_view(&one));
    }
    free(old);
    buf_free(&one);
    return files;
}

/* TEXT is `line 1` to `line N`, again and again, nothing lost, doubled or cut. */
static void expect_runs(struct str text, unsigned lines, unsigned runs, size_t bytes)
{
    char expected[32];
    unsigned next = 0;
    for (struct str line; line_next(&text, &line); next++) {
        snprintf(expected, sizeof expected, "line %u ", next % lines + 1);
        if (!str_starts(line, expected) || line.n + 1 != bytes)
            fail_msg("line %u is '%.*s'", next + 1, (int)line.n, line.p);
    }
    assert_int_equal(next, lines * runs);
}

static void output__rolls_by_size_over_restarts__no_line_is_lost_or_doubled(struct world *w)
{
    enum { LINES = 1000, BYTES = 100, RUNS = 3, MAX = 20 << 10 };
    job_file(w, "[job:talk]\ncommand = @worker --lines %d --line-bytes %d --exit 1\n"
                "stdout = talk.txt\nlog_max_size = %d\nlog_keep = 100\nstart_limit = %d\n"
                "start_limit_interval = 1d\nrestart_delay = 0\n",
             LINES, BYTES, MAX, RUNS);
    service_start(w);
    assert_int_equal(service_wait(w), 1); /* the start limit */
    struct buf text = {0};
    size_t files = join_rolled(w, "talk.txt", MAX, &text);
    assert_true(files >= LINES * BYTES * RUNS / MAX);
    expect_runs(buf_view(&text), LINES, RUNS, BYTES);
    buf_free(&text);
}

static void output__more_than_log_keep__keeps_the_youngest(struct world *w)
{
    enum { LINES = 1000, BYTES = 100, MAX = 10 << 10 };
    job_file(w, "[job:talk]\ncommand = @worker --lines %d --line-bytes %d\nrestart = never\n"
                "stdout = talk.txt\nlog_max_size = %d\nlog_keep = 3\n"
                "[job:last]\ncommand = @worker --lines %d --line-bytes %d\nrestart = never\n"
                "stdout = last.txt\nlog_max_size = %d\nlog_keep = 0\n",
             LINES, BYTES, MAX, LINES, BYTES, MAX);
    service_start(w);
    assert_int_equal(service_wait(w), 0);
    struct buf text = {0};
    assert_int_equal(join_rolled(w, "talk.txt", MAX, &text), 4);
    assert_int_equal(count(&text, "line 1000"), 1);
    assert_int_equal(count(&text, "line 1"), 0);
    buf_reset(&text);
    assert_int_equal(join_rolled(w, "last.txt", MAX, &text), 1);
    assert_int_equal(count(&text, "line 1000"), 1);
    buf_free(&text);
}

static void output__of_a_second_run_of_the_service__is_added(struct world *w)
{
    job_file(w, "[job:talk]\ncommand = @worker --lines 10 --line-bytes 20\nrestart = never\n"
                "stdout = talk.txt\n");
    for (int run = 0; run < 2; run++) {
        service_start(w);
        assert_int_equal(service_wait(w), 0);
        char *name = job_name(w, "talk.1");
        await_name_gone(name);
        free(name);
    }
    struct buf text = {0};
    text_of(w, "talk.txt", &text);
    expect_runs(buf_view(&text), 10, 2, 20);
    buf_free(&text);
}

/* `2026-11-22T15:42:01.123+01:00 ` */
static bool stamped(struct str line)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd.ddd?dd:dd ";
    if (line.n < sizeof shape - 1)
        return false;
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        char c = line.p[i], s = shape[i];
        if (s == 'd' ? !ascii_digit(c) : s == '?' ? c != '+' && c != '-' : c != s)
            return false;
    }
    return true;
}

static void output__with_timestamps__every_line_begins_with_one(struct world *w)
{
    job_file(w, "[job:talk]\ncommand = @worker --lines 50 --stderr-lines 50\nrestart = never\n"
                "stdout = talk.txt\nlog_timestamps = yes\n");
    service_start(w);
    assert_int_equal(service_wait(w), 0);
    struct buf text = {0};
    text_of(w, "talk.txt", &text);
    assert_int_equal(lines_in(buf_view(&text)), 100);
    for (struct str rest = buf_view(&text), line; line_next(&rest, &line);)
        if (!stamped(line))
            fail_msg("no time before '%.*s'", (int)line.n, line.p);
    buf_free(&text);
}

static void log_file__a_folder_is_in_its_place__one_warning_and_the_worker_runs_on(struct world *w)
{
    char *blocked = below(w, "blocked.txt");
    folder_make(blocked);
    job_file(w, "[job:talk]\ncommand = @worker --lines 3000 --touch wrote --hold\n"
                "stdout = blocked.txt\n"
                "[job:good]\ncommand = @worker --lines 100 --touch good.wrote --hold\n"
                "stdout = good.txt\n");
    service_start(w);
    HANDLE worker = worker_of(w, "talk.1");
    await_file(w, "wrote", NULL, 0, NULL);
    await_file(w, "good.wrote", NULL, 0, NULL);
    await(w, "warning output.lost file=*blocked.txt");
    assert_false(process_gone(worker));
    assert_int_equal(service_stop(w), 0);
    assert_int_equal(lines_matching(log_now(w), "output.lost"), 1);
    assert_int_equal(lines_matching(log_now(w), "job.started job=talk.1"), 1);
    struct buf text = {0};
    text_of(w, "good.txt", &text);
    assert_int_equal(lines_in(buf_view(&text)), 100);
    buf_free(&text);
    free(blocked);
}

static void service_log__its_file__holds_what_the_console_showed(struct world *w)
{
    job_file(w, "log_file = service log/all.txt\nlog_level = debug\n"
                "[job:short]\ncommand = @worker --exit 0\nrestart = never\n");
    service_start(w);
    assert_int_equal(service_wait(w), 0);
    struct buf text = {0};
    text_of(w, "service log\\all.txt", &text);
    struct str log = log_now(w);
    for (struct str line, rest = buf_view(&text); line_next(&rest, &line);) {
        char *copy = path_f("%.*s", (int)line.n, line.p);
        if (!text_has(log, copy))
            fail_msg("not on the console: %s", copy);
        free(copy);
    }
    assert_int_equal(count(&text, "service.started"), 1);
    assert_int_equal(count(&text, "job.exited job=short.1"), 1);
    assert_int_equal(count(&text, "service.stopped"), 1);
    buf_free(&text);
}

static void service_log__cannot_be_opened__one_warning_and_the_fleet_runs(struct world *w)
{
    char *blocked = below(w, "blocked.txt");
    folder_make(blocked);
    job_file(w, "log_file = blocked.txt\n[job:web]\ncommand = @worker --touch seen --hold\n");
    service_start(w);
    await(w, "output.lost * blocked.txt * there is a folder of that name");
    await_file(w, "seen", "", 1, NULL);
    assert_int_equal(service_stop(w), 0);
    assert_int_equal(lines_matching(log_now(w), "output.lost"), 1);
    free(blocked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(streams__together_apart_and_null__go_where_the_job_says),
        E2E(output__rolls_by_size_over_restarts__no_line_is_lost_or_doubled),
        E2E(output__more_than_log_keep__keeps_the_youngest),
        E2E(output__of_a_second_run_of_the_service__is_added),
        E2E(output__with_timestamps__every_line_begins_with_one),
        E2E(log_file__a_folder_is_in_its_place__one_warning_and_the_worker_runs_on),
        E2E(service_log__its_file__holds_what_the_console_showed),
        E2E(service_log__cannot_be_opened__one_warning_and_the_fleet_runs),
    };
    return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
