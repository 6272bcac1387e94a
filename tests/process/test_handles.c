/* test_handles.c - a child gets its three handles and no others, and we keep none. */
#include "tests/process/lab.h"

#include "service/win32/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum spawn_way ways[] = {SPAWN_BEST, SPAWN_ATTRIBUTE, SPAWN_SUSPENDED};
enum { WAYS = sizeof ways / sizeof *ways };

static void handles__standard_ones__are_all_that_is_inherited(void **state)
{
    const struct lab *l = *state;
    SECURITY_ATTRIBUTES inherit = {.nLength = sizeof inherit, .bInheritHandle = TRUE};
    HANDLE stray = CreateEventW(&inherit, TRUE, FALSE, NULL);
    char *stray_path = scratch_path(l->folder, "stray.txt"), switches[100], line[40];
    wchar_t *w = path_wide(stray_path);
    HANDLE file = CreateFileW(w, GENERIC_WRITE, FILE_SHARE_READ, &inherit, CREATE_ALWAYS, 0, NULL);
    snprintf(switches, sizeof switches, "--print-handles --set-event %llu",
             (unsigned long long)(uintptr_t)stray);
    for (int i = 0; i < WAYS; i++) {
        struct spawn s = {.way = ways[i]};
        struct child c = {0};
        scratch_write(l->out, "", 0);
        lab_start_worker(l, switches, &s, &c);
        assert_int_equal(lab_finish(&c), 0);
        char *text = scratch_read(l->out);
        /* stdin is NUL (a character device), stdout and stderr are one file. */
        assert_non_null(strstr(text, " valid type 2\nstdout="));
        assert_non_null(strstr(text, " valid type 1\nstderr="));
        assert_int_equal(WaitForSingleObject(stray, 0), WAIT_TIMEOUT);
        snprintf(line, sizeof line, "inheritable 0x%llX ", (unsigned long long)(uintptr_t)file);
        assert_null(strstr(text, line));
        unsigned n = 0;
        for (const char *at = text; (at = strstr(at, "inheritable ")) != NULL; at++)
            n++;
        assert_int_equal(n, 2); /* NUL and the file */
        free(text);
    }
    CloseHandle(stray);
    CloseHandle(file);
    free(stray_path);
    free(w);
}

static void handles__not_given__are_nul(void **state)
{
    const struct lab *l = *state;
    char *text = lab_run_worker(l, "--read-stdin --echo end", NULL);
    assert_string_equal(text, "stdin 0 bytes\nend\n");
    free(text);
    struct launch launch = {0};
    struct child c = {0};
    struct err e = {0};
    lab_prepare(l, "--lines 10 --stderr-lines 10 --exit 5", &launch);
    struct spawn s = {.launch = &launch, .jobs = &l->job, .jobs_n = 1};
    assert_int_equal(spawn_child(&s, &c, &e), ST_OK);
    assert_int_equal(lab_finish(&c), 5);
    launch_free(&launch);
}

static void handles__not_inheritable__are_refused_before_anything_starts(void **state)
{
    const struct lab *l = *state;
    struct launch launch = {0};
    struct child c = {0};
    struct err e = {0};
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    lab_prepare(l, "--hold", &launch);
    struct spawn s = {.launch = &launch, .jobs = &l->job, .jobs_n = 1, .out = event};
    assert_int_not_equal(spawn_child(&s, &c, &e), ST_OK);
    assert_non_null(strstr(e.text, "not inheritable"));
    assert_int_equal(lab_children(), 0);
    CloseHandle(event);
    launch_free(&launch);
}

static void hear(void *ctx)
{
    SetEvent((HANDLE)ctx);
}

static void handles__after_200_spawns__are_as_many_as_after_20(void **state)
{
    const struct lab *l = *state;
    unsigned after_20 = 0;
    for (int i = 0; i < 200; i++) {
        HANDLE heard = CreateEventW(NULL, TRUE, FALSE, NULL);
        struct spawn s = {
            .way = ways[i % WAYS], .ended = hear, .ctx = heard, .console = CONSOLE_NONE};
        struct child c = {0};
        lab_start_worker(l, "--exit 0", &s, &c);
        assert_int_equal(WaitForSingleObject(heard, LAB_LIMIT_MS), WAIT_OBJECT_0);
        lab_finish(&c);
        CloseHandle(heard);
        if (i == 19)
            after_20 = lab_handles();
    }
    assert_int_equal(lab_handles(), after_20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lab_setup, lab_teardown)

int run_handles(void)
{
    const struct CMUnitTest tests[] = {
        TEST(handles__standard_ones__are_all_that_is_inherited),
        TEST(handles__not_given__are_nul),
        TEST(handles__not_inheritable__are_refused_before_anything_starts),
        TEST(handles__after_200_spawns__are_as_many_as_after_20),
    };
    return cmocka_run_group_tests_name("handles", tests, NULL, NULL);
}
