/* test_roll.c - full files make room: no line lost, repeated or cut. */
#include "tests/output/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 100000, LINE_BYTES = 25 };

/* LINES numbered lines in writes of every size. */
static void say_numbered(HANDLE h)
{
    struct buf all = {0};
    for (int i = 0; i < LINES; i++)
        buf_f(&all, "line %06d of the test\r\n", i);
    assert_true(buf_ok(&all));
    assert_int_equal(all.n, LINES * LINE_BYTES);
    for (size_t i = 0, step = 7; i < all.n; i += step, step = step * 5 % 9973 + 1) {
        step = step < all.n - i ? step : all.n - i;
        say_n(h, all.p + i, step);
    }
    buf_free(&all);
}

static void assert_numbered(const struct buf *all, int first)
{
    assert_int_equal(all->n, (LINES - first) * LINE_BYTES);
    for (int i = first; i < LINES; i++) {
        char want[64];
        snprintf(want, sizeof want, "line %06d of the test\r\n", i);
        assert_memory_equal(all->p + (size_t)(i - first) * LINE_BYTES, want, LINE_BYTES);
    }
}

static void roll__hundred_thousand_lines_with_all_kept__each_is_there_once(void **state)
{
    struct scene *s = *state;
    HANDLE h =
        pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 100000, .keep = 1000});
    say_numbered(h);
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    unsigned files;
    struct buf all = all_content(s, "a.log", &files);
    assert_numbered(&all, 0);
    buf_free(&all);
    assert_in_range(files, LINES * LINE_BYTES / 100000, 30);
    for (unsigned k = 0; k < files; k++) {
        struct buf one = content(at_old(s, "a.log", k));
        assert_true(one.n > 0 && one.p[one.n - 1] == '\n');
        assert_in_range(one.n, 1, 100000 + LINE_BYTES);
        buf_free(&one);
    }
    assert_int_equal(told(s, "output."), 0);
}

static void roll__keeping_three__exactly_the_last_lines_are_there(void **state)
{
    struct scene *s = *state;
    HANDLE h =
        pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 50000, .keep = 3});
    say_numbered(h);
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    unsigned files;
    struct buf all = all_content(s, "a.log", &files);
    assert_int_equal(files, 4);
    assert_true(all.n > 3 * (50000 - LINE_BYTES));
    assert_int_equal(all.n % LINE_BYTES, 0);
    assert_numbered(&all, LINES - (int)(all.n / LINE_BYTES));
    buf_free(&all);
}

static void roll__keeping_none__the_file_begins_anew(void **state)
{
    struct scene *s = *state;
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 10});
    say(h, "one\ntwo\n");
    say(h, "three\nfour\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_content(at(s, "a.log"), "four\n");
    assert_false(there(at(s, "a.log.1")));
}

static void roll__file_that_is_there__its_size_counts(void **state)
{
    struct scene *s = *state;
    put_file(at(s, "a.log"), "12345678\n");
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 10, .keep = 1});
    say(h, "new\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_content(at(s, "a.log.1"), "12345678\n");
    assert_content(at(s, "a.log"), "new\n");
}

static void roll__gap_among_the_old_files__is_filled_and_nothing_is_lost(void **state)
{
    struct scene *s = *state;
    put_file(at(s, "a.log"), "b\n");
    put_file(at(s, "a.log.1"), "a\n");
    put_file(at(s, "a.log.3"), "oldest\n");
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 2, .keep = 3});
    say(h, "c\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_content(at(s, "a.log.3"), "oldest\n");
    assert_content(at(s, "a.log.2"), "a\n");
    assert_content(at(s, "a.log.1"), "b\n");
    assert_content(at(s, "a.log"), "c\n");
}

static void roll__two_pipes_in_one_file__every_line_is_there_once(void **state)
{
    struct scene *s = *state;
    const struct output_file f = {.path = at(s, "a.log"), .max_size = 1000, .keep = 1000};
    HANDLE a = pipe_to(s, f), b = pipe_to(s, f);
    for (int i = 0; i < 2000; i++) {
        char line[32];
        snprintf(line, sizeof line, "<%c%d>\n", i % 2 ? 'a' : 'b', i);
        size_t cut = (size_t)i % 4;
        say_n(i % 2 ? a : b, line, cut);
        say(i % 2 ? a : b, line + cut);
    }
    CloseHandle(a);
    CloseHandle(b);
    finish(s, GENEROUS_MS);
    unsigned files;
    struct buf all = all_content(s, "a.log", &files);
    assert_in_range(files, 10, 40);
    for (int i = 0; i < 2000; i++) {
        char line[32];
        snprintf(line, sizeof line, "<%c%d>\n", i % 2 ? 'a' : 'b', i);
        assert_int_equal(count_of(buf_text(&all), line), 1);
    }
    buf_free(&all);
}

