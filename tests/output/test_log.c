/* test_log.c - the service's own log. */
#include "tests/output/scene.h"

#include "service/process/output_backlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void open_log(struct scene *s, struct output_file f)
{
    struct err e = {0};
    bool lost = true;
    if (output_open_log(s->o, &f, &lost, &e) != ST_OK)
        fail_msg("%s", e.text);
    assert_false(lost);
}

static void line(struct scene *s, const char *text)
{
    output_log_line(s->o, str_of(text));
}

static void log__lines__are_written_unchanged_with_a_line_end(void **state)
{
    struct scene *s = *state;
    open_log(s, (struct output_file){.path = at(s, "new\\service.log")});
    line(s, "2026-01-01 service.start name=Jobwarden");
    line(s, "");
    line(s, "two words");
    finish(s, 0);
    assert_content(at(s, "new\\service.log"),
                   "2026-01-01 service.start name=Jobwarden\n\ntwo words\n");
}

static void log__other_settings__hold_from_the_next_line_on(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    struct output_file f = {.path = at(s, "a.log"), .max_size = 1 << 20, .keep = 2};
    open_log(s, f);
    line(s, "before");
    WAIT_FOR(holds(f.path, "before"));
    f.max_size = 10;
    assert_int_equal(output_adjust_log(s->o, &f, &e), ST_OK);
    line(s, "the first one after it");
    line(s, "the second");
    finish(s, 0);
    assert_content(at(s, "a.log"), "the second\n");
    assert_content(at_old(s, "a.log", 1), "the first one after it\n");
    assert_content(at_old(s, "a.log", 2), "before\n");
    assert_int_equal(told(s, "output."), 0);
}

static void log__that_is_a_folder__is_told_once_and_costs_its_lines(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    bool lost = false;
    const struct output_file f = {.path = s->dir};
    assert_int_equal(output_open_log(s->o, &f, &lost, &e), ST_OK);
    assert_true(lost);
    assert_non_null(strstr(e.text, s->dir));
    assert_non_null(strstr(e.text, "folder"));
    line(s, "goes nowhere");
    finish(s, 0);
    assert_int_equal(told(s, "output.lost"), 1);
}

static void log__without_a_file__lines_are_let_go(void **state)
{
    struct scene *s = *state;
    for (int i = 0; i < 200000; i++)
        line(s, "nobody reads this");
    assert_int_equal(told(s, "output."), 0);
}

static void log__rolls__and_keeps_every_line(void **state)
{
    struct scene *s = *state;
    open_log(s, (struct output_file){.path = at(s, "a.log"), .max_size = 1000, .keep = 1000});
    for (int i = 0; i < 1000; i++) {
        char text[32];
        snprintf(text, sizeof text, "<%d>", i);
        line(s, text);
    }
    finish(s, 0);
    unsigned files;
    struct buf all = all_content(s, "a.log", &files);
    assert_in_range(files, 5, 8);
    struct str rest = buf_view(&all);
    for (int i = 0; i < 1000; i++) {
        char want[32];
        snprintf(want, sizeof want, "<%d>", i);
        assert_true(str_is(str_cut(&rest, '\n'), want));
    }
    assert_int_equal(rest.n, 0);
    buf_free(&all);
}

enum { THREADS = 4, EACH = 5000 };

struct talker {
    struct scene *s;
    int who;
};

static DWORD WINAPI talk(void *arg)
{
    const struct talker *t = arg;
    for (int i = 0; i < EACH; i++) {
        char text[32];
        snprintf(text, sizeof text, "%d says %d", t->who, i);
        line(t->s, text);
    }
    return 0;
}

