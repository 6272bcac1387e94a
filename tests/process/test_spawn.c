/* test_spawn.c - children in their job from the start, heard when they end, nothing left over. */
#include "tests/process/lab.h"

#include "service/win32/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum spawn_way ways[] = {SPAWN_BEST, SPAWN_ATTRIBUTE, SPAWN_SUSPENDED};
enum { WAYS = sizeof ways / sizeof *ways };

static void child__every_way__is_in_the_job_and_cannot_leave(void **state)
{
    const struct lab *l = *state;
    for (int i = 0; i < WAYS; i++) {
        struct spawn s = {.way = ways[i]};
        struct child c = {0};
        DWORD code;
        scratch_write(l->out, "", 0);
        lab_start_worker(l, "--breakaway --echo done --hold", &s, &c);
        assert_true(lab_in_job(l->job, c.pid)); /* when spawn_child returns, at the latest */
        assert_true(child_alive(&c, &code));
        lab_wait_text(l->out, "breakaway error 5\n");
        assert_true(TerminateProcess(c.process, 3));
        assert_int_equal(lab_finish(&c), 3);
    }
}

static void child__first_thing_it_does_is_a_child__that_is_in_the_job_too(void **state)
{
    const struct lab *l = *state;
    for (int i = 0; i < WAYS; i++) {
        struct spawn s = {.way = ways[i]};
        struct child c = {0};
        unsigned long pid = 0;
        scratch_write(l->out, "", 0);
        lab_start_worker(l, "--spawn 1 --echo done", &s, &c);
        assert_int_equal(lab_finish(&c), 0);
        char *text = scratch_read(l->out);
        assert_int_equal(sscanf(text, "child %lu", &pid), 1);
        assert_true(lab_in_job(l->job, pid));
        free(text);
    }
}

static void expect_failure(const struct lab *l, HANDLE job, enum spawn_way way, DWORD code,
                           const char *words)
{
    char *touched = scratch_path(l->folder, "touched");
    struct launch launch = {0};
    struct child c = {0};
    struct err e = {0};
    lab_prepare(l, "--touch touched --hold", &launch);
    struct spawn s = {.launch = &launch, .jobs = &job, .jobs_n = 1, .way = way};
    assert_int_not_equal(spawn_child(&s, &c, &e), ST_OK);
    assert_int_equal(e.os, code);
    if (!strstr(e.text, words))
        fail_msg("%s", e.text);
    assert_null(c.process);
    assert_int_equal(lab_children(), 0);
    assert_null(scratch_read(touched)); /* it never ran */
    launch_free(&launch);
    free(touched);
}

static void child__job_refuses_it__is_never_run_and_leaves_nothing(void **state)
{
    const struct lab *l = *state;
    HANDLE weak = NULL, event = CreateEventW(NULL, TRUE, FALSE, NULL);
    assert_true(DuplicateHandle(GetCurrentProcess(), l->job, GetCurrentProcess(), &weak,
                                JOB_OBJECT_QUERY, FALSE, 0));
    unsigned before = lab_handles();
    for (int i = 0; i < WAYS; i++) {
        expect_failure(l, weak, ways[i], ERROR_ACCESS_DENIED, "worker.exe");
        expect_failure(l, NULL, ways[i], ERROR_INVALID_HANDLE, "job");
        expect_failure(l, event, ways[i], ERROR_INVALID_HANDLE, "worker.exe");
    }
    assert_int_equal(lab_handles(), before);
    /* What the attribute list is refused for is tried the other way, and that one says why. */
    expect_failure(l, weak, SPAWN_ATTRIBUTE, ERROR_ACCESS_DENIED, "starting");
    expect_failure(l, weak, SPAWN_BEST, ERROR_ACCESS_DENIED, "into its job");
    CloseHandle(weak);
    CloseHandle(event);
}

static void child__file_is_no_program__is_an_error_with_name_and_words(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    struct launch launch = {0};
    struct child c = {0};
    struct err e = {0};
    char *path = scratch_path(l->folder, "not a program.exe");
    scratch_write(path, "hello", 5);
    assert_int_equal(
        launch_prepare(&spec, "\".\\not a program.exe\"", "J", l->folder, NULL, &launch, &e),
        ST_OK);
    for (int i = 0; i < WAYS; i++) {
        struct spawn s = {.launch = &launch, .jobs = &l->job, .jobs_n = 1, .way = ways[i]};
        assert_int_not_equal(spawn_child(&s, &c, &e), ST_OK);
        assert_int_equal(e.os, ERROR_BAD_EXE_FORMAT);
        assert_non_null(strstr(e.text, path));
        assert_non_null(strstr(e.text, "not a program that Windows can run"));
        assert_int_equal(lab_children(), 0);
    }
    launch_free(&launch);
    free(path);
}