static void roll__hundreds_of_times__leaves_no_handle_open(void **state)
{
    struct scene *s = *state;
    HANDLE none = pipe_to(s, (struct output_file){.path = at(s, "none.log"), .max_size = 2});
    HANDLE one =
        pipe_to(s, (struct output_file){.path = at(s, "one.log"), .max_size = 2, .keep = 1});
    DWORD before = 0;
    for (int i = 0; i < 300; i++) {
        char line[32];
        snprintf(line, sizeof line, "<%d>\n", i);
        say(none, line);
        say(one, line);
        if (i % 100 == 50)
            WAIT_FOR(holds(at(s, "one.log"), line) && holds(at(s, "none.log"), line));
        if (i == 50)
            before = handles();
    }
    WAIT_FOR(holds(at(s, "one.log"), "<299>"));
    WAIT_FOR(handles() <= before + HANDLES_SLACK);
    assert_int_equal(told(s, "output."), 0); /* a handle left open would stop the rolling too */
    CloseHandle(none);
    CloseHandle(one);
}

static HANDLE hold(const char *path, DWORD share)
{
    wchar_t *w = wide_at(path);
    HANDLE h = CreateFileW(w, GENERIC_READ, share, NULL, OPEN_EXISTING, 0, NULL);
    free(w);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    return h;
}

static void roll__reader_that_shares_everything__does_not_disturb(void **state)
{
    struct scene *s = *state;
    put_file(at(s, "a.log"), "old one\n");
    HANDLE reader = hold(at(s, "a.log"), FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 8, .keep = 2});
    say(h, "new one\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    char seen[32] = {0};
    DWORD n = 0;
    assert_true(ReadFile(reader, seen, sizeof seen - 1, &n, NULL)); /* of the file it opened */
    assert_string_equal(seen, "old one\n");
    CloseHandle(reader);
    assert_content(at(s, "a.log.1"), "old one\n");
    assert_content(at(s, "a.log"), "new one\n");
    assert_int_equal(told(s, "output."), 0);
}

static void roll__oldest_file_still_being_read__is_replaced_all_the_same(void **state)
{
    struct scene *s = *state;
    put_file(at(s, "a.log.1"), "oldest\n");
    put_file(at(s, "a.log"), "old\n");
    HANDLE reader = hold(at(s, "a.log.1"), FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 4, .keep = 1});
    say(h, "new\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    CloseHandle(reader);
    assert_content(at(s, "a.log.1"), "old\n");
    assert_content(at(s, "a.log"), "new\n");
    assert_false(there(at(s, "a.log.1.gone")));
    assert_int_equal(told(s, "output."), 0);
}

/* Writes lines until the file has rolled, then checks that none of NEXT or more is missing. */
static void until_rolled(struct scene *s, HANDLE h, int next)
{
    WAIT_FOR((say(h, "x\n"), next++, there(at(s, "a.log.1"))));
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    unsigned files;
    struct buf all = all_content(s, "a.log", &files);
    assert_int_equal(all.n, 2 * next);
    assert_int_equal(count_of(buf_text(&all), "x\n"), next);
    buf_free(&all);
}

static void roll__file_held_by_another_program__goes_on_in_it_and_rolls_later(void **state)
{
    struct scene *s = *state;
    put_file(at(s, "a.log"), "x\n");
    HANDLE holder = hold(at(s, "a.log"), FILE_SHARE_READ | FILE_SHARE_WRITE);
    HANDLE h =
        pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 100, .keep = 1000});
    for (int i = 1; i < 500; i++)
        say(h, "x\n");
    WAIT_FOR(told(s, "output.roll_failed") > 0);
    struct buf one = {0};
    WAIT_FOR((buf_free(&one), one = content(at(s, "a.log")), one.n == 1000));
    buf_free(&one);
    assert_false(there(at(s, "a.log.1")));
    CloseHandle(holder);
    until_rolled(s, h, 500);
    assert_int_equal(told(s, "output."), 1);
}