static void log__of_four_threads__lines_are_whole_and_in_order(void **state)
{
    struct scene *s = *state;
    open_log(s, (struct output_file){.path = at(s, "a.log")});
    struct talker t[THREADS];
    HANDLE h[THREADS];
    for (int i = 0; i < THREADS; i++) {
        t[i] = (struct talker){s, i};
        h[i] = CreateThread(NULL, 0, talk, &t[i], 0, NULL);
        assert_non_null(h[i]);
    }
    assert_int_equal(WaitForMultipleObjects(THREADS, h, TRUE, GENEROUS_MS), WAIT_OBJECT_0);
    for (int i = 0; i < THREADS; i++)
        CloseHandle(h[i]);
    finish(s, 0);
    struct buf all = content(at(s, "a.log"));
    int next[THREADS] = {0};
    for (struct str rest = buf_view(&all); rest.n > 0;) {
        struct str one = str_cut(&rest, '\n');
        char want[32];
        assert_true(one.n > 0);
        int who = one.p[0] - '0';
        assert_in_range(who, 0, THREADS - 1);
        snprintf(want, sizeof want, "%d says %d", who, next[who]++);
        assert_true(str_is(one, want));
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(next[i], EACH);
    buf_free(&all);
}

/* Holds the thread in a warning until the scene's gate opens. */
static HANDLE stop_the_thread(struct scene *s)
{
    HANDLE gate = CreateEventW(NULL, TRUE, FALSE, NULL);
    assert_non_null(gate);
    EnterCriticalSection(&s->lock);
    s->gate = gate;
    LeaveCriticalSection(&s->lock);
    HANDLE h = pipe_to(s, (struct output_file){.path = s->dir});
    WAIT_FOR(told(s, "output.lost") > 0);
    return h;
}

static void log__more_than_may_wait__is_counted_and_told_in_the_log(void **state)
{
    struct scene *s = *state;
    enum { SENT = 30000 };
    open_log(s, (struct output_file){.path = at(s, "a.log")});
    s->to_log = true;
    HANDLE h = stop_the_thread(s);
    for (int i = 0; i < SENT; i++) {
        char text[80];
        snprintf(text, sizeof text, "number %06d, and so many words behind it that it fills", i);
        line(s, text);
    }
    SetEvent(s->gate);
    CloseHandle(h);
    WAIT_FOR(told(s, "output.log_dropped") > 0);
    line(s, "after the flood");
    finish(s, GENEROUS_MS);
    struct buf all = content(at(s, "a.log"));
    unsigned written = count_of(buf_text(&all), "number ");
    assert_in_range(written, 1000, BACKLOG_MAX / 40);
    /* The thread's own warning waited at the gate and met the full backlog as well. */
    assert_int_equal(written + told_number(s, "output.log_dropped", "lines"), SENT + 1);
    assert_int_equal(count_of(buf_text(&all), "output.log_dropped lines="), 1);
    assert_non_null(strstr(buf_text(&all), "after the flood\n"));
    buf_free(&all);
}

static void log__line_longer_than_may_wait__is_counted(void **state)
{
    struct scene *s = *state;
    open_log(s, (struct output_file){.path = at(s, "a.log")});
    char *much = malloc(BACKLOG_MAX + 1);
    assert_non_null(much);
    memset(much, 'x', BACKLOG_MAX);
    much[BACKLOG_MAX] = '\0';
    line(s, much);
    free(much);
    WAIT_FOR(told(s, "output.log_dropped lines=1") > 0);
}

static void log__shared_with_a_worker__keeps_lines_whole(void **state)
{
    struct scene *s = *state;
    open_log(s, (struct output_file){.path = at(s, "a.log")});
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "A.LOG")});
    say(h, "from the wor");
    line(s, "from the service");
    WAIT_FOR(holds(at(s, "a.log"), "service\n"));
    say(h, "ker\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_content(at(s, "a.log"), "from the service\nfrom the worker\n");
}

int test_log(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(log__lines__are_written_unchanged_with_a_line_end),
        SCENE(log__other_settings__hold_from_the_next_line_on),
        SCENE(log__that_is_a_folder__is_told_once_and_costs_its_lines),
        SCENE(log__without_a_file__lines_are_let_go),
        SCENE(log__rolls__and_keeps_every_line),
        SCENE(log__of_four_threads__lines_are_whole_and_in_order),
        SCENE(log__more_than_may_wait__is_counted_and_told_in_the_log),
        SCENE(log__line_longer_than_may_wait__is_counted),
        SCENE(log__shared_with_a_worker__keeps_lines_whole),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
