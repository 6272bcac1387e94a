/* test_bytes.c - what workers write arrives, in order, where it belongs. */
#include "tests/output/scene.h"

#include "service/process/output_pipe.h"
#include "service/process/output_target.h"
#include "service/win32/file.h"
#include "service/win32/wide.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void pipe__of_one_writer__bytes_arrive_in_order(void **state)
{
    struct scene *s = *state;
    enum { ALL = 3 << 20 };
    char *all = malloc(ALL);
    assert_non_null(all);
    for (size_t i = 0; i < ALL; i++)
        all[i] = (char)(i * 31 + i / 251);
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    for (size_t i = 0, step = 1; i < ALL; i += step, step = step * 3 % 70001 + 1) {
        step = step < ALL - i ? step : ALL - i;
        say_n(h, all + i, step);
    }
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    struct buf b = content(at(s, "a.log"));
    assert_int_equal(b.n, ALL);
    assert_memory_equal(b.p, all, ALL);
    buf_free(&b);
    free(all);
}

static void pipe__without_line_end__is_seen_at_once(void **state)
{
    struct scene *s = *state;
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 100});
    say(h, "password: ");
    WAIT_FOR(holds(at(s, "a.log"), "password: "));
    CloseHandle(h);
}

static void pipe__to_a_file_that_is_there__appends_on_a_line_of_its_own(void **state)
{
    struct scene *s = *state;
    put_file(at(s, "whole.log"), "old\n");
    put_file(at(s, "torn.log"), "old\nto");
    HANDLE a = pipe_to(s, (struct output_file){.path = at(s, "whole.log")});
    HANDLE b = pipe_to(s, (struct output_file){.path = at(s, "torn.log")});
    say(a, "new\n");
    say(b, "new\n");
    CloseHandle(a);
    CloseHandle(b);
    finish(s, GENEROUS_MS);
    assert_content(at(s, "whole.log"), "old\nnew\n");
    assert_content(at(s, "torn.log"), "old\nto\nnew\n");
}

static void pipe__after_another_that_ended_mid_line__begins_a_line(void **state)
{
    struct scene *s = *state;
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    say(h, "killed in the mid");
    CloseHandle(h);
    h = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    say(h, "next run\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_content(at(s, "a.log"), "killed in the mid\nnext run\n");
}

static void path__of_any_script_with_missing_folders__is_made(void **state)
{
    struct scene *s = *state;
    const char *name = "M\xC3\xBCller \xE8\xB3\x87\xE6\x96\x99 \xF0\x9F\x9A\x80\\deep er\\a.log";
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, name), .max_size = 4, .keep = 2});
    say(h, "one\ntwo\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_int_equal(told(s, "output."), 0);
    assert_content(at_old(s, name, 1), "one\n");
    assert_content(at(s, name), "two\n");
}

static void path__longer_than_windows_likes__works_and_rolls(void **state)
{
    struct scene *s = *state;
    char name[400];
    memset(name, 'x', sizeof name);
    name[100] = name[200] = '\\';
    strcpy(name + 300, ".log");
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, name), .max_size = 4, .keep = 1});
    say(h, "one\ntwo\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_int_equal(told(s, "output."), 0);
    wchar_t *w = path_wide(at_old(s, name, 1));
    assert_non_null(w);
    assert_int_not_equal(GetFileAttributesW(w), INVALID_FILE_ATTRIBUTES);
    assert_true(DeleteFileW(w));
    w[wcslen(w) - 2] = L'\0';
    assert_true(DeleteFileW(w));
    free(w);
}

static void two_pipes__one_file__lines_stay_whole(void **state)
{
    struct scene *s = *state;
    enum { LINES = 3000 };
    HANDLE a = pipe_to(s, (struct output_file){.path = at(s, "M\xC3\x9Cller.log")});
    HANDLE b = pipe_to(s, (struct output_file){.path = at(s, "sub\\..\\m\xC3\xBCLLER.LOG")});
    for (int i = 0; i < LINES; i++) {
        char line[64];
        int n = snprintf(line, sizeof line, "a %d of the first\nb %d of the second\n", i, i);
        size_t half = strcspn(line, "\n") + 1, cut = (size_t)i % half;
        say_n(a, line, cut); /* in pieces, with the other's in between */
        say_n(b, line + half, (size_t)n - half - 3);
        say_n(a, line + cut, half - cut);
        say_n(b, line + n - 3, 3);
    }
    CloseHandle(a);
    CloseHandle(b);
    finish(s, GENEROUS_MS);
    struct buf all = content(at(s, "m\xC3\xBCller.log"));
    int next[2] = {0, 0};
    struct str rest = buf_view(&all);
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        char want[64];
        assert_true(line.n > 0 && (line.p[0] == 'a' || line.p[0] == 'b'));
        int who = line.p[0] - 'a';
        snprintf(want, sizeof want, "%c %d of the %s", 'a' + who, next[who]++,
                 who ? "second" : "first");
        assert_true(str_is(line, want));
    }
    assert_int_equal(next[0], LINES);
    assert_int_equal(next[1], LINES);
    buf_free(&all);
}