static void roll__old_file_held_by_another_program__nothing_is_lost(void **state)
{
    struct scene *s = *state;
    put_file(at(s, "a.log.1"), "x\n");
    put_file(at(s, "a.log"), "x\n");
    HANDLE holder = hold(at(s, "a.log.1"), FILE_SHARE_READ | FILE_SHARE_WRITE);
    HANDLE h =
        pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 2, .keep = 1000});
    say(h, "x\n");
    WAIT_FOR(told(s, "output.roll_failed") > 0);
    CloseHandle(holder);
    int next = 3;
    WAIT_FOR((say(h, "x\n"), next++, there(at(s, "a.log.2"))));
    until_rolled(s, h, next);
    assert_int_equal(told(s, "output."), 1);
}

static const LONG64 DAY = INT64_C(864000000000);

static void daily__first_line_after_midnight__rolls(void **state)
{
    struct scene *s = *state;
    s->utc = INT64_C(133767000000000000);
    HANDLE h =
        pipe_to(s, (struct output_file){.path = at(s, "a.log"), .roll = ROLL_DAILY, .keep = 5});
    say(h, "one\n");
    WAIT_FOR(holds(at(s, "a.log"), "one\n"));
    InterlockedAdd64(&s->utc, 10000000);
    say(h, "two\nbegun ");
    WAIT_FOR(holds(at(s, "a.log"), "begun "));
    InterlockedAdd64(&s->utc, DAY);
    say(h, "yesterday\n");
    WAIT_FOR(holds(at(s, "a.log"), "yesterday\n"));
    assert_false(there(at(s, "a.log.1")));
    say(h, "next day\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_content(at(s, "a.log.1"), "one\ntwo\nbegun yesterday\n");
    assert_content(at(s, "a.log"), "next day\n");
    assert_false(there(at(s, "a.log.2")));
}

static void daily__file_left_from_another_day__rolls_at_the_first_line(void **state)
{
    struct scene *s = *state;
    put_file(at(s, "a.log"), "today\n");
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    s->utc = ((LONG64)now.dwHighDateTime << 32 | now.dwLowDateTime) + 2 * DAY;
    HANDLE h =
        pipe_to(s, (struct output_file){.path = at(s, "a.log"), .roll = ROLL_DAILY, .keep = 5});
    say(h, "two days later\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_content(at(s, "a.log.1"), "today\n");
    assert_content(at(s, "a.log"), "two days later\n");
}

static void settings__of_a_younger_pipe__hold_from_its_next_line_on(void **state)
{
    struct scene *s = *state;
    HANDLE a = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    say(a, "one\ntwo\nthree\n");
    WAIT_FOR(holds(at(s, "a.log"), "three\n"));
    HANDLE b = pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 5, .keep = 1});
    say(b, "four\n");
    CloseHandle(a);
    CloseHandle(b);
    finish(s, GENEROUS_MS);
    assert_content(at(s, "a.log.1"), "one\ntwo\nthree\n");
    assert_content(at(s, "a.log"), "four\n");
}

int test_roll(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(roll__hundred_thousand_lines_with_all_kept__each_is_there_once),
        SCENE(roll__keeping_three__exactly_the_last_lines_are_there),
        SCENE(roll__keeping_none__the_file_begins_anew),
        SCENE(roll__file_that_is_there__its_size_counts),
        SCENE(roll__gap_among_the_old_files__is_filled_and_nothing_is_lost),
        SCENE(roll__two_pipes_in_one_file__every_line_is_there_once),
        SCENE(roll__hundreds_of_times__leaves_no_handle_open),
        SCENE(roll__reader_that_shares_everything__does_not_disturb),
        SCENE(roll__oldest_file_still_being_read__is_replaced_all_the_same),
        SCENE(roll__file_held_by_another_program__goes_on_in_it_and_rolls_later),
        SCENE(roll__old_file_held_by_another_program__nothing_is_lost),
        SCENE(daily__first_line_after_midnight__rolls),
        SCENE(daily__file_left_from_another_day__rolls_at_the_first_line),
        SCENE(settings__of_a_younger_pipe__hold_from_its_next_line_on),
    };
    return cmocka_run_group_tests_name("roll", tests, NULL, NULL);
}
