/* test_rungs.c - a worker's input that ends, and its windows that are asked to close. */
#include "tests/process/lab.h"

#include "service/process/input.h"
#include "service/process/window.h"

#include <stdlib.h>
#include <string.h>

/* --- standard input ------------------------------------------------------------------ */
static HANDLE start_with_input(const struct lab *l, const char *switches, struct child *c)
{
    struct err e = {0};
    HANDLE ours = NULL, theirs = NULL;
    if (input_pipe(&ours, &theirs, &e) != ST_OK)
        fail_msg("%s", e.text);
    struct spawn s = {.in = theirs};
    lab_start_worker(l, switches, &s, c);
    CloseHandle(theirs);
    return ours;
}

static void input__our_end_is_closed__the_worker_reads_its_end(void **state)
{
    const struct lab *l = *state;
    struct child c = {0};
    DWORD code, done;
    HANDLE ours = start_with_input(l, "--echo ready --read-stdin --exit 5", &c);
    lab_wait_text(l->out, "ready\n");
    assert_true(WriteFile(ours, "abc", 3, &done, NULL));
    assert_true(child_alive(&c, &code));
    CloseHandle(ours);
    assert_int_equal(lab_finish(&c), 5);
    lab_wait_text(l->out, "stdin 3 bytes\n");
}

static void input__others_are_started_meanwhile__none_of_them_holds_it_open(void **state)
{
    const struct lab *l = *state;
    struct child c = {0}, plain = {0}, piped = {0};
    DWORD code;
    HANDLE ours = start_with_input(l, "--read-stdin --exit 5", &c);
    struct spawn s = {0};
    lab_start_worker(l, "--echo plain-ready --hold", &s, &plain);
    HANDLE other = start_with_input(l, "--echo piped-ready --read-stdin --hold", &piped);
    lab_wait_text(l->out, "plain-ready\n");
    lab_wait_text(l->out, "piped-ready\n");
    CloseHandle(ours);
    assert_int_equal(lab_finish(&c), 5);
    assert_true(child_alive(&plain, &code));
    assert_true(child_alive(&piped, &code));
    CloseHandle(other);
    child_close(&plain);
    child_close(&piped);
}

static void input__made_and_closed__leaks_no_handle(void **state)
{
    (void)state;
    unsigned before = lab_handles();
    for (int i = 0; i < 10; i++) {
        HANDLE ours = NULL, theirs = NULL;
        DWORD flags = 0;
        assert_int_equal(input_pipe(&ours, &theirs, NULL), ST_OK);
        assert_true(GetHandleInformation(theirs, &flags));
        assert_int_equal(flags, HANDLE_FLAG_INHERIT);
        assert_true(GetHandleInformation(ours, &flags));
        assert_int_equal(flags, 0);
        CloseHandle(ours);
        CloseHandle(theirs);
    }
    assert_true(lab_handles() <= before); /* a wait of a test before may let go of one only now */
}

/* --- windows ------------------------------------------------------------------------- */
static void start_with_window(const struct lab *l, const char *switches, struct child *c)
{
    struct spawn s = {0};
    scratch_write(l->out, "", 0);
    lab_start_worker(l, switches, &s, c);
    lab_wait_text(l->out, "window ");
    char *text = scratch_read(l->out);
    bool none = strstr(text, "window error") != NULL;
    free(text);
    if (!none)
        return;
    child_close(c);
    print_message("skipped: no window can be opened here (Wine without a display)\n");
    skip();
}

static void windows__of_one_worker__are_closed_and_no_others(void **state)
{
    const struct lab *l = *state;
    struct child one = {0}, other = {0};
    DWORD code;
    start_with_window(l, "--window --exit 7", &other);
    start_with_window(l, "--window --exit 6", &one);
    const uint32_t pid = one.pid;
    assert_int_equal(window_close(&pid, 1, NULL), ST_OK);
    assert_int_equal(lab_finish(&one), 6);
    lab_wait_text(l->out, "got wm-close\n");
    assert_true(child_alive(&other, &code));
    const uint32_t both[] = {pid, other.pid};
    assert_int_equal(window_close(both, 2, NULL), ST_OK);
    assert_int_equal(lab_finish(&other), 7);
}

static void windows__worker_ignores_it__stays(void **state)
{
    const struct lab *l = *state;
    struct child c = {0};
    DWORD code;
    start_with_window(l, "--ignore-wm-close --window", &c);
    const uint32_t pid = c.pid;
    assert_int_equal(window_close(&pid, 1, NULL), ST_OK);
    lab_wait_text(l->out, "ignored wm-close\n");
    assert_true(child_alive(&c, &code));
    child_close(&c);
}

static void windows__worker_has_none__is_said(void **state)
{
    const struct lab *l = *state;
    struct child c = {0};
    struct spawn s = {0};
    struct err e = {0};
    lab_start_worker(l, "--echo ready --hold", &s, &c);
    lab_wait_text(l->out, "ready\n");
    const uint32_t pid = c.pid, nobody = 0;
    assert_int_equal(window_close(&pid, 1, &e), ST_NOTFOUND);
    assert_non_null(strstr(e.text, "window"));
    assert_int_equal(window_close(&nobody, 1, NULL), ST_NOTFOUND);
    assert_int_equal(window_close(NULL, 0, NULL), ST_NOTFOUND);
    child_close(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lab_setup, lab_teardown)

int run_rungs(void)
{
    const struct CMUnitTest tests[] = {
        TEST(input__our_end_is_closed__the_worker_reads_its_end),
        TEST(input__others_are_started_meanwhile__none_of_them_holds_it_open),
        TEST(input__made_and_closed__leaks_no_handle),
        TEST(windows__of_one_worker__are_closed_and_no_others),
        TEST(windows__worker_ignores_it__stays),
        TEST(windows__worker_has_none__is_said),
    };
    return cmocka_run_group_tests_name("rungs", tests, NULL, NULL);
}