static void two_pipes__a_line_too_long_to_hold__is_written_all_the_same(void **state)
{
    struct scene *s = *state;
    enum { LONG = 3 * PIPE_HELD_MAX };
    char *line = malloc(LONG);
    assert_non_null(line);
    memset(line, 'x', LONG);
    HANDLE a = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    HANDLE b = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    say_n(a, line, LONG);
    say(a, "\n");
    say(b, "short\n");
    CloseHandle(a);
    CloseHandle(b);
    finish(s, GENEROUS_MS);
    struct buf all = content(at(s, "a.log"));
    size_t x = 0;
    for (size_t i = 0; i < all.n; i++)
        x += all.p[i] == 'x';
    assert_int_equal(x, LONG);
    assert_int_equal(count_of(buf_text(&all), "short\n"), 1);
    buf_free(&all);
    free(line);
}

static void two_pipes__two_files__stay_apart(void **state)
{
    struct scene *s = *state;
    HANDLE a = pipe_to(s, (struct output_file){.path = at(s, "out.log")});
    HANDLE b = pipe_to(s, (struct output_file){.path = at(s, "err.log")});
    say(a, "to out\n");
    say(b, "to err\n");
    say(a, "to out again\n");
    CloseHandle(a);
    CloseHandle(b);
    finish(s, GENEROUS_MS);
    assert_content(at(s, "out.log"), "to out\nto out again\n");
    assert_content(at(s, "err.log"), "to err\n");
}

static void child__with_our_pipe_as_both_streams__all_its_lines_arrive(void **state)
{
    struct scene *s = *state;
    wchar_t self[MAX_PATH], line[MAX_PATH + 32];
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "child.log")});
    assert_in_range(GetModuleFileNameW(NULL, self, MAX_PATH), 1, MAX_PATH - 1);
    swprintf(line, MAX_PATH + 32, L"\"%ls\" say 500", self);
    STARTUPINFOW si = {
        .cb = sizeof si, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = h, .hStdError = h};
    PROCESS_INFORMATION pi;
    assert_true(
        CreateProcessW(self, line, NULL, NULL, TRUE, CREATE_NO_WINDOW, NULL, NULL, &si, &pi));
    CloseHandle(h);
    CloseHandle(pi.hThread);
    finish(s, GENEROUS_MS);
    assert_int_equal(WaitForSingleObject(pi.hProcess, GENEROUS_MS), WAIT_OBJECT_0);
    CloseHandle(pi.hProcess);
    struct buf b = content(at(s, "child.log"));
    assert_int_equal(count_of(buf_text(&b), "out "), 500);
    assert_int_equal(count_of(buf_text(&b), "err "), 5);
    assert_non_null(strstr(buf_text(&b), "out 499"));
    buf_free(&b);
}