static void child__directory_goes_away__is_an_error_that_names_it(void **state)
{
    const struct lab *l = *state;
    struct job_spec spec = lab_spec();
    struct launch launch = {0};
    struct child c = {0};
    struct err e = {0};
    char *command = lab_command(l, "--hold"), *inner = scratch_path(l->folder, "inner\\x");
    assert_int_equal(path_make_parents(inner, &e), ST_OK);
    spec.directory = "inner";
    assert_int_equal(launch_prepare(&spec, command, "J", l->folder, NULL, &launch, &e), ST_OK);
    assert_true(RemoveDirectoryW(launch.directory));
    struct spawn s = {.launch = &launch, .jobs = &l->job, .jobs_n = 1};
    assert_int_equal(spawn_child(&s, &c, &e), ST_NOTFOUND);
    assert_int_equal(e.os, ERROR_DIRECTORY);
    assert_non_null(strstr(e.text, "\\inner'"));
    launch_free(&launch);
    free(command);
    free(inner);
}

struct heard {
    volatile LONG times;
    HANDLE once;
};

static void hear(void *ctx)
{
    struct heard *h = ctx;
    InterlockedIncrement(&h->times);
    SetEvent(h->once);
}

static void ended__each_child__is_heard_exactly_once(void **state)
{
    const struct lab *l = *state;
    for (int i = 0; i < WAYS; i++) {
        struct heard h = {.once = CreateEventW(NULL, TRUE, FALSE, NULL)};
        struct spawn s = {.way = ways[i], .ended = hear, .ctx = &h};
        struct child c = {0};
        DWORD code = 0;
        lab_start_worker(l, "--exit 259", &s, &c); /* STILL_ACTIVE, and ended all the same */
        assert_int_equal(WaitForSingleObject(h.once, LAB_LIMIT_MS), WAIT_OBJECT_0);
        assert_false(child_alive(&c, &code));
        assert_int_equal(code, 259);
        child_close(&c);
        assert_null(c.process);
        child_close(&c);
        assert_int_equal(h.times, 1);
        CloseHandle(h.once);
    }
}

static void ended__child_that_is_let_go__is_never_heard(void **state)
{
    const struct lab *l = *state;
    struct heard h = {.once = CreateEventW(NULL, TRUE, FALSE, NULL)};
    struct spawn s = {.ended = hear, .ctx = &h};
    struct child c = {0};
    lab_start_worker(l, "--hold", &s, &c);
    HANDLE p = OpenProcess(SYNCHRONIZE, FALSE, c.pid);
    child_close(&c);
    assert_true(TerminateJobObject(l->job, 1));
    assert_int_equal(WaitForSingleObject(p, LAB_LIMIT_MS), WAIT_OBJECT_0);
    assert_int_equal(h.times, 0);
    CloseHandle(p);
    CloseHandle(h.once);
}

static void slow_hear(void *ctx)
{
    struct heard *h = ctx;
    SetEvent(h->once);
    Sleep(200);
    InterlockedIncrement(&h->times);
}

static void close__callback_is_running__waits_for_it(void **state)
{
    const struct lab *l = *state;
    struct heard h = {.once = CreateEventW(NULL, TRUE, FALSE, NULL)};
    struct spawn s = {.ended = slow_hear, .ctx = &h};
    struct child c = {0};
    lab_start_worker(l, "--exit 0", &s, &c);
    assert_int_equal(WaitForSingleObject(h.once, LAB_LIMIT_MS), WAIT_OBJECT_0);
    child_close(&c);
    assert_int_equal(h.times, 1);
    CloseHandle(h.once);
}

static void exit_code__of_a_crash__is_the_exception(void **state)
{
    const struct lab *l = *state;
    DWORD code = 0;
    free(lab_run_worker(l, "--crash", &code));
    assert_int_equal(code, 0xC0000005);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lab_setup, lab_teardown)

int run_spawn(void)
{
    const struct CMUnitTest tests[] = {
        TEST(child__every_way__is_in_the_job_and_cannot_leave),
        TEST(child__first_thing_it_does_is_a_child__that_is_in_the_job_too),
        TEST(child__job_refuses_it__is_never_run_and_leaves_nothing),
        TEST(child__file_is_no_program__is_an_error_with_name_and_words),
        TEST(child__directory_goes_away__is_an_error_that_names_it),
        TEST(ended__each_child__is_heard_exactly_once),
        TEST(ended__child_that_is_let_go__is_never_heard),
        TEST(close__callback_is_running__waits_for_it),
        TEST(exit_code__of_a_crash__is_the_exception),
    };
    return cmocka_run_group_tests_name("spawn", tests, NULL, NULL);
}