static void ends__of_a_pipe__only_the_childs_is_inheritable(void **state)
{
    struct scene *s = *state;
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    DWORD flags = 0;
    assert_true(GetHandleInformation(h, &flags));
    assert_int_equal(flags & HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    assert_int_equal(GetFileType(h), FILE_TYPE_PIPE);
    CloseHandle(h);

    struct pipe *p = NULL;
    struct err e = {0};
    assert_int_equal(pipe_new(12345, NULL, &p, &h, &e), ST_OK);
    assert_true(GetHandleInformation(p->end, &flags));
    assert_int_equal(flags & HANDLE_FLAG_INHERIT, 0);
    CloseHandle(h);
    pipe_free(p);
}

static void stamps__of_lines_in_pieces__stand_once_before_each(void **state)
{
    struct scene *s = *state;
    s->utc = INT64_C(133767000000000000) + 1230000;
    char stamp[STAMP_BYTES + 1] = {0};
    struct moment m = moment_local((uint64_t)s->utc);
    moment_stamp(&m, stamp);
    assert_int_equal(m.ms, 123);
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log"), .timestamps = true});
    say(h, "on");
    WAIT_FOR(holds(at(s, "a.log"), "on"));
    say(h, "e\ntw");
    WAIT_FOR(holds(at(s, "a.log"), "tw"));
    say(h, "o\n\nfour\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    char want[512];
    snprintf(want, sizeof want, "%sone\n%stwo\n%s\n%sfour\n", stamp, stamp, stamp, stamp);
    assert_content(at(s, "a.log"), want);
}

static size_t heap_in_use(void)
{
    HANDLE heap = (HANDLE)_get_heap_handle();
    size_t n = 0;
    PROCESS_HEAP_ENTRY entry = {0};
    assert_true(HeapLock(heap));
    while (HeapWalk(heap, &entry))
        if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY)
            n += entry.cbData + entry.cbOverhead;
    HeapUnlock(heap);
    return n;
}

static void pipe_runs(struct scene *s, int from, int to)
{
    for (int i = from; i < to; i++) {
        char name[32], line[32];
        snprintf(name, sizeof name, "worker%d.log", i % 7);
        snprintf(line, sizeof line, "run %d\n", i);
        HANDLE h = pipe_to(s, (struct output_file){.path = at(s, name)});
        say(h, line);
        CloseHandle(h);
        if (i % 50 == 49)
            WAIT_FOR(holds(at(s, name), line));
    }
}

static void pipes__two_thousand_in_turn__leave_nothing_behind(void **state)
{
    struct scene *s = *state;
    pipe_runs(s, 0, 100);
    DWORD handles_then = handles();
    size_t heap_then = heap_in_use();
    pipe_runs(s, 100, 2000);
    WAIT_FOR(handles() <= handles_then + HANDLES_SLACK);
    WAIT_FOR(heap_in_use() <= heap_then + 4096);
    finish(s, GENEROUS_MS);
    unsigned lines = 0;
    for (int i = 0; i < 7; i++) {
        char name[32];
        snprintf(name, sizeof name, "worker%d.log", i);
        struct buf b = content(at(s, name));
        lines += count_of(buf_text(&b), "run ");
        buf_free(&b);
    }
    assert_int_equal(lines, 2000);
}

static void files__without_a_worker_any_more__are_closed_after_a_while(void **state)
{
    struct scene *s = *state;
    DWORD before = handles();
    for (int i = 0; i < 40; i++) {
        char name[32];
        snprintf(name, sizeof name, "once%d.log", i);
        HANDLE h = pipe_to(s, (struct output_file){.path = at(s, name)});
        say(h, "one line\n");
        CloseHandle(h);
    }
    WAIT_FOR(holds(at(s, "once39.log"), "one line"));
    WAIT_FOR(handles() <= before + HANDLES_SLACK);
}

static void pipes__three_hundred_idle_ones__cost_little_memory(void **state)
{
    struct scene *s = *state;
    enum { PIPES = 300 };
    HANDLE h[PIPES];
    size_t before = heap_in_use();
    for (int i = 0; i < PIPES; i++) {
        char name[32];
        snprintf(name, sizeof name, "idle%d.log", i);
        h[i] = pipe_to(s, (struct output_file){.path = at(s, name)});
        say(h[i], "begun\n");
        WAIT_FOR(holds(at(s, name), "begun\n"));
    }
    size_t each = (heap_in_use() - before) / PIPES;
    print_message("%u bytes of heap for each idle pipe with its file\n", (unsigned)each);
    assert_in_range(each, 1, 5 << 10);
    for (int i = 0; i < PIPES; i++)
        CloseHandle(h[i]);
}

int test_bytes(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(pipe__of_one_writer__bytes_arrive_in_order),
        SCENE(pipe__without_line_end__is_seen_at_once),
        SCENE(pipe__to_a_file_that_is_there__appends_on_a_line_of_its_own),
        SCENE(pipe__after_another_that_ended_mid_line__begins_a_line),
        SCENE(path__of_any_script_with_missing_folders__is_made),
        SCENE(path__longer_than_windows_likes__works_and_rolls),
        SCENE(two_pipes__one_file__lines_stay_whole),
        SCENE(two_pipes__a_line_too_long_to_hold__is_written_all_the_same),
        SCENE(two_pipes__two_files__stay_apart),
        SCENE(child__with_our_pipe_as_both_streams__all_its_lines_arrive),
        SCENE(ends__of_a_pipe__only_the_childs_is_inheritable),
        SCENE(stamps__of_lines_in_pieces__stand_once_before_each),
        SCENE(pipes__two_thousand_in_turn__leave_nothing_behind),
        SCENE(files__without_a_worker_any_more__are_closed_after_a_while),
        SCENE(pipes__three_hundred_idle_ones__cost_little_memory),
    };
    return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
